public import RecordModel

/// What the exchange takes from the world, handed in so that tests can decide it.
public struct Environment: Sendable {
  /// Wall-clock time.
  public var now: @Sendable () -> Timestamp
  /// A clock that never goes back, in nanoseconds, for intervals.
  public var monotonic: @Sendable () -> UInt64
  /// Random bytes, fit for salts and ids.
  public var random: @Sendable (Int) -> [UInt8]
  /// Clocks and calendar files that a directory may name, beside those of the program. Asked for
  /// when a directory is to be put into force.
  public var clockFiles: @Sendable () -> [[UInt8]]

  /// Makes an environment.
  public init(
    now: @escaping @Sendable () -> Timestamp, monotonic: @escaping @Sendable () -> UInt64,
    random: @escaping @Sendable (Int) -> [UInt8],
    clockFiles: @escaping @Sendable () -> [[UInt8]] = { [] }
  ) {
    self.now = now
    self.monotonic = monotonic
    self.random = random
    self.clockFiles = clockFiles
  }
}
