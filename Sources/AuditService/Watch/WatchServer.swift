public import Logging
public import NIOCore
import RecordModel
public import ServiceLifecycle
import Dispatch
import Synchronization

/// The running watch: its door for nodes and monitoring, and a follower for each node.
public struct WatchServer: Sendable {
  /// Requests that are answered each second, from everybody together.
  static let requestsPerSecond = 200

  private let witness: Witness
  private let followers: [NodeFollower]
  private let configuration: WatchConfiguration
  private let logger: Logger

  /// A watch of these followers.
  public init(
    witness: Witness, followers: [NodeFollower], configuration: WatchConfiguration,
    logger: Logger
  ) {
    self.witness = witness
    self.followers = followers
    self.configuration = configuration
    self.logger = logger
  }

  /// Its parts, to be run together.
  /// - Parameter monotonic: nanoseconds that only go up.
  public func services(
    group: any EventLoopGroup, monotonic: @escaping @Sendable () -> UInt64,
    onListening: @escaping @Sendable (Int) async throws -> Void
  ) -> [any Service] {
    var limits = HTTPLimits()
    limits.bodyBytes = AddCheckpoint.byteLimit
    let rates = Rates(RateLimit(perSecond: Self.requestsPerSecond, now: monotonic()))
    let listener = HTTPListener(
      host: configuration.host, port: configuration.port, limits: limits, group: group,
      logger: logger, onListening: onListening
    ) { question in
      guard rates.passes(monotonic()) else {
        return .problem(429, code: "audit.rate", "Too many requests.")
      }
      return answer(question)
    }
    let loops = followers.map { FollowerLoop($0, every: .seconds(configuration.interval)) }
    return [listener, ClockLoop(witness, configuration.staleAfter)] + loops
  }

  private final class Rates: Sendable {
    private let limit: Mutex<RateLimit>
    init(_ limit: RateLimit) { self.limit = Mutex(limit) }
    func passes(_ now: UInt64) -> Bool { limit.withLock { $0.passes(now: now) } }
  }

  /// Answers one request.
  func answer(_ question: HTTPQuestion) -> HTTPReply {
    switch (question.method, question.path) {
    case ("POST", "/add-checkpoint"): return witness.answer(question.body).reply
    case ("GET", "/metrics"):
      return HTTPReply(type: "text/plain; version=0.0.4", Array(witness.metrics.utf8))
    case ("GET", "/health/live"):
      return HTTPReply(type: "text/plain; charset=utf-8", Array("live\n".utf8))
    case ("GET", "/health/ready"):
      let lines = witness.alarms.map { alarm in
        "\(alarm.kind.rawValue) \(alarm.node?.rawValue ?? "-") \(alarm.origin ?? "-")\n"
      }
      return HTTPReply(
        witness.isHealthy ? 200 : 503, type: "text/plain; charset=utf-8",
        Array((lines.isEmpty ? "ready\n" : lines.joined()).utf8))
    case (_, "/add-checkpoint"), (_, "/metrics"), (_, "/health/live"), (_, "/health/ready"):
      return .problem(405, code: "request.method", "This path is not asked so.")
    default: return .problem(404, code: "request.path", "There is nothing here.")
    }
  }
}

/// Rounds of one node, one after another, on a thread that may wait.
private struct FollowerLoop: Service {
  let follower: NodeFollower
  let pause: Duration
  let queue: DispatchQueue

  init(_ follower: NodeFollower, every pause: Duration) {
    self.follower = follower
    self.pause = pause
    queue = DispatchQueue(label: "sanxiang.watch.\(follower.code)", qos: .utility)
  }

  func run() async throws {
    try? await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await withCheckedContinuation { continuation in
          queue.async { [follower] in
            follower.round()
            continuation.resume()
          }
        }
        try await Task.sleep(for: pause)
      }
    }
  }
}

/// Looks once a second what time alone has brought about.
private struct ClockLoop: Service {
  let witness: Witness
  let started: Timestamp
  let staleSeconds: Int

  init(_ witness: Witness, _ staleSeconds: Int) {
    self.witness = witness
    self.staleSeconds = staleSeconds
    started = witness.now()
  }

  func run() async throws {
    try? await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        try await Task.sleep(for: .seconds(1))
        witness.lookAtClock(started: started, staleAfter: staleSeconds)
      }
    }
  }
}
