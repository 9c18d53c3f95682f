public import RecordModel
import Synchronization
import TransparencyLog

/// What a watch counts.
struct WatchCounters: Sendable {
  /// Answers to add-checkpoint, by status.
  var answers: [Int: UInt64] = [:]
  /// Cosignatures made.
  var cosignatures: UInt64 = 0
  /// Rounds of a node that came to their end, and that did not.
  var rounds: [AgencyCode: (whole: UInt64, broken: UInt64)] = [:]
  /// When the last whole round of a node ended.
  var lastWhole: [AgencyCode: Timestamp] = [:]
  /// Logs that the last whole round of a node passed over.
  var passedOver: [AgencyCode: Int] = [:]
  /// Why the last round of a node broke off; nil when it did not.
  var trouble: [AgencyCode: String] = [:]

  mutating func count(_ answer: WitnessAnswer) {
    answers[answer.reply.status, default: 0] += 1
  }
}

/// Prometheus's text format, one family after another.
private struct MetricText {
  private(set) var text = ""

  mutating func family(
    _ name: String, _ type: String, _ help: String, _ values: [(labels: String, value: String)]
  ) {
    text += "# HELP sanxiang_watch_\(name) \(help)\n# TYPE sanxiang_watch_\(name) \(type)\n"
    for (labels, value) in values {
      text += "sanxiang_watch_\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(value)\n"
    }
  }
}

extension Witness {
  /// Everything that is measured, in Prometheus's text format.
  public var metrics: String {
    let state = state.withLock { $0 }
    var metrics = MetricText()
    // Origins, codes and kinds hold nothing that a label would have to escape.
    let logs = state.logs.values.sorted { $0.origin < $1.origin }
    metrics.family(
      "log_size", "gauge", "Entries of the newest verified head.",
      logs.map { ("origin=\"\($0.origin)\"", "\($0.size)") })
    metrics.family(
      "log_hashed", "gauge", "Entries that were hashed and led to a signed root.",
      logs.map { ("origin=\"\($0.origin)\"", "\($0.hashed.size)") })
    writeRounds(state, to: &metrics)
    let standing = state.alarms.all
    metrics.family(
      "alarms", "gauge", "Alarms that stand.",
      WatchAlarm.Kind.allCases.map { kind in
        ("kind=\"\(kind.rawValue)\"", "\(standing.count { $0.kind == kind })")
      })
    metrics.family(
      "alarms_total", "counter", "Alarms raised since the start.",
      WatchAlarm.Kind.allCases.map { kind in
        ("kind=\"\(kind.rawValue)\"", "\(state.alarms.raised[kind] ?? 0)")
      })
    metrics.family(
      "answers_total", "counter", "Answers to add-checkpoint.",
      state.counters.answers.sorted { $0.key < $1.key }.map {
        ("status=\"\($0.key)\"", "\($0.value)")
      })
    metrics.family(
      "cosignatures_total", "counter", "Cosignatures made.",
      [("", "\(state.counters.cosignatures)")])
    metrics.family(
      "refusing", "gauge", "1 while nothing is cosigned.",
      [("", state.refusing == nil ? "0" : "1")])
    metrics.family(
      "directory_version", "gauge", "The newest directory.",
      [("", "\(state.directories.last?.version ?? 0)")])
    return metrics.text
  }

  private func writeRounds(_ state: State, to metrics: inout MetricText) {
    let nodes = setting.followed.sorted { $0.rawValue < $1.rawValue }
    metrics.family(
      "rounds_total", "counter", "Rounds through a node's logs.",
      nodes.flatMap { code in
        let rounds = state.counters.rounds[code] ?? (0, 0)
        return [
          ("node=\"\(code)\",result=\"whole\"", "\(rounds.whole)"),
          ("node=\"\(code)\",result=\"broken\"", "\(rounds.broken)"),
        ]
      })
    metrics.family(
      "last_whole_round_seconds", "gauge", "Unix time at which the last whole round ended.",
      nodes.compactMap { code in
        state.counters.lastWhole[code].map { ("node=\"\(code)\"", "\($0.milliseconds / 1000)") }
      })
    metrics.family(
      "logs_passed_over", "gauge",
      "Logs of which nothing is held, and whose head is signed with a key that has ended.",
      nodes.map { ("node=\"\($0)\"", "\(state.counters.passedOver[$0] ?? 0)") })
  }

  // MARK: Rounds

  /// Notes how a round ended.
  func note(round code: AgencyCode, trouble: String?) {
    let moment = now()
    state.withLock { state in
      var rounds = state.counters.rounds[code] ?? (0, 0)
      if trouble == nil {
        rounds.whole += 1
        state.counters.lastWhole[code] = moment
      } else {
        rounds.broken += 1
      }
      state.counters.rounds[code] = rounds
      state.counters.trouble[code] = trouble
    }
  }

  /// Raises and takes back what time alone brings about: nodes without a whole round for too long.
  public func lookAtClock(started: Timestamp, staleAfter seconds: Int) {
    let moment = now()
    for code in setting.followed.sorted(by: { $0.rawValue < $1.rawValue }) {
      let (last, trouble) = state.withLock {
        ($0.counters.lastWhole[code], $0.counters.trouble[code])
      }
      let since = last ?? started
      if moment.milliseconds - since.milliseconds > Int64(seconds) * 1000 {
        raise(
          .stale, node: code,
          (last.map { "no whole round since \($0)" } ?? "no whole round yet")
            + (trouble.map { "; the last one: \($0)" } ?? ""))
      } else {
        clear(.stale, node: code)
      }
    }
  }

  /// Whether nothing stands that a person must look at.
  public var isHealthy: Bool {
    state.withLock { $0.alarms.all.isEmpty && $0.refusing == nil }
  }
}
