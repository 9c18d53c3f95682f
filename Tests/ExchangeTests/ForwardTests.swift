import Cryptography
import Exchange
import RecordModel
import RecordSchema
import SanxiangTesting
import Testing

@Suite("Forwarding a lead")
struct ForwardTests {
  static func world(_ count: Int = 3) throws -> TestWorld {
    let roles: [AgencyRole] = [.enforcement, .discipline, .procuratorate, .police]
    let world = try TestWorld(roles: Array(roles.prefix(count)))
    try world.settle()
    return world
  }

  private func code(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch { return (error as? ExchangeError)?.code.rawValue ?? "\(error)" }
  }

  @Test("The onward receiver gets the original with its proof, the first sender is told")
  func forwarded() throws {
    let world = try Self.world()
    let id = try world.lead([KindName.leadSign])
    let receipt = try world.forward(id)
    #expect(!receipt.forward.repeated && !receipt.forwarded.repeated)
    #expect(receipt.forward.thread == receipt.forward.id && receipt.forwarded.thread == id)
    try world.settle()
    for number in 0...1 { #expect(try world.state(id, at: number) == .forwarded) }
    for number in 1...2 {
      #expect(try world.state(receipt.forward.id, at: number) == .transferred)
    }
    let node = world.nodes[2].node
    let held = try world.call { try await node.record(receipt.forward.id) }
    let carried = try #require(held.payload.flatMap(LeadForward.init(reading:)))
    #expect(try RecordHeader(parsing: carried.header).id == id)
    #expect(carried.payload == SamplePayload.transfer())
    let first = world.nodes[0].node
    let told = try world.call { try await first.record(receipt.forwarded.id) }
    let notice = try #require(told.payload.flatMap(LeadForwarded.init(reading:)))
    #expect(notice.linkedThread == receipt.forward.id)
    #expect(notice.receiver == world.nodes[2].code)
    try expectEqualEnds(world)
    #expect(try world.nodes[1].journal().filter { $0.contains("\"submission\"") }.count == 3)
    // The onward receiver works with it as with any lead.
    try world.act(KindName.leadSign, on: receipt.forward.id, by: 2)
    try world.act(KindName.leadAccept, on: receipt.forward.id, by: 2)
    try world.settle()
    for number in 1...2 { #expect(try world.state(receipt.forward.id, at: number) == .accepted) }
  }

  @Test("A forwarded lead may be forwarded again, each carrying the one before")
  func nested() throws {
    let world = try Self.world(4)
    let id = try world.lead([KindName.leadSign])
    let first = try world.forward(id).forward.id
    try world.settle()
    try world.act(KindName.leadSign, on: first, by: 2)
    try world.settle()
    let second = try world.forward(first, by: 2, to: 3).forward.id
    try world.settle()
    for number in 1...2 { #expect(try world.state(first, at: number) == .forwarded) }
    for number in 2...3 { #expect(try world.state(second, at: number) == .transferred) }
    let node = world.nodes[3].node
    let held = try world.call { try await node.record(second) }
    let outer = try #require(held.payload.flatMap(LeadForward.init(reading:)))
    let inner = try #require(LeadForward(reading: outer.payload))
    #expect(try RecordHeader(parsing: outer.header).id == first)
    #expect(try RecordHeader(parsing: inner.header).id == id)
    // And round to the first sender, who has it from another now.
    try world.act(KindName.leadSign, on: second, by: 3)
    try world.settle()
    let third = try world.forward(second, by: 3, to: 0).forward.id
    try world.settle()
    #expect(try world.state(third, at: 0) == .transferred)
    try expectEqualEnds(world)
    for node in world.nodes { #expect(try node.snapshot().dead.isEmpty) }
  }

  @Test("Both records wait in their outboxes, and are sealed in whichever order peers greet")
  func queued() throws {
    for order in [[0, 2], [2, 0]] {
      let world = try Self.world()
      let id = try world.lead()
      try world.crashAndRestart(1)
      world.reconnects = false
      try world.act(KindName.leadSign, on: id)
      let receipt = try world.forward(id)
      #expect(try world.nodes[1].snapshot().queued.values.joined().count == 3)
      for peer in order {
        world.connect(1, peer)
        world.deliverAll()
      }
      try world.settle()
      #expect(try world.nodes[1].snapshot().dead.isEmpty)
      #expect(try world.state(id, at: 0) == .forwarded)
      #expect(try world.state(receipt.forward.id, at: 2) == .transferred)
    }
  }

  @Test(
    "The first sender is told only once the forward is sealed, what else waits is not kept back")
  func held() throws {
    let world = try Self.world()
    let ids = try [world.lead([KindName.leadSign]), world.lead()]
    try world.crashAndRestart(1)
    world.reconnects = false
    let receipt = try world.forward(ids[0])
    try world.act(KindName.leadSign, on: ids[1])
    world.connect(1, 0)
    world.deliverAll()
    #expect(try world.state(ids[0], at: 0) == .signed)
    #expect(try world.state(ids[1], at: 0) == .signed)
    let waiting = try world.nodes[1].snapshot().queued.values.joined().map(\.id)
    #expect(Set(waiting) == [receipt.forward.id, receipt.forwarded.id])
    // A crash forgets nothing of it.
    try world.crashAndRestart(1)
    world.connect(1, 0)
    world.connect(1, 2)
    world.deliverAll()
    #expect(try world.state(ids[0], at: 0) == .forwarded)
    #expect(try world.state(receipt.forward.id, at: 2) == .transferred)
    try expectEqualEnds(world)
  }

  @Test("Both records are taken back or neither", arguments: [0, 1])
  func cancelled(which: Int) throws {
    let world = try Self.world()
    let id = try world.lead([KindName.leadSign])
    try world.crashAndRestart(1)
    world.reconnects = false
    func cancel(_ id: RecordID) throws {
      let node = world.nodes[1].node
      try world.call { try await node.cancel(id) }
    }
    var receipt = try world.forward(id)
    try cancel([receipt.forward.id, receipt.forwarded.id][which])
    #expect(try world.nodes[1].snapshot().queued.values.joined().isEmpty)
    #expect(
      code { try cancel([receipt.forwarded.id, receipt.forward.id][which]) }
        == "record.notFound")
    receipt = try world.forward(id)
    world.connect(1, 2)
    world.deliverAll()
    // The forward is sealed; the notice waits for a peer that does not greet.
    #expect(code { try cancel(receipt.forwarded.id) } == "submission.sealed")
    #expect(code { try cancel(receipt.forward.id) } == "submission.sealed")
    world.reconnects = true
    world.connect(1, 0)
    try world.settle()
    for number in 0...1 { #expect(try world.state(id, at: number) == .forwarded) }
  }

  @Test("What came of the lead meanwhile makes both dead letters, none alone")
  func overtaken() throws {
    let world = try Self.world()
    let id = try world.lead([KindName.leadSign])
    // The withdrawal is on its way while node 1 greets nobody.
    let (node, payload) = (world.nodes[0].node, SamplePayload.withdrawal(of: "\(id)"))
    try world.crashAndRestart(1)
    try world.forward(id)
    try world.call {
      try await node.act(kind: KindName.recordWithdraw, on: id, payload: payload)
    }
    // Its clock is off for sealing, not for receiving.
    let real = world.nodes[1].clock.now
    world.nodes[1].clock.jump(to: real.advanced(byMilliseconds: 400_000))
    world.reconnects = false
    world.connect(0, 1)
    world.deliverAll()
    world.nodes[1].clock.jump(to: real)
    world.cut(0, 1)
    world.reconnects = true
    try world.settle()
    for number in 0...1 { #expect(try world.state(id, at: number) == .withdrawn) }
    let dead = try world.nodes[1].snapshot().dead
    #expect(Set(dead.map(\.kind)) == [KindName.leadForward, KindName.leadForwarded])
    #expect(dead.allSatisfy { $0.dead?.code == "record.invalid" })
    try expectEqualEnds(world)
  }

  @Test(
    "Where either may not be sent, neither is",
    arguments: [KindName.leadForward, KindName.leadForwarded])
  func policy(kind: String) throws {
    let world = try Self.world()
    let id = try world.lead([KindName.leadSign])
    let others = ["lead.transfer", "lead.sign", "lead.forward", "lead.forwarded"]
      .filter { $0 != kind }
    try world.federation.publish { contents in
      let all = AgencyRole.allCases
      contents.policy = DirectoryPolicy(
        allow: [DirectoryPolicy.Rule(from: all, to: all, kinds: others)])
    }
    try world.publish()
    let before = try world.nodes[1].snapshot()
    let journal = try world.nodes[1].journal().count
    #expect(code { try world.forward(id, key: "k") } == "policy.denied")
    #expect(try world.nodes[1].snapshot() == before)
    #expect(try world.nodes[1].journal().count == journal)
  }

  @Test("A lead that is not here, not received, refused or not signed for is not forwarded")
  func originals() throws {
    let world = try Self.world()
    #expect(code { try world.forward(SubmittingTests.nowhere) } == "record.notFound")
    let own = try world.lead()
    #expect(code { try world.forward(own, by: 0) } == "forward.original")
    #expect(code { try world.forward(own) } == "record.invalid")
    let letter = try world.open(KindName.letterIssue, SamplePayload.letter)
    try world.settle()
    #expect(code { try world.forward(letter) } == "forward.original")
    let taken = try world.lead([KindName.leadSign, KindName.leadAccept], 2)
    #expect(code { try world.forward(taken) } == "record.invalid")
    let signed = try world.lead([KindName.leadSign], 3)
    #expect(code { try world.forward(signed, to: 0) } == "record.invalid")
    #expect(code { try world.forward(signed, to: 1) } == "agency.unknown")
    #expect(code { try world.forward(signed, reason: "because") } == "record.invalid")
    let real = world.nodes[0].clock.now
    world.nodes[0].clock.jump(to: real.advanced(byMilliseconds: 3_600_000))
    let refused = try world.submit(4)
    try world.settle()
    #expect(code { try world.forward(refused) } == "forward.original")
    try expectEqualEnds(world)
    #expect(try world.nodes[1].snapshot().queued.values.joined().isEmpty)
  }

  @Test("A payload that is too large to be carried is not forwarded")
  func large() throws {
    let world = try Self.world()
    let text = SamplePayload.transfer()
    for (size, expected) in [
      (Node.forwardByteLimit, nil), (Node.forwardByteLimit + 1, "forward.size"),
    ] {
      let payload = text + Array(repeating: 0x20, count: size - text.count)
      let id = try world.open(KindName.leadTransfer, payload)
      try world.settle()
      try world.act(KindName.leadSign, on: id)
      #expect(code { try world.forward(id) } == expected)
      try world.settle()
    }
    try expectEqualEnds(world)
  }

  @Test("A repeat under the same key is the same forwarding, whatever has come of it")
  func idempotency() throws {
    let world = try Self.world()
    let id = try world.lead([KindName.leadSign])
    let first = try world.forward(id, key: "one")
    try world.settle()
    let again = try world.forward(id, key: "one")
    #expect(again.forward.id == first.forward.id && again.forward.repeated)
    #expect(again.forwarded.id == first.forwarded.id && again.forwarded.repeated)
    #expect(again.forwarded.thread == id)
    #expect(code { try world.forward(id, key: "two") } == "record.invalid")
    #expect(
      code { try world.forward(id, reason: "designated", key: "one") }
        == "submission.idempotencyMismatch")
    try world.submit(2, from: 1, to: 0, key: "three")
    #expect(code { try world.forward(id, key: "three") } == "submission.idempotencyMismatch")
    try world.settle()
    #expect(try world.nodes[2].snapshot().log(world.direction(1, 2)).count == 1)
  }

  @Test("What carries a payload that the peer cannot read is not taken")
  func unreadSchema() throws {
    let world = try SchemaVersionTests.world([1: 80, 2: 80], [1: 80])
    try world.settle()
    let id = try world.lead()
    func correct(_ schema: String) -> String? {
      let (node, to) = (world.nodes[0].node, world.nodes[1].code)
      let payload = SamplePayload.correction(of: "\(id)", schema, SamplePayload.transfer(2))
      return code {
        try world.call {
          _ = try await node.submit(
            SubmissionRequest(
              to: to, kind: KindName.recordCorrect, payload: payload, replyTo: id))
        }
      }
    }
    #expect(correct("lead.transfer/2") == "record.schemaUnread")
    #expect(correct("lead.transfer/1") == nil)
    // Of a peer that has not greeted nothing is known; then it is found at sealing.
    try world.crashAndRestart(0)
    #expect(try world.nodes[0].snapshot().dead.isEmpty)
    #expect(correct("lead.transfer/2") == nil)
    try world.settle()
    #expect(try world.nodes[0].snapshot().dead.map(\.dead?.code) == ["record.schemaUnread"])
    try expectEqualEnds(world)
  }
}
