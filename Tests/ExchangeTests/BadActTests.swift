import Exchange
import RecordModel
import SanxiangTesting
import Testing

/// Acts that the thread does not allow, submitted, and sent past the sender's own node.
@Suite("Acts that may not come")
struct BadActTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    /// What has been done by the receiver of node 0's lead before.
    var before: [String]
    var kind: String
    var by: Int
    /// What it answers: the kind of a record of the thread, nil for a record that is nowhere.
    var answers: String?
    var rules: [String]

    init(
      _ name: String, after before: [String] = [], _ kind: String, by: Int,
      on answers: String?, _ rules: [String]
    ) {
      self.name = name
      self.before = before
      self.kind = kind
      self.by = by
      self.answers = answers
      self.rules = rules
    }

    var testDescription: String { name }
  }

  private static let signed = [KindName.leadSign]
  private static let accepted = signed + [KindName.leadAccept]
  private static let decided = accepted + [KindName.leadDecide]
  private static let closed = decided + [KindName.leadClose]
  private static let opening = KindName.leadTransfer

  static let cases: [Case] = [
    // Out of order.
    Case(
      "accepted before it is signed for", KindName.leadAccept, by: 1, on: opening,
      ["thread:answers", "thread:successor"]),
    Case(
      "decided before it is accepted", after: signed, KindName.leadDecide, by: 1,
      on: KindName.leadSign, ["thread:answers", "thread:successor"]),
    Case(
      "refused after it was accepted", after: accepted, KindName.leadRefuse, by: 1,
      on: KindName.leadSign, ["thread:successor"]),
    Case(
      "signed for twice", after: signed, KindName.leadSign, by: 1, on: opening,
      ["thread:duplicate"]),
    Case(
      "closed while a review is asked for", after: decided + ["review.request"],
      KindName.leadClose, by: 1, on: KindName.leadDecide, ["thread:pending"]),
    Case(
      "supplements asked for twice", after: signed + [KindName.supplementRequest],
      KindName.supplementRequest, by: 1, on: KindName.leadSign, ["thread:pending"]),
    Case(
      "an acceptance that answers the lead itself", after: signed, KindName.leadAccept, by: 1,
      on: opening, ["thread:answers"]),
    // By the wrong end.
    Case(
      "signed for by its own sender", KindName.leadSign, by: 0, on: opening, ["thread:party"]),
    Case(
      "accepted by its own sender", after: signed, KindName.leadAccept, by: 0,
      on: KindName.leadSign, ["thread:party"]),
    Case(
      "withdrawn by its receiver", KindName.recordWithdraw, by: 1, on: opening,
      ["thread:party"]),
    // On a finished thread.
    Case(
      "decided again after the end", after: closed, KindName.leadDecide, by: 1,
      on: KindName.leadAccept, ["thread:duplicate"]),
    Case(
      "reminded of after the end", after: closed, KindName.noticeRemind, by: 0, on: opening,
      ["thread:successor"]),
    Case(
      "withdrawn after the end", after: signed + [KindName.leadRefuse], KindName.recordWithdraw,
      by: 0, on: opening, ["thread:successor"]),
    // In answer to what does not exist.
    Case("signing for nothing", KindName.leadSign, by: 1, on: nil, ["thread:answers"]),
    Case("reminding of nothing", KindName.noticeRemind, by: 0, on: nil, ["thread:answers"]),
    Case(
      "deciding on nothing", after: accepted, KindName.leadDecide, by: 1, on: nil,
      ["thread:answers"]),
  ]

  /// The thread as it stands before the act, and the act.
  private func prepare(_ item: Case, by end: Int? = nil) throws -> (TestWorld, Sending) {
    let world = try ForwardTests.world()
    let id = try world.lead()
    var newest = [KindName.leadTransfer: id]
    for kind in item.before {
      newest[kind] = try world.act(kind, on: id, by: kind == KindName.reviewRequest ? 0 : 1)
      try world.settle()
    }
    let replyTo = item.answers.flatMap { newest[$0] } ?? SubmittingTests.nowhere
    let payload =
      item.kind == KindName.recordWithdraw
      ? SamplePayload.withdrawal(of: "\(replyTo)")
      : try #require(SamplePayload.act(item.kind))
    let from = end ?? item.by
    return (
      world,
      Sending(
        kind: item.kind, payload: payload, from: from, to: from == 2 ? 1 : 1 - from, thread: id,
        replyTo: replyTo)
    )
  }

  @Test("are refused at submission, with nothing done", arguments: cases)
  func submitted(_ item: Case) throws {
    let (world, sending) = try prepare(item)
    #expect(try world.submissionRules(sending) == ["record.invalid"] + item.rules)
    try world.settle()
    try expectEqualEnds(world)
  }

  @Test("are refused on receipt, with nothing done", arguments: cases)
  func received(_ item: Case) throws {
    let (world, sending) = try prepare(item)
    #expect(try world.receiptRules(sending) == item.rules)
  }

  @Test("An agency that has no part in a thread cannot act in it", arguments: cases)
  func outsider(_ item: Case) throws {
    let (world, sending) = try prepare(item, by: 2)
    let code = try world.submissionRules(sending)
    #expect(code == ["record.invalid", "thread:answers"])
    let node = world.nodes[2].node
    let (kind, payload) = (sending.kind, sending.payload)
    let id = try #require(sending.thread)
    let error = #expect(throws: ExchangeError.self) {
      try world.call {
        _ = try await node.act(kind: kind, on: id, payload: payload)
      }
    }
    #expect(error?.code == .notFound)
    #expect(try world.receiptRules(sending) == ["thread:unknown"])
  }

  @Test("It supervises the thread by one of its own, in which the supervised agency reports")
  func supervision() throws {
    let world = try ForwardTests.world()
    let id = try world.lead([KindName.leadSign])
    let own = try world.open(
      KindName.noticeRemind, SamplePayload.supervision(of: "\(id)"), from: 2, to: 1)
    try world.settle()
    try world.act(KindName.leadFeedback, on: own)
    try world.act(KindName.leadFeedback, on: own)
    try world.settle()
    for number in 1...2 { #expect(try world.state(own, at: number) == .supervising) }
    for number in 0...1 { #expect(try world.state(id, at: number) == .signed) }
    let node = world.nodes[2].node
    #expect(try world.call { try await node.thread(own) }.records.count == 3)
    #expect(throws: ExchangeError.self) { try world.state(own, at: 0) }
    try expectEqualEnds(world)
  }

  @Test("A finished thread stays as it is, whatever is tried", arguments: KindName.all)
  func finished(kind: String) throws {
    guard !KindName.isSystem(kind), let payload = SamplePayload.act(kind) else { return }
    let world = try ForwardTests.world()
    let id = try world.lead(Self.closed)
    for end in 0...1 {
      let sending = Sending(
        kind: kind, payload: payload, from: end, to: 1 - end, thread: id, replyTo: id)
      let rules = try world.submissionRules(sending)
      #expect(rules.first == "record.invalid" && rules.count > 1)
    }
    #expect(try world.state(id, at: 0) == .closed)
  }
}
