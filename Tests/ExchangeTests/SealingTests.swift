import Cryptography
import Exchange
import RecordModel
import SanxiangTesting
import Testing

@Suite("Sealing")
struct SealingTests {
  @Test("Nothing is sealed with a key that the directory does not list for now")
  func keyNotListed() throws {
    let world = try TestWorld()
    try world.settle()
    let (node, code) = (world.nodes[0].node, world.nodes[0].code)
    let listed = world.federation.directory.nodes[code]
    let another = [
      DatedKey(
        key: try Suite.sha256Ed25519.generateSigningKey().verificationKey,
        notBefore: world.federation.directory.notBefore, notAfter: nil)
    ]
    try world.federation.publish { contents in
      contents.nodes[code]?.recordKeys = another
    }
    try world.publish(at: [0])
    let id = try world.submit()
    try world.settle()
    #expect(try world.summary(id, at: 0).delivery == .queued)
    #expect(try world.call { try await node.queues() }.map(\.sealingBlocked) == ["key"])
    #expect(node.problems().map(\.code) == ["key.invalid"])
    try world.federation.publish { $0.nodes[code] = listed }
    try world.publish()
    try world.tick(0)
    try world.settle()
    #expect(node.problems().isEmpty)
    #expect(try world.summary(id, at: 0).delivery == .receipted)
  }

  @Test("A refusal of ours is sealed for a peer that reads nothing, and never dies")
  func refusalNeverDies() throws {
    let world = try TestWorld()
    try world.settle()
    var forger = try Forger(world)
    forger.add { $0.thread = SubmittingTests.nowhere }
    let batch = try forger.batch()
    world.reconnects = false
    let peer = try HandPeer(world, as: 0, to: 1) { $0.schemas = [] }
    peer.push(batch)
    let snapshot = try world.nodes[1].snapshot()
    #expect(snapshot.dead.isEmpty)
    #expect(snapshot.log(world.direction(1, 0)).count == 1)
  }

  @Test("A refusal of ours that waits cannot be cancelled")
  func refusalIsNotCancelled() throws {
    let world = try TestWorld()
    try world.settle()
    var forger = try Forger(world)
    forger.add { $0.thread = SubmittingTests.nowhere }
    let batch = try forger.batch()
    world.reconnects = false
    // Clocks that differ so much keep everything from being sealed.
    let peer = try HandPeer(world, as: 0, to: 1) {
      $0.clock = $0.clock.advanced(byMilliseconds: 3_600_000)
    }
    peer.push(batch)
    let before = try world.nodes[1].snapshot()
    let waiting = try #require(before.queued.values.joined().first)
    #expect(waiting.kind == KindName.systemRefusal)
    let node = world.nodes[1].node
    let error = #expect(throws: ExchangeError.self) {
      try world.call { try await node.cancel(waiting.id) }
    }
    #expect(error?.code == .policy)
    #expect(try world.nodes[1].snapshot() == before)
  }

  @Test("What may or may not be stored is not answered as if nothing had been done")
  func uncertain() throws {
    let world = try TestWorld()
    world.nodes[0].store.fail(.failsAfterPersist)
    #expect(world.refusal(to: world.nodes[1].code, key: "one")?.code == .storageUncertain)
    #expect(world.nodes[0].fatalErrors == 1)
    // What is asked of it after that is not done.
    #expect(world.refusal(to: world.nodes[1].code, key: "two")?.code == .storage)
    try world.restart(0)
    let id = try world.submit(key: "one")
    #expect(try world.nodes[0].snapshot().queued.values.joined().map(\.id) == [id])
  }

  @Test("No head of the journal is signed before a peer has told what it holds of ours")
  func journalWaits() throws {
    func signed(_ world: TestWorld) throws -> UInt64? {
      try world.nodes[0].store.read { try $0.journalCheckpoint(epoch: 1) }?.size
    }
    let world = try TestWorld()
    try world.tick(0)
    #expect(try signed(world) == nil)
    try world.settle()
    try world.tick(0)
    let first = try #require(try signed(world))
    try world.crashAndRestart(0)
    world.cut()
    try world.submit()
    try world.tick(0)
    #expect(try signed(world) == first)
    try world.settle()
    try world.tick(0)
    #expect(try #require(try signed(world)) > first)
  }
}
