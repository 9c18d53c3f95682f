/// No name or title means ethnicity, religion, political status, petitioning, or who reported.
///
/// Looked at: names of members and definitions, titles, codes and their labels, kinds and names of
/// code lists. Not looked at: descriptions and sentences for failures, which may well say that such
/// a thing must not be written.
enum BarredNames {
  static func isBarred(_ text: String) -> Bool {
    let name = NameWords(text)
    return BarredTerm.all.contains { $0.isIn(name) }
  }

  /// No name or title is longer than this in UTF-8.
  static let byteLimit = 512

  static func judge(_ place: SchemaPlace, _ issues: inout IssueList) {
    let node = place.node
    for keyword in ["properties", "$defs"] {
      for (name, _) in members(node[keyword]) { judge(name, place, [keyword, name], &issues) }
    }
    judge(node["title"], place, ["title"], &issues)
    judge(node["x-en"]?["title"], place, ["x-en", "title"], &issues)
    judge(node["const"], place, ["const"], &issues)
    for (position, code) in (node["enum"].map { Array($0.elements) } ?? []).enumerated() {
      judge(code, place, ["enum", String(position)], &issues)
    }
    guard place.position == .root else { return }
    for (code, label) in members(node["x-labels"]) {
      for (language, text) in label.members {
        judge(text, place, ["x-labels", code, language], &issues)
      }
    }
  }

  /// What the document is called.
  static func judge(_ document: LintDocument, _ issues: inout IssueList) {
    if isBarred(document.path) { issues.add(.barredName, document.path, "/$id") }
  }

  private static func members(_ node: JSONNode?) -> [(key: String, value: JSONNode)] {
    node.map { Array($0.members) } ?? []
  }

  private static func judge(
    _ node: JSONNode?, _ place: SchemaPlace, _ tokens: [String], _ issues: inout IssueList
  ) {
    if let text = node?.string { judge(text, place, tokens, &issues) }
  }

  private static func judge(
    _ text: String, _ place: SchemaPlace, _ tokens: [String], _ issues: inout IssueList
  ) {
    let isLong = text.utf8.count > byteLimit
    guard isLong || isBarred(text) else { return }
    let rule = isLong ? LintRule.tooLarge : .barredName
    issues.add(LintFault(rule: rule, path: place.path, pointer: place.pointer(tokens)))
  }
}
