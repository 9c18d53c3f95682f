import Testing

@Suite("Keywords about single values")
struct ValueKeywordTests {
  private static let types: [KeywordCase] = [
    KeywordCase(
      "type integer: whole numbers however they are written", #"{"type":"integer"}"#,
      valid: [
        "0", "-0", "1.0", "-2.000", "1e2", "10e-1", "123456789012345678901234567890", "1E400",
        "0.0",
        "12.5e1",
      ], invalid: ["1.1", "1e-1", "\"1\"", "true", "null", "[]", "{}", "1e-400"]),
    KeywordCase(
      "type number", #"{"type":"number"}"#, valid: ["0", "1.5", "-1e-9"],
      invalid: ["\"0\"", "false", "null"]),
    KeywordCase(
      "type boolean is neither a number nor null", #"{"type":"boolean"}"#,
      valid: ["true", "false"], invalid: ["0", "1", "null", "\"true\"", "[]"]),
    KeywordCase(
      "type null", #"{"type":"null"}"#, valid: ["null"], invalid: ["0", "false", "\"\"", "{}"]),
    KeywordCase(
      "type string", #"{"type":"string"}"#, valid: ["\"\"", "\"1\""], invalid: ["1", "[\"\"]"]),
    KeywordCase(
      "type array", #"{"type":"array"}"#, valid: ["[]", "[{}]"], invalid: ["{}", "\"[]\""]),
    KeywordCase(
      "type object", #"{"type":"object"}"#, valid: ["{}", #"{"a":1}"#], invalid: ["[]", "null"]),
    KeywordCase(
      "type: any of a list", #"{"type":["integer","null","object"]}"#,
      valid: ["1", "2.0", "null", "{}"], invalid: ["1.5", "true", "[]", "\"\""]),
    KeywordCase(
      "type number holds integers when both are listed", #"{"type":["integer","number"]}"#,
      valid: ["1", "1.5"], invalid: ["\"\""]),
  ]

  private static let values: [KeywordCase] = [
    KeywordCase(
      "const: a number by value", #"{"const":2}"#, valid: ["2", "2.0", "20e-1", "0.2e1"],
      invalid: ["-2", "2.1", "\"2\"", "[2]", "true"]),
    KeywordCase(
      "const 0 is not false", #"{"const":0}"#, valid: ["0", "-0", "0.0", "0e9"],
      invalid: ["false", "null", "\"\"", "[]"]),
    KeywordCase("const 1 is not true", #"{"const":1}"#, valid: ["1", "1.0"], invalid: ["true"]),
    KeywordCase(
      "const true is not 1",
      #"""
      {"const":true}
      """#, valid: ["true"], invalid: ["1", "\"true\""]),
    KeywordCase(
      "const false in an array is not 0", #"{"const":[false]}"#, valid: ["[false]"],
      invalid: ["[0]", "[0.0]", "[[false]]", "[]", "false"]),
    KeywordCase("const null", #"{"const":null}"#, valid: ["null"], invalid: ["0", "false", "{}"]),
    KeywordCase(
      "const: an object in any order", #"{"const":{"a":1,"b":[1,{"c":null}]}}"#,
      valid: [#"{"b":[1.0,{"c":null}],"a":1}"#, #"{"a":1,"b":[1,{"\u0063":null}]}"#],
      invalid: [
        #"{"a":1}"#, #"{"a":1,"b":[{"c":null},1]}"#, #"{"a":1,"b":[1,{"c":null}],"d":0}"#,
        #"{"a":1,"c":[1,{"c":null}]}"#, #"{"a":1,"b":[1,{"c":0}]}"#,
      ]),
    KeywordCase(
      "const: a string by code points", #"{"const":"é\u0000😀"}"#,
      valid: [#""\u00e9\u0000\ud83d\ude00""#],
      invalid: [#""e\u0301\u0000😀""#, #""é""#, #""é\u0000😀 ""#, "\"\""]),
    KeywordCase(
      "const: a number beyond every double", #"{"const":9007199254740993}"#,
      valid: ["9007199254740993", "9007199254740993.0"],
      invalid: ["9007199254740992", "9007199254740994"]),
    KeywordCase(
      "const: an empty string",
      #"""
      {"const":""}
      """#, valid: ["\"\""], invalid: ["null", "\" \""]),
    KeywordCase(
      "enum: of several kinds", #"{"enum":[6,"foo",[],true,{"a":12},null]}"#,
      valid: ["6.0", "\"foo\"", "[]", "true", #"{"a":12.0}"#, "null"],
      invalid: ["1", "false", #"{"a":false}"#, "[1]", "\"6\"", "{}"]),
    KeywordCase(
      "enum: of strings alone", #"{"enum":["a","b\nc","\u4e2d"]}"#,
      valid: [
        "\"a\"", #""b\nc""#, "\"中\"",
        #"""
        "\u0061"
        """#,
      ], invalid: ["\"A\"", "\"\"", "[\"a\"]", "0"]),
    KeywordCase(
      "enum and const leave identifiers in them alone",
      ##"{"enum":[{"$id":"https://schema.invalid/x","$ref":"#/nowhere"},{"$anchor":"?"}]}"##,
      valid: [#"{"$anchor":"?"}"#, ##"{"$ref":"#/nowhere","$id":"https://schema.invalid/x"}"##],
      invalid: ["{}"]),
    KeywordCase("booleans: true", "true", valid: ["null", "[]", "1"]),
    KeywordCase("booleans: false", "false", invalid: ["null", "[]", "{}", "\"\"", "0"]),
    KeywordCase("an empty schema", "{}", valid: ["null", "[]", "1"]),
    KeywordCase(
      "unknown keywords and annotations assert nothing",
      #"""
      {"title":1,"default":false,"x":{"type":"string"},"minContains":5,"maxContains":0,"then":false,
      "else":false,"contentEncoding":"base64","format":"email","deprecated":true,"$comment":7}
      """#, valid: ["1", "[]", "\"?\""]),
  ]

  private static let numbers: [KeywordCase] = [
    KeywordCase(
      "minimum", #"{"minimum":1.1}"#, valid: ["1.1", "1.10", "2", "\"0\"", "11e-1"],
      invalid: ["1", "1.0999999999999999999999", "-5", "0"]),
    KeywordCase(
      "maximum", #"{"maximum":3}"#, valid: ["3", "3.0", "-1e400", "[4]"],
      invalid: ["3.0000000000000000001", "4", "1e400"]),
    KeywordCase(
      "exclusiveMinimum", #"{"exclusiveMinimum":-2}"#, valid: ["-1.999", "0"],
      invalid: ["-2", "-2.0", "-20e-1", "-3"]),
    KeywordCase(
      "exclusiveMaximum", #"{"exclusiveMaximum":3.0}"#, valid: ["2.9", "null"],
      invalid: ["3", "3.0", "300e-2", "3.1"]),
    KeywordCase(
      "bounds beyond 64 bits", #"{"minimum":18446744073709551616,"maximum":1e30}"#,
      valid: ["18446744073709551616", "999999999999999999999999999999", "1000e27"],
      invalid: ["18446744073709551615", "1000000000000000000000000000001", "0"]),
    KeywordCase(
      "multipleOf: whole", #"{"multipleOf":2}"#, valid: ["10", "0", "-4", "4.0", "\"7\"", "2e300"],
      invalid: ["7", "1.5", "-3", "2e-1"]),
    KeywordCase(
      "multipleOf: a fraction", #"{"multipleOf":1.5}"#, valid: ["0", "4.5", "-3", "15e-1"],
      invalid: ["35", "1", "4.6"]),
    KeywordCase(
      "multipleOf: hundredths, exactly", #"{"multipleOf":0.01}"#,
      valid: ["0.07", "1.13", "4.35", "19.99", "1e2", "123456789.01"],
      invalid: ["0.075", "1.131", "1e-3"]),
    KeywordCase(
      "multipleOf: a tiny fraction of a large number", #"{"multipleOf":1e-9}"#,
      valid: ["98765432109876", "1.000000001", "1e300"], invalid: ["1.0000000001", "1e-10"]),
    KeywordCase(
      "multipleOf: what would overflow when divided", #"{"multipleOf":0.123456789}"#,
      valid: ["0.123456789", "0.370370367", "123456789"], invalid: ["1e308", "1e4000", "-1e308"]),
    KeywordCase(
      "multipleOf: a huge number", #"{"multipleOf":1e308}"#,
      valid: ["1e308", "3e308", "1e1000000000", "0"], invalid: ["1e307", "1.5e308", "1"]),
    KeywordCase(
      "multipleOf: an exponent nobody can write out", #"{"multipleOf":3e-1000000000}"#,
      valid: ["3", "6e-1000000000", "0"], invalid: ["1", "1e1000000000", "4e-1000000000"]),
    KeywordCase(
      "multipleOf: more digits than fit a word", #"{"multipleOf":12345678901234567890123}"#,
      valid: ["24691357802469135780246", "0"], invalid: ["24691357802469135780247", "1"]),
    KeywordCase(
      "multipleOf of one: integers", #"{"multipleOf":1.0}"#, valid: ["5", "5.0"], invalid: ["5.5"]),
  ]

  private static let strings: [KeywordCase] = [
    KeywordCase(
      "minLength counts code points", #"{"minLength":2}"#,
      valid: ["\"fo\"", "\"😀😀\"", "\"e\u{301}\"", #""\ud83d\ude00x""#, "1", "[]"],
      invalid: ["\"f\"", "\"😀\"", "\"\"", #""\ud83d\ude00""#, #""\n""#]),
    KeywordCase(
      "maxLength counts code points", #"{"maxLength":2}"#,
      valid: ["\"\"", "\"中文\"", "\"👩🏽\"", #""\ud83d\ude00\ud83d\ude00""#, "100"],
      invalid: ["\"foo\"", "\"e\u{301}e\"", #""\ud83d\ude00\ud83d\ude00\u0041""#, #""\t\t\t""#]),
    KeywordCase(
      "bounds may be written as decimals", #"{"minLength":2.0,"maxLength":3e0}"#,
      valid: ["\"ab\"", "\"abc\""], invalid: ["\"a\"", "\"abcd\""]),
    KeywordCase("maxLength 0", #"{"maxLength":0}"#, valid: ["\"\""], invalid: ["\"a\""]),
    KeywordCase(
      "a bound that no document can reach",
      #"""
      {"minLength":1e30}
      """#, valid: ["1"], invalid: ["\"a\""]),
    KeywordCase("maxLength far away", #"{"maxLength":1e30}"#, valid: ["\"a\""]),
    KeywordCase(
      "pattern is not anchored", #"{"pattern":"a+"}"#,
      valid: ["\"xxaayy\"", "\"a\"", "true", "{}"],
      invalid: ["\"A\"", "\"\""]),
    KeywordCase(
      "pattern, anchored, over escapes", #"{"pattern":"^\\p{L}*$"}"#,
      valid: ["\"\"", "\"中é\"", #""\u4e2d""#], invalid: ["\"1\"", #""a\n""#]),
    KeywordCase(
      "pattern takes astral characters for one", #"{"pattern":"^.$"}"#,
      valid: ["\"😀\"", #""\ud83d\ude00""#], invalid: ["\"😀😀\"", "\"\"", #""\n""#]),
  ]

  private static let formats: [KeywordCase] = [
    KeywordCase(
      "format asserts where it is told to", #"{"format":"date"}"#,
      valid: ["\"2024-02-29\"", "7", "{}"], invalid: ["\"2023-02-29\"", "\"\""],
      assertsFormats: true),
    KeywordCase("format is an annotation otherwise", #"{"format":"date"}"#, valid: ["\"?\""]),
    KeywordCase(
      "an unknown format asserts nothing", #"{"format":"colour"}"#, valid: ["\"?\""],
      assertsFormats: true),
  ]

  @Test("hold as the specification says", arguments: types + values + numbers + strings + formats)
  func table(sample: KeywordCase) throws { try sample.check() }
}
