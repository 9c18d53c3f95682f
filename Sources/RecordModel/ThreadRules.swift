public import RecordSchema

/// What may follow what in a thread. Every function is a pure function of its arguments: two nodes
/// that pass the same records get the same answer.
public enum ThreadRules {
  /// What is wrong with a record as the next act of its thread; empty when it may stand.
  ///
  /// Judged at the record's cut: of `entries` only those count that stand before it in its own log
  /// (of which this is `epoch`) or that it had seen of the reverse log. Refused entries and those
  /// of other directions never count, so it does no harm to pass more than the cut, in any order.
  ///
  /// Violations: `thread:kind` (not a kind that this version knows), `thread:opening` (a first
  /// record that names another thread or answers something), `thread:unknown` (the thread has no
  /// first record), `thread:party` (the wrong end sends it), `thread:answers` (`replyTo` is not
  /// what this kind answers), `thread:duplicate` (the act has been done), `thread:successor` (not
  /// allowed as the thread stands). System records stand outside threads and are never refused.
  public static func judge(
    _ header: RecordHeader, epoch: UInt32, entries: [ThreadEntry]
  ) -> [Violation] {
    ThreadRuleBook.builtIn.judge(header, epoch: epoch, entries: entries)
  }

  /// Where a thread stands when all of `entries` (of one thread, in any order) are known; nil when
  /// no first record that was not refused is among them.
  public static func state(_ entries: [ThreadEntry]) -> ThreadState? {
    ThreadRuleBook.builtIn.state(entries)
  }

  /// The kinds that one end may send next, sorted; nil stands for a thread that does not exist.
  public static func allowedNext(state: ThreadState?, for party: ThreadParty) -> [String] {
    ThreadRuleBook.builtIn.allowedNext(state: state, for: party)
  }
}

/// What one kind of act may do in a thread.
struct ActRule: Sendable {
  var kind: String
  var titleZH: String
  /// Which end sends it.
  var party: ThreadParty
  /// The states in which it may come; empty for a kind that opens a thread.
  var after: Set<ThreadState>
  /// The kinds of record that `replyTo` may name; empty for a kind that opens a thread.
  var answers: Set<String>
  /// The state that it leads to.
  var state: ThreadState

  var opens: Bool { after.isEmpty }
}

/// Of two acts that crossed, which stands and which is void, with everything that answers it.
struct CrossingRule: Sendable {
  var standing: String
  var void: String
}

/// The tables, and the one interpreter of them.
struct ThreadRuleBook: Sendable {
  private let acts: [String: ActRule]
  private let crossings: [CrossingRule]

  /// The rules of RECORDS section 1 for the kinds that this version knows. No crossings yet: after
  /// a transfer only its receiver acts, and one sender's acts are ordered by its own log.
  static let builtIn = ThreadRuleBook(
    acts: [
      ActRule(
        kind: KindName.leadTransfer, titleZH: "移送", party: .opener, after: [], answers: [],
        state: .transferred),
      ActRule(
        kind: KindName.leadSign, titleZH: "签收", party: .receiver, after: [.transferred],
        answers: [KindName.leadTransfer], state: .signed),
      ActRule(
        kind: KindName.leadAccept, titleZH: "受理", party: .receiver, after: [.signed],
        answers: [KindName.leadSign], state: .accepted),
      ActRule(
        kind: KindName.leadRefuse, titleZH: "不予受理", party: .receiver, after: [.signed],
        answers: [KindName.leadSign], state: .refused),
      ActRule(
        kind: KindName.leadReturn, titleZH: "退回", party: .receiver, after: [.signed],
        answers: [KindName.leadSign], state: .returned),
    ],
    crossings: [])

  init(acts: [ActRule], crossings: [CrossingRule]) {
    self.acts = Dictionary(uniqueKeysWithValues: acts.map { ($0.kind, $0) })
    self.crossings = crossings
  }

  func state(_ entries: [ThreadEntry]) -> ThreadState? {
    history(entries)?.state
  }

  func allowedNext(state: ThreadState?, for party: ThreadParty) -> [String] {
    acts.values.filter { act in
      act.party == party && (state.map(act.after.contains) ?? act.opens)
    }.map(\.kind).sorted()
  }

  func rule(_ kind: String) -> ActRule? { acts[kind] }

  func titleZH(_ kind: String) -> String { acts[kind]?.titleZH ?? kind }
}

// MARK: - History

extension ThreadRuleBook {
  /// What stands of a thread: its acts in order, the first of which opened it.
  struct History {
    var opening: ThreadEntry
    var acts: [ThreadEntry]
    var state: ThreadState
  }

  /// The acts of one thread that stand, or nil where none opens it.
  func history(_ entries: [ThreadEntry]) -> History? {
    let merged = Self.merge(entries.filter { !$0.refused && acts[$0.kind] != nil })
    guard let opening = merged.first(where: { acts[$0.kind]?.opens == true }) else { return nil }
    let between = merged.filter {
      $0.direction == opening.direction || $0.direction == opening.direction.reversed
    }
    let void = voided(between)
    let standing = between.filter { entry in
      !void.contains(entry.id) && (entry.id == opening.id || acts[entry.kind]?.opens == false)
    }
    guard let last = standing.last, let state = acts[last.kind]?.state else { return nil }
    return History(opening: opening, acts: standing, state: state)
  }

  /// Both logs as one list in which every entry comes after those of its cut. Of two that crossed,
  /// that of the lower agency code comes first: an arbitrary choice that both ends make alike.
  static func merge(_ entries: [ThreadEntry]) -> [ThreadEntry] {
    var logs: [[ThreadEntry]] = Dictionary(grouping: entries, by: \.direction).values
      .map { log in log.sorted { ($0.epoch, $0.seq) < ($1.epoch, $1.seq) } }
      .sorted { left, right in
        // Grouping made no list empty.
        (left[0].direction.from, left[0].direction.to)
          < (right[0].direction.from, right[0].direction.to)
      }
    var merged: [ThreadEntry] = []
    merged.reserveCapacity(entries.count)
    while !logs.isEmpty {
      // A head that no other head precedes. Two that claim to precede each other cannot both be
      // true; the first is taken then, so that the loop always ends.
      let next =
        logs.indices.first { index in
          !logs.indices.contains { $0 != index && logs[$0][0].precedes(logs[index][0]) }
        } ?? 0
      merged.append(logs[next].removeFirst())
      if logs[next].isEmpty { logs.remove(at: next) }
    }
    return merged
  }

  /// The acts that a crossing voids, and everything that answers them.
  ///
  /// An act is void when it answers a void act, or when the table voids it by an act that stands; a
  /// void act voids nothing. Where that leaves a circle, its first act in merged order stands.
  private func voided(_ merged: [ThreadEntry]) -> Set<RecordID> {
    if crossings.isEmpty { return [] }
    var undecided = merged
    var void: Set<RecordID> = []
    var standing: Set<RecordID> = []
    while !undecided.isEmpty {
      let open = Set(undecided.map(\.id))
      var decided = 0
      for entry in undecided {
        let rivals = merged.filter { voids($0, entry) && !void.contains($0.id) }
        if entry.replyTo.map(void.contains) ?? false
          || rivals.contains(where: { standing.contains($0.id) })
        {
          void.insert(entry.id)
          decided += 1
        } else if rivals.isEmpty, !(entry.replyTo.map(open.contains) ?? false) {
          standing.insert(entry.id)
          decided += 1
        }
      }
      if decided == 0 { standing.insert(undecided[0].id) }
      undecided.removeAll { void.contains($0.id) || standing.contains($0.id) }
    }
    return void
  }

  /// Whether the table voids `entry` by `rival`, if that stands.
  private func voids(_ rival: ThreadEntry, _ entry: ThreadEntry) -> Bool {
    crossings.contains { $0.standing == rival.kind && $0.void == entry.kind }
      && rival.crosses(entry)
  }
}
