import Auditor
import Cryptography
import Exchange
import RecordModel
import RecordSchema
import SanxiangTesting
import Testing
import TransparencyLog

@testable import sanxiang

/// Three agencies and what they sent each other, in memory.
struct SampleHistory {
  let world: TestWorld

  init(kit: StoreKit = .memory) throws {
    world = try TestWorld(roles: [.enforcement, .discipline, .procuratorate], kit: kit)
  }

  /// One lead that node 1 refuses, two directories, threads between all three, and more leads from node
  /// 0 to node 1 than a bundle holds, under more heads than a bundle holds where `isLong`.
  static func usual(isLong: Bool = false) throws -> SampleHistory {
    let history = try SampleHistory()
    try history.refuse()
    try history.handle(leads: 6)
    try history.publish()
    try history.handle(leads: 4)
    if isLong {
      // Long enough for a journal to be signed wherever it has to be.
      history.world.advance(milliseconds: 600_000)
      try history.send(heads: 12, each: 24)
    }
    try history.rest()
    return history
  }

  /// The built-in schemas, but a lead's title has so many characters at most.
  private static func schemas(title limit: Int) throws -> SchemaRegistry {
    try SchemaRegistry(
      SchemaSource.builtIn.map { source in
        guard source.path == "records/lead.transfer/1.json" else { return source }
        let text = String(decoding: source.bytes, as: UTF8.self)
          .replacing("\"maxLength\": 80", with: "\"maxLength\": \(limit)")
        return SchemaSource(path: source.path, bytes: Array(text.utf8))
      })
  }

  /// Node 1 refuses a lead that node 0 holds to be good.
  private func refuse() throws {
    world.nodes[1].registry = try Self.schemas(title: 3)
    try world.crashAndRestart(1)
    try world.settle()
    try world.submit(90, from: 0, to: 1)
    try world.settle()
    world.nodes[1].registry = .builtIn
    try world.crashAndRestart(1)
    try world.settle()
  }

  private func publish() throws {
    try world.federation.publish()
    try world.publish()
  }

  func handle(leads: Int) throws {
    for number in 0..<leads {
      let (from, to) = (number % 3, (number + 1) % 3)
      let id = try world.submit(number, from: from, to: to)
      try world.settle()
      try world.act(KindName.leadSign, on: id, by: to)
      if number % 2 == 0 { try world.act(KindName.leadAccept, on: id, by: to) }
      world.advance(milliseconds: 1500)
      for node in world.nodes.indices { try world.tick(node) }
    }
    try world.settle()
  }

  /// Leads from node 0 to node 1, so many under each head.
  func send(heads: Int, each: Int) throws {
    for head in 0..<heads {
      for number in 0..<each { try world.submit(head * each + number, from: 0, to: 1) }
      try world.settle()
      world.advance(milliseconds: 1100)
      for node in world.nodes.indices { try world.tick(node) }
    }
  }

  /// Until nothing is under way any more.
  func rest() throws {
    try world.settle()
    for node in world.nodes.indices { try world.tick(node) }
    try world.settle()
  }

  /// The authority's keys as a file.
  var authority: [UInt8] {
    AuthorityFile(
      federation: ThrowawayFederation.name, suite: .sha256Ed25519,
      authority: world.federation.pinned
    ).encoded
  }

  /// Exports a node.
  @discardableResult
  func export(
    _ number: Int = 0, to path: String, _ choice: ExportRun.Choice = .init(),
    time: Timestamp = Timestamp(milliseconds: 1_795_400_000_000),
    step: @escaping (ExportFolder.Step, String) throws -> Void = { _, _ in }
  ) throws -> ExportRun.Summary {
    try world.nodes[number].store.base.read { reader in
      try ExportRun(
        folder: ExportFolder(path: path, step: step), choice: choice, authority: authority,
        software: "test", time: time
      ).run(reader)
    }
  }
}

/// What an audit of an export finds.
func auditExport(
  _ path: String, over earlier: [String] = [], pinned: Authority? = nil
) throws -> AuditReport {
  try AuditInput.with(path, over: earlier) { input in
    let pinned = try pinned ?? AuthorityFile(parsing: input.authority()).authority
    return try StoreAudit(pinned: pinned).verify(input.source)
  }
}

extension AuditReport {
  /// All findings with the log that they stand in.
  var all: [String] {
    channels.flatMap { channel in channel.findings.kept.map { "\(channel.origin): \($0)" } }
      + journals.flatMap { journal in journal.findings.kept.map { "\(journal.origin): \($0)" } }
      + directories.findings.kept.map { "directories: \($0)" }
  }
}
