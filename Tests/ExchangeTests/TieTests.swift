import Exchange
import RecordModel
import SanxiangTesting
import Testing

/// Payloads that name what they must not, judged where they are submitted and where they arrive.
@Suite("What a payload names")
struct TieTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var rules: [String]
    var make: @Sendable (TestWorld) throws -> Sending

    init(
      _ name: String, _ rules: [String],
      _ make: @escaping @Sendable (TestWorld) throws -> Sending
    ) {
      self.name = name
      self.rules = rules
      self.make = make
    }

    var testDescription: String { name }
  }

  private static func withdrawal(of target: RecordID, _ id: RecordID) -> Sending {
    Sending(
      kind: KindName.recordWithdraw, payload: SamplePayload.withdrawal(of: "\(target)"),
      thread: id, replyTo: id)
  }

  private static func again(_ previous: RecordID, from: Int = 0, to: Int = 1) -> Sending {
    Sending(
      kind: KindName.leadTransfer, payload: SamplePayload.transfer(2, again: "\(previous)"),
      from: from, to: to)
  }

  /// A thread that its opener has withdrawn.
  private static func withdrawn(_ world: TestWorld) throws -> RecordID {
    let id = try world.lead()
    let node = world.nodes[0].node
    let payload = SamplePayload.withdrawal(of: "\(id)")
    try world.call {
      try await node.act(kind: KindName.recordWithdraw, on: id, payload: payload)
    }
    try world.settle()
    return id
  }

  /// An empty list of rules: it is legal.
  static let cases: [Case] = [
    Case("a withdrawal of what it answers", []) { world in
      let id = try world.lead()
      return withdrawal(of: id, id)
    },
    Case("a withdrawal of another record", ["thread:target"]) { world in
      let other = try world.lead()
      return withdrawal(of: other, try world.lead([], 2))
    },
    Case("a correction of another record", ["thread:target"]) { world in
      let id = try world.lead()
      return Sending(
        kind: KindName.recordCorrect,
        payload: SamplePayload.correction(
          of: "\(try world.lead([], 2))", "lead.transfer/1", SamplePayload.transfer(3)),
        thread: id, replyTo: id)
    },
    Case("a correction of what it answers", []) { world in
      let id = try world.lead()
      return Sending(
        kind: KindName.recordCorrect,
        payload: SamplePayload.correction(
          of: "\(id)", "lead.transfer/1", SamplePayload.transfer(3)), thread: id, replyTo: id)
    },
    Case("a correction of another kind", ["thread:corrected"]) { world in
      let id = try world.lead()
      return Sending(
        kind: KindName.recordCorrect,
        payload: SamplePayload.correction(of: "\(id)", "letter.issue/1", SamplePayload.letter),
        thread: id, replyTo: id)
    },
    Case("a correction of an act by what would have been another act", ["thread:corrected"]) {
      world in
      let id = try world.lead([KindName.leadSign])
      let sign = try world.nodes[1].snapshot().index.last { $0.thread == id }?.id ?? id
      return Sending(
        kind: KindName.recordCorrect,
        payload: SamplePayload.correction(
          of: "\(sign)", "lead.transfer/1", SamplePayload.transfer(3)),
        from: 1, to: 0, thread: id, replyTo: sign)
    },
    Case("a correction of an act", []) { world in
      let id = try world.lead([KindName.leadSign])
      let sign = try world.nodes[1].snapshot().index.last { $0.thread == id }?.id ?? id
      return Sending(
        kind: KindName.recordCorrect,
        payload: SamplePayload.correction(
          of: "\(sign)", "lead.sign/1", SamplePayload.act(KindName.leadSign) ?? []),
        from: 1, to: 0, thread: id, replyTo: sign)
    },
    Case("a forwarding corrected to one that proves nothing", ["forward:proof"]) { world in
      let (id, other) = (try world.lead([KindName.leadSign]), try world.lead([], 2))
      let link = try world.forward(id).forward.id
      try world.settle()
      let forged = try world.carried(id, at: 1).with(proof: world.carried(other, at: 1).proof)
      return Sending(
        kind: KindName.recordCorrect,
        payload: SamplePayload.correction(of: "\(link)", "lead.forward/1", forged.json),
        from: 1, to: 2, thread: link, replyTo: link)
    },
    Case("a supervision of no thread", ["thread:about"]) { _ in
      Sending(
        kind: KindName.noticeRemind, payload: SamplePayload.act(KindName.noticeRemind) ?? [])
    },
    Case("a supervision of a thread of the same two", ["thread:about"]) { world in
      Sending(
        kind: KindName.noticeRemind,
        payload: SamplePayload.supervision(of: "\(try world.lead([KindName.leadSign]))"))
    },
    Case("a supervision of a thread of the same two, by its receiver", ["thread:about"]) { world in
      Sending(
        kind: KindName.noticeRemind,
        payload: SamplePayload.supervision(of: "\(try world.lead())"), from: 1, to: 0)
    },
    Case("a supervision of another pair's thread", []) { world in
      Sending(
        kind: KindName.noticeRemind,
        payload: SamplePayload.supervision(of: "\(try world.lead())"), from: 2, to: 1)
    },
    Case("a reminder within a thread about another", ["thread:about"]) { world in
      let id = try world.lead()
      return Sending(
        kind: KindName.noticeRemind, payload: SamplePayload.supervision(), thread: id, replyTo: id)
    },
    Case("a lead sent again that was returned", []) { world in
      again(try world.lead([KindName.leadSign, KindName.leadReturn]))
    },
    Case("a lead sent again that was refused", []) { world in
      again(try world.lead([KindName.leadSign, KindName.leadRefuse]))
    },
    Case("a lead sent again that was withdrawn", []) { world in again(try withdrawn(world)) },
    Case("a lead sent again that was returned by another agency", []) { world in
      again(try world.lead([KindName.leadSign, KindName.leadReturn]), to: 2)
    },
    Case("a lead sent again that nobody has signed for", ["thread:previous"]) { world in
      again(try world.lead())
    },
    Case("a lead sent again that was accepted", ["thread:previous"]) { world in
      again(try world.lead([KindName.leadSign, KindName.leadAccept]))
    },
    Case("a lead sent back to its sender as if it were one's own", ["thread:previous"]) { world in
      again(try world.lead([KindName.leadSign, KindName.leadReturn]), from: 1, to: 0)
    },
  ]

  private static func world() throws -> TestWorld {
    let world = try TestWorld(roles: [.enforcement, .discipline, .procuratorate])
    try world.settle()
    return world
  }

  @Test("is judged at submission", arguments: cases)
  func submitted(_ item: Case) throws {
    let world = try Self.world()
    let sending = try item.make(world)
    let found = try world.submissionRules(sending)
    #expect(found == (item.rules.isEmpty ? [] : ["record.invalid"] + item.rules))
    try world.settle()
    try expectEqualEnds(world)
    for node in world.nodes { #expect(try node.snapshot().dead.isEmpty) }
  }

  @Test("is judged on receipt", arguments: cases)
  func received(_ item: Case) throws {
    let world = try Self.world()
    let sending = try item.make(world)
    #expect(try world.receiptRules(sending) == item.rules)
  }

  @Test("is judged at sealing once more")
  func sealed() throws {
    let world = try Self.world()
    let id = try world.lead([KindName.leadSign])
    // Node 0 greets node 1 alone: what it has for node 2 waits.
    try world.crashAndRestart(0)
    world.reconnects = false
    world.connect(0, 1)
    world.deliverAll()
    try world.act(KindName.leadAccept, on: id)
    #expect(try world.submissionRules(Self.withdrawal(of: id, id)) == [])
    #expect(try world.submissionRules(Self.again(id, to: 2)) == [])
    // The acceptance crossed the withdrawal, which so is void: the lead never came back.
    world.deliverAll()
    for number in 0...1 { #expect(try world.state(id, at: number) == .accepted) }
    world.reconnects = true
    try world.settle()
    let dead = try world.nodes[0].snapshot().dead
    #expect(dead.map(\.dead?.code) == ["record.invalid"])
    #expect(dead.map(\.dead?.detail) == ["thread:previous"])
    try expectEqualEnds(world)
  }

  @Test("A thread of which the receiver knows nothing is judged by its sender's node alone")
  func unknownHere() throws {
    for previous in [try Self.world().lead(), SubmittingTests.nowhere] {
      let world = try Self.world()
      let sending = Self.again(previous, to: 2)
      #expect(try world.submissionRules(sending) == ["record.invalid", "thread:previous"])
      #expect(try world.receiptRules(sending) == [])
    }
    let world = try Self.world()
    let elsewhere = Self.again(try world.lead([KindName.leadSign]), to: 2)
    #expect(try world.submissionRules(elsewhere) == ["record.invalid", "thread:previous"])
    #expect(try world.receiptRules(elsewhere) == [])
  }

  @Test("A lead may be sent again to whom it was withdrawn from, before the withdrawal is sealed")
  func queued() throws {
    let world = try Self.world()
    let id = try world.lead()
    try world.crashAndRestart(0)
    #expect(try world.submissionRules(Self.again(id)) == ["record.invalid", "thread:previous"])
    #expect(try world.submissionRules(Self.withdrawal(of: id, id)) == [])
    #expect(try world.submissionRules(Self.again(id, to: 2)).last == "thread:previous")
    #expect(try world.submissionRules(Self.again(id)) == [])
    try world.settle()
    try expectEqualEnds(world)
    #expect(try world.nodes[0].snapshot().dead.isEmpty)
    #expect(try world.state(id, at: 1) == .withdrawn)
    #expect(try world.submissionRules(Self.again(id, to: 2)) == [])
  }
}
