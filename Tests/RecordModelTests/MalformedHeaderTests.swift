import RecordModel
import Testing

/// One edit of the example header, and what it must be refused with.
struct MalformedHeader: Sendable, CustomTestStringConvertible {
  var name: String
  var find: String
  var replace: String
  var code: String
  var field: String?

  init(_ name: String, _ find: String, _ replace: String, _ code: String, _ field: String? = nil) {
    self.name = name
    self.find = find
    self.replace = replace
    self.code = "header.\(code)"
    self.field = field
  }

  var testDescription: String { name }

  static let id = "019ab123-4567-7abc-8def-0123456789ab"
  static let thread = "019ab122-4567-7abc-8def-0123456789ab"
  static let prev = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

  static let structure: [MalformedHeader] = [
    Self("an array", "{\"v\"", "[{\"v\"", "type", "header"),
    Self("two values", "2048}}", "2048}}{}", "syntax"),
    Self("a trailing comma", "2048}}", "2048},}", "syntax"),
    Self("a leading comma", "{\"v\"", "{,\"v\"", "syntax"),
    Self("a missing comma", ",\"id\"", " \"id\"", "syntax"),
    Self("a missing colon", "\"v\":1", "\"v\" 1", "syntax"),
    Self("a key without quotes", "\"v\":1", "v:1", "syntax"),
    Self("a comment", "{\"v\"", "{/**/\"v\"", "syntax"),
    Self("an unclosed object", "2048}}", "2048}", "syntax"),
    Self("a form feed between values", ",\"id\"", ",\u{0C}\"id\"", "syntax"),
    Self("a byte order mark", "{\"v\"", "\u{FEFF}{\"v\"", "syntax"),
    Self("an empty object", "\"seen\":{\"epoch\":1,\"size\":17}", "\"seen\":{}", "missingKey"),
    Self("an unknown key", "{\"v\":1", "{\"v\":1,\"note\":1", "unknownKey", "header"),
    Self("an unknown inner key", "{\"epoch\":1", "{\"epoch\":1,\"a\":1", "unknownKey", "seen"),
    Self("an inner key outside", "{\"v\":1", "{\"v\":1,\"epoch\":1", "unknownKey", "header"),
    Self("a key in another case", "\"seq\"", "\"Seq\"", "unknownKey", "header"),
    Self("a key with a null behind", "\"seq\"", "\"seq\\u0000\"", "unknownKey", "header"),
    Self("a duplicate key", "{\"v\":1", "{\"v\":1,\"v\":1", "duplicateKey", "v"),
    Self("a duplicate by escape", "{\"v\":1", "{\"v\":1,\"\\u0076\":1", "duplicateKey", "v"),
    Self("a duplicate inner key", "2048}", "2048,\"size\":2048}", "duplicateKey", "payload.size"),
    Self(
      "a duplicate object", "{\"v\":1", "{\"seen\":{\"epoch\":1,\"size\":1},\"v\":1",
      "duplicateKey", "seen"),
  ]

  static let missing: [MalformedHeader] = [
    Self("no v", "\"v\":1,", "", "missingKey", "v"),
    Self("no id", "\"id\":\"\(id)\",", "", "missingKey", "id"),
    Self("no to", "\"to\":\"11000000MB0000019X\",", "", "missingKey", "to"),
    Self("no seq", "\"seq\":41,", "", "missingKey", "seq"),
    Self("no prev", "\"prev\":\"\(prev)\",", "", "missingKey", "prev"),
    Self("no thread", "\"thread\":\"\(thread)\",", "", "missingKey", "thread"),
    Self("no urgency", "\"urgency\":\"urgent\",", "", "missingKey", "urgency"),
    Self("no seen", "\"seen\":{\"epoch\":1,\"size\":17},", "", "missingKey", "seen"),
    Self("no seen.size", "{\"epoch\":1,\"size\":17}", "{\"epoch\":1}", "missingKey", "seen.size"),
    Self("no payload.size", ",\"size\":2048", "", "missingKey", "payload.size"),
  ]

  static let numbers: [MalformedHeader] = [
    Self("another version", "\"v\":1", "\"v\":2", "value", "v"),
    Self("a version as text", "\"v\":1", "\"v\":\"1\"", "type", "v"),
    Self("a negative seq", ":41", ":-1", "value", "seq"),
    Self("a seq of minus zero", ":41", ":-0", "value", "seq"),
    Self("a fraction", ":41", ":41.0", "value", "seq"),
    Self("an exponent", ":41", ":4e1", "value", "seq"),
    Self("a leading zero", ":41", ":041", "syntax"),
    Self("a plus sign", ":41", ":+41", "syntax"),
    Self("a seq of 2^53", ":41", ":9007199254740992", "value", "seq"),
    Self("a seq of thirty digits", ":41", ":" + String(repeating: "9", count: 30), "value", "seq"),
    Self("a seq of null", ":41", ":null", "type", "seq"),
    Self("a seq of nothing", ":41", ":", "syntax"),
    Self("an epoch of 0", "{\"epoch\":1", "{\"epoch\":0", "value", "seen.epoch"),
    Self("an epoch of 2^32", "{\"epoch\":1", "{\"epoch\":4294967296", "value", "seen.epoch"),
    Self("a seen size of 2^53", ":17}", ":9007199254740992}", "value", "seen.size"),
    Self("a directory of 0", "\"directory\":12", "\"directory\":0", "value", "directory"),
    Self("a payload over its limit", "2048", "1048577", "value", "payload.size"),
    Self("a payload size as a boolean", "2048", "true", "type", "payload.size"),
  ]

  static let strings: [MalformedHeader] = [
    Self("an id in capitals", id, id.uppercased(), "value", "id"),
    Self(
      "an id of version 4", "-7abc-8def-0123456789ab\",\"from", "-4abc-8def-0123456789ab\",\"from",
      "value", "id"),
    Self("an id as a number", "\"\(id)\"", "7", "type", "id"),
    Self("a replyTo of null", "\"replyTo\":\"\(thread)\"", "\"replyTo\":null", "type", "replyTo"),
    Self(
      "an agency's wrong check digit", "11000000MB0000035K", "11000000MB00000350", "value",
      "from"),
    Self("an agency to itself", "11000000MB0000035K", "11000000MB0000019X", "value", "to"),
    Self("a digest cut short", prev, String(prev.dropLast(4)), "value", "prev"),
    Self("a digest without padding", prev, String(prev.dropLast()), "value", "prev"),
    Self("a digest with unused bits set", "Hh8=", "Hh9=", "value", "prev"),
    Self("a digest in the URL alphabet", "//79/", "__79_", "value", "payload.commitment"),
    Self("a digest with white space", "AAEC", "AA C", "value", "prev"),
    Self("a time in UTC", "+08:00", "Z", "value", "time"),
    Self("a time without milliseconds", ".123", "", "value", "time"),
    Self("a time on 30 February", "2026-11-23", "2026-02-30", "value", "time"),
    Self("a kind in capitals", "\"lead.sign\"", "\"Lead.sign\"", "value", "kind"),
    Self("a kind with an empty word", "\"lead.sign\"", "\"lead..sign\"", "value", "kind"),
    Self("an empty kind", "\"lead.sign\"", "\"\"", "value", "kind"),
    Self(
      "a kind over its limit", "\"lead.sign\"", "\"" + String(repeating: "a", count: 65) + "\"",
      "value", "kind"),
    Self("a kind in Chinese", "\"lead.sign\"", "\"签收\"", "value", "kind"),
    Self("a schema without version", "lead.sign/1", "lead.sign", "value", "schema"),
    Self("a schema of version 0", "lead.sign/1", "lead.sign/0", "value", "schema"),
    Self("an unknown urgency", "\"urgent\"", "\"asap\"", "value", "urgency"),
    Self("an urgency in capitals", "\"urgent\"", "\"URGENT\"", "value", "urgency"),
    Self("a raw newline in a string", "urgent", "urg\nent", "syntax"),
    Self("an unknown escape", "urgent", "urg\\ent", "syntax"),
    Self("an escape cut short", "urgent", "urg\\u00", "syntax"),
    Self("half a surrogate pair", "urgent", "urg\\ud800ent", "syntax"),
    Self("the other half alone", "urgent", "urg\\udc00ent", "syntax"),
    Self("a pair of first halves", "urgent", "urg\\ud800\\ud800ent", "syntax"),
    Self("an escape beyond the plane", "urgent", "urg\\ud83d\\ude00ent", "value", "urgency"),
    Self("single quotes", "\"urgent\"", "'urgent'", "syntax"),
  ]
}

@Suite("Malformed headers")
struct MalformedHeaderTests {
  @Test(
    "A malformed header is refused by a stable code that names the field, never its value",
    arguments: MalformedHeader.structure + MalformedHeader.missing + MalformedHeader.numbers
      + MalformedHeader.strings)
  func refused(row: MalformedHeader) throws {
    let example = RecordHeaderTests.example
    try #require(example.contains(row.find), "the edit must hit")
    let text = String(example).replacing(row.find, with: row.replace, maxReplacements: 1)
    do {
      _ = try RecordHeader(parsing: Array(text.utf8))
      Issue.record("taken")
    } catch {
      #expect(error.code.rawValue == row.code, "\(error)")
      if let field = row.field { #expect(error.field == field, "\(error)") }
      for value in ["lead.sign", "11000000", "019ab1", "AAEC", "asap", "签收"] {
        #expect(!error.description.contains(value))
      }
    }
  }

  @Test(
    "Bytes that are not UTF-8 are refused wherever they stand",
    arguments: [
      [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE7, 0xAD], [0x80],
    ] as [[UInt8]])
  func notUTF8(bad: [UInt8]) throws {
    let example = Array(RecordHeaderTests.example.utf8)
    for place in [0, 1, 3, example.count / 2, example.count] {
      let bytes = example[..<place] + bad + example[place...]
      #expect(thrownCode { _ = try RecordHeader(parsing: Array(bytes)) } == "header.syntax")
    }
  }

  @Test("Deep nesting is refused at once, not by running out of stack")
  func nesting() {
    let deep = [UInt8](repeating: 0x5B, count: RecordHeader.byteLimit)
    #expect(thrownCode { _ = try RecordHeader(parsing: deep) } == "header.type")
    let objects = Array(String(repeating: "{\"seen\":", count: 2000).utf8)
    #expect(thrownCode { _ = try RecordHeader(parsing: objects) } == "header.unknownKey")
  }
}
