import ArgumentParser
import RecordModel
import RecordSchema

/// Writes a payload to fill in.
struct SchemaTemplate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "template",
    abstract: say("生成待填写的载荷", "write a payload to fill in"),
    discussion: say(
      "文字为空或写明格式，码表列出全部代码，数字和是否为 null：没有填的都不合规。填完后用 sanxiang schema check 校验。",
      "Text is empty or names its form, a code is one of those listed, numbers and truth values are "
        + "null: what is not filled in is invalid. sanxiang schema check tells what is left."))

  @OptionGroup var common: CommonOptions
  @Argument(help: help("种类或模式，默认 lead.transfer", "kind or schema; default lead.transfer"))
  var name: String = KindName.leadTransfer
  @Flag(name: .long, help: help("选填项也写出", "optional members too")) var all = false

  func run() throws {
    let outline = try SchemaOutline(SchemaRegistry.builtIn.sources)
    guard
      let record = outline.newest(of: name)
        ?? outline.records.first(where: { $0.name.description == name })
    else { throw SchemaChoice.unknown(name) }
    let template = PayloadTemplate(outline: outline, includesOptional: all)
    Console.line(template.text(of: record.payload))
  }
}

/// A payload to fill in: strict JSON, indented. No value is a valid one, so that none can be sent
/// that nobody has looked at.
struct PayloadTemplate {
  let outline: SchemaOutline
  /// Whether members that may be left out are there too.
  let includesOptional: Bool

  /// Two for each level.
  private static let indentLimit = 32

  func text(of object: ObjectOutline) -> String { text(of: object, indent: "") }

  private func text(of object: ObjectOutline, indent: String) -> String {
    let inner = indent + "  "
    let members = object.fields.filter { $0.isRequired || includesOptional }.map { field in
      let value = text(of: field.shape, as: field.wording.title.said, indent: inner)
      return "\(inner)\(JSONText.quote(field.name)): \(value)"
    }
    return members.isEmpty ? "{}" : "{\n" + members.joined(separator: ",\n") + "\n\(indent)}"
  }

  /// - Parameter title: what the value is called at its place.
  private func text(of shape: ValueShape, as title: String, indent: String) -> String {
    switch shape {
    case .text(let text):
      // A hint in free text could be taken for the text.
      guard let format = text.format else { return JSONText.quote("") }
      return JSONText.quote(
        "<" + title + say("：", ": ") + say(format.chinese, format.english) + ">")
    case .integer, .number, .boolean: return "null"
    case .code(let name):
      let codes = outline[codeList: name]?.codes ?? []
      return JSONText.quote(
        codes.map { "\($0.code) \($0.label.said)" }.joined(separator: " | "))
    case .list(let list):
      guard list.count.upperBound > 0 else { return "[]" }
      let inner = indent + "  "
      let element = text(of: list.element, as: list.wording?.title.said ?? title, indent: inner)
      return "[\n\(inner)\(element)\n\(indent)]"
    case .object(let object): return text(of: object, indent: indent)
    case .choice(let choice): return text(of: choice.unmarked, indent: indent)
    case .shared(let name):
      // A definition that held itself would never end.
      guard indent.utf8.count < Self.indentLimit, let shared = outline[definition: name]
      else { return "null" }
      return text(of: shared.shape, as: title, indent: indent)
    }
  }
}
