import ArgumentParser
import Auditor
import Exchange
import FoundationEssentials
import RecordModel
import RecordSchema

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

struct AuditExport: ParsableCommand {
  static let configuration = describe(
    "export", "导出：把节点的全部日志写成审计可读的文件夹，可续写",
    "write a node's logs into a folder for auditors; a later run adds what is new",
    example: "sanxiang audit export /var/lib/sanxiang /media/usb/export")

  @OptionGroup var common: CommonOptions
  @Option(
    name: .long,
    help: help(
      "只导出某通道此数之后的记录，格式为 日志=数量，可重复；结果须叠放于先前的导出之上",
      "leave out what an earlier export has of a log: ORIGIN=SIZE, may be repeated; lay the result "
        + "over that export"))
  var sinceSize: [String] = []
  @Option(
    name: .long,
    help: help(
      "同上，取自先前导出的 export.json", "the same for all logs, from an earlier export.json"))
  var since: String?
  @Flag(
    name: .long,
    help: help("不导出内容（哈希仍可核验）", "leave payloads out; hashes still verify"))
  var noPayloads = false
  @Option(
    name: .long,
    help: help("另打包为 .tar.gz 文件", "also pack the folder into this .tar.gz file"))
  var archive: String?
  @Flag(
    name: .long,
    help: help("压缩文件已存在时予以替换", "replace the compressed file if there is one"))
  var replace = false
  @Argument(help: help("节点数据文件夹或其副本", "a node's data folder, or a copy of one"))
  var path: String
  @Argument(
    help: help(
      "导出到的文件夹；以 .tar.gz 结尾的是压缩文件",
      "the folder to export into; with a name that ends in .tar.gz, one compressed file"))
  var out: String

  /// Where an archive is built: left there by a run that was cut short, which the next goes on with.
  private var folder: String { isArchive(out) ? out + ".parts" : out }

  private func isArchive(_ name: String) -> Bool { name.hasSuffix(".tar.gz") }

  func validate() throws {
    guard since == nil || sinceSize.isEmpty else {
      throw ValidationError(say("--since 与 --since-size 只能用其一", "give --since or --since-size"))
    }
    _ = try Self.sizes(sinceSize)
    if let archive, !isArchive(archive) {
      throw ValidationError(say("打包文件名须以 .tar.gz 结尾", "an archive's name ends in .tar.gz"))
    }
    if archive != nil, isArchive(out) {
      throw ValidationError(
        say("已导出为压缩文件，不能再用 --archive", "--archive goes with a folder to export into"))
    }
  }

  func run() throws {
    try checkFree(isArchive(out) ? out : archive)
    let ticker = ProgressLine()
    let authority = try Files.read(NodeFolder(path: path).authority)
    var choice = ExportRun.Choice(payloads: !noPayloads)
    if !sinceSize.isEmpty { choice.since = try Self.sizes(sinceSize) }
    if let since {
      let manifest = try ExportManifest(
        parsing: Files.read(since, limit: ExportManifest.byteLimit))
      choice.since = manifest.logs.reduce(into: [:]) { $0[$1.origin] = $1.size }
    }
    let summary = try inspect(path) { reader in
      try ExportRun(
        folder: ExportFolder(path: folder), choice: choice, authority: authority,
        software: "sanxiang \(Version.text)", time: .now, progress: ticker.show
      ).run(reader)
    }
    ticker.clear()
    if let archive { try ExportArchive.pack(folder: folder, into: archive) }
    if isArchive(out) {
      try ExportArchive.pack(folder: folder, into: out)
      try ExportFolder(path: folder).discard()
    }
    common.show(json: json(summary), text: lines(summary))
  }

  /// An archive may be the only copy of what it holds, and does not say in its name of which node.
  private func checkFree(_ archive: String?) throws {
    guard let archive, !replace, Files.exists(archive) else { return }
    throw Failure(
      .failed, "export.exists",
      say(
        "\(archive)：文件已存在；换一个名称，或加 --replace 予以替换",
        "\(archive): there is such a file; choose another name, or give --replace"))
  }

  /// `ORIGIN=SIZE`, each.
  private static func sizes(_ texts: [String]) throws -> [String: UInt64] {
    var sizes: [String: UInt64] = [:]
    for text in texts {
      let parts = text.split(separator: "=", omittingEmptySubsequences: false)
      guard parts.count == 2, let size = UInt64(parts[1]), size < 1 << 53,
        sizes.updateValue(size, forKey: String(parts[0])) == nil
      else {
        throw ValidationError(say("--since-size 的格式为 日志=数量", "--since-size is ORIGIN=SIZE"))
      }
    }
    return sizes
  }

  private func json(_ summary: ExportRun.Summary) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { json in
      json.member("folder", isArchive(out) ? nil : out)
      json.member("archive", isArchive(out) ? out : archive)
      json.member("filesWritten", summary.files)
      json.member("bytesWritten", summary.bytes)
      json.key("manifest")
      json.raw(summary.manifest.encoded.dropLast())
    }
    return writer.bytes
  }

  private func lines(_ summary: ExportRun.Summary) -> [String] {
    summary.manifest.logs.map { "\($0.origin)  \($0.size)" } + [
      say("已写入文件 \(summary.files) 个", "\(summary.files) files written")
        + say("，共 \(summary.bytes) 字节", ", \(summary.bytes) bytes")
    ]
  }
}
