import RecordModel
import RecordSchema

@testable import Exchange

// Threads, clocks and statistics of the node that answers what it was told to.

extension FakeNode {
  static var pressure: ClockPressure {
    var pressure = ClockPressure()
    pressure.overdue = 1
    pressure.dueSoon = 2
    pressure.peerOverdue = 3
    pressure.uncomputable = 4
    return pressure
  }

  static let noon = Timestamp(milliseconds: 1_795_000_000_000)

  private var clock: ClockView {
    let rule = ClockRules.builtIn.rules[0]
    return ClockView(
      clock: ThreadClock(
        rule: rule.id, start: Self.id(1), owner: .receiver, isDuty: true, startedAt: Self.noon,
        due: Self.noon.advanced(byMilliseconds: 1), outcome: .open, remind: "remind",
        reminded: Self.id(3), flags: [.tooMany]),
      state: .overdue, owner: other, rule: rule)
  }

  func thread(_ id: RecordID) async throws -> ThreadView {
    try note("thread \(id)")
    let points =
      SchemaOutline.shared?.points(
        schema: "lead.decide/1", payload: Array(#"{"decision":"filed"}"#.utf8)) ?? []
    return ThreadView(
      id: id, state: .transferred, family: .lead, opener: other, receiver: code, asOf: Self.noon,
      records: [
        ThreadRecord(summary: summary(id), replyTo: Self.id(7), standing: .void, points: points)
      ],
      clocks: [clock],
      lineage: [
        LineageView(relation: .previous, isStatedByOther: true, thread: Self.id(8), state: .signed)
      ],
      next: [NextView(party: .receiver, agency: code, kinds: ["lead.sign"])],
      allowedNext: ["lead.sign"])
  }

  func deadlines(
    _ filter: ClockFilter, after cursor: ClockCursor?, limit: Int
  ) async throws -> DeadlinePage {
    let before = filter.dueBefore.map { "\($0)" } ?? "-"
    let ours = filter.ours.map { "\($0)" } ?? "-"
    let place = cursor.map { "\($0.due.milliseconds) \($0.thread) \($0.rule) \($0.start)" } ?? "-"
    try note("deadlines \(before) \(ours) \(filter.peer?.rawValue ?? "-") \(limit) \(place)")
    return DeadlinePage(
      items: [
        DeadlineView(
          thread: Self.id(1), peer: other, title: "示例线索", docNo: "示移〔2026〕1号", clock: clock)
      ], asOf: Self.noon,
      next: ClockCursor(
        due: Self.noon, thread: Self.id(1), rule: clock.clock.rule, start: Self.id(2)))
  }

  func rebuildProjections(by: String) async throws { try note("rebuild \(by)") }

  func clockRules() -> ClockRulesView {
    ClockRulesView(rules: .builtIn, calendars: [2025, 2026])
  }

  func statistics(
    from: CalendarDate?, to: CalendarDate?, peer: AgencyCode?
  ) async throws -> Statistics {
    try note(
      "statistics \(from.map { "\($0)" } ?? "-") \(to.map { "\($0)" } ?? "-") "
        + (peer?.rawValue ?? "-"))
    guard let first = CalendarDate(year: 2026, month: 11, day: 1),
      let last = CalendarDate(year: 2026, month: 11, day: 23)
    else { return Statistics(from: from!, to: to!, asOf: Self.noon, peers: []) }
    var row = PeerStatistics(peer: other, name: "=示例,\"市\"纪委监委", outgoing: true)
    row.sent = 5
    row.returned = ["no-jurisdiction": 2, "facts-unclear": 1]
    var rule = RuleStatistics(rule: ClockRules.builtIn.rules[0].id, ours: false)
    (rule.onTime, rule.late, rule.overdue) = (2, 1, 1)
    row.rules = [rule]
    row.numbers = [
      NumberStatistics(
        prefix: "示移", year: 2026, first: 1, last: 4, count: 3, missing: [3], missingCount: 1)
    ]
    row.assigned = [
      AssignedLead(
        thread: Self.id(1), docNo: "示移〔2026〕1号", title: "示例线索", state: .signed,
        due: Self.noon.advanced(byMilliseconds: 2 * 86_400_000 + 1))
    ]
    return Statistics(from: first, to: last, asOf: Self.noon, peers: [row])
  }
}
