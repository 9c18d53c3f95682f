/// Documents, definitions and members say in both languages what they are: `title` and
/// `description` in Chinese, the same in English under `x-en`.
///
/// A member says it at its place of use, even where it refers to a definition that has words of its
/// own: what a date is does not say which date this is. Items and branches may be silent, but what
/// has any of the words has all of them.
enum WordingRules {
  private static let words = ["title", "description"]

  static func judge(_ place: SchemaPlace, _ issues: inout IssueList) {
    sentence(place, &issues)
    switch place.position {
    case .root, .definition: require(place, &issues)
    case .member, .item, .inPlace:
      let hasWords = (words + ["x-en"]).contains { place.node[$0] != nil }
      if hasWords { require(place, &issues) }
    }
  }

  /// All four texts.
  static func require(_ place: SchemaPlace, _ issues: inout IssueList) {
    for word in words where !isChinese(place.node[word]?.string) {
      issues.add(.title, place, word)
    }
    guard let english = place.node["x-en"], english.kind == .object else {
      return issues.add(.title, place, "x-en")
    }
    for word in words where !isEnglish(english[word]?.string) {
      issues.add(.title, place, "x-en", word)
    }
    for (name, _) in english.members where !words.contains(name) {
      issues.add(.title, place, "x-en", name)
    }
  }

  /// `x-error` replaces the engine's own sentence, which has both languages.
  private static func sentence(_ place: SchemaPlace, _ issues: inout IssueList) {
    guard let error = place.node["x-error"] else { return }
    let isWhole =
      error.count == 2 && isChinese(error["zh"]?.string)
      && isEnglish(error["en"]?.string)
    if !isWhole { issues.add(.sentence, place, "x-error") }
  }

  /// Holds a Chinese character.
  static func isChinese(_ text: String?) -> Bool {
    text?.unicodeScalars.contains { scalar in
      (0x3400...0x9FFF).contains(scalar.value) || (0x20000...0x3FFFF).contains(scalar.value)
    } ?? false
  }

  /// Holds a Latin letter; Chinese words may be quoted in it.
  static func isEnglish(_ text: String?) -> Bool {
    text?.utf8.contains { (0x61...0x7A).contains($0 | 0x20) } ?? false
  }
}
