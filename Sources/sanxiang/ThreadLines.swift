import NodeClient
import RecordModel

/// A thread for people: the same at both ends.
struct ThreadLines {
  let thread: APIThread
  let names: AgencyNames
  let now: Timestamp
  let width: Int

  init(
    _ thread: APIThread, names: AgencyNames, now: Timestamp = .now, width: Int = Terminal.width
  ) {
    self.thread = thread
    self.names = names
    self.now = now
    self.width = width
  }

  var lines: [String] {
    var lines = head
    for (index, record) in thread.records.enumerated() {
      lines += [""] + self.lines(of: record, index + 1)
    }
    if !thread.clocks.isEmpty {
      let table = ClockTable(names: names, now: now, width: width)
      lines += ["", say("时限", "TIME LIMITS")] + table.lines(thread.clocks, numbers: numbers)
    }
    if let off = thread.clocksOff, !off.isEmpty {
      lines += Paragraph.point(
        say("未启用的规则", "rules switched off"), off.joined(separator: ", "), indent: 0, width: width)
    }
    return lines + ties + next
  }

  // MARK: Parts

  private var head: [String] {
    var facts = [(say("移送链", "thread"), thread.id)]
    let opening = thread.records.first { $0.summary.id == thread.id }?.summary
    if let text = opening.map({ [$0.docNo, $0.title].compactMap { $0 }.joined(separator: "  ") }),
      !text.isEmpty
    {
      facts.append((say("名称", "title"), text))
    }
    facts += [
      (say("发起方", "opener"), names.full(thread.opener)),
      (say("接收方", "receiver"), names.full(thread.receiver)),
      (say("状态", "state"), Lines.stateName(thread.state)),
    ]
    return Paragraph.facts(facts, width: width)
  }

  /// Each record's number in the list, by which others name it.
  private var numbers: [String: Int] {
    Dictionary(
      thread.records.enumerated().map { ($1.summary.id, $0 + 1) },
      uniquingKeysWith: { first, _ in first })
  }

  private func lines(of record: APIThreadRecord, _ number: Int) -> [String] {
    let summary = record.summary
    var pieces = [
      Lines.time(summary.time), Lines.kindName(summary.kind) + Self.mark(record.standing),
      "\(names[summary.from]) → \(names[summary.to])",
    ]
    let delivery = Lines.deliveryName(summary.delivery)
    pieces.append(summary.receiptedAt.map { "\(delivery) \(Lines.time($0))" } ?? delivery)
    var identity = [say("编号 ", "id ") + summary.id]
    if let answered = record.replyTo.flatMap({ numbers[$0] }) {
      identity.append(say("答复第 \(answered) 项", "answers \(answered)"))
    }
    if summary.urgency != "normal" { identity.append(Lines.urgencyName(summary.urgency)) }
    let label = "\(number)."
    let indent = max(label.utf8.count + 1, 4)
    var lines = Paragraph.pieces(pieces, label: label, indent: indent, width: width)
    lines += Paragraph.pieces(identity, label: "", indent: indent, width: width)
    if let dead = summary.dead {
      lines += Paragraph.point(dead.code, dead.detail, indent: indent, width: width)
    }
    for point in record.points {
      lines += Paragraph.point(
        say(point.titleZH, point.title), say(point.textZH, point.text), indent: indent,
        width: width)
    }
    return lines
  }

  /// What became of a record, where it does not simply stand.
  static func mark(_ standing: String?) -> String {
    switch standing {
    case nil, "stands": ""
    case "void": say("【无效】", " [VOID]")
    case "withdrawn": say("【已撤回】", " [WITHDRAWN]")
    case let other?: " [\(other)]"
    }
  }

  private var ties: [String] {
    guard !thread.lineage.isEmpty else { return [] }
    return ["", say("关联", "TIES")]
      + thread.lineage.flatMap { tie in
        let state =
          tie.state.map { say("（\(Lines.stateName($0))）", " (\(Lines.stateName($0)))") } ?? ""
        return Paragraph.point(
          Self.relation(tie.relation), tie.thread + state, indent: 2, width: width)
      }
  }

  private static func relation(_ name: String) -> String {
    switch name {
    case "previous": say("本链重新移送所退回的", "sends again what was returned in")
    case "previousOf": say("退回后重新移送于", "was sent again in")
    case "forward": say("本链转送自", "passes on")
    case "forwardOf": say("已转送，新链为", "was passed on in")
    case "forwarded": say("线索已转至", "its lead went on in")
    case "forwardedOf": say("线索来自", "its lead came from")
    case "about": say("本链所涉", "is about")
    case "aboutOf": say("涉及本链的", "is what this one is about")
    default: name
    }
  }

  private var next: [String] {
    let open = thread.next.filter { !$0.kinds.isEmpty }
    guard !open.isEmpty else { return [] }
    return ["", say("可办", "NEXT")]
      + open.flatMap { end in
        Paragraph.point(
          names[end.agency], end.kinds.map(Lines.kindName).joined(separator: say("、", ", ")),
          indent: 2, width: width)
      }
  }
}
