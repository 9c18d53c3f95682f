/// Why an act may not come, although the thread's state allows its kind.
enum Hindrance: Hashable {
  case party, notNewest, repeated, fallen, settled, full
  case pending(String)
}

extension ThreadHistory {
  /// What stands in the way of an act of this row, sent in `direction`, that answers `answered`.
  /// The state and what the row answers have been compared before.
  func hindrance(_ row: ActRow, _ direction: Direction, _ answered: ThreadEntry) -> Hindrance? {
    if !allows(row, direction, answered) { return .party }
    if isRepeat(row, answered.id) { return .repeated }
    if !stands(answered.id) { return .fallen }
    if case .newest(let kind) = row.answers,
      acts.last(where: { $0.kind == kind && stands($0.id) })?.id != answered.id
    {
      return .notNewest
    }
    if row.isForUnsettled, isSettled(answered) { return .settled }
    if let kind = row.waitsFor, isPending(kind) { return .pending(kind) }
    if row.next == nil, isFull(direction) { return .full }
    return nil
  }

  /// Whether the row lets this end send it.
  func allows(_ row: ActRow, _ direction: Direction, _ answered: ThreadEntry?) -> Bool {
    switch row.party {
    case .either: true
    case .opener: party(direction) == .opener
    case .receiver: party(direction) == .receiver
    case .author: answered.map { $0.direction == direction } ?? true
    }
  }

  /// Whether the act has been done as often as the row allows.
  func isRepeat(_ row: ActRow, _ answered: RecordID?) -> Bool {
    guard row.frequency == .once, let answered else { return false }
    return answers(to: answered).contains { $0.kind == row.kind }
  }

  /// What one end may send next, sorted by kind.
  func allowedNext(for party: ThreadParty) -> [NextAct] {
    let direction = party == .opener ? opening.direction : opening.direction.reversed
    let rows = table.acts.filter { $0.after.contains(state) }
    var answered: [String: [RecordID]] = [:]
    for act in acts {
      for row in rows where fits(act, row) && hindrance(row, direction, act) == nil {
        answered[row.kind, default: []].append(act.id)
      }
    }
    return answered.map { NextAct(kind: $0, answers: $1) }.sorted { $0.kind < $1.kind }
  }

  /// What either end may send next, in words.
  func nextText() -> (english: String, chinese: String) {
    var english: [String] = []
    var chinese: [String] = []
    for party in ThreadParty.allCases {
      let kinds = allowedNext(for: party).map(\.kind)
      guard !kinds.isEmpty else { continue }
      english.append("\(party.title) may send \(kinds.joined(separator: ", "))")
      chinese.append(
        "\(party.titleZH)可发送\(kinds.map(KindName.titleZH).joined(separator: "、"))")
    }
    guard !english.isEmpty else {
      return (
        "The thread is \(state.rawValue); nothing may follow.",
        "该移送链\(state.titleZH)，不得再有后续文书。"
      )
    }
    return (
      "The thread is \(state.rawValue); next, \(english.joined(separator: "; ")).",
      "该移送链\(state.titleZH)，接下来\(chinese.joined(separator: "；"))。"
    )
  }
}
