import RecordModel

/// The timeline: records by log and day as bars, and acts as marks below, in SVG without scripts.
struct ReportPlot {
  /// Most bars of a row.
  private static let barLimit = 120
  private static let width = 960
  private static let left = 250
  private static let rowHeight = 44
  private static let barHeight = 34
  private static let widestBar = 24

  struct Row {
    var title: String
    var days: [Int: Int]
  }

  struct Mark {
    var day: Int
    var isAlarm: Bool
  }

  let language: AuditLanguage
  let rows: [Row]
  let marks: [Mark]
  private let first: Int
  private let bars: Int
  private let daysPerBar: Int

  /// Nil where there is nothing to show.
  init?(_ rows: [Row], _ marks: [Mark], _ language: AuditLanguage) {
    let days = rows.flatMap { $0.days.keys } + marks.map(\.day)
    guard let first = days.min(), let last = days.max() else { return nil }
    self.rows = rows
    self.marks = marks
    self.language = language
    self.first = first
    let span = last - first + 1
    daysPerBar = (span + Self.barLimit - 1) / Self.barLimit
    bars = (span + daysPerBar - 1) / daysPerBar
  }

  private var plotWidth: Int { Self.width - Self.left - 10 }
  private var height: Int { rows.count * Self.rowHeight + 70 }
  private func bar(_ day: Int) -> Int { (day - first) / daysPerBar }
  private func x(_ bar: Int) -> Int { Self.left + bar * plotWidth / bars }

  /// A bar leaves a little room to the next one, and does not fill the page where there are few.
  private func width(_ bar: Int) -> Int {
    max(2, min(x(bar + 1) - x(bar) - 1, Self.widestBar))
  }

  func write(to html: inout HTMLWriter) {
    html.markup("<svg role=\"img\" viewBox=\"0 0 ")
    html.number(Self.width)
    html.markup(" ")
    html.number(height)
    html.markup("\">\n")
    for (place, row) in rows.enumerated() { write(row, place * Self.rowHeight, &html) }
    writeMarks(rows.count * Self.rowHeight, &html)
    writeAxis(height - 18, &html)
    html.markup("</svg>\n")
  }

  private func write(_ row: Row, _ top: Int, _ html: inout HTMLWriter) {
    var counts = [Int](repeating: 0, count: bars)
    for (day, count) in row.days { counts[bar(day)] += count }
    let most = max(counts.max() ?? 0, 1)
    label(row.title, 0, top + 20, &html)
    label(
      language("最多 \(most) 份", "at most \(most)"), 0, top + 35, &html, style: "s")
    let bottom = top + Self.barHeight + 4
    line(bottom, &html)
    for (place, count) in counts.enumerated() where count > 0 {
      let height = max(2, count * Self.barHeight / most)
      rectangle(
        x(place), bottom - height, width(place), height, "bar", &html)
    }
  }

  private func writeMarks(_ top: Int, _ html: inout HTMLWriter) {
    label(language("管理操作与告警", "acts and alarms"), 0, top + 20, &html)
    line(top + 24, &html)
    for isAlarm in [false, true] {
      for place in Set(marks.filter { $0.isAlarm == isAlarm }.map { bar($0.day) }).sorted() {
        rectangle(
          x(place), top + (isAlarm ? 6 : 14), width(place),
          isAlarm ? 18 : 10, isAlarm ? "alarm" : "act", &html)
      }
    }
  }

  private func writeAxis(_ top: Int, _ html: inout HTMLWriter) {
    let last = first + bars * daysPerBar - 1
    label(date(first), Self.left, top, &html, style: "s")
    html.markup("<text class=\"s\" text-anchor=\"end\" x=\"")
    html.number(Self.width - 10)
    html.markup("\" y=\"")
    html.number(top)
    html.markup("\">")
    html.text(date(last))
    html.markup("</text>\n")
    let unit =
      daysPerBar == 1
      ? language("每柱一日", "one bar a day")
      : language("每柱 \(daysPerBar) 日", "one bar for \(daysPerBar) days")
    label(unit, 0, top, &html, style: "s")
  }

  private func date(_ day: Int) -> String {
    let start = Timestamp(milliseconds: Int64(day) * 86_400_000 - 28_800_000)
    return String("\(start)".prefix(10))
  }

  private func label(
    _ text: String, _ x: Int, _ y: Int, _ html: inout HTMLWriter, style: StaticString = "l"
  ) {
    html.markup("<text class=\"")
    html.markup(style)
    html.markup("\" x=\"")
    html.number(x)
    html.markup("\" y=\"")
    html.number(y)
    html.markup("\">")
    html.text(text)
    html.markup("</text>\n")
  }

  private func line(_ y: Int, _ html: inout HTMLWriter) {
    rectangle(Self.left, y, plotWidth, 1, "axis", &html)
  }

  private func rectangle(
    _ x: Int, _ y: Int, _ width: Int, _ height: Int, _ style: StaticString,
    _ html: inout HTMLWriter
  ) {
    html.markup("<rect class=\"")
    html.markup(style)
    html.markup("\" x=\"")
    html.number(x)
    html.markup("\" y=\"")
    html.number(y)
    html.markup("\" width=\"")
    html.number(width)
    html.markup("\" height=\"")
    html.number(height)
    html.markup("\"/>\n")
  }
}
