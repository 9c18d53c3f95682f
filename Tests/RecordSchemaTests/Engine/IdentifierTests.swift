import Testing

@testable import RecordSchema

@Suite("Identifiers and references")
struct IdentifierTests {
  private static let anchors: [KeywordCase] = [
    KeywordCase(
      "an anchor", ##"{"$ref":"#a_1.b-c","$defs":{"x":{"$anchor":"a_1.b-c","type":"integer"}}}"##,
      valid: ["1"], invalid: ["\"a\""]),
    KeywordCase(
      "an anchor by absolute URI",
      ##"""
      {"$ref":"https://schema.invalid/other#it","$defs":{"x":{
      "$id":"https://schema.invalid/other","$anchor":"it","type":"integer"}}}
      """##,
      valid: ["1"], invalid: ["\"a\""]),
    KeywordCase(
      "an anchor within a resource of another base",
      ##"""
      {"$id":"https://schema.invalid/root","$ref":"https://schema.invalid/n.json#it","$defs":{
      "x":{"$id":"n.json","$defs":{"y":{"$anchor":"it","type":"integer"}}}}}
      """##,
      valid: ["1"], invalid: ["\"a\""]),
    KeywordCase(
      "one name in several resources",
      ##"""
      {"$id":"https://schema.invalid/root","$anchor":"n","allOf":[{"$ref":"a#n"}],
      "$defs":{"a":{"$id":"a","allOf":[{"$id":"b","$anchor":"n","type":["string","number"]},
      {"$anchor":"n","type":"number"}]}}}
      """##, valid: ["1"], invalid: ["\"a\"", "null"]),
    KeywordCase(
      "an anchor of the root",
      ##"""
      {"$anchor":"top","properties":{"a":{"$ref":"#top"}},"type":"object"}
      """##,
      valid: [#"{"a":{"a":{}}}"#], invalid: [#"{"a":{"a":1}}"#]),
    KeywordCase(
      "an anchor deep in every kind of place",
      ##"""
      {"allOf":[{"$ref":"#a"},{"$ref":"#b"},{"$ref":"#c"},{"$ref":"#d"},{"$ref":"#e"},{"$ref":"#f"}],
      "$defs":{"x":{"properties":{"p":{"items":{"$anchor":"a","minimum":1}}}},
      "y":{"anyOf":[{"prefixItems":[{"contains":{"$anchor":"b","maximum":9}}]}]},
      "z":{"if":{"not":{"$anchor":"c","multipleOf":2}}},
      "u":{"dependentSchemas":{"k":{"then":{"$anchor":"d","type":"number"}}}},
      "v":{"propertyNames":{"unevaluatedItems":{"$anchor":"e","not":{"const":4}}}},
      "w":{"contentSchema":{"patternProperties":{"k":{"$anchor":"f","not":{"const":6}}}}}}}
      """##, valid: ["2", "8"], invalid: ["0", "10", "3", "4", "6", "\"x\""]),
    KeywordCase(
      "a dynamic anchor is an anchor as well",
      ##"{"$ref":"#d","$defs":{"x":{"$dynamicAnchor":"d","type":"integer"}}}"##, valid: ["1"],
      invalid: ["\"a\""]),
    KeywordCase(
      "an anchor in enum, const or an unknown keyword is none",
      ##"""
      {"$ref":"#n","$defs":{"e":{"enum":[{"$anchor":"n","type":"null"}]},
      "c":{"const":{"$anchor":"n","type":"null"}},"u":{"unknown":{"$anchor":"n","type":"null"}},
      "d":{"default":{"$anchor":"n"},"examples":[{"$anchor":"n"}]},
      "r":{"$anchor":"n","type":"string"}}}
      """##, valid: ["\"a\""], invalid: ["null"]),
    KeywordCase(
      "a member that is called $anchor or $id is none",
      ##"""
      {"properties":{"$anchor":{"type":"string"},"$id":{"type":"string"},"$ref":{
      "type":"string"}}}
      """##,
      valid: [
        #"""
        {"$anchor":"x","$id":"y"}
        """#
      ], invalid: [#"{"$anchor":1}"#, #"{"$id":1}"#, #"{"$ref":1}"#]),
  ]

  private static let ids: [KeywordCase] = [
    KeywordCase(
      "an $id in enum or const is none",
      ##"""
      {"$defs":{"e":{"enum":[{"$id":"https://schema.invalid/x","type":"null"}]},
      "r":{"$id":"https://schema.invalid/x","type":"string"},
      "z":{"const":{"$id":"https://schema.invalid/x","type":"null"}}},
      "anyOf":[{"$ref":"#/$defs/e"},{"$ref":"https://schema.invalid/x"}]}
      """##,
      valid: [
        #""a""#,
        #"""
        {"type":"null","$id":"https://schema.invalid/x"}
        """#,
      ], invalid: ["null", "1"]),
    KeywordCase(
      "an $id in an unknown keyword is none",
      ##"""
      {"$defs":{"u":{"x-any":{"$id":"https://schema.invalid/x","type":"null"}},
      "r":{"$id":"https://schema.invalid/x","type":"string"}},"$ref":"https://schema.invalid/x"}
      """##, valid: ["\"a\""], invalid: ["null"]),
    KeywordCase(
      "an empty fragment",
      ##"""
      {"$id":"https://schema.invalid/r#","$ref":"https://schema.invalid/r#/$defs/a","$defs":{"a":{
      "const":1}}}
      """##,
      valid: ["1"], invalid: ["2"]),
    KeywordCase(
      "relative ids, one in the other",
      ##"""
      {"$id":"https://schema.invalid/a/root.json","$ref":"https://schema.invalid/a/b/c/leaf.json",
      "$defs":{"x":{"$id":"b/mid.json","$defs":{"y":{"$id":"c/leaf.json","$ref":"../../up.json"}}},
      "z":{"$id":"/a/up.json","type":"integer"}}}
      """##, valid: ["1"], invalid: ["\"a\""]),
    KeywordCase(
      "the nearest id counts, not the root's",
      ##"""
      {"$id":"https://schema.invalid/a","$ref":"/d/b","$defs":{"x":{"$id":"/d/b","$ref":"c"},
      "right":{"$id":"/d/c","const":1},"wrong":{"$id":"/c","const":2}}}
      """##, valid: ["1"], invalid: ["2"]),
    KeywordCase(
      "an $id beside $ref changes its base",
      ##"""
      {"$defs":{"x":{"$id":"https://schema.invalid/d/e","$ref":"f"},
      "f":{"$id":"https://schema.invalid/d/f","const":1},
      "g":{"$id":"https://schema.invalid/f","const":2}},
      "$ref":"https://schema.invalid/d/e"}
      """##, valid: ["1"], invalid: ["2"]),
    KeywordCase(
      "a pointer goes by the resource that the reference stands in",
      ##"""
      {"$id":"https://schema.invalid/outer","$defs":{"t":{"const":"outer"},
      "in":{"$id":"inner","$defs":{"t":{"const":"inner"}},"$ref":"#/$defs/t"}},
      "$ref":"inner"}
      """##, valid: ["\"inner\""], invalid: ["\"outer\""]),
    KeywordCase(
      "a pointer may lead into an embedded resource, whose base then counts",
      ##"""
      {"$defs":{"in":{"$id":"https://schema.invalid/in/","$defs":{"t":{"$ref":"x"}}},
      "x":{"$id":"https://schema.invalid/in/x","const":1},"y":{"$id":"x","const":2}},
      "$ref":"#/$defs/in/$defs/t"}
      """##, valid: ["1"], invalid: ["2"]),
    KeywordCase(
      "the URI under which the document was added",
      ##"""
      {"properties":{"a":{"$ref":"https://schema.invalid/case#/$defs/i"},"b":{"$ref":"case"},"c":{
      "$ref":"./x/../case#"}},"$defs":{"i":{"type":"integer"}},"type":"object"}
      """##,
      valid: [#"{"a":1,"b":{"a":2},"c":{}}"#],
      invalid: [#"{"a":"x"}"#, #"{"b":1}"#, #"{"b":{"a":"x"}}"#, #"{"c":[]}"#]),
    KeywordCase(
      "both the id and the URI under which it was added",
      ##"""
      {"$id":"urn:example:own","anyOf":[{"properties":{"a":{"$ref":"https://schema.invalid/case"},
      "b":{"$ref":"urn:example:own"}},"type":"object"}]}
      """##,
      valid: [#"{"a":{"b":{}}}"#], invalid: [#"{"a":1}"#, #"{"b":1}"#]),
    KeywordCase(
      "URNs, with everything a URN may have",
      ##"""
      {"$id":"urn:example:foo-bar?+CCResolve:cc=uk","allOf":[{"$ref":"urn:example:foo-bar?+CCResolve:cc=uk#/$defs/a"},
      {"$ref":"#here"},{"$ref":"urn:uuid:deadbeef-1234-0000-0000-4321feebdaed"},{"$ref":"urn:example:a/b?=op#"}],
      "$defs":{"a":{"minimum":1},"b":{"$anchor":"here","maximum":9},
      "c":{"$id":"urn:uuid:deadbeef-1234-0000-0000-4321feebdaed","multipleOf":2},
      "d":{"$id":"urn:example:a/b?=op","not":{"const":4}}}}
      """##, valid: ["2"], invalid: ["0", "10", "3", "4"]),
    KeywordCase(
      "a URN that refers within another document", ##"{"$ref":"urn:example:lib:1#/$defs/line"}"##,
      valid: ["\"x\""], invalid: ["\"\""],
      others: [
        "urn:example:lib:1":
          ##"""
        {"$defs":{"line":{"$ref":"#l"},"l":{"$anchor":"l","minLength":1}}}
        """##
      ]),
    KeywordCase(
      "a scheme in another case", ##"{"$ref":"HTTPS://schema.invalid/other"}"##, valid: ["1"],
      invalid: ["2"], others: ["https://schema.invalid/other": #"{"const":1}"#]),
    KeywordCase(
      "a query is part of the name", ##"{"$ref":"other?v=2"}"##, valid: ["2"], invalid: ["1"],
      others: [
        "https://schema.invalid/other": #"{"const":1}"#,
        "https://schema.invalid/other?v=2": #"{"const":2}"#,
      ]),
  ]

  private static let pointers: [KeywordCase] = [
    KeywordCase(
      "escapes of pointers and of fragments",
      ##"""
      {"$defs":{"a~b":{"minimum":1},"c/d":{"maximum":9},"e%f":{"multipleOf":2},"g\"h":{"not":{"const":4}},
      "中":{"not":{"const":6}},"~1":{"type":"number"},"":{"not":{"const":8}}},
      "allOf":[{"$ref":"#/$defs/a~0b"},{"$ref":"#/$defs/c~1d"},{"$ref":"#/$defs/e%25f"},
      {"$ref":"#/$defs/g%22h"},{"$ref":"#/$defs/%E4%B8%AD"},{"$ref":"#/$defs/~01"},
      {"$ref":"#/%24defs/"}]}
      """##, valid: ["2"], invalid: ["0", "10", "3", "4", "6", "8", "\"x\""]),
    KeywordCase(
      "a name that begins with a combining mark",
      "{\"$defs\":{\"\u{301}x\":{\"const\":1},\"x\":{\"const\":2}},\"$ref\":\"#/$defs/\u{301}x\"}",
      valid: ["1"], invalid: ["2"]),
    KeywordCase(
      "into lists",
      ##"""
      {"prefixItems":[{"type":"integer"},{"$ref":"#/prefixItems/0"}],"anyOf":[true,{
      "$ref":"#/prefixItems/1"}]}
      """##,
      valid: ["[1,2]"], invalid: ["[1,\"a\"]"]),
    KeywordCase(
      "to where no keyword leads", ##"{"x":{"deep":[{"type":"integer"}]},"$ref":"#/x/deep/0"}"##,
      valid: ["1"], invalid: ["\"a\""]),
    KeywordCase(
      "to booleans",
      ##"""
      {"properties":{"a":{"$ref":"#/$defs/t"},"b":{"$ref":"#/$defs/f"}},"$defs":{"t":true,
      "f":false}}
      """##,
      valid: [#"{"a":1}"#], invalid: [#"{"b":1}"#]),
    KeywordCase(
      "siblings of $ref count",
      ##"{"$ref":"#/$defs/a","maximum":5,"$defs":{"a":{"minimum":1}}}"##, valid: ["3"],
      invalid: ["0", "6"]),
    KeywordCase(
      "chains of references",
      ##"""
      {"$ref":"#/$defs/c","$defs":{"a":{"type":"integer"},"b":{"$ref":"#/$defs/a"},"c":{
      "$ref":"#/$defs/b"}}}
      """##,
      valid: ["1"], invalid: ["\"a\""]),
    KeywordCase(
      "the root, again and again",
      ##"""
      {"properties":{"a":{"$ref":"#"}},"additionalProperties":false}
      """##,
      valid: [#"{"a":{"a":{}}}"#], invalid: [#"{"a":{"b":1}}"#]),
    KeywordCase(
      "two schemas that refer to each other",
      ##"""
      {"properties":{"n":{"items":{"$ref":"node"}}},"required":["n"]}
      """##,
      valid: [#"{"n":[{"v":1,"sub":{"n":[]}}]}"#],
      invalid: [#"{"n":[{"sub":{}}]}"#, #"{"n":[{"v":"x"}]}"#],
      others: [
        "https://schema.invalid/node":
          ##"""
        {"properties":{"v":{"type":"number"},"sub":{"$ref":"case"}}}
        """##
      ]),
    KeywordCase(
      "the specification's meta-schema",
      ##"""
      {"$ref":"https://json-schema.org/draft/2020-12/schema"}
      """##,
      valid: [#"{"minLength":1,"$defs":{"a":{"type":"object"}}}"#, "true"],
      invalid: [
        #"{"minLength":-1}"#, #"{"$defs":{"a":{"type":"thing"}}}"#, "1", #"{"$id":"a#b"}"#,
        #"{"items":{"allOf":[]}}"#,
      ]),
  ]

  @Test("lead where the specification says", arguments: anchors + ids + pointers)
  func table(sample: KeywordCase) throws { try sample.check() }

  @Test("a failed addition leaves a library as it was")
  func atomicity() throws {
    var library = SchemaLibrary()
    let before = library.uris
    #expect(throws: SchemaError.self) {
      try library.add(
        Array(#"{"$defs":{"a":{"$id":"urn:a"},"b":{"$id":"urn:a"}}}"#.utf8), at: "urn:x")
    }
    #expect(library.uris == before)
    try library.add(Array(#"{"$id":"urn:a"}"#.utf8), at: "urn:x")
    #expect(library.uris == before + ["urn:a"])
  }
}
