import Testing

@Suite("Keywords about arrays")
struct ArrayKeywordTests {
  private static let items: [KeywordCase] = [
    KeywordCase(
      "items", #"{"items":{"type":"integer"}}"#,
      valid: ["[]", "[1,2.0]", "{\"0\":\"x\"}", "\"x\""],
      invalid: ["[1,\"x\"]", "[null]"]),
    KeywordCase("items true", #"{"items":true}"#, valid: ["[1,null]", "[]"]),
    KeywordCase(
      "items false",
      #"""
      {"items":false}
      """#, valid: ["[]", "{}"], invalid: ["[null]", "[1,2]"]),
    KeywordCase(
      "prefixItems judge by place", #"{"prefixItems":[{"type":"integer"},{"type":"string"}]}"#,
      valid: [
        "[]", "[1]", "[1,\"a\"]", "[1,\"a\",null]", #"{"0":"x","length":1}"#, "\"x\"",
      ], invalid: ["[\"a\"]", "[1,2]", "[null,\"a\",1]"]),
    KeywordCase(
      "prefixItems of booleans", #"{"prefixItems":[true,false]}"#, valid: ["[]", "[1]"],
      invalid: ["[1,1]", "[1,null,2]"]),
    KeywordCase(
      "items are what prefixItems leave",
      #"""
      {"prefixItems":[{},{"type":"string"}],"items":{"type":"integer"}}
      """#,
      valid: ["[]", "[null]", "[null,\"a\"]", "[null,\"a\",1,2]"],
      invalid: ["[null,1]", "[null,\"a\",\"b\"]", "[null,\"a\",1,\"b\"]"]),
    KeywordCase(
      "items false closes a tuple", #"{"prefixItems":[{},{}],"items":false}"#,
      valid: ["[]", "[1]", "[1,2]"], invalid: ["[1,2,3]", "[1,2,null,4]"]),
    KeywordCase(
      "items do not see prefixItems of a subschema",
      #"{"allOf":[{"prefixItems":[{"minimum":3}]}],"items":{"minimum":5}}"#,
      valid: ["[5,6]", "[]"], invalid: ["[3,5]", "[4]", "[5,4]"]),
    KeywordCase(
      "items in items", #"{"items":{"items":{"items":{"type":"number"}}}}"#,
      valid: ["[[[1]],[[],[2,3]]]", "[[]]", "[1]"], invalid: ["[[[\"1\"]]]", "[[[1]],[[null]]]"]),
    KeywordCase(
      "null items", #"{"prefixItems":[{"type":"null"}],"items":{"type":"null"}}"#,
      valid: ["[null,null]"], invalid: ["[null,0]", "[0]"]),
    KeywordCase(
      "minItems and maxItems", #"{"minItems":1,"maxItems":2.0}"#,
      valid: ["[1]", "[[],[]]", "\"\"", "{}"], invalid: ["[]", "[1,2,3]"]),
  ]

  private static let contains: [KeywordCase] = [
    KeywordCase(
      "contains", #"{"contains":{"minimum":5}}"#,
      valid: ["[3,4,5]", "[5,5]", "[\"x\"]", "{}", "\"\"", "null"],
      invalid: ["[]", "[2,3,4]", "[4.9]"]),
    KeywordCase(
      "contains true",
      #"""
      {"contains":true}
      """#, valid: ["[1]", "[null]", "{}"], invalid: ["[]"]),
    KeywordCase(
      "contains false",
      #"""
      {"contains":false}
      """#, valid: ["\"x\"", "1"], invalid: ["[]", "[1]", "[[]]"]),
    KeywordCase(
      "contains null", #"{"contains":{"type":"null"}}"#, valid: ["[null]", "[1,null]"],
      invalid: ["[]", "[0]", "[[null]]"]),
    KeywordCase(
      "contains beside items", #"{"items":{"multipleOf":2},"contains":{"multipleOf":3}}"#,
      valid: ["[2,4,6]", "[6]", "[12,2]"], invalid: ["[2,4]", "[3,6]", "[1]", "[]"]),
    KeywordCase(
      "contains with a condition that always holds", #"{"contains":{"if":false,"else":true}}"#,
      valid: ["[1]"], invalid: ["[]"]),
    KeywordCase(
      "minContains alone asserts nothing", #"{"minContains":3}"#, valid: ["[]", "[1]"]),
    KeywordCase(
      "maxContains alone asserts nothing", #"{"maxContains":0}"#, valid: ["[]", "[1,1]"]),
    KeywordCase(
      "minContains", #"{"contains":{"const":1},"minContains":2}"#,
      valid: ["[1,1]", "[1,2,1]", "[1,1,1]", "{}"], invalid: ["[]", "[1]", "[2,2]", "[1,2]"]),
    KeywordCase(
      "minContains 0 asks for nothing", #"{"contains":{"const":1},"minContains":0}"#,
      valid: ["[]", "[2]", "[1]", "[1,1]"]),
    KeywordCase(
      "minContains 0 even of what cannot be", #"{"contains":false,"minContains":0}"#,
      valid: ["[]", "[1]"]),
    KeywordCase(
      "maxContains", #"{"contains":{"const":1},"maxContains":1}"#,
      valid: ["[1]", "[1,2]", "[2,1,2]", "\"x\""], invalid: ["[]", "[1,1]", "[2]", "[1,2,1]"]),
    KeywordCase(
      "minContains 0 with maxContains",
      #"""
      {"contains":{"const":1},"minContains":0,"maxContains":1}
      """#,
      valid: ["[]", "[2]", "[1]"], invalid: ["[1,1]"]),
    KeywordCase(
      "minContains up to maxContains", #"{"contains":{"const":1},"minContains":1,"maxContains":3}"#,
      valid: ["[1]", "[1,1,1]", "[1,1,1,2]"], invalid: ["[]", "[1,1,1,1]"]),
    KeywordCase(
      "maxContains 0", #"{"contains":{"const":1},"minContains":0,"maxContains":0}"#,
      valid: ["[]", "[2]"], invalid: ["[1]"]),
    KeywordCase(
      "maxContains below minContains", #"{"contains":{"const":1},"minContains":3,"maxContains":1}"#,
      valid: ["1"], invalid: ["[]", "[1]", "[1,1,1]", "[1,1]"]),
    KeywordCase(
      "counts written as decimals",
      #"{"contains":{"const":1},"minContains":2.0,"maxContains":20e-1}"#,
      valid: ["[1,1]", "[1,1,2]"], invalid: ["[1]", "[1,1,1]"]),
    KeywordCase(
      "two contains count apart",
      #"{"allOf":[{"contains":{"minimum":2},"maxContains":1},{"contains":{"minimum":5}}]}"#,
      valid: ["[5]", "[1,6]"], invalid: ["[2,5]", "[2]", "[5,6]"]),
  ]

  private static let unique: [KeywordCase] = [
    KeywordCase(
      "uniqueItems: numbers by value", #"{"uniqueItems":true}"#,
      valid: [
        "[]", "[1]", "[1,2]", "[1,true]", "[0,false]", "[1,\"1\"]", "[-1,1]", "{\"a\":1,\"b\":1}",
      ],
      invalid: [
        "[1,1]", "[1,1.0]", "[1.0,1.00,1]", "[0,-0]", "[0.0,0e5]", "[100,1e2]", "[2,1,2]",
        "[12345678901234567890,12345678901234567890.0]",
      ]),
    KeywordCase(
      "uniqueItems: literals", #"{"uniqueItems":true}"#,
      valid: ["[true,false,null]", "[[],{}]", "[\"\",null]"],
      invalid: ["[true,true]", "[null,1,null]", "[false,0,false]"]),
    KeywordCase(
      "uniqueItems: text by code points", #"{"uniqueItems":true}"#,
      valid: ["[\"é\",\"e\u{301}\"]", "[\"a\",\"A\"]", #"["\\u0061","a"]"#],
      invalid: [#"["a","\u0061"]"#, #"["😀","\ud83d\ude00"]"#, #"["\/","/"]"#]),
    KeywordCase(
      "uniqueItems: arrays", #"{"uniqueItems":true}"#,
      valid: [
        "[[1,2],[2,1]]", "[[1],[true]]", "[[0],[false]]", "[[[1]],[[true]]]", "[[1],[[1]]]",
        #"[["a","b"],["ab"]]"#, "[[],[[]]]",
      ],
      invalid: ["[[1],[1.0]]", "[[],[]]", "[[[1],\"a\"],[[1.0],\"\\u0061\"]]", "[[1],[2],[1]]"]),
    KeywordCase(
      "uniqueItems: objects in any order", #"{"uniqueItems":true}"#,
      valid: [
        #"[{"a":1,"b":2},{"a":2,"b":1}]"#, #"[{"a":1},{"a":true}]"#, #"[{"a":false},{"a":0}]"#,
        #"[{},{"a":null}]"#, #"[{"a":{"b":[1,2]}},{"a":{"b":[2,1]}}]"#, #"[{"a":"b"},{"b":"a"}]"#,
      ],
      invalid: [
        #"[{"a":1,"b":2},{"b":2,"a":1}]"#, "[{},{}]", #"[{"a":{"b":[1]}},{"a":{"b":[1.0]}}]"#,
        #"[{"x":[{"c":1,"d":2}]},1,{"x":[{"d":2,"c":1}]}]"#, #"[{"\u0061":1},{"a":1}]"#,
      ]),
    KeywordCase("uniqueItems false", #"{"uniqueItems":false}"#, valid: ["[1,1]", "[[],[]]"]),
    KeywordCase(
      "uniqueItems: a tuple's surplus counts as well",
      #"{"prefixItems":[{"type":"boolean"},{"type":"boolean"}],"uniqueItems":true}"#,
      valid: ["[false,true]", "[true,false,1,\"1\"]"],
      invalid: ["[true,true]", "[false,true,1,1]", "[false,true,false]"]),
    KeywordCase(
      "uniqueItems in a closed tuple",
      #"{"prefixItems":[{"type":"boolean"},{"type":"boolean"}],"uniqueItems":true,"items":false}"#,
      valid: ["[false,true]", "[]"], invalid: ["[false,false]", "[false,true,null]"]),
    KeywordCase(
      "uniqueItems among many, sorted by hash", #"{"uniqueItems":true}"#,
      valid: ["[" + (0..<40).map { #"{"a":[\#($0),"\#($0)"]}"# }.joined(separator: ",") + "]"],
      invalid: [
        "[" + (0..<40).map { "[\($0 % 39)]" }.joined(separator: ",") + "]",
        "[" + (0..<40).map { $0 == 33 ? "7.0" : "\($0)" }.joined(separator: ",") + "]",
      ]),
    KeywordCase(
      "uniqueItems: objects with many members", #"{"uniqueItems":true}"#,
      valid: ["[\(wide(0..<20)),\(wide(1..<21))]"],
      invalid: ["[\(wide(0..<20)),\(wide((0..<20).reversed()))]"]),
  ]

  private static func wide(_ numbers: some Sequence<Int>) -> String {
    "{" + numbers.map { #""k\#($0)":\#($0)"# }.joined(separator: ",") + "}"
  }

  @Test("hold as the specification says", arguments: items + contains + unique)
  func table(sample: KeywordCase) throws { try sample.check() }
}
