import RecordSchema

extension SwiftWriter {
  /// A code list as an enum.
  func codes(_ list: CodeListOutline) throws -> CodeText {
    let cases = try list.codes.map { (name: try SwiftNames.enumCase($0), code: $0) }
    guard Set(cases.map(\.name)).count == cases.count else {
      throw GenerationError("\(list.name): two codes have one name in Swift.")
    }
    var code = CodeText(from: "schemas/codes/\(list.name).json")
    code.add("")
    try code.block("extension Codes") { code in
      code.doc("\(list.wording.title.chinese). \(list.wording.description.english)")
      let type = try SwiftNames.type(of: list.name)
      code.block("public enum \(type): String, PayloadCode, PayloadValue") { code in
        for entry in cases {
          let label = entry.code.label
          code.doc("\(label.chinese): \(label.english).")
          let bare = entry.name.filter { $0 != "`" }
          let value = bare == entry.code.code ? "" : " = \(Self.quoted(entry.code.code))"
          code.add("case \(entry.name)\(value)")
        }
        for (name, doc, text) in [
          ("chinese", "The label in Chinese.", \BilingualText.chinese),
          ("english", "The label in English.", \BilingualText.english),
        ] {
          code.add("")
          code.doc(doc)
          code.block("public var \(name): String") { code in
            code.add("switch self {")
            for entry in cases {
              code.choice(".\(entry.name)", Self.quoted(entry.code.label[keyPath: text]))
            }
            code.add("}")
          }
        }
      }
    }
    return code
  }

  /// The enum over all payloads.
  func union() throws -> CodeText {
    let cases = try outline.records.map { record in
      let type = try SwiftNames.type(of: record.name)
      return (type: type, name: SwiftNames.lowerFirst(type), record: record)
    }
    var code = CodeText(from: "the documents under schemas/records")
    code.add("public import RecordSchema")
    code.add("")
    code.doc("The payload of any record, by its schema.")
    code.block("public indirect enum Payload: Hashable, Sendable") { code in
      for item in cases {
        code.doc("\(item.record.payload.wording.title.chinese), `\(item.record.name)`.")
        code.add("case \(item.name)(\(item.type))")
      }
      code.add("")
      code.doc("Names of the schemas that have a case here, by kind and then version.")
      code.block("public static var schemas: [String]") { code in
        code.add("[")
        for item in cases { code.add("  \(item.type).schema,") }
        code.add("]")
      }
      code.add("")
      code.doc(
        "Reads a document that keeps a schema.",
        "Throws ``PayloadError``: no such schema here, or the document does not keep it.")
      code.block("public init(schema: String, document: JSONDocument) throws(PayloadError)") {
        code in
        code.add("let root = document.root")
        code.add("switch schema {")
        for item in cases {
          code.choice("\(item.type).schema", "self = .\(item.name)(try \(item.type)(root))")
        }
        code.add("default: throw PayloadError(unknownSchema: root)")
        code.add("}")
      }
      code.add("")
      code.doc("The payload by itself.")
      code.block("public var value: any RecordPayload") { code in
        code.add("switch self {")
        for item in cases { code.choice(".\(item.name)(let payload)", "payload") }
        code.add("}")
      }
    }
    return code
  }

  /// A string literal.
  static func quoted(_ text: String) -> String {
    let escaped = text.map { character -> String in
      switch character {
      case "\"", "\\": "\\\(character)"
      default: String(character)
      }
    }
    return "\"\(escaped.joined())\""
  }
}
