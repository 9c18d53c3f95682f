import RecordSchema
import Testing

@Suite("The strict JSON parser")
struct JSONParserTests {
  @Test(
    "accepts what RFC 8259 allows",
    arguments: [
      "null", "true", "false", "0", "-0", "-1", "1e2", "1E+2", "1.5e-3", "0.0", "\"\"", "[]", "{}",
      " [ ] ", "\t{\r\n}\n", "[1,2]", "[[],[[]],{}]", #"{"a":{"b":[null,true,false]}}"#,
      #""\"\\\/\b\f\n\r\t""#, #""\u0041\u00e9\u4e2d""#, #""\ud83d\ude00""#, #"{"":0}"#,
      "\"\u{7F}\"", "\"中文、。“引号”（括号）〔2026〕—…\"", "\"😀\u{10FFFF}\"", "\"é\"", "9007199254740991",
      "-9007199254740991", "9007199254740991.0", "900719925474099.1e1", "0e999999999999",
      #"{"a":1,"A":2,"a ":3}"#,
    ], [JSONDocument.Profile.general, .record])
  func accepts(text: String, profile: JSONDocument.Profile) throws {
    _ = try parse(text, profile)
  }

  @Test(
    "refuses what RFC 8259 does not allow, at the byte and value where it breaks",
    arguments: [
      ("", 0, ""), (" ", 1, ""), ("\u{FEFF}1", 0, ""), ("nul", 3, ""), ("nulL", 3, ""),
      ("True", 0, ""), ("NaN", 0, ""), ("-Infinity", 1, ""), ("+1", 0, ""), ("01", 1, ""),
      ("-", 1, ""), ("-01", 2, ""), ("1.", 2, ""), (".5", 0, ""), ("1.e3", 2, ""), ("1e", 2, ""),
      ("1e+", 3, ""), ("0x10", 1, ""), ("[", 1, "/0"), ("]", 0, ""), ("[1", 2, ""),
      ("[1,", 3, "/1"), ("[1,]", 3, "/1"), ("[,1]", 1, "/0"), ("[1 2]", 3, ""), ("[1}", 2, ""),
      ("{", 1, ""), ("{]", 1, ""), ("{\"a\"", 4, "/a"), ("{\"a\":", 5, "/a"),
      ("{\"a\":}", 5, "/a"), ("{\"a\" 1}", 5, "/a"), ("{\"a\":1", 6, ""), ("{\"a\":1,}", 7, ""),
      ("{\"a\":1 \"b\":2}", 7, ""), ("{a:1}", 1, ""), ("{1:1}", 1, ""), ("{'a':1}", 1, ""),
      ("{\"a\":[1,{\"b\":tru}]}", 16, "/a/1/b"), ("\"", 1, ""), ("\"abc", 4, ""),
      ("\"\\", 2, ""), ("\"\\\"", 3, ""), ("\"\\a\"", 2, ""), ("\"\\u12", 5, ""),
      ("\"\\u12G4\"", 5, ""), ("\"\\U0041\"", 2, ""), ("\"a\nb\"", 2, ""),
      ("\"\u{0}\"", 1, ""), ("[\"abcdefgh\u{1F}\"]", 10, "/0"), ("// c\n1", 0, ""),
      ("[1,/**/2]", 3, "/1"), ("\u{A0}1", 0, ""), ("{\"x/y~z\":[1,]}", 12, "/x~1y~0z/1"),
      ("{\"张三\":[x]}", 11, "/*/0"),
    ])
  func syntax(text: String, offset: Int, pointer: String) {
    for profile in [JSONDocument.Profile.general, .record] {
      let error = parseError(Array(text.utf8), profile)
      // `0x10` and its like are a whole value with something behind it.
      let expected: JSONError.Code = text == "0x10" ? .trailing : .syntax
      #expect(error?.code == expected)
      #expect(error?.offset == offset)
      #expect(error?.pointer == pointer)
    }
  }

  @Test(
    "refuses a second value",
    arguments: [("1 2", 2), ("{}{}", 2), ("[]]", 2), ("\"a\"\"", 3), ("null,", 4), ("1\u{0}", 1)])
  func trailing(text: String, offset: Int) {
    let error = parseError(Array(text.utf8))
    #expect(error?.code == .trailing)
    #expect(error?.offset == offset)
    #expect(error?.pointer == "")
  }

  @Test(
    "refuses numbers beyond ±(2^53−1) in records, exactly and however they are written",
    arguments: [
      "9007199254740992", "-9007199254740992", "9007199254740991.5", "9007199254740991.0000001",
      "9.007199254740992e15", "1e16", "1e400", "-1E99", "90071992547409920e-1",
      "100000000000000000000", "1e99999999999999999999",
    ])
  func numbers(text: String) throws {
    let error = parseError(Array("{\"n\": [\(text)]}".utf8))
    #expect(error?.code == .number)
    #expect(error?.offset == 7)
    #expect(error?.pointer == "/n/0")
    _ = try parse(text, .general)
  }

  @Test(
    "refuses half a surrogate pair in records",
    arguments: [
      (#"["\ud800"]"#, 2), (#"["a\udc00"]"#, 3), (#"["\ud800\ud800\udc00"]"#, 2),
      (#"["\ud83d\ude00\ud83d"]"#, 14), (#"["\ud800x"]"#, 2), (#"["\ud800\n"]"#, 2),
    ])
  func surrogates(text: String, offset: Int) throws {
    let error = parseError(Array(text.utf8))
    #expect(error?.code == .surrogate)
    #expect(error?.offset == offset)
    #expect(error?.pointer == "/0")
    #expect(try parse(text, .general)[0]?.string?.contains("\u{FFFD}") == true)
  }

  @Test("holds nesting to its limit")
  func depth() throws {
    let limits = JSONDocument.Limits(depth: 4)
    _ = try parse("[{\"a\":[{}]}]", limits: limits)
    let error = parseError(Array("[{\"a\":[{\"b\":[]}]}]".utf8), limits: limits)
    #expect(error?.code == .depth)
    #expect(error?.offset == 12)
    #expect(error?.pointer == "/0/a/0/b")
    let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1 << 20)
    #expect(parseError(deep)?.code == .depth)
    #expect(parseError(deep)?.offset == 32)
  }

  @Test("holds documents to the size limit, to the byte")
  func size() {
    let text = Array("[1234567]".utf8)
    #expect(parseError(text, limits: .init(size: 9)) == nil)
    let error = parseError(text, limits: .init(size: 8))
    #expect(error?.code == .size)
    #expect(error?.offset == 8)
    #expect(parseError(text, .general, limits: .init(size: -1))?.code == .size)
  }

  @Test("keeps pointers short by naming an ancestor")
  func longPointers() {
    let name = String(repeating: "n", count: 64)
    let open = String(repeating: "{\"\(name)\":", count: 20)
    let error = parseError(Array(open.utf8))
    #expect(error?.pointer == String(repeating: "/\(name)", count: 7))
    let longName = String(repeating: "n", count: 65)
    #expect(parseError(Array("{\"\(longName)\":x".utf8))?.pointer == "/*")
  }

  @Test("says nothing of values")
  func discretion() {
    let error = parseError(Array(#"{"name":"张某甲 秘密\x"}"#.utf8))
    #expect(error?.description.contains("秘密") == false)
    #expect(error?.description == "json.syntax at byte 26 (\"/name\"): \(error?.message ?? "")")
  }
}
