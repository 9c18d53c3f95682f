import Cryptography
import Exchange
import NIOCore
import NIOPosix
import RecordModel
import SanxiangTesting
import Synchronization
import Testing

@testable import PeerLink

@Suite(.timeLimit(.minutes(1))) struct PeerLinkServiceTests {
  private let low = PeerFederation.low
  private let middle = PeerFederation.middle

  @Test func `Two nodes exchange Hellos, then messages in order both ways`() async throws {
    let pair = try await TestPair()
    let (lowOutlet, middleOutlet) = try await pair.opened()
    guard case .hello(let hello) = try await pair.middle.host.message(low) else {
      Issue.record("the first message is not a Hello")
      return
    }
    #expect(hello == PeerFederation.hello(low, to: middle))
    _ = try await pair.low.host.message(middle)
    for start in 0..<200 {
      lowOutlet.send(.fetch(Fetch(origin: Samples.origin, start: UInt64(start))))
      middleOutlet.send(.fetch(Fetch(origin: Samples.origin, start: UInt64(1000 + start))))
    }
    for start in 0..<200 {
      guard case .fetch(let there) = try await pair.middle.host.message(low),
        case .fetch(let here) = try await pair.low.host.message(middle)
      else {
        Issue.record("not a Fetch")
        return
      }
      #expect(there.start == UInt64(start) && here.start == UInt64(1000 + start))
    }
    await pair.stop()
  }

  @Test func `The status says who is connected, how, and how much passed`() async throws {
    let pair = try await TestPair()
    _ = try await pair.opened()
    let measured = try await pair.low.host.events.first {
      if case .clock = $0 { true } else { false }
    }
    guard case .clock(middle, let difference) = measured else {
      Issue.record("no difference of clocks: \(measured)")
      return
    }
    let status = try #require(pair.low.status(of: middle))
    #expect(status.isConnected && status.opening == .dialled && status.attempts == 0)
    #expect(status.address == "127.0.0.1:\(pair.port)" && status.endpoint == status.address)
    #expect(status.software == "sanxiangd 1.0" && status.since == pair.federation.now)
    #expect(status.bytesIn > 0 && status.bytesOut > 0)
    #expect(status.clockDifference == difference)
    // The injected clock stands still, so half the round trip is all that there is.
    #expect(difference == Int64((status.roundTripMillis ?? -1) / 2))
    #expect(pair.middle.status(of: low)?.opening == .accepted)
    #expect(pair.middle.status(of: PeerFederation.high)?.isConnected == false)
    await pair.stop()
  }

  @Test func `Large batches arrive whole and in order`() async throws {
    let pair = try await TestPair()
    let (outlet, _) = try await pair.opened()
    _ = try await pair.middle.host.message(low)
    let batches = (0..<12).map { Samples.batch(700, start: UInt64($0 * 700)) }
    for batch in batches { outlet.send(.push(batch)) }
    for batch in batches {
      guard case .push(let received) = try await pair.middle.host.message(low) else {
        Issue.record("not a batch")
        return
      }
      #expect(received == batch)
    }
    await pair.stop()
  }

  @Test func `After a cut in the middle the nodes find each other again`() async throws {
    let pair = try await TestPair {
      $0.backoff = BackoffPolicy(baseMillis: 1, capMillis: 1)
    }
    let (outlet, _) = try await pair.opened()
    for start in 0..<8 { outlet.send(.push(Samples.batch(700, start: UInt64(start * 700)))) }
    let connection = try #require(pair.low.service.state.withLock { $0.connections.values.first })
    connection.abort()
    try await pair.low.host.disconnected(middle)
    let again = try await pair.low.host.opened(middle)
    outlet.send(.fetch(Fetch(origin: Samples.origin, start: 1)))
    again.send(.fetch(Fetch(origin: Samples.origin, start: 2)))
    try await pair.middle.host.disconnected(low)
    _ = try await pair.middle.host.opened(low)
    _ = try await pair.middle.host.message(low)
    guard case .fetch(let fetch) = try await pair.middle.host.message(low) else {
      Issue.record("not a Fetch")
      return
    }
    #expect(fetch.start == 2, "what is sent into a dead connection stays unsent")
    await pair.stop()
  }

  @Test func `A node that stops says so, and its peer hears it`() async throws {
    let pair = try await TestPair()
    _ = try await pair.opened()
    await pair.middle.service.stop()
    #expect(try await pair.low.host.fault(middle).code == .stopping)
    try await pair.low.host.disconnected(middle)
    try await pair.low.connectionOver()
    let trouble = try #require(pair.low.status(of: middle)?.lastTrouble)
    #expect(trouble.side == .theirs && trouble.code == .stopping)
    #expect(pair.low.status(of: middle)?.isConnected == false)
    try await pair.middle.host.disconnected(low)
    await pair.low.service.stop()
    await pair.low.service.stop()
    await #expect(throws: PeerLinkError.self) { try await pair.low.service.start() }
  }

  @Test func `What the exchange says last still arrives`() async throws {
    let pair = try await TestPair()
    let (outlet, _) = try await pair.opened()
    outlet.send(.fetch(Fetch(origin: Samples.origin, start: 5)))
    outlet.close(Fault(.gap, "a gap"))
    outlet.send(.fetch(Fetch(origin: Samples.origin, start: 6)))
    _ = try await pair.middle.host.message(low)
    guard case .fetch(let fetch) = try await pair.middle.host.message(low) else {
      Issue.record("not a Fetch")
      return
    }
    #expect(fetch.start == 5)
    #expect(try await pair.middle.host.fault(low).code == .gap)
    try await pair.middle.host.disconnected(low)
    await pair.stop()
  }

  // MARK: Which connection stays

  @Test func `The connection that the lower code dialled takes the other's place`() async throws {
    let federation = try PeerFederation()
    let lowNode = try TestNode(low, in: federation)
    let lowPort = try await lowNode.service.start()
    let middleNode = try TestNode(
      middle, in: federation,
      directory: federation.directory(endpoints: [low: "127.0.0.1:\(lowPort)"]))
    let middlePort = try await middleNode.service.start()
    _ = try await lowNode.host.opened(middle)
    _ = try await middleNode.host.opened(low)
    #expect(lowNode.status(of: middle)?.opening == .accepted)

    // Both dialled at the same time: the second attempt was under way already.
    let endpoint = try #require(PeerEndpoint(parsing: "127.0.0.1:\(middlePort)"))
    lowNode.service.perform([.dial(middle, endpoint, connection: 1_000_000)])
    for (node, peer) in [(lowNode, middle), (middleNode, low)] {
      try await node.host.disconnected(peer)
      _ = try await node.host.opened(peer)
    }
    #expect(lowNode.status(of: middle)?.opening == .dialled)
    #expect(middleNode.status(of: low)?.opening == .accepted)
    #expect(middleNode.status(of: low)?.lastTrouble == nil)
    await lowNode.service.stop()
    await middleNode.service.stop()
  }

  @Test func `The connection that the higher code dialled gives way`() async throws {
    let pair = try await TestPair()
    let (outlet, _) = try await pair.opened()
    let lowPort = try #require(
      pair.low.service.state.withLock { state -> Int? in
        guard case .running(_, let listener) = state.phase else { return nil }
        return listener?.localAddress?.port
      })
    let endpoint = try #require(PeerEndpoint(parsing: "127.0.0.1:\(lowPort)"))
    pair.middle.service.perform([.dial(low, endpoint, connection: 1_000_000)])
    // The second connection comes and goes without a session; the first carries on.
    try await pair.middle.logs.first { $0.message == "Another connection stays." }
    try await pair.low.logs.first { $0.message == "Another connection stays." }
    outlet.send(.fetch(Fetch(origin: Samples.origin, start: 9)))
    _ = try await pair.middle.host.message(low)
    guard case .fetch = try await pair.middle.host.message(low) else {
      Issue.record("not a Fetch")
      return
    }
    #expect(pair.middle.status(of: low)?.opening == .accepted)
    await pair.stop()
  }

  // MARK: Who is let in

  @Test func `A node of another agency's authority is not let in`() async throws {
    let federation = try PeerFederation()
    // Signed by the wrong authority of the same federation: TLS passes, the directory does not.
    let forged = try federation.identity(middle, from: PeerFederation.high)
    let pair = try await TestPair(in: federation, identity: forged)
    try await pair.low.connectionOver()
    let trouble = try #require(pair.low.status(of: middle)?.lastTrouble)
    #expect(trouble.side == .ours && trouble.code == .certificate)
    #expect(pair.low.status(of: middle)?.isConnected == false)
    let line = try await pair.middle.connectionOver()
    #expect(line.metadata["code"] == "peer.certificate" && line.metadata["side"] == "theirs")
    await pair.stop()
  }

  @Test func `A node of an unknown authority is refused in the handshake`() async throws {
    let other = try PeerFederation()
    let federation = try PeerFederation()
    let pair = try await TestPair(in: federation, identity: other.identity(middle))
    try await pair.low.connectionOver()
    let trouble = try #require(pair.low.status(of: middle)?.lastTrouble)
    #expect(trouble.side == .ours && trouble.code == .certificate)
    #expect(trouble.text.contains("crypto.tls.certificate.unknownIssuer"))
    let line = try await pair.middle.connectionOver()
    #expect(line.metadata["text"]?.contains("crypto.tls.alert.unknownIssuer") == true)
    await pair.stop()
  }

  @Test func `An expired node is refused in the handshake`() async throws {
    let federation = try PeerFederation()
    let expired = try federation.identity(middle, notAfter: federation.now.seconds - 1)
    let pair = try await TestPair(in: federation, identity: expired)
    try await pair.low.connectionOver()
    let trouble = try #require(pair.low.status(of: middle)?.lastTrouble)
    #expect(trouble.text.contains("crypto.tls.certificate.expired"))
    await pair.stop()
  }

  @Test func `Whoever answers for another agency is refused`() async throws {
    let federation = try PeerFederation()
    let middleNode = try TestNode(middle, in: federation)
    let port = try await middleNode.service.start()
    let lowNode = try TestNode(
      low, in: federation,
      directory: federation.directory(endpoints: [PeerFederation.high: "127.0.0.1:\(port)"]))
    _ = try await lowNode.service.start()
    try await lowNode.connectionOver()
    let trouble = try #require(lowNode.status(of: PeerFederation.high)?.lastTrouble)
    #expect(trouble.side == .ours && trouble.code == .wrongCode)
    await lowNode.service.stop()
    await middleNode.service.stop()
  }

  @Test func `A revocation list that is loaded ends the live connection`() async throws {
    let federation = try PeerFederation()
    let identity = try federation.identity(middle)
    let pair = try await TestPair(in: federation, identity: identity)
    _ = try await pair.opened()
    let list = try federation.list(of: middle, revoking: [identity])
    try pair.low.service.reload(
      tls: PeerTLS(identity: try federation.identity(low), revocationLists: [list]))
    #expect(try await pair.middle.host.fault(low).code == .certificate)
    try await pair.low.host.disconnected(middle)
    try await pair.low.connectionOver()
    #expect(pair.low.status(of: middle)?.lastTrouble?.text.contains("revoked") == true)

    // And it does not come back.
    #expect(pair.low.service.retryNow(middle))
    try await pair.low.connectionOver()
    #expect(
      pair.low.status(of: middle)?.lastTrouble?.text.contains("crypto.tls.certificate.revoked")
        == true)
    await pair.stop()
  }

  @Test func `A directory without the peer ends the live connection`() async throws {
    let pair = try await TestPair()
    _ = try await pair.opened()
    pair.low.change(directory: try pair.federation.directory(version: 2, without: [middle]))
    #expect(try await pair.middle.host.fault(low).code == .unknownPeer)
    try await pair.low.host.disconnected(middle)
    try await pair.low.connectionOver()
    #expect(pair.low.status(of: middle) == nil)
    #expect(!pair.low.service.retryNow(middle))
    await pair.stop()
  }

  @Test func `A directory that changes nothing for the peer leaves it alone`() async throws {
    let pair = try await TestPair()
    let (outlet, _) = try await pair.opened()
    pair.low.change(
      directory: try pair.federation.directory(
        version: 2, endpoints: [middle: "127.0.0.1:\(pair.port)"], without: [PeerFederation.high]))
    outlet.send(.fetch(Fetch(origin: Samples.origin, start: 3)))
    _ = try await pair.middle.host.message(low)
    guard case .fetch = try await pair.middle.host.message(low) else {
      Issue.record("not a Fetch")
      return
    }
    await pair.stop()
  }
}
