import Exchange
import RecordModel
import SanxiangTesting
import Testing

@Suite("Windows and full disks")
struct WindowTests {
  static func setIntake(_ world: TestWorld, paused: Bool) throws {
    let (node, peer) = (world.nodes[1].node, world.nodes[0].code)
    try world.call { try await node.setIntake(from: peer, paused: paused, by: "operator") }
  }

  static func disk(_ world: TestWorld, _ number: Int, free: UInt64) throws {
    let store = try #require(world.nodes[number].store.base.base as? MemoryStore)
    store.setFree(free)
    try world.tick(number)
  }

  @Test("A paused intake stops the pushes, over reconnects and restarts, until it is resumed")
  func paused() throws {
    let world = try TestWorld()
    try world.settle()
    try Self.setIntake(world, paused: true)
    try world.settle()
    let id = try world.submit()
    try world.settle()
    world.cut()
    try world.settle()
    try world.crashAndRestart(1)
    try world.settle()
    #expect(try world.summary(id, at: 0).delivery == .sealed)
    #expect(try world.nodes[1].snapshot().log(world.direction()).isEmpty)
    try Self.setIntake(world, paused: false)
    try world.settle()
    #expect(try world.summary(id, at: 0).delivery == .receipted)
  }

  @Test("No more is in flight than the window allows", arguments: [1, 2, 3, 5])
  func respected(_ size: UInt32) throws {
    var limits = ExchangeLimits()
    limits.windowRecords = size
    limits.batchRecords = 2
    let world = try TestWorld(limits: limits)
    for number in 0..<20 { try world.submit(number) }
    var (pushed, receipted, most) = (UInt64(0), UInt64(0), UInt64(0))
    world.connect()
    let random = SeededRandom(seed: UInt64(size))
    world.tamper = { message, _, _ in
      if case .push(let batch) = message {
        pushed = batch.start + UInt64(batch.records.count)
      }
      return message
    }
    while world.randomStep(random.below) {
      receipted = (try? world.nodes[0].snapshot().channel(world.direction())?.receiptedSize) ?? 0
      most = max(most, pushed - min(pushed, receipted))
    }
    #expect(receipted == 20)
    // A signed head of two records travels whole.
    #expect(most <= max(UInt64(size), 2))
  }

  @Test("A window that comes in the same breath as the Hello is not lost")
  func windowWithHello() throws {
    let world = try TestWorld()
    try world.settle()
    let id = try world.submit()
    let origin = world.origin()
    let peer = try HandPeer(world, as: 1, to: 0) { hello in
      for index in hello.channels.indices where hello.channels[index].origin == origin {
        hello.channels[index].window = Window(origin: origin, records: 0, bytes: 0)
      }
    }
    #expect(!peer.heard.contains { if case .push = $0 { true } else { false } })
    peer.hangUp()
    let again = try HandPeer(
      world, as: 1, to: 0,
      breathless: Window(
        origin: origin, records: 9, bytes: 1 << 20), origin: origin)
    #expect(again.heard.contains { if case .push = $0 { true } else { false } })
    #expect(try world.summary(id, at: 0).delivery == .sealed)
  }

  @Test("A window that opens between a Hello and its greeting is told")
  func windowAfterHello() throws {
    let world = try TestWorld()
    try Self.disk(world, 1, free: 0)
    let id = try world.submit()
    world.connect()
    try Self.disk(world, 1, free: 1 << 40)
    try world.settle()
    #expect(try world.summary(id, at: 0).delivery == .receipted)
  }

  @Test("A full disk shuts the API and the window; receipts still come; room opens both again")
  func fullDisk() throws {
    let world = try TestWorld()
    try world.settle()
    let sent = try world.submit(1, from: 1, to: 0)
    try Self.disk(world, 1, free: 1000)
    #expect(world.nodes[1].node.problems().map(\.code) == ["storage.low"])
    let node = world.nodes[1].node
    let request = SubmissionRequest(
      to: world.nodes[0].code, kind: KindName.leadTransfer, payload: SamplePayload.transfer())
    let error = #expect(throws: ExchangeError.self) {
      try world.call { try await node.submit(request) }
    }
    #expect(error?.code == .storageFull)
    try world.settle()
    let waiting = try world.submit(2)
    try world.settle()
    #expect(try world.summary(sent, at: 1).delivery == .receipted)
    #expect(try world.summary(waiting, at: 0).delivery == .sealed)
    try Self.disk(world, 1, free: 1 << 40)
    try world.settle()
    #expect(try world.summary(waiting, at: 0).delivery == .receipted)
    #expect(world.nodes[1].node.problems().isEmpty)
  }

  @Test("Two nodes with full disks and full outboxes come free again")
  func bothFull() throws {
    var limits = ExchangeLimits()
    limits.outboxRecords = 4
    let world = try TestWorld(limits: limits)
    try world.settle()
    world.cut()
    world.deliverAll()
    for number in 0..<4 {
      try world.submit(number)
      try world.submit(number, from: 1, to: 0)
    }
    for number in 0...1 { try Self.disk(world, number, free: 0) }
    try world.settle()
    for number in 0...1 {
      #expect(try world.nodes[number].snapshot().log(world.direction(1 - number, number)).isEmpty)
    }
    try Self.disk(world, 0, free: 1 << 40)
    try world.settle()
    #expect(try world.nodes[0].snapshot().log(world.direction(1, 0)).count == 4)
    try Self.disk(world, 1, free: 1 << 40)
    try world.settle()
    try expectEqualEnds(world)
    #expect(try world.nodes[1].snapshot().log(world.direction()).count == 4)
    try world.submit(9)
  }

  @Test("More in flight than was granted twice over closes the connection")
  func exceeded() throws {
    var limits = ExchangeLimits()
    limits.windowRecords = 2
    let world = try TestWorld(limits: limits)
    try world.settle()
    var forger = try Forger(world)
    for _ in 0..<5 { forger.add() }
    let peer = try HandPeer(world, as: 0, to: 1)
    peer.push(try forger.batch())
    #expect(peer.faults.map(\.code) == [.windowExceeded])
    #expect(try world.nodes[1].snapshot().log(world.direction()).isEmpty)
  }
}
