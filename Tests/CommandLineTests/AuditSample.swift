import Auditor
import Cryptography
import Foundation
import RecordModel
import SanxiangTesting

@testable import sanxiang

/// What two agencies hold of a few leads, as an auditor gets it.
struct AuditSample: Sendable {
  let path: String
  /// A lead that one agency sent and the other has signed for.
  let lead: RecordID

  /// Made once, and gone with the tests.
  static let shared = Result { try AuditSample() }

  /// Exports `A` and `B` as folders and as archives, `authority.json`, and `forged`: `A` with a word
  /// of a header changed.
  private init() throws {
    path = NSTemporaryDirectory() + "sx-samples-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    atexit {
      guard case .success(let sample) = AuditSample.shared else { return }
      try? FileManager.default.removeItem(atPath: sample.path)
    }
    let world = try TestWorld()
    lead = try world.submit()
    try world.settle()
    try world.act(KindName.leadSign, on: lead)
    try world.submit(2, from: 1, to: 0)
    for _ in 0..<2 {
      try world.settle()
      world.advance(milliseconds: 1500)
      for number in world.nodes.indices { try world.tick(number) }
    }
    try world.settle()
    let authority = AuthorityFile(
      federation: ThrowawayFederation.name, suite: .sha256Ed25519,
      authority: world.federation.pinned
    ).encoded
    try Data(authority).write(to: URL(filePath: path + "/authority.json"))
    for (number, name) in ["A", "B"].enumerated() {
      let folder = "\(path)/\(name)"
      _ = try world.nodes[number].store.base.read { reader in
        try ExportRun(
          folder: ExportFolder(path: folder), choice: .init(), authority: authority,
          software: "test", time: world.nodes[number].clock.now
        ).run(reader)
      }
      try ExportArchive.pack(folder: folder, into: folder + ".tar.gz")
    }
    try forge()
  }

  private func forge() throws {
    let forged = path + "/forged"
    try FileManager.default.copyItem(atPath: path + "/A", toPath: forged)
    for name in try FileManager.default.subpathsOfDirectory(atPath: forged)
    where name.contains("/tile/entries/") && !name.contains("/journal/") {
      let file = URL(filePath: "\(forged)/\(name)")
      guard var bytes = try? Data(contentsOf: file),
        let place = bytes.range(of: Data(#""normal""#.utf8))
      else { continue }
      bytes.replaceSubrange(place, with: Data(#""urgent""#.utf8))
      try bytes.write(to: file)
    }
  }
}
