import Foundation

/// What documents owe to the code and to each other.
enum Documents {
  /// The error codes that a source file defines: the literals given to `Self("…")`,
  /// `Code("…")`, `Code(rawValue: "…")` and `Self(100, "…")` that are dotted names.
  static func errorCodes(in source: SourceText) -> Set<String> {
    let pattern =
      #"(?:Self|Code|FaultCode)\((?:rawValue:\s*)?(?:[0-9]+,\s*)?"([a-z][A-Za-z0-9]*(?:\.[a-z][A-Za-z0-9]*)+)""#
    guard let expression = try? NSRegularExpression(pattern: pattern) else { return [] }
    // Line by line over the raw text, where the literals still are, as long as it is code.
    var found: Set<String> = []
    for (index, line) in source.raw.enumerated() where source.code[index].contains("(") {
      let whole = NSRange(line.startIndex..., in: line)
      for match in expression.matches(in: line, range: whole) {
        guard let range = Range(match.range(at: 1), in: line) else { continue }
        found.insert(String(line[range]))
      }
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
    guard let expression = try? NSRegularExpression(pattern: #"\]\(([^)\s#]+)(?:#[^)]*)?\)"#) else {
      return []
    }
    var found: Set<String> = []
    for match in expression.matches(in: text, range: NSRange(text.startIndex..., in: text)) {
      guard let range = Range(match.range(at: 1), in: text) else { continue }
      let target = String(text[range])
      if target.contains("://") { continue }
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
