import ArgumentParser
import RecordSchema

// MARK: list

struct SchemaList: ParsableCommand {
  static let configuration = describe(
    "list", "列出所带的全部记录模式", "list the record schemas that this program carries")

  @OptionGroup var common: CommonOptions

  func run() throws {
    let outline = try SchemaOutline(SchemaRegistry.builtIn.sources)
    common.show(json: Self.json(outline), text: Self.lines(outline))
  }

  static func lines(_ outline: SchemaOutline) -> [String] {
    var table = TextTable([
      .init(say("模式", "SCHEMA")), .init(say("名称", "TITLE"), limit: 28),
      .init(say("字段", "FIELDS"), number: true), .init(say("码表", "CODE LISTS"), number: true),
      .init(say("说明", "SUMMARY"), limit: 40),
    ])
    for record in outline.records {
      let wording = record.payload.wording
      table.rows.append([
        record.name.description, wording.title.said, String(record.payload.fields.count),
        String(codeLists(of: record, outline).count), wording.description.said,
      ])
    }
    return table.lines + [
      "",
      say(
        "\(outline.records.count) 种模式，\(outline.codeLists.count) 个码表；原文：sanxiang schema show 名称",
        "\(outline.records.count) schemas, \(outline.codeLists.count) code lists; "
          + "the documents: sanxiang schema show NAME"),
    ]
  }

  static func json(_ outline: SchemaOutline) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.array("schemas") { writer in
        for record in outline.records {
          writer.object { write(record, outline, to: &$0) }
        }
      }
      writer.array("codeLists") { writer in
        for list in outline.codeLists {
          writer.object { writer in
            writer.member("name", list.name.description)
            write(list.wording, to: &writer)
            writer.member("codes", list.codes.count)
          }
        }
      }
    }
    return writer.bytes
  }

  private static func write(
    _ record: RecordOutline, _ outline: SchemaOutline, to writer: inout JSONWriter
  ) {
    writer.member("name", record.name.description)
    writer.member("kind", record.name.kind)
    writer.member("version", record.name.version)
    write(record.payload.wording, to: &writer)
    writer.member("fields", record.payload.fields.count)
    writer.member("required", record.payload.fields.count(where: \.isRequired))
    writer.array("codeLists") { writer in
      for name in codeLists(of: record, outline) { writer.string(name.description) }
    }
  }

  private static func write(_ wording: Wording, to writer: inout JSONWriter) {
    writer.member("title", wording.title.english)
    writer.member("titleZh", wording.title.chinese)
    writer.member("summary", wording.description.english)
    writer.member("summaryZh", wording.description.chinese)
  }

  /// The code lists that a payload's values come from, by name, each once.
  static func codeLists(of record: RecordOutline, _ outline: SchemaOutline) -> [DefinitionName] {
    var pending = [ValueShape.object(record.payload)]
    var lists: Set<DefinitionName> = []
    var definitions: Set<DefinitionName> = []
    while let shape = pending.popLast() {
      switch shape {
      case .text, .integer, .number, .boolean: break
      case .code(let name): lists.insert(name)
      case .list(let list): pending.append(list.element)
      case .object(let object): pending += object.fields.map(\.shape)
      case .choice(let choice): pending += [.object(choice.marked), .object(choice.unmarked)]
      case .shared(let name):
        if definitions.insert(name).inserted, let shared = outline[definition: name] {
          pending.append(shared.shape)
        }
      }
    }
    return lists.sorted()
  }
}

extension BilingualText {
  /// In the caller's language.
  var said: String { say(chinese, english) }
}

// MARK: show

struct SchemaShow: ParsableCommand {
  static let configuration = describe(
    "show", "原样输出一份模式文件", "write a schema document, verbatim")

  @OptionGroup var common: CommonOptions
  @Argument(
    help: help(
      "模式 lead.transfer/1，种类 lead.transfer（取最高版本），码表 codes/industry/1，公用定义 common/1",
      "a schema lead.transfer/1, a kind lead.transfer for its highest version, a code list "
        + "codes/industry/1, the shared definitions common/1"))
  var name: String

  func run() throws {
    guard let source = Self.source(name) else { throw SchemaChoice.unknown(name) }
    Console.bytes(source.bytes)
  }

  /// The document of that name among those that this program carries.
  static func source(_ name: String) -> SchemaSource? {
    let registry = SchemaRegistry.builtIn
    let schema = registry.versions(of: name).first ?? name
    let paths: Set = ["records/\(schema).json", "\(schema).json", schema]
    return registry.sources.first { paths.contains($0.path) }
  }
}

// MARK: lint

struct SchemaLint: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: say(
      "检查模式文件是否封闭、双语、可确定", "see whether schema documents are closed, bilingual and sound"),
    discussion: say(
      "默认检查本程序所带的模式。退出码：0 没有问题，3 有问题。",
      "Without a folder, the documents that this program carries. Exit codes: 0 clean, 3 not."))

  @OptionGroup var common: CommonOptions
  @Argument(
    help: help("模式文件夹（其下有 records、common、codes）", "a folder with records, common and codes"))
  var folder: String?

  func run() throws {
    let sources = try folder.map(SchemaFolder.read) ?? SchemaRegistry.builtIn.sources
    let report = LintReport(documents: sources.map(\.path), issues: SchemaLinter.lint(sources))
    common.show(json: report.json, text: report.lines)
    guard report.issues.isEmpty else { throw ExitCode(ExitStatus.invalidRecord.rawValue) }
  }
}

/// What the linter said of some documents.
struct LintReport {
  /// Their paths.
  var documents: [String]
  var issues: [SchemaIssue]

  var cleanCount: Int {
    let named = Set(issues.map(\.document))
    return documents.count { !named.contains($0) }
  }

  var json: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("documents", documents.count)
      writer.member("clean", cleanCount)
      writer.array("issues") { writer in
        for issue in issues {
          writer.object { writer in
            writer.member("document", issue.document)
            writer.member("pointer", issue.pointer)
            writer.member("rule", issue.rule)
            writer.member("message", issue.message)
            writer.member("messageZh", issue.messageZH)
          }
        }
      }
    }
    return writer.bytes
  }

  var lines: [String] {
    var lines: [String] = []
    for (index, issue) in issues.enumerated() {
      if index == 0 || issues[index - 1].document != issue.document {
        lines.append(DisplayWidth.safe(issue.document))
      }
      let place =
        issue.pointer.isEmpty ? say("（整份文件）", "(the whole document)") : issue.pointer
      lines.append(
        "  \(DisplayWidth.safe(place)) [\(issue.rule)]: "
          + DisplayWidth.safe(say(issue.messageZH, issue.message)))
    }
    lines.append(
      say(
        "\(documents.count) 份文件，\(cleanCount) 份没有问题，共 \(issues.count) 个问题",
        "\(documents.count) documents, \(cleanCount) clean, \(issues.count) issue(s)"))
    return lines
  }
}
