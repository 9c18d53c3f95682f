import Testing

@testable import RecordSchema

/// Schemas changed at random: the linter always answers, and what it lets pass is closed.
@Suite struct SchemaLinterFuzzTests {
  @Test(arguments: 0..<6)
  func `What the linter lets pass takes nothing that is open`(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    var clean = 0
    for _ in 0..<100 {
      var documents = SmallSet.documents
      for _ in 0..<([1, 1, 1, 2, 3].randomElement(using: &random) ?? 1) {
        documents = SchemaShuffle.changed(documents, &random)
      }
      if documents == SmallSet.documents { continue }
      let found = SchemaLinter.lint(documents)
      for issue in found { #expect(documents.contains { $0.path == issue.document }) }
      guard found.isEmpty else { continue }
      clean += 1
      let taken = try OpenPayloads.taken(by: documents)
      #expect(taken.isEmpty, "\(documents.map { String(decoding: $0.bytes, as: UTF8.self) })")
    }
    // Else nothing would have been learnt about what passes.
    #expect(clean > 2)
  }

  @Test func `An open schema does take the payloads that closed ones must refuse`() throws {
    let open = #"{"$id":"urn:sanxiang:schema:sample.record:1"}"#
    let documents = [SchemaSource(path: SmallSet.record, bytes: Array(open.utf8))]
    #expect(try OpenPayloads.taken(by: documents).count == OpenPayloads.all.count)
  }

  @Test func `Bytes changed at random never stop the linter`() {
    var random = SeededGenerator(seed: 99)
    for _ in 0..<100 {
      let documents = SmallSet.documents.map { source in
        var bytes = source.bytes
        for _ in 0..<Int.random(in: 0...2, using: &random) {
          bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(
            in: 0x20...0x7E, using: &random)
        }
        return SchemaSource(path: source.path, bytes: bytes)
      }
      for issue in SchemaLinter.lint(documents) { #expect(!issue.rule.isEmpty) }
    }
  }
}

/// Random changes to schema documents.
private enum SchemaShuffle {
  private static let words = SmallSet.words

  /// Values for keywords, names and whole schemas alike; many fit nowhere.
  private static let values: [String] = [
    "{}", "true", "false", "null", "1", "-1", "0", "\"x\"", "[]", "[\"name\"]", "[{}]", "[true]",
    "{\"type\":\"object\"}", "{\"type\":\"string\"}", "{\"type\":\"string\",\"maxLength\":5}",
    "{\"type\":\"array\",\"maxItems\":3}", "{\"type\":\"number\",\"minimum\":0}",
    "{\"$ref\":\"urn:sanxiang:schema:common:1#/$defs/line\"}",
    "{\"$ref\":\"urn:sanxiang:schema:common:1#/$defs/tree\"}",
    "{\"$ref\":\"urn:sanxiang:codes:colour:1\"}",
    "{\"$ref\":\"urn:sanxiang:schema:sample.record:1\"}",
    "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"boolean\"}]}",
    "{\"properties\":{\"zzz\":true}}", "{\"properties\":{\"zzz\":{\(words)}}}",
    "{\"properties\":{\"zzz\":{\(words),\"type\":\"string\"}}}",
    "{\"additionalProperties\":true}", "{\"additionalProperties\":false}",
    "{\"unevaluatedProperties\":true}", "{\"unevaluatedProperties\":false}",
    "{\"properties\":{\"name\":true}}",
    "{\"properties\":{\"zzz\":{\(words),\"type\":\"boolean\"}}}",
    "{\"not\":{}}", "{\"if\":true}", "{\"if\":{\"properties\":{\"zzz\":true}}}",
    "{\"items\":true}", "{\"maxLength\":4}", "{\"const\":{}}", "{\"required\":[\"name\"]}",
    "{\"allOf\":[{\"properties\":{\"zzz\":true}}]}", "{\(words),\"type\":\"boolean\"}",
    "{\(words)}", "{\(words),\"$ref\":\"urn:sanxiang:schema:common:1#/$defs/line\"}",
    "[{\"properties\":{\"zzz\":true}}]", "[{\"type\":\"object\"},{\"type\":\"null\"}]",
    "[{\"type\":\"string\",\"maxLength\":3},{\"type\":\"object\"}]", "\"object\"", "\"string\"",
    "[\"object\",\"string\"]",
  ]

  private static let names: [String] =
    LintKeyword.allCases.map(\.rawValue) + ["zzz", "patternProperties", "unevaluatedItems"]

  /// One place of one document replaced, removed or added to.
  static func changed(
    _ documents: [SchemaSource], _ random: inout SeededGenerator
  ) -> [SchemaSource] {
    guard let source = documents.randomElement(using: &random),
      let root = try? JSONDocument(parsing: source.bytes, profile: .general).root,
      let pointer = pointers(in: root).randomElement(using: &random),
      let value = values.randomElement(using: &random),
      let name = names.randomElement(using: &random)
    else { return documents }
    let edit =
      switch Int.random(in: 0..<4, using: &random) {
      case 0: SchemaEdit.remove(source.path, pointer, "")
      case 1: SchemaEdit.set(source.path, pointer, value, "")
      default: SchemaEdit.set(source.path, pointer + "/" + name, value, "")
      }
    return edit.applied(to: documents) ?? documents
  }

  /// All values but texts for people.
  private static func pointers(in root: JSONNode) -> [String] {
    var found: [String] = []
    var pending = [root]
    while let node = pending.popLast() {
      found.append(node.pointer)
      pending += node.elements
      pending += node.members.filter { !["title", "description", "x-en"].contains($0.key) }
        .map(\.value)
    }
    return found
  }
}

/// Payloads each of which holds one thing that no closed schema takes.
enum OpenPayloads {
  /// Every member of the small set's record with a value that it takes.
  private static let members: [(name: String, value: String)] = [
    ("name", "\"ab\""), ("colour", "\"red\""), ("size", "0.5"), ("code", "\"abc\""),
    ("pair", "[true,\"a\"]"), ("list", "[\"red\",\"x\"]"), ("either", "{\"left\":true}"),
    ("joined", "{\"one\":true,\"two\":false}"),
  ]

  private static let openValues = [
    "\"\(String(repeating: "a", count: 5_000))\"", "1e300", "-1e300", "{\"zzz\":{\"zzz\":7}}",
    "[\(Array(repeating: "true", count: 500).joined(separator: ","))]",
    "[{\"zzz\":{\"zzz\":7}}]", "[\"\(String(repeating: "a", count: 5_000))\"]",
    "{\"one\":true,\"two\":false,\"zzz\":{\"zzz\":7}}", "{\"left\":true,\"zzz\":{\"zzz\":7}}",
    "{\"one\":\"\(String(repeating: "a", count: 5_000))\"}", "{\"below\":{\"zzz\":7}}",
  ]

  static let all: [String] = {
    let names = members.map(\.name) + ["zzz"]
    let inMembers = names.flatMap { name in
      openValues.flatMap { value -> [String] in
        let others = members.filter { $0.name != name }.map { "\"\($0.name)\":\($0.value)" }
        let open = "\"\(name)\":\(value)"
        return [
          "{\((others + [open]).joined(separator: ","))}", "{\"name\":\"ab\",\(open)}", "{\(open)}",
        ]
      }
    }
    return inMembers.filter { !hasRepeatedName($0) } + openValues
  }()

  private static func hasRepeatedName(_ text: String) -> Bool {
    (try? JSONDocument(parsing: Array(text.utf8), profile: .general)) == nil
  }

  private static let parsed = all.compactMap {
    try? JSONDocument(parsing: Array($0.utf8), profile: .general)
  }

  /// Those that the record schema of a set takes.
  static func taken(by documents: [SchemaSource]) throws -> [JSONDocument] {
    var library = SchemaLibrary()
    for source in documents { try library.add(source.bytes, at: source.uri) }
    let schema = try CompiledSchema(
      "urn:sanxiang:schema:sample.record:1", in: library, assertsFormats: true)
    return parsed.filter { schema.isValid($0) }
  }
}
