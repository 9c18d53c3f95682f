import Exchange
import RecordModel
import SanxiangTesting
import Testing

@Suite("Sending and receiving")
struct HappyPathTests {
  @Test("A lead arrives whole, is receipted, and both ends hold the same")
  func delivery() throws {
    let world = try TestWorld()
    let id = try world.submit(7)
    #expect(try world.summary(id, at: 0).delivery == .queued)
    try world.settle()
    #expect(try world.summary(id, at: 0).delivery == .receipted)
    let node = world.nodes[1].node
    let view = try world.call { try await node.record(id) }
    #expect(view.payload == SamplePayload.transfer(7))
    #expect(view.summary.delivery == .received)
    try expectEqualEnds(world)
  }

  @Test("Both directions carry at once, and each record counts once")
  func bothDirections() throws {
    let world = try TestWorld()
    var ids: [RecordID] = []
    for number in 0..<5 {
      ids.append(try world.submit(number, from: 0, to: 1))
      ids.append(try world.submit(number, from: 1, to: 0))
    }
    try world.settle()
    for (index, id) in ids.enumerated() {
      #expect(try world.summary(id, at: index % 2).delivery == .receipted)
    }
    try expectEqualEnds(world)
    #expect(try world.brokenInvariants() == [])
  }

  @Test("Submissions that wait together share one transaction and one signed head")
  func groupCommit() throws {
    let world = try TestWorld()
    try world.settle()
    let (before, node, to) = (
      world.nodes[0].store.writeCount, world.nodes[0].node, world.nodes[1].code
    )
    let calls = (0..<20).map { number in
      world.start {
        try await node.submit(
          SubmissionRequest(
            to: to, kind: KindName.leadTransfer, payload: SamplePayload.transfer(number)))
      }
    }
    while world.executor.step() {}
    world.work()
    #expect(calls.allSatisfy { (try? $0.result?.get()) != nil })
    #expect(world.nodes[0].store.writeCount == before + 1)
    let snapshot = try world.nodes[0].snapshot()
    let out = Direction(from: world.nodes[0].code, to: to)
    let number = try #require(snapshot.channel(out)?.number)
    #expect(snapshot.checkpoints[number]?.map(\.size) == [20])
    try world.settle()
    try expectEqualEnds(world)
  }

  @Test("A record is sealed before its submission is answered when the peer has been greeted")
  func sealedAtOnce() throws {
    let world = try TestWorld()
    try world.settle()
    let id = try world.submit()
    #expect(try world.summary(id, at: 0).delivery == .sealed)
    #expect(try world.nodes[0].snapshot().queued.isEmpty)
  }

  @Test("Nothing is sealed after a start before the peer's first Hello")
  func helloFirst() throws {
    let world = try TestWorld()
    try world.settle()
    try world.crashAndRestart(0)
    let id = try world.submit()
    #expect(try world.summary(id, at: 0).delivery == .queued)
    let node = world.nodes[0].node
    #expect(try world.call { try await node.queues() }.first?.sealingBlocked == "hello")
    try world.settle()
    #expect(try world.summary(id, at: 0).delivery == .receipted)
  }

  @Test("Receipts lost on the way come again after a reconnect, byte for byte")
  func receiptsAgain() throws {
    let world = try TestWorld()
    try world.settle()
    for number in 0..<3 {
      try world.submit(number)
      while world.deliver(from: 0, to: 1) {}
    }
    world.cut()
    let direction = Direction(from: world.nodes[0].code, to: world.nodes[1].code)
    #expect(try world.nodes[0].snapshot().receipts(direction).isEmpty)
    #expect(try world.nodes[1].snapshot().receipts(direction).map(\.size) == [1, 2, 3])
    try world.settle()
    try expectEqualEnds(world)
  }

  @Test("A push that is repeated is answered with the stored receipt, byte for byte")
  func repeatedPush() throws {
    let world = try TestWorld()
    try world.settle()
    try world.submit()
    let batch = try #require(world.pushOnTheWay(from: 0, to: 1))
    try world.settle()
    let first = try #require(world.lastReceipt(at: 0, from: 1))
    let before = try world.nodes[1].snapshot()
    world.clearTranscript()
    world.nodes[1].clock.advance(milliseconds: 90_000)
    let peer = try HandPeer(world, as: 0, to: 1)
    peer.push(batch)
    #expect(peer.receipts == [first])
    #expect(try world.nodes[1].snapshot() == before)
  }

  @Test("A gap gets a fault, and the reconnect closes it")
  func gap() throws {
    let world = try TestWorld()
    try world.settle()
    var dropped = false
    world.tamper = { message, from, _ in
      if case .push = message, from == 0, !dropped {
        dropped = true
        return nil
      }
      return message
    }
    try world.submit(1)
    try world.submit(2)
    try world.settle()
    #expect(dropped)
    let faults = world.faults(at: 0, from: 1)
    #expect(faults.map(\.code) == [.gap])
    try expectEqualEnds(world)
  }

  @Test("A receipt's proof holds for a third party")
  func receiptProof() throws {
    let world = try TestWorld()
    let ids = try (0..<5).map { try world.submit($0) }
    try world.settle()
    let node = world.nodes[0].node
    for id in ids {
      let view = try world.call { try await node.receipt(id) }
      #expect(!view.senderKey.isEmpty)
      #expect(!view.receiptKey.isEmpty)
      #expect(view.summary.id == id)
    }
  }
}
