import RecordSchema

/// The working out of one thread's clocks.
struct ClockRun {
  /// A record that counts, and its place in the thread's order.
  struct Act {
    let entry: ThreadEntry
    let place: Int

    var id: RecordID { entry.id }
  }

  /// A clock that was worked out, and where it began.
  struct Made {
    var clock: ThreadClock
    let place: Int
  }

  let thread: ClockedThread
  let rules: [ClockRule]
  let counting: ClockCounting
  let reading: ClockReading
  let opening: ThreadEntry
  /// The standing acts in the thread's order.
  let acts: [Act]
  /// The act that brought the thread to its end.
  let end: Act?

  private let byKind: [String: [Act]]
  private let byID: [RecordID: Act]
  private let answers: [RecordID: [Act]]

  init(_ thread: ClockedThread, rules: [ClockRule], counting: ClockCounting) {
    let standings = thread.standing.standings
    let entries = thread.standing.acts.filter { standings[$0.id] == .stands }
    let acts = entries.enumerated().map { Act(entry: $1, place: $0) }
    self.thread = thread
    self.rules = rules.filter { $0.isOn && $0.isMeasured }
    self.counting = counting
    self.acts = acts
    opening = thread.standing.opening
    reading = ClockReading(
      entries, payloads: thread.payloads, kinds: ClockReading.kinds(of: rules))
    byKind = Dictionary(grouping: acts, by: \.entry.kind)
    byID = Dictionary(acts.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    answers = Dictionary(
      grouping: acts.filter { $0.entry.replyTo != nil }, by: { $0.entry.replyTo ?? $0.id })
    end = Self.end(of: thread.standing, acts)
  }

  /// The first act that leads to the state in which the thread is, where that is an end.
  private static func end(of standing: ThreadStanding, _ acts: [Act]) -> Act? {
    let state = standing.state
    guard !state.isOpen else { return nil }
    let rows = ThreadTable.builtIn.acts.filter { $0.next == state }
    let kinds = Set(rows.map(\.kind))
    // What ends a thread by taking it back or winding it up answers its first record; the same
    // kinds may answer others and end nothing.
    let endsByOpening = state == .withdrawn || state == .concluded || state == .replied
    return acts.first { act in
      kinds.contains(act.entry.kind) && act.entry.replyTo != nil
        && (!endsByOpening || act.entry.replyTo == standing.opening.id)
    }
  }

  func act(_ id: RecordID?) -> Act? { id.flatMap { byID[$0] } }

  func acts(of kind: String) -> [Act] { byKind[kind] ?? [] }

  func answers(to id: RecordID) -> [Act] { answers[id] ?? [] }

  func party(_ act: Act) -> ThreadParty {
    act.entry.direction == opening.direction ? .opener : .receiver
  }

  // MARK: All clocks

  func clocks() -> [ThreadClock] {
    var made = MadeClocks()
    for rule in rules where rule.follows == nil && fits(rule) {
      made.add(clocks(of: rule) { counted(rule, $0) })
    }
    // A clock that stops with another's comes after it: one that began earlier in the thread.
    let followers = rules.filter { $0.follows != nil && fits($0) }
    for act in acts {
      for rule in followers where rule.start?.kind == act.entry.kind {
        let new = clocks(of: rule, from: [act]) { following(rule, $0, made) }
        made.add(new)
      }
    }
    limitNumber(&made.list)
    attachReminders(&made)
    return made.list.map(\.clock).sorted { ($0.start, $0.rule) < ($1.start, $1.rule) }
  }

  /// Whether a rule is about threads of this family between such agencies.
  private func fits(_ rule: ClockRule) -> Bool {
    (rule.family.map { $0 == thread.standing.family } ?? true)
      && (rule.openerRoles.isEmpty || rule.openerRoles.contains(thread.openerRole))
      && (rule.receiverRoles.isEmpty || rule.receiverRoles.contains(thread.receiverRole))
      && reading.holds(rule.opening, of: opening.id) != .no
  }

  private func clocks(
    of rule: ClockRule, from starts: [Act]? = nil, _ make: (ClockBeginning) -> ThreadClock?
  ) -> [Made] {
    guard let start = rule.start else { return [] }
    return (starts ?? acts(of: start.kind)).compactMap { act in
      guard let beginning = beginning(rule, start, act) else { return nil }
      return make(beginning).map { Made(clock: $0, place: act.place) }
    }
  }

  /// Marks those of one rule that are more than it allows, in the thread's order.
  private func limitNumber(_ made: inout [Made]) {
    for rule in rules {
      guard let atMost = rule.atMost else { continue }
      let places = made.indices.filter { made[$0].clock.rule == rule.id }
        .sorted { made[$0].place < made[$1].place }
      for index in places.dropFirst(atMost) { made[index].clock.flags.append(.tooMany) }
    }
  }

  /// Ties each reminder to the newest clock of the rule that it names which its addressee owes.
  private func attachReminders(_ made: inout MadeClocks) {
    for act in acts(of: KindName.noticeRemind) {
      guard case .value(let node) = reading.find("/clock", in: act.id), let rule = node.string
      else { continue }
      let newest = made.newest(of: rule, owedBy: party(act).other, before: act.place)
      if let newest, made.list[newest].clock.reminded == nil {
        made.list[newest].clock.reminded = act.id
      }
    }
  }
}

/// The clocks of one thread as they are worked out, found by rule and owner.
struct MadeClocks {
  private struct Key: Hashable {
    let rule: String
    let owner: ThreadParty
  }

  var list: [ClockRun.Made] = []
  /// Indices into `list`; those of one key ascend in place, as a rule's clocks are worked out in the
  /// order of the acts that start them.
  private var byKey: [Key: [Int]] = [:]

  mutating func add(_ new: [ClockRun.Made]) {
    for made in new {
      byKey[Key(rule: made.clock.rule, owner: made.clock.owner), default: []].append(list.count)
      list.append(made)
    }
  }

  /// Of those that began before a place the one that began last.
  func newest(of rule: String, owedBy owner: ThreadParty, before place: Int) -> Int? {
    guard let indices = byKey[Key(rule: rule, owner: owner)] else { return nil }
    var (low, high) = (0, indices.count)
    while low < high {
      let middle = (low + high) / 2
      if list[indices[middle]].place < place { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? indices[low - 1] : nil
  }
}
