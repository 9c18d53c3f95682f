import Exchange
import RecordModel
import RecordSchema
import SanxiangTesting
import Testing

@Suite("Threads of every kind")
struct ThreadKindTests {
  /// Both ends say the same of a thread.
  private func expectBoth(
    _ world: TestWorld, _ id: RecordID, _ state: ThreadState, void: [RecordID] = [],
    location: SourceLocation = #_sourceLocation
  ) throws {
    for number in 0...1 {
      let node = world.nodes[number].node
      let view = try world.call { try await node.thread(id) }
      #expect(view.state == state, "at \(number)", sourceLocation: location)
      #expect(
        Set(view.standings.filter { $0.value == .void }.keys) == Set(void), "at \(number)",
        sourceLocation: location)
    }
  }

  private func next(_ world: TestWorld, _ id: RecordID, at number: Int) throws -> [String] {
    let node = world.nodes[number].node
    return try world.call { try await node.thread(id) }.allowedNext
  }

  private func withdraw(_ world: TestWorld, _ id: RecordID, by number: Int) throws -> RecordID {
    let node = world.nodes[number].node
    let payload = SamplePayload.withdrawal(of: id.description)
    return try world.call {
      try await node.act(kind: KindName.recordWithdraw, on: id, payload: payload)
    }.id
  }

  @Test("A lead is supplemented, decided, reviewed, decided again and closed")
  func wholeLife() throws {
    let world = try TestWorld()
    let id = try world.submit()
    try world.settle()
    let life: [(String, Int, ThreadState)] = [
      (KindName.leadSign, 1, .signed), (KindName.supplementRequest, 1, .signed),
      (KindName.supplementProvide, 0, .signed), (KindName.leadAccept, 1, .accepted),
      (KindName.noticeRemind, 0, .accepted), (KindName.leadFeedback, 1, .accepted),
      (KindName.leadDecide, 1, .decided), (KindName.reviewRequest, 0, .decided),
      (KindName.reviewDecide, 1, .decided), (KindName.leadDecide, 1, .decided),
      (KindName.leadClose, 1, .closed),
    ]
    for (kind, end, state) in life {
      #expect(try next(world, id, at: end).contains(kind), "\(kind)")
      try world.act(kind, on: id, by: end)
      try world.settle()
      try expectBoth(world, id, state)
    }
    for end in 0...1 { #expect(try next(world, id, at: end) == [KindName.recordCorrect]) }
    try expectEqualEnds(world)
  }

  @Test("A lead that is accepted before its withdrawal is known stays accepted")
  func withdrawalGivesWay() throws {
    let world = try TestWorld()
    let id = try world.submit()
    try world.settle()
    try world.act(KindName.leadSign, on: id)
    try world.settle()
    try world.act(KindName.leadAccept, on: id)
    let withdrawal = try withdraw(world, id, by: 0)
    #expect(try world.state(id, at: 0) == .withdrawn)
    #expect(try world.state(id, at: 1) == .accepted)
    try world.settle()
    try expectBoth(world, id, .accepted, void: [withdrawal])
    try expectEqualEnds(world)
    try world.act(KindName.leadDecide, on: id)
    try world.settle()
    try expectBoth(world, id, .decided, void: [withdrawal])
  }

  @Test("A lead that was only signed for is withdrawn, and nothing follows")
  func withdrawalStands() throws {
    let world = try TestWorld()
    let id = try world.submit()
    try world.settle()
    try world.act(KindName.leadSign, on: id)
    _ = try withdraw(world, id, by: 0)
    try world.settle()
    try expectBoth(world, id, .withdrawn)
    #expect(throws: ExchangeError.self) { try world.act(KindName.leadAccept, on: id) }
    for end in 0...1 { #expect(try next(world, id, at: end) == []) }
    try expectEqualEnds(world)
  }

  @Test("A closing gives way to a review that was asked for meanwhile")
  func closingGivesWay() throws {
    let world = try TestWorld()
    let id = try world.submit()
    try world.settle()
    for kind in [KindName.leadSign, KindName.leadAccept, KindName.leadDecide] {
      try world.act(kind, on: id)
    }
    try world.settle()
    let closing = try world.act(KindName.leadClose, on: id)
    try world.act(KindName.reviewRequest, on: id, by: 0)
    try world.settle()
    try expectBoth(world, id, .decided, void: [closing])
    try world.act(KindName.reviewDecide, on: id)
    try world.act(KindName.leadClose, on: id)
    try world.settle()
    try expectBoth(world, id, .closed, void: [closing])
    try expectEqualEnds(world)
  }

  @Test(
    "A letter, a consultation and a supervision open threads of their own",
    arguments: [
      (KindName.letterIssue, ThreadState.issued, KindName.letterReply, 1, ThreadState.replied),
      (KindName.consultOpen, .consulting, KindName.consultConclude, 0, .concluded),
      (KindName.noticeRemind, .supervising, KindName.noticeRemind, 1, .supervising),
    ])
  func others(
    kind: String, first: ThreadState, answer: String, by end: Int, last: ThreadState
  ) throws {
    let world = try TestWorld()
    let openings = [
      KindName.letterIssue: SamplePayload.letter,
      KindName.noticeRemind: SamplePayload.supervision(),
    ]
    let payload = try #require(openings[kind] ?? SamplePayload.act(kind))
    let (node, peer) = (world.nodes[0].node, world.nodes[1].code)
    let request = SubmissionRequest(to: peer, kind: kind, payload: payload)
    let id = try world.call { try await node.submit(request) }.id
    try world.settle()
    try expectBoth(world, id, first)
    try world.act(
      KindName.consultOpen == kind ? KindName.consultNote : KindName.consultOpen, on: id)
    try world.settle()
    try expectBoth(world, id, first)
    try world.act(answer, on: id, by: end)
    try world.settle()
    try expectBoth(world, id, last)
    try expectEqualEnds(world)
  }

  @Test("The end that acted waits in its outbox as the rules see it")
  func queued() throws {
    let world = try TestWorld()
    let id = try world.submit()
    try world.settle()
    try world.crashAndRestart(1)
    for kind in [KindName.leadSign, KindName.supplementRequest] { try world.act(kind, on: id) }
    let error = #expect(throws: ExchangeError.self) {
      try world.act(KindName.supplementRequest, on: id)
    }
    #expect(error?.violations.map(\.rule) == ["thread:pending"])
    try world.act(KindName.leadAccept, on: id)
    try world.settle()
    try expectBoth(world, id, .accepted)
    #expect(try world.nodes[1].snapshot().dead.isEmpty)
    #expect(try next(world, id, at: 0).contains(KindName.supplementProvide))
  }
}
