import Exchange
import NIOCore
import NIOPosix
import RecordModel
import SanxiangTesting
import Synchronization
import Testing

@testable import PeerLink

/// Starting, stopping, strangers, and peers that are not there.
@Suite(.timeLimit(.minutes(1))) struct PeerLinkServiceEdgeTests {
  private let low = PeerFederation.low
  private let middle = PeerFederation.middle
  private let federation: PeerFederation

  init() throws {
    federation = try PeerFederation()
  }

  /// A port of the loopback interface on which nobody listens.
  private func closedPort() async throws -> Int {
    let (listener, _) = try await LoopbackPeer.listen()
    let port = try #require(listener.localAddress?.port)
    try await listener.close()
    return port
  }

  @Test func `A certificate that names another node cannot be used to start`() async throws {
    let identity = try federation.identity(middle)
    let node = try TestNode(low, in: federation, identity: identity)
    let error = await #expect(throws: PeerLinkError.self) { try await node.service.start() }
    #expect(error?.code == .identity)
    await node.service.stop()
  }

  @Test func `Nor can it be loaded later; the old one stays`() async throws {
    let pair = try await TestPair(in: federation)
    _ = try await pair.opened()
    let wrong = PeerTLS(identity: try federation.identity(middle))
    let error = #expect(throws: PeerLinkError.self) { try pair.low.service.reload(tls: wrong) }
    #expect(error?.code == .identity)
    #expect(pair.low.status(of: middle)?.isConnected == true)
    await pair.stop()
  }

  @Test func `A port that is taken is an error`() async throws {
    let (listener, _) = try await LoopbackPeer.listen()
    let port = try #require(listener.localAddress?.port)
    let node = try TestNode(low, in: federation) { $0.port = port }
    let error = await #expect(throws: PeerLinkError.self) { try await node.service.start() }
    #expect(error?.code == .listen)
    try await listener.close()
  }

  @Test func `A service starts once`() async throws {
    let node = try TestNode(low, in: federation)
    _ = try await node.service.start()
    let error = await #expect(throws: PeerLinkError.self) { try await node.service.start() }
    #expect(error?.code == .state)
    await node.service.stop()
  }

  @Test func `A peer that is not there is tried again later, or when asked`() async throws {
    let port = try await closedPort()
    let directory = try federation.directory(endpoints: [middle: "127.0.0.1:\(port)"])
    let node = try TestNode(low, in: federation, directory: directory)
    _ = try await node.service.start()
    for attempt in 1...3 {
      try await node.connectionOver()
      let status = try #require(node.status(of: middle))
      #expect(status.attempts == attempt && !status.isConnected)
      #expect(status.lastTrouble?.side == .network && status.lastTrouble?.code == nil)
      #expect(try #require(status.nextAttempt) > federation.now)
      #expect(node.service.retryNow(middle))
    }
    await node.service.stop()
  }

  @Test func `A directory with a new endpoint is followed at once`() async throws {
    let port = try await closedPort()
    let directory = try federation.directory(endpoints: [middle: "127.0.0.1:\(port)"])
    let node = try TestNode(low, in: federation, directory: directory)
    _ = try await node.service.start()
    try await node.connectionOver()
    let other = try TestNode(middle, in: federation)
    let open = try await other.service.start()
    node.change(
      directory: try federation.directory(version: 2, endpoints: [middle: "127.0.0.1:\(open)"]))
    _ = try await node.host.opened(middle)
    await node.service.stop()
    await other.service.stop()
  }

  @Test func `A peer that shall only be accepted is not dialled`() async throws {
    let (listener, accepted) = try await LoopbackPeer.listen()
    let port = try #require(listener.localAddress?.port)
    let endpoint = "127.0.0.1:\(port)"
    let node = try TestNode(
      low, in: federation,
      directory: federation.directory(endpoints: [middle: endpoint, PeerFederation.high: endpoint])
    ) { $0.acceptOnly = [PeerFederation.middle] }
    _ = try await node.service.start()
    _ = try await accepted.first()
    #expect(node.status(of: middle)?.endpoint == nil)
    #expect(node.status(of: PeerFederation.high)?.endpoint == endpoint)
    await node.service.stop()
    #expect(accepted.waiting.isEmpty)
    try await listener.close()
  }

  @Test func `Garbage from a stranger harms nobody`() async throws {
    let pair = try await TestPair(in: federation)
    let (outlet, _) = try await pair.opened()
    for seed in 0..<5 {
      let stranger = try await LoopbackPeer.dial(pair.port)
      stranger.channel.writeAndFlush(
        ByteBuffer(bytes: SeededRandom(seed: UInt64(seed)).bytes(5_000)), promise: nil)
      let line = try await pair.middle.connectionOver()
      #expect(line.metadata["peer"] == "unknown")
      stranger.channel.close(promise: nil)
    }
    _ = try await pair.middle.host.message(low)
    outlet.send(.fetch(Fetch(origin: Samples.origin, start: 0)))
    guard case .fetch = try await pair.middle.host.message(low) else {
      Issue.record("the node no longer serves its peer")
      return
    }
    await pair.stop()
  }

  @Test func `More strangers than the limit are turned away, and make room when they go`()
    async throws
  {
    let node = try TestNode(low, in: federation) { $0.strangersLimit = 2 }
    let port = try await node.service.start()
    let first = try await LoopbackPeer.dial(port)
    let second = try await LoopbackPeer.dial(port)
    let third = try await LoopbackPeer.dial(port)
    try await third.events.first { event in
      switch event {
      case .closed, .inputClosed, .error: true
      default: false
      }
    }
    #expect(node.service.state.withLock { $0.strangers.count } == 2)
    try await first.channel.close().get()
    try await node.connectionOver()
    #expect(node.service.state.withLock { $0.strangers.count } == 1)
    await node.service.stop()
    _ = (second, third)
  }

  @Test func `Stopping does not wait for a peer that says nothing`() async throws {
    let (listener, accepted) = try await LoopbackPeer.listen()
    let port = try #require(listener.localAddress?.port)
    let node = try TestNode(
      low, in: federation,
      directory: federation.directory(endpoints: [middle: "127.0.0.1:\(port)"]))
    let ownPort = try await node.service.start()
    let silent = try await accepted.first()
    let stranger = try await LoopbackPeer.dial(ownPort)
    await node.service.stop()
    try await silent.events.first { if case .inputClosed = $0 { true } else { false } }
    try await stranger.events.first { event in
      switch event {
      case .closed, .inputClosed, .error: true
      default: false
      }
    }
    #expect(node.service.state.withLock { $0.connections.isEmpty && $0.strangers.isEmpty })
    try await listener.close()
  }

  @Test func `A certificate that expires ends the live connection`() async throws {
    let soon = federation.now.seconds + 60
    let pair = try await TestPair(
      in: federation, identity: federation.identity(middle, notAfter: soon)
    ) { $0.pingInterval = .milliseconds(1) }
    _ = try await pair.opened()
    federation.clock.jump(to: Timestamp(milliseconds: (soon + 1) * 1000))
    #expect(try await pair.middle.host.fault(low).code == .certificate)
    try await pair.low.host.disconnected(middle)
    await pair.stop()
  }
}
