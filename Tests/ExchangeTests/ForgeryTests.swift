import Exchange
import RecordModel
import SanxiangTesting
import Testing

@Suite("A malicious sender")
struct ForgeryTests {
  /// Three records from node 0 to node 1, of which one has seen node 1's one record.
  static func world() throws -> TestWorld {
    let world = try TestWorld()
    try world.settle()
    try world.submit(1)
    try world.submit(1, from: 1, to: 0)
    try world.settle()
    world.advance(milliseconds: 1000)
    try world.submit(2)
    try world.submit(3)
    try world.settle()
    return world
  }

  @Test(
    "What cannot be true changes nothing, and halts the channel with its evidence",
    arguments: (Forgery.headers + Forgery.heads))
  func impossible(_ forgery: Forgery) throws {
    let world = try Self.world()
    var forger = try Forger(world)
    let batch = try forgery.build(&forger)
    let victim = world.nodes[1]
    let before = try victim.snapshot()
    let peer = try HandPeer(world, as: 0, to: 1)
    peer.push(batch)
    let after = try victim.snapshot()
    #expect(after.withoutHalts == before)
    let halt = after.channel(world.direction())?.halt
    let evidence = try victim.store.base.read { try $0.evidence(limit: 10) }
    switch forgery.outcome {
    case .halt(let code):
      #expect(halt?.code == code.name)
      #expect(peer.faults.map(\.code) == [code])
      #expect(evidence.map(\.code) == [code.name] || batch.records.first?.header.isEmpty == true)
      #expect(peer.faults.first?.evidence == evidence.first?.bytes ?? [])
      #expect(try victim.journal().contains { $0.contains("channel.halted") })
      try expectHalted(world, code)
    case .fault(let code):
      #expect(halt == nil)
      #expect(peer.faults.map(\.code) == [code])
      #expect(peer.isClosed)
      #expect(evidence.isEmpty)
    case .refused: Issue.record("not of this table")
    }
    #expect(peer.receipts.isEmpty)
  }

  /// The halt outlives a restart, takes no true push, and one halted channel leaves the other alone.
  private func expectHalted(_ world: TestWorld, _ code: FaultCode) throws {
    try world.crashAndRestart(1)
    try world.submit(4)
    try world.settle()
    let snapshot = try world.nodes[1].snapshot()
    #expect(snapshot.channel(world.direction())?.halt?.code == code.name)
    #expect(snapshot.log(world.direction()).count == 3)
    #expect(world.nodes[1].node.problems().contains { $0.code == "channel.halted" })
    let back = try world.submit(9, from: 1, to: 0)
    try world.settle()
    #expect(try world.summary(back, at: 1).delivery == .receipted)
  }

  @Test(
    "What breaks a rule is appended, refused, answered and receipted", arguments: Forgery.records)
  func refused(_ forgery: Forgery) throws {
    let world = try Self.world()
    var forger = try Forger(world)
    let batch = try forgery.build(&forger)
    let victim = world.nodes[1]
    let peer = try HandPeer(world, as: 0, to: 1)
    peer.push(batch)
    guard case .refused(let rules) = forgery.outcome else { return }
    let snapshot = try victim.snapshot()
    let log = snapshot.log(world.direction())
    #expect(log.count == 3 + batch.records.count)
    #expect(log.last?.refused == true)
    #expect(snapshot.channel(world.direction())?.halt == nil)
    #expect(peer.receipts.count == 1)
    let refusal = try #require(snapshot.log(world.direction(1, 0)).last)
    let header = try RecordHeader(parsing: refusal.header)
    #expect(header.kind == KindName.systemRefusal)
    let text = String(decoding: refusal.payload ?? [], as: UTF8.self)
    for rule in rules { #expect(text.contains("\"rule\":\"\(rule)\"")) }
    let node = victim.node
    let inbox = try world.call { try await node.inbox(cursor: nil, limit: 100) }
    let refusedID = try RecordHeader(parsing: log[log.count - 1].header).id
    #expect(inbox.items.count == 2 + batch.records.count)
    #expect(!inbox.items.contains { $0.id == refusedID && $0.seq == log.last?.seq })
  }

  @Test("A push under an unknown directory is taken once that directory is loaded")
  func directoryLoadedLater() throws {
    let world = try Self.world()
    try world.federation.publish()
    try world.publish(at: [0])
    let id = try world.submit(4)
    world.deliverAll()
    #expect(world.faults(at: 0, from: 1).map(\.code) == [.unknownDirectory])
    #expect(try world.summary(id, at: 0).delivery == .sealed)
    try world.publish(at: [1])
    try world.settle()
    #expect(try world.summary(id, at: 0).delivery == .receipted)
  }

  @Test("A halt is lifted by an operator, and what waited goes on")
  func resumed() throws {
    let world = try Self.world()
    var forger = try Forger(world)
    forger.add(wire: { $0.payload = SamplePayload.transfer(6) })
    let peer = try HandPeer(world, as: 0, to: 1)
    peer.push(try forger.batch())
    peer.hangUp()
    try world.settle()
    let id = try world.submit(4)
    try world.settle()
    #expect(try world.summary(id, at: 0).delivery == .sealed)
    let (node, code) = (world.nodes[1].node, world.nodes[0].code)
    try world.call { try await node.resume(code, by: "operator") }
    try world.settle()
    #expect(try world.summary(id, at: 0).delivery == .receipted)
    try expectEqualEnds(world)
    #expect(throws: ExchangeError.self) {
      try world.call { try await node.resume(code, by: "operator") }
    }
  }
}
