public import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An answer, whatever its status.
public struct WebAnswer: Sendable {
  /// The HTTP status.
  public var status: Int
  /// Names in lower case.
  public var headers: [(name: String, value: String)]
  /// The body whole.
  public var body: [UInt8]

  /// An answer from its parts.
  public init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first header of that name, given in lower case.
  public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// HTTP/1.1 over TCP to one server: what auditors and nodes ask each other. Connections are kept
/// alive and used again, each for one request at a time.
public final class WebClient: Sendable {
  /// The server, and what stands before every path.
  public let address: WebAddress
  private let group: any EventLoopGroup
  private let ownsGroup: Bool
  private let timeout: Duration
  private let byteLimit: Int
  private let token: String?
  private let idle = Mutex(Idle())

  private struct Idle {
    var channels: [any Channel] = []
    var isShutDown = false
  }

  /// Connections that are kept when nothing is asked.
  static let idleConnections = 4

  /// Makes a client; it connects with the first request.
  /// - Parameters:
  ///   - token: shown as a bearer token.
  ///   - timeout: for one whole request.
  ///   - byteLimit: most bytes of an answer.
  ///   - eventLoopGroup: nil for one thread of its own.
  public init(
    _ address: WebAddress, token: String? = nil, timeout: Duration = .seconds(30),
    byteLimit: Int = 64 << 20, eventLoopGroup: (any EventLoopGroup)? = nil
  ) {
    self.address = address
    self.token = token
    self.timeout = timeout
    self.byteLimit = byteLimit
    group = eventLoopGroup ?? MultiThreadedEventLoopGroup(numberOfThreads: 1)
    ownsGroup = eventLoopGroup == nil
  }

  /// Closes every connection. The client is of no use afterwards.
  public func shutdown() async {
    close()
    if ownsGroup { try? await group.shutdownGracefully() }
  }

  /// Closes every connection, and ends the thread when it gets to it; for programs that end.
  public func close() {
    let channels = idle.withLock { idle in
      defer { idle.channels = [] }
      idle.isShutDown = true
      return idle.channels
    }
    for channel in channels { channel.close(promise: nil) }
  }

  /// One request. Throws `ClientError` where there is no answer; any answer is one.
  /// - Parameter path: below the address's own, beginning with `/`.
  public func send(
    _ method: APICall.Method, _ path: String, headers: [(name: String, value: String)] = [],
    body: [UInt8]? = nil
  ) async throws -> WebAnswer {
    try await request(method, path, headers, body).get()
  }

  /// One request for which this thread waits; never on an event loop.
  public func wait(
    _ method: APICall.Method, _ path: String, headers: [(name: String, value: String)] = []
  ) throws -> WebAnswer {
    try request(method, path, headers, nil).wait()
  }

  private func request(
    _ method: APICall.Method, _ path: String, _ headers: [(name: String, value: String)],
    _ body: [UInt8]?
  ) -> EventLoopFuture<WebAnswer> {
    let head = head(method, path, headers, body)
    let kept = idle.withLock { idle in
      while let channel = idle.channels.popLast() {
        if channel.isActive { return Optional.some(channel) }
      }
      return nil
    }
    guard let kept else { return connect().flatMap { self.exchange(head, body, on: $0) } }
    return exchange(head, body, on: kept).flatMapError { error in
      // The server had closed the idle connection; reading, and offering a checkpoint, can be said
      // twice.
      guard (error as? ClientError)?.code == .connection else {
        return kept.eventLoop.makeFailedFuture(error)
      }
      return self.connect().flatMap { self.exchange(head, body, on: $0) }
        .hop(to: kept.eventLoop)
    }
  }

  private func head(
    _ method: APICall.Method, _ path: String, _ headers: [(name: String, value: String)],
    _ body: [UInt8]?
  ) -> HTTPRequestHead {
    var all = HTTPHeaders([("host", address.authority)])
    if let token { all.add(name: "authorization", value: "Bearer \(token)") }
    for (name, value) in headers { all.add(name: name, value: value) }
    if let body { all.add(name: "content-length", value: String(body.count)) }
    return HTTPRequestHead(
      version: .http1_1, method: HTTPMethod(rawValue: method.rawValue), uri: address.base + path,
      headers: all)
  }

  private func exchange(
    _ head: HTTPRequestHead, _ body: [UInt8]?, on channel: any Channel
  ) -> EventLoopFuture<WebAnswer> {
    let promise = channel.eventLoop.makePromise(of: ClientResponse.self)
    let deadline = channel.eventLoop.scheduleTask(in: TimeAmount(timeout)) { [timeout] in
      promise.fail(ClientError(.timeout, "The server did not answer within \(timeout)."))
      channel.close(promise: nil)
    }
    let request = ClientRequest(
      head: head, body: body.map { ByteBuffer(bytes: $0) }, sink: .whole(promise))
    channel.writeAndFlush(request).whenFailure { error in
      promise.fail(ClientError(.connection, "The request could not be sent: \(error)."))
    }
    return promise.futureResult.map { response in
      deadline.cancel()
      if response.reusable { self.keep(channel) }
      return WebAnswer(
        status: Int(response.head.status.code),
        headers: response.head.headers.map { ($0.name.lowercased(), $0.value) },
        body: Array(response.body.readableBytesView))
    }.flatMapErrorThrowing { error in
      deadline.cancel()
      channel.close(promise: nil)
      throw error
    }
  }

  private func connect() -> EventLoopFuture<any Channel> {
    let address = address
    return ClientBootstrap(group: group)
      .connectTimeout(.seconds(10))
      .channelInitializer { [byteLimit] channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(
            HTTPExchangeHandler(byteLimit: byteLimit))
        }
      }
      .connect(host: address.host, port: address.port)
      .flatMapErrorThrowing { error in
        throw ClientError(
          .unreachable, "Nobody answers at \(address.authority): \(Self.reason(of: error)).")
      }
  }

  private func keep(_ channel: any Channel) {
    let kept = idle.withLock { idle in
      guard !idle.isShutDown, idle.channels.count < Self.idleConnections else { return false }
      idle.channels.append(channel)
      return true
    }
    if !kept { channel.close(promise: nil) }
  }

  private static func reason(of error: any Error) -> String {
    if let error = error as? NIOConnectionError, let first = error.connectionErrors.first {
      return reason(of: first.error)
    }
    guard let error = error as? IOError else { return "\(error)" }
    return String(cString: strerror(error.errnoCode))
  }
}
