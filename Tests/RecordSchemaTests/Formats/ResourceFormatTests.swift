import RecordSchema
import Testing

@Suite("Resource identifiers and templates")
struct ResourceFormatTests {
  private static let absolute = [
    "urn:sanxiang:node:91350100M000100Y43", "http://example.org", "http://example.org/?a=b#c",
    "https://u:p@example.org:8443/a/b;c=1?d=/?#e/?", "file:///etc", "file:/etc", "mailto:a@b.org",
    "tel:+86-10-1234", "a:", "A1+.-:x", "http://[2001:db8::1]:80/", "http://[::ffff:192.0.2.1]",
    "http://[v1.a:b]", "http://[VFf.!$&'()*+,;=~_-.]/", "http://192.0.2.1", "http://999.1.1.1",
    "http://", "http://:", "http://@", "http://a:/", "http://%41%2f/", "x://-.~_!$&'()*+,;=:%40:@h",
    "a:b:c", "a:?b", "a:#c", "a:/", "a://///", "data:,a%20b",
  ]

  private static let relative = [
    "", "a", "a/b:c", "./a:b", "/a", "//h", "//h/a?b#c", "//u@h:1", "?a", "?:", "#", "#:@/?", "/:",
    "a?b:c", "..", "%41", "//[::1]", "*", "a;b=c,d",
  ]

  private static let neither = [
    "1a:b", ":a", "+a:b", "a b", "a_b:c", "http://a b", "http://exa mple", "a\\b",
    "\\\\host\\share",
    "%", "%4", "%4G", "%g4", "a:%zz", "http://[::1", "http://::1]", "http://[]", "http://[::1]a",
    "http://[::g]", "http://[::1%25eth0]", "http://[1.2.3.4]", "http://[v.a]", "http://[v1.]",
    "http://[v1]", "http://[vg.a]", "http://[v1.a@b]", "http://[::ffff:01.2.3.4]", "http://h:8a",
    "http://h:1:2", "http://2001:db8::1", "http://a@b@c", "http://[@h", "a:[", "a?[", "a#[",
    "a#b#c",
    "a\"", "<a>", "{a}", "a|b", "a^b", "a`b", "a\n", " a", "a\u{0}", "a\u{7F}", "bar,baz:foo",
    "http:/[::1]", "//h\\", "http://h/\"",
  ]

  private static let international = [
    "http://例子.测试/路径?查询=值#片段", "urn:例:值", "http://用户@例子:80/", "a:é", "a:\u{A0}",
    "a:\u{D7FF}\u{F900}\u{FDCF}\u{FDF0}\u{FFEF}", "a:\u{10000}\u{1FFFD}\u{DFFFD}\u{E1000}",
    "a:?\u{E000}\u{F8FF}\u{F0000}\u{10FFFD}",
  ]

  private static let neitherInternational = [
    "é:a", "http://h:\u{661}/", "http://[::\u{661}]", "http://[v1.é]", "a:\u{80}", "a:\u{9F}",
    "a:\u{FFFE}", "a:\u{FFF0}", "a:\u{1FFFE}", "a:\u{E0FFF}", "a:\u{E000}",
    "a:#\u{E000}", "//\u{E000}", "a:?\u{FFFE}", "a:%E4%B", "\\\\主机\\共享", "http://例 子",
  ]

  @Test("a URI has a scheme, a reference need not, an IRI may hold more than ASCII")
  func tables() {
    func expect(_ texts: [String], _ formats: Format..., sourceLocation: SourceLocation) {
      for text in texts {
        for format in [Format.uri, .uriReference, .iri, .iriReference] {
          let isGood = formats.contains(format)
          #expect(
            format.matches(text) == isGood, "\(format.rawValue) \(text.debugDescription)",
            sourceLocation: sourceLocation)
        }
      }
    }
    expect(
      Self.absolute, .uri, .uriReference, .iri, .iriReference, sourceLocation: #_sourceLocation)
    expect(Self.relative, .uriReference, .iriReference, sourceLocation: #_sourceLocation)
    expect(Self.neither, sourceLocation: #_sourceLocation)
    expect(Self.international, .iri, .iriReference, sourceLocation: #_sourceLocation)
    expect(Self.neitherInternational, sourceLocation: #_sourceLocation)
    expect(
      ["例", "/路径", "?\u{E000}", "//例子", "#片段"], .iriReference, sourceLocation: #_sourceLocation)
  }

  @Test("every ASCII character stands in a path exactly where RFC 3986 lets it")
  func characters() {
    let allowed = Set(
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/?#"
        .unicodeScalars)
    for byte in UInt8(0)..<128 {
      let scalar = Unicode.Scalar(byte)
      #expect(Format.uri.matches("a:x\(scalar)y") == allowed.contains(scalar))
      let isLiteral =
        !" \"%<>\\^`{|}".unicodeScalars.contains(scalar) && byte > 0x20 && byte < 0x7F
      #expect(Format.uriTemplate.matches("x\(scalar)y") == isLiteral)
    }
  }

  @Test("beyond ASCII, RFC 3987 decides for every scalar where it may stand")
  func scalars() {
    for value in stride(from: UInt32(0x80), through: 0x10FFFF, by: 1) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      // Skips what lies well inside a block, for time.
      guard value < 0x3000 || value & 0xFFF < 3 || value & 0xFFF > 0xFCC else { continue }
      let isPrivate = scalar.properties.generalCategory == .privateUse
      let isUniversal =
        !isPrivate && value >= 0xA0 && !scalar.properties.isNoncharacterCodePoint
        && !(0xFFF0...0xFFFD).contains(value) && !(0xE_0000...0xE_0FFF).contains(value)
      let text = "a:\(scalar)"
      if Format.iri.matches(text) != isUniversal
        || Format.iri.matches("a:?\(scalar)") != (isUniversal || isPrivate)
        || Format.uriTemplate.matches(text) != (isUniversal || isPrivate)
        || Format.uriReference.matches(text)
      {
        Issue.record("U+\(String(value, radix: 16))")
      }
    }
  }

  private static let templates =
    FormatSample.good(
      .uriTemplate, "", "a", "http://h/{a}", "{a}{b}", "{a,b,c}", "{+a}", "{#a}", "{.a}", "{/a}",
      "{;a}", "{?a,b}", "{&a}", "{a*}", "{a:1}", "{a:9999}", "{?a:3,b*}", "{a.b.c}", "{_}", "{1}",
      "{%41}", "{%41b.%42}", "%41", "a'b", "路径{a}", "\u{E000}", "\u{1F600}", "\u{F0000}", "[a]",
      "~a!$&()*+,-.;=?@#")
    + FormatSample.bad(
      .uriTemplate, "{", "}", "{}", "{a", "a}", "{{a}}", "{a{b}}", "{a,}", "{,a}", "{a,,b}",
      "{+}", "{++a}", "{,+a}", "{a:0}", "{a:01}", "{a:10000}", "{a:}", "{a:b}", "{a:1*}", "{a*:1}",
      "{a**}", "{a=b}", "{=a}", "{!a}", "{@a}", "{|a}", "{$a}", "{a b}", "{ a}", "{a-b}", "{.}")
    + FormatSample.bad(
      .uriTemplate, "{..a}", "{a.}", "{a..b}", "{%}", "{%4}", "{%4G}", "{%41", "{例}", "%", "%4",
      "%4G", "a b", "\"", "<", ">", "\\", "^", "`", "|", "\u{7F}", "\n", "\u{80}",
      "\u{FFFE}")

  @Test("templates follow RFC 6570", arguments: templates)
  func template(sample: FormatSample) { sample.check() }
}
