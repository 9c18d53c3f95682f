import RecordSchema
import Testing

@Suite("The JSON writer")
struct JSONWriterTests {
  @Test("writes members in the order given, without spaces, commas where they belong")
  func order() {
    var writer = JSONWriter()
    writer.object {
      $0.member("z", "last")
      $0.member("a", UInt64.max)
      $0.member("t", true)
      $0.member("none", nil as String?)
      $0.member("some", "x" as String?)
      $0.object("o") { $0.member("f", false) }
      $0.array("l") {
        $0.integer(-1)
        $0.string("s")
        $0.null()
        $0.object { _ in }
        $0.array { _ in }
        $0.raw(Array("1.50".utf8))
      }
      $0.key("end")
      $0.bool(true)
    }
    #expect(
      String(decoding: writer.bytes, as: UTF8.self)
        == #"{"z":"last","a":18446744073709551615,"t":true,"some":"x","o":{"f":false},"#
        + #""l":[-1,"s",null,{},[],1.50],"end":true}"#)
  }

  @Test(
    "quotes text with the shortest escapes",
    arguments: [
      ("", "\"\""), ("a\"b\\c/d", #""a\"b\\c/d""#), ("\n\r\t\u{8}\u{C}", #""\n\r\t\b\f""#),
      ("\u{0}\u{1F}\u{7F}", "\"\\u0000\\u001f\u{7F}\""), ("中文😀", "\"中文😀\""),
    ])
  func quotes(text: String, expected: String) {
    #expect(JSONText.quote(text) == expected)
  }

  @Test("is read back by the parser as what was written")
  func roundTrip() throws {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<200 {
      var text = ""
      for _ in 0..<Int.random(in: 0...40, using: &generator) {
        let value = UInt32.random(in: 0...0x2FFFF, using: &generator)
        if let scalar = Unicode.Scalar(value & (value % 3 == 0 ? 0xFF : 0x2FFFF)) {
          text.unicodeScalars.append(scalar)
        }
      }
      let read = try parse(JSONText.quote(text), .general).string
      #expect(read?.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
    }
  }
}
