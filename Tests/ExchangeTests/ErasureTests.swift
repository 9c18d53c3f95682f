import Cryptography
import Exchange
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

@Suite("Erasing payloads")
struct ErasureTests {
  /// Two nodes, and a lead from 0 to 1 that was signed for.
  static func world() throws -> (TestWorld, RecordID) {
    let world = try TestWorld()
    try world.settle()
    let id = try world.submit(1, key: "key")
    try world.settle()
    try world.act(KindName.leadSign, on: id)
    try world.settle()
    return (world, id)
  }

  @Test(
    "Each end destroys its own copy when its own record is sealed; the log stands",
    arguments: [0, 1])
  func bothEnds(first: Int) throws {
    let (world, id) = try Self.world()
    let before = try world.nodes[0].snapshot().log(world.direction())
    let receipt = try world.erase(id, at: first)
    #expect(receipt.peer == world.nodes[1 - first].code)
    #expect(try world.stored(id, at: first)?.payload == nil)
    #expect(try world.stored(id, at: first)?.salt == [])
    try world.settle()
    #expect(try world.erasure(of: id, at: first)?.state == .own)
    #expect(try world.erasure(of: id, at: 1 - first)?.state == .peer)
    #expect(try world.stored(id, at: 1 - first)?.payload == SamplePayload.transfer(1))
    try world.erase(id, at: 1 - first)
    try world.settle()
    for number in 0...1 {
      #expect(try world.erasure(of: id, at: number)?.state == .both)
      #expect(try world.stored(id, at: number)?.payload == nil)
      #expect(try world.summary(id, at: number).isErased)
      #expect(try world.summary(id, at: number).title == nil)
    }
    try expectEqualEnds(world)
    let after = try world.nodes[0].snapshot().log(world.direction())
    #expect(after.prefix(before.count).map(\.leaf) == before.map(\.leaf))
    #expect(try world.state(id, at: 1) == .signed)
  }

  @Test("The record names its target and carries both approvals, which anyone can verify")
  func record() throws {
    let (world, id) = try Self.world()
    let receipt = try world.erase(id, at: 1)
    try world.settle()
    let payload = try #require(try world.stored(receipt.id, at: 0)?.payload)
    let erasure = try #require(SystemErasure(reading: payload))
    #expect(erasure.target == id)
    #expect(erasure.channel == world.origin().description)
    let leaf = try #require(try world.stored(id, at: 0)?.leaf)
    let statement = try #require(
      ErasureStatement(erasure, of: world.nodes[1].code, leaf: leaf))
    #expect(statement.verifies(erasure.approvals, suite: .sha256Ed25519))
    let other = try #require(ErasureStatement(erasure, of: world.nodes[0].code, leaf: leaf))
    #expect(!other.verifies(erasure.approvals, suite: .sha256Ed25519))
    #expect(
      !statement.verifies([erasure.approvals[0], erasure.approvals[0]], suite: .sha256Ed25519))
    let journal = try world.nodes[1].journal().joined()
    for event in ["erasure.approved", "erasure.applied", "record.erase"] {
      #expect(journal.contains("\"\(event)\""))
    }
    #expect(try world.nodes[0].journal().joined().contains("\"erasure.received\""))
  }

  @Test("One operator, one key under two names, or another node's operators do not suffice")
  func approvals() throws {
    let (world, id) = try Self.world()
    let text = try world.proposal(id, at: 0).statement.text
    let (own, peer) = (world.nodes[0].code, world.nodes[1].code)
    for note in [
      try world.federation.approve(text, at: own, by: [0]),
      try world.federation.approve(text, at: own, by: []),
      try world.federation.approve(text, at: own, by: [0, 2]),
      try world.federation.approve(text, at: peer, by: [0, 1]),
      try world.federation.approve("not " + text, at: own, by: [0, 1]),
      try world.federation.approve(world.proposal(id, at: 1).statement.text, at: own, by: [0, 1]),
      Array("nonsense".utf8),
    ] {
      #expect(world.code { try world.erase(approved: note, at: 0) } == "erasure.approvals")
    }
    #expect(try world.stored(id, at: 0)?.payload != nil)
  }

  @Test("What was approved must be the very record: another place or leaf is refused")
  func otherRecord() throws {
    let (world, id) = try Self.world()
    let second = try world.submit(2)
    try world.settle()
    let right = try world.proposal(id, at: 0).statement
    var (place, leaf, channel) = (right, right, right)
    place.seq = try world.proposal(second, at: 0).statement.seq
    leaf.leaf = .zero
    channel.channel = Origin(
      federation: right.channel.federation, direction: right.channel.direction, epoch: 7)
    for (wrong, code) in [
      (place, "erasure.approvals"), (leaf, "erasure.approvals"), (channel, "record.notFound"),
    ] {
      let note = try world.federation.approve(wrong.text, at: world.nodes[0].code, by: [0, 1])
      #expect(world.code { try world.erase(approved: note, at: 0) } == code)
    }
  }

  @Test("Not twice, not before its receipt, not what nodes say, not what is queued")
  func targets() throws {
    let (world, id) = try Self.world()
    world.cut()
    world.deliverAll()
    world.reconnects = false
    let unreceipted = try world.submit(2)
    #expect(world.code { try world.erase(unreceipted, at: 0) } == "record.notReceipted")
    try world.crashAndRestart(0)
    let queued = try world.submit(3)
    #expect(world.code { try world.erase(queued, at: 0) } == "erasure.target")
    let receipt = try world.erase(id, at: 0)
    #expect(try world.stored(id, at: 0)?.payload != nil, "sealing waits, and so does the erasure")
    #expect(world.code { try world.erase(id, at: 0) } == "erasure.done")
    world.reconnects = true
    try world.settle()
    #expect(try world.stored(id, at: 0)?.payload == nil)
    #expect(world.code { try world.erase(id, at: 0) } == "erasure.done")
    #expect(world.code { try world.erase(receipt.id, at: 0) } == "erasure.target")
    #expect(
      world.code {
        let nobody = try RecordID(parsing: "019b8a5c-0000-7000-8000-000000000001")
        try world.erase(nobody, at: 0)
      } == "record.notFound")
    let node = world.nodes[0].node
    #expect(
      world.code {
        try world.call {
          _ = try await node.erasureStatement(unreceipted, law: "", article: "一")
        }
      } == "record.invalid")
    try expectEqualEnds(world)
  }

  @Test("An Idempotency-Key stays used, and the digest of what it brought is gone")
  func idempotency() throws {
    let (world, id) = try Self.world()
    try world.erase(id, at: 0)
    #expect(world.code { try world.submit(1, key: "key") } == "submission.idempotencyMismatch")
    let kept = try world.nodes[0].store.base.read { try $0.idempotency("key") }
    #expect(kept?.id == id)
    #expect(kept?.request == .zero)
  }

  @Test("Titles and numbers go from lists and projections; the thread and its clocks stay")
  func projections() throws {
    let (world, id) = try Self.world()
    let node = world.nodes[1].node
    try world.tick(1)
    let rows = { try world.nodes[1].store.base.read { try $0.projection(of: id) } }
    #expect(try rows()?.acts.first?.docNo != nil)
    try world.erase(id, at: 1)
    #expect(try rows()?.acts.count == 2)
    #expect(try rows()?.acts.first?.docNo == nil)
    let thread = try world.call { try await node.thread(id) }
    #expect(thread.records.first?.points.isEmpty == true)
    #expect(thread.records.first?.summary.isErased == true)
    #expect(thread.records[1].points.isEmpty == false)
    let forwarded = world.code {
      try world.call {
        _ = try await node.forward(
          id, to: try AgencyCode("11100000MB0143028R"), reason: "no-jurisdiction", text: "x")
      }
    }
    #expect(forwarded == "forward.erased")
  }

  @Test(
    "What else holds the content is named: forwardings here and elsewhere, and what they pass on")
  func carriers() throws {
    let world = try ForwardTests.world()
    let id = try world.lead([KindName.leadSign])
    let receipt = try world.forward(id)
    try world.settle()
    let forward = receipt.forward.id
    func named(_ id: RecordID, at number: Int) throws -> [String] {
      try world.proposal(id, at: number).carriers.map { "\($0.id) \($0.place)" }
    }
    #expect(try named(id, at: 0) == ["\(forward) elsewhere"])
    #expect(try named(id, at: 1) == ["\(forward) log"])
    #expect(try named(forward, at: 1) == ["\(id) log"])
    #expect(try named(forward, at: 2) == [])
    #expect(try world.erase(id, at: 1).carriers.map(\.id) == [forward])
    try world.settle()
    #expect(try world.stored(forward, at: 1)?.payload != nil, "each is erased by itself")
    #expect(try world.stored(forward, at: 2)?.payload != nil)
    try expectEqualEnds(world)
  }

  @Test("What was refused can be erased too, by its place where its id is another's")
  func refused() throws {
    let world = try TestWorld()
    try world.settle()
    let id = try world.submit(1)
    try world.settle()
    var forger = try Forger(world)
    forger.add(
      payload: SamplePayload.transfer(5),
      change: { header in
        header.id = id
        header.thread = id
      })
    let peer = try HandPeer(world, as: 0, to: 1)
    peer.push(try forger.batch())
    let log = try world.nodes[1].snapshot().log(world.direction())
    #expect(log.map(\.refused) == [false, true])
    let text = try world.proposal(id, at: 1, seq: 1).statement.text
    let note = try world.federation.approve(text, at: world.nodes[1].code, by: [0, 1])
    try world.erase(approved: note, at: 1)
    try world.settle()
    let after = try world.nodes[1].snapshot().log(world.direction())
    #expect(after.map { $0.payload == nil } == [false, true])
  }

  @Test("The files are scrubbed at the next tick, and after a failure or a crash before it")
  func scrubs() throws {
    let (world, id) = try Self.world()
    let memory = { try #require(world.nodes[0].store.base.base as? MemoryStore) }
    try world.erase(id, at: 0)
    world.nodes[0].store.failScrubs(1)
    try world.tick(0)
    #expect(try memory().scrubs == 0)
    try world.tick(0)
    #expect(try memory().scrubs == 0, "not again at once")
    try world.crashAndRestart(0)
    try world.tick(0)
    #expect(try memory().scrubs == 1)
    let journal = try world.nodes[0].journal().joined()
    #expect(journal.contains("\"event\":\"erasure.scrubbed\",\"count\":1"))
    try world.crashAndRestart(0)
    try world.tick(0)
    #expect(try memory().scrubs == 0, "a new store in memory, and nothing left to do")
  }
}
