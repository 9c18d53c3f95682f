import ArgumentParser
import Auditor
import Cryptography
import RecordModel

/// Compares what several nodes hold.
struct AuditReconcile: ParsableCommand {
  static let configuration = describe(
    "reconcile", "对账：比较多个节点的记录、回执和文号，分叉写成可转交的证据",
    "compare what several nodes hold: entries, receipts, numbers; write proofs of forks",
    example:
      "sanxiang audit reconcile export-A export-B --receipt-limit 48 --authority authority.json")

  @OptionGroup var common: CommonOptions
  @Option(name: .long, help: AuditAuthority.help)
  var authority: String?
  @Option(
    name: .long,
    help: help(
      "发送后多少小时内应有送达回执（默认 24）", "hours within which a record should have a receipt; default 24"))
  var receiptLimit: Int = Int(Reconciliation.receiptLimit / 3_600_000)
  @Option(
    name: .long,
    help: help(
      "分叉证据写入的文件夹（默认当前文件夹）", "the folder for proofs of forks; default: the current one"))
  var proofs = "."
  @Flag(
    name: .long,
    help: help("文号不连续等提示也以退出码 4 结束", "exit with 4 on notices, such as gaps in numbers, too"))
  var strict = false
  @OptionGroup var web: WebOptions
  @Argument(
    help: help(
      "两个或更多数据文件夹、导出或 http 网址", "two or more data folders, exports or http URLs"))
  var paths: [String]

  func validate() throws {
    guard paths.count >= 2, Set(paths).count == paths.count else {
      throw ValidationError(
        say("须给出两个或更多不同的数据文件夹或导出", "give two or more different data folders or exports"))
    }
    guard (0...876_000).contains(receiptLimit) else {
      throw ValidationError(say("--receipt-limit 以小时计", "--receipt-limit is in hours"))
    }
  }

  func run() throws {
    let ticker = ProgressLine()
    let report = try AuditInput.with(all: paths, tokens: web.tokens()) { inputs in
      let pinned = try AuditAuthority.pinned(authority, inputs)
      var report = try Reconciliation(
        pinned: pinned.authority, receiptLimit: Int64(receiptLimit) * 3_600_000,
        progress: ticker.show
      ).compare(inputs.map { ($0.path, $0.source) })
      report.isAuthorityGiven = authority != nil
      ticker.clear()
      // Shown first: what was found shall not depend on whether it can be written.
      common.show(json: report.json, text: AuditLines.safe(report.text(AuditLines.language)))
      for file in try write(report.forks, pinned, inputs) {
        let line = say("分叉证据已写入 \(file)", "proof of a fork written to \(file)")
        common.output == .json ? Console.error(line) : Console.line(line)
      }
      return report
    }
    guard report.isClean, !strict || report.findings.isEmpty else {
      throw ExitCode(ExitStatus.verificationFailed.rawValue)
    }
  }

  /// One file for each fork, named by its digest: the same fork is the same file.
  private func write(
    _ forks: [FoundFork], _ pinned: AuthorityFile, _ inputs: [AuditInput]
  ) throws -> [String] {
    let maker = EvidenceMaker(authority: pinned, hasPayloads: false)
    return try forks.map { fork in
      let file = try maker.fork(
        fork.evidence, of: fork.origin, from: inputs.map(\.source))
      let bytes = file.encoded
      let name = "fork-\("\(file.suite.digest(bytes))".prefix(16)).evidence.json"
      let path = proofs == "." ? name : "\(proofs)/\(name)"
      try Files.write(bytes, to: path, replacing: true)
      return path
    }
  }
}
