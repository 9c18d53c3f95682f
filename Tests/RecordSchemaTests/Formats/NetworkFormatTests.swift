import RecordSchema
import Testing

@Suite("Network addresses")
struct NetworkFormatTests {
  private static let four =
    FormatSample.good(.ipv4, "0.0.0.0", "255.255.255.255", "192.0.2.1", "10.100.200.9")
    + FormatSample.bad(
      .ipv4, "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.1.1.256", "1.1.1.999", "01.2.3.4",
      "1.2.3.00", "1.2.3.4.", ".1.2.3.4", "1..2.3", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4\n",
      "0x7f.0.0.1", "2130706433", "1.2.3.4/24", "1,2,3,4", "1.2.3.\u{9EA}", "1.2.3.-4", "1.2.3.a",
      "1111.2.3.4", "::1")

  private static let six =
    FormatSample.good(
      .ipv6, "::", "::1", "1::", "2001:db8::1", "2001:DB8:0:0:8:800:200C:417A", "1:2:3:4:5:6:7:8",
      "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::3:4:5:6:7:8", "0000:0000::ffff", "::192.0.2.1",
      "::ffff:192.0.2.1", "1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5::192.0.2.1", "64:ff9b::192.0.2.33",
      "abcd:abcd:abcd:abcd:abcd:abcd:255.255.255.255")
    + FormatSample.bad(
      .ipv6, "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
      "::1:2:3:4:5:6:7:8", "1::2::3", ":1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:", ":1::", "1::2:",
      "12345::", "::g", "::1%eth0", "fe80::/64", " ::1", "::1 ", "::1\n", "[::1]",
      "1:2:3:4:5:6:7:192.0.2.1", "192.0.2.1", "::192.0.2", "::192.0.2.256", "::192.0.2.01",
      "::192.0.2.1:1", "::1.2.3.4.5", "1:2:3:4:5:6:1.2.3", "::12345.0.2.1", "::\u{9EA}",
      "1:2:3:4::5:6:7:192.0.2.1", "::a.0.2.1", "1:2")

  private static let identifiers =
    FormatSample.good(
      .uuid, "01932f3e-5c7a-7b1c-8d2e-3f4a5b6c7d8e", "01932F3E-5C7A-7B1C-8D2E-3F4A5B6C7D8E",
      "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
      "01932f3E-5c7a-f000-c0de-3f4a5b6c7d8e")
    + FormatSample.bad(
      .uuid, "", "01932f3e5c7a7b1c8d2e3f4a5b6c7d8e", "01932f3e-5c7a-7b1c-8d2e-3f4a5b6c7d8",
      "01932f3e-5c7a-7b1c-8d2e-3f4a5b6c7d8e0", "01932f3g-5c7a-7b1c-8d2e-3f4a5b6c7d8e",
      "01932f3e-5c7a-7b1c-8d2e_3f4a5b6c7d8e", "01932f3-e5c7a-7b1c-8d2e-3f4a5b6c7d8e",
      "{01932f3e-5c7a-7b1c-8d2e-3f4a5b6c7d}", "01932f3e-5c7a-7b1c-8d2e-3f4a5b6c7d\u{FF18}",
      "01932f3e-5c7a7-b1c-8d2e-3f4a5b6c7d8e", "------------------------------------")

  @Test("follow RFC 2673, RFC 4291 and RFC 9562", arguments: four + six + identifiers)
  func table(sample: FormatSample) { sample.check() }

  @Test("every decimal number up to 255 is an octet, and no other")
  func octets() {
    for value in 0...1299 {
      #expect(Format.ipv4.matches("\(value).0.0.1") == (value <= 255))
      #expect(Format.ipv4.matches("1.0.0.\(value)") == (value <= 255))
      #expect(Format.ipv6.matches("::1.0.\(value).1") == (value <= 255))
    }
  }

  @Test("groups and one elision make eight, in every place")
  func groups() {
    for before in 0...9 {
      for after in 0...9 {
        let text =
          [String](repeating: "a", count: before).joined(separator: ":") + "::"
          + [String](repeating: "b", count: after).joined(separator: ":")
        #expect(Format.ipv6.matches(text) == (before + after <= 7), "\(text)")
      }
      let plain = [String](repeating: "0", count: before).joined(separator: ":")
      #expect(Format.ipv6.matches(plain) == (before == 8))
    }
  }
}
