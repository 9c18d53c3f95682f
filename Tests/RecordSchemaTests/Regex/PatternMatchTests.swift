import Testing

@testable import RecordSchema

@Suite("Regular expressions find what ECMA-262 says")
struct PatternMatchTests {
  @Test("a pattern is found or not, by tables and by simulation alike", arguments: cases)
  func finds(_ example: PatternCase) throws {
    let both = try BothMachines(example.pattern)
    #expect(try Pattern(example.pattern).matches(example.text) == example.isFound)
    #expect(both.simulate(example.text).isFound == example.isFound)
    if let byTable = both.runTable(example.text) { #expect(byTable == example.isFound) }
  }

  private static let cases = anchors + classes + escapes + quantifiers + groups

  private static let anchors = [
    PatternCase("", "", true), PatternCase("", "任何", true),
    PatternCase("a+", "xxaayy", true), PatternCase("a+", "xxyy", false),
    PatternCase("^a*$", "aaa", true), PatternCase("^a*$", "abc", false),
    PatternCase("^a*$", "", true), PatternCase("^$", "", true), PatternCase("^$", "a", false),
    PatternCase("^abc$", "abc\n", false), PatternCase("abc$", "abc\n", false),
    PatternCase("^b", "a\nb", false), PatternCase("a$", "a\nb", false),
    PatternCase("a|^b", "cb", false), PatternCase("a|^b", "ba", true),
    PatternCase("(?:^|,)x(?:,|$)", "y,x", true), PatternCase("(?:^|,)x(?:,|$)", "yx", false),
    PatternCase("a^b", "ab", false), PatternCase("a$b", "ab", false), PatternCase("$^", "", true),
    PatternCase("$^", "a", false), PatternCase("^^a$$", "a", true),
    PatternCase(#"\bfoo\b"#, "a foo b", true), PatternCase(#"\bfoo\b"#, "afoo b", false),
    PatternCase(#"\bfoo\b"#, "foo", true), PatternCase(#"\bfoo\b"#, "éfoo移", true),
    PatternCase(#"\bfoo\b"#, "foo_", false), PatternCase(#"foo\B"#, "foo1", true),
    PatternCase(#"foo\B"#, "foo", false), PatternCase(#"\B"#, "", true),
    PatternCase(#"\b"#, "", false), PatternCase(#"\b"#, "é", false),
    PatternCase(#"\B"#, "a", false), PatternCase(#"é\b"#, "éa", true),
  ]

  private static let classes = [
    PatternCase(".", "\n", false), PatternCase(".", "\r", false),
    PatternCase(".", "\u{2028}", false),
    PatternCase(".", "\u{2029}", false), PatternCase(".", "\u{85}", true),
    PatternCase("^.$", "😀", true), PatternCase("^.$", "e\u{301}", false),
    PatternCase("^.{2}$", "e\u{301}", true), PatternCase("[]", "a", false),
    PatternCase("[^]", "\n", true), PatternCase("[^]", "", false), PatternCase("^[^]$", "移", true),
    PatternCase("^[^a]$", "a", false), PatternCase("^[^a]$", "b", true),
    PatternCase("^[a-]$", "-", true), PatternCase("^[-a]$", "-", true),
    PatternCase(#"^[\w-]$"#, "-", true), PatternCase(#"^[a\-z]$"#, "-", true),
    PatternCase(#"^[a\-z]$"#, "b", false), PatternCase(#"^[\b]$"#, "\u{8}", true),
    PatternCase("^[+--]$", ",", true), PatternCase("^[+--]$", "+", true),
    PatternCase("^[(){}*+?.|$/]+$", "(){}*+?.|$/", true), PatternCase("^[a^]$", "^", true),
    PatternCase("^[一-龥]+$", "案件线索移送", true), PatternCase("^[一-龥]+$", "案件a", false),
    PatternCase("^[😀-😎]$", "😃", true), PatternCase("^[😀-😎]$", "😏", false),
    PatternCase(#"^[\d\s]+$"#, "1 2\u{3000}", true), PatternCase(#"^[^\d\s]+$"#, "1", false),
    PatternCase(#"^[\u{1F600}-\u{1F64F}]$"#, "😀", true), PatternCase("[Ā-߿]", "移é", false),
    PatternCase("^[\u{7FF}-\u{800}]+$", "\u{7FF}\u{800}", true),
    PatternCase("^[\u{FFFF}-\u{10000}]+$", "\u{FFFF}\u{10000}", true),
    PatternCase(#"^[\uD7FF-\uE000]+$"#, "\u{D7FF}\u{E000}", true),
    PatternCase("^[^\u{E000}]$", "\u{10FFFF}", true),
  ]

  private static let escapes = [
    PatternCase(#"^\d$"#, "7", true), PatternCase(#"^\d$"#, "৪", false),
    PatternCase(#"^\D$"#, "৪", true), PatternCase(#"^\D$"#, "0", false),
    PatternCase(#"^\w$"#, "é", false), PatternCase(#"^\W$"#, "é", true),
    PatternCase(#"^\w+$"#, "aZ09_", true), PatternCase(#"^\w$"#, "移", false),
    PatternCase(#"^\w$"#, "\u{212A}", false), PatternCase(#"^\w$"#, "ſ", false),
    PatternCase(#"^\s$"#, " ", true), PatternCase(#"^\s$"#, "\t", true),
    PatternCase(#"^\s$"#, "\u{B}", true), PatternCase(#"^\s$"#, "\u{C}", true),
    PatternCase(#"^\s$"#, "\u{A0}", true), PatternCase(#"^\s$"#, "\u{FEFF}", true),
    PatternCase(#"^\s$"#, "\n", true), PatternCase(#"^\s$"#, "\u{2029}", true),
    PatternCase(#"^\s$"#, "\u{2003}", true), PatternCase(#"^\s$"#, "\u{3000}", true),
    PatternCase(#"^\s$"#, "\u{1}", false), PatternCase(#"^\s$"#, "\u{2013}", false),
    PatternCase(#"^\s$"#, "\u{180E}", false), PatternCase(#"^\s$"#, "\u{85}", false),
    PatternCase(#"^\s$"#, "\u{200B}", false), PatternCase(#"\S"#, "\u{3000} \t\u{A0}", false),
    PatternCase(#"^\S$"#, "\u{A0}", false), PatternCase(#"^\S$"#, "\u{1}", true),
    PatternCase(#"^\S$"#, "\u{2013}", true), PatternCase(#"\S"#, "  移", true),
    PatternCase(#"^\cC$"#, "\u{3}", true), PatternCase(#"^\cc$"#, "\u{3}", true),
    PatternCase(#"^\cC$"#, "\\cC", false), PatternCase(#"^\t$"#, "\t", true),
    PatternCase(#"^\t$"#, "\u{8}", false), PatternCase(#"^\n\v\f\r$"#, "\n\u{B}\u{C}\r", true),
    PatternCase(#"^\0$"#, "\0", true), PatternCase(#"^\x41$"#, "A", true),
    PatternCase(#"^\u79FB$"#, "移", true), PatternCase(#"^\u{79fb}$"#, "移", true),
    PatternCase(#"^\u{0000000000079FB}$"#, "移", true),
    PatternCase(#"^\u{10FFFF}$"#, "\u{10FFFF}", true),
    PatternCase(#"^\uD83D\uDE00$"#, "😀", true), PatternCase(#"^[\uD83D\uDE00]$"#, "😀", true),
    PatternCase(#"\uD83D"#, "😀", false), PatternCase(#"\uDE00"#, "😀", false),
    PatternCase(#"^\uD83D\u0041"#, "A", false), PatternCase(#"^[^\uD83D]$"#, "😀", true),
    PatternCase(#"^\^\$\\\.\*\+\?\(\)\[\]\{\}\|\/$"#, #"^$\.*+?()[]{}|/"#, true),
    PatternCase("^/$", "/", true), PatternCase("^-$", "-", true),
    PatternCase("^=!:<>$", "=!:<>", true),
  ]

  private static let quantifiers = [
    PatternCase("^a{2}$", "aa", true), PatternCase("^a{2}$", "aaa", false),
    PatternCase("^a{2,}$", "aaaa", true), PatternCase("^a{2,}$", "a", false),
    PatternCase("^a{2,3}$", "aaa", true), PatternCase("^a{2,3}$", "aaaa", false),
    PatternCase("^a{0}$", "", true), PatternCase("^a{0}$", "a", false),
    PatternCase("^a{0,0}b$", "b", true), PatternCase("^a{002,0003}$", "aa", true),
    PatternCase("^a??b$", "ab", true), PatternCase("^a*?$", "aaa", true),
    PatternCase("^a+?b$", "aab", true), PatternCase("^a{1,2}?$", "aa", true),
    PatternCase("^(a*)*$", "aaaa", true), PatternCase("^(a*)*$", "aab", false),
    PatternCase("^(a*)+b$", "aab", true), PatternCase("^(|a)+$", "aaa", true),
    PatternCase("^(a?){3}$", "aa", true), PatternCase("^(a?){3}$", "aaaa", false),
    PatternCase("^(?:){1000000000}$", "", true), PatternCase(#"^(?:\b)*a$"#, "a", true),
    PatternCase("^(?:ab){2,3}$", "ababab", true), PatternCase("^(?:ab){2,3}$", "ab", false),
    PatternCase("^[^x]{1,1000}$", String(repeating: "移", count: 1000), true),
    PatternCase("^[^x]{1,1000}$", String(repeating: "移", count: 1001), false),
    PatternCase("^移{3}$", "移移移", true),
  ]

  private static let groups = [
    PatternCase("f.o", "xfooy", true), PatternCase("^(foo|bar)$", "bar", true),
    PatternCase("^(foo|bar)$", "foobar", false), PatternCase("^foo|bar$", "xbar", true),
    PatternCase("^(?:a|ab)(?:c|bcd)$", "abcd", true),
    PatternCase("^(?<year>[0-9]{4})$", "2026", true),
    PatternCase("^(?<移>x)$", "x", true), PatternCase(#"^(?<a\u0062>x)$"#, "x", true),
    PatternCase("^()$", "", true), PatternCase("^(|a|)$", "a", true),
    PatternCase("(a|b)*c|d", "d", true), PatternCase("^á", "áb", true),
    PatternCase("^á", "a\u{301}", false), PatternCase("((((x))))", "x", true),
  ]

  @Test("the patterns of record schemas tell good texts from bad ones", arguments: recordCases)
  func records(_ example: PatternCase) throws {
    let pattern = try Pattern(example.pattern)
    #expect(pattern.hasTables)
    #expect(pattern.matches(example.text) == example.isFound)
  }

  private static let recordCases = [
    PatternCase(RecordPatterns.line, "关于某公司涉嫌违法经营的线索,“甲”批。", true),
    PatternCase(RecordPatterns.line, "", true), PatternCase(RecordPatterns.line, "a\nb", false),
    PatternCase(RecordPatterns.line, "a\u{202E}b", false),
    PatternCase(RecordPatterns.line, "a\u{85}", false),
    PatternCase(RecordPatterns.block, "第一行\n\t第二行", true),
    PatternCase(RecordPatterns.block, "a\rb", false),
    PatternCase(RecordPatterns.instant, "2026-11-23T09:15:00.123+08:00", true),
    PatternCase(RecordPatterns.instant, "2026-11-23T09:15:00.123+08:00\n", false),
    PatternCase(RecordPatterns.instant, "2026-13-23T09:15:00.123+08:00", false),
    PatternCase(RecordPatterns.instant, "2026-11-23T09:15:00.12+08:00", false),
    PatternCase(RecordPatterns.digest, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", true),
    PatternCase(RecordPatterns.digest, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=", false),
    PatternCase(RecordPatterns.base64, "", true), PatternCase(RecordPatterns.base64, "AAA=", true),
    PatternCase(RecordPatterns.base64, "AA===", false),
    PatternCase(RecordPatterns.base64, "A=A", false),
    PatternCase(RecordPatterns.clock, "police-decide-3d", true),
    PatternCase(RecordPatterns.clock, "3d", false),
    PatternCase(RecordPatterns.schema, "lead.transfer/1", true),
    PatternCase(RecordPatterns.schema, "lead.transfer/0", false),
    PatternCase(RecordPatterns.rule, "format:date-time", true),
    PatternCase(RecordPatterns.rule, "", false),
    PatternCase(RecordPatterns.phone, "021-5555-0123", true),
    PatternCase(RecordPatterns.phone, "021--5", false),
    PatternCase(RecordPatterns.notBlank, " \u{3000}", false),
    PatternCase(RecordPatterns.notBlank, " 移", true),
  ]
}
