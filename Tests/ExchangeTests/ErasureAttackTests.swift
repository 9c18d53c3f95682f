import Cryptography
import Exchange
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

@Suite("Erased marks that lie")
struct ErasureAttackTests {
  private func erased(_ record: WireRecord) -> WireRecord {
    WireRecord(header: record.header, payload: nil, salt: [])
  }

  @Test("A record that is pushed as erased is refused: nobody escapes being judged")
  func dodge() throws {
    let world = try TestWorld()
    try world.settle()
    world.tamper = { message, from, _ in
      guard case .push(var batch) = message, from == 0 else { return message }
      batch.records = batch.records.map(erased)
      return .push(batch)
    }
    let id = try world.submit(1)
    try world.settle()
    #expect(try world.summary(id, at: 0).delivery == .refused)
    #expect(try world.stored(id, at: 1)?.refused == true)
    let refusal = try world.nodes[1].journal().first { $0.contains("refusal.sent") }
    #expect(refusal?.contains("payload:erased") == true)
    let node = world.nodes[1].node
    let inbox = try world.call { try await node.inbox(cursor: nil, limit: 9) }
    #expect(inbox.items.isEmpty)
  }

  @Test("A node's own record without its payload halts the channel")
  func ownKinds() throws {
    let (world, id) = try ErasureTests.world()
    world.tamper = { message, from, _ in
      guard case .push(var batch) = message, from == 0 else { return message }
      batch.records = batch.records.map(erased)
      return .push(batch)
    }
    try world.erase(id, at: 0)
    world.reconnects = false
    try world.settle()
    let channel = try world.nodes[1].snapshot().channel(world.direction())
    #expect(channel?.halt?.code == "channel.badCommitment")
    #expect(try world.erasure(of: id, at: 1) == nil)
  }

  @Test(
    "A restored node given stubs for what nobody has erased raises an alarm",
    arguments: [0, 1])
  func uncovered(restored: Int) throws {
    let world = try TestWorld()
    try world.settle()
    let backup = try world.backup(of: restored)
    let id = try world.submit(1)
    try world.settle()
    world.tamper = { [self] message, from, _ in
      guard from == 1 - restored else { return message }
      switch message {
      case .push(var batch):
        batch.records = batch.records.map(erased)
        return .push(batch)
      case .entries(var batch):
        batch.records = batch.records.map(erased)
        return .entries(batch)
      default: return message
      }
    }
    try world.crashAndRestart(restored, on: backup)
    try world.settle()
    try world.tick(restored)
    #expect(try world.stored(id, at: restored)?.payload == nil)
    #expect(try world.erasure(of: id, at: restored)?.state == .uncovered)
    #expect(try world.erasureAlarms("erasure.uncovered", at: restored) == 1)
    try world.tick(restored)
    #expect(try world.erasureAlarms("erasure.uncovered", at: restored) == 1)
    try expectEqualEnds(world)
  }

  /// An erasure record by a sender whose own node would not make it.
  private func forged(
    _ world: TestWorld, _ id: RecordID, _ change: (inout ErasureStatement) -> Void = { _ in }
  ) throws -> [UInt8] {
    var statement = try world.proposal(id, at: 0).statement
    change(&statement)
    let note = try SignedNote(
      parsing: world.federation.approve(statement.text, at: world.nodes[0].code, by: [0, 1]))
    let operators = try world.federation.operators(of: world.nodes[0].code)
    return try #require(statement.payload(approved: note, by: operators)).json
  }

  @Test("An erasure of what is not there, of the future or of another id is refused")
  func wrongTargets() throws {
    let (world, id) = try ErasureTests.world()
    let second = try world.submit(2)
    try world.settle()
    let changes: [(String, (inout ErasureStatement) -> Void)] = [
      ("another id", { $0.target = second }),
      ("another place", { $0.seq = 1 }),
      ("what comes later", { $0.seq = 40 }),
      (
        "what was not seen",
        { statement in
          statement.channel = Origin(
            federation: statement.channel.federation,
            direction: statement.channel.direction.reversed, epoch: 1)
          statement.seq = 40
        }
      ),
      (
        "another federation",
        { statement in
          statement.channel = Origin(
            federation: "elsewhere", direction: statement.channel.direction, epoch: 1)
        }
      ),
    ]
    // Each wrong one, then a true one, and that once more.
    let payloads =
      try changes.map { try forged(world, id, $0.1) } + [0, 1].map { _ in try forged(world, id) }
    var forger = try Forger(world)
    for payload in payloads {
      let target = try #require(SystemErasure(reading: payload)).target
      forger.add(
        payload: payload,
        change: {
          $0.kind = KindName.systemErasure
          $0.schema = SystemErasure.schema
          $0.thread = id
          $0.replyTo = target
        })
    }
    let peer = try HandPeer(world, as: 0, to: 1)
    peer.push(try forger.batch())
    let log = try world.nodes[1].snapshot().log(world.direction())
    let verdicts = log.suffix(payloads.count).map(\.refused)
    #expect(verdicts == changes.map { _ in true } + [false, true])
    let refusals = try world.nodes[1].journal().filter { $0.contains("refusal.sent") }
    #expect(refusals.count == changes.count + 1)
    #expect(refusals.allSatisfy { $0.contains("\"rules\":\"erasure:target\"") })
    #expect(try world.erasure(of: id, at: 1)?.state == .peer)
    #expect(try world.erasure(of: second, at: 1) == nil)
    #expect(try world.stored(id, at: 1)?.payload != nil, "what a peer says destroys nothing here")
  }
}
