import Foundation

/// What no committed file may hold: private keys, and traces of the place where it was written.
enum CommittedText {
  /// Folders of one workplace; written in two parts, so that this file does not hold them itself.
  private static let folders = ["work", "root", "opt" + "/swift", "home" + "/runner"].map {
    "/" + $0 + "/"
  }

  /// Published examples, which are nobody's keys: RFC 8410, section 10.3.
  private static let published = [
    "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC"
  ]

  static func breaches(path: String, text: String) -> [Breach] {
    var found: [Breach] = []
    if holdsPrivateKey(text) {
      found.append(
        Breach(rule: "text.privateKey", path: path, line: 0, detail: "a private key is committed"))
    }
    // Most files hold none of these words at all.
    let lowered = text.lowercased()
    let namesFolders = folders.contains { text.contains($0) }
    let namesIssues =
      !path.hasPrefix("Sources/PeerLink/Generated/")
      && ["issue", "#", "gh-"].contains { lowered.contains($0) }
    guard namesFolders || namesIssues else { return found }
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if namesFolders, namesFolder(line) {
        found.append(
          Breach(
            rule: "text.folder", path: path, line: index + 1,
            detail: "names a folder of one machine"))
      }
      if namesIssues, namesIssue(line) {
        found.append(
          Breach(
            rule: "text.issue", path: path, line: index + 1,
            detail: "names an issue by its number: say the reason itself"))
      }
    }
    return found
  }

  /// A PEM header of a private key that has key bytes below it (a header alone, as in code that
  /// looks for one, is none).
  static func holdsPrivateKey(_ text: String) -> Bool {
    let header = "PRIVATE" + " KEY-----"
    var rest = text[...]
    while let range = rest.range(of: header) {
      rest = rest[range.upperBound...]
      let before = text[..<range.lowerBound].suffix(40)
      guard before.contains("-----BEGIN "), rest.first == "\n" || rest.hasPrefix("\\n") else {
        continue
      }
      let body = rest.drop { "\\n\n ".contains($0) }
        .prefix { $0.isLetter || $0.isNumber || $0 == "+" || $0 == "/" }
      if body.count >= 40, !published.contains(where: body.hasPrefix) {
        return true
      }
    }
    return false
  }

  private static func namesFolder(_ line: Substring) -> Bool {
    folders.contains { folder in
      var rest = line
      while let range = rest.range(of: folder) {
        // A path begins there: not the middle of a relative one (`frame` + `work/`).
        let before =
          range.lowerBound > line.startIndex
          ? line[line.index(before: range.lowerBound)] : " "
        if !before.isLetter && !before.isNumber && !"._-~)}*/$".contains(before) { return true }
        rest = rest[range.upperBound...]
      }
      return false
    }
  }

  /// The word and a number, a number sign in parentheses or behind a verb that closes.
  private static func namesIssue(_ line: Substring) -> Bool {
    let lowered = line.lowercased()
    guard lowered.contains("issue") || lowered.contains("#") || lowered.contains("gh-") else {
      return false
    }
    let patterns = [
      #"(?<![\w.])issues?[ /]+#?[0-9]+"#, #"\(#[0-9]+\)"#,
      #"\b(fix(es|ed)?|close[sd]?|see|refs?|resolve[sd]?) #[0-9]+"#, #"\bgh-[0-9]+"#,
    ]
    return patterns.contains { lowered.range(of: $0, options: .regularExpression) != nil }
  }
}
