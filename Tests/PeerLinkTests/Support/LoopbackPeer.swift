import NIOCore
import NIOPosix

@testable import PeerLink

/// Somebody on the loopback interface who need not keep to any protocol.
struct LoopbackPeer {
  enum Event: Sendable {
    case bytes(ByteBuffer)
    case inputClosed
    case writability(Bool)
    case error
    case closed
  }

  let channel: any Channel
  let events: Mailbox<Event>

  /// Dials; `handlers` come before the one that notes events.
  static func dial(
    _ port: Int, handlers: @escaping @Sendable (any Channel) throws -> Void = { _ in }
  ) async throws -> LoopbackPeer {
    let events = Mailbox<Event>()
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try handlers(channel)
          try channel.pipeline.syncOperations.addHandler(EventNoter(events: events))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    return LoopbackPeer(channel: channel, events: events)
  }

  /// Listens on a port that the kernel chooses; posts each connection.
  static func listen(
    handlers: @escaping @Sendable (any Channel) throws -> Void = { _ in }
  ) async throws -> (listener: any Channel, accepted: Mailbox<LoopbackPeer>) {
    let accepted = Mailbox<LoopbackPeer>()
    let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let events = Mailbox<Event>()
          try handlers(channel)
          try channel.pipeline.syncOperations.addHandler(EventNoter(events: events))
          accepted.post(LoopbackPeer(channel: channel, events: events))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return (listener, accepted)
  }

  func closed() async throws {
    try await events.first { if case .closed = $0 { true } else { false } }
  }

  /// Reads until `count` bytes are in.
  func bytes(_ count: Int) async throws -> ByteBuffer {
    var result = ByteBuffer()
    while result.readableBytes < count {
      let event = try await events.first { if case .bytes = $0 { true } else { false } }
      if case .bytes(var bytes) = event { result.writeBuffer(&bytes) }
    }
    return result
  }
}

private final class EventNoter: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  let events: Mailbox<LoopbackPeer.Event>

  init(events: Mailbox<LoopbackPeer.Event>) {
    self.events = events
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    events.post(.bytes(unwrapInboundIn(data)))
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed? = event as? ChannelEvent { events.post(.inputClosed) }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    events.post(.writability(context.channel.isWritable))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { events.post(.error) }
  func channelInactive(context: ChannelHandlerContext) { events.post(.closed) }
}
