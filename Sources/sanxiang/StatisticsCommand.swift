import ArgumentParser
import NodeClient
import RecordModel
import RecordSchema

/// What became of leads, counted.
struct StatisticsCommand: AsyncParsableCommand {
  static let configuration = describe(
    "statistics", "统计：移送、办理、时限、文号、交办，按对方机关",
    "counts by agency: what was sent, what came of it, time limits, document numbers, assignments",
    example: "sanxiang statistics --from 2026-01-01 --to 2026-12-31\n"
      + "sanxiang statistics --csv > statistics.csv")

  @OptionGroup var node: NodeOptions
  @Option(name: .long, help: help("起日，默认本月一日", "first day; default: the first of this month"))
  var from: DayFlag?
  @Option(name: .long, help: help("止日，默认今天", "last day; default: today")) var to: DayFlag?
  @Option(name: .long, help: help("只要与此机关之间的", "only with this agency")) var peer: AgencyFlag?
  @Flag(name: .long, help: help("输出 CSV 表格，原样", "write the table as CSV, verbatim"))
  var csv = false

  func validate() throws {
    guard !csv || node.common.output == .text else {
      throw ValidationError(
        say("--csv 与 --output json 不能同时用", "--csv and --output json exclude each other"))
    }
  }

  func run() async throws {
    let from = try from?.value(of: "--from").description
    let to = try to?.value(of: "--to").description
    let peer = try peer?.value(of: "--peer").description
    if csv {
      Console.bytes(
        try await node.withNode { try await $0.statisticsTable(from: from, to: to, peer: peer) })
      return
    }
    let found = try await node.withNode {
      try await $0.statistics(from: from, to: to, peer: peer)
    }
    node.show(json: found.json, text: StatisticsLines(found.value).lines)
  }
}

/// Statistics for people: a block for each agency and way.
struct StatisticsLines {
  let found: APIStatistics
  let width: Int

  init(_ found: APIStatistics, width: Int = Terminal.width) {
    self.found = found
    self.width = width
  }

  var lines: [String] {
    let head = say(
      "统计 \(found.from) 至 \(found.to)（截至 \(Lines.minute(found.asOf))）",
      "\(found.from) to \(found.to), as of \(Lines.minute(found.asOf))")
    guard !found.peers.isEmpty else { return [head, say("（无）", "(none)")] }
    return [head] + found.peers.flatMap { [""] + block($0) }
  }

  private func block(_ peer: APIStatistics.Peer) -> [String] {
    let name = peer.name.map { say("\($0)（\(peer.peer)）", "\($0) (\(peer.peer))") } ?? peer.peer
    let title =
      peer.direction == "out"
      ? say("移送至 ", "sent to ") + name : say("来自 ", "received from ") + name
    var lines = Paragraph.wrap(title, width: width)
    let counts = Self.counts(peer)
    lines += Paragraph.pieces(
      counts.allSatisfy { $0.count == 0 }
        ? [say("（没有线索）", "(no leads)")] : counts.map { "\($0.name) \($0.count)" },
      label: "", indent: 2, width: width)
    lines += reasons(say("不予受理理由", "refused because"), peer.refusedBy) {
      Codes.RefuseReason(rawValue: $0)?.label
    }
    lines += reasons(say("退回理由", "returned because"), peer.returnedBy) {
      Codes.ReturnReason(rawValue: $0)?.label
    }
    return lines + rules(peer.rules) + numbers(peer.numbers) + assigned(peer.assigned)
  }

  private static func counts(_ peer: APIStatistics.Peer) -> [(name: String, count: Int)] {
    [
      (say("移送", "sent"), peer.sent), (say("签收", "signed for"), peer.signed),
      (say("受理", "accepted"), peer.accepted), (say("不予受理", "refused"), peer.refused),
      (say("退回", "returned"), peer.returned), (say("转送", "forwarded"), peer.forwarded),
      (say("立案", "filed"), peer.filed), (say("不予立案", "not filed"), peer.notFiled),
      (say("办结", "closed"), peer.closed), (say("撤回", "withdrawn"), peer.withdrawn),
      (say("未办结", "open"), peer.open),
      (say("待受理", "neither accepted nor given back"), peer.pending),
    ]
  }

  private func reasons(
    _ title: String, _ counts: [String: Int], label: (String) -> String?
  ) -> [String] {
    guard !counts.isEmpty else { return [] }
    let text = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\(label($0.key) ?? $0.key) \($0.value)" }.joined(separator: say("、", ", "))
    return Paragraph.point(title, text, indent: 2, width: width)
  }

  private func rules(_ rules: [APIStatistics.Rule]) -> [String] {
    guard !rules.isEmpty else { return [] }
    var table = TextTable([
      .init(say("时限", "TIME LIMIT"), wraps: true), .init(say("义务方", "WHO")),
      .init(say("按期", "IN TIME"), number: true), .init(say("逾期", "LATE"), number: true),
      .init(say("超期未办", "OVERDUE"), number: true), .init(say("按期率", "RATE"), number: true),
    ])
    for rule in rules {
      let owner =
        rule.owner == "ours"
        ? say("本机关", "ours") : rule.owner == "theirs" ? say("对方", "theirs") : "-"
      table.rows.append([
        say(rule.titleZH, rule.title), owner, "\(rule.onTime)", "\(rule.late)",
        "\(rule.overdue)", rule.rate.map(Self.percent) ?? "-",
      ])
    }
    return table.lines(fitting: width - 2).map { "  " + $0 }
  }

  /// One place after the point, rounded down: nothing but all is 100 %.
  static func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000 + 1e-9).rounded(.down))
    return "\(tenths / 10).\(tenths % 10)%"
  }

  private func numbers(_ series: [APIStatistics.Numbers]) -> [String] {
    series.flatMap { one in
      let name = "\(one.prefix)〔\(one.year)〕"
      var text = say(
        "\(one.first) 至 \(one.last) 号，共 \(one.count) 件",
        "\(one.first) to \(one.last), \(one.count) in all")
      if one.missingCount == 0 {
        text += say("，不缺号", ", none missing")
      } else {
        let shown = Self.ranges(one.missing).joined(separator: say("、", ", "))
        let more = one.missingCount > one.missing.count ? "…" : ""
        text += say(
          "，缺 \(one.missingCount) 号：\(shown)\(more)",
          ", \(one.missingCount) missing: \(shown)\(more)")
      }
      return Paragraph.point(say("文号 ", "numbers ") + name, text, indent: 2, width: width)
    }
  }

  /// Ascending numbers, those that follow each other as one range.
  static func ranges(_ numbers: [Int]) -> [String] {
    var ranges: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = ranges.last, number == last.upperBound + 1 {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
    return ranges.map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)"
    }
  }

  private func assigned(_ leads: [APIStatistics.Assigned]) -> [String] {
    guard !leads.isEmpty else { return [] }
    var table = TextTable([
      .init(say("交办文号", "ASSIGNED"), wraps: true), .init(say("名称", "TITLE"), wraps: true),
      .init(say("状态", "STATE")), .init(say("期限", "DUE")),
      .init(say("剩余天数", "DAYS LEFT"), number: true),
    ])
    for lead in leads {
      let overdue = (lead.remainingDays ?? 0) < 0 ? "!! " : ""
      table.rows.append(
        .init(
          [
            lead.docNo ?? "-", lead.title ?? "-", Lines.stateName(lead.state),
            Lines.due(lead.due), lead.remainingDays.map { "\(overdue)\($0)" } ?? "-",
          ], notes: [say("移送链 ", "thread ") + lead.thread]))
    }
    return table.lines(fitting: width - 2).map { "  " + $0 }
  }
}
