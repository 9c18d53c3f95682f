import Cryptography
import NIOCore
import NIOEmbedded

@testable import PeerLink

/// Notes what comes out of a pipeline.
final class Probe: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  var bytes: [UInt8] = []
  var reads = 0
  var handshakes: [TLSHandshakeCompleted] = []
  var errors: [any Error] = []
  var inputClosed = false
  var isInactive = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    bytes += Array(unwrapInboundIn(data).readableBytesView)
    reads += 1
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let completed = event as? TLSHandshakeCompleted { handshakes.append(completed) }
    if case ChannelEvent.inputClosed? = event as? ChannelEvent { inputClosed = true }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { errors.append(error) }
  func channelInactive(context: ChannelHandlerContext) { isInactive = true }
}

/// A client and a server, and the wire between them, which carries only when it is told to.
final class TLSPipe {
  let client: EmbeddedChannel
  let server: EmbeddedChannel
  let atClient = Probe()
  let atServer = Probe()

  init(
    client: TLSContext, server: TLSContext,
    configure: (inout TLSHandlerConfiguration) -> Void = { _ in }
  ) throws {
    var configuration = TLSHandlerConfiguration()
    configure(&configuration)
    let handlers = try [(client, TLSSession.Role.client), (server, .server)].map {
      TLSHandler(
        session: try TLSSession(context: $0.0, role: $0.1), configuration: configuration)
    }
    self.client = EmbeddedChannel()
    self.server = EmbeddedChannel()
    try self.client.pipeline.syncOperations.addHandlers([handlers[0], atClient])
    try self.server.pipeline.syncOperations.addHandlers([handlers[1], atServer])
  }

  func connect() throws {
    let address = try SocketAddress(ipAddress: "127.0.0.1", port: 7443)
    for channel in [client, server] { try channel.connect(to: address).wait() }
  }

  /// Carries until nothing moves, at most `step` bytes at a time.
  func pump(step: Int = .max) throws {
    var moved = true
    while moved {
      moved = try carry(from: client, to: server, step)
      moved = try carry(from: server, to: client, step) || moved
    }
  }

  /// Ends without leaving a promise behind.
  func finish() {
    for channel in [client, server] {
      channel.pipeline.triggerUserOutboundEvent(TLSAbort(), promise: nil)
      channel.embeddedEventLoop.run()
    }
  }

  private func carry(
    from source: EmbeddedChannel, to target: EmbeddedChannel, _ step: Int
  ) throws -> Bool {
    var moved = false
    while var bytes = try source.readOutbound(as: ByteBuffer.self) {
      moved = true
      while let piece = bytes.readSlice(length: min(step, bytes.readableBytes)),
        piece.readableBytes > 0
      {
        guard target.isActive else { break }
        try target.writeInbound(piece)
      }
    }
    return moved
  }
}
