public import RecordModel
public import RecordSchema

extension Node {
  /// The most assigned leads that one direction lists.
  static let assignedLimit = 500

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
    let period =
      Timestamp(startOf: from)..<Timestamp(startOf: to).advanced(byMilliseconds: 86_400_000)
    return try await read { reader in
      var tables = StatisticsTables(ledger: ledger)
      try tables.count(period, now, reader)
      return Statistics(
        from: from, to: to, asOf: now,
        peers: tables.rows.values.filter { peer == nil || $0.peer == peer }
          .sorted { ($0.peer, $0.outgoing ? 0 : 1) < ($1.peer, $1.outgoing ? 0 : 1) })
    }
  }
}

/// Adds up the rows of statistics.
private struct StatisticsTables {
  struct Key: Hashable {
    var peer: AgencyCode
    var outgoing: Bool
  }

  let ledger: Ledger
  private(set) var rows: [Key: PeerStatistics] = [:]

  init(ledger: Ledger) { self.ledger = ledger }

  mutating func count(_ period: Range<Timestamp>, _ now: Timestamp, _ reader: any StoreReader)
    throws
  {
    for count in try reader.actCounts(period) { add(count) }
    for count in try reader.stateCounts() { add(count) }
    for count in try reader.clockCounts(period, at: now) { add(count) }
    for opened in [true, false] {
      try addNumbers(try reader.documentNumbers(period, opened: opened), opened)
    }
    try addAssigned(reader)
  }

  private mutating func change(
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
      case KindName.leadDecide where count.detail == Codes.Decision.filed.rawValue:
        row.filed += count.count
      case KindName.leadDecide: row.notFiled += count.count
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
      switch count.state {
      case .transferred, .signed:
        row.open += count.count
        row.pending += count.count
      case .accepted, .decided: row.open += count.count
      default: break
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

  // MARK: Document numbers

  private mutating func addNumbers(
    _ found: [(peer: AgencyCode, docNo: String)], _ opened: Bool
  ) throws {
    struct Series: Hashable {
      var peer: AgencyCode
      var prefix: String
      var year: Int
    }
    var numbers: [Series: Set<Int>] = [:]
    for (peer, docNo) in found {
      guard let parts = DocumentNumber(docNo) else { continue }
      numbers[Series(peer: peer, prefix: parts.prefix, year: parts.year), default: []]
        .insert(parts.number)
    }
    for (series, set) in numbers.sorted(by: {
      ($0.key.year, $0.key.prefix) < ($1.key.year, $1.key.prefix)
    }) {
      guard let first = set.min(), let last = set.max() else { continue }
      var missing: [Int] = []
      var next = first
      // Numbers may lie far apart: no more is looked at than is named.
      while next < last, missing.count < NumberStatistics.missingLimit {
        if !set.contains(next) { missing.append(next) }
        next += 1
      }
      change(series.peer, opened) { row in
        row.numbers.append(
          NumberStatistics(
            prefix: series.prefix, year: series.year, first: first, last: last, count: set.count,
            missing: missing, missingCount: last - first + 1 - set.count))
      }
    }
  }

  // MARK: Assigned leads

  private mutating func addAssigned(_ reader: any StoreReader) throws {
    let lists = Summaries(ledger: ledger, registry: .builtIn, store: reader)
    let code = Codes.Source.superiorAssigned.rawValue
    for opened in [true, false] {
      let acts = try reader.openingActs(
        detail: code, opened: opened, limit: Node.assignedLimit)
      for act in acts {
        guard let entry = try reader.entry(act.thread), let state = entry.state else { continue }
        let summary = try lists.summary(entry)
        let due = try reader.projection(of: act.thread)?.clocks
          .filter { $0.clock.outcome == .open }.compactMap(\.clock.due).min()
        change(act.peer, opened) { row in
          row.assigned.append(
            AssignedLead(
              thread: act.thread, docNo: summary.docNo, title: summary.title, state: state,
              due: due))
        }
      }
    }
  }
}

/// A 发文字号 in its parts. A payload that was taken has one of this form (`cn-docno`).
struct DocumentNumber: Hashable {
  var prefix: String
  var year: Int
  var number: Int

  init?(_ text: String) {
    let scalars = Array(text.unicodeScalars)
    guard let open = scalars.firstIndex(of: "〔"), let close = scalars.firstIndex(of: "〕"),
      open < close, scalars.last == "号",
      let year = Int(String(String.UnicodeScalarView(scalars[(open + 1)..<close]))),
      let number = Int(String(String.UnicodeScalarView(scalars[(close + 1)..<(scalars.count - 1)])))
    else { return nil }
    prefix = String(String.UnicodeScalarView(scalars[..<open]))
    self.year = year
    self.number = number
  }
}
