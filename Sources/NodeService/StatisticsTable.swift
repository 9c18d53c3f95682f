import Exchange
import RecordModel
import RecordSchema

/// Statistics as one table for spreadsheets: CSV (RFC 4180, UTF-8 with a byte order mark, which the
/// usual spreadsheets need for Chinese). A line for each figure: whom it is about, what it counts,
/// the value.
struct StatisticsTable {
  private(set) var text = "\u{feff}"

  init(_ found: Statistics, rules: ClockRules?) {
    line(["from", "to", "peer", "name", "direction", "measure", "detail", "title", "value"])
    for row in found.peers {
      let head = [
        "\(found.from)", "\(found.to)", row.peer.rawValue, row.name ?? "",
        row.outgoing ? "out" : "in",
      ]
      for figure in Self.figures(row, rules) {
        line(head + [figure.measure, figure.detail, figure.title, figure.value])
      }
    }
  }

  private struct Figure {
    var measure: String
    var detail = ""
    var title: String
    var value: String
  }

  private static func figures(_ row: PeerStatistics, _ rules: ClockRules?) -> [Figure] {
    func plain(_ measure: String, _ title: String, _ value: Int) -> Figure {
      Figure(measure: measure, title: title, value: "\(value)")
    }
    func by(_ measure: String, _ title: String, _ counts: [String: Int]) -> [Figure] {
      counts.sorted { $0.key < $1.key }.map {
        Figure(measure: measure, detail: $0.key, title: title, value: "\($0.value)")
      }
    }
    var figures = [
      plain("sent", "移送", row.sent), plain("signed", "签收", row.signed),
      plain("accepted", "受理", row.accepted),
    ]
    figures += by("refused", "不予受理", row.refused) + by("returned", "退回", row.returned)
    figures += [
      plain("forwarded", "转送", row.forwarded), plain("decided", "作出决定", row.decided),
      plain("filed", "立案", row.filed),
      plain("notFiled", "不予立案", row.notFiled), plain("closed", "办结", row.closed),
      plain("withdrawn", "撤回", row.withdrawn), plain("open", "在办", row.open),
      plain("pending", "未受理未退回", row.pending),
    ]
    for clock in row.rules {
      let title = rules?.rule(clock.rule)?.titleZH ?? clock.rule
      let side = clock.ours ? "ours" : "theirs"
      func figure(_ measure: String, _ value: String) -> Figure {
        Figure(measure: "\(measure).\(side)", detail: clock.rule, title: title, value: value)
      }
      figures += [
        figure("clock.onTime", "\(clock.onTime)"), figure("clock.late", "\(clock.late)"),
        figure("clock.overdue", "\(clock.overdue)"), figure("clock.lapsed", "\(clock.lapsed)"),
      ]
      if let rate = clock.rate {
        figures.append(figure("clock.rate", "\((rate * 10_000).rounded() / 10_000)"))
      }
    }
    for series in row.numbers {
      let name = "\(series.prefix)〔\(series.year)〕"
      figures += [
        Figure(measure: "numbers.count", detail: name, title: "文号", value: "\(series.count)"),
        Figure(
          measure: "numbers.missing", detail: name, title: "缺号", value: "\(series.missingCount)"),
      ]
    }
    figures += row.assigned.map {
      Figure(
        measure: "assigned", detail: $0.docNo ?? $0.thread.description, title: "交办",
        value: $0.due?.description ?? "")
    }
    return figures
  }

  private mutating func line(_ fields: [String]) {
    text += fields.map(Self.quoted).joined(separator: ",") + "\r\n"
  }

  /// A field as RFC 4180 wants it. What a spreadsheet would take for a formula gets an apostrophe
  /// before it: document numbers and names come from other agencies.
  private static func quoted(_ field: String) -> String {
    var field = field
    if let first = field.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) {
      field = "'" + field
    }
    guard field.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else {
      return field
    }
    var quoted = String.UnicodeScalarView()
    for scalar in field.unicodeScalars {
      quoted.append(scalar)
      if scalar == "\"" { quoted.append(scalar) }
    }
    return "\"" + String(quoted) + "\""
  }
}
