import Testing

@testable import RecordSchema

@Suite("No pattern and no text makes matching slow")
struct PatternLinearTimeTests {
  @Test(
    "the steps taken grow with the text, not faster",
    arguments: [
      ("(a+)+$", "a", "b"), ("(a|aa)*b", "a", ""), ("^(a?){30}(a){30}$", "a", "b"),
      ("(x+x+)+y", "x", ""), ("^(([a-z])+.)+[A-Z]([a-z])+$", "a", "!"), ("(.*)*=.*", "a", ""),
      (#"^(\s*|\S)*$"#, " ", "\u{1}"), ("((((a*)*)*)*)*b", "a", ""), ("(移*)*送", "移", ""),
      (#"(?:\b|a)*b"#, "a", ""), ("a.{200}b", "a", ""),
    ])
  func steps(source: String, repeated: String, end: String) throws {
    let both = try BothMachines(source)
    for count in [100, 1_000, 4_000] {
      let steps = both.simulate(String(repeating: repeated, count: count) + end).steps
      #expect(steps <= (count + 2) * both.program.instructions.count)
      #expect(steps > 0)
    }
  }

  @Test("tables answer what makes engines that backtrack slow")
  func tables() throws {
    let text = String(repeating: "a", count: 100_000)
    #expect(try Pattern("(a+)+$").matches(text))
    #expect(try !Pattern("(a+)+$").matches(text + "b"))
    #expect(try !Pattern("(a|aa)*b").matches(text))
    #expect(try !Pattern("^(([a-z])+.)+[A-Z]([a-z])+$").matches(text))
    #expect(try Pattern("(a|aa)*b").hasTables)
  }

  @Test("an anchored pattern stops where nothing can match any more")
  func stops() throws {
    let both = try BothMachines("^a{3}")
    let (isFound, steps) = both.simulate(String(repeating: "b", count: 10_000))
    #expect(!isFound)
    #expect(steps < 10)
  }

  @Test(
    "a pattern that would be too large is refused when it is compiled",
    arguments: [
      "(?:a{1000}){1000}", "a{99999999999999999999}",
      "(?:a{0,1000}){1000}", "a{100000,}", "((((a{10}){10}){10}){10}){10}", "(?:a*){20000}",
      #"(?:\b){20000}"#, "(?:|a){10000}",
      String(repeating: "(", count: 201) + String(repeating: ")", count: 201),
      String(repeating: "a", count: 65_537),
      ("Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Cs Co Cn "
        + "L M N").split(separator: " ").map { "\\p{\($0)}" }.joined(),
    ])
  func tooLarge(_ source: String) {
    #expect(patternError(source)?.code == .tooLarge)
    #expect(Pattern.isRegularExpression(source))
  }

  @Test("what is just small enough is compiled")
  func largest() throws {
    #expect(patternError("a{16383}") == nil)
    #expect(patternError("a{16384}") == PatternError(.size, at: 0))
    let nested = String(repeating: "(", count: 200) + "a" + String(repeating: ")*", count: 200)
    #expect(try Pattern(nested).matches("b"))
  }

  @Test("a pattern whose tables would explode is simulated")
  func explodes() throws {
    let pattern = try Pattern("(?:a|b)*a(?:a|b){14}$")
    #expect(!pattern.hasTables)
    #expect(pattern.matches("ba" + String(repeating: "b", count: 14)))
    #expect(!pattern.matches("ab" + String(repeating: "b", count: 14)))
  }

  @Test("the syntax of hostile texts is judged without exhausting anything")
  func hostileSyntax() {
    let count = 300_000
    #expect(!Pattern.isRegularExpression(String(repeating: "(", count: count)))
    #expect(!Pattern.isRegularExpression(String(repeating: "[", count: count)))
    #expect(!Pattern.isRegularExpression(String(repeating: "(?<a", count: count)))
    #expect(
      Pattern.isRegularExpression(
        String(repeating: "(?=", count: count) + String(repeating: ")", count: count)))
    #expect(Pattern.isRegularExpression("[" + String(repeating: "a-z", count: count) + "]"))
    #expect(Pattern.isRegularExpression("a{" + String(repeating: "9", count: count) + "}"))
    #expect(!Pattern.isRegularExpression(#"\p{"# + String(repeating: "L", count: count) + "}"))
  }
}
