import Testing

@Suite("unevaluatedItems")
struct UnevaluatedItemsTests {
  private static let adjacent: [KeywordCase] = [
    KeywordCase("true", #"{"unevaluatedItems":true}"#, valid: ["[]", "[1]"]),
    KeywordCase(
      "false", #"{"unevaluatedItems":false}"#, valid: ["[]", "{\"a\":1}", "\"x\"", "null", "7"],
      invalid: ["[1]", "[null]"]),
    KeywordCase(
      "a schema", #"{"unevaluatedItems":{"type":"string"}}"#, valid: ["[]", "[\"a\"]"],
      invalid: ["[1]", "[\"a\",null]"]),
    KeywordCase(
      "after items", #"{"items":{"type":"string"},"unevaluatedItems":false}"#,
      valid: ["[\"a\",\"b\"]"], invalid: ["[1]"]),
    KeywordCase(
      "after prefixItems", #"{"prefixItems":[{"type":"string"}],"unevaluatedItems":false}"#,
      valid: ["[]", "[\"a\"]"], invalid: ["[\"a\",\"b\"]", "[1]"]),
    KeywordCase(
      "after prefixItems and items",
      #"{"prefixItems":[{"type":"string"}],"items":true,"unevaluatedItems":false}"#,
      valid: ["[\"a\",1,null]"], invalid: ["[1]"]),
    KeywordCase(
      "judges what prefixItems leave",
      #"{"prefixItems":[{"type":"string"}],"unevaluatedItems":{"type":"integer"}}"#,
      valid: ["[\"a\"]", "[\"a\",1,2]"], invalid: ["[\"a\",\"b\"]", "[1]"]),
    KeywordCase(
      "null items", #"{"prefixItems":[true],"unevaluatedItems":{"type":"null"}}"#,
      valid: ["[1,null,null]"], invalid: ["[null,0]"]),
    KeywordCase(
      "what unique, min and max say evaluates nothing",
      #"""
      {"uniqueItems":true,"minItems":1,"maxItems":9,"unevaluatedItems":false}
      """#, invalid: ["[1]"]),
    KeywordCase(
      "the order of keywords does not matter",
      #"{"unevaluatedItems":false,"allOf":[{"prefixItems":[true]}],"contains":{"const":2}}"#,
      valid: ["[2]", "[1,2]"], invalid: ["[1,3]", "[1,2,3]"]),
  ]

  private static let contains: [KeywordCase] = [
    KeywordCase(
      "contains evaluates what it finds",
      #"{"prefixItems":[true],"contains":{"type":"string"},"unevaluatedItems":false}"#,
      valid: ["[1,\"a\"]", "[\"a\"]", "[1,\"a\",\"b\"]"],
      invalid: ["[1,2]", "[1,\"a\",2]", "[1,2,\"a\"]", "[]"]),
    KeywordCase(
      "contains of several subschemas",
      #"""
      {"allOf":[{"contains":{"multipleOf":2}},{"contains":{"multipleOf":3}}],"unevaluatedItems":{
      "multipleOf":5}}
      """#,
      valid: ["[2,3,4,5,6]", "[6]", "[6,25]"], invalid: ["[2,3,4,7,8]", "[2]", "[6,7]"]),
    KeywordCase(
      "contains within conditions",
      #"""
      {"if":{"contains":{"const":"a"}},
      "then":{"if":{"contains":{"const":"b"}},"then":{"if":{"contains":{"const":"c"}}}},
      "unevaluatedItems":false}
      """#,
      valid: [
        "[]", "[\"a\"]", "[\"a\",\"a\"]", "[\"b\",\"a\"]", "[\"c\",\"a\",\"b\",\"b\"]",
      ],
      invalid: [
        "[\"b\",\"b\"]", "[\"c\",\"c\"]", "[\"c\",\"b\"]", "[\"c\",\"a\"]", "[\"d\",\"a\"]",
      ]),
    KeywordCase(
      "minContains 0 still evaluates what is found",
      #"{"contains":{"type":"string"},"minContains":0,"unevaluatedItems":false}"#,
      valid: ["[]", "[\"a\"]", "[\"a\",\"b\"]"], invalid: ["[0]", "[\"a\",0]"]),
    KeywordCase(
      "contains true evaluates everything", #"{"contains":true,"unevaluatedItems":false}"#,
      valid: ["[1,2]"], invalid: ["[]"]),
    KeywordCase(
      "a contains that fails in a branch evaluates nothing",
      #"{"anyOf":[{"contains":{"const":1},"maxContains":1},true],"unevaluatedItems":false}"#,
      valid: ["[1]", "[]"], invalid: ["[1,1]", "[2]"]),
  ]

  private static let inPlace: [KeywordCase] = [
    KeywordCase(
      "allOf",
      #"""
      {"allOf":[{"prefixItems":[true,{"type":"number"}]},{"prefixItems":[true,true,true]}],
      "unevaluatedItems":false}
      """#,
      valid: ["[1,2,3]", "[]"], invalid: ["[1,2,3,4]", "[1,\"2\"]"]),
    KeywordCase(
      "items of a subschema", #"{"allOf":[{"items":true}],"unevaluatedItems":false}"#,
      valid: ["[1,2]"]),
    KeywordCase(
      "prefixItems and items of a subschema",
      #"{"allOf":[{"prefixItems":[{"type":"string"}],"items":true}],"unevaluatedItems":false}"#,
      valid: ["[\"a\",1,2]"]),
    KeywordCase(
      "unevaluatedItems of a subschema evaluate",
      #"{"allOf":[{"prefixItems":[true]},{"unevaluatedItems":true}],"unevaluatedItems":false}"#,
      valid: ["[1]", "[1,2,3]"]),
    KeywordCase(
      "unevaluatedItems of a subschema see nothing outside it",
      #"""
      {"prefixItems":[true],"allOf":[{"unevaluatedItems":{"type":"integer"}}],
      "unevaluatedItems":false}
      """#,
      valid: ["[1,2]"], invalid: ["[\"a\"]", "[1,\"a\"]"]),
    KeywordCase(
      "anyOf: every branch that holds",
      #"""
      {"prefixItems":[{"const":"a"}],"anyOf":[{"prefixItems":[true,{"const":"b"}]},
      {"prefixItems":[true,true,{"const":"c"}]}],"unevaluatedItems":false}
      """#,
      valid: ["[\"a\",\"b\"]", "[\"a\",\"b\",\"c\"]", "[\"a\",1,\"c\"]", "[\"a\"]"],
      invalid: ["[\"a\",\"b\",1]", "[\"a\",\"b\",\"c\",\"d\"]", "[\"a\",1,2]"]),
    KeywordCase(
      "oneOf",
      #"""
      {"prefixItems":[true],"oneOf":[{"prefixItems":[true,{"const":"b"}]},
      {"prefixItems":[true,{"const":"c"}]}],"unevaluatedItems":false}
      """#, valid: ["[1,\"b\"]", "[1,\"c\"]"], invalid: ["[1]", "[1,\"d\"]", "[1,\"b\",1]"]),
    KeywordCase(
      "not evaluates nothing",
      #"{"prefixItems":[true],"not":{"not":{"prefixItems":[true,true]}},"unevaluatedItems":false}"#,
      valid: ["[1]"], invalid: ["[1,2]"]),
    KeywordCase(
      "if, then and else",
      #"""
      {"prefixItems":[{"const":"a"}],"if":{"prefixItems":[true,{"const":"b"}]},
      "then":{"prefixItems":[true,true,{"const":"t"}]},
      "else":{"prefixItems":[true,true,true,{"const":"e"}]},"unevaluatedItems":false}
      """#,
      valid: ["[\"a\",\"b\",\"t\"]", "[\"a\",\"b\"]", "[\"a\",1,2,\"e\"]", "[\"a\",1,2]"],
      invalid: ["[\"a\",\"b\",\"t\",1]", "[\"a\",1,2,\"e\",3]", "[\"a\",\"b\",1]", "[\"a\",1,2,3]"]),
    KeywordCase(
      "if without then and else",
      #"{"if":{"prefixItems":[{"const":"a"}]},"unevaluatedItems":false}"#,
      valid: ["[\"a\"]", "[]"],
      invalid: ["[\"b\"]", "[\"a\",1]"]),
    KeywordCase(
      "booleans in place", #"{"allOf":[true],"anyOf":[false,true],"unevaluatedItems":false}"#,
      valid: ["[]"], invalid: ["[1]"]),
    KeywordCase(
      "a conditional evaluation beside unevaluatedItems with a schema",
      #"""
      {"oneOf":[{"prefixItems":[{"const":1}]},{"prefixItems":[{"const":2}]}],"unevaluatedItems":{
      "const":0}}
      """#,
      valid: ["[1,0]", "[2,0,0]"], invalid: ["[1,1]", "[3]", "[0]"]),
  ]

  private static let relatives: [KeywordCase] = [
    KeywordCase(
      "cousins do not see each other",
      #"{"allOf":[{"prefixItems":[true]},{"unevaluatedItems":false}]}"#, valid: ["[]"],
      invalid: ["[1]"]),
    KeywordCase(
      "cousins do not see each other, in the other order",
      #"{"allOf":[{"unevaluatedItems":false},{"items":true}]}"#, valid: ["[]"], invalid: ["[1]"]),
    KeywordCase(
      "an uncle does not help",
      #"""
      {"properties":{"a":{"prefixItems":[{"type":"string"}],"unevaluatedItems":false}},
      "anyOf":[{"properties":{"a":{"prefixItems":[true,{"type":"string"}]}}}]}
      """#, valid: [#"{"a":["x"]}"#, #"{"a":[]}"#], invalid: [#"{"a":["x","y"]}"#]),
    KeywordCase(
      "items of items are theirs alone",
      #"{"items":{"prefixItems":[true],"unevaluatedItems":false},"unevaluatedItems":false}"#,
      valid: ["[[1],[2],[]]", "[]"], invalid: ["[[1,2]]"]),
    KeywordCase(
      "evaluated within an item says nothing of the array",
      #"{"allOf":[{"contains":{"items":true}}],"unevaluatedItems":false}"#,
      valid: ["[[1]]", "[1]"],
      invalid: ["[]"]),
    KeywordCase(
      "$ref",
      ##"""
      {"$ref":"#/$defs/b","prefixItems":[true],"unevaluatedItems":false,"$defs":{"b":{
      "prefixItems":[true,{"type":"string"}]}}}
      """##,
      valid: ["[1,\"a\"]", "[1]"], invalid: ["[1,\"a\",2]", "[1,2]"]),
    KeywordCase(
      "$ref to what closes itself",
      ##"""
      {"$ref":"#/$defs/b","prefixItems":[true,true],"$defs":{"b":{"prefixItems":[true],
      "unevaluatedItems":false}}}
      """##,
      valid: ["[1]"], invalid: ["[1,2]"]),
    KeywordCase(
      "$ref that comes after in the text",
      ##"{"unevaluatedItems":false,"$defs":{"b":{"items":true}},"$ref":"#/$defs/b"}"##,
      valid: ["[1,2]"]),
    KeywordCase(
      "$dynamicRef",
      ##"""
      {"$id":"https://schema.invalid/derived","$ref":"./base",
      "$defs":{"derived":{"$dynamicAnchor":"more","prefixItems":[true,{"type":"string"}]},
      "base":{"$id":"base","prefixItems":[{"type":"string"}],"$dynamicRef":"#more",
      "unevaluatedItems":false,"$defs":{"none":{"$dynamicAnchor":"more"}}}}}
      """##, valid: ["[\"a\",\"b\"]", "[\"a\"]"], invalid: ["[\"a\",\"b\",\"c\"]", "[\"a\",1]"]),
    KeywordCase(
      "a tree that closes each node",
      ##"{"prefixItems":[{"type":"integer"}],"unevaluatedItems":{"$ref":"#"}}"##,
      valid: ["[1,[2],[3,[4]]]"], invalid: ["[1,[\"a\"]]", "[1,[2,[\"b\"]]]"]),
  ]

  @Test(
    "judges what nothing else has evaluated", arguments: adjacent + contains + inPlace + relatives)
  func table(sample: KeywordCase) throws { try sample.check() }

  private static let properties: [KeywordCase] = [
    KeywordCase(
      "by each keyword that evaluates members",
      #"""
      {"properties":{"a":true},"patternProperties":{"^p":true},"allOf":[{"properties":{"b":true}}],
      "dependentSchemas":{"a":{"properties":{"c":true}}},"unevaluatedProperties":false}
      """#,
      valid: [#"{"a":1,"b":1,"c":1,"px":1}"#, "{}", "[1]"],
      invalid: [#"{"c":1}"#, #"{"a":1,"x":1}"#, #"{"b":1,"c":1}"#]),
    KeywordCase(
      "additionalProperties evaluate all that is left",
      #"""
      {"allOf":[{"properties":{"a":true},"additionalProperties":true}],
      "unevaluatedProperties":false}
      """#,
      valid: [#"{"a":1,"z":1}"#]),
    KeywordCase(
      "a branch that fails evaluates nothing, even where it began well",
      #"""
      {"anyOf":[{"properties":{"a":true,"b":{"const":1}}},{"properties":{"b":true}}],
      "unevaluatedProperties":false}
      """#,
      valid: [#"{"a":1,"b":1}"#, #"{"b":2}"#], invalid: [#"{"a":1,"b":2}"#]),
    KeywordCase(
      "cousins and nested ones",
      #"""
      {"allOf":[{"properties":{"a":true}},{"properties":{"b":true},
      "unevaluatedProperties":false}]}
      """#,
      valid: [#"{"b":1}"#], invalid: [#"{"a":1}"#, #"{"a":1,"b":1}"#]),
    KeywordCase(
      "more members than a word has bits",
      "{\"properties\":{\((0..<70).map { "\"n\($0)\":true" }.joined(separator: ","))},"
        + "\"unevaluatedProperties\":{\"const\":0}}",
      valid: ["{\((0..<70).map { "\"n\($0)\":1" }.joined(separator: ",")),\"z\":0}"],
      invalid: ["{\((0..<70).map { "\"n\($0)\":1" }.joined(separator: ",")),\"z\":1}"]),
  ]

  @Test("unevaluatedProperties does the same for members", arguments: properties)
  func members(sample: KeywordCase) throws { try sample.check() }
}
