import RecordSchema
import Testing

@Suite("JSON Pointers")
struct PointerFormatTests {
  private static let pointers =
    FormatSample.good(
      .jsonPointer, "", "/", "//", "/a", "/a/b", "/a//b/", "/0", "/-", "/a~0b", "/~1", "/~0~1~0",
      "/~01", "/ ", "/%7E", "/\"", "/\\", "/涉及对象/0", "/a#b", "/\u{0}", "/\n")
    + FormatSample.bad(
      .jsonPointer, "a", "0", "#", "#/", "#/a", "a/b", " /a", "~0", "/~", "/a~", "/~2", "/~a",
      "/~~", "/~0~", "/a~/b", "/~-1", "/~0/~")

  private static let relative =
    FormatSample.good(
      .relativeJSONPointer, "0", "1", "10", "120", "0#", "12#", "0/a", "1/a/~0~1", "0/", "0//",
      "1+1", "2-10/a", "0+1#")
    + FormatSample.bad(
      .relativeJSONPointer, "", "/a", "#", "00", "01", "01/a", "01#", "-1", "+1", "-1/a", "0##",
      "1#/a", "0/~", "0/~2", "0a", "0 ", " 0", "0\n", "1.0", "\u{661}/a", "0+", "0+0", "0+01",
      "0++1", "0+1a", "0+-1", "0-")

  @Test("follow RFC 6901 and its relative form", arguments: pointers + relative)
  func table(sample: FormatSample) { sample.check() }
}
