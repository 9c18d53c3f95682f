import FoundationEssentials
public import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A node's HTTP API over its Unix socket. Connections are kept alive and used again; any number of
/// calls may run at once, each on a connection of its own.
public final class NodeClient: Sendable {
  /// The socket's path.
  public let socketPath: String
  private let group: any EventLoopGroup
  private let ownsGroup: Bool
  private let timeout: Duration
  private let idle = Mutex(Idle())

  private struct Idle {
    var channels: [any Channel] = []
    var isShutDown = false
  }

  /// Connections that are kept when nothing is asked.
  static let idleConnections = 64

  /// Makes a client; it connects with the first call.
  /// - Parameters:
  ///   - timeout: for one whole call, unless the call says otherwise.
  ///   - eventLoopGroup: nil for one thread of its own.
  public init(
    socketPath: String, timeout: Duration = .seconds(30),
    eventLoopGroup: (any EventLoopGroup)? = nil
  ) {
    self.socketPath = socketPath
    self.timeout = timeout
    group = eventLoopGroup ?? MultiThreadedEventLoopGroup(numberOfThreads: 1)
    ownsGroup = eventLoopGroup == nil
  }

  /// Closes every connection. The client is of no use afterwards.
  public func shutdown() async {
    let channels = idle.withLock { idle in
      defer { idle.channels = [] }
      idle.isShutDown = true
      return idle.channels
    }
    for channel in channels { try? await channel.close() }
    if ownsGroup { try? await group.shutdownGracefully() }
  }

  // MARK: Calls

  /// One call. Throws `ClientError`; one that the node refused carries its problem.
  public func call(_ request: APICall) async throws -> APIAnswer {
    let response = try await exchange(request)
    let bytes = Array(response.body.readableBytesView)
    let status = Int(response.head.status.code)
    guard (200..<300).contains(status) else { throw Self.refusal(status, bytes) }
    return APIAnswer(
      status: status, body: bytes,
      headers: response.head.headers.map { ($0.name.lowercased(), $0.value) })
  }

  /// One call with its answer decoded.
  public func call<Value: Decodable>(
    _ request: APICall, as type: Value.Type
  ) async throws -> Decoded<Value> {
    let answer = try await call(request)
    do {
      return Decoded(
        value: try JSONDecoder().decode(type, from: Data(answer.body)), json: answer.body)
    } catch {
      throw ClientError(.answer, "The node's answer is not the JSON that was expected.")
    }
  }

  /// The bytes of a stream as they come, until the node ends it or the loop over it is left.
  public func stream(_ request: APICall) async throws -> AsyncThrowingStream<ByteBuffer, any Error>
  {
    let (channel, _) = try await connection()
    let (stream, continuation) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
    continuation.onTermination = { _ in channel.close(promise: nil) }
    let promise = channel.eventLoop.makePromise(of: HTTPResponseHead.self)
    let deadline = schedule(on: channel, request.timeout ?? timeout, failing: promise)
    write(request, .stream(promise, continuation), on: channel, failing: promise)
    let head = try await promise.futureResult.get()
    deadline.cancel()
    guard head.status.code == 200 else {
      var body: [UInt8] = []
      for try await part in stream { body += part.readableBytesView }
      throw Self.refusal(Int(head.status.code), body)
    }
    return stream
  }

  // MARK: Connections

  private func exchange(_ request: APICall) async throws -> ClientResponse {
    let (channel, reused) = try await connection()
    do {
      return try await send(request, on: channel)
    } catch let error as ClientError where reused && error.code == .connection && request.repeats {
      // The node had closed the idle connection; what can be said twice is said again on a new one.
      return try await send(request, on: connect())
    }
  }

  private func send(_ request: APICall, on channel: any Channel) async throws -> ClientResponse {
    let promise = channel.eventLoop.makePromise(of: ClientResponse.self)
    let deadline = schedule(on: channel, request.timeout ?? timeout, failing: promise)
    defer { deadline.cancel() }
    write(request, .whole(promise), on: channel, failing: promise)
    let response = try await withTaskCancellationHandler {
      try await promise.futureResult.get()
    } onCancel: {
      channel.close(promise: nil)
    }
    if response.reusable { keep(channel) }
    return response
  }

  /// A connection that closes just now may have let go of its handlers: then nobody sees the request,
  /// and only the write itself says so.
  private func write<Value>(
    _ request: APICall, _ sink: ClientRequest.Sink, on channel: any Channel,
    failing promise: EventLoopPromise<Value>
  ) {
    let written = ClientRequest(
      head: head(of: request), body: request.body.map { ByteBuffer(bytes: $0) }, sink: sink)
    channel.writeAndFlush(written).whenFailure { error in
      promise.fail(ClientError(.connection, "The request could not be sent: \(error)."))
    }
  }

  private func schedule<Value>(
    on channel: any Channel, _ limit: Duration, failing promise: EventLoopPromise<Value>
  ) -> Scheduled<Void> {
    channel.eventLoop.scheduleTask(in: TimeAmount(limit)) {
      promise.fail(ClientError(.timeout, "The node did not answer within \(limit)."))
      channel.close(promise: nil)
    }
  }

  private func head(of request: APICall) -> HTTPRequestHead {
    var headers = HTTPHeaders([("host", "localhost"), ("accept", request.accept)])
    for (name, value) in request.headers { headers.add(name: name, value: value) }
    if let body = request.body {
      headers.add(name: "content-length", value: String(body.count))
      headers.add(name: "content-type", value: request.contentType)
    } else if request.method != .get {
      headers.add(name: "content-length", value: "0")
    }
    return HTTPRequestHead(
      version: .http1_1, method: HTTPMethod(rawValue: request.method.rawValue),
      uri: request.target, headers: headers)
  }

  private func connection() async throws -> (any Channel, reused: Bool) {
    let kept = idle.withLock { idle in
      while let channel = idle.channels.popLast() {
        if channel.isActive { return Optional.some(channel) }
      }
      return nil
    }
    if let kept { return (kept, true) }
    return (try await connect(), false)
  }

  private func connect() async throws -> any Channel {
    do {
      return try await ClientBootstrap(group: group)
        .connectTimeout(.seconds(5))
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHTTPClientHandlers()
            try channel.pipeline.syncOperations.addHandler(HTTPExchangeHandler())
          }
        }
        .connect(unixDomainSocketPath: socketPath).get()
    } catch {
      throw ClientError(
        .unreachable, "No node answers on \(socketPath): \(Self.reason(of: error)).")
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
    guard let error = error as? IOError else { return "\(error)" }
    return String(cString: strerror(error.errnoCode))
  }

  private static func refusal(_ status: Int, _ body: [UInt8]) -> ClientError {
    guard let problem = try? JSONDecoder().decode(Problem.self, from: Data(body)) else {
      return ClientError(.answer, "The node answered with status \(status) and no reason.")
    }
    return ClientError(ClientError.Code(problem.code), problem.detail, problem: problem)
  }
}
