import ArgumentParser
import Auditor
import Cryptography
import RecordModel
import RecordSchema

/// Writes one file for a court.
struct AuditProve: ParsableCommand {
  static let configuration = describe(
    "prove", "出具证据文件：一份记录或整个案件的收发证明，可离线核验",
    "write one file that proves a record, or a whole case, to anyone, offline",
    example: """
      sanxiang audit prove 01a205f8-7a9b-7abc-8def-0123456789ab --from export-A --payload
      sanxiang audit prove --thread 01a205c1-8c1b-7123-9abc-def012345678 export-A export-B
      """)

  @OptionGroup var common: CommonOptions
  @Option(
    name: .long,
    help: help(
      "节点数据文件夹、导出或 http 网址，可重复",
      "a node's data folder, an export or an http URL; may be repeated"))
  var from: [String] = []
  @Option(
    name: .long,
    help: help(
      "整个案件：移送链编号；之后列出各机关的数据文件夹、导出或 http 网址",
      "a whole case: the thread's id; the agencies' data folders, exports or http URLs follow"))
  var thread: String?
  @Flag(
    name: .long,
    help: help("附上文书内容和随机盐值", "put what the records say into the file, with the salts"))
  var payload = false
  @Option(name: .long, help: AuditAuthority.help)
  var authority: String?
  @Option(
    name: .long,
    help: help("输出文件（默认为 编号.evidence.json）", "the file; default: <id>.evidence.json"))
  var out: String?
  @OptionGroup var web: WebOptions
  @Argument(
    help: help(
      "记录编号；用 --thread 时为数据文件夹、导出或 http 网址",
      "the record's id; with --thread, data folders, exports or http URLs"))
  var arguments: [String] = []

  func validate() throws {
    guard thread != nil ? !(arguments + from).isEmpty : arguments.count == 1 && !from.isEmpty
    else {
      throw ValidationError(
        say(
          "须给出：记录编号和 --from 路径，或者 --thread 编号和路径",
          "give a record and --from PATH, or --thread ID and paths"))
    }
  }

  func run() throws {
    let text = thread ?? arguments[0]
    guard let id = try? RecordID(parsing: text) else {
      throw Failure(.usage, "argument.id", say("不是记录编号：\(text)", "not a record's id: \(text)"))
    }
    let paths = thread == nil ? from : arguments + from
    let file = try AuditInput.with(all: paths, tokens: web.tokens()) { inputs in
      let maker = EvidenceMaker(
        authority: try AuditAuthority.pinned(authority, inputs), hasPayloads: payload)
      let sources = inputs.map(\.source)
      return thread == nil
        ? try maker.record(id, from: sources) : try maker.thread(id, from: sources)
    }
    let bytes = file.encoded
    let name = out ?? "\(id).evidence.json"
    if name == "-" { return Console.bytes(bytes) }
    try Files.write(bytes, to: name)
    show(file, bytes, name)
  }

  private func show(_ file: EvidenceFile, _ bytes: [UInt8], _ name: String) {
    let fingerprint = file.suite.digest(bytes)
    let missing = file.records.count { $0.payload == nil }
    if payload, missing > 0 {
      Console.error(
        say(
          "注意：有 \(missing) 份记录的内容在所给数据中没有（未导出、令牌不许读取或已清除），"
            + "证据文件不含其内容；只有内容才能指明的关联移送链也未能查找",
          "note: of \(missing) of the records no payload is there (left out, not for this token, or "
            + "erased), so the file has none; threads that only payloads name could not be followed"
        ))
    }
    var writer = JSONWriter()
    writer.object { json in
      json.member("file", name)
      json.member("bytes", bytes.count)
      json.member("records", file.records.count)
      if payload { json.member("withoutPayload", missing) }
      json.member("fingerprint", "\(fingerprint)")
    }
    common.show(
      json: writer.bytes,
      text: [
        say(
          "已写入 \(name)：\(file.records.count) 份记录，\(bytes.count) 字节",
          "wrote \(name): \(file.records.count) records, \(bytes.count) bytes"),
        say("指纹 ", "fingerprint ") + "\(fingerprint)",
        say("核验：", "check it: ") + "sanxiang audit check-proof \(name) --authority authority.json",
      ])
  }
}

/// Which keys of the authority an auditor trusts.
enum AuditAuthority {
  static var help: ArgumentHelp {
    ArgumentHelp(
      say(
        "统筹机关公钥文件（默认取第一个路径自带的 authority.json）",
        "the authority's authority.json; default: the one that lies with the first path"))
  }

  /// Those of the file named, else those that lie with the first source.
  static func pinned(_ file: String?, _ inputs: [AuditInput]) throws -> AuthorityFile {
    if let file { return try AuthorityFile(parsing: Files.read(file)) }
    // Every command that asks has checked that there is a path.
    guard let first = inputs.first else { throw Failure(.usage, "file.read", "no path") }
    return try AuthorityFile(parsing: first.authority())
  }
}
