/// One rule that one place of a schema document breaks.
public struct SchemaIssue: Hashable, Sendable, CustomStringConvertible {
  /// The document's path under `schemas/`.
  public let document: String
  /// JSON Pointer (RFC 6901) into the document; to the missing member where one is missing.
  public let pointer: String
  /// The rule's stable name: `lint.…` of the linter's own rules, `schema.…` and `json.…` where the
  /// document cannot be used at all (codes of ``SchemaError`` and ``JSONError``).
  public let rule: String
  /// One English sentence.
  public let message: String
  /// The same in Chinese.
  public let messageZH: String

  init(document: String, pointer: String, rule: String, _ sentence: Sentence) {
    self.document = document
    self.pointer = pointer
    self.rule = rule
    self.message = sentence.english
    self.messageZH = sentence.chinese
  }

  /// The place, the rule and the sentence.
  public var description: String { "\(document)#\(pointer) \(rule): \(message)" }
}

/// What is found, each place and rule once.
struct IssueList {
  private struct Key: Hashable {
    let document: String
    let pointer: String
    let rule: String
  }

  private var known: Set<Key> = []
  private(set) var issues: [SchemaIssue] = []

  mutating func add(_ issue: SchemaIssue) {
    let key = Key(document: issue.document, pointer: issue.pointer, rule: issue.rule)
    if known.insert(key).inserted { issues.append(issue) }
  }

  mutating func add(_ rule: LintRule, _ document: String, _ pointer: String) {
    add(SchemaIssue(document: document, pointer: pointer, rule: rule.rawValue, rule.sentence))
  }

  mutating func add(_ rule: LintRule, _ place: SchemaPlace, _ tokens: String...) {
    add(rule, place.path, place.pointer(tokens))
  }

  mutating func add(_ fault: LintFault) { add(fault.rule, fault.path, fault.pointer) }

  /// By document, then by place, then by rule, all in byte order.
  var sorted: [SchemaIssue] {
    issues.sorted { first, second in
      for part in [\SchemaIssue.document, \.pointer, \.rule] {
        let (left, right) = (first[keyPath: part].utf8, second[keyPath: part].utf8)
        if !left.elementsEqual(right) { return left.lexicographicallyPrecedes(right) }
      }
      return false
    }
  }
}

/// A rule that a place breaks, before anyone has decided to tell.
struct LintFault: Hashable {
  let rule: LintRule
  let path: String
  let pointer: String
}
