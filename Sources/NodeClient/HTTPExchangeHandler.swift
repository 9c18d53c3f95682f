import NIOCore
import NIOHTTP1

/// One request and where its answer goes.
struct ClientRequest: Sendable {
  enum Sink: Sendable {
    /// The answer whole.
    case whole(EventLoopPromise<ClientResponse>)
    /// The answer's head, then its body as it comes.
    case stream(
      EventLoopPromise<HTTPResponseHead>, AsyncThrowingStream<ByteBuffer, any Error>.Continuation)
  }
  var head: HTTPRequestHead
  var body: ByteBuffer?
  var sink: Sink
}

/// An answer whole.
struct ClientResponse: Sendable {
  var head: HTTPResponseHead
  var body: ByteBuffer
  /// True when the connection can take another request.
  var reusable: Bool
}

/// Pairs answers with requests on one connection, one at a time. Lives on the channel's event loop.
final class HTTPExchangeHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundIn = ClientRequest
  typealias OutboundOut = HTTPClientRequestPart

  /// The longest answer of a node's own API that is held whole.
  static let byteLimit = 64 * 1024 * 1024
  private let limit: Int

  init(byteLimit: Int = HTTPExchangeHandler.byteLimit) { limit = byteLimit }

  private enum State {
    case idle
    case waiting(ClientRequest.Sink)
    case reading(ClientRequest.Sink, HTTPResponseHead, ByteBuffer)
    case closed
  }
  private var state = State.idle

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let request = unwrapOutboundIn(data)
    guard case .idle = state, context.channel.isActive else {
      fail(request.sink, ClientError(.connection, "The connection cannot take a request."))
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    state = .waiting(request.sink)
    context.write(wrapOutboundOut(.head(request.head)), promise: nil)
    if let body = request.body {
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }
    context.write(wrapOutboundOut(.end(nil)), promise: promise)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch (unwrapInboundIn(data), state) {
    case (.head(let head), .waiting(let sink)):
      // 1xx answers go before the answer proper.
      guard !(100..<200).contains(head.status.code) else { return }
      if case .stream(let promise, _) = sink { promise.succeed(head) }
      state = .reading(sink, head, ByteBuffer())
    case (.body(var part), .reading(let sink, let head, var body)):
      if case .stream(_, let continuation) = sink {
        continuation.yield(part)
        return
      }
      state = .closed
      guard body.readableBytes + part.readableBytes <= limit else {
        fail(sink, ClientError(.answer, "The answer is longer than \(limit) bytes."))
        context.close(promise: nil)
        return
      }
      body.writeBuffer(&part)
      state = .reading(sink, head, body)
    case (.end, .reading(let sink, let head, let body)):
      let reusable = head.isKeepAlive
      state = reusable ? .idle : .closed
      switch sink {
      case .whole(let promise):
        promise.succeed(ClientResponse(head: head, body: body, reusable: reusable))
      case .stream(_, let continuation):
        continuation.finish()
      }
      if !reusable { context.close(promise: nil) }
    default:
      end(context, ClientError(.connection, "The node answered what was not asked."))
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    end(context, ClientError(.connection, "The node closed the connection before it answered."))
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    end(context, ClientError(.connection, "The connection failed: \(error)."))
  }

  private func end(_ context: ChannelHandlerContext, _ error: ClientError) {
    switch state {
    case .waiting(let sink), .reading(let sink, _, _): fail(sink, error)
    case .idle, .closed: break
    }
    state = .closed
    context.close(promise: nil)
  }

  private func fail(_ sink: ClientRequest.Sink, _ error: ClientError) {
    switch sink {
    case .whole(let promise): promise.fail(error)
    case .stream(let promise, let continuation):
      promise.fail(error)
      continuation.finish(throwing: error)
    }
  }
}
