import Cryptography
import RecordModel
import TransparencyLog

// What is wrong, within each holding and between them.

extension ReportPage {
  func writeFaults(_ html: inout HTMLWriter) {
    heading("三、日志内的问题", "3. What is wrong within logs", &html)
    var rows: [[String]] = []
    var omitted = 0
    for holding in document.holdings {
      let audit = holding.audit
      var lists: [(String, FindingList)] = [
        (language("联邦名录", "directories"), audit.directories.findings)
      ]
      lists += audit.channels.map { (channel($0.origin), $0.findings) }
      lists += audit.journals.map {
        (language("日志簿 ", "journal of ") + agency($0.origin.code), $0.findings)
      }
      lists += audit.witnessed.map {
        (language("所见证的日志簿 ", "journal witnessed, of ") + agency($0.origin.code), $0.findings)
      }
      for (log, findings) in lists {
        rows += findings.kept.map { row(holding.name, log, $0) }
        omitted += findings.omitted
      }
    }
    html.table(
      [
        .init(language("数据", "data")), .init(language("日志", "log")),
        .init(language("位置", "place"), .number), .init(language("问题", "finding")),
        .init(language("代码", "code"), .name), .init(language("依据", "evidence"), .code),
      ], rows, empty: language("未发现问题。", "Nothing was found."))
    if omitted > 0 {
      paragraph("另有 \(omitted) 处未列出。", "\(omitted) more are not listed.", &html)
    }
  }

  private func row(_ name: String, _ log: String, _ finding: Finding) -> [String] {
    [
      name, log, finding.index.map { "\($0)" } ?? "-",
      language(finding.kind.titleZH, finding.kind.title), finding.kind.rawValue,
      language(finding.detail.zh, finding.detail.en),
    ]
  }

  func writeComparison(_ html: inout HTMLWriter) {
    heading("四、机关之间的对账", "4. Between agencies", &html)
    let report = document.reconciliation
    guard document.holdings.count > 1 else {
      return paragraph(
        "只有一个机关的数据，无法对账。双方共同改写历史须由第三方见证才能发现。",
        "There is one agency's data only: nothing to compare it with.", &html)
    }
    html.table(
      [
        .init(language("通道", "channel")), .init(language("数据", "data")),
        .init(language("条数", "sizes"), .number), .init(language("结果", "result")),
        .init(language("共同条数处的树根", "root at the common size"), .code),
      ],
      report.comparisons.map { comparison in
        [
          channel(comparison.origin), comparison.names.joined(separator: " / "),
          comparison.sizes.map { "\($0)" }.joined(separator: " / "),
          comparison.verdictText(language),
          Set(comparison.roots).map { CanonicalBase64.encode($0) }.sorted()
            .joined(separator: " / "),
        ]
      }, empty: language("没有共同的通道。", "No channel in common."))
    html.table(
      [
        .init(language("问题", "finding")), .init(language("日志", "log"), .code),
        .init(language("位置", "place"), .number), .init(language("说明", "explanation")),
        .init(language("代码", "code"), .name),
      ],
      report.findings.filter { !$0.kind.isNotice }.map { finding in
        [
          language(finding.kind.titleZH, finding.kind.title), finding.subject,
          finding.index.map { "\($0)" } ?? "-",
          finding.details(language).joined(separator: language("；", "; ")),
          finding.kind.rawValue,
        ]
      }, empty: language("对账未发现问题。", "The comparison found nothing."))
    if !report.forks.isEmpty {
      paragraph(
        "分叉可用 audit reconcile 写成可转交的证据文件，任何人可用 check-proof 核验。",
        "audit reconcile writes each fork as a file that anyone can check with check-proof.", &html)
    }
  }

  func writeNumbers(_ html: inout HTMLWriter) {
    heading("七、移送文号（应移未移核查）", "7. Document numbers of transfers", &html)
    paragraph(
      "文号不连续可能是应移未移，也可能另有正当原因（例如作废、编入其他系列），须逐一核实。",
      "A missing number may be a lead that was made out and never sent. There are innocent reasons "
        + "too: each has to be looked into.", &html)
    html.table(
      [
        .init(language("机关", "agency")), .init(language("字号", "series")),
        .init(language("起", "first"), .number), .init(language("止", "last"), .number),
        .init(language("已用", "used"), .number), .init(language("缺号", "missing")),
        .init(language("重号", "used twice")), .init(language("范围", "read from")),
      ],
      document.reconciliation.numbers.map { series in
        [
          agency(series.agency), "\(series.prefix)〔\(series.year)〕", "\(series.first)",
          "\(series.last)", "\(series.count)",
          numbers(series.missing, series.missingCount), numbers(series.repeated, 0),
          series.isWhole
            ? language("本机关全部通道", "all of its channels")
            : language("仅对方所收部分", "what others received"),
        ]
      }, empty: language("没有可读取的文号。", "There are no numbers that can be read."))
  }

  private func numbers(_ numbers: [Int], _ count: Int) -> String {
    guard !numbers.isEmpty else { return "-" }
    let list = NumberReconciliation.ranges(Array(numbers.prefix(NumberSeries.missingLimit)))
    return count > numbers.count ? "\(list) … (\(count))" : list
  }
}
