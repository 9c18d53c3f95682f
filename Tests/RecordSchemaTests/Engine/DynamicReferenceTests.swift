import Testing

@testable import RecordSchema

@Suite("Dynamic references and dialects")
struct DynamicReferenceTests {
  private static let dynamic: [KeywordCase] = [
    KeywordCase(
      "within one resource it is a plain reference",
      ##"{"items":{"$dynamicRef":"#i"},"$defs":{"x":{"$dynamicAnchor":"i","type":"string"}}}"##,
      valid: ["[\"a\"]"], invalid: ["[1]"]),
    KeywordCase(
      "to a plain anchor it is a plain reference",
      ##"""
      {"$id":"https://schema.invalid/r","$ref":"l","$defs":{"o":{"$dynamicAnchor":"i","type":"integer"},
      "l":{"$id":"l","items":{"$dynamicRef":"#i"},"$defs":{"x":{"$anchor":"i","type":"string"}}}}}
      """##, valid: ["[\"a\"]"], invalid: ["[1]"]),
    KeywordCase(
      "by pointer it is a plain reference",
      ##"""
      {"$id":"https://schema.invalid/r","$ref":"l","$defs":{"o":{"$dynamicAnchor":"i","type":"integer"},
      "l":{"$id":"l","items":{"$dynamicRef":"#/$defs/x"},"$defs":{"x":{"$dynamicAnchor":"i","type":"string"}}}}}
      """##, valid: ["[\"a\"]"], invalid: ["[1]"]),
    KeywordCase(
      "the outermost resource that has the anchor wins",
      ##"""
      {"$id":"https://schema.invalid/r","$ref":"m","$defs":{"o":{"$dynamicAnchor":"i","type":"integer"},
      "m":{"$id":"m","$ref":"l","$defs":{"o":{"$dynamicAnchor":"i","type":"null"}}},
      "l":{"$id":"l","items":{"$dynamicRef":"#i"},"$defs":{"x":{"$dynamicAnchor":"i"}}}}}
      """##, valid: ["[1]"], invalid: ["[null]", "[\"a\"]"]),
    KeywordCase(
      "a resource that is not entered does not count",
      ##"""
      {"$id":"https://schema.invalid/r","$ref":"l","$defs":{
      "m":{"$id":"m","$ref":"l","$defs":{"o":{"$dynamicAnchor":"i","type":"null"}}},
      "l":{"$id":"l","items":{"$dynamicRef":"#i"},"$defs":{"x":{"$dynamicAnchor":"i","type":"string"}}}}}
      """##, valid: ["[\"a\"]"], invalid: ["[null]"]),
    KeywordCase(
      "a scope that was left does not count",
      ##"""
      {"$id":"https://schema.invalid/r","if":{"$id":"a","$defs":{"x":{"$dynamicAnchor":"i","type":"number"}}},
      "then":{"$id":"b","$ref":"c","$defs":{"x":{"$dynamicAnchor":"i","type":"null"}}},
      "$defs":{"c":{"$id":"c","$dynamicRef":"#i","$defs":{"x":{"$dynamicAnchor":"i","type":"string"}}}}}
      """##, valid: ["null"], invalid: ["1", "\"a\""]),
    KeywordCase(
      "one schema means different things to different callers",
      ##"""
      {"$id":"https://schema.invalid/r","properties":{"n":{"$ref":"ns"},"s":{"$ref":"ss"}},"$defs":{
      "ns":{"$id":"ns","$ref":"l","$defs":{"o":{"$dynamicAnchor":"i","type":"number"}}},
      "ss":{"$id":"ss","$ref":"l","$defs":{"o":{"$dynamicAnchor":"i","type":"string"}}},
      "l":{"$id":"l","items":{"$dynamicRef":"#i"},"$defs":{"x":{"$dynamicAnchor":"i"}}}}}
      """##,
      valid: [#"{"n":[1],"s":["a"]}"#],
      invalid: [
        #"{"n":["a"]}"#, #"{"s":[1]}"#,
        #"""
        {"n":[1],"s":["a",1]}
        """#,
      ]),
    KeywordCase(
      "a tree whose nodes are extended",
      ##"""
      {"$id":"https://schema.invalid/strict","$dynamicAnchor":"node","$ref":"tree",
      "unevaluatedProperties":false}
      """##,
      valid: [#"{"children":[{"data":1,"children":[{}]}]}"#],
      invalid: [
        #"{"daat":1}"#, #"{"children":[{"daat":1}]}"#,
        #"""
        {"children":[{"children":[{"x":1}]}]}
        """#,
      ],
      others: [
        "https://schema.invalid/tree":
          ##"""
        {"$dynamicAnchor":"node","type":"object","properties":{"data":true,"children":{
        "type":"array","items":{"$dynamicRef":"#node"}}}}
        """##
      ]),
  ]

  private static let meta = "https://json-schema.org/draft/2020-12/vocab/"

  private static func metaSchema(_ vocabularies: [(String, Bool)]) -> [String: String] {
    let members = vocabularies.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")
    return ["https://schema.invalid/meta": "{\"$vocabulary\":{\(members)}}"]
  }

  private static let dialects: [KeywordCase] = [
    KeywordCase(
      "without the validation vocabulary nothing is asserted but by applicators",
      #"""
      {"$schema":"https://schema.invalid/meta","properties":{"a":false,"b":{"type":"string",
      "minimum":9}},"required":["z"],"contains":{"const":1},"maxContains":0}
      """#,
      valid: [#"{"b":1}"#, "[1,1]"], invalid: [#"{"a":1}"#, "[]"],
      others: metaSchema([(meta + "core", true), (meta + "applicator", true)])),
    KeywordCase(
      "without the applicator vocabulary nothing is looked into",
      #"""
      {"$schema":"https://schema.invalid/meta","properties":{"a":false},"not":true,"required":[
      "a"],"unevaluatedProperties":false}
      """#,
      valid: [#"{"a":1,"b":2}"#], invalid: ["{}"],
      others: metaSchema([(meta + "core", true), (meta + "validation", true)])),
    KeywordCase(
      "an embedded resource has the dialect of what it is embedded in, unless it says otherwise",
      ##"""
      {"$schema":"https://schema.invalid/meta","properties":{
      "same":{"$id":"same","minimum":9},
      "own":{"$id":"own","$schema":"https://json-schema.org/draft/2020-12/schema","minimum":9},
      "not":{"$schema":"https://json-schema.org/draft/2020-12/schema","minimum":9}}}
      """##, valid: [#"{"same":1,"own":9,"not":1}"#], invalid: [#"{"own":1}"#],
      others: metaSchema([(meta + "core", true), (meta + "applicator", true)])),
    KeywordCase(
      "a vocabulary that is unknown but not required is ignored",
      #"{"$schema":"https://schema.invalid/meta#","minimum":9}"#, valid: ["9"], invalid: ["1"],
      others: metaSchema([(meta + "validation", true), ("urn:example:vocabulary", false)])),
    KeywordCase(
      "the format-assertion vocabulary makes formats assertions",
      #"{"$schema":"https://schema.invalid/meta","format":"ipv4"}"#, valid: ["\"1.2.3.4\"", "1"],
      invalid: ["\"x\""], others: metaSchema([(meta + "format-assertion", false)])),
    KeywordCase(
      "a meta-schema without vocabularies stands for the standard ones",
      #"{"$schema":"https://schema.invalid/meta","minimum":9,"not":{"const":10}}"#, valid: ["9"],
      invalid: ["1", "10"], others: ["https://schema.invalid/meta": "{}"]),
    KeywordCase(
      "a meta-schema may describe itself",
      #"""
      {"$id":"https://schema.invalid/self","$schema":"https://schema.invalid/self","$vocabulary":{
      "\#(meta)applicator":true},"minimum":9,"properties":{"a":false}}
      """#,
      valid: ["1", "{}"], invalid: [#"{"a":1}"#]),
  ]

  @Test("follow the dynamic scope; vocabularies turn keywords on", arguments: dynamic + dialects)
  func table(sample: KeywordCase) throws { try sample.check() }
}
