import Exchange
import RecordModel
import SanxiangTesting
import Testing

@Suite("A malicious forwarder")
struct ForwardForgeryTests {
  private func prepared() throws -> (TestWorld, RecordID, RecordID) {
    let world = try ForwardTests.world()
    return (world, try world.lead([KindName.leadSign]), try world.lead([], 2))
  }

  @Test(
    "is refused by its own node and by the onward receiver, by the same rules",
    arguments: ForwardForgery.contents + ForwardForgery.proofs + ForwardForgery.keys)
  func both(_ forgery: ForwardForgery) throws {
    let (world, first, second) = try prepared()
    let payload = try forgery.make(world, first, second).json
    let sending = Sending(kind: KindName.leadForward, payload: payload, from: 1, to: 2)
    let submitted = try world.submissionRules(sending)
    #expect(submitted == (forgery.rules.isEmpty ? [] : ["record.invalid"] + forgery.rules))
    try world.settle()
    try expectEqualEnds(world)
    #expect(try world.receiptRules(sending) == forgery.rules)
  }

  @Test("cannot pass on what a schema does not let in")
  func innerPayload() throws {
    let world = try ForwardTests.world()
    // A record that node 1 itself refused, but has receipted.
    let bad = SamplePayload.transfer(5).replacing(
      text: #""place":"000000","#, with: #""place":"000000","religion":"x","#)
    #expect(
      try world.receiptRules(Sending(kind: KindName.leadTransfer, payload: bad))
        == ["additionalProperties"])
    let log = try world.nodes[1].snapshot().log(world.direction())
    let id = try RecordHeader(parsing: log[log.count - 1].header).id
    let sending = Sending(
      kind: KindName.leadForward, payload: try world.carried(id, at: 1).json, from: 1, to: 2)
    #expect(try world.submissionRules(sending) == ["record.invalid", "forward:payload"])
    #expect(try world.receiptRules(sending) == ["forward:payload"])
  }

  @Test(
    "cannot, with another forwarder, invent what a first agency sent",
    arguments: ForwardForgery.nested)
  func nested(_ forgery: ForwardForgery) throws {
    let world = try ForwardTests.world(4)
    let (first, second) = (try world.lead([KindName.leadSign]), try world.lead([], 2))
    let inner = try forgery.make(world, first, second)
    // Node 2 plays along: it has refused what node 1 invented, but that it has it is receipted.
    let isTaken = try world.receiptRules(
      Sending(kind: KindName.leadForward, payload: inner.json, from: 1, to: 2))
    #expect(isTaken == forgery.rules)
    let log = try world.nodes[2].snapshot().log(world.direction(1, 2))
    let link = try RecordHeader(parsing: log[log.count - 1].header).id
    let outer = try world.carried(link, at: 2)
    let sending = Sending(kind: KindName.leadForward, payload: outer.json, from: 2, to: 3)
    #expect(
      try world.receiptRules(sending) == (forgery.rules.isEmpty ? [] : ["forward:nested"]))
  }

  @Test("is stopped by its own node where only that can know better")
  func ownState() throws {
    let (world, first, second) = try prepared()
    func sending(_ id: RecordID) throws -> Sending {
      Sending(
        kind: KindName.leadForward, payload: try world.carried(id, at: 1).json, from: 1, to: 2)
    }
    #expect(try world.submissionRules(try sending(second)) == ["record.invalid", "forward:state"])
    try world.act(KindName.leadAccept, on: first)
    try world.settle()
    #expect(try world.submissionRules(try sending(first)) == ["record.invalid", "forward:state"])
    #expect(try world.receiptRules(try sending(first)) == [])
  }

  @Test("cannot tell the first sender of a forwarding that is not there")
  func notices() throws {
    let (world, first, second) = try prepared()
    try world.act(KindName.leadSign, on: second)
    try world.settle()
    let other = try world.submissionRules(
      Sending(
        kind: KindName.leadForward, payload: try world.carried(second, at: 1).json, from: 1, to: 2))
    #expect(other == [])
    try world.settle()
    let linked = try #require(try world.nodes[2].snapshot().index.last?.id)
    let sign = try #require(
      try world.nodes[1].snapshot().index.last { $0.thread == first }?.id)
    func notice(_ thread: RecordID, to number: Int = 2) -> Sending {
      Sending(
        kind: KindName.leadForwarded,
        payload: LeadForwarded(
          receiver: world.nodes[number].code, linkedThread: thread, reason: .designated
        ).json, from: 1, to: 0, thread: first, replyTo: sign)
    }
    // Nothing, a lead, the forwarding of another lead.
    for thread in [SubmittingTests.nowhere, first, linked] {
      #expect(
        try world.submissionRules(notice(thread)) == ["record.invalid", "thread:forwarded"])
    }
    let forward = try world.forward(first).forward.id
    #expect(try world.submissionRules(notice(forward)).first == "record.invalid")
    try world.settle()
    try expectEqualEnds(world)
    #expect(try world.state(first, at: 0) == .forwarded)
  }

  @Test("can submit the two one after the other too, and names the right receiver")
  func byHand() throws {
    let (world, first, _) = try prepared()
    let forward = Sending(
      kind: KindName.leadForward, payload: try world.carried(first, at: 1).json, from: 1, to: 2)
    #expect(try world.submissionRules(forward) == [])
    try world.settle()
    let linked = try #require(try world.nodes[2].snapshot().index.last?.id)
    let sign = try #require(
      try world.nodes[1].snapshot().index.last { $0.thread == first }?.id)
    for (number, rules) in [(0, ["record.invalid", "thread:forwarded"]), (2, [])] {
      let payload = LeadForwarded(
        receiver: world.nodes[number].code, linkedThread: linked, reason: .designated
      ).json
      let sending = Sending(
        kind: KindName.leadForwarded, payload: payload, from: 1, to: 0, thread: first,
        replyTo: sign)
      #expect(try world.submissionRules(sending) == rules)
    }
    try world.settle()
    for number in 0...1 { #expect(try world.state(first, at: number) == .forwarded) }
    try expectEqualEnds(world)
  }
}
