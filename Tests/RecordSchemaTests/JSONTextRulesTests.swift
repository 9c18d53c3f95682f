import RecordSchema
import Testing

@Suite("Text in strict JSON")
struct JSONTextRulesTests {
  @Test(
    "refuses every ill-formed UTF-8 sequence at its first byte",
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x20], [0xE0, 0x9F, 0xBF],
      [0xE0, 0x80, 0x80], [0xE4, 0xB8], [0xE4, 0xB8, 0x2D], [0xE4, 0x2D, 0xAD], [0xE3, 0x80],
      [0xE3, 0x80, 0xC0], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xEF, 0xBC, 0x7F],
      [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x90, 0x80], [0xF4, 0x90, 0x80, 0x80],
      [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xF8, 0x88, 0x80, 0x80, 0x80],
    ] as [[UInt8]], [JSONDocument.Profile.general, .record])
  func illFormed(sequence: [UInt8], profile: JSONDocument.Profile) {
    let prefix = Array("{\"k\":\"中a".utf8)
    for suffix in [Array("\"}".utf8), []] {
      let error = parseError(prefix + sequence + suffix, profile)
      #expect(error?.code == .utf8)
      #expect(error?.offset == prefix.count)
      #expect(error?.pointer == "/k")
    }
  }

  @Test(
    "refuses text that is not in normalisation form C, written plainly or escaped",
    arguments: [
      "e\u{301}", #"e\u0301"#, "\u{2126}", #"\u2126"#, "\u{F900}", "\u{2F800}", "\u{304B}\u{3099}",
      "\u{1100}\u{1161}", "\u{AC00}\u{11A8}", "a\u{315}\u{300}", "\u{344}", "中文e\u{301}中文",
      "\u{212B}", "\u{2000}", "\u{D6}\u{304}", #"\ud87e\udc00"#, "s\u{307}\u{323}",
    ])
  func notNormalized(text: String) throws {
    let error = parseError(Array("[\"ok\",\"\(text)\"]".utf8))
    #expect(error?.code == .nfc)
    #expect(error?.offset == 6)
    #expect(error?.pointer == "/1")
    #expect(parseError(Array("{\"\(text)\":1}".utf8))?.code == .nfc)
    _ = try parse("[\"\(text)\"]", .general)
  }

  @Test(
    "accepts text in normalisation form C, combining marks and all",
    arguments: [
      "é", "x\u{323}\u{301}", "\u{1E69}\u{323}", "\u{301}", "q\u{323}\u{307}", "が", "각", "\u{1100}",
      "\u{3099}", "ཀྵ".unicodeScalars.count == 2 ? "ཀྵ" : "", "㐀㒟", "〇々〆", "｡ﾞ", "\u{E000}", "👨‍👩‍👧",
      #"x\u0301"#,
    ])
  func normalized(text: String) throws {
    #expect(try parse("\"\(text)\"").string != nil)
  }

  @Test(
    "refuses a repeated name at its second place, however it is written",
    arguments: [
      (#"{"a":1,"a":2}"#, 7, "/a"), (#"{"a":1,"b":2,"\u0061":3}"#, 13, "/a"),
      (#"{"\u0061":1,"a":2}"#, 12, "/a"), (#"[{"x":{"":1,"":2}}]"#, 12, "/0/x/"),
      (#"{"a/b":1,"c":{},"a\/b":2}"#, 16, "/a~1b"), (#"{"中":1,"\u4e2d":2}"#, 9, "/*"),
      (#"{"o":[{"k":[],"k":{}}]}"#, 14, "/o/0/k"), (#"{"😀":1,"\ud83d\ude00":2}"#, 10, "/*"),
    ])
  func duplicates(text: String, offset: Int, pointer: String) {
    for profile in [JSONDocument.Profile.general, .record] {
      let error = parseError(Array(text.utf8), profile)
      #expect(error?.code == .duplicateKey)
      #expect(error?.offset == offset)
      #expect(error?.pointer == pointer)
    }
  }

  @Test("tells names apart by scalars, even where Swift's == would not")
  func canonicalEquivalents() throws {
    let root = try parse("{\"\u{E9}\":1,\"e\u{301}\":2,\"\\ud800\":3,\"\\ud801\":4}", .general)
    #expect(root.count == 4)
    #expect(root["\u{E9}"]?.integer == 1)
    #expect(root["e\u{301}"]?.integer == 2)
  }

  @Test("finds the earliest repeated name among thousands")
  func manyNames() {
    var names = (0..<5000).map { "name\($0)" }
    names[3000] = "name17"
    names[4000] = "name5"
    let prefix = names[..<3000].map { "\"\($0)\":0," }.joined()
    let text = "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
    let error = parseError(Array(text.utf8))
    #expect(error?.code == .duplicateKey)
    #expect(error?.offset == 1 + prefix.utf8.count)
    #expect(error?.pointer == "/name17")
  }
}
