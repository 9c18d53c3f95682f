import Logging
import RecordModel
import Synchronization

// Operators are to be warned before a legal time limit passes.

extension Node {
  /// How often the log is told of open clocks, at most.
  static let clockWatchMilliseconds: Int64 = 60_000

  /// How pressing the open clocks are, by peer, as far as they have been worked off.
  func clockPressure(_ now: Timestamp) async throws -> [AgencyCode: ClockPressure] {
    try await read { reader in
      try reader.clockStates(at: now).reduce(into: [:]) { pressures, count in
        pressures[count.peer, default: ClockPressure()].add(count)
      }
    }
  }

  /// Says in the log, once a minute at most, where the number of our own clocks that have run out or
  /// are about to has changed.
  func tellOfClocks(_ now: Timestamp) async throws {
    let isDue = runtime.toldClocks.withLock { told in
      now.milliseconds - told.at.milliseconds >= Self.clockWatchMilliseconds
    }
    guard isDue else { return }
    let pressures = try await clockPressure(now)
    let before = runtime.toldClocks.withLock { told in
      defer { told = (pressures, now) }
      return told.pressure
    }
    for (peer, pressure) in pressures.sorted(by: { $0.key < $1.key })
    where pressure != before[peer] && (pressure.overdue > 0 || pressure.dueSoon > 0) {
      logger.warning(
        "time limits press",
        metadata: [
          "peer": "\(peer)", "overdue": "\(pressure.overdue)", "dueSoon": "\(pressure.dueSoon)",
        ])
    }
  }
}

extension ClockPressure {
  mutating func add(_ row: ClockCount) {
    switch (row.state, row.ours) {
    case (.overdue, true): overdue += row.count
    case (.dueSoon, true): dueSoon += row.count
    case (.overdue, false): peerOverdue += row.count
    case (.uncomputable, _): uncomputable += row.count
    default: break
    }
  }
}
