import Auditor
import Exchange
import RecordModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What an auditor points at: a node's data folder or a copy of one, or an export, as a folder or as one
/// compressed file.
struct AuditInput {
  /// As given.
  let path: String
  /// What it holds.
  let source: any AuditSource
  /// Reads the `authority.json` that lies there: the node's word.
  let authority: () throws -> [UInt8]

  /// Opens `path` for as long as `body` runs.
  /// - Parameters:
  ///   - earlier: the exports that this one goes on from, the newest first.
  ///   - tokens: what nodes are shown whose logs are read over HTTP.
  static func with<R>(
    _ path: String, over earlier: [String] = [], tokens: WebTokens = WebTokens(),
    _ body: (AuditInput) throws -> R
  ) throws -> R {
    if earlier.isEmpty, ExportWeb.isAddress(path) {
      return try body(
        try AuditInput(path: path, bytes: try ExportWeb(url: path, tokens: tokens)))
    }
    try checkThere(path)
    if earlier.isEmpty, !isExport(path) {
      return try inspect(path) { reader in
        let file = NodeFolder(path: path).authority
        return try body(
          AuditInput(path: path, source: StoreAuditSource(reader: reader)) {
            try Files.read(file)
          })
      }
    }
    return try withLayers([path] + earlier, []) { layers in
      let bytes: any ExportBytes = layers.count == 1 ? layers[0] : LayeredExport(layers)
      return try body(try AuditInput(path: path, bytes: bytes))
    }
  }

  /// Whether it is an ordinary file: a pipe would be waited for.
  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Says what is wrong with a path that is neither a data folder nor an export.
  private static func checkThere(_ path: String) throws {
    guard !isExport(path), !isFile("\(path)/store.sqlite") else { return }
    guard Files.exists(path) else {
      throw Failure(
        .unreachable, "store.unusable", say("\(path)：没有这个文件或文件夹", "\(path): there is no such path"))
    }
    guard Files.exists(path + "/.") else {
      throw Failure(
        .unreachable, "store.unusable",
        say("\(path)：不是导出的压缩文件（.tar.gz）", "\(path): it is no compressed export (.tar.gz)"))
    }
    if Files.exists("\(path)/logs") { throw unfinished(path) }
    throw Failure(
      .unreachable, "store.unusable",
      say("\(path)：既不是节点数据文件夹，也不是导出", "\(path): neither a node's data folder nor an export"))
  }

  /// Opens all of them, one inside the other, so that each shows one state from first to last.
  static func with<R>(
    all paths: [String], tokens: WebTokens = WebTokens(), _ body: ([AuditInput]) throws -> R
  ) throws -> R {
    try withRest(paths[...], [], tokens, body)
  }

  private static func withRest<R>(
    _ rest: ArraySlice<String>, _ opened: [AuditInput], _ tokens: WebTokens,
    _ body: ([AuditInput]) throws -> R
  ) throws -> R {
    guard let path = rest.first else { return try body(opened) }
    return try with(path, tokens: tokens) {
      try withRest(rest.dropFirst(), opened + [$0], tokens, body)
    }
  }

  init(path: String, source: any AuditSource, authority: @escaping () throws -> [UInt8]) {
    self.path = path
    self.source = source
    self.authority = authority
  }

  /// An export, wherever its bytes come from.
  init(path: String, bytes: any ExportBytes) throws {
    let source: ExportSource
    do { source = try ExportSource(bytes) } catch let error as ExportError {
      throw Self.failure(error, path)
    }
    try Self.checkWhole(source.manifest, bytes, path)
    self.init(path: path, source: source) {
      guard let file = try bytes.read(ExportNames.authority, limit: 1 << 20) else {
        throw Failure(
          .failed, "file.read", "\(path): \(ExportNames.authority) is missing")
      }
      return file
    }
  }

  /// Whether there is an export, finished or not.
  static func isExport(_ path: String) -> Bool {
    ExportArchive.isArchive(path)
      || [ExportSource.manifestName, ExportRun.unfinishedName].contains {
        Files.exists("\(path)/\($0)")
      }
  }

  private static func withLayers<R>(
    _ rest: [String], _ layers: [any ExportBytes], _ body: ([any ExportBytes]) throws -> R
  ) throws -> R {
    guard let path = rest.first else { return try body(layers) }
    let others = Array(rest.dropFirst())
    guard ExportArchive.isArchive(path) else {
      return try withLayers(others, layers + [try ExportFiles(path: path)], body)
    }
    return try ExportArchive.unpacked(path) { folder in
      try withLayers(others, layers + [try ExportFiles(path: folder)], body)
    }
  }

  /// What was exported from a size on says nothing without what is before it.
  private static func checkWhole(
    _ manifest: ExportManifest, _ bytes: any ExportBytes, _ path: String
  ) throws {
    for log in manifest.logs where log.from > 0 {
      let first = "\(log.path)/tile/entries/000"
      guard try bytes.read(first, from: 0, limit: 1) == nil else { continue }
      throw Failure(
        .unreachable, "export.slice",
        say(
          "\(path)：只含 \(log.origin) 第 \(log.from) 条起的记录；用 --over 指明先前的导出",
          "\(path): it has \(log.origin) from entry \(log.from) on only; name the export before it "
            + "with --over"))
    }
  }

  private static func unfinished(_ path: String) -> Failure {
    let isWeb = ExportWeb.isAddress(path)
    return Failure(
      .unreachable, ExportError.Code.unfinished.rawValue,
      say(
        "\(path)：没有完成的导出（缺 export.json）；" + (isWeb ? "请核对网址" : "再运行一次 audit export"),
        "\(path): no finished export (export.json is missing); "
          + (isWeb ? "is the URL right?" : "run audit export again")))
  }

  private static func failure(_ error: ExportError, _ path: String) -> Failure {
    guard error.code != .unfinished else { return unfinished(path) }
    return Failure(.verificationFailed, error.code.rawValue, "\(path): \(error.message)")
  }
}
