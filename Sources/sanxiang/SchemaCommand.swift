import ArgumentParser
import RecordModel
import RecordSchema

/// The record schemas that this program carries.
struct SchemaCommand: ParsableCommand {
  static let configuration = describe(
    "schema", "记录模式：校验载荷、列出、查看、生成模板、检查模式本身",
    "record schemas: check payloads, list, show, fill-in templates, lint",
    subcommands: [
      SchemaCheck.self, SchemaList.self, SchemaShow.self, SchemaTemplate.self, SchemaLint.self,
    ])
}

/// Which schema is meant: a payload does not say of what kind it is.
struct SchemaChoice: ParsableArguments {
  @Option(
    name: .long,
    help: help(
      "模式及版本，如 lead.transfer/1；默认为 --kind 的最高版本",
      "schema with its version, such as lead.transfer/1; default: the highest of --kind"))
  var schema: String?
  @Option(
    name: .long,
    help: help(
      "种类，默认 lead.transfer（载荷本身不写种类）", "kind; default lead.transfer, for payloads do not say"))
  var kind: String?

  /// The name of a schema that this program has.
  func name() throws -> String {
    let registry = SchemaRegistry.builtIn
    guard let schema else {
      let kind = kind ?? KindName.leadTransfer
      guard let newest = registry.versions(of: kind).first else { throw Self.unknown(kind) }
      return newest
    }
    guard registry.canRead(schema) else { throw Self.unknown(schema) }
    if let kind, SchemaName(schema)?.kind != kind {
      throw Failure(
        .usage, "argument.schema",
        say("--schema 与 --kind 不是同一种类", "--schema is not a version of --kind"))
    }
    return schema
  }

  /// Says what there is instead.
  static func unknown(_ name: String) -> Failure {
    let names = SchemaRegistry.builtIn.readable.joined(separator: ", ")
    let name = DisplayWidth.safe(name)
    return Failure(
      .usage, "argument.schema",
      say("没有模式 \(name)；现有：\(names)", "there is no schema \(name); there are: \(names)"))
  }
}

// MARK: check

struct SchemaCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: say(
      "按模式校验载荷文件，列出每一处不符", "check payload files by their schema and list every broken rule"),
    discussion: say(
      "先按严格 JSON 解析，再按模式校验，与节点收件时相同，不连接节点。退出码：0 全部合规，3 有不合规的，1 有读不了的文件。"
        + "每个文件最多列出 \(PayloadCheck.findingLimit) 处。",
      "Strict JSON first, then the schema, just as a node does at submission; no node is asked. "
        + "Exit codes: 0 all valid, 3 some invalid, 1 some unreadable. At most "
        + "\(PayloadCheck.findingLimit) broken rules are listed for a file."))

  @OptionGroup var common: CommonOptions
  @OptionGroup var choice: SchemaChoice
  @Argument(help: help("载荷文件，可多个（- 为标准输入）", "payload files, - for standard input"))
  var files: [String]

  func validate() throws {
    guard files.count(where: { $0 == "-" }) < 2 else {
      throw ValidationError(say("标准输入只能读一次", "standard input can be read only once"))
    }
  }

  func run() throws {
    let schema = try choice.name()
    let today = Timestamp.now.day
    let report = CheckReport(
      schema: schema,
      files: files.map { path in
        do {
          let payload = try Files.read(path, limit: Self.byteLimit)
          let findings = PayloadCheck.findings(payload, schema: schema, today: today)
          return .init(path: path, verdict: .judged(findings ?? []))
        } catch {
          return .init(path: path, verdict: .unread(Failure(error)))
        }
      })
    common.show(json: report.json, text: report.lines)
    guard report.status == .fine else { throw ExitCode(report.status.rawValue) }
  }

  /// More than any payload has, so that one that is too long is told so as a rule that it breaks.
  private static let byteLimit = 64 << 20
}

/// What was found out about payload files.
struct CheckReport {
  struct File {
    enum Verdict {
      /// Every broken rule: none for a valid payload.
      case judged([Finding])
      case unread(Failure)
    }
    var path: String
    var verdict: Verdict

    var isInvalid: Bool {
      if case .judged(let findings) = verdict { !findings.isEmpty } else { false }
    }
  }

  var schema: String
  var files: [File]

  var status: ExitStatus {
    if files.contains(where: \.isInvalid) { return .invalidRecord }
    let isRead = files.allSatisfy { if case .judged = $0.verdict { true } else { false } }
    return isRead ? .fine : .failed
  }

  /// One object; a file that could not be read has `error` instead of a verdict.
  var json: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("schema", schema)
      writer.member("valid", status == .fine)
      writer.array("files") { writer in
        for file in files {
          writer.object { Self.write(file, to: &$0) }
        }
      }
    }
    return writer.bytes
  }

  private static func write(_ file: File, to writer: inout JSONWriter) {
    writer.member("file", file.path)
    switch file.verdict {
    case .judged(let findings):
      writer.member("valid", findings.isEmpty)
      if findings.count == PayloadCheck.findingLimit { writer.member("truncated", true) }
      writer.array("violations") { writer in
        for finding in findings { finding.write(to: &writer) }
      }
    case .unread(let failure):
      writer.key("error")
      writer.raw(Array(failure.json.utf8))
    }
  }

  var lines: [String] {
    var lines = files.flatMap(lines(of:))
    if files.count > 1 {
      let invalid = files.count(where: \.isInvalid)
      lines.append(
        say(
          "共 \(files.count) 个文件，\(invalid) 个不合规（\(schema)）",
          "\(files.count) files, \(invalid) invalid (\(schema))"))
    }
    return lines
  }

  private func lines(of file: File) -> [String] {
    let name = file.path == "-" ? say("标准输入", "standard input") : DisplayWidth.safe(file.path)
    switch file.verdict {
    case .unread(let failure): return [name + say("：", ": ") + failure.text]
    case .judged(let findings) where findings.isEmpty:
      return [say("\(name)：合规（\(schema)）", "\(name): valid (\(schema))")]
    case .judged(let findings):
      let isCut = findings.count == PayloadCheck.findingLimit
      let count = isCut ? say("至少 ", "at least ") + "\(findings.count)" : "\(findings.count)"
      return [
        say(
          "\(name)：不合规，\(count) 处（\(schema)）",
          "\(name): invalid, \(count) broken rule(s) (\(schema))")
      ] + findings.flatMap(\.lines)
    }
  }
}
