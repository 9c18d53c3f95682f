import Exchange
import RecordModel

// How the rows that are kept of threads become values, and values rows.

extension Columns {
  func agency(_ column: CInt) throws -> AgencyCode {
    try parsed(column) { try AgencyCode($0) }
  }

  /// number, id, thread, peer, opened, ours, kind, time, detail, doc_no
  func act() throws -> KeptAct {
    let thread = try id(2)
    return KeptAct(
      number: integer(0), id: try optional(1, id) ?? thread, thread: thread,
      peer: try agency(3), opened: flag(4), ours: flag(5), kind: text(6), time: time(7),
      detail: optional(8, text), docNo: optional(9, text))
  }

  /// thread, relation, other
  func link() throws -> LinkRow {
    LinkRow(
      thread: try id(0), relation: try parsed(1) { ThreadRelation(rawValue: $0) },
      other: try id(2))
  }

  /// thread, peer, opened, ours, rule, start, duty, started_at, due, warnings, outcome, stop,
  /// stopped_at, remind, reminded, flags, problem
  func clock() throws -> ClockRow {
    let (opened, ours) = (flag(2), flag(3))
    let clock = ThreadClock(
      rule: text(4), start: try id(5), owner: opened == ours ? .opener : .receiver,
      isDuty: flag(6), startedAt: time(7), due: optional(8, time),
      warnings: try list(9) { Int64($0).map { Timestamp(milliseconds: $0) } },
      outcome: try parsed(10) { ClockOutcome(rawValue: $0) }, stop: try optional(11, id),
      stoppedAt: optional(12, time), remind: optional(13, text), reminded: try optional(14, id),
      flags: try list(15) { ClockFlag(rawValue: $0) },
      problem: optional(16, text).map { RecordModelError.Code(rawValue: $0) })
    return ClockRow(thread: try id(0), peer: try agency(1), ours: ours, clock: clock)
  }

  /// peer, opened, ours, rule, state, count
  func clockCount() throws -> ClockCount {
    ClockCount(
      peer: try agency(0), opened: flag(1), ours: flag(2), rule: text(3),
      state: try parsed(4) { ClockState(rawValue: $0) }, count: Int(integer(5)))
  }

  /// Values that are kept in one text, parted by commas.
  private func list<T>(_ column: CInt, _ parse: (String) -> T?) throws -> [T] {
    try parsed(column) { text in
      let parts = text.split(separator: ",").map { parse(String($0)) }
      return parts.contains { $0 == nil } ? nil : parts.compactMap(\.self)
    }
  }
}

extension KeptAct {
  /// In the order of `Columns.act`.
  var bindings: [Binding] {
    [
      .integer(number), id == thread ? .null : .id(id), .id(thread), .text(peer.rawValue),
      .flag(opened), .flag(ours), .text(kind), .time(time), .optional(detail), .optional(docNo),
    ]
  }
}

extension ClockRow {
  /// In the order of `Columns.clock`, then the first warning.
  var bindings: [Binding] {
    [
      .id(thread), .text(peer.rawValue), .flag((clock.owner == .opener) == ours), .flag(ours),
      .text(clock.rule), .id(clock.start), .flag(clock.isDuty), .time(clock.startedAt),
      .optional(clock.due?.milliseconds),
      .text(clock.warnings.map { String($0.milliseconds) }.joined(separator: ",")),
      .text(clock.outcome.rawValue), clock.stop.map(Binding.id) ?? .null,
      .optional(clock.stoppedAt?.milliseconds), .optional(clock.remind),
      clock.reminded.map(Binding.id) ?? .null,
      .text(clock.flags.map(\.rawValue).joined(separator: ",")),
      .optional(clock.problem?.rawValue), .optional(clock.warnings.first?.milliseconds),
    ]
  }
}
