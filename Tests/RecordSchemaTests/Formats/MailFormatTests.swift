import RecordSchema
import Testing

@Suite("Mail addresses")
struct MailFormatTests {
  private static let good =
    FormatSample.good(
      .email, "liaison@example.org", "a@b", "first.last.more@sub.example.org",
      "!#$%&'*+-/=?^_`{|}~@example.org", "~a~@example.org", "\"two words\"@example.org",
      "\"a..b\"@example.org", "\"a@b\"@example.org", "\"\"@example.org", "\" \"@example.org",
      "\"\\\"\"@example.org", "\"\\\\\"@example.org", "\"\\ \"@example.org", "\"(,;:<>[]\"@a.b",
      "a@[192.0.2.1]", "a@[192.000.002.001]", "a@[IPv6:2001:db8::1]", "a@[ipV6:::1]",
      "a@[IPv6:::ffff:192.0.2.1]", "a@[IPv6:1:2:3:4:5:6:7:8]", "a@192.0.2.1", "a@1.2",
      "a@a--b.org", "a@xn--0.org")
    + FormatSample.good(.email, String(repeating: "a", count: 65) + "@example.org")

  private static let bad =
    FormatSample.bad(
      .email, "", "@", "liaison", "@example.org", "liaison@", ".a@example.org", "a.@example.org",
      "a..b@example.org", "a b@example.org", "a@b@example.org", "a\\@b@example.org",
      "a@exa_mple.org", "a@example..org", "a@.example.org", "a@example.org.", "a@-example.org",
      "a@example-.org", "a@example.org ", " a@example.org", "a@example.org\n", "a@example.org\r",
      "a\t@example.org", "\u{7F}@example.org", "é@example.org", "a@é.org", "\"é\"@example.org",
      "\"\\é\"@example.org", "a\u{FF20}example.org", "a@b, c@d", "Name <a@example.org>",
      "\"open@example.org", "\"a\"b@example.org", "a\"b\"@example.org", "\"a\"b\"@example.org",
      "\"a\n\"@example.org", "\"\\\n\"@example.org", "\"\\\"@example.org", "(note)a@example.org")
    + FormatSample.bad(
      .email, "a@[]", "a@[192.0.2]", "a@[192.0.2.1.1]", "a@[192.0.2.256]", "a@[192.0.2.1",
      "a@192.0.2.1]", "a@[192.0.2.1]x", "a@x[192.0.2.1]", "a@[IPv6:]", "a@[IPv6:192.0.2.1]",
      "a@[IPv6:::1%eth0]", "a@[2001:db8::1]", "a@[IPv6 :::1]", "a@[IPv\u{16}:::1]",
      "a@[IPv6\u{1A}::1]", "a@[tag:content]", "a@[IPv6:1:2:3:4:5:6:7::]", "a,b@example.org",
      "a;b@example.org", "a:b@example.org", "a(b)@example.org", "a@b(c)", "[a]@example.org")

  private static let international =
    FormatSample.good(
      .idnEmail, "liaison@example.org", "联络@例子.测试", "\"联 络\"@example.org", "δοκιμή@παράδειγμα.gr",
      "a@例子。测试", "a@cafe\u{301}.org", "cafe\u{301}@example.org", "\u{85}@example.org",
      "\u{FFFF}@example.org", "\u{1D54F}@example.org", "a@xn--fiqs8s", "a@[192.0.2.1]")
    + FormatSample.bad(
      .idnEmail, "", "例子", "@例子", "联络@", "联络\u{FF20}例子", "联络@例子@测试", "联络@-例子", "a.@例子",
      "a@xn--0.org", "a@\u{302E}例子", "\"联\n络\"@example.org", "\"\\联\"@example.org", "a@例 子",
      "a@l\u{B7}a.org", "a@0a.\u{5D0}")

  @Test("follow RFC 5321 and RFC 6531", arguments: good + bad + international)
  func table(sample: FormatSample) { sample.check() }

  @Test("half a surrogate pair is no character of an address")
  func surrogates() {
    let tail = Array("@example.org".utf8)
    #expect(!Format.idnEmail.matches(bytes: [0xED, 0xA0, 0x80] + tail))
    #expect(!Format.idnEmail.matches(bytes: [0xC0, 0xAF] + tail))
    #expect(!Format.idnEmail.matches(bytes: [0xE4, 0xBD] + tail))
    #expect(Format.idnEmail.matches(bytes: [0xE4, 0xBD, 0xA0] + tail))
  }
}
