/// The schemas that all apply to one value: what `$ref` and `allOf` lead to, each once.
struct Conjunction {
  private(set) var members: [SchemaFacts] = []
  /// Whether something in it could not be read, so that nothing can be said about the whole.
  private(set) var isOpaque = false
  private var known: Set<SchemaSite> = []

  init(_ entries: [SchemaSite], in set: SchemaSet, _ fuel: inout LintFuel) {
    add(entries, in: set, &fuel)
  }

  /// This one and what other schemas lead to; tells which those are.
  func adding(
    _ entries: [SchemaSite], in set: SchemaSet, _ fuel: inout LintFuel
  ) -> (whole: Conjunction, new: ArraySlice<SchemaFacts>) {
    var whole = self
    _ = fuel.take(members.count)
    whole.add(entries, in: set, &fuel)
    return (whole, whole.members[members.count...])
  }

  private mutating func add(
    _ entries: [SchemaSite], in set: SchemaSet, _ fuel: inout LintFuel
  ) {
    var pending: [SchemaSite] = entries.reversed()
    while let site = pending.popLast() {
      guard fuel.take(), known.insert(site).inserted, let facts = set.facts[site] else { continue }
      members.append(facts)
      switch facts.reference {
      case .none: break
      case .leads(let target): pending.append(target)
      case .opaque: isOpaque = true
      }
      pending += facts.allOf.reversed()
    }
  }

  /// The first schema that closes an object, unless there is none.
  var closer: SchemaFacts? { members.first { $0.closure != .open } }

  /// Schemas for a member, from all that say something about it.
  func entries(for name: String) -> [SchemaSite] { members.compactMap { $0.siteByName[name] } }
}

extension SchemaSet {
  /// All that lets a member pass a schema's `unevaluatedProperties`: what applies in place and
  /// holds, `if` included; only `not` lets nothing pass.
  func evaluatedMembers(
    of closer: SchemaFacts, _ fuel: inout LintFuel
  ) -> [(name: String, sites: [SchemaSite])] {
    var names: [String] = []
    var sites: [String: [SchemaSite]] = [:]
    var seen: Set<SchemaSite> = []
    var pending = [closer.place.site]
    while let site = pending.popLast(), fuel.take() {
      guard seen.insert(site).inserted, let facts = facts[site] else { continue }
      for property in facts.properties {
        if sites[property.name] == nil { names.append(property.name) }
        sites[property.name, default: []].append(property.site)
      }
      if case .leads(let target) = facts.reference { pending.append(target) }
      pending += facts.inPlace + [facts.condition].compactMap { $0 }
    }
    return names.map { ($0, sites[$0] ?? []) }
  }
}

/// Steps that are left. Judging stops where there are none; that is told.
struct LintFuel {
  private(set) var isSpent = false
  private var left = SchemaLinter.stepLimit

  mutating func take(_ count: Int = 1) -> Bool {
    left -= count
    if left < 0 { isSpent = true }
    return !isSpent
  }
}
