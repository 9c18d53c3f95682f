import Auditor
import Cryptography
import Exchange
import Foundation
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

@testable import sanxiang

/// The exports of three nodes that are tampered with: made once, copied for each case.
struct TamperStage: Sendable {
  let folder: TemporaryFolder
  let members: [ThrowawayFederation.Member]
  let pinned: Authority
  /// A record that node 0 has taken and not sealed.
  let waiting: RecordID

  static let shared = Result { try TamperStage() }

  private init() throws {
    let history = try SampleHistory.usual(isLong: true)
    try history.world.crashAndRestart(0)
    waiting = try history.world.submit(77, from: 0, to: 1)
    let node = history.world.nodes[0]
    node.clock.advance(milliseconds: 2000)
    try history.world.tick(0)
    folder = try TemporaryFolder()
    for number in 0...2 { try history.export(number, to: "\(folder.path)/\(number)") }
    members = history.world.federation.members
    pinned = history.world.federation.pinned
    // What is kept for all tests is let go by nobody.
    atexit {
      guard case .success(let stage) = TamperStage.shared else { return }
      try? FileManager.default.removeItem(atPath: stage.folder.path)
    }
  }
}

/// Three exports that belong to one case alone, and every private key there is.
struct TamperScene {
  let stage: TamperStage
  let copies: TemporaryFolder
  /// What is audited: the export of node 0.
  let own: ExportModel
  /// The export of its peer, node 1.
  let peer: ExportModel
  /// That of node 2, which is neither sender nor receiver of what is tampered with.
  let third: ExportModel

  init() throws {
    let (stage, copies) = (try TamperStage.shared.get(), try TemporaryFolder())
    (self.stage, self.copies) = (stage, copies)
    let paths = try (0...2).map { number in
      try copies.copy("\(stage.folder.path)/\(number)", as: "\(number)")
    }
    (own, peer, third) = (
      ExportModel(path: paths[0]), ExportModel(path: paths[1]), ExportModel(path: paths[2])
    )
  }

  /// The channel from one node to another.
  func channel(_ from: Int, _ to: Int) -> String {
    let direction = Direction(from: stage.members[from].code, to: stage.members[to].code)
    return "\(Origin(federation: ThrowawayFederation.name, direction: direction, epoch: 1))"
  }

  /// The long channel, from node 0 to node 1.
  var out: String { channel(0, 1) }
  /// The channel from node 1 to node 0.
  var back: String { channel(1, 0) }

  func journal(_ number: Int = 0) -> String {
    "\(JournalOrigin(federation: ThrowawayFederation.name, code: stage.members[number].code, epoch: 1))"
  }

  func record(_ number: Int) -> SigningKey { stage.members[number].identity.recordKey }
  func receipt(_ number: Int) -> SigningKey { stage.members[number].identity.receiptKey }

  /// Whether every head of a node's journal that the other two hold is one of the journal shown.
  func isWitnessed(_ number: Int) throws -> Bool {
    let model = try own.load(journal(number))
    var heads: [AuditCheckpoint] = []
    for other in [peer, third] {
      let source = try ExportSource(ExportFiles(path: other.path))
      for origin in source.witnessedOrigins() where "\(origin)" == journal(number) {
        heads += try source.witnessedHeads(origin, above: 0, limit: 1000)
      }
    }
    // Heads are held at both.
    try #require(heads.count > 1)
    return heads.allSatisfy { head in
      head.size <= model.entries.count && head.root == model.root(Int(head.size))
    }
  }

  /// A key that is nobody's.
  func stranger() throws -> SigningKey { try LogModel.suite.generateSigningKey() }
}

/// One thing done to an export, and who finds it.
struct TamperCase: Sendable, CustomTestStringConvertible {
  /// The log that is looked at.
  enum Place: Sendable { case out, back, journal, directories }

  /// By what it comes to light.
  enum Light: Sendable {
    /// The export alone: this finding at this place; `entry` is the first bad entry of the log.
    case finding(FindingKind, Place, at: UInt64?, entry: UInt64?)
    /// It is no export that anybody would take.
    case refused(String)
    /// The export alone is as good as a true one. Beside the peer's, this entry differs first.
    case difference(at: UInt64)
    /// The export alone is as good as a true one. Beside the peer's, it holds fewer entries, or more.
    case behind, ahead
    /// Both ends' exports are as good as true ones, beside each other too. A head of the journal that
    /// a third node witnessed does not go with the journal shown.
    case witness
    /// It cannot be seen in anything that was exported.
    case nothing
  }

  var name: String
  var light: Light
  var act: @Sendable (TamperScene) throws -> Void

  var testDescription: String { name }

  init(_ name: String, _ light: Light, _ act: @escaping @Sendable (TamperScene) throws -> Void) {
    self.name = name
    self.light = light
    self.act = act
  }
}
