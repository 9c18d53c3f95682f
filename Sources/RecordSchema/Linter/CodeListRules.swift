/// A code list is a list of different strings, each with a label in both languages.
enum CodeListRules {
  static func judge(_ document: LintDocument, _ issues: inout IssueList) {
    let root = document.parsed.root
    if root["type"]?.string != "string" { issues.add(.codes, document.path, "/type") }
    let codes = self.codes(root, document.path, &issues)
    labels(root, codes, document.path, &issues)
  }

  private static func codes(
    _ root: JSONNode, _ path: String, _ issues: inout IssueList
  ) -> [String] {
    guard let list = root["enum"], list.count > 0 else {
      issues.add(.codes, path, "/enum")
      return []
    }
    var known: Set<String> = []
    var codes: [String] = []
    for (position, element) in list.elements.enumerated() {
      if let code = element.string, !code.isEmpty, known.insert(code).inserted {
        codes.append(code)
      } else {
        issues.add(.codes, path, "/enum/\(position)")
      }
    }
    return codes
  }

  private static func labels(
    _ root: JSONNode, _ codes: [String], _ path: String, _ issues: inout IssueList
  ) {
    guard let labels = root["x-labels"], labels.kind == .object else {
      return issues.add(.labels, path, "/x-labels")
    }
    var missing = Set(codes)
    for (code, label) in labels.members {
      let isWhole =
        label.count == 2 && WordingRules.isChinese(label["zh"]?.string)
        && WordingRules.isEnglish(label["en"]?.string)
      if missing.remove(code) == nil || !isWhole {
        issues.add(.labels, path, "/x-labels/" + JSONPointer.escape(code))
      }
    }
    for code in missing {
      issues.add(.labels, path, "/x-labels/" + JSONPointer.escape(code))
    }
  }
}
