import NodeClient
import RecordModel

/// Time limits for people.
struct ClockTable {
  let names: AgencyNames
  let now: Timestamp
  let width: Int

  /// A row for each; what is overdue stands out by its mark, not by colour. `numbers` are those of
  /// the thread's records.
  func lines(_ clocks: [APIClock], numbers: [String: Int]) -> [String] {
    var table = TextTable([
      .init(say("事项", "WHAT"), wraps: true), .init(say("义务机关", "WHO"), wraps: true),
      .init(say("期限", "DUE")), .init(say("状况", "STANDS"), wraps: true),
      .init(say("剩余", "LEFT")),
    ])
    for clock in clocks {
      table.rows.append(
        .init(
          [
            say(clock.titleZH, clock.title), names[clock.owner], Self.due(clock),
            Self.state(clock), left(clock),
          ], notes: notes(clock, numbers)))
    }
    return table.lines(fitting: width)
  }

  /// Time limits of many threads.
  func lines(_ deadlines: [APIDeadline]) -> [String] {
    guard !deadlines.isEmpty else { return [say("（无）", "(none)")] }
    var table = TextTable([
      .init(say("期限", "DUE")), .init(say("剩余", "LEFT")),
      .init(say("状况", "STANDS"), wraps: true), .init(say("事项", "WHAT"), wraps: true),
      .init(say("义务机关", "WHO"), wraps: true), .init(say("对方机关", "PEER"), wraps: true),
      .init(say("文号、名称", "DOC NO, TITLE"), wraps: true),
    ])
    for deadline in deadlines {
      let clock = deadline.clock
      let about = [deadline.docNo, deadline.leadTitle].compactMap { $0 }.joined(separator: " ")
      table.rows.append(
        .init(
          [
            Self.due(clock), left(clock), Self.state(clock), say(clock.titleZH, clock.title),
            names[clock.owner], names[deadline.peer], about.isEmpty ? "-" : about,
          ],
          notes: [say("移送链 ", "thread ") + deadline.thread] + notes(clock, [:])))
    }
    return table.lines(fitting: width)
  }

  // MARK: Cells

  /// The last day, or the moment where it counts in hours.
  static func due(_ clock: APIClock) -> String {
    clock.lastDay ?? clock.due.map { Lines.minute($0) } ?? "-"
  }

  static func state(_ clock: APIClock) -> String {
    switch clock.state {
    case "overdue": "!! " + say("已超期", "OVERDUE")
    case "dueSoon": "! " + say("即将到期", "due soon")
    case "uncomputable": "? " + say("无法计算", "cannot be computed")
    case "met": say("按期完成", "done in time")
    case "late": say("逾期完成", "done late")
    default: say(ClockState(rawValue: clock.state)?.titleZH ?? clock.state, clock.state)
    }
  }

  /// Whole days, or whole hours where it is less than two days; of what is past, how long it is.
  func left(_ clock: APIClock) -> String {
    guard ["running", "dueSoon", "overdue"].contains(clock.state),
      let due = clock.due.flatMap({ try? Timestamp(parsing: $0) })
    else { return "-" }
    let distance = due.milliseconds - now.milliseconds
    let hours = abs(distance) / 3_600_000
    let length =
      hours >= 48
      ? say("\(hours / 24) 天", "\(hours / 24) days")
      : hours >= 1 ? say("\(hours) 小时", "\(hours) h") : say("不足 1 小时", "under 1 h")
    return distance >= 0 ? length : say("超 \(length)", "\(length) over")
  }

  /// Basis, start and end, and whatever else a reader should know.
  private func notes(_ clock: APIClock, _ numbers: [String: Int]) -> [String] {
    var facts = [say("依据：", "basis: ") + (clock.basis ?? clock.rule)]
    if let start = numbers[clock.start] {
      facts.append(say("起算：第 \(start) 项 ", "from \(start), ") + Lines.minute(clock.startedAt))
    }
    if let stop = clock.stop.flatMap({ numbers[$0] }) {
      facts.append(say("止于：第 \(stop) 项 ", "ended by \(stop), ") + Lines.minute(clock.stoppedAt))
    }
    var notes = [facts.joined(separator: say("；", "; "))]
    if let reminded = clock.reminded {
      let place = numbers[reminded].map { say("第 \($0) 项", "\($0)") } ?? reminded
      notes.append(say("已催办：", "reminded by ") + place)
    }
    if !clock.duty {
      notes.append(say("可以办理的期限，并非义务", "a time within which one may act, not a duty"))
    }
    notes += clock.flags.map(Self.flag)
    if let problem = clock.problem { notes.append(Self.problem(problem)) }
    return notes
  }

  private static func problem(_ code: String) -> String {
    switch code {
    case "clock.calendar.missing":
      say("缺少该年的工作日历（\(code)）", "that year's calendar is not here (\(code))")
    case "clock.payload.missing":
      say("内容已清除或者未载日期（\(code)）", "the content is erased or names no day (\(code))")
    case "clock.rules.unknown": say("没有此规则（\(code)）", "there is no such rule (\(code))")
    default: code
    }
  }

  private static func flag(_ name: String) -> String {
    switch name {
    case "startOutsideReceipts":
      say("注意：所载起算时间在前后送达时间之外", "note: the starting time lies outside the receipts around it")
    case "stopOutsideReceipts":
      say("注意：所载完成时间在前后送达时间之外", "note: the ending time lies outside the receipts around it")
    case "tooMany": say("注意：超过规则允许的次数", "note: more often than the rule allows")
    default: name
    }
  }
}
