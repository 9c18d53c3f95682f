import Testing

@testable import RecordSchema

@Suite("The syntax of regular expressions is ECMA-262's with the u flag")
struct PatternSyntaxTests {
  struct Fault: CustomStringConvertible {
    let pattern: String
    let reason: PatternError.Reason
    let offset: Int

    init(_ pattern: String, _ reason: PatternError.Reason, _ offset: Int) {
      self.pattern = pattern
      self.reason = reason
      self.offset = offset
    }

    var description: String { "\(pattern) \(reason) \(offset)" }
  }

  @Test("what is no pattern is refused with its place", arguments: faults)
  func refuses(_ fault: Fault) {
    #expect(!Pattern.isRegularExpression(fault.pattern))
    let error = patternError(fault.pattern)
    #expect(error == PatternError(fault.reason, at: fault.offset))
    #expect(error?.code == .syntax)
  }

  private static let faults = brackets + escapeFaults + names

  private static let brackets = [
    Fault("^(abc]", .loneBracket, 5), Fault("a]", .loneBracket, 1), Fault("a}", .loneBracket, 1),
    Fault("a)", .loneBracket, 1), Fault("移)", .loneBracket, 3), Fault("(a", .openGroup, 0),
    Fault("x(a(b)", .openGroup, 1), Fault("[a", .openClass, 0), Fault("[a-", .openClass, 0),
    Fault("[]]", .loneBracket, 2), Fault("a{", .openQuantifier, 1),
    Fault("{", .openQuantifier, 0), Fault("a{,2}", .openQuantifier, 1),
    Fault("a{1", .openQuantifier, 1), Fault("a{1,x}", .openQuantifier, 1),
    Fault("{1}", .nothingToRepeat, 0), Fault("*", .nothingToRepeat, 0),
    Fault("a**", .nothingToRepeat, 2), Fault("a{1000}{1000}", .nothingToRepeat, 7),
    Fault("a???", .nothingToRepeat, 3),
    Fault("^*", .nothingToRepeat, 1), Fault("a|+", .nothingToRepeat, 2),
    Fault("(?:+)", .nothingToRepeat, 3), Fault(#"\b+"#, .nothingToRepeat, 2),
    Fault("(?=a)*", .nothingToRepeat, 5), Fault("(?<=a)?", .nothingToRepeat, 6),
    Fault("a{2,1}", .quantifierOrder, 1), Fault("a{00010,9}", .quantifierOrder, 1),
    Fault("a{99999999999999999999,99999999999999999998}", .quantifierOrder, 1),
    Fault("(?", .groupKind, 0), Fault("(?a)", .groupKind, 0), Fault("(?i:a)", .groupKind, 0),
    Fault("(?P<a>b)", .groupKind, 0), Fault("(?#a)", .groupKind, 0), Fault("(?>a)", .groupKind, 0),
  ]

  private static let escapeFaults = [
    Fault("\\", .endsInEscape, 0), Fault("[\\", .endsInEscape, 1), Fault(#"\a"#, .escape, 0),
    Fault(#"^\S(|(.|\n)*\S)\Z"#, .escape, 15), Fault(#"\A"#, .escape, 0), Fault(#"\z"#, .escape, 0),
    Fault(#"\-"#, .escape, 0), Fault(#"\_"#, .escape, 0), Fault(#"\ "#, .escape, 0),
    Fault(#"\移"#, .escape, 0), Fault(#"\e"#, .escape, 0), Fault(#"\G"#, .escape, 0),
    Fault(#"\00"#, .escape, 0), Fault(#"\01"#, .escape, 0), Fault(#"[\1]"#, .escape, 1),
    Fault(#"[\B]"#, .escape, 1), Fault(#"[\k<a>]"#, .escape, 1), Fault(#"\c"#, .escape, 0),
    Fault(#"\c1"#, .escape, 0), Fault(#"[\c_]"#, .escape, 1), Fault(#"\x4"#, .codePoint, 0),
    Fault(#"\xG0"#, .codePoint, 0), Fault(#"\u00G0"#, .codePoint, 0), Fault(#"\u"#, .codePoint, 0),
    Fault(#"\u{}"#, .codePoint, 0), Fault(#"\u{110000}"#, .codePoint, 0),
    Fault(#"\u{41"#, .codePoint, 0), Fault(#"\u{FFFFFFFFFFFFFFFFFF}"#, .codePoint, 0),
    Fault("[b-a]", .classRange, 1), Fault(#"[\w-a]"#, .classEscape, 1),
    Fault(#"[a-\d]"#, .classEscape, 1), Fault(#"[\p{L}-z]"#, .classEscape, 1),
    Fault(#"\p"#, .property, 0), Fault(#"\pL"#, .property, 0), Fault(#"\p{}"#, .property, 0),
    Fault(#"\p{L"#, .property, 0), Fault(#"\p{letter}"#, .property, 0),
    Fault(#"\p{ L}"#, .property, 0), Fault(#"\p{IsLetter}"#, .property, 0),
    Fault(#"\p{Han}"#, .property, 0), Fault(#"\p{Script}"#, .property, 0),
    Fault(#"\p{Script=han}"#, .property, 0), Fault(#"\p{gc=Han}"#, .property, 0),
    Fault(#"\p{gc=}"#, .property, 0), Fault(#"\p{=L}"#, .property, 0),
    Fault(#"\p{Block=Thai}"#, .property, 0), Fault(#"\p{gc=L=L}"#, .property, 0),
    Fault(#"\p{General_Category}"#, .property, 0), Fault(#"\p{^L}"#, .property, 0),
    Fault("\\p{sc=\u{212A}hmer}", .property, 0), Fault(#"\p{Any=Y}"#, .property, 0),
    Fault(#"\p{Latin}"#, .property, 0),
  ]

  private static let names = [
    Fault(#"\1"#, .unknownGroup, 0), Fault(#"(a)\2"#, .unknownGroup, 3),
    Fault(#"(?:a)\1"#, .unknownGroup, 5), Fault(#"\99999999999999999999"#, .unknownGroup, 0),
    Fault(#"\k"#, .groupName, 0), Fault(#"\k<a>"#, .unknownName, 0), Fault(#"\k<a"#, .groupName, 2),
    Fault(#"(?<b>x)\k<a>"#, .unknownName, 7), Fault("(?<>x)", .groupName, 2),
    Fault("(?<1a>x)", .groupName, 2), Fault("(?<a-b>x)", .groupName, 2),
    Fault("(?<a", .groupName, 2), Fault("(?<a>x)(?<a>y)", .repeatedName, 9),
    Fault(#"(?<a>x)(?<\u0061>y)"#, .repeatedName, 9), Fault(#"(?<\u0020>x)"#, .groupName, 2),
    Fault(#"(?<\x61>x)"#, .groupName, 3),
  ]

  @Test(
    "what ECMA-262 allows is a regular expression, even if it is not matched here",
    arguments: [
      "", "|", "a||b", "()", "(?:)", "[]", "[^]", "(?=a)", "(?!a)", "(?<=a)b", "(?<!a)b",
      #"(a)\1"#, #"\1(a)"#, #"\k<a>(?<a>x)"#, #"(?<a>x)\k<a>"#, #"(?<a>.\k<a>)+?"#,
      #"\1{2}(a)"#, "(?<$>a)", "(?<_1>a)", #"(?<\u{61}>a)\k<a>"#, #"(?<\uD835\uDC9C>.)"#,
      "(?<𝒜>.)", "a{99999999999999999999}", "a{99999999999999999998,99999999999999999999}",
      #"\p{Script=Adlam}"#, #"\p{scx=Hani}"#, #"\P{Extended_Pictographic}"#, #"\p{sc=Zyyy}"#,
      #"[\p{L}\p{N}-]"#, #"[^\P{Lu}]"#, #"\uD800"#, #"[\uD800-\uDFFF]"#, "(?=(?!(?<=(?<!a))))",
      "((a)(b(c)))\\4", "[[]", "[(]", "a-b", "[a-a]", #"[\0-\x1f]"#, #"\/"#, #"[\/\-\]]"#,
      "^(([^<>()[\\]\\\\.,;:\\s@\"]+(\\.[^<>()[\\]\\\\.,;:\\s@\"]+)*)|(\".+\"))@.+$",
    ])
  func accepts(_ pattern: String) {
    #expect(Pattern.isRegularExpression(pattern))
    #expect(patternError(pattern)?.code != .syntax)
  }

  @Test(
    "what cannot be matched in linear time is not supported, and is told from what is no pattern",
    arguments: [
      Fault(#"(a)\1"#, .backreference, 3), Fault(#"(?<a>x)\k<a>"#, .backreference, 7),
      Fault("a(?=b)", .lookaround, 1), Fault("a(?!b)", .lookaround, 1),
      Fault("(?<=a)b", .lookaround, 0), Fault("(?<!a)b", .lookaround, 0),
      Fault(#"\p{Script=Adlam}"#, .propertyData, 0), Fault(#"x\p{scx=Han}"#, .propertyData, 1),
      Fault(#"[\p{ExtPict}]"#, .propertyData, 1),
    ])
  func unsupported(_ fault: Fault) {
    #expect(Pattern.isRegularExpression(fault.pattern))
    let error = patternError(fault.pattern)
    #expect(error == PatternError(fault.reason, at: fault.offset))
    #expect(error?.code == .unsupported)
    #expect(patternError(fault.pattern + "(")?.code == .syntax)
  }

  @Test("every reason has a sentence of its own in both languages")
  func sentences() {
    let reasons = PatternError.Reason.allCases
    #expect(Set(reasons.map(\.chinese)).count == reasons.count)
    #expect(Set(reasons.map(\.english)).count == reasons.count)
    #expect(PatternError(.escape, at: 7).english.contains("byte 7"))
    #expect(PatternError(.escape, at: 7).chinese.contains("第 7 字节"))
  }
}
