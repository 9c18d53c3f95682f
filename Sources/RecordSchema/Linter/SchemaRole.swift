/// What a document is, by its path under `schemas/`.
enum SchemaRole: Equatable {
  case record, common, codes

  var isCodes: Bool { self == .codes }
  var isCommon: Bool { self == .common }

  /// The role that a path asks for, or the rule that it breaks.
  static func of(_ path: String) -> Result<SchemaRole, Misplaced> {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard let file = parts.last, file.utf8.count > 5, file.hasSuffix(".json") else {
      return .failure(Misplaced(rule: .path))
    }
    let version = file.dropLast(5)
    switch (parts.first, parts.count) {
    case ("records", 3):
      guard isKind(parts[1]) else { return .failure(Misplaced(rule: .kind)) }
      return isVersion(version) ? .success(.record) : .failure(Misplaced(rule: .version))
    case ("common", 2):
      return isVersion(version) ? .success(.common) : .failure(Misplaced(rule: .version))
    case ("codes", 3):
      guard isListName(parts[1]) else { return .failure(Misplaced(rule: .path)) }
      return isVersion(version) ? .success(.codes) : .failure(Misplaced(rule: .version))
    default: return .failure(Misplaced(rule: .path))
    }
  }

  /// A path that no schema may have.
  struct Misplaced: Error {
    let rule: LintRule
  }

  private static func isVersion(_ text: Substring) -> Bool {
    (1...4).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: "0")
      && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// `^[a-z]+\.[a-z]+$`
  private static func isKind(_ text: String) -> Bool {
    areWords(text, separator: UInt8(ascii: "."), count: 2...2)
  }

  /// `^[a-z]+(-[a-z]+)*$`
  private static func isListName(_ text: String) -> Bool {
    areWords(text, separator: UInt8(ascii: "-"), count: 1...8)
  }

  private static func areWords(
    _ text: String, separator: UInt8, count: ClosedRange<Int>
  ) -> Bool {
    let words = text.utf8.split(separator: separator, omittingEmptySubsequences: false)
    return count.contains(words.count)
      && words.allSatisfy { word in
        !word.isEmpty && word.allSatisfy { (0x61...0x7A).contains($0) }
      }
  }
}
