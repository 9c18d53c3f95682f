import Testing

@Suite("Keywords about objects")
struct ObjectKeywordTests {
  private static let members: [KeywordCase] = [
    KeywordCase(
      "properties", #"{"properties":{"a":{"type":"integer"},"b":false,"c":true}}"#,
      valid: ["{}", #"{"a":1,"c":null,"z":1}"#, "[]", "7", "\"a\""],
      invalid: [#"{"a":"1"}"#, #"{"b":1}"#, #"{"b":null,"a":1}"#]),
    KeywordCase(
      "names as they are escaped",
      #"""
      {"properties":{"a\nb":{"const":1},"c\"d":{"const":1},"é":{"const":1}}}
      """#,
      valid: [#"{"a\nb":1,"c\"d":1,"\u00e9":1}"#, #"{"e\u0301":2,"a":2}"#],
      invalid: [#"{"a\u000ab":2}"#, #"{"c\u0022d":2}"#, #"{"é":2}"#, #"{"\u00E9":2}"#]),
    KeywordCase(
      "names of the language's own",
      #"""
      {"properties":{"__proto__":{"type":"number"},"toString":{"properties":{"length":{
      "type":"string"}}},"$ref":{"type":"string"}},"required":["constructor"]}
      """#,
      valid: [#"{"constructor":1,"$ref":"x"}"#],
      invalid: ["{}", #"{"constructor":1,"__proto__":"x"}"#, #"{"constructor":1,"$ref":1}"#]),
    KeywordCase(
      "patternProperties", #"{"patternProperties":{"^a":{"type":"integer"},"z$":{"minimum":5}}}"#,
      valid: ["{}", #"{"a":1,"xz":5,"b":"?"}"#, #"{"az":7}"#, "[1]"],
      invalid: [#"{"a":"x"}"#, #"{"az":3}"#, #"{"az":"x"}"#, #"{"b":1,"z":4}"#]),
    KeywordCase(
      "patternProperties of booleans", #"{"patternProperties":{"f.*":true,"b.*":false}}"#,
      valid: [#"{"foo":1}"#, "{}"], invalid: [#"{"bar":1}"#, #"{"foobar":1}"#]),
    KeywordCase(
      "additionalProperties",
      #"""
      {"properties":{"a":{}},"patternProperties":{"^p":{}},"additionalProperties":{
      "type":"boolean"}}
      """#,
      valid: [#"{"a":1,"pp":2,"x":true}"#, "{}", "[1]"], invalid: [#"{"x":1}"#, #"{"ap":1}"#]),
    KeywordCase(
      "additionalProperties false", #"{"properties":{"a":{}},"additionalProperties":false}"#,
      valid: [#"{"a":1}"#, "{}"], invalid: [#"{"b":1}"#, #"{"a":1,"A":1}"#]),
    KeywordCase(
      "additionalProperties alone", #"{"additionalProperties":false}"#, valid: ["{}", "[]"],
      invalid: [#"{"":1}"#]),
    KeywordCase(
      "additionalProperties see only their own object",
      #"{"allOf":[{"properties":{"a":{}}}],"additionalProperties":{"type":"boolean"}}"#,
      valid: [#"{"a":true}"#], invalid: [#"{"a":1}"#]),
    KeywordCase(
      "required", #"{"required":["a","b\tc"],"properties":{"a":{}}}"#,
      valid: [#"{"a":null,"b\tc":0}"#, "[]", "\"\""], invalid: ["{}", #"{"a":1}"#, #"{"b\tc":1}"#]),
    KeywordCase("required of nothing", #"{"required":[]}"#, valid: ["{}"]),
    KeywordCase(
      "required of more than a word of members",
      "{\"properties\":{\(names.map { "\"\($0)\":true" }.joined(separator: ","))},"
        + "\"required\":[\"n3\",\"n63\",\"n64\",\"n69\"]}",
      valid: [#"{"n3":1,"n63":1,"n64":1,"n69":1}"#],
      invalid: [
        #"{"n3":1,"n63":1,"n64":1}"#, #"{"n3":1,"n64":1,"n69":1}"#, #"{"n63":1,"n64":1,"n69":1}"#,
        #"{"n3":1,"n63":1,"n69":1}"#,
      ]),
    KeywordCase(
      "minProperties and maxProperties", #"{"minProperties":1,"maxProperties":2.0}"#,
      valid: [#"{"a":1}"#, #"{"a":1,"b":2}"#, "[]", "\"\""],
      invalid: ["{}", #"{"a":1,"b":2,"c":3}"#]),
  ]

  private static let names = (0..<70).map { "n\($0)" }

  private static let propertyNames: [KeywordCase] = [
    KeywordCase(
      "propertyNames by length", #"{"propertyNames":{"maxLength":3}}"#,
      valid: [
        "{}",
        #"""
        {"abc":1,"":2,"😀😀😀":3,"\u4e2d\u6587x":4}
        """#, "[\"abcd\"]", "\"abcd\"", "12345",
      ],
      invalid: [#"{"abcd":1}"#, #"{"a":1,"中文中文":1}"#]),
    KeywordCase(
      "propertyNames by pattern", #"{"propertyNames":{"pattern":"^a+$"}}"#,
      valid: ["{}", #"{"a":1,"aa":{},"\u0061aa":2}"#], invalid: [#"{"aaA":1}"#, #"{"":1}"#]),
    KeywordCase("propertyNames true", #"{"propertyNames":true}"#, valid: ["{}", #"{"a":1}"#]),
    KeywordCase(
      "propertyNames false", #"{"propertyNames":false}"#, valid: ["{}", "[1]"],
      invalid: [#"{"a":1}"#, #"{"":null}"#]),
    KeywordCase(
      "propertyNames const", #"{"propertyNames":{"const":"a"}}"#, valid: ["{}", #"{"a":1}"#],
      invalid: [#"{"b":1}"#, #"{"a":1,"b":1}"#]),
    KeywordCase(
      "propertyNames enum of several kinds", #"{"propertyNames":{"enum":["a",1,null]}}"#,
      valid: [#"{"a":1}"#, #"{"\u0061":1}"#], invalid: [#"{"1":1}"#, #"{"null":1}"#]),
    KeywordCase(
      "propertyNames are strings", #"{"propertyNames":{"type":"string"}}"#, valid: [#"{"1":1}"#]),
    KeywordCase(
      "propertyNames are nothing else", #"{"propertyNames":{"type":["number","object"]}}"#,
      valid: ["{}"], invalid: [#"{"1":1}"#]),
    KeywordCase(
      "propertyNames by reference and condition",
      ##"""
      {"propertyNames":{"$ref":"#/$defs/n","if":{"pattern":"^x-"},"then":{"maxLength":4}},
      "$defs":{"n":{"not":{"enum":["no"]}}}}
      """##,
      valid: [#"{"x-ab":1,"anything":1}"#], invalid: [#"{"x-abc":1}"#, #"{"no":1}"#]),
    KeywordCase(
      "propertyNames do not count as evaluation",
      #"{"propertyNames":true,"unevaluatedProperties":false}"#, valid: ["{}"],
      invalid: [#"{"a":1}"#]),
    KeywordCase(
      "propertyNames judge a name by uniqueItems and members not at all",
      #"{"propertyNames":{"uniqueItems":true,"required":["z"],"minItems":9,"minimum":9}}"#,
      valid: [#"{"a":1}"#]),
  ]

  private static let dependent: [KeywordCase] = [
    KeywordCase(
      "dependentRequired", #"{"dependentRequired":{"a":["b","c"],"x":[]}}"#,
      valid: ["{}", #"{"b":1}"#, #"{"a":1,"b":1,"c":1}"#, #"{"x":1}"#, "[\"a\"]"],
      invalid: [#"{"a":1}"#, #"{"a":1,"b":1}"#, #"{"a":null,"c":1}"#]),
    KeywordCase(
      "dependentRequired with escaped names",
      #"{"dependentRequired":{"a\nb":["c\rd"],"e\"f":["g'h"]}}"#,
      valid: [#"{"a\nb":1,"c\rd":2}"#, #"{"e\u0022f":1,"g'h":2}"#, #"{"a":1}"#],
      invalid: [#"{"a\u000ab":1,"cd":2}"#, #"{"e\"f":1}"#]),
    KeywordCase(
      "dependentSchemas",
      #"""
      {"dependentSchemas":{"a":{"properties":{"b":{"type":"integer"}},"minProperties":2}}}
      """#,
      valid: ["{}", #"{"b":"x"}"#, #"{"a":1,"b":2}"#, "[\"a\"]", "\"a\"", "1"],
      invalid: [#"{"a":1}"#, #"{"a":1,"b":"x"}"#]),
    KeywordCase(
      "dependentSchemas of booleans", #"{"dependentSchemas":{"a":true,"b":false}}"#,
      valid: ["{}", #"{"a":1}"#], invalid: [#"{"b":1}"#, #"{"a":1,"b":1}"#]),
    KeywordCase(
      "dependentSchemas with escaped names",
      #"""
      {"dependentSchemas":{"a\tb":{"minProperties":3},"c'd":{"required":["e\"f"]},"g/h~i":{
      "maxProperties":1},"中":false}}
      """#,
      valid: [
        #"""
        {"a\tb":1,"x":2,"y":3}
        """#, #"{"c'd":1,"e\"f":2}"#, #"{"g/h~i":1}"#, #"{"c'd":1,"e\u0022f":1}"#,
      ],
      invalid: [
        #"{"a\tb":1,"x":2}"#, #"{"c'd":1}"#, #"{"a\u0009b":1}"#, #"{"g/h~i":1,"x":1}"#,
        #"{"c\u0027d":1,"ef":1}"#, #"{"\u4e2d":1}"#,
      ]),
    KeywordCase(
      "dependentSchemas know nothing of the schema around them",
      #"""
      {"properties":{"a":{}},"dependentSchemas":{"a":{"properties":{"b":{}},
      "additionalProperties":false}}}
      """#,
      valid: [#"{"b":1}"#, #"{"c":1}"#, "{}"], invalid: [#"{"a":1}"#, #"{"a":1,"b":2}"#]),
    KeywordCase(
      "dependentSchemas count as evaluation only when they apply",
      #"""
      {"dependentSchemas":{"a":{"properties":{"a":true,"b":true}}},"unevaluatedProperties":false}
      """#,
      valid: ["{}", #"{"a":1,"b":1}"#, #"{"a":1}"#], invalid: [#"{"b":1}"#, #"{"a":1,"c":1}"#]),
    KeywordCase(
      "dependencies are of earlier drafts and assert nothing",
      #"{"dependencies":{"a":["b"],"c":false}}"#, valid: [#"{"a":1,"c":1}"#]),
  ]

  @Test("hold as the specification says", arguments: members + propertyNames + dependent)
  func table(sample: KeywordCase) throws { try sample.check() }
}
