@testable import Exchange
import RecordModel
import RecordSchema
import SanxiangTesting
import Testing

@Suite("Statistics")
struct StatisticsTests {
  private static let today = CalendarDate(year: 2026, month: 11, day: 23)

  private func statistics(
    _ world: TestWorld, at number: Int, from: CalendarDate? = nil, to: CalendarDate? = nil
  ) throws -> Statistics {
    let node = world.nodes[number].node
    return try world.call { try await node.statistics(from: from, to: to) }
  }

  private func row(_ found: Statistics, outgoing: Bool) throws -> PeerStatistics {
    try #require(found.peers.first { $0.outgoing == outgoing })
  }

  /// Five leads: accepted and decided, returned, refused, signed, and withdrawn.
  private func lived() throws -> (world: TestWorld, ids: [RecordID]) {
    let world = try DeadlineTests.world()
    // Numbers 1, 2, 3, 5 and 6 of the series: one is missing.
    let ids = try [0, 1, 2, 4, 5].map { number in
      let id = try world.submit(number)
      try world.settle()
      return id
    }
    for id in ids.dropLast() {
      try world.act(KindName.leadSign, on: id)
      try world.settle()
    }
    for (kind, id) in [
      (KindName.leadAccept, ids[0]), (KindName.leadDecide, ids[0]),
      (KindName.leadReturn, ids[1]), (KindName.leadRefuse, ids[2]),
    ] {
      try world.act(kind, on: id)
      try world.settle()
    }
    let (node, last) = (world.nodes[0].node, ids[4])
    let payload = SamplePayload.withdrawal(of: last.description)
    try world.call {
      _ = try await node.act(kind: KindName.recordWithdraw, on: last, payload: payload)
    }
    try world.settle()
    return (world, ids)
  }

  @Test("Both ends count the same leads, one as sent and the other as received")
  func counts() throws {
    let (world, _) = try lived()
    for number in 0...1 {
      let row = try row(try statistics(world, at: number), outgoing: number == 0)
      #expect(row.peer == world.nodes[1 - number].code)
      #expect(row.sent == 5)
      #expect(row.signed == 4)
      #expect(row.accepted == 1)
      #expect(row.filed == 1)
      #expect(row.returned == ["incomplete-materials": 1])
      #expect(row.refused == ["no-jurisdiction": 1])
      #expect(row.withdrawn == 1)
      // Decided, and signed for; the others have come to an end.
      #expect(row.open == 2)
      #expect(row.pending == 1)
      #expect(
        row.numbers == [
          NumberStatistics(
            prefix: "示市监移", year: 2026, first: 1, last: 6, count: 5, missing: [4],
            missingCount: 1)
        ])
    }
  }

  @Test("A period takes the acts in it and no others; its last day is in it")
  func periods() throws {
    let (world, _) = try lived()
    let day = try #require(Self.today)
    let before = try #require(CalendarDate(day, addingDays: -1))
    let after = try #require(CalendarDate(day, addingDays: 1))
    #expect(try row(try statistics(world, at: 0, from: day, to: day), outgoing: true).sent == 5)
    // Open leads are told of whatever period is asked for.
    let past = try row(try statistics(world, at: 0, from: before, to: before), outgoing: true)
    #expect((past.sent, past.signed, past.open) == (0, 0, 2))
    #expect(try row(try statistics(world, at: 0, from: after, to: after), outgoing: true).sent == 0)
    #expect {
      try statistics(world, at: 0, from: after, to: before)
    } throws: {
      ($0 as? ExchangeError)?.code == .statisticsPeriod
    }
  }

  @Test("A clock counts for its rule as kept, late or run out, on the day when it fell due")
  func rules() throws {
    let (world, _) = try lived()
    world.advance(milliseconds: 4 * 86_400_000)
    let end = try #require(CalendarDate(year: 2026, month: 12, day: 31))
    for number in 0...1 {
      let row = try row(
        try statistics(world, at: number, from: Self.today, to: end), outgoing: number == 0)
      let filing = try #require(row.rules.first { $0.rule == "filing-decide" })
      #expect(filing.ours == (number == 1))
      // One was decided in time, one has run out; those that came back count for nothing.
      #expect((filing.onTime, filing.late, filing.overdue) == (1, 0, 1))
      #expect(filing.rate == 0.5)
    }
  }

  @Test("What a correction says is what counts; of corrections the newest")
  func corrections() throws {
    let world = try DeadlineTests.world()
    let id = try world.submit(1)
    try world.settle()
    let node = world.nodes[0].node
    for number in [7, 8] {
      let payload = SamplePayload.correction(
        of: "\(id)", "lead.transfer/1", SamplePayload.transfer(number))
      try world.call {
        _ = try await node.act(kind: KindName.recordCorrect, on: id, payload: payload)
      }
      try world.settle()
    }
    for number in 0...1 {
      let row = try row(try statistics(world, at: number), outgoing: number == 0)
      #expect(row.numbers.map(\.first) == [9], "at \(number)")
    }
  }

  @Test("An assigned lead is listed with its next deadline until it has come to its end")
  func assigned() throws {
    let world = try DeadlineTests.world()
    let payload = SamplePayload.transfer(source: "superior-assigned")
    let (node, to) = (world.nodes[0].node, world.nodes[1].code)
    let id = try world.call {
      try await node.submit(
        SubmissionRequest(to: to, kind: KindName.leadTransfer, payload: payload))
    }.id
    try world.settle()
    try world.act(KindName.leadSign, on: id)
    try world.settle()
    for number in 0...1 {
      let lead = try #require(
        try row(try statistics(world, at: number), outgoing: number == 0).assigned.first)
      #expect(lead.thread == id && lead.state == .signed)
      #expect(lead.due?.day == CalendarDate(year: 2026, month: 11, day: 27))
    }
    try world.act(KindName.leadReturn, on: id)
    try world.settle()
    for number in 0...1 {
      #expect(
        try row(try statistics(world, at: number), outgoing: number == 0).assigned.isEmpty)
    }
  }

  @Test("A thread of many acts is worked off whole")
  func manyActs() throws {
    let world = try DeadlineTests.world()
    let id = try world.submit(1)
    try world.settle()
    let node = world.nodes[0].node
    for number in 0..<40 {
      let payload = Array(
        #"{"question":"第\#(number)个问题。","participants":["11000000MB0000043E"]}"#.utf8)
      try world.call {
        _ = try await node.act(kind: KindName.consultOpen, on: id, payload: payload)
      }
    }
    try world.settle()
    let found = try statistics(world, at: 1)
    #expect(try row(found, outgoing: false).sent == 1)
    let kept = try world.nodes[1].store.read { try $0.projection(of: id) }
    #expect(kept?.acts.count == 41)
  }

  @Test("Projections can be thrown away and worked out again, to the same rows")
  func rebuilt() throws {
    let (world, ids) = try lived()
    for number in 0...1 {
      let node = world.nodes[number].node
      let before = try statistics(world, at: number)
      let store = world.nodes[number].store
      let kept = try store.read { reader in try ids.map { try reader.projection(of: $0) } }
      #expect(kept.allSatisfy { $0 != nil })
      try world.call { try await node.rebuildProjections(by: "test") }
      #expect(
        try store.read { reader in try ids.compactMap { try reader.projection(of: $0) } }.isEmpty)
      let after = try statistics(world, at: number)
      #expect("\(after.peers)" == "\(before.peers)")
      #expect(try store.read { reader in try ids.map { try reader.projection(of: $0) } } == kept)
    }
  }

  @Test("A restart goes on where the projections were; a crash before it loses nothing")
  func crashes() throws {
    let (world, _) = try lived()
    let before = try statistics(world, at: 1)
    try world.restart(1)
    try world.settle()
    let id = try world.submit(7)
    try world.settle()
    try world.crashAndRestart(1)
    try world.settle()
    let after = try row(try statistics(world, at: 1), outgoing: false)
    #expect(after.sent == 6)
    #expect(before.peers.first { !$0.outgoing }?.sent == 5)
    #expect(try world.state(id, at: 1) == .transferred)
  }
}
