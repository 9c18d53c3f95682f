import NodeClient
import RecordModel

/// A thread for people: the same at both ends.
struct ThreadLines {
  let thread: APIThread
  let names: AgencyNames
  /// The node's clock says what is left, as it says what has run out.
  let now: Timestamp
  let width: Int

  init(
    _ thread: APIThread, names: AgencyNames, width: Int = Terminal.width
  ) {
    self.thread = thread
    self.names = names
    now = (try? Timestamp(parsing: thread.asOf)) ?? .now
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
    if summary.erased == true {
      lines += Paragraph.pieces([ErasureLines.stub], label: "", indent: indent, width: width)
    }
    for point in record.points {
      lines += Paragraph.point(
        say(point.titleZH, point.title),
        PointText.said(say(point.textZH, point.text), field: point.field, names),
        indent: indent, width: width)
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

  /// What this thread's own records state, which both ends know; then what is known here besides:
  /// what other threads say of this one, and how far those that are tied to it have come.
  private var ties: [String] {
    let own = thread.lineage.filter { !Self.isStatedByOther($0) }
    let named = Set(own.map(\.thread))
    let known = own.filter { $0.state != nil }
    let others = thread.lineage.filter { Self.isStatedByOther($0) && !named.contains($0.thread) }
    var lines: [String] = []
    if !own.isEmpty {
      lines += ["", say("关联", "TIES")]
      lines += own.flatMap { point(Self.relation($0.relation), $0.thread) }
    }
    if !known.isEmpty || !others.isEmpty {
      lines += ["", say("本机关另知", "KNOWN HERE BESIDES")]
      lines += known.flatMap { point($0.thread, Lines.stateName($0.state)) }
      lines += others.flatMap { tie in
        let state = tie.state.map(Lines.stateName)
        let known = state.map { say("（\($0)）", " (\($0))") } ?? ""
        return point(Self.relation(tie.relation), tie.thread + known)
      }
    }
    return lines
  }

  private func point(_ title: String, _ text: String) -> [String] {
    Paragraph.point(title, text, indent: 2, width: width)
  }

  private static func isStatedByOther(_ tie: APILineage) -> Bool { tie.relation.hasSuffix("Of") }

  private static func relation(_ name: String) -> String {
    switch name {
    case "previous": say("重新移送自", "sends again")
    case "previousOf": say("退回后重新移送于", "sent again as")
    case "forward": say("转送自", "passes on")
    case "forwardOf": say("已转送于", "passed on as")
    case "forwarded": say("线索已转至", "its lead went on in")
    case "forwardedOf": say("线索来自", "its lead came from")
    case "about": say("所涉移送链", "is about")
    case "aboutOf": say("涉及本链", "about this one")
    default: name
    }
  }

  private var next: [String] {
    let open = thread.next.filter { !$0.kinds.isEmpty }
    guard !open.isEmpty else { return [] }
    return ["", say("可办", "NEXT")]
      + open.flatMap { end in
        point(
          names[end.agency], end.kinds.map(Lines.kindName).joined(separator: say("、", ", ")))
      }
  }
}
