public import Logging
public import NIOCore
public import ServiceLifecycle
import Synchronization

/// Serves a node's logs to auditors over HTTP, for reading only: the node's export under its own
/// names. TLS is a proxy's work, in front.
public struct AuditServer: Service {
  /// Where and how much.
  public struct Configuration: Sendable, Hashable {
    /// An address of this machine.
    public var host: String
    /// 0 for one that the kernel chooses.
    public var port: Int
    /// Requests of one auditor each second.
    public var requestsPerSecond: Int
    /// Connections at once.
    public var connections: Int

    /// A configuration.
    public init(host: String, port: Int, requestsPerSecond: Int = 500, connections: Int = 32) {
      self.host = host
      self.port = port
      self.requestsPerSecond = requestsPerSecond
      self.connections = connections
    }
  }

  /// What the server looks at before it answers.
  private final class Gate: Sendable {
    struct State {
      var access: AuditAccess
      var rates: [String: RateLimit] = [:]
    }
    let state: Mutex<State>
    init(_ access: AuditAccess) { state = Mutex(State(access: access)) }
  }

  private let configuration: Configuration
  private let files: AuditFiles
  private let gate: Gate
  private let group: any EventLoopGroup
  private let logger: Logger
  private let monotonic: @Sendable () -> UInt64
  private let onDenied: @Sendable () -> Void
  private let onListening: @Sendable (Int) async throws -> Void

  /// A server; it listens in `run()`.
  /// - Parameters:
  ///   - monotonic: nanoseconds that only go up.
  ///   - onDenied: somebody without a token that is known came.
  ///   - onListening: told the port.
  public init(
    configuration: Configuration, files: AuditFiles, access: AuditAccess,
    group: any EventLoopGroup, logger: Logger, monotonic: @escaping @Sendable () -> UInt64,
    onDenied: @escaping @Sendable () -> Void = {},
    onListening: @escaping @Sendable (Int) async throws -> Void = { _ in }
  ) {
    self.configuration = configuration
    self.files = files
    gate = Gate(access)
    self.group = group
    self.logger = logger
    self.monotonic = monotonic
    self.onDenied = onDenied
    self.onListening = onListening
  }

  /// Other tokens from now on.
  public func reload(_ access: AuditAccess) { gate.state.withLock { $0.access = access } }

  /// Serves until a graceful shutdown.
  public func run() async throws {
    var limits = HTTPLimits()
    limits.connections = configuration.connections
    // Nothing is ever sent to this server.
    limits.bodyBytes = 0
    try await HTTPListener(
      host: configuration.host, port: configuration.port, limits: limits, group: group,
      logger: logger, onListening: onListening, answer: answer
    ).run()
  }

  /// Answers one request.
  func answer(_ question: HTTPQuestion) async throws -> HTTPReply {
    let now = monotonic()
    let verdict = gate.state.withLock { state -> Result<AuditAccess.Auditor, Refusal> in
      guard let auditor = state.access.auditor(question.header("authorization")) else {
        return .failure(.unknown)
      }
      let passes = state.rates[
        auditor.name, default: RateLimit(perSecond: configuration.requestsPerSecond, now: now)
      ].passes(now: now)
      return passes ? .success(auditor) : .failure(.tooMany)
    }
    switch verdict {
    case .failure(.unknown):
      onDenied()
      var reply = HTTPReply.problem(
        401, code: "audit.token", "A bearer token of an auditor is needed.")
      reply.headers.append(("www-authenticate", "Bearer"))
      reply.closes = true
      return reply
    case .failure(.tooMany):
      var reply = HTTPReply.problem(429, code: "audit.rate", "Too many requests.")
      reply.headers.append(("retry-after", "1"))
      return reply
    case .success(let auditor):
      guard question.method == "GET" || question.method == "HEAD" else {
        var reply = HTTPReply.problem(405, code: "request.method", "This is for reading only.")
        reply.headers.append(("allow", "GET, HEAD"))
        return reply
      }
      let reply = try await files.reply(question, for: auditor)
      logger.debug(
        "audit request", metadata: ["auditor": "\(auditor.name)", "status": "\(reply.status)"])
      return reply
    }
  }

  private enum Refusal: Error { case unknown, tooMany }
}
