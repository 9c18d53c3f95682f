import Exchange
import RecordModel
import SanxiangTesting
import Testing

@Suite("Floods")
struct FloodTests {
  /// How many records a peer throws at one thread.
  private static let flood = 40

  /// Node 0 has a lead in node 1's hands and throws more at its thread, all of it refused.
  private func flooded() throws -> (world: TestWorld, lead: RecordID, headers: [RecordHeader]) {
    let world = try TestWorld()
    let lead = try world.submit()
    try world.settle()
    var forger = try Forger(world)
    for number in 0..<Self.flood {
      forger.add { header in
        // Every second one repeats the lead's id too.
        if number % 2 == 0 { header.id = lead }
        header.thread = lead
      }
    }
    world.reconnects = false
    let peer = try HandPeer(world, as: 0, to: 1)
    peer.push(try forger.batch())
    #expect(peer.faults.isEmpty)
    peer.hangUp()
    return (world, lead, forger.headers)
  }

  @Test("Records that are refused, and the refusals of them, do not gather in the thread they name")
  func refusedStayOut() throws {
    let (world, lead, headers) = try flooded()
    let store = world.nodes[1].store
    let log = try world.nodes[1].snapshot().log(world.direction())
    #expect(log.map(\.refused) == [false] + Array(repeating: true, count: Self.flood))
    #expect(try store.read { try $0.thread(lead) }.map(\.id) == [lead])
    // Each is still found, and says where it wanted to belong.
    let thrown = try #require(headers.last?.id)
    let node = world.nodes[1].node
    let view = try world.call { try await node.thread(thrown) }
    #expect(view.id == lead)
    #expect(view.records.map(\.summary.id) == [lead, thrown])
    #expect(view.records.map(\.summary.delivery) == [.received, .refused])
    // The thread goes on as if nothing had been thrown.
    let signed = try world.act(KindName.leadSign, on: lead)
    #expect(try store.read { try $0.thread(lead) }.map(\.id) == [lead, signed])
    #expect(try world.state(lead, at: 1) == .signed)
  }

  @Test("An outbox of more bytes than one turn takes goes out in several, in order")
  func largeOutbox() throws {
    let world = try TestWorld()
    let ids = try (0..<20).map { number in
      let text = SamplePayload.transfer(number)
      let payload = text + Array(repeating: 0x20, count: RecordHeader.payloadByteLimit - text.count)
      let (node, to) = (world.nodes[0].node, world.nodes[1].code)
      return try world.call {
        try await node.submit(
          SubmissionRequest(to: to, kind: KindName.leadTransfer, payload: payload))
      }.id
    }
    world.connect()
    try world.settle()
    let snapshot = try world.nodes[1].snapshot()
    #expect(snapshot.index.map(\.id) == ids)
    #expect(try world.nodes[0].snapshot().queued.isEmpty)
    try expectEqualEnds(world)
  }
}
