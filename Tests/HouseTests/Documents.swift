import Foundation

/// What documents owe to the code and to each other.
enum Documents {
  /// The error codes that a source file defines or uses: dotted names given first, or after a status,
  /// to one of the callees below, or as `code:`.
  static func errorCodes(in source: SourceText) -> Set<String> {
    let callees = "Self|Code|FaultCode|Failure|ReadinessProblem|reason|alarm"
    let name = #""([a-z][A-Za-z0-9]*(?:\.[a-z][A-Za-z0-9]*)+)""#
    let pattern =
      #"(?:\b(?:"# + callees + #")\(\s*(?:\.\w+,\s*)?(?:rawValue:\s*)?(?:[0-9]+,\s*)?|\bcode:\s*)"#
      + name
    return matches(pattern, in: codeLines(source))
  }

  /// The kinds of finding that `FindingKind.swift` defines.
  static func findingKinds(in source: SourceText) -> Set<String> {
    matches(#"\bSelf\(\s*"([a-z]+\.[A-Za-z]+)""#, in: codeLines(source))
  }

  /// The lines that are not wholly comment, literals included.
  private static func codeLines(_ source: SourceText) -> String {
    zip(source.raw, source.code).filter { !$1.allSatisfy(\.isWhitespace) }.map(\.0)
      .joined(separator: "\n")
  }

  /// What the first group of a pattern matches.
  private static func matches(_ pattern: String, in text: String) -> Set<String> {
    guard let expression = try? NSRegularExpression(pattern: pattern) else { return [] }
    var found: Set<String> = []
    for match in expression.matches(in: text, range: NSRange(text.startIndex..., in: text)) {
      guard let range = Range(match.range(at: 1), in: text) else { continue }
      found.insert(String(text[range]))
    }
    return found
  }

  /// The codes that the document lists: every dotted name between backquotes.
  static func listedCodes(in document: String) -> Set<String> {
    var found: Set<String> = []
    for (index, part) in document.split(separator: "`", omittingEmptySubsequences: false)
      .enumerated() where index % 2 == 1
    {
      if part.contains("."), !part.contains(" ") { found.insert(String(part)) }
    }
    return found
  }

  /// The targets of a Markdown text's links, relative to `folder`, without fragments.
  static func links(in text: String, folder: String) -> Set<String> {
    var found: Set<String> = []
    for target in matches(#"\]\(([^)\s#]+)(?:#[^)]*)?\)"#, in: text) where !target.contains("://") {
      found.insert(normalised(folder.isEmpty ? target : "\(folder)/\(target)"))
    }
    return found
  }

  /// `a/b/../c` → `a/c`.
  private static func normalised(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return parts.joined(separator: "/")
  }

  /// The documents that no link leads to, from `roots` on, directly or through other documents.
  static func unreachable(
    documents: [String], roots: [String], links: (String) throws -> Set<String>
  ) rethrows -> [String] {
    var seen: Set<String> = []
    var waiting = roots
    while let next = waiting.popLast() {
      guard seen.insert(next).inserted, next.hasSuffix(".md") else { continue }
      waiting += try links(next)
      // A link to a folder leads to what explains the folder.
      if try links(next).contains("docs/decisions") { waiting.append("docs/decisions/README.md") }
    }
    return documents.filter { !seen.contains($0) }
  }
}
