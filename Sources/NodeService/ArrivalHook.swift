import Exchange
public import Logging
import RecordModel
public import ServiceLifecycle

/// Runs a program for every record that arrives, with the record's id as its only argument.
///
/// At least once and in the order of arrival: the cursor moves, durably, only after a run. A run that
/// fails is tried again with growing pauses, `attempts` times in all; then it is logged as given up
/// and the next record has its turn, so that one bad record cannot stop all others for ever. A crash
/// between a run and the move of the cursor repeats that run.
public struct ArrivalHook: Service {
  /// What to run and within which bounds.
  public struct Configuration: Sendable, Hashable {
    /// An absolute path; no shell is involved.
    public var executable: String
    /// How long one run may take.
    public var timeLimit: Duration
    /// How often one record is tried.
    public var attempts: Int
    /// The pause after the first failure; doubled after each further one, up to `longestPause`.
    public var firstPause: Duration
    /// The longest pause.
    public var longestPause: Duration
    /// `NAME=value` pairs: all that the program sees of the environment.
    public var environment: [String]

    /// Makes a configuration.
    public init(
      executable: String, timeLimit: Duration = .seconds(30), attempts: Int = 5,
      firstPause: Duration = .seconds(1), longestPause: Duration = .seconds(60),
      environment: [String] = ["PATH=/usr/bin:/bin", "LANG=C.UTF-8"]
    ) {
      self.executable = executable
      self.timeLimit = timeLimit
      self.attempts = attempts
      self.firstPause = firstPause
      self.longestPause = longestPause
      self.environment = environment
    }
  }

  let node: any NodeOperations
  let configuration: Configuration
  let logger: Logger

  /// Makes a hook.
  public init(node: any NodeOperations, configuration: Configuration, logger: Logger) {
    self.node = node
    self.configuration = configuration
    self.logger = logger
  }

  /// Follows the arrivals until a graceful shutdown.
  public func run() async throws {
    try? await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do {
          try await follow()
        } catch is CancellationError {
          return
        } catch {
          // The store failed: its own alarm is raised elsewhere, here only patience helps.
          logger.error("arrival hook waits", metadata: ["reason": "\(error)"])
          try await Task.sleep(for: configuration.longestPause)
        }
      }
    }
  }

  private func follow() async throws {
    var cursor = try await node.hookCursor()
    var woken = false
    while !Task.isCancelled {
      let batch = try await node.arrivals(after: cursor, limit: 64)
      if batch.isEmpty {
        // Woken by what is no arrival after all: don't spin on it.
        if woken { try await Task.sleep(for: .milliseconds(100)) }
        woken = await node.waitForArrival(after: cursor, timeout: .seconds(5))
        continue
      }
      woken = false
      for arrival in batch {
        guard let number = arrival.number else { continue }
        try await runToTheEnd(arrival)
        cursor = number
        try await node.setHookCursor(cursor)
      }
    }
  }

  private func runToTheEnd(_ arrival: RecordSummary) async throws {
    var pause = configuration.firstPause
    for attempt in 1...max(1, configuration.attempts) {
      let exit = await ChildProcess.run(
        configuration.executable, arguments: [arrival.id.description],
        environment: configuration.environment, limit: configuration.timeLimit)
      try Task.checkCancellation()
      if exit == .exited(0) { return }
      let last = attempt == configuration.attempts
      logger.log(
        level: last ? .error : .warning,
        last ? "arrival hook gave up" : "arrival hook failed",
        metadata: [
          "record": "\(arrival.id)", "attempt": "\(attempt)", "exit": "\(exit)",
        ])
      if last { return }
      try await Task.sleep(for: pause)
      pause = min(pause * 2, configuration.longestPause)
    }
  }
}
