public import Logging
public import ServiceLifecycle

/// Calls a node's housekeeping at even intervals until a graceful shutdown. A turn that takes longer
/// than the interval delays the next one; turns never overlap or pile up.
public struct Ticker<C: Clock>: Service where C.Duration == Duration {
  let interval: Duration
  let clock: C
  let body: @Sendable () async -> Void

  /// Makes a ticker.
  public init(every interval: Duration, clock: C, body: @escaping @Sendable () async -> Void) {
    self.interval = interval
    self.clock = clock
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
  }
}

extension Ticker<ContinuousClock> {
  /// A node's once-a-second ticker.
  public init(node: any NodeOperations, logger: Logger) {
    self.init(every: .seconds(1), clock: ContinuousClock()) {
      do {
        try await node.tick()
      } catch {
        // The store's own alarm says more; the next tick tries again.
        logger.warning("housekeeping failed", metadata: ["reason": "\(error)"])
      }
    }
  }
}
