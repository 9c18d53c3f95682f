import Cryptography
import NIOCore
import NIOPosix
import SanxiangTesting
import Testing

@testable import PeerLink

@Suite(.timeLimit(.minutes(1))) struct TLSLoopbackTests {
  /// A client and a server over real sockets, both with half-closure.
  private static func connect() async throws -> (
    client: LoopbackPeer, server: LoopbackPeer, listener: any Channel
  ) {
    let federation = try PeerFederation()
    let clientContext = try federation.trust(PeerFederation.low).context
    let serverContext = try federation.trust(PeerFederation.middle).context
    let (listener, accepted) = try await LoopbackPeer.listen { channel in
      try channel.pipeline.syncOperations.addHandler(handler(serverContext, .server))
    }
    let client = try await LoopbackPeer.dial(try #require(listener.localAddress?.port)) { channel in
      try channel.pipeline.syncOperations.addHandler(handler(clientContext, .client))
    }
    return (client, try await accepted.first(), listener)
  }

  private static func handler(
    _ context: TLSContext, _ role: TLSSession.Role
  ) throws -> TLSHandler {
    var configuration = TLSHandlerConfiguration()
    configuration.allowsHalfClosure = true
    return TLSHandler(
      session: try TLSSession(context: context, role: role), configuration: configuration)
  }

  @Test func `A question that ends with a half-close still gets its long answer`() async throws {
    let (client, server, listener) = try await Self.connect()
    let question = ByteBuffer(string: "how many?")
    try await client.channel.writeAndFlush(question)
    try await client.channel.close(mode: .output)
    #expect(try await server.bytes(question.readableBytes) == question)
    try await server.events.first { if case .inputClosed = $0 { true } else { false } }
    let answer = ByteBuffer(bytes: SeededRandom(seed: 3).bytes(4_000_000))
    server.channel.write(answer, promise: nil)
    server.channel.close(promise: nil)
    #expect(try await client.bytes(answer.readableBytes) == answer)
    try await client.closed()
    try await server.closed()
    try await listener.close()
  }

  @Test func `A peer that does not read makes the connection unwritable, until it reads`()
    async throws
  {
    let (client, server, listener) = try await Self.connect()
    // Both handshakes are done when a byte has passed each way.
    try await client.channel.writeAndFlush(ByteBuffer(string: "a"))
    _ = try await server.bytes(1)
    try await server.channel.setOption(.autoRead, value: false).get()
    // More than two sockets' buffers hold.
    let flood = ByteBuffer(repeating: 7, count: 32 * 1024 * 1024)
    let sent = client.channel.eventLoop.makePromise(of: Void.self)
    client.channel.writeAndFlush(flood, promise: sent)
    try await client.events.first { if case .writability(false) = $0 { true } else { false } }
    try await server.channel.setOption(.autoRead, value: true).get()
    try await client.events.first { if case .writability(true) = $0 { true } else { false } }
    #expect(try await server.bytes(flood.readableBytes).readableBytes == flood.readableBytes)
    try await sent.futureResult.get()
    client.channel.close(promise: nil)
    try await server.events.first { if case .inputClosed = $0 { true } else { false } }
    server.channel.close(promise: nil)
    try await server.closed()
    try await listener.close()
  }

  @Test func `A connection that is cut is an error at the other end`() async throws {
    let (client, server, listener) = try await Self.connect()
    try await client.channel.writeAndFlush(ByteBuffer(string: "a"))
    _ = try await server.bytes(1)
    client.channel.triggerUserOutboundEvent(TLSAbort(), promise: nil)
    try await server.events.first { if case .error = $0 { true } else { false } }
    try await server.closed()
    try await listener.close()
  }
}
