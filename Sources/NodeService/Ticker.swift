public import Logging
public import ServiceLifecycle
import Synchronization

/// Calls a node's housekeeping at even intervals until a graceful shutdown. A turn that takes longer
/// than the interval delays the next one; turns never overlap or pile up.
public struct Ticker<C: Clock>: Service where C.Duration == Duration {
  let interval: Duration
  let clock: C
  let body: @Sendable () async -> Void
  let end: @Sendable () async -> Void

  /// Makes a ticker. `end` is called once, after the last turn.
  public init(
    every interval: Duration, clock: C, end: @escaping @Sendable () async -> Void = {},
    body: @escaping @Sendable () async -> Void
  ) {
    self.interval = interval
    self.clock = clock
    self.end = end
    self.body = body
  }

  /// Ticks until the shutdown.
  public func run() async throws {
    try? await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        try await clock.sleep(until: clock.now.advanced(by: interval), tolerance: nil)
        await body()
      }
    }
    await end()
  }
}

extension Ticker<ContinuousClock> {
  /// A node's once-a-second ticker.
  public init(node: any NodeOperations, denials: DenialCounter, logger: Logger) {
    let work = Housekeeping(node: node, denials: denials, logger: logger)
    self.init(
      every: .seconds(1), clock: ContinuousClock(), end: { await work.tellDenials() },
      body: { await work.turn() })
  }
}

/// What a node's ticker does: the node's own housekeeping each time, and every sixtieth time the
/// calls that were denied since.
final class Housekeeping: Sendable {
  /// Turns from one entry about denied calls to the next: a minute.
  static let turnsBetween = 60

  private let node: any NodeOperations
  private let denials: DenialCounter
  private let logger: Logger
  private let turns = Mutex(0)

  init(node: any NodeOperations, denials: DenialCounter, logger: Logger) {
    self.node = node
    self.denials = denials
    self.logger = logger
  }

  /// One turn.
  func turn() async {
    do {
      try await node.tick()
    } catch {
      // The store's own alarm says more; the next tick tries again.
      logger.warning("housekeeping failed", metadata: ["reason": "\(error)"])
    }
    let isDue = turns.withLock { turns in
      turns = (turns + 1) % Self.turnsBetween
      return turns == 0
    }
    if isDue { await tellDenials() }
  }

  /// Journals the denied calls; what cannot be journalled now is counted on.
  func tellDenials() async {
    let count = denials.take()
    guard count > 0 else { return }
    do {
      try await node.noteDenied(count)
    } catch {
      denials.add(count)
      logger.warning("denied calls not journalled", metadata: ["reason": "\(error)"])
    }
  }
}

/// Counts the calls that were turned away because of who called.
public final class DenialCounter: Sendable {
  private struct State {
    var count: UInt64 = 0
    var told: ContinuousClock.Instant?
  }
  private let state = Mutex(State())

  /// Begins at none.
  public init() {}

  /// Counts one more; true when it is to be logged, which is once a minute at most: a stranger who
  /// tries again and again must not fill the log.
  func add(at now: ContinuousClock.Instant) -> Bool {
    state.withLock { state in
      state.count += 1
      if let told = state.told, now - told < .seconds(60) { return false }
      state.told = now
      return true
    }
  }

  /// Counts so many more.
  public func add(_ more: UInt64) { state.withLock { $0.count += more } }

  /// Gives the count and begins anew.
  func take() -> UInt64 {
    state.withLock { state in
      defer { state.count = 0 }
      return state.count
    }
  }
}
