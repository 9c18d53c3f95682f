import Exchange
import RecordModel
import SanxiangTesting
import Testing

@Suite("Submitting")
struct SubmittingTests {
  struct Bad: CustomTestStringConvertible, Sendable {
    var name: String
    var code: ExchangeError.Code
    var to = SampleAgency.code(2)
    var kind = KindName.leadTransfer
    var payload = SamplePayload.transfer()
    var replyTo: RecordID?
    var key: String?
    var testDescription: String { name }
  }

  static let nowhere = RecordID.generate(
    at: Timestamp(milliseconds: 1), random: { Array(repeating: 7, count: $0) })

  static let bad: [Bad] = [
    Bad(name: "an unknown agency", code: .unknownAgency, to: SampleAgency.code(77)),
    Bad(name: "ourselves", code: .unknownAgency, to: SampleAgency.code(1)),
    Bad(name: "a node's own kind", code: .policy, kind: KindName.systemRefusal),
    Bad(name: "no such schema", code: .unknownSchema, kind: "lead.nothing"),
    Bad(name: "no JSON", code: .invalidRecord, payload: [0x5D]),
    Bad(name: "an act's payload", code: .invalidRecord, payload: SamplePayload.sign()),
    Bad(
      name: "more than 1 MiB", code: .invalidRecord,
      payload: SamplePayload.transfer() + Array(repeating: 0x20, count: 1 << 20)),
    Bad(
      name: "an answer to nothing", code: .invalidRecord, kind: KindName.leadSign,
      payload: SamplePayload.sign(), replyTo: nowhere),
    Bad(
      name: "an act that answers nothing", code: .invalidRecord, kind: KindName.leadSign,
      payload: SamplePayload.sign()),
    Bad(
      name: "a key that is too long", code: .idempotencyMismatch,
      key: String(repeating: "k", count: 129)),
    Bad(name: "an empty key", code: .idempotencyMismatch, key: ""),
  ]

  @Test("What cannot be sent is refused at once, and nothing is kept of it", arguments: bad)
  func refused(_ bad: Bad) throws {
    let world = try TestWorld()
    try world.settle()
    let before = try (world.nodes[0].snapshot(), world.nodes[0].journal())
    let error = world.refusal(
      to: bad.to, kind: bad.kind, payload: bad.payload, replyTo: bad.replyTo, key: bad.key)
    #expect(error?.code == bad.code)
    #expect(try world.nodes[0].snapshot() == before.0)
    #expect(try world.nodes[0].journal() == before.1)
  }

  @Test("A key gives the same answer to the same request, and none to another")
  func idempotency() throws {
    let world = try TestWorld()
    let first = try world.submit(1, key: "one")
    #expect(try world.submit(1, key: "one") == first)
    let other = world.refusal(
      to: world.nodes[1].code, payload: SamplePayload.transfer(2), key: "one")
    #expect(other?.code == .idempotencyMismatch)
    try world.settle()
    #expect(try world.submit(1, key: "one") == first)
    try world.settle()
    #expect(try world.nodes[1].snapshot().log(world.direction()).count == 1)
  }

  @Test("Two submissions under one key that wait together become one, act and thread included")
  func idempotentTogether() throws {
    let world = try TestWorld()
    let lead = try world.submit(1, from: 1, to: 0)
    try world.settle()
    let node = world.nodes[0].node
    let calls = (0..<2).map { _ in
      world.start {
        try await node.act(
          kind: KindName.leadSign, on: lead, payload: SamplePayload.sign(), idempotencyKey: "s")
      }
    }
    while world.executor.step() {}
    while world.nodes[0].work.all[3].step() {}
    while world.executor.step() {}
    world.work()
    let receipts = try calls.map { try #require(try $0.result?.get()) }
    #expect(receipts[0].id == receipts[1].id)
    #expect(receipts.map(\.thread) == [lead, lead])
    #expect(receipts.map(\.repeated) == [false, true])
  }

  @Test("A key is forgotten after its time")
  func forgotten() throws {
    let world = try TestWorld()
    let first = try world.submit(1, key: "one")
    world.advance(milliseconds: UInt32(world.nodes[0].limits.idempotencyMilliseconds + 1))
    try world.tick(0)
    #expect(try world.submit(1, key: "one") != first)
  }

  @Test("What is not sealed can be cancelled; what is sealed cannot")
  func cancel() throws {
    let world = try TestWorld()
    let node = world.nodes[0].node
    let waiting = try world.submit(1)
    try world.call { try await node.cancel(waiting) }
    #expect(throws: ExchangeError.self) { try world.summary(waiting, at: 0) }
    try world.settle()
    let sealed = try world.submit(2)
    let error = #expect(throws: ExchangeError.self) {
      try world.call { try await node.cancel(sealed) }
    }
    #expect(error?.code == .alreadySealed)
    try world.settle()
    #expect(try world.nodes[1].snapshot().log(world.direction()).count == 1)
    #expect(try world.nodes[0].journal().contains { $0.contains("submission.cancelled") })
  }

  @Test("What a new policy forbids becomes a dead letter, which a later policy revives")
  func deadLetter() throws {
    let world = try TestWorld()
    let id = try world.submit()
    let allowed = world.federation.directory.policy
    try world.federation.publish { $0.policy = DirectoryPolicy(allow: []) }
    try world.publish()
    #expect(world.refusal(to: world.nodes[1].code)?.code == .policy)
    try world.settle()
    let dead = try world.summary(id, at: 0)
    #expect(dead.delivery == .dead)
    #expect(dead.dead?.code == "policy.denied")
    let node = world.nodes[0].node
    #expect(try world.call { try await node.deadLetters(limit: 10) }.map(\.id) == [id])
    try world.federation.publish { $0.policy = allowed }
    try world.publish()
    try world.call { try await node.requeueDeadLetter(id, by: "operator") }
    try world.settle()
    #expect(try world.summary(id, at: 0).delivery == .receipted)
    #expect(try world.call { try await node.queues() }.map(\.dead) == [0])
  }

  @Test("A full outbox turns submissions away until receipts make room")
  func outboxFull() throws {
    var limits = ExchangeLimits()
    limits.outboxRecords = 3
    let world = try TestWorld(limits: limits)
    for number in 0..<3 { try world.submit(number) }
    #expect(world.refusal(to: world.nodes[1].code)?.code == .outboxFull)
    world.reconnects = false
    world.connect()
    while world.deliver(from: 1, to: 0) {}
    #expect(world.refusal(to: world.nodes[1].code)?.code == .outboxFull)
    try world.settle()
    #expect(world.refusal(to: world.nodes[1].code) == nil)
  }
}
