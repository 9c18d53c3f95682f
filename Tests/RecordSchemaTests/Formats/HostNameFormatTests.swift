import RecordSchema
import Testing

@Suite("Host names")
struct HostNameFormatTests {
  private static let label63 = String(repeating: "a", count: 63)
  private static let name253 = [label63, label63, label63, String(repeating: "b", count: 61)]
    .joined(separator: ".")

  /// Good and bad in both formats.
  private static let ascii =
    both(
      "a", "1", "a.b", "www.example.org", "WWW.Example.ORG", "1host", "h0st1", "a-b", "a--b",
      "aa--b", "1.2.3.4", label63, label63 + ".org", name253, isGood: true)
    + both(
      "", ".", "a.", ".a", "a..b", "-a", "a-", "a.-b", "a-.b", "a_b", "_a", "a b", "a\n", " a",
      "a/b", "a:1", "*.a", label63 + "a", label63 + "a.org", name253 + "b", "a.\u{0}", "a@b", "a,b",
      "$1.00", isGood: false)

  /// A-labels: the U-label that each stands for is in the comment, where it has one.
  private static let encoded =
    both(
      "xn--fiqs8s",  // 中国
      "www.xn--fiqs8s.cn", "XN--FIQS8S", "xn--FiQs8s", "xn--mgberp4a5d4ar",  // السعودية
      "xn--bcher-kva.example",  // bücher
      "xn--zca",  // ß
      "xn--4dbc5h",  // א׳ב
      "xn--ll-0ea",  // l·l
      "xn--wva3je",  // α͵β
      "xn--k8j5u",  // ・ぁ
      "xn--11b2ezcw70k",  // virama, joiner
      "xn--ngba5hb2804a",  // joining letters about a non-joiner
      "xn--0-gyc",  // ۰0
      isGood: true)
    + both(
      "xn--", "xn--a", "xn--X", "xn---", "xn--example-", "xn--a-", "a.xn--", "xn--0", "xn--fiqs8S-",
      "xn--99999999", "xn--fiqs8s9999999999999999", "xn--7a",  // decodes to a control character
      "xn---9uc",  // encodes back to something else
      "XN--aa---o47jg78q",  // hyphens in the third and fourth place
      "xn--hello-txk", "xn--hello-zed", "xn--hello-6bf",  // marks first
      "xn--07jt112bpxg", "xn--chb89f", "xn--07jceefgh4c",  // disallowed by exception
      "xn--al-0ea", "xn--l-fda", "xn--la-0ea", "xn--l-gda",  // middle dot
      "xn--S-jib3p", "xn--wva3j", "xn--A-2hc5h", "xn--5db1e", "xn--A-2hc8h", "xn--5db3e",
      "xn--defabc-k64e", "xn--vek", "xn--ngb6iyr", "xn--11b2er09f", "xn--02b508i",
      "xn--0ca24w",  // breaks the Bidi rule
      "0a.xn--4db",  // a digit first, in a name with a Hebrew label
      isGood: false)

  private static func both(_ texts: String..., isGood: Bool) -> [FormatSample] {
    texts.flatMap { text in
      [Format.hostname, .idnHostname].map { FormatSample(format: $0, text: text, isGood: isGood) }
    }
  }

  private static let asciiOnly = FormatSample.bad(
    .hostname, "中国", "a\u{3002}b", "a\u{FF0E}b", "\u{212A}elvin", "\u{FF41}", "a\u{200B}b",
    "\u{E4}")

  @Test("follow RFC 1123, and RFC 5891 in A-labels", arguments: ascii + encoded + asciiOnly)
  func table(sample: FormatSample) { sample.check() }

  private static let international =
    FormatSample.good(
      .idnHostname, "中国", "www.中国.cn", "例子。测试", "例子\u{FF0E}测试", "例子\u{FF61}测试", "bücher", "straße",
      "ßς\u{F0B}\u{3007}", "\u{6FD}\u{6FE}", "l·l", "\u{3B1}\u{375}\u{3B2}",
      "\u{5D0}\u{5F3}\u{5D1}", "\u{5D0}\u{5F4}", "・ぁ", "ァ・", "一・a", "\u{628}\u{660}\u{628}",
      "\u{6F0}0", "\u{628}\u{660}.\u{628}\u{6F0}", "\u{915}\u{94D}\u{200D}\u{937}",
      "\u{915}\u{94D}\u{200C}\u{937}", "\u{628}\u{64A}\u{200C}\u{628}\u{64A}",
      "\u{628}\u{64B}\u{200C}\u{64B}\u{628}", "a.\u{5D0}", "\u{5D0}1", "\u{5D0}\u{5B0}",
      // After the mapping: case, width, what is ignored, normalisation.
      "BÜCHER", "\u{FF11}\u{FF12}", "a\u{200B}b", "a\u{AD}b", "cafe\u{301}",
      "\u{FF58}\u{FF4E}--fiqs8s",
      "\u{212A}elvin", "\u{1100}\u{1161}\u{11A8}", "\u{F900}", "①", "\u{FB01}",
      String(repeating: "\u{FF41}", count: 63),
      String(repeating: "a\u{200B}", count: 63), String(repeating: "例", count: 20) + ".org")
    + FormatSample.bad(
      .idnHostname, "。", "\u{FF0E}", "\u{FF61}", "例子。", "。例子", "例子。。测试", "\u{200B}", "a.\u{AD}",
      "\u{302E}例", "例\u{302E}子", "\u{903}a", "\u{301}a", "\u{488}a", "\u{640}", "\u{7FA}",
      "\u{3031}", "\u{303B}", "a·l", "·l", "l·a", "l·", "L\u{B7}", "\u{3B1}\u{375}", "\u{375}",
      "\u{3B1}\u{375}s", "a\u{5F3}", "\u{5F3}\u{5D1}", "\u{5F4}\u{5D1}", "a・b", "・")
    + FormatSample.bad(
      .idnHostname, "\u{628}\u{660}\u{6F0}", "\u{660}\u{661}", "\u{915}\u{200D}\u{937}",
      "\u{200D}\u{937}", "\u{915}\u{200C}\u{937}", "\u{200C}", "\u{628}\u{200C}", "\u{200C}\u{628}",
      "\u{915}\u{94D}\u{200C}\u{937}x\u{200C}y", "\u{628}\u{200C}a", "0\u{627}", "a\u{5D0}",
      "\u{5D0}a", "\u{5D0}0\u{660}", "0a.\u{5D0}", "\u{5D0}.1", "\u{5D0}-", "-例", "例-", "ab--例",
      "例 子", "例_子", "例/子", "→", "\u{FFFD}", "\u{E000}", "\u{378}", "\u{1F600}", "㈠", "\u{2024}",
      "例\u{0}", "\u{FF58}\u{FF4E}--", String(repeating: "ü", count: 60),
      String(repeating: "\u{FF41}", count: 64), String(repeating: "例", count: 64))

  @Test("take U-labels of IDNA2008 after the mapping of UTS 46", arguments: international)
  func internationalTable(sample: FormatSample) { sample.check() }

  @Test("count a label's 63 octets and a name's 253 in the ASCII form")
  func lengths() {
    // Greek words whose separators, were they ignored, would make the label too long.
    let greek = String(repeating: "παράδειγμα", count: 5) + "πα"
    for separator in [".", "\u{3002}", "\u{FF0E}", "\u{FF61}"] {
      #expect(Format.idnHostname.matches(greek + separator + "com"))
    }
    #expect(!Format.idnHostname.matches(greek + "παράδειγμα"))
    // Each 中国 is ten octets in its ASCII form and a dot: 23 of them make exactly 252.
    let labels = [String](repeating: "中国", count: 23).joined(separator: "。")
    #expect(Format.idnHostname.matches(labels))
    #expect(!Format.idnHostname.matches(labels + "。a"))
    #expect(!Format.idnHostname.matches(labels + "。中国"))
  }
}
