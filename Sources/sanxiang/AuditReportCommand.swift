import ArgumentParser
import Auditor
import RecordModel

/// Writes what was found as a page for people.
struct AuditReportCommand: ParsableCommand {
  static let configuration = describe(
    "report", "审计报告：可打印的网页和 JSON，供检察官等阅读",
    "write a report: a page that prints well, and JSON",
    example: "sanxiang audit report export-A export-B --out report.html --authority authority.json")

  @OptionGroup var common: CommonOptions
  @Option(name: .long, help: help("报告文件（HTML，可打印成 PDF）", "the report, HTML that prints to PDF"))
  var out: String
  @Option(name: .long, help: help("同时写出 JSON", "write it as JSON too"))
  var json: String?
  @Option(
    name: .long,
    help: help(
      "报告语言 zh 或 en（默认与界面相同）", "the report's language, zh or en; default: that of the interface"))
  var language: Language?
  @Option(name: .long, help: AuditAuthority.help)
  var authority: String?
  @Option(
    name: .long,
    help: help(
      "发送后多少小时内应有送达回执（默认 24）", "hours within which a record should have a receipt; default 24"))
  var receiptLimit: Int = Int(Reconciliation.receiptLimit / 3_600_000)
  @OptionGroup var web: WebOptions
  @Argument(help: help("数据文件夹、导出或 http 网址", "data folders, exports or http URLs"))
  var paths: [String]

  func validate() throws {
    guard !paths.isEmpty, Set(paths).count == paths.count else {
      throw ValidationError(say("须给出不同的路径", "give different paths"))
    }
    guard (0...876_000).contains(receiptLimit) else {
      throw ValidationError(say("--receipt-limit 以小时计", "--receipt-limit is in hours"))
    }
  }

  func run() throws {
    let ticker = ProgressLine()
    let document = try AuditInput.with(all: paths, tokens: web.tokens()) { inputs in
      try ReportMaker(
        authority: AuditAuthority.pinned(authority, inputs), isAuthorityGiven: authority != nil,
        receiptLimit: Int64(receiptLimit) * 3_600_000, workers: .otherCores,
        progress: ticker.show
      ).make(
        inputs.map { ($0.path, $0.source) }, now: Timestamp.now,
        software: "sanxiang \(Version.text)")
    }
    ticker.clear()
    let spoken: AuditLanguage = (language ?? Language.current) == .zh ? .zh : .en
    try Files.write(document.html(spoken), to: out, replacing: true)
    if let json { try Files.write(document.json + [0x0a], to: json, replacing: true) }
    common.show(
      json: document.json,
      text: [
        say("报告已写入 \(out)", "the report is in \(out)"),
        document.isClean
          ? say("结论  未发现问题", "result  nothing found")
          : say("结论  发现问题", "result  something is wrong"),
      ])
    if !document.isClean { throw ExitCode(ExitStatus.verificationFailed.rawValue) }
  }
}
