import Cryptography
import RecordModel
import TransparencyLog

extension ReportDocument {
  /// The report as one page: printable, without scripts, without anything from elsewhere.
  public func html(_ language: AuditLanguage) -> [UInt8] {
    var html = HTMLWriter()
    ReportPage(document: self, language: language).write(to: &html)
    return html.bytes
  }
}

/// The sections of the page that come first: what it is, what came of it, what was checked.
struct ReportPage {
  let document: ReportDocument
  let language: AuditLanguage

  func write(to html: inout HTMLWriter) {
    html.markup("<!DOCTYPE html>\n<html lang=\"")
    html.text(language("zh-CN", "en"))
    html.markup("\">\n<head>\n<meta charset=\"utf-8\">\n")
    // Even if something did get through: nothing may run, nothing may be fetched.
    html.markup(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    )
    html.element(HTMLWriter.Tag("title"), title)
    html.markup("<style>\n")
    html.markup(ReportStyle.sheet)
    html.markup("</style>\n</head>\n<body>\n")
    html.element(HTMLWriter.Tag("h1"), title)
    writeSummary(&html)
    writeConclusion(&html)
    writeChecked(&html)
    writeChannels(&html)
    writeFaults(&html)
    writeComparison(&html)
    writePending(&html)
    writeOverdue(&html)
    writeNumbers(&html)
    writeTimeline(&html)
    writeActs(&html)
    writeLimits(&html)
    html.markup("</body>\n</html>\n")
  }

  private var title: String {
    language("案件线索移送审计报告", "Audit of case-lead transfers")
  }

  func heading(_ zh: String, _ en: String, _ html: inout HTMLWriter) {
    html.element(HTMLWriter.Tag("h2"), language(zh, en))
  }

  func paragraph(_ zh: String, _ en: String, _ html: inout HTMLWriter) {
    html.element(HTMLWriter.Tag("p"), language(zh, en))
  }

  /// An agency by name and code.
  func agency(_ code: AgencyCode?) -> String {
    guard let code else { return "-" }
    return document.names[code].map { "\($0) \(code)" } ?? "\(code)"
  }

  /// A channel by its agencies' names.
  func channel(_ origin: Origin) -> String {
    let direction = origin.direction
    let from = document.names[direction.from] ?? "\(direction.from)"
    let to = document.names[direction.to] ?? "\(direction.to)"
    return "\(from) → \(to)"
      + (origin.epoch == 1 ? "" : language(" 纪元", " epoch ") + "\(origin.epoch)")
  }

  private func writeSummary(_ html: inout HTMLWriter) {
    let keys = document.authority.authority.keys.map(\.description)
    let trust =
      language(
        "\(keys.count) 把中须 \(document.authority.authority.threshold) 把签名",
        "\(document.authority.authority.threshold) of \(keys.count) must sign")
      + (document.isAuthorityGiven
        ? language("（由审计员提供）", " (brought by the auditor)")
        : language("（取自被审计数据，须另行核对）", " (as the audited data has them: to be compared)"))
    var rows = [
      [language("联邦", "federation"), document.federation],
      [language("报告时间", "made at"), ReportWords.time(document.createdAt)],
      [language("软件", "software"), document.software],
      [language("统筹机关公钥", "authority's keys"), trust],
    ]
    rows += keys.map { ["", $0] }
    html.element(HTMLWriter.Tag("table", "plain")) { html in
      for row in rows {
        html.element(HTMLWriter.Tag("tr")) { html in
          html.element(HTMLWriter.Tag("th"), row[0])
          html.element(row[0].isEmpty ? HTMLWriter.Tag("td", "c") : HTMLWriter.Tag("td"), row[1])
        }
      }
    }
  }

  private func writeConclusion(_ html: inout HTMLWriter) {
    let faults = document.holdings.reduce(0) { $0 + $1.audit.findingCount }
    let between = document.reconciliation.findings.filter { !$0.kind.isNotice }.count
    let overdue =
      self.overdue.count + document.holdings.reduce(0) { $0 + $1.overdue.omitted }
    let pending = document.holdings.reduce(0) { $0 + $1.pending.count }
    html.element(
      document.isClean ? HTMLWriter.Tag("div", "box good") : HTMLWriter.Tag("div", "box bad")
    ) { html in
      html.element(
        HTMLWriter.Tag("p", "verdict"),
        document.isClean
          ? language(
            "所查日志完整、一致，签名和回执有效。",
            "The logs that were checked are whole and agree; signatures and receipts hold.")
          : language(
            "发现问题：日志内 \(faults) 处，机关之间 \(between) 处。",
            "Something is wrong: \(faults) findings within logs, \(between) between agencies."))
      html.element(
        HTMLWriter.Tag("p"),
        language(
          "另有：无送达回执的记录 \(pending) 份，已超过办理时限 \(overdue) 项，"
            + "文号提示 \(document.reconciliation.findings.filter(\.kind.isNotice).count) 项。",
          "Besides: \(pending) records without a receipt, \(overdue) time limits passed, "
            + "\(document.reconciliation.findings.filter(\.kind.isNotice).count) notices on document "
            + "numbers."))
    }
  }

  private func writeChecked(_ html: inout HTMLWriter) {
    heading("一、查了什么", "1. What was checked", &html)
    paragraph(
      "从每份记录的原始字节起重新计算：哈希、默克尔树根、每个签名和送达回执、名录、内容承诺值、"
        + "移送规则和日志簿。节点自己算出的结果一概不采信。",
      "Everything was computed anew from the bytes of each record: hashes, Merkle roots, every "
        + "signature and receipt, directories, commitments, rules of threads, journals. Nothing that "
        + "a node computed itself was believed.", &html)
    html.table(
      [
        .init(language("数据", "data")), .init(language("机关", "agency")),
        .init(language("截至", "kept until")), .init(language("通道", "channels"), .number),
        .init(language("记录", "records"), .number),
        .init(language("检查点", "checkpoints"), .number),
        .init(language("日志簿条目", "journal entries"), .number),
        .init(language("名录", "directories"), .number),
        .init(language("问题", "findings"), .number),
      ],
      document.holdings.map { holding in
        let audit = holding.audit
        return [
          holding.name, agency(holding.owner), ReportWords.time(holding.asOf),
          "\(audit.channels.count)", "\(audit.channels.reduce(0) { $0 + $1.entries })",
          "\(audit.channels.reduce(0) { $0 + $1.checkpoints })",
          "\(audit.journals.reduce(0) { $0 + $1.entries })", "\(audit.directories.verified)",
          "\(audit.findingCount)",
        ]
      }, empty: "-")
  }

  private func writeChannels(_ html: inout HTMLWriter) {
    heading("二、各通道合计", "2. Totals of each channel", &html)
    paragraph(
      "发送方与接收方在同一条数上的树根相同，即表示双方持有的记录逐字节一致。",
      "Sender and receiver hold the same records, byte for byte, where their roots are equal at equal "
        + "size.", &html)
    for holding in document.holdings {
      html.element(HTMLWriter.Tag("h3"), holding.name)
      html.table(
        [
          .init(language("通道", "channel")), .init(language("方向", "side")),
          .init(language("记录", "records"), .number),
          .init(language("已回执", "receipted"), .number),
          .init(language("拒收", "refused"), .number),
          .init(language("已清除", "erased"), .number),
          .init(language("未附内容", "left out"), .number),
          .init(language("问题", "findings"), .number), .init(language("树根", "root"), .code),
        ],
        holding.audit.channels.map { channel in
          [
            self.channel(channel.origin),
            channel.isOutbound ? language("发", "out") : language("收", "in"),
            "\(channel.entries)", "\(channel.receipted)", "\(channel.refused)",
            "\(channel.erased)", "\(channel.leftOut)", "\(channel.findings.count)",
            CanonicalBase64.encode(channel.root),
          ]
        }, empty: language("没有通道", "no channels"))
    }
  }
}
