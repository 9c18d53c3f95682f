public import Logging
public import ServiceLifecycle

/// A part of the node with a start and a stop, as a service: started before the services that stand
/// after it, stopped after they have ended.
public struct StartStopService: Service {
  let name: String
  let logger: Logger
  let start: @Sendable () async throws -> Void
  let stop: @Sendable () async -> Void

  /// Makes a service. `stop` is called only when `start` has returned.
  public init(
    _ name: String, logger: Logger, start: @escaping @Sendable () async throws -> Void,
    stop: @escaping @Sendable () async -> Void
  ) {
    self.name = name
    self.logger = logger
    self.start = start
    self.stop = stop
  }

  /// Starts, waits for the graceful shutdown, stops.
  public func run() async throws {
    try await start()
    logger.debug("started", metadata: ["part": "\(name)"])
    try? await gracefulShutdown()
    await stop()
    logger.debug("stopped", metadata: ["part": "\(name)"])
  }
}

/// The parts of a running node in the order in which they depend on each other. They are stopped the
/// other way round: first the API takes no more, then the hook, the ticker and the sockets end, then
/// the exchange finishes its transactions.
public struct NodeRuntime: Sendable {
  let services: [any Service]
  let logger: Logger
  let stopWithin: Duration

  /// Lines the parts up.
  /// - Parameters:
  ///   - node: the exchange, already started: the API must not find it half awake.
  ///   - stopNode: finishes the exchange's running work.
  ///   - link: the sockets to the peers.
  ///   - others: what else runs as long as the API does.
  ///   - stopWithin: after this long a graceful stop becomes a cancellation.
  public init(
    node: any NodeOperations, stopNode: @escaping @Sendable () async -> Void, link: any Service,
    api: APIServer, hook: ArrivalHook?, others: [any Service] = [], stopWithin: Duration,
    logger: Logger
  ) {
    let exchange = StartStopService("exchange", logger: logger, start: {}, stop: stopNode)
    services =
      [exchange, link, Ticker(node: node, denials: api.denials, logger: logger)]
      + (hook.map { [$0 as any Service] } ?? []) + others + [api]
    self.stopWithin = stopWithin
    self.logger = logger
  }

  /// The group to run. Signals are the caller's: `triggerGracefulShutdown()` ends it.
  public func makeGroup() -> ServiceGroup {
    // At debug the group would write every service out, part by part.
    var logger = logger
    logger.logLevel = max(logger.logLevel, .info)
    var configuration = ServiceGroupConfiguration(
      services: services.map {
        .init(
          service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
          failureTerminationBehavior: .gracefullyShutdownGroup)
      },
      gracefulShutdownSignals: [], cancellationSignals: [], logger: logger)
    configuration.maximumGracefulShutdownDuration = stopWithin
    return ServiceGroup(configuration: configuration)
  }
}
