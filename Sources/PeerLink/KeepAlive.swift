import RecordModel

/// When to send a Ping, when to give a peer up, and what a Pong tells. Times are nanoseconds of one
/// clock that never goes back.
struct KeepAlive {
  /// A Ping leaves this long after the one before.
  private let interval: UInt64
  /// A peer from which nothing came for this long is dead.
  private let deadline: UInt64
  private var lastHeard: UInt64
  private var nextPing: UInt64
  /// The `time` of the Ping whose Pong is awaited; none when it has come.
  private var outstanding: UInt64?

  /// The first Ping is due at once: its Pong tells the peer's clock.
  init(interval: UInt64, deadline: UInt64, now: UInt64) {
    self.interval = max(1, interval)
    self.deadline = max(1, deadline)
    lastHeard = now
    nextPing = now
  }

  enum Action: Equatable {
    case ping(time: UInt64)
    case giveUp
    case none
  }

  mutating func tick(now: UInt64) -> Action {
    if now >= lastHeard.addingSaturating(deadline) { return .giveUp }
    guard now >= nextPing else { return .none }
    nextPing = now.addingSaturating(interval)
    outstanding = now
    return .ping(time: now)
  }

  /// Nanoseconds from `now` until `tick` has something to do.
  func wait(now: UInt64) -> UInt64 {
    let due = min(nextPing, lastHeard.addingSaturating(deadline))
    return due > now ? due - now : 0
  }

  /// Something came from the peer.
  mutating func heard(now: UInt64) {
    lastHeard = max(lastHeard, now)
  }

  /// The round trip in nanoseconds; nil for a Pong that answers no Ping of ours.
  mutating func pong(time: UInt64, now: UInt64) -> UInt64? {
    guard outstanding == time, now >= time else { return nil }
    outstanding = nil
    return now - time
  }
}

/// What a Ping and its Pong told.
struct ClockMeasurement: Hashable, Sendable {
  /// Nanoseconds.
  var roundTrip: UInt64
  /// The peer's clock minus ours, in milliseconds.
  var difference: Int64

  /// The Pong was written about half a round trip ago. `clock` is what it says; `now` is our clock.
  init(roundTrip: UInt64, clock: Timestamp, now: Timestamp) {
    self.roundTrip = roundTrip
    let half = Int64(clamping: roundTrip / 2_000_000)
    difference = clock.advanced(byMilliseconds: half).milliseconds &- now.milliseconds
  }
}

extension UInt64 {
  fileprivate func addingSaturating(_ other: UInt64) -> UInt64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
