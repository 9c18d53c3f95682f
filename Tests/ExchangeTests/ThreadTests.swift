import Exchange
import RecordModel
import RecordSchema
import SanxiangTesting
import Testing

@Suite("Acts of a thread")
struct ThreadTests {
  @Test(
    "A lead is signed for and decided, and both ends see the same",
    arguments: [
      (KindName.leadAccept, ThreadState.accepted), (KindName.leadRefuse, .refused),
      (KindName.leadReturn, .returned),
    ])
  func decided(_ kind: String, _ state: ThreadState) throws {
    let world = try TestWorld()
    let id = try world.submit()
    try world.settle()
    #expect(try world.state(id, at: 1) == .transferred)
    try world.act(KindName.leadSign, on: id)
    try world.settle()
    for number in 0...1 { #expect(try world.state(id, at: number) == .signed) }
    try world.act(kind, on: id)
    try world.settle()
    for number in 0...1 { #expect(try world.state(id, at: number) == state) }
    try expectEqualEnds(world)
    #expect(throws: ExchangeError.self) { try world.act(KindName.leadAccept, on: id) }
  }

  @Test("Acts that wait in the outbox follow one another, and are sealed in order")
  func queuedActs() throws {
    let world = try TestWorld()
    let id = try world.submit()
    try world.settle()
    try world.crashAndRestart(1)
    try world.act(KindName.leadSign, on: id)
    #expect(throws: ExchangeError.self) { try world.act(KindName.leadSign, on: id) }
    try world.act(KindName.leadAccept, on: id)
    #expect(try world.state(id, at: 1) == .transferred)
    try world.settle()
    #expect(try world.state(id, at: 0) == .accepted)
    #expect(try world.nodes[1].snapshot().dead.isEmpty)
  }

  @Test("Acts out of order, twice, by the wrong end, or on nothing, are refused")
  func refused() throws {
    let world = try TestWorld()
    let id = try world.submit()
    try world.settle()
    func rule(_ kind: String, by: Int, on target: RecordID = id) -> [String]? {
      do {
        try world.act(kind, on: target, by: by)
        return nil
      } catch { return (error as? ExchangeError)?.violations.map(\.rule) }
    }
    #expect(rule(KindName.leadAccept, by: 1) == ["thread:successor"])
    #expect(rule(KindName.leadSign, by: 0) == ["thread:party"])
    #expect(rule(KindName.leadSign, by: 1, on: SubmittingTests.nowhere) == [])
    #expect(rule(KindName.leadSign, by: 1) == nil)
    try world.settle()
    #expect(rule(KindName.leadSign, by: 1) == ["thread:duplicate"])
    #expect(rule(KindName.leadAccept, by: 0) == ["thread:party"])
  }

  @Test("A lead is worked on by one holder at a time")
  func leases() throws {
    let world = try TestWorld()
    let ids = try (0..<2).map { try world.submit($0) }
    try world.settle()
    let node = world.nodes[1].node
    func take(_ id: RecordID?, _ holder: String) throws -> RecordID? {
      try world.call { try await node.take(id, holder: holder, seconds: 60)?.1.id }
    }
    #expect(try take(nil, "a") == ids[0])
    #expect(try take(nil, "b") == ids[1])
    #expect(try take(nil, "c") == nil)
    let error = #expect(throws: ExchangeError.self) { try take(ids[0], "b") }
    #expect(error?.code == .leased)
    world.advance(milliseconds: 61_000)
    #expect(try take(nil, "c") == ids[0])
    try world.act(KindName.leadSign, on: ids[0])
    try world.call { try await node.release(ids[1], holder: "b") }
    #expect(try take(nil, "d") == ids[1])
  }

  @Test("What waits for an agency is taken oldest first, whatever it is, until it has moved")
  func queue() throws {
    let world = try TestWorld(roles: [.enforcement, .discipline, .procuratorate])
    try world.settle()
    let openings = [
      (KindName.consultOpen, SamplePayload.act(KindName.consultOpen) ?? []),
      (KindName.leadTransfer, SamplePayload.transfer()),
      (KindName.noticeRemind, SamplePayload.supervision()),
      (KindName.letterIssue, SamplePayload.letter),
    ]
    var ids: [RecordID] = []
    for (number, opening) in openings.enumerated() {
      ids.append(try world.open(opening.0, opening.1, from: number % 2 * 2))
      try world.settle()
    }
    // What this agency sent itself waits for others.
    _ = try world.open(KindName.letterIssue, SamplePayload.letter, from: 1, to: 0)
    try world.settle()
    let node = world.nodes[1].node
    func waiting() throws -> [RecordID] {
      var found: [RecordID] = []
      while let id = try world.call({ try await node.take(nil, holder: "a", seconds: 60)?.1.id }) {
        found.append(id)
      }
      world.advance(milliseconds: 61_000)
      return found
    }
    #expect(try waiting() == ids)
    try world.act(KindName.consultNote, on: ids[0])
    try world.act(KindName.leadSign, on: ids[1])
    try world.act(KindName.leadFeedback, on: ids[2])
    try world.act(KindName.letterReply, on: ids[3])
    #expect(try waiting() == [])
    try world.settle()
    #expect(try world.state(ids[2], at: 0) == .supervising)
    // The other end speaks again.
    try world.act(KindName.consultNote, on: ids[0], by: 0)
    try world.act(KindName.noticeRemind, on: ids[2], by: 0)
    try world.settle()
    #expect(try waiting() == [ids[0], ids[2]])
    try world.act(KindName.consultConclude, on: ids[0], by: 0)
    try world.settle()
    #expect(try waiting() == [ids[2]])
  }

  @Test("A refused record is marked at its sender, stands in no inbox, and stops nothing")
  func refusalRoundTrip() throws {
    let world = try TestWorld()
    try world.settle()
    let real = world.nodes[0].clock.now
    world.nodes[0].clock.jump(to: real.advanced(byMilliseconds: 3_600_000))
    let refused = try world.submit(1)
    let second = try world.submit(2)
    world.nodes[0].clock.jump(to: real)
    let waiting = try world.submit(3)
    let node = world.nodes[0].node
    #expect(try world.call { try await node.queues() }.first?.sealingBlocked == "clock")
    try world.settle()
    for id in [refused, second] {
      #expect(try world.summary(id, at: 0).delivery == .refused)
      #expect(try world.summary(id, at: 1).delivery == .refused)
    }
    #expect(try world.summary(waiting, at: 0).delivery == .receipted)
    let journal = try world.nodes[0].journal()
    #expect(journal.filter { $0.contains("refusal.received") }.count == 2)
    let receiver = world.nodes[1].node
    let inbox = try world.call { try await receiver.inbox(cursor: nil, limit: 10) }
    #expect(inbox.items.map(\.id) == [waiting])
    try expectEqualEnds(world)
  }
}
