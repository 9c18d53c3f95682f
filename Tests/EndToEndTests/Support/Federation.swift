import Foundation
import NodeClient
import RecordModel
import Testing

/// Nodes of one federation in a folder of their own, which know each other's ports.
final class Federation: Sendable {
  let mint: Mint
  let folder: String
  /// As many as run, in the order of the mint.
  let nodes: [AgencyNode]

  /// Runs `body` with nodes that are connected, and leaves nothing behind however it ends.
  /// - Parameter prepare: changes node folders before the first start.
  static func run(
    _ count: Int, prepare: (Federation) throws -> Void = { _ in },
    _ body: (Federation) async throws -> Void
  ) async throws {
    let federation = try await Federation(count)
    do {
      try prepare(federation)
      try await federation.start()
      try await body(federation)
    } catch {
      federation.tell()
      await federation.dispose()
      throw error
    }
    await federation.dispose()
  }

  private init(_ count: Int) async throws {
    mint = try await Mint.shared()
    folder = try Workshop.shared.fresh("f")
    try Files.copy(mint.folder, to: folder)
    nodes = mint.agencies.prefix(count).map { [folder] in
      AgencyNode($0, folder: "\(folder)/\($0.role.rawValue)")
    }
    for node in nodes {
      let yaml = try Files.text(node.configuration)
        .replacingOccurrences(of: mint.folder + "/", with: folder + "/")
        .replacingOccurrences(of: "\"0.0.0.0\"", with: "\"127.0.0.1\"")
      try Files.write(yaml, to: node.configuration)
      try Files.copy(folder + "/authority/federation.note", to: node.folder + "/federation.note")
    }
  }

  private func start() async throws {
    for node in nodes { try await node.start() }
    try await publish(Dictionary(uniqueKeysWithValues: nodes.map { ($0.code, try $0.port) }))
    for node in nodes {
      for peer in nodes where peer !== node { try await node.connected(to: peer) }
    }
  }

  /// Publishes the directory's next version with these ports, and waits until every node that runs
  /// has it in force.
  func publish(_ ports: [String: Int]) async throws {
    let authority = folder + "/authority"
    for agency in mint.agencies {
      guard let port = ports[agency.code.rawValue] else { continue }
      try await Spoken.fine([
        "federation", "add", "\(folder)/\(agency.role.rawValue)/node.enrolment.json",
        "--folder", authority, "--endpoint", "127.0.0.1:\(port)",
      ])
    }
    try await Mint.sign(authority, passphraseFile: folder + "/passphrase")
    let note = try Files.bytes(authority + "/federation.note")
    for node in nodes {
      try Files.write(note, to: node.folder + "/federation.note")
      node.reload()
    }
    let version = try directory(note).version
    for node in nodes where node.isRunning {
      try await eventually("\(node.code) has directory \(version)") {
        try await node.client.directory().value.version == version
      }
    }
  }

  /// A directory verified under the keys that the nodes pin.
  func directory(_ note: [UInt8]) throws -> FederationDirectory {
    let pinned = try AuthorityFile(parsing: Files.bytes(folder + "/authority/authority.json"))
    return try FederationDirectory(verifying: note, pinned: pinned.authority)
  }

  private func dispose() async {
    for node in nodes { await node.dispose() }
    Files.remove(folder)
  }

  /// What the nodes said, for whoever has to find out why a test failed.
  private func tell() {
    for node in nodes {
      Issue.record("log of \(node.agency.role):\n\(node.log.suffix(3000))")
    }
  }
}
