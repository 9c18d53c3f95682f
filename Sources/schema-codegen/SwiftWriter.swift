import RecordSchema

/// Writes the Swift types of all payloads: a file for each kind and version, for each code list and
/// for each shared object, and the union of them all.
struct SwiftWriter {
  /// House rule: files stay below this many lines.
  private static let lineLimit = 400

  let outline: SchemaOutline
  let types: SwiftTypes
  let words: ShapeWords

  init(_ outline: SchemaOutline) {
    self.outline = outline
    self.types = SwiftTypes(outline: outline)
    self.words = ShapeWords(outline, in: .english, links: false)
  }

  /// All files, with paths inside the folder of generated types.
  func files() throws -> [GeneratedFile] {
    var files = [GeneratedFile(path: "Payload.swift", text: try union().text)]
    for record in outline.records { files += try recordFiles(record) }
    files.append(GeneratedFile(path: "Common.swift", text: namespaces().text))
    for definition in outline.definitions {
      guard case .object(let object) = definition.shape else { continue }
      files.append(try sharedFile(definition, object))
    }
    for list in outline.codeLists {
      files.append(
        GeneratedFile(
          path: "Codes+\(try SwiftNames.type(of: list.name)).swift",
          text: try codes(list).text))
    }
    return try files.map { file in
      guard
        file.text.split(separator: "\n", omittingEmptySubsequences: false).count
          <= Self.lineLimit
      else { throw GenerationError("\(file.path) would have too many lines: split the schema.") }
      return file
    }
  }

  /// The type and, beside it, those of its nested objects.
  private func recordFiles(_ record: RecordOutline) throws -> [GeneratedFile] {
    let name = try SwiftNames.type(of: record.name)
    let origin = "schemas/records/\(record.name).json"
    var main = CodeText(from: origin)
    main.add("public import RecordSchema")
    main.add("")
    let wording = record.payload.wording
    main.doc(
      "\(wording.title.chinese). \(wording.description.english)",
      "The payload of `\(record.name)`.")
    try object(
      record.payload, "public struct \(name): RecordPayload, PayloadValue", schema: record.name,
      into: &main)
    let nested = try types.nested(in: record.payload)
    if nested.isEmpty { return [GeneratedFile(path: "\(name).swift", text: main.text)] }
    var parts = CodeText(from: origin)
    parts.add("public import RecordSchema")
    parts.add("")
    try extend(name, with: nested, into: &parts)
    return [
      GeneratedFile(path: "\(name).swift", text: main.text),
      GeneratedFile(path: "\(name)+Parts.swift", text: parts.text),
    ]
  }

  private func sharedFile(
    _ definition: DefinitionOutline, _ object: ObjectOutline
  ) throws -> GeneratedFile {
    let name = try SwiftNames.type(of: definition.name)
    var code = CodeText(from: "schemas/common/\(definition.name.version).json")
    code.add("public import RecordSchema")
    code.add("")
    try code.block("extension Common") { code in
      code.doc("\(definition.wording.title.chinese). \(definition.wording.description.english)")
      try self.object(
        object, "public struct \(name): PayloadPart, PayloadValue", schema: nil, into: &code)
    }
    let nested = try types.nested(in: object)
    if !nested.isEmpty {
      code.add("")
      try extend("Common." + name, with: nested, into: &code)
    }
    return GeneratedFile(path: "Common+\(name).swift", text: code.text)
  }

  private func extend(
    _ name: String, with nested: [SwiftTypes.Nested], into code: inout CodeText
  ) throws {
    try code.block("extension \(name)") { code in
      for (index, part) in nested.enumerated() {
        if index > 0 { code.add("") }
        let wording = part.wording
        code.doc("\(wording.title.chinese). \(wording.description.english)")
        let name = try SwiftNames.type(titled: wording)
        switch part {
        case .object(let object):
          try self.object(
            object, "public struct \(name): PayloadPart, PayloadValue", schema: nil, into: &code)
        case .choice(let choice): try self.choice(choice, name, into: &code)
        }
      }
    }
  }

  private func namespaces() -> CodeText {
    var code = CodeText(from: "the documents under schemas/")
    code.add("")
    code.doc("Objects that payloads of several kinds share: what `schemas/common` defines.")
    code.add("public enum Common {}")
    code.add("")
    code.doc(
      "Code lists: what `schemas/codes` defines, one type a list.",
      """
      A type's raw values are the codes that stand in payloads; labels for people go with them.
      """)
    code.add("public enum Codes {}")
    return code
  }
}
