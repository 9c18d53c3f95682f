import Cryptography
import RecordModel
import RecordSchema
import TransparencyLog

/// A directory for people and for programs.
enum DirectoryView {
  /// What a note or a draft says; signatures are not looked at.
  static func contents(of path: String) throws -> DirectoryContents {
    let bytes = try Files.read(path)
    let text = (try? SignedNote(parsing: bytes))?.text ?? String(decoding: bytes, as: UTF8.self)
    return try DirectoryDraft(parsing: text).contents
  }

  static func json(_ contents: DirectoryContents) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("federation", contents.federation)
      writer.member("version", contents.version)
      writer.member("notBefore", contents.notBefore.description)
      writer.member("notAfter", contents.notAfter.description)
      writer.member("suite", contents.suite.name)
      writer.member("threshold", contents.authority.threshold)
      writer.array("authority") { writer in
        for key in contents.authority.keys { writer.string(key.description) }
      }
      writer.member("clocks", contents.clocks.map { "\($0)" })
      writer.array("calendars") { writer in
        for year in contents.calendars.keys.sorted() { writer.integer(year) }
      }
      writer.array("nodes") { writer in
        for node in sorted(contents) {
          writer.object { writer in
            writer.member("code", node.code.rawValue)
            writer.member("name", node.name)
            writer.member("role", node.role.rawValue)
            writer.member("endpoint", node.endpoint)
          }
        }
      }
    }
    return writer.bytes
  }

  static func lines(_ contents: DirectoryContents) -> [String] {
    var table = TextTable([
      .init(say("代码", "CODE")), .init(say("名称", "NAME")), .init(say("类别", "ROLE")),
      .init(say("地址", "ENDPOINT")),
    ])
    for node in sorted(contents) {
      table.rows.append([
        node.code.rawValue, node.name, say(node.role.titleZH, node.role.rawValue),
        node.endpoint ?? say("（不可拨）", "(cannot be dialled)"),
      ])
    }
    return [
      say("联邦 ", "federation ") + contents.federation,
      say("版本 ", "version ") + String(contents.version),
      say("有效期 ", "valid ") + "\(contents.notBefore) – \(contents.notAfter)",
      say("统筹机关 ", "authority ")
        + "\(contents.authority.threshold)/\(contents.authority.keys.count)",
      say("时限规则 ", "time limits ")
        + (contents.clocks.map { "\($0)" } ?? say("（无，不计时）", "(none: no clocks run)")),
      say("工作日历 ", "calendars ")
        + contents.calendars.keys.sorted().map(String.init).joined(separator: ", "),
      "",
    ] + table.lines
  }

  private static func sorted(_ contents: DirectoryContents) -> [NodeEntry] {
    contents.nodes.values.sorted { $0.code < $1.code }
  }
}
