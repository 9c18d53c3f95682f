/// Names that are required or tested are names that the object has; and every member is named to
/// people in both languages where it is first listed.
struct MemberJudge {
  private let set: SchemaSet
  private var fuel = LintFuel()
  private var issues: IssueList

  /// What the schemas above say about the same object.
  private struct Surroundings {
    /// The names that the object may have; nil while nothing closes it.
    var admitted: Set<String>?
    /// The names that anything lists, for where nothing closes the object: that is told once.
    var listed: Set<String> = []
    /// Names that have been described, so that listing them again only narrows them.
    var declared: Set<String> = []
  }

  static func judge(_ set: SchemaSet, _ issues: inout IssueList) {
    var judge = MemberJudge(set: set, issues: issues)
    for place in set.places where place.use == .deciding {
      switch place.position {
      case .root, .definition, .member, .item: judge.visit(place.site, Surroundings())
      case .inPlace: break
      }
    }
    if judge.fuel.isSpent { judge.issues.add(.tooLarge, set.documents[0].path, "") }
    issues = judge.issues
  }

  private init(set: SchemaSet, issues: IssueList) {
    self.set = set
    self.issues = issues
  }

  /// Walks the schemas of one document that are about one value; recursion is as deep as the
  /// document at most.
  private mutating func visit(_ site: SchemaSite, _ above: Surroundings) {
    guard fuel.take(), let facts = set.facts[site] else { return }
    let whole = Conjunction([site], in: set, &fuel)
    var here = above
    here.admitted = names(of: whole) ?? above.admitted
    if here.admitted == nil { here.listed.formUnion(listedNames(of: whole, depth: 0)) }
    let admitted = here.admitted ?? here.listed
    if !whole.isOpaque, !admitted.isEmpty { judge(facts, admitted) }
    for property in facts.properties where here.declared.insert(property.name).inserted {
      if let place = set.facts[property.site]?.place { WordingRules.require(place, &issues) }
    }
    for child in facts.inPlace { visit(child, here) }
    if !whole.isOpaque, !admitted.isEmpty {
      for test in [facts.condition, facts.negation].compactMap({ $0 }) { self.test(test, admitted) }
    }
  }

  /// What only tests must at least test names that are there.
  private mutating func test(_ site: SchemaSite, _ admitted: Set<String>) {
    guard fuel.take(), let facts = set.facts[site] else { return }
    judge(facts, admitted)
    let tests = [facts.condition, facts.negation].compactMap { $0 }
    for child in facts.inPlace + tests { test(child, admitted) }
  }

  // MARK: Names

  /// Names that the schemas which always apply admit; nil where none of them closes the object.
  private mutating func names(of whole: Conjunction) -> Set<String>? {
    guard let closer = whole.closer, fuel.take(closer.properties.count) else { return nil }
    switch closer.closure {
    case .additional: return Set(closer.properties.map(\.name))
    case .unevaluated: return Set(set.evaluatedMembers(of: closer, &fuel).map(\.name))
    case .open, .told: return nil
    }
  }

  /// Of an object that nothing closes, or that alternatives close: the names that any of them
  /// admits or lists.
  private mutating func listedNames(of whole: Conjunction, depth: Int) -> Set<String> {
    var found = Set(whole.members.flatMap { $0.properties.map(\.name) })
    guard fuel.take(found.count), depth < OpennessJudge.nestingLimit else { return found }
    for branch in whole.members.flatMap(\.groups).joined().compactMap({ $0 }) {
      guard fuel.take() else { return found }
      let inner = Conjunction([branch], in: set, &fuel)
      found.formUnion(names(of: inner) ?? listedNames(of: inner, depth: depth + 1))
    }
    return found
  }

  private mutating func judge(_ facts: SchemaFacts, _ admitted: Set<String>) {
    let place = facts.place
    for (name, _) in facts.properties where !admitted.contains(name) {
      issues.add(.member, place, "properties", name)
    }
    let required = place.node["required"].map { Array($0.elements) } ?? []
    for (position, name) in required.enumerated() {
      judge(name, admitted, place, ["required", String(position)])
    }
    for keyword in ["dependentRequired", "dependentSchemas"] {
      for (name, list) in place.node[keyword].map({ Array($0.members) }) ?? [] {
        if !admitted.contains(name) { issues.add(.member, place, keyword, name) }
        for (position, other) in list.elements.enumerated() {
          judge(other, admitted, place, [keyword, name, String(position)])
        }
      }
    }
  }

  private mutating func judge(
    _ name: JSONNode, _ admitted: Set<String>, _ place: SchemaPlace, _ tokens: [String]
  ) {
    guard let text = name.string, !admitted.contains(text) else { return }
    issues.add(LintFault(rule: .member, path: place.path, pointer: place.pointer(tokens)))
  }
}
