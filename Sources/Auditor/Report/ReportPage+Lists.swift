import RecordModel

// What is late, what was done, and what a report cannot show.

extension ReportPage {
  func writePending(_ html: inout HTMLWriter) {
    heading("五、已发送而无送达回执", "5. Sent without a receipt", &html)
    let hours = document.reconciliation.receiptLimit / 3_600_000
    paragraph(
      "以各数据的截止时间为准，发送后 \(hours) 小时内应有送达回执。",
      "A record should have a receipt within \(hours) hours, as of the time until which the data was "
        + "kept.", &html)
    html.table(
      [
        .init(language("数据", "data")), .init(language("通道", "channel")),
        .init(language("序号", "entry"), .number), .init(language("文书", "kind")),
        .init(language("封装时间", "sealed")), .init(language("超过时限", "past the limit")),
        .init(language("记录编号", "record"), .code),
      ],
      document.holdings.flatMap { holding in
        holding.pending.items.map { item in
          [
            holding.name, channel(item.origin), "\(item.seq)", kind(item.kind),
            ReportWords.time(item.time), item.isLate ? language("是", "yes") : language("否", "no"),
            "\(item.id)",
          ]
        }
      }, empty: language("没有。", "None."))
    writeOmitted(document.holdings.reduce(0) { $0 + $1.pending.omitted }, &html)
  }

  func writeOverdue(_ html: inout HTMLWriter) {
    heading("六、超过办理时限", "6. Time limits passed", &html)
    html.table(
      [
        .init(language("责任机关", "agency")), .init(language("时限", "time limit")),
        .init(language("依据", "basis")), .init(language("文号", "document")),
        .init(language("起算", "began")), .init(language("届满", "ended")),
        .init(language("移送链", "thread"), .code),
      ],
      overdue.map { clock in
        [
          agency(clock.owner),
          language(clock.rule.titleZH, clock.rule.title) + " "
            + language(clock.rule.limitTextZH, clock.rule.limitText)
            + (clock.rule.verified ? "" : language("（依据待核）", " (basis not verified)")),
          "\(clock.rule.basis)", clock.docNo ?? "-", ReportWords.time(clock.startedAt),
          ReportWords.time(clock.due), "\(clock.thread)",
        ]
      }, empty: language("没有。", "None."))
    writeOmitted(document.holdings.reduce(0) { $0 + $1.overdue.omitted }, &html)
    for holding in document.holdings where !holding.clockStates.isEmpty {
      let states = holding.clockStates.sorted { $0.key.rawValue < $1.key.rawValue }
        .map { "\(ReportWords.clockState($0.key, language)) \($0.value)" }
      paragraph(
        "\(holding.name)：未结移送链的全部时限：\(states.joined(separator: "，"))。",
        "\(holding.name): all time limits of open threads: \(states.joined(separator: ", ")).",
        &html)
    }
    let skipped = document.holdings.reduce(0) { $0 + $1.skippedThreads }
    if skipped > 0 {
      paragraph(
        "另有 \(skipped) 条未结移送链的时限未计算。",
        "The time limits of \(skipped) more open threads were not worked out.", &html)
    }
  }

  /// Both ends hold a thread, and come to the same: each clock once.
  var overdue: [OverdueClock] {
    var seen: Set<OverdueClock> = []
    return document.holdings.flatMap(\.overdue.items).filter { seen.insert($0).inserted }
      .sorted { ($0.due, $0.thread) < ($1.due, $1.thread) }
  }

  func writeTimeline(_ html: inout HTMLWriter) {
    heading("八、时间线", "8. Timeline", &html)
    var days: [Origin: [Int: Int]] = [:]
    for holding in document.holdings {
      // Of two copies of one log the longer one.
      days.merge(holding.activity) { one, two in
        one.values.reduce(0, +) >= two.values.reduce(0, +) ? one : two
      }
    }
    let rows = days.sorted { $0.key.description < $1.key.description }.map {
      ReportPlot.Row(title: channel($0.key), days: $0.value)
    }
    let marks = document.holdings.flatMap(\.acts.items).map {
      ReportPlot.Mark(day: $0.time.dayNumber, isAlarm: ReportWords.isAlarm($0.event))
    }
    guard let plot = ReportPlot(rows, marks, language) else {
      return paragraph("没有记录。", "There are no records.", &html)
    }
    plot.write(to: &html)
  }

  func writeActs(_ html: inout HTMLWriter) {
    heading("九、管理操作与告警", "9. Acts and alarms", &html)
    html.table(
      [
        .init(language("机关", "agency")), .init(language("时间", "time")),
        .init(language("事项", "event")), .init(language("详情", "details"), .code),
        .init(language("日志簿条目", "journal entry"), .number),
      ],
      document.holdings.flatMap { holding in
        holding.acts.items.map { act in
          [
            agency(act.journal.code), ReportWords.time(act.time),
            ReportWords.event(act.event, language), ReportWords.fields(act.fields, language),
            act.journal.epoch == 1 ? "\(act.seq)" : "\(act.journal.epoch)/\(act.seq)",
          ]
        }
      }, empty: language("没有。", "None."))
    writeOmitted(document.holdings.reduce(0) { $0 + $1.acts.omitted }, &html)
  }

  func writeLimits(_ html: inout HTMLWriter) {
    heading("十、本报告不能说明的事项", "10. What this report cannot show", &html)
    html.element(HTMLWriter.Tag("ul")) { html in
      for limit in limits { html.element(HTMLWriter.Tag("li"), limit) }
    }
  }

  private var limits: [String] {
    [
      language(
        "文书内容是否属实；签名只证明由谁发出、未被改动。",
        "Whether what records say is true: signatures show who sent them and that nobody changed them."
      ),
      language(
        "双方机关共同改写的历史，除非有第三方见证过其日志簿。",
        "A history that both agencies rewrote together, unless a third party witnessed their journals."
      ),
      language(
        "各数据截止时间之后发生的事项。", "What happened after the time until which the data was kept."),
      language(
        "从未编号、从未录入的线索。", "Leads that never had a number and were never entered."),
      language(
        "本报告本身没有签名：其结论应由核验人用同样的数据自行重算。",
        "This report is not signed: whoever relies on it can compute it again from the same data."),
    ]
  }

  private func kind(_ kind: String) -> String { language(KindName.titleZH(kind), kind) }

  private func writeOmitted(_ count: Int, _ html: inout HTMLWriter) {
    guard count > 0 else { return }
    paragraph("另有 \(count) 项未列出。", "\(count) more are not listed.", &html)
  }
}
