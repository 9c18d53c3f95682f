import Testing

@testable import RecordSchema

@Suite("Violations")
struct ViolationTests {
  struct Row: CustomStringConvertible, Sendable {
    let schema: String
    let document: String
    /// Pointer, rule, and pointer into the schema.
    let found: [[String]]

    init(_ schema: String, _ document: String, _ found: [String]...) {
      self.schema = schema
      self.document = document
      self.found = found
    }

    var description: String { schema }
  }

  private static let values: [Row] = [
    Row("false", "7341", ["", "false", "#"]),
    Row(#"{"type":"string"}"#, "7341", ["", "type", "#/type"]),
    Row(#"{"const":1}"#, "7341", ["", "const", "#/const"]),
    Row(#"{"const":"a"}"#, "\"zebra\"", ["", "const", "#/const"]),
    Row(#"{"enum":["a",1]}"#, "\"zebra\"", ["", "enum", "#/enum"]),
    Row(#"{"enum":["a","b"]}"#, "7341", ["", "enum", "#/enum"]),
    Row(#"{"minimum":9999}"#, "7341", ["", "minimum", "#/minimum"]),
    Row(#"{"maximum":5}"#, "7341", ["", "maximum", "#/maximum"]),
    Row(#"{"exclusiveMinimum":9999}"#, "7341", ["", "exclusiveMinimum", "#/exclusiveMinimum"]),
    Row(#"{"exclusiveMaximum":5}"#, "7341", ["", "exclusiveMaximum", "#/exclusiveMaximum"]),
    Row(#"{"multipleOf":5}"#, "7341", ["", "multipleOf", "#/multipleOf"]),
    Row(#"{"minLength":9}"#, "\"zebra\"", ["", "minLength", "#/minLength"]),
    Row(#"{"maxLength":1}"#, "\"zebra\"", ["", "maxLength", "#/maxLength"]),
    Row(#"{"pattern":"^a"}"#, "\"zebra\"", ["", "pattern", "#/pattern"]),
    Row(#"{"format":"date"}"#, "\"zebra\"", ["", "format:date", "#/format"]),
    Row(#"{"format":"uscc"}"#, "\"zebra\"", ["", "format:uscc", "#/format"]),
    Row(#"{"not":{}}"#, "7341", ["", "not", "#/not"]),
  ]

  private static let containers: [Row] = [
    Row(#"{"minItems":2}"#, "[7341]", ["", "minItems", "#/minItems"]),
    Row(#"{"maxItems":0}"#, "[7341]", ["", "maxItems", "#/maxItems"]),
    Row(#"{"uniqueItems":true}"#, "[7341,1,7341,1]", ["/2", "uniqueItems", "#/uniqueItems"]),
    Row(#"{"items":{"type":"null"}}"#, "[null,7341]", ["/1", "type", "#/items/type"]),
    Row(
      #"{"prefixItems":[true,{"minimum":9999}]}"#, "[1,7341]",
      ["/1", "minimum", "#/prefixItems/1/minimum"]),
    Row(#"{"contains":{"const":1}}"#, "[7341]", ["", "contains", "#/contains"]),
    Row(
      #"{"unevaluatedItems":false}"#, "[7341]", ["/0", "unevaluatedItems", "#/unevaluatedItems"]),
    Row(
      #"""
      {"unevaluatedItems":{"type":"null"}}
      """#, "[null,7341]", ["/1", "type", "#/unevaluatedItems/type"]),
    Row(
      #"{"required":["a","b/c"]}"#, #"{"d":"zebra"}"#, ["/a", "required", "#/required"],
      ["/b~1c", "required", "#/required"]),
    Row(
      #"{"properties":{"a":{}},"required":["z","a"]}"#, "{}", ["/a", "required", "#/required"],
      ["/z", "required", "#/required"]),
    Row(
      #"{"dependentRequired":{"a":["b"]}}"#, #"{"a":7341}"#,
      ["/b", "dependentRequired", "#/dependentRequired"]),
    Row(
      #"{"dependentSchemas":{"a/b":{"maxProperties":0}}}"#, #"{"a/b":7341}"#,
      ["", "maxProperties", "#/dependentSchemas/a~1b/maxProperties"]),
    Row(#"{"minProperties":2}"#, #"{"a":7341}"#, ["", "minProperties", "#/minProperties"]),
    Row(#"{"maxProperties":0}"#, #"{"a":7341}"#, ["", "maxProperties", "#/maxProperties"]),
    Row(
      #"{"properties":{"a":{"type":"null"},"b":false}}"#, #"{"b":7341,"a":"zebra"}"#,
      ["/b", "false", "#/properties/b"], ["/a", "type", "#/properties/a/type"]),
    Row(
      #"{"patternProperties":{"~":{"type":"null"}}}"#, #"{"x~y":7341}"#,
      ["/x~0y", "type", "#/patternProperties/~0/type"]),
    Row(
      #"{"additionalProperties":false}"#, #"{"a/b":"zebra","c":1}"#,
      ["/a~1b", "additionalProperties", "#/additionalProperties"],
      ["/c", "additionalProperties", "#/additionalProperties"]),
    Row(
      #"{"additionalProperties":{"type":"null"}}"#, #"{"a":7341}"#,
      ["/a", "type", "#/additionalProperties/type"]),
    Row(
      #"{"unevaluatedProperties":false}"#, #"{"a":7341}"#,
      ["/a", "unevaluatedProperties", "#/unevaluatedProperties"]),
    Row(
      #"{"propertyNames":{"maxLength":1}}"#, #"{"ab":7341}"#,
      ["/ab", "propertyNames", "#/propertyNames"]),
    Row(
      #"{"additionalProperties":false}"#, #"{"张某甲":1,"a\u0000":2}"#,
      ["/*", "additionalProperties", "#/additionalProperties"],
      ["/*", "additionalProperties", "#/additionalProperties"]),
  ]

  private static let inPlace: [Row] = [
    Row(
      #"{"allOf":[{"type":"string"},{"maximum":5}]}"#, "7341", ["", "type", "#/allOf/0/type"],
      ["", "maximum", "#/allOf/1/maximum"]),
    Row(
      #"{"anyOf":[{"type":"string"},{"maximum":5}]}"#, "7341", ["", "anyOf", "#/anyOf"],
      ["", "type", "#/anyOf/0/type"], ["", "maximum", "#/anyOf/1/maximum"]),
    Row(
      #"{"oneOf":[{"type":"string"},false]}"#, "7341", ["", "oneOf", "#/oneOf"],
      ["", "type", "#/oneOf/0/type"], ["", "false", "#/oneOf/1"]),
    Row(#"{"oneOf":[true,{"type":"string"},{}]}"#, "7341", ["", "oneOf", "#/oneOf"]),
    Row(
      #"{"if":{"type":"number"},"then":{"maximum":5},"else":false}"#, "7341",
      ["", "maximum", "#/then/maximum"]),
    Row(
      #"""
      {"if":{"type":"string"},"else":{"maximum":5}}
      """#, "7341", ["", "maximum", "#/else/maximum"]),
    Row(
      ##"{"items":{"$ref":"#/$defs/a"},"$defs":{"a":{"maximum":5}}}"##, "[1,7341]",
      ["/1", "maximum", "#/$defs/a/maximum"]),
    Row(
      ##"{"$dynamicRef":"#d","$defs":{"a":{"$dynamicAnchor":"d","maximum":5}}}"##, "7341",
      ["", "maximum", "#/$defs/a/maximum"]),
    Row(
      ##"""
      {"items":{"$ref":"in"},"$defs":{"a":{"$id":"in","$defs":{"b":{"maximum":5}},
      "$ref":"#/$defs/b"}}}
      """##,
      "[7341]", ["/0", "maximum", "https://schema.invalid/in#/$defs/b/maximum"]),
  ]

  @Test("say where, which rule, and where it stands", arguments: values + containers + inPlace)
  func table(row: Row) throws {
    let schema = try compile(row.schema, assertsFormats: true)
    let found = schema.violations(in: try document(row.document))
    let expected = row.found.map {
      [$0[0], $0[1], $0[2].hasPrefix("#") ? caseURI + $0[2] : $0[2]]
    }
    #expect(found.map { [$0.pointer, $0.rule, $0.schemaPointer] } == expected)
    for violation in found {
      for text in [violation.message, violation.messageZH] {
        #expect(text.hasSuffix(".") || text.hasSuffix("。"))
        for value in ["7341", "zebra", "张某甲"] { #expect(!text.contains(value)) }
      }
      #expect(violation.keyword == violation.rule.prefix { $0 != ":" })
      #expect(violation.description.contains(violation.rule))
    }
  }

  @Test("stand in the order of the document's members and items")
  func order() throws {
    let schema = try compile(
      #"""
      {"properties":{"a":{"type":"null"},"b":{"items":{"type":"null"}},"c":{"type":"null"}},
      "required":["a","d","b"],"additionalProperties":false}
      """#)
    let found = schema.violations(in: try document(#"{"c":1,"x":1,"b":[1,null,2],"a":1}"#))
    #expect(found.map(\.pointer) == ["/c", "/x", "/b/0", "/b/2", "/a", "/d"])
  }

  @Test("say what x-error says, for its own schema's keywords alone")
  func ownSentence() throws {
    let schema = try compile(
      #"""
      {"x-error":{"en":"Ours.","zh":"我们的。"},"maximum":5,"required":["a"],"properties":{"b":{"type":"null"}},
      "additionalProperties":false}
      """#)
    func sentences(_ text: String) throws -> [String] {
      schema.violations(in: try document(text)).map { $0.message + $0.messageZH }
    }
    #expect(try sentences("7") == ["Ours.我们的。"])
    #expect(try sentences(#"{"c":1}"#) == ["Ours.我们的。", "Ours.我们的。"])
    let inner = try sentences(#"{"a":1,"b":1}"#)
    #expect(inner.count == 1 + 1 && inner[0] == "Ours.我们的。" && inner[1] != inner[0])
  }

  @Test(
    "half an x-error counts as none",
    arguments: [#"{"en":"Ours."}"#, #"{"zh":"我们的。"}"#, #""Ours.""#, "{}", #"{"en":1,"zh":2}"#])
  func halfSentence(error: String) throws {
    let schema = try compile("{\"x-error\":\(error),\"maximum\":5}")
    #expect(schema.violations(in: try document("7")).map(\.message) == ["Must be at most 5."])
  }

  @Test(
    "are told up to a limit, of which at least one", arguments: [-1, 0, 1, 2, 7, 50, 100, 1000])
  func limit(limit: Int) throws {
    let schema = try compile(#"{"items":{"anyOf":[{"type":"null"},{"type":"string"}]}}"#)
    let items = [String](repeating: "1", count: 60).joined(separator: ",")
    let found = schema.violations(in: try document("[\(items)]"), limit: limit)
    #expect(found.count == min(max(limit, 1), 180))
    #expect(schema.violations(in: try document("[null]"), limit: limit) == [])
  }

  @Test("have pointers of bounded length")
  func longPointers() throws {
    let name = String(repeating: "n", count: 60)
    let text =
      String(repeating: "{\"\(name)\":", count: 20) + "1" + String(repeating: "}", count: 20)
    let schema = try compile(##"{"type":"object","additionalProperties":{"$ref":"#"}}"##)
    let found = schema.violations(in: try document(text))
    #expect(found.map(\.rule) == ["type"])
    #expect(found.allSatisfy { $0.pointer.utf8.count <= JSONPointer.byteLimit })
  }
}
