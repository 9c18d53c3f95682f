import ArgumentParser
import Auditor
import Cryptography
import Exchange
import Foundation
import RecordModel
import SQLiteStore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What auditors do: read what nodes hold, and believe none of it.
struct AuditCommand: ParsableCommand {
  static let configuration = describe(
    "audit", "审计：离线核验节点数据", "check what nodes hold, offline",
    subcommands: [
      AuditExport.self, AuditVerify.self, AuditReconcile.self, AuditProve.self,
      AuditCheckProof.self, AuditReportCommand.self, AuditToken.self, AuditWatch.self,
    ])
}

struct AuditVerify: ParsableCommand {
  static let configuration = describe(
    "verify", "核验一个节点的全部数据：记录、签名、回执、日志簿、名录",
    "check everything one node holds: records, signatures, receipts, journal, directories",
    example: "sanxiang audit verify export-A.tar.gz --authority authority.json")

  @OptionGroup var common: CommonOptions
  @Option(
    name: .long,
    help: help(
      "统筹机关公钥文件（默认取所核验数据自带的 authority.json）",
      "the authority's authority.json; default: the one that lies with what is checked"))
  var authority: String?
  @Option(
    name: .long,
    help: help(
      "本导出所接续的先前导出，可重复，较新者在前",
      "the earlier export that this one goes on from; may be repeated, the newest first"))
  var over: [String] = []
  @Flag(
    name: .long,
    help: help(
      "不按模式校验内容；承诺值等其余各项照常核验",
      "leave payloads' schemas unchecked, and nothing else: commitments are compared all the same"))
  var noSchemas = false
  @OptionGroup var web: WebOptions
  @Argument(
    help: help(
      "节点数据文件夹或其副本，或导出：文件夹、.tar.gz 文件或 http 网址",
      "a node's data folder or a copy of one, or an export: a folder, a .tar.gz file or an http URL"
    ))
  var path: String

  func run() throws {
    let ticker = ProgressLine()
    let report = try AuditInput.with(path, over: over, tokens: web.tokens()) { input in
      let pinned = try AuthorityFile(
        parsing: authority.map { try Files.read($0) } ?? input.authority())
      let audit = StoreAudit(
        pinned: pinned.authority, checksSchemas: !noSchemas, workers: .otherCores,
        progress: ticker.show)
      var report = try audit.verify(input.source)
      report.isAuthorityGiven = authority != nil
      return report
    }
    ticker.clear()
    common.show(json: report.json, text: AuditLines.safe(report.text(AuditLines.language)))
    if !report.isClean { throw ExitCode(ExitStatus.verificationFailed.rawValue) }
  }
}

extension AuditWorkers {
  /// A thread for every core but one: the thread that asks works too.
  static var otherCores: AuditWorkers {
    .threads(ProcessInfo.processInfo.activeProcessorCount - 1)
  }
}

/// Reads a node's store; what cannot be opened is not reachable, what breaks while it is read failed.
func inspect<R>(_ folder: String, _ body: (any StoreReader) throws -> R) throws -> R {
  do {
    return try SQLiteStore.inspect(folder: folder, body)
  } catch let failure as StoreFailure {
    switch failure {
    case .unusable(let reason): throw Failure(.unreachable, "store.unusable", reason)
    case .corrupt(let reason): throw Failure(.failed, "store.corrupt", reason)
    case .failed(let reason), .full(let reason), .uncertain(let reason):
      throw Failure(.failed, "store.failed", reason)
    }
  }
}
