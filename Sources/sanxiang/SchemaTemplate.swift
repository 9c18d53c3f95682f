import ArgumentParser
import RecordModel
import RecordSchema

/// Writes a payload to fill in.
struct SchemaTemplate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "template",
    abstract: say("生成待填写的载荷", "write a payload to fill in"),
    discussion: say(
      "每个待填的值写明应填什么，填完后用 sanxiang schema check 校验。",
      "Every value says what goes there; see with sanxiang schema check when it is filled in."))

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

/// A payload in which every value is a hint. Strict JSON, indented; invalid until it is filled in.
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
      let form = text.format.map { say("：", ": ") + say($0.chinese, $0.english) } ?? ""
      return JSONText.quote("<\(title)\(form)>")
    case .integer(let range): return String(range.contains(0) ? 0 : range.lowerBound)
    case .number(let minimum, _): return minimum.value
    case .boolean: return "false"
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
