public import Exchange
public import RecordModel
import Synchronization

/// A clock that moves only when a test says so. Wall time may jump either way; the monotonic clock
/// only goes forward.
public final class ManualClock: Sendable {
  private struct State {
    var now: Timestamp
    var monotonic: UInt64
  }

  private let state: Mutex<State>

  /// Starts at `now` (by default 2026-11-23T09:15:00.000+08:00) with the monotonic clock at one
  /// second, so that an interval from 0 is never mistaken for none.
  public init(now: Timestamp = Timestamp(milliseconds: 1_795_396_500_000)) {
    state = Mutex(State(now: now, monotonic: 1_000_000_000))
  }

  /// Wall-clock time.
  public var now: Timestamp { state.withLock { $0.now } }

  /// Nanoseconds of the clock that never goes back.
  public var monotonic: UInt64 { state.withLock { $0.monotonic } }

  /// Lets time pass on both clocks.
  public func advance(milliseconds: UInt32) {
    state.withLock {
      $0.now = $0.now.advanced(byMilliseconds: Int64(milliseconds))
      $0.monotonic += UInt64(milliseconds) * 1_000_000
    }
  }

  /// Sets the wall clock, as an operator or a time server would; the monotonic clock stands still.
  public func jump(to now: Timestamp) {
    state.withLock { $0.now = now }
  }

  /// An environment with this clock and these random bytes.
  public func environment(random: SeededRandom) -> Environment {
    Environment(
      now: { self.now }, monotonic: { self.monotonic }, random: { random.bytes($0) })
  }
}
