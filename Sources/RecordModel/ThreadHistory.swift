/// What came of a record that a thread took.
public enum ActStanding: String, Hashable, Sendable, CaseIterable {
  /// It counts.
  case stands
  /// Its sender withdrew it. Only what asks for something is withdrawn like this; the withdrawal of
  /// a first record is a state of the thread.
  case withdrawn
  /// It crossed an act before which it gives way, or it answers what does not count.
  case void
}

/// A thread as far as it is known: its acts, which of them count, and where it stands.
///
/// Everything here depends on the set of acts and on what their senders had seen, never on the order
/// in which they were learned or on which agency code is lower. What a crossing has made void stays
/// void as more is learned.
struct ThreadHistory {
  let table: ThreadTable
  let opening: ThreadEntry
  let family: ThreadFamily
  /// Every act that was not refused, each after those that its sender had seen; where that leaves a
  /// choice, the opener's first.
  let acts: [ThreadEntry]
  private(set) var void: Set<RecordID> = []
  private(set) var withdrawn: Set<RecordID> = []
  private(set) var state: ThreadState
  /// How many acts that change no state each end has sent. Those that fell count too, else an end
  /// could send without bound by withdrawing what it has sent.
  private var asides: [Direction: Int] = [:]
  private let places: [RecordID: Int]
  /// What answers a record and stands, as places in `acts`.
  private var answers: [RecordID: [Int]] = [:]

  /// The thread that `entries` make, in any order; nil where none of them opens it, or where two do
  /// that crossed. Refused entries, unknown kinds and other directions do not count.
  init?(_ entries: [ThreadEntry], table: ThreadTable) {
    let known = entries.filter { !$0.refused && table.knows($0.kind) }
    let candidates = known.filter { $0.replyTo == nil && table.opening($0.kind) != nil }
    guard
      let opening = candidates.first(where: { first in
        candidates.allSatisfy { $0 == first || first.precedes($0) }
      }), let state = table.opening(opening.kind)?.next,
      let family = ThreadFamily.allCases.first(where: { $0.states.contains(state) })
    else { return nil }
    self.table = table
    self.opening = opening
    self.family = family
    self.state = state
    acts = Self.merge(known, from: opening.direction)
    places = Dictionary(
      acts.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    decideStandings()
    for (place, act) in acts.enumerated() {
      let next = effect(of: act)
      if next == nil, act.id != opening.id { asides[act.direction, default: 0] += 1 }
      guard stands(act.id) else { continue }
      if let answered = act.replyTo { answers[answered, default: []].append(place) }
      // A state that is an end stays: what comes after it here crossed it.
      if self.state.isOpen, let next { self.state = next }
    }
  }

  /// Both logs as one list. Two entries that claim to have seen each other cannot both be right;
  /// the opener's comes first then.
  static func merge(_ entries: [ThreadEntry], from direction: Direction) -> [ThreadEntry] {
    func log(_ direction: Direction) -> [ThreadEntry] {
      entries.filter { $0.direction == direction }
        .sorted { ($0.epoch, $0.seq) < ($1.epoch, $1.seq) }
    }
    let (ours, theirs) = (log(direction), log(direction.reversed))
    var merged: [ThreadEntry] = []
    merged.reserveCapacity(ours.count + theirs.count)
    var next = 0
    for entry in ours {
      while next < theirs.count, theirs[next].precedes(entry), !entry.precedes(theirs[next]) {
        merged.append(theirs[next])
        next += 1
      }
      merged.append(entry)
    }
    return merged + theirs[next...]
  }
}

// MARK: - Looking things up

extension ThreadHistory {
  func act(_ id: RecordID) -> ThreadEntry? { places[id].map { acts[$0] } }

  func stands(_ id: RecordID) -> Bool { !void.contains(id) && !withdrawn.contains(id) }

  func standing(_ id: RecordID) -> ActStanding {
    void.contains(id) ? .void : withdrawn.contains(id) ? .withdrawn : .stands
  }

  func party(_ direction: Direction) -> ThreadParty {
    direction == opening.direction ? .opener : .receiver
  }

  /// Whether an end has sent as much that changes no state as a thread takes.
  func isFull(_ direction: Direction) -> Bool {
    asides[direction, default: 0] >= table.asideLimit
  }

  /// The acts that answer a record and stand.
  func answers(to id: RecordID) -> [ThreadEntry] { (answers[id] ?? []).map { acts[$0] } }

  /// Whether a record may be what an act of this row answers, by what it is.
  func fits(_ answered: ThreadEntry, _ row: ActRow) -> Bool {
    switch row.answers {
    case .nothing: false
    case .opening: answered.id == opening.id
    case .one(let kinds): kinds.contains(answered.kind)
    case .newest(let kind): answered.kind == kind
    case .any(let barred): !barred.contains(answered.kind)
    }
  }

  /// The newest record that an act of this kind could answer, whoever sends it and whenever.
  func candidate(for kind: String) -> ThreadEntry? {
    let rows = table.rows(kind)
    return acts.last { act in stands(act.id) && rows.contains { fits(act, $0) } }
  }

  /// Whether what a request asks for has been done.
  func isSettled(_ request: ThreadEntry) -> Bool {
    let kinds = table.settling(request.kind)
    if kinds.isEmpty { return false }
    if request.id == opening.id {
      return acts.contains { kinds.contains($0.kind) && stands($0.id) }
    }
    return answers(to: request.id).contains { kinds.contains($0.kind) }
  }

  /// Whether a request of this kind stands and has not been settled.
  func isPending(_ kind: String) -> Bool {
    acts.contains { $0.kind == kind && stands($0.id) && !isSettled($0) }
  }
}

// MARK: - What counts

extension ThreadHistory {
  /// The state that an act leads to in a thread like this; nil where it changes none.
  private func effect(of act: ThreadEntry) -> ThreadState? {
    guard let answered = act.replyTo.flatMap(self.act) else { return nil }
    return table.rows(act.kind).first { row in
      row.next != nil && fits(answered, row) && row.after.contains(where: family.states.contains)
    }?.next
  }

  /// No act of a kind that a crossing can void is answered by one that voids or settles, so one pass
  /// finds what crossed, and one more what answers it (a test holds the table to that).
  private mutating func decideStandings() {
    var answers: [RecordID: [ThreadEntry]] = [:]
    for act in acts {
      if let answered = act.replyTo { answers[answered, default: []].append(act) }
    }
    for act in acts {
      guard let answered = act.replyTo else { continue }
      let siblings = answers[answered] ?? []
      if table.crossings.contains(where: { crossing in
        crossing.void == act.kind
          && siblings.contains { $0.kind == crossing.by && $0.crosses(act) }
      }) {
        void.insert(act.id)
      }
      if act.kind == KindName.recordWithdraw { decide(act, siblings) }
    }
    for act in acts {
      guard let answered = act.replyTo, !stands(answered) else { continue }
      // The withdrawal is the one answer to what it withdraws that counts.
      if act.kind != KindName.recordWithdraw { void.insert(act.id) }
    }
  }

  /// Whether a withdrawal stands, and with it what it withdraws does not.
  private mutating func decide(_ withdrawal: ThreadEntry, _ siblings: [ThreadEntry]) {
    guard let target = withdrawal.replyTo.flatMap(act) else { return }
    let kinds = table.settling(target.kind)
    let isOpening = target.id == opening.id
    let rivals = isOpening ? acts : siblings
    if rivals.contains(where: { kinds.contains($0.kind) && $0.crosses(withdrawal) }) {
      void.insert(withdrawal.id)
    } else if !isOpening {
      withdrawn.insert(target.id)
    }
  }
}
