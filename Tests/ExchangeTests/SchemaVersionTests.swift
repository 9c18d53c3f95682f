import Exchange
import RecordModel
import RecordSchema
import SanxiangTesting
import Testing

@Suite("Versions of a schema side by side")
struct SchemaVersionTests {
  static let first = "lead.transfer/1"
  static let second = "lead.transfer/2"

  /// The built-in schemas without leads, and these versions of leads: each is version 1 with
  /// another bound for the title's length.
  static func registry(_ versions: [Int: Int]) throws -> SchemaRegistry {
    let lead = try #require(
      SchemaSource.builtIn.first { $0.path == "records/lead.transfer/1.json" })
    let text = String(decoding: lead.bytes, as: UTF8.self)
    let others = SchemaSource.builtIn.filter { $0.path != lead.path }
    return try SchemaRegistry(
      others
        + versions.map { version, bound in
          let copy =
            text
            .replacing("schema:lead.transfer:1", with: "schema:lead.transfer:\(version)")
            .replacing("\"maxLength\": 80", with: "\"maxLength\": \(bound)")
          return SchemaSource(
            path: "records/lead.transfer/\(version).json", bytes: Array(copy.utf8))
        })
  }

  static func world(_ sender: [Int: Int], _ receiver: [Int: Int]) throws -> TestWorld {
    let world = try TestWorld()
    for (number, versions) in [sender, receiver].enumerated() {
      world.nodes[number].registry = try registry(versions)
      try world.crashAndRestart(number)
    }
    return world
  }

  static func sealedSchema(_ world: TestWorld) throws -> String? {
    let record = try world.nodes[0].snapshot().log(world.direction()).first
    return try record.map { try RecordHeader(parsing: $0.header).schema }
  }

  @Test(
    "A lead is sealed under the highest version that both nodes read",
    arguments: [
      ([1: 80, 2: 80], [1: 80, 2: 80], second), ([1: 80, 2: 80], [1: 80], first),
      ([1: 80], [1: 80, 2: 80], first),
    ])
  func highest(_ sender: [Int: Int], _ receiver: [Int: Int], _ expected: String) throws {
    let world = try Self.world(sender, receiver)
    try world.settle()
    let id = try world.submit()
    try world.settle()
    #expect(try Self.sealedSchema(world) == expected)
    #expect(try world.summary(id, at: 0).delivery == .receipted)
  }

  @Test("A lead written before the peer was known steps down to what the peer reads")
  func stepsDown() throws {
    let world = try Self.world([1: 80, 2: 80], [1: 80])
    let id = try world.submit()
    try world.settle()
    #expect(try Self.sealedSchema(world) == Self.first)
    #expect(try world.summary(id, at: 0).delivery == .receipted)
  }

  @Test("A lead that breaks every version that the peer reads becomes a dead letter")
  func nothingFits() throws {
    let world = try Self.world([1: 5, 2: 80], [1: 5])
    let id = try world.submit()
    try world.settle()
    #expect(try world.summary(id, at: 0).delivery == .dead)
    #expect(try world.nodes[0].snapshot().dead.first?.dead?.code == "record.schemaUnread")
    #expect(try Self.sealedSchema(world) == nil)
  }

  @Test("The version that an author names is kept where the peer reads it")
  func named() throws {
    let world = try Self.world([1: 80, 2: 80], [1: 80, 2: 80])
    try world.settle()
    let node = world.nodes[0].node
    let request = SubmissionRequest(
      to: world.nodes[1].code, kind: KindName.leadTransfer, payload: SamplePayload.transfer(),
      schema: Self.first)
    try world.call { _ = try await node.submit(request) }
    try world.settle()
    #expect(try Self.sealedSchema(world) == Self.first)
  }

  @Test(
    "A version that is not here, or not of the kind, is refused at once",
    arguments: ["lead.transfer/3", "lead.sign/1", "lead.transfer", ""])
  func unknown(_ schema: String) throws {
    let world = try Self.world([1: 80], [1: 80])
    let node = world.nodes[0].node
    let request = SubmissionRequest(
      to: world.nodes[1].code, kind: KindName.leadTransfer, payload: SamplePayload.transfer(),
      schema: schema)
    #expect {
      try world.call { _ = try await node.submit(request) }
    } throws: {
      ($0 as? ExchangeError)?.code == .unknownSchema
    }
  }

  @Test("What waits when the schemas change is judged by the new ones before it is sealed")
  func upgraded() throws {
    let world = try Self.world([1: 80], [1: 80])
    let id = try world.submit()
    // A stricter version 1 in the next program: a mistake upstream, which must not leave the node.
    world.nodes[0].registry = try Self.registry([1: 5])
    world.advance(milliseconds: 1000)
    try world.crashAndRestart(0)
    try world.settle()
    #expect(try world.summary(id, at: 0).delivery == .dead)
    let reason = try world.nodes[0].snapshot().dead.first?.dead
    #expect(reason?.code == "record.invalid")
    #expect(reason?.detail == "maxLength")
  }

  @Test("What waits while the schemas stay the same is sealed after any number of restarts")
  func restarted() throws {
    let world = try Self.world([1: 80], [1: 80])
    let id = try world.submit()
    for _ in 0..<3 {
      world.advance(milliseconds: 1000)
      try world.crashAndRestart(0)
    }
    try world.settle()
    #expect(try world.summary(id, at: 0).delivery == .receipted)
  }
}
