import ArgumentParser
import Auditor
import Cryptography
import Exchange
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
    subcommands: [AuditExport.self, AuditVerify.self, AuditReconcile.self])
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
  @Argument(
    help: help(
      "节点数据文件夹或其副本，或导出的文件夹或 .tar.gz 文件",
      "a node's data folder or a copy of one, or an export: a folder or a .tar.gz file"))
  var path: String

  func run() throws {
    let ticker = ProgressLine()
    let report = try AuditInput.with(path, over: over) { input in
      let pinned = try AuthorityFile(
        parsing: authority.map { try Files.read($0) } ?? input.authority())
      return try StoreAudit(pinned: pinned.authority, progress: ticker.show).verify(input.source)
    }
    ticker.clear()
    common.show(json: report.json, text: lines(report.text(auditLanguage)))
    if !report.isClean { throw ExitCode(ExitStatus.verificationFailed.rawValue) }
  }
}

struct AuditReconcile: ParsableCommand {
  static let configuration = describe(
    "reconcile", "对账：比较多个节点对同一通道的记录是否一致",
    "compare what several nodes hold of the channels between them")

  @OptionGroup var common: CommonOptions
  @Argument(help: help("两个或更多数据文件夹", "two or more data folders"))
  var paths: [String]

  func validate() throws {
    guard paths.count >= 2, Set(paths).count == paths.count else {
      throw ValidationError(
        say("须给出两个或更多不同的数据文件夹", "give two or more different data folders"))
    }
  }

  func run() throws {
    let ticker = ProgressLine()
    // The suite is the federation's; every node's authority file names it.
    let suite = try AuthorityFile(
      parsing: Files.read(NodeFolder(path: paths[0]).authority)
    ).suite
    let report = try withSources(paths[...], []) { sources in
      try Reconciliation(suite: suite, progress: ticker.show).compare(sources)
    }
    ticker.clear()
    common.show(json: report.json, text: lines(report.text(auditLanguage)))
    if !report.isClean { throw ExitCode(ExitStatus.verificationFailed.rawValue) }
  }

  private typealias Named = (name: String, source: StoreAuditSource)

  /// Opens the stores one inside the other, so that all are read at once.
  private func withSources<R>(
    _ rest: ArraySlice<String>, _ open: [Named], _ body: ([Named]) throws -> R
  ) throws -> R {
    guard let path = rest.first else { return try body(open) }
    return try inspect(path) { reader in
      let named: Named = (name: path, source: StoreAuditSource(reader: reader))
      return try withSources(rest.dropFirst(), open + [named], body)
    }
  }
}

private var auditLanguage: AuditLanguage { Language.current == .zh ? .zh : .en }

private func lines(_ text: String) -> [String] {
  text.split(separator: "\n").map { DisplayWidth.safe(String($0)) }
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
