public import RecordModel
public import RecordSchema

extension Node {
  /// The most assigned leads that one direction lists, and how many are looked at for them.
  static let assignedLimit = 500
  static let assignedLookedAt = 20_000

  /// Counts what became of leads between two days, both included, with every peer or with one. Works
  /// off first what has not been worked off.
  /// - Parameters:
  ///   - from: the first day; where nil, the first of `to`'s month.
  ///   - to: the last day; where nil, today.
  /// - Throws: `statistics.period` where `from` lies after `to`.
  public func statistics(
    from: CalendarDate?, to: CalendarDate?, peer: AgencyCode? = nil
  ) async throws -> Statistics {
    let now = environment.now()
    guard let to = to ?? now.day,
      let from = from ?? CalendarDate(year: to.year, month: to.month, day: 1), from <= to
    else { throw ExchangeError(.statisticsPeriod, "the first day lies after the last") }
    try await projectAll()
    let ledger = committer.durable { $0 }
    let end = Timestamp(startOf: to).advanced(byMilliseconds: 86_400_000)
    let year = CalendarDate(year: from.year, month: 1, day: 1) ?? from
    return try await read { [self] reader in
      var tables = StatisticsTables(ledger: ledger, lists: summaries(ledger, reader))
      try tables.count(
        Timestamp(startOf: from)..<end, years: Timestamp(startOf: year)..<end, now, reader)
      return Statistics(
        from: from, to: to, asOf: now,
        peers: tables.rows.values.filter { peer == nil || $0.peer == peer }
          .sorted { ($0.peer, $0.outgoing ? 0 : 1) < ($1.peer, $1.outgoing ? 0 : 1) })
    }
  }
}

/// Adds up the rows of statistics.
struct StatisticsTables {
  struct Key: Hashable {
    var peer: AgencyCode
    var outgoing: Bool
  }

  let ledger: Ledger
  let lists: Summaries
  private(set) var rows: [Key: PeerStatistics] = [:]

  init(ledger: Ledger, lists: Summaries) {
    self.ledger = ledger
    self.lists = lists
  }

  /// - Parameter years: the period, begun with its first year.
  mutating func count(
    _ period: Range<Timestamp>, years: Range<Timestamp>, _ now: Timestamp, _ reader: any StoreReader
  ) throws {
    for count in try reader.actCounts(period) { add(count) }
    for count in try reader.stateCounts() { add(count) }
    for count in try reader.clockCounts(period, at: now) { add(count) }
    try subtractGivenUp(reader)
    for opened in [true, false] {
      try addNumbers(try reader.documentNumbers(years, opened: opened), opened)
    }
    try addAssigned(reader)
  }

  mutating func change(
    _ peer: AgencyCode, _ outgoing: Bool, _ body: (inout PeerStatistics) -> Void
  ) {
    let key = Key(peer: peer, outgoing: outgoing)
    let name = ledger.directory.nodes[peer]?.name
    body(&rows[key, default: PeerStatistics(peer: peer, name: name, outgoing: outgoing)])
  }

  private mutating func add(_ count: ActCount) {
    change(count.peer, count.opened) { row in
      switch count.kind {
      case KindName.leadTransfer, KindName.leadForward: row.sent += count.count
      case KindName.leadSign: row.signed += count.count
      case KindName.leadAccept: row.accepted += count.count
      case KindName.leadRefuse: row.refused[count.detail ?? "", default: 0] += count.count
      case KindName.leadReturn: row.returned[count.detail ?? "", default: 0] += count.count
      case KindName.leadForwarded: row.forwarded += count.count
      case KindName.leadDecide:
        row.decided += count.count
        if count.detail == Codes.Decision.filed.rawValue { row.filed += count.count }
        if count.detail == Codes.Decision.notFiled.rawValue { row.notFiled += count.count }
      case KindName.leadClose: row.closed += count.count
      case KindName.recordWithdraw
      where [KindName.leadTransfer, KindName.leadForward].contains(count.detail):
        row.withdrawn += count.count
      default: break
      }
    }
  }

  private mutating func add(_ count: StateCount) {
    guard let state = ledger.channels[count.channel]?.state else { return }
    let outgoing = state.role == .outbound
    let direction = state.origin.direction
    change(outgoing ? direction.to : direction.from, outgoing) { row in
      row.add(count.state, count.count)
    }
  }

  /// First records that a new epoch gave up keep their state in the index, and stand in the new
  /// epoch again.
  private mutating func subtractGivenUp(_ reader: any StoreReader) throws {
    for book in ledger.channels.values where book.state.role == .outbound {
      let state = book.state
      let peer = state.origin.direction.to
      guard ledger.outbound[peer] != state.number else { continue }
      for seq in state.receiptedSize..<max(state.receiptedSize, state.size) {
        let position = RecordPosition(channel: state.number, seq: seq)
        guard let held = try reader.header(at: position), !held.refused,
          let entry = try reader.entry(try Judge.stored(held.header).id),
          entry.position == position, let stood = entry.state
        else { continue }
        change(peer, true) { $0.add(stood, -1) }
      }
    }
  }

  private mutating func add(_ count: ClockCount) {
    change(count.peer, count.opened) { row in
      let place =
        row.rules.firstIndex { $0.rule == count.rule && $0.ours == count.ours }
        ?? {
          row.rules.append(RuleStatistics(rule: count.rule, ours: count.ours))
          return row.rules.count - 1
        }()
      switch count.state {
      case .met: row.rules[place].onTime += count.count
      case .late: row.rules[place].late += count.count
      case .overdue: row.rules[place].overdue += count.count
      case .lapsed: row.rules[place].lapsed += count.count
      case .running, .dueSoon, .paused, .cancelled, .uncomputable: break
      }
    }
  }
}

extension PeerStatistics {
  /// Counts leads in a state.
  fileprivate mutating func add(_ state: ThreadState, _ count: Int) {
    switch state {
    case .transferred, .signed:
      open += count
      pending += count
    case .accepted, .decided: open += count
    default: break
    }
  }
}
