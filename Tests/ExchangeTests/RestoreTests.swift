import Exchange
import RecordModel
import SanxiangTesting
import Testing

@Suite("A node restored from an old copy")
struct RestoreTests {
  /// Small batches, so that coming back takes several steps.
  static func world() throws -> TestWorld {
    var limits = ExchangeLimits()
    limits.batchRecords = 2
    let world = try TestWorld(limits: limits)
    try world.settle()
    try world.submit(1)
    try world.submit(2, from: 1, to: 0)
    try world.settle()
    return world
  }

  /// Leads both ways, an act, and records that are refused because the sender's clock ran ahead.
  static func traffic(_ world: TestWorld) throws {
    var leads: [RecordID] = []
    for number in 3..<8 {
      world.advance(milliseconds: 1500)
      leads.append(try world.submit(number))
      try world.submit(number, from: 1, to: 0)
      try world.settle()
    }
    try world.act(KindName.leadSign, on: leads[0])
    for node in world.nodes {
      let real = node.clock.now
      node.clock.jump(to: real.advanced(byMilliseconds: 600_000))
      try world.submit(20, from: node.number, to: 1 - node.number)
      node.clock.jump(to: real)
      try world.settle()
    }
    try world.act(KindName.leadAccept, on: leads[0])
    try world.submit(30)
    try world.settle()
  }

  @Test("It gets everything back, byte for byte, and signs no second history", arguments: [0, 1])
  func restored(_ number: Int) throws {
    let world = try Self.world()
    let backup = try world.backup(of: number)
    try Self.traffic(world)
    try expectEqualEnds(world)
    let before = try world.nodes[number].snapshot()
    #expect(before.records.values.joined().contains { $0.refused })
    try world.crashAndRestart(number, on: backup)
    try world.settle()
    try expectEqualEnds(world)
    let after = try world.nodes[number].snapshot()
    for (from, to) in [(0, 1), (1, 0)] {
      let direction = world.direction(from, to)
      #expect(after.log(direction) == before.log(direction))
      let same = after.receipts(direction) == before.receipts(direction)
      #expect(same, "receipts are the same bytes")
      #expect(after.channel(direction)?.halt == nil)
    }
    let journal = try world.nodes[number].journal()
    #expect(journal.filter { $0.contains("\"reason\":\"rollback\"") }.count == 1)
    #expect(journal.contains { $0.contains("node.rollback") })
    let id = try world.submit(40, from: number, to: 1 - number)
    try world.settle()
    #expect(try world.summary(id, at: number).delivery == .receipted)
  }

  @Test("It comes back however often the connection breaks on the way", arguments: 0..<24)
  func interrupted(_ seed: Int) throws {
    let world = try Self.world()
    let number = seed % 2
    let backup = try world.backup(of: number)
    try Self.traffic(world)
    try world.crashAndRestart(number, on: backup)
    let random = SeededRandom(seed: UInt64(seed))
    for round in 0..<6 {
      world.connect()
      for _ in 0..<random.below(60) { _ = world.randomStep(random.below) }
      world.cut()
      if round == 3 { try world.crashAndRestart(random.below(2)) }
      #expect(try world.brokenInvariants() == [])
    }
    try world.settle()
    try expectEqualEnds(world)
    #expect(try world.nodes.allSatisfy { try $0.snapshot().channels.allSatisfy { $0.halt == nil } })
  }

  @Test("What its old outbox holds and had been sealed is not sealed again")
  func sealedMeanwhile() throws {
    let world = try Self.world()
    world.cut()
    world.deliverAll()
    try world.crashAndRestart(0)
    let ids = try (10..<14).map { try world.submit($0) }
    let backup = try world.backup(of: 0)
    try world.settle()
    try world.crashAndRestart(0, on: backup)
    for id in ids { #expect(try world.summary(id, at: 0).delivery == .queued) }
    try world.settle()
    for id in ids { #expect(try world.summary(id, at: 0).delivery == .receipted) }
    #expect(try world.nodes[0].snapshot().queued.values.allSatisfy(\.isEmpty))
    #expect(try world.nodes[0].snapshot().log(world.direction()).count == 5)
    #expect(try world.brokenInvariants() == [])
    try expectEqualEnds(world)
    let node = world.nodes[0].node
    #expect(try world.call { try await node.queues() }.map(\.queued) == [0])
  }

  @Test("Both restored at once to different moments come back as far as one of them holds")
  func bothRestored() throws {
    let world = try Self.world()
    let first = try world.backup(of: 0)
    for number in 3..<6 {
      try world.submit(number)
      try world.submit(number, from: 1, to: 0)
      try world.settle()
    }
    let second = try world.backup(of: 1)
    try world.settle()
    world.crash(0)
    world.crash(1)
    try world.restart(0, on: first)
    try world.restart(1, on: second)
    try world.settle()
    try expectEqualEnds(world)
    #expect(try world.nodes[0].snapshot().log(world.direction()).count == 4)
  }

  @Test("A second history halts the channel as a fork at both ends, with evidence")
  func fork() throws {
    let world = try Self.world()
    let copies = try [0, 1].map { try world.backup(of: $0) }
    try world.submit(3)
    try world.settle()
    let newer = try world.backup(of: 1)
    world.crash(0)
    world.crash(1)
    for number in 0...1 { try world.restart(number, on: copies[number]) }
    try world.settle()
    try world.submit(4)
    try world.settle()
    try world.crashAndRestart(1, on: newer)
    try world.settle()
    for number in 0...1 {
      let channel = try world.nodes[number].snapshot().channel(world.direction())
      #expect(channel?.halt?.code == FaultCode.fork.name)
      #expect(channel?.halt?.needsNewEpoch == true)
      let evidence = try world.nodes[number].store.base.read { try $0.evidence(limit: 9) }
      #expect(evidence.map(\.code) == [FaultCode.fork.name])
    }
    let back = try world.submit(9, from: 1, to: 0)
    try world.settle()
    #expect(try world.summary(back, at: 1).delivery == .receipted)
    let (node, code) = (world.nodes[0].node, world.nodes[1].code)
    #expect(throws: ExchangeError.self) {
      try world.call { try await node.resume(code, by: "operator") }
    }
  }
}
