import Testing

@Suite("Keywords that apply schemas in place")
struct InPlaceKeywordTests {
  private static let combinations: [KeywordCase] = [
    KeywordCase(
      "allOf",
      #"""
      {"allOf":[{"minimum":2},{"maximum":4}],"multipleOf":2}
      """#, valid: ["2", "4", "\"\""],
      invalid: ["1", "3", "6"]),
    KeywordCase("allOf with false", #"{"allOf":[true,false]}"#, invalid: ["1", "null"]),
    KeywordCase("allOf of what allows all", #"{"allOf":[{},true]}"#, valid: ["1"]),
    KeywordCase(
      "anyOf", #"{"anyOf":[{"type":"integer"},{"minimum":2}],"type":"number"}"#,
      valid: ["1", "2.5", "-3"], invalid: ["1.5", "\"x\""]),
    KeywordCase("anyOf of booleans", #"{"anyOf":[false,true]}"#, valid: ["1"]),
    KeywordCase("anyOf of nothing but false", #"{"anyOf":[false,false]}"#, invalid: ["1"]),
    KeywordCase(
      "oneOf", #"{"oneOf":[{"type":"integer"},{"minimum":2}]}"#, valid: ["1", "2.5"],
      invalid: ["3", "1.5"]),
    KeywordCase("oneOf of true twice", #"{"oneOf":[true,true,false]}"#, invalid: ["1"]),
    KeywordCase("oneOf of true once", #"{"oneOf":[false,true,false]}"#, valid: ["1"]),
    KeywordCase(
      "oneOf of what is required", #"{"oneOf":[{"required":["a"]},{"required":["b"]}]}"#,
      valid: [#"{"a":1}"#, #"{"b":1}"#], invalid: ["{}", #"{"a":1,"b":1}"#, "7"]),
    KeywordCase(
      "not",
      #"""
      {"not":{"type":"integer"}}
      """#, valid: ["1.5", "\"\""], invalid: ["1", "1.0"]),
    KeywordCase("not true", #"{"not":true}"#, invalid: ["1", "null"]),
    KeywordCase("not false", #"{"not":false}"#, valid: ["1", "{}"]),
    KeywordCase("not not", #"{"not":{"not":{"type":"null"}}}"#, valid: ["null"], invalid: ["0"]),
    KeywordCase(
      "not with what is forbidden", #"{"properties":{"a":{"not":{}}}}"#,
      valid: ["{}", #"{"b":1}"#],
      invalid: [#"{"a":1}"#]),
    KeywordCase(
      "nested combinations",
      #"{"allOf":[{"anyOf":[{"oneOf":[{"const":1},{"const":2}]},{"not":{"type":"number"}}]}]}"#,
      valid: ["1", "2", "\"3\""], invalid: ["3"]),
  ]

  private static let conditions: [KeywordCase] = [
    KeywordCase("if alone", #"{"if":{"const":0}}"#, valid: ["0", "\"x\""]),
    KeywordCase("if false alone", #"{"if":false}"#, valid: ["0"]),
    KeywordCase("then alone", #"{"then":{"const":0}}"#, valid: ["0", "1"]),
    KeywordCase("else alone", #"{"else":{"const":0}}"#, valid: ["0", "1"]),
    KeywordCase("then and else without if", #"{"then":false,"else":false}"#, valid: ["0", "null"]),
    KeywordCase(
      "if and then", #"{"if":{"exclusiveMaximum":0},"then":{"minimum":-10}}"#,
      valid: ["-1", "-10", "100", "\"x\""], invalid: ["-11"]),
    KeywordCase(
      "if and else", #"{"if":{"exclusiveMaximum":0},"else":{"multipleOf":2}}"#,
      valid: ["-1", "4", "0", "\"x\""], invalid: ["3"]),
    KeywordCase(
      "if, then and else",
      #"{"if":{"exclusiveMaximum":0},"then":{"minimum":-10},"else":{"multipleOf":2}}"#,
      valid: ["-1", "0", "4", "-3"], invalid: ["-100", "3"]),
    KeywordCase(
      "if true", #"{"if":true,"then":{"const":"t"},"else":{"const":"e"}}"#, valid: ["\"t\""],
      invalid: ["\"e\"", "1"]),
    KeywordCase(
      "if false", #"{"if":false,"then":{"const":"t"},"else":{"const":"e"}}"#, valid: ["\"e\""],
      invalid: ["\"t\"", "1"]),
    KeywordCase(
      "then false",
      #"""
      {"if":{"type":"string"},"then":false}
      """#, valid: ["1"], invalid: ["\"\""]),
    KeywordCase(
      "else false",
      #"""
      {"if":{"type":"string"},"else":false}
      """#, valid: ["\"\""], invalid: ["1"]),
    KeywordCase(
      "whatever the order of the keywords",
      #"{"then":{"const":"yes"},"else":{"const":"other"},"if":{"maxLength":4}}"#,
      valid: ["\"yes\"", "\"other\""], invalid: ["\"no\"", "\"invalid\""]),
    KeywordCase(
      "conditions of other schemas do not meddle",
      #"""
      {"allOf":[{"if":{"exclusiveMaximum":0}},{"then":{"minimum":-10}},{"else":{"multipleOf":2}}]}
      """#,
      valid: ["-100", "3"]),
    KeywordCase(
      "conditions in conditions",
      #"""
      {"if":{"type":"number"},"then":{"if":{"minimum":10},"then":{"maximum":20},"else":{
      "const":0}}}
      """#,
      valid: ["0", "15", "\"x\""], invalid: ["5", "21"]),
    KeywordCase(
      "references to the branches",
      ##"""
      {"if":{"const":1},"then":{"$id":"branch","const":1},"else":{"type":"string"},"allOf":[{
      "properties":{"t":{"$ref":"branch"},"e":{"$ref":"#/else"},"i":{"$ref":"#/if"}}}],"type":[
      "string","object"]}
      """##,
      valid: ["\"x\""], invalid: ["1", #"{"t":1}"#]),
  ]

  @Test("hold as the specification says", arguments: combinations + conditions)
  func table(sample: KeywordCase) throws { try sample.check() }
}
