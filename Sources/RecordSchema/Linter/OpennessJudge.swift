/// Nothing open decides about a value: wherever a schema lets a value pass, something that applies
/// to it says its type and bounds it.
///
/// What applies together (`$ref`, `allOf`) is taken together, so bounds may stand at the place of
/// use. Where that is not enough, the alternatives (`anyOf`, `oneOf`, `then` and `else`) are
/// looked at: all branches of one of them must do. `if`, `not`, `contains` and `dependentSchemas`
/// promise nothing and are never counted.
///
/// Values are judged one level at a time from a list of those still to do, each combination of
/// schemas once: references may lead round in circles.
struct OpennessJudge {
  /// Alternatives inside alternatives at one value, at most.
  static let nestingLimit = 16

  private struct Value {
    let entries: [SchemaSite]
    /// A shared definition by itself: its length and number bounds may stand at the place of use.
    let isDefinition: Bool
  }

  /// What is wrong with a value, and what has to be judged below it.
  private struct Verdict {
    var faults: [LintFault] = []
    var below: [[SchemaSite]] = []

    mutating func add(_ other: Verdict) {
      faults += other.faults
      below += other.below
    }
  }

  private let set: SchemaSet
  private var fuel = LintFuel()
  private var pending: [Value] = []
  private var known: Set<[SchemaSite]> = []

  private init(_ set: SchemaSet) { self.set = set }

  static func judge(_ set: SchemaSet, _ issues: inout IssueList) {
    var judge = OpennessJudge(set)
    for place in set.places {
      let role = set.documents[place.site.document].role
      if place.position == .root, !role.isCommon {
        if role == .record { judge.payload(place, &issues) }
        judge.pending.append(Value(entries: [place.site], isDefinition: false))
      } else if place.position == .definition {
        judge.pending.append(Value(entries: [place.site], isDefinition: true))
      }
    }
    judge.run(&issues)
    if judge.fuel.isSpent { issues.add(.tooLarge, set.documents[0].path, "") }
  }

  private mutating func run(_ issues: inout IssueList) {
    while let value = pending.popLast(), fuel.take() {
      let whole = Conjunction(value.entries, in: set, &fuel)
      let verdict = verdict(
        on: whole, whole.members[...], told(value.entries), value, depth: 0)
      for fault in verdict.faults { issues.add(fault) }
      for entries in verdict.below where known.insert(entries).inserted {
        pending.append(Value(entries: entries, isDefinition: false))
      }
    }
  }

  /// A record's payload is an object.
  private mutating func payload(_ root: SchemaPlace, _ issues: inout IssueList) {
    let types = Conjunction([root.site], in: set, &fuel).members.compactMap(\.types)
    if let first = types.first, types.dropFirst().reduce(first, { $0.intersection($1) }) != .object
    {
      issues.add(.payload, root, "type")
    }
  }

  /// Where faults of a value are told.
  private struct Told {
    /// Bounds: at the place of use, as they may stand there whatever it refers to.
    let use: SchemaPlace
    /// All else: there too, unless it adds nothing to the definition that it refers to.
    let shape: SchemaPlace
  }

  private func told(_ entries: [SchemaSite]) -> Told? {
    guard let first = entries.first, let use = set.facts[first] else { return nil }
    var here = use
    for _ in 0..<Self.nestingLimit {
      guard here.isPlainReference, case .leads(let target) = here.reference,
        let next = set.facts[target]
      else { break }
      here = next
    }
    return Told(use: use.place, shape: here.place)
  }

  // MARK: One value

  private mutating func verdict(
    on whole: Conjunction, _ new: ArraySlice<SchemaFacts>, _ told: Told?, _ value: Value,
    depth: Int
  ) -> Verdict {
    guard let told, !whole.isOpaque, fuel.take(whole.members.count) else { return Verdict() }
    let own = own(whole, told, value)
    if own.faults.isEmpty { return own }
    guard depth < Self.nestingLimit else { return own }
    var best: Verdict?
    for group in new.flatMap(\.groups) where !group.contains(nil) {
      var verdict = Verdict()
      var hasGoodBranch = false
      for branch in group.compactMap({ $0 }) {
        let (inner, added) = whole.adding([branch], in: set, &fuel)
        let one = self.verdict(on: inner, added, self.told([branch]), value, depth: depth + 1)
        hasGoodBranch = hasGoodBranch || one.faults.isEmpty
        verdict.add(one)
      }
      if verdict.faults.isEmpty { return verdict }
      // Who leaves the type to the alternatives leaves the rest to them as well.
      let isMeant = hasGoodBranch || whole.members.allSatisfy { $0.types == nil }
      if isMeant, best.map({ verdict.faults.count < $0.faults.count }) ?? true { best = verdict }
    }
    return best ?? own
  }

  /// What the schemas that always apply say by themselves.
  private mutating func own(
    _ whole: Conjunction, _ told: Told, _ value: Value
  ) -> Verdict {
    let all = whole.members
    if all.contains(where: { $0.verdict == false || $0.isFinite }) { return Verdict() }
    let types = all.compactMap(\.types)
    guard let first = types.first else { return fault(.openValue, told.shape) }
    let admitted = types.dropFirst().reduce(first) { $0.intersection($1) }
    var verdict = Verdict()
    if !value.isDefinition {
      if admitted.contains(.string), !all.contains(where: \.boundsText) {
        verdict.add(fault(.openString, told.use))
      }
      if admitted.contains(.number), !hasBounds(all) { verdict.add(fault(.openNumber, told.use)) }
    }
    if admitted.contains(.array) { verdict.add(array(all, told, value)) }
    if admitted.contains(.object) { verdict.add(object(whole, told)) }
    return verdict
  }

  private func hasBounds(_ all: [SchemaFacts]) -> Bool {
    all.contains(where: \.boundsNumber.below) && all.contains(where: \.boundsNumber.above)
  }

  private func fault(_ rule: LintRule, _ place: SchemaPlace) -> Verdict {
    Verdict(faults: [LintFault(rule: rule, path: place.path, pointer: place.pointer)])
  }

  /// The first schema that speaks of items speaks for all of them; others may say more of theirs.
  private func array(_ all: [SchemaFacts], _ told: Told, _ value: Value) -> Verdict {
    guard let speaker = all.first(where: { $0.items != nil }), let items = speaker.items else {
      return fault(.openArray, told.shape)
    }
    guard value.isDefinition || all.contains(where: \.boundsItems) else {
      return fault(.openArray, told.use)
    }
    var rest = [items]
    if speaker.prefix.isEmpty {
      rest += all.filter { $0.prefix.isEmpty }.compactMap(\.items).filter { $0 != items }
    }
    return Verdict(below: [rest] + speaker.prefix.map { [$0] })
  }

  // MARK: Objects

  private mutating func object(_ whole: Conjunction, _ told: Told) -> Verdict {
    guard let closer = whole.closer else { return fault(.openObject, told.shape) }
    if closer.closure != .unevaluated {
      let isEmpty = closer.closure == .additional && closer.properties.isEmpty
      if isEmpty { return fault(.openObject, closer.place) }
      return Verdict(
        below: closer.properties.map { property in
          _ = fuel.take(whole.members.count)
          return unique([property.site] + whole.entries(for: property.name))
        })
    }
    let evaluated = set.evaluatedMembers(of: closer, &fuel)
    guard !evaluated.isEmpty else { return fault(.openObject, closer.place) }
    var verdict = Verdict()
    for (name, sites) in evaluated {
      _ = fuel.take(whole.members.count)
      // Looked at wherever it stands: that is enough. Else every place that lets it pass decides.
      let always = whole.entries(for: name)
      verdict.below += always.isEmpty ? sites.map { [$0] } : [always]
    }
    return verdict
  }

  private func unique(_ sites: [SchemaSite]) -> [SchemaSite] {
    var seen: Set<SchemaSite> = []
    return sites.filter { seen.insert($0).inserted }
  }
}
