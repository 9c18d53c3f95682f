import Testing

@testable import RecordSchema

@Suite("Patterns that could make other engines slow are told")
struct PatternDeterminismTests {
  @Test("the patterns of record schemas are fine", arguments: RecordPatterns.all)
  func records(_ pattern: String) throws {
    #expect(try Pattern(pattern).whyNotDeterministic == nil)
  }

  @Test(
    "a pattern is fine if it is bounded, or anchored and one-unambiguous",
    arguments: [
      "", "abc", #"\S"#, "[0-9]{4}", "[a-z]{0,1000}", "a?b?c?", "(?:a|ab)(?:c|bcd)", "^(a|a)$",
      "^a*$", "^a+b", "^a*b*c*$", "^(?:a|b)*$", "^(?:ab|cd)*$", "^(?:a,)*b$", "^(?:[^,]*,)*$",
      "^[a-z]+(?:-[a-z]+)*$", "^a{2,}$", "^a{2,}b$", "^[^x]{1,1000}$", "^(?:a{1,3}b){1,100}$",
      "^(?:|a)b*$", "^$|^[a-z]+$|^[0-9]+$", "(?:^a|^b)c*", #"^\p{L}+\p{N}*$"#,
      #"^\p{L}+(?:\s\p{L}+)*$"#, "^(?:){5}a*$", "^[^]*$", #"^(?:\p{L}|\p{N}){1,1000}$"#,
    ])
  func fine(_ pattern: String) throws {
    #expect(try Pattern(pattern).whyNotDeterministic == nil)
  }

  @Test(
    "a pattern that repeats without bound is anchored",
    arguments: [
      "a+", #"\s*$"#, "a*", "x.*y", "(?:^a|b)c*", #"\ba+"#, "(a+)+$", "(a|aa)*b", "a|^b*",
    ])
  func unanchored(_ pattern: String) throws {
    #expect(try Pattern(pattern).whyNotDeterministic?.reason == .unanchored)
  }

  @Test(
    "a pattern that goes two ways with one character is ambiguous",
    arguments: [
      "^(a+)+$", "^(a*)*$", "^(a|a)*$", "^(a|aa)*b$", "^.*x$", "^a*a$", "^a*a*$", "^(?:a?){3}a*$",
      "^[a-z]+[a-c]*$", #"^\w+\d*$"#, #"^(?:\w+\s?)*$"#, "^(?:a?b?)*$", "^(?:a*)?$",
      "^(?:(a?)?b)*$",
      "^(?:ab|ac)*$", #"^\p{L}*\p{Lu}$"#, "^a{2,}a$", "(?:a?){30}a{30}", "^(?:a{0,9}){9}$",
      "^(?:|a?)a*$", #"^(?:a|\b)*$"#,
    ])
  func ambiguous(_ pattern: String) throws {
    #expect(try Pattern(pattern).whyNotDeterministic?.reason == .ambiguous)
  }

  @Test("judging a pattern with very many large classes is given up")
  func tooLarge() throws {
    let pattern =
      "^1*"
      + (0..<300).map { place in
        let extra = String(0x10_0000 + place, radix: 16)
        return "(?:[\\p{L}\\u{\(extra)}]|[\\p{S}\\p{P}])"
      }.joined(separator: "-")
    #expect(try Pattern(pattern).whyNotDeterministic?.reason == .tooLarge)
  }

  @Test("every objection has a sentence in both languages")
  func sentences() {
    let objections = [PatternObjection.Reason.unanchored, .ambiguous, .tooLarge].map {
      PatternObjection(reason: $0)
    }
    #expect(Set(objections.map(\.chinese)).count == 3)
    #expect(Set(objections.map(\.english)).count == 3)
  }
}
