import Testing

@testable import RecordSchema

/// Schemas made to cost as much as they can: each is answered, in bounded time and stack.
@Suite(.timeLimit(.minutes(2))) struct SchemaLinterHostileTests {
  private static let common = "common/1.json"
  private static let words = SmallSet.words

  private static func set(_ definitions: [String]) -> [SchemaSource] {
    let text = """
      {"$schema":"https://json-schema.org/draft/2020-12/schema",
      "$id":"urn:sanxiang:schema:common:1",\(words),"$defs":{\(definitions.joined(separator: ","))}}
      """
    return [SchemaSource(path: common, bytes: Array(text.utf8))]
  }

  private static func definition(_ number: Int, _ body: String) -> String {
    "\"d\(number)\":{\(words),\(body)}"
  }

  private static func ref(_ number: Int) -> String {
    "{\"$ref\":\"urn:sanxiang:schema:common:1#/$defs/d\(number)\"}"
  }

  private static func rules(_ documents: [SchemaSource]) -> Set<String> {
    Set(SchemaLinter.lint(documents).map(\.rule))
  }

  @Test func `Nesting beyond what a document may have`() {
    let text =
      String(repeating: "{\"not\":", count: 5_000) + "{}" + String(repeating: "}", count: 5_000)
    #expect(
      Self.rules([SchemaSource(path: Self.common, bytes: Array(text.utf8))]) == ["json.depth"])
  }

  @Test func `Nesting as deep as a document may have`() {
    let text = String(repeating: "{\"not\":", count: 27) + "{}" + String(repeating: "}", count: 27)
    #expect(Self.rules(Self.set([Self.definition(0, "\"not\":\(text)")])) == ["lint.openValue"])
  }

  @Test func `A chain of references`() {
    let chain = (0..<600).map { Self.definition($0, "\"allOf\":[\(Self.ref($0 + 1))]") }
    let end = Self.definition(600, "\"type\":\"boolean\"")
    #expect(Self.rules(Self.set(chain + [end])) == ["lint.tooLarge"])
  }

  @Test func `References in a circle, without going deeper`() {
    let circle = (0..<50).map { Self.definition($0, "\"allOf\":[\(Self.ref(($0 + 1) % 50))]") }
    #expect(Self.rules(Self.set(circle)) == ["lint.openValue", "schema.referenceLoop"])
  }

  @Test func `References in a circle, each going deeper`() {
    let circle = (0..<50).map { number in
      Self.definition(
        number,
        "\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"a\":{\(Self.words),"
          + "\"$ref\":\"urn:sanxiang:schema:common:1#/$defs/d\((number + 1) % 50)\"}}")
    }
    #expect(Self.rules(Self.set(circle)) == [])
  }

  @Test(arguments: ["allOf", "anyOf", "oneOf"])
  func `Two references to the next, forty times over`(keyword: String) {
    let doubling = (0..<40).map {
      Self.definition($0, "\"\(keyword)\":[\(Self.ref($0 + 1)),\(Self.ref($0 + 1))]")
    }
    let end = Self.definition(40, "\"type\":\"boolean\"")
    let expected: Set<String> = keyword == "allOf" ? [] : ["lint.tooLarge"]
    #expect(Self.rules(Self.set(doubling + [end])) == expected)
  }

  @Test func `Objects whose members all refer to all of them`() {
    let names = 0..<40
    let objects = names.map { number in
      let properties = names.map {
        "\"m\($0)\":{\"$ref\":\"urn:sanxiang:schema:common:1#/$defs/d\($0)\"}"
      }
      return Self.definition(
        number,
        "\"type\":\"object\",\"additionalProperties\":false,"
          + "\"properties\":{\(properties.joined(separator: ","))}")
    }
    #expect(Self.rules(Self.set(objects)) == ["lint.title"])
  }

  @Test func `An object of thousands of members`() {
    let properties = (0..<2_500).map { "\"m\($0)\":{\"type\":\"string\"}" }
    let object = Self.definition(
      0, "\"type\":\"object\",\"properties\":{\(properties.joined(separator: ","))}")
    #expect(Self.rules(Self.set([object])) == ["lint.openObject", "lint.title"])
  }

  @Test func `More patterns than a set may have`() {
    let texts = (0...SchemaLinter.patternLimit).map {
      Self.definition($0, "\"type\":\"string\",\"pattern\":\"^\($0)$\"")
    }
    #expect(Self.rules(Self.set(texts)) == ["lint.tooLarge"])
  }

  @Test func `A document and a set beyond their limits`() {
    let large = [UInt8](repeating: 0x20, count: SchemaLinter.documentLimits.size + 1)
    #expect(Self.rules([SchemaSource(path: Self.common, bytes: large)]) == ["json.size"])
    let count = SchemaLinter.setLimit / large.count + 1
    let many = (1...count).map { SchemaSource(path: "common/\($0).json", bytes: large) }
    #expect(Self.rules(many) == ["lint.tooLarge"])
  }
}
