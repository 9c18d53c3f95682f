import Testing

@testable import RecordSchema

@Suite struct PatternLengthTests {
  @Test(arguments: [
    "^$", "^[a-z]{1,64}$", "^a?b{3}$", "^(?:a|bc){0,9}$", "^(?:^a|^b)$", "^a$|^b$", "^(?:a$|b$)",
    "^(^a){2}$", "^(?:)*$", "^[0-9][0-9-]{3,18}[0-9]$", "^\\bab\\b$",
  ])
  func `Anchored at both ends without unbounded repetition is bounded`(pattern: String) {
    #expect(PatternLength.isBounded(pattern))
  }

  @Test(arguments: [
    "", "a", "^a", "a$", "^a*$", "^a+$", "^a{2,}$", "^a$|b", "^(?:^a|b)", "(?:^a)?b$", "^a(?:b$)?",
    "^(?:a{2}b*)$", "\\S", "^(?:(?:a)*b){2}$", "^(?:(?:a|b)+)$", "(", "[",
  ])
  func `Anything else is not`(pattern: String) { #expect(!PatternLength.isBounded(pattern)) }
}
