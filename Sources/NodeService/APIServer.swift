import Exchange
import HTTPTypes
import Hummingbird
import HummingbirdCore
public import Logging
public import NIOCore
import NIOHTTPTypes
public import ServiceLifecycle

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The HTTP API on a Unix socket. The socket's mode is 0600, and every connection's user is
/// checked; or 0660 with a group of its own, and the file's permissions decide.
public struct APIServer: Service {
  /// Where to listen and to whom.
  public struct Configuration: Sendable {
    /// The socket's path.
    public var socketPath: String
    /// A group whose members may call, beside root and the daemon's own user.
    public var group: UInt32?

    /// Makes a configuration.
    public init(socketPath: String, group: UInt32? = nil) {
      self.socketPath = socketPath
      self.group = group
    }

    /// Checks what can be known without listening: the path's length, and that its folder is there.
    /// Throws `APIServerError`.
    public func check() throws { try SocketPath(socketPath).checkFolder() }
  }

  let configuration: Configuration
  let table: RouteTable
  let eventLoopGroup: any EventLoopGroup
  let logger: Logger
  let onListening: @Sendable () async -> Void
  /// The connections that were turned away.
  public let denials = DenialCounter()
  /// Who may call where no group may.
  var standingUsers: Set<UInt32> = [0, geteuid()]

  /// Makes a server; it listens in `run()`. `onListening` is called once the socket takes connections.
  public init(
    node: any NodeOperations, link: any PeerLinkOperations, configuration: Configuration,
    eventLoopGroup: any EventLoopGroup, logger: Logger,
    onListening: @escaping @Sendable () async -> Void = {}
  ) {
    self.configuration = configuration
    table = RouteTable(node: node, link: link)
    self.eventLoopGroup = eventLoopGroup
    self.logger = logger
    self.onListening = onListening
  }

  /// Serves until a graceful shutdown. Throws `APIServerError` when the path cannot be had.
  public func run() async throws {
    let path = try SocketPath(configuration.socketPath)
    try path.checkFolder()
    try path.clear()
    let bound = Bound()
    let users = configuration.group == nil ? standingUsers : nil
    let logger = self.logger
    // Hummingbird tells of every connection at info; what it says of value comes from here.
    var serverLogger = Logger(label: "sanxiang.api.http") { _ in SwiftLogNoOpLogHandler() }
    serverLogger.logLevel = .critical
    let application = Application(
      responder: makeRouter().buildResponder(),
      server: HTTPServerBuilder { responder in
        var http = HTTP1Channel.Configuration(
          idleTimeout: .seconds(APILimits.idleSeconds),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: APILimits.headerBytes, maxHeaderListSize: APILimits.headerBytes,
            maxHeaderFieldCount: 100))
        http.additionalChannelHandlers = { [] }
        return CheckedChannel(
          base: HTTP1Channel(responder: responder, configuration: http), users: users,
          denials: denials, logger: logger)
      },
      configuration: ApplicationConfiguration(
        address: .unixDomainSocket(path: path.path), serverName: nil),
      onServerRunning: { channel in
        do {
          try path.protect(for: configuration.group)
          await bound.set(path.identity())
          logger.info("api listening", metadata: ["socket": "\(path.path)"])
          await self.onListening()
        } catch {
          // Not safe to go on with: a socket of unknown mode.
          logger.critical("api socket unprotected", metadata: ["reason": "\(error)"])
          await bound.fail(error)
          channel.close(promise: nil)
        }
      },
      eventLoopGroupProvider: .shared(eventLoopGroup),
      logger: serverLogger)
    defer { logger.info("api stopped") }
    do {
      try await application.run()
    } catch {
      path.remove(ifStill: await bound.identity)
      throw error
    }
    path.remove(ifStill: await bound.identity)
    if let failure = await bound.failure { throw failure }
  }

  /// What became of the socket file.
  private actor Bound {
    var identity: UInt64?
    var failure: (any Error)?
    func set(_ identity: UInt64?) { self.identity = identity }
    func fail(_ error: any Error) { failure = error }
  }

  private func makeRouter() -> Router<APIContext> {
    let router = Router(context: APIContext.self)
    router.add(middleware: ProblemMiddleware(table: table, logger: logger))
    for route in table.routes {
      router.on(RouterPath(route.path), method: route.method) { request, context in
        try await route.handler(
          APIRequest(
            request: request, parameters: context.parameters, query: route.parse(request.uri),
            channel: context.channel))
      }
    }
    return router
  }
}

/// What a request carries beside itself.
struct APIContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }
}

/// Turns every error into problem+json and writes one log line per request: never a query, a body or
/// a header, whose values are not ours to log.
struct ProblemMiddleware: RouterMiddleware {
  typealias Context = APIContext
  let table: RouteTable
  let logger: Logger

  func handle(
    _ request: Request, context: APIContext,
    next: (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    var response: Response
    do {
      response = try await next(request, context)
    } catch let error as HTTPError where error.status == .notFound {
      if let methods = table.allowed(at: request.uri.path) {
        response =
          APIProblem(
            status: .methodNotAllowed, code: "request.method",
            detail: "This path takes \(methods).", allow: methods
          ).response()
      } else {
        response = APIProblem.describing(error).response()
      }
    } catch {
      let pathNamesAgency = context.parameters.get("code") != nil
      let problem = APIProblem.describing(error, pathNamesAgency: pathNamesAgency)
      if problem.status == .internalServerError {
        logger.error("api request failed", metadata: ["reason": "\(error)"])
      }
      response = problem.response()
    }
    // The head of an answer and nothing after it, or the next answer on the connection is misread.
    if request.method == .head { response = response.createHeadResponse() }
    logger.debug(
      "api request",
      metadata: [
        "method": "\(request.method.rawValue)",
        "route": "\(context.endpointPath ?? "none")",
        "status": "\(response.status.code)",
        "micros": "\(Int(start.duration(to: .now) / .microseconds(1)))",
      ])
    return response
  }
}

/// An HTTP/1.1 connection whose user is checked before any request of it is looked at.
struct CheckedChannel: ServerChildChannel {
  /// A connection and whether its user may call.
  struct Value: ServerChildChannelValue {
    let base: HTTP1Channel.Value
    let isAllowed: Bool
    var channel: any Channel { base.channel }
  }

  let base: HTTP1Channel
  /// Nil where whoever could open the socket may call.
  let users: Set<UInt32>?
  let denials: DenialCounter
  let logger: Logger

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    let users = self.users
    let base = self.base
    let ours = self.logger
    let denials = self.denials
    return PeerCredentials.of(channel).map { Optional.some($0) }
      .flatMapErrorThrowing { _ in nil }
      .flatMap { credentials in
        let isAllowed = credentials.map { users?.contains($0.user) ?? true } ?? false
        if !isAllowed, denials.add(at: .now) {
          ours.warning(
            "api connection refused",
            metadata: ["uid": "\(credentials.map { String($0.user) } ?? "unknown")"])
        }
        return base.setup(channel: channel, logger: logger).map {
          Value(base: $0, isAllowed: isAllowed)
        }
      }
  }

  func handle(value: Value, logger: Logger) async {
    guard value.isAllowed else {
      try? await value.base.executeThenClose { _, _ in }
      return
    }
    await base.handle(value: value.base, logger: logger)
  }
}
