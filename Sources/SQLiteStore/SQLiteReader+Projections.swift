import Exchange
import RecordModel

extension SQLiteReading {
  func projection(of thread: RecordID) throws -> ThreadProjection? {
    let acts = try connection[.threadActs].all(.id(thread)) { try $0.act() }
    let clocks = try connection[.threadClocks].all(.id(thread)) { try $0.clock() }
    let links = try connection[.threadLinks].all(.id(thread)) { try $0.link() }
    if acts.isEmpty, clocks.isEmpty, links.isEmpty { return nil }
    return ThreadProjection(thread: thread, acts: acts, clocks: clocks, links: links)
  }

  func links(to thread: RecordID) throws -> [LinkRow] {
    try connection[.linksTo].all(.id(thread)) { try $0.link() }
  }

  func actCounts(_ period: Range<Timestamp>) throws -> [ActCount] {
    try connection[.actCounts].all(
      .time(period.lowerBound), .time(period.upperBound)
    ) { row in
      ActCount(
        peer: try row.agency(0), opened: row.flag(1), ours: row.flag(2), kind: row.text(3),
        detail: row.optional(4, row.text), count: Int(row.integer(5)))
    }
  }

  func openingActs(detail: String, opened: Bool, limit: Int) throws -> [KeptAct] {
    guard limit > 0 else { return [] }
    return try connection[.openingActs].all(
      .flag(opened), .text(detail), .integer(Int64(limit))
    ) { try $0.act() }
  }

  func documentNumbers(
    _ period: Range<Timestamp>, opened: Bool
  ) throws -> [(peer: AgencyCode, docNo: String)] {
    try connection[.documentNumbers].all(
      .flag(opened), .time(period.lowerBound), .time(period.upperBound)
    ) { (peer: try $0.agency(0), docNo: $0.text(1)) }
  }

  func clockCounts(_ period: Range<Timestamp>, at now: Timestamp) throws -> [ClockCount] {
    try connection[.clockCounts].all(
      .time(now), .time(period.lowerBound), .time(period.upperBound)
    ) { try $0.clockCount() }
  }

  func clockStates(at now: Timestamp) throws -> [ClockCount] {
    try connection[.clockStates].all(.time(now)) { try $0.clockCount() }
  }

  func stateCounts() throws -> [StateCount] {
    try connection[.stateCounts].all { row in
      StateCount(
        channel: ChannelNumber(rawValue: row.integer(0)),
        state: try row.parsed(1) { ThreadState(rawValue: $0) }, count: Int(row.integer(2)))
    }
  }

  func openClocks(
    _ filter: ClockFilter, after cursor: ClockCursor?, limit: Int
  ) throws -> [ClockRow] {
    guard limit > 0 else { return [] }
    var rows: [ClockRow] = []
    for stream in ClockStream.streams(for: filter) {
      rows += try stream.read(connection, filter: filter, after: cursor, limit: limit)
    }
    // As with index entries: each stream is in order and holds what it could add to the answer.
    rows.sort { $0.comesBefore($1) }
    return Array(rows.prefix(limit))
  }
}

/// Open clocks that one SQLite index delivers in the order of the list.
enum ClockStream {
  /// Those that this node's agency, or its peers, have to keep.
  case owner(ours: Bool)
  /// Those that wait for a reminder.
  case remind

  static func streams(for filter: ClockFilter) -> [ClockStream] {
    if filter.toRemind { return filter.ours == true ? [] : [.remind] }
    return filter.ours.map { [.owner(ours: $0)] } ?? [.owner(ours: true), .owner(ours: false)]
  }

  /// The question's text. Its parameters: limit, due before, peer, then the cursor's due time,
  /// thread, rule and start.
  func sql(_ filter: ClockFilter, hasCursor: Bool) -> String {
    var conditions = ["outcome = 'open'", "due IS NOT NULL"]
    switch self {
    case .owner(let ours): conditions.append("ours = \(ours ? 1 : 0)")
    case .remind: conditions += ["ours = 0", "remind IS NOT NULL", "reminded IS NULL"]
    }
    if filter.dueBefore != nil { conditions.append("due < ?2") }
    if filter.peer != nil { conditions.append("peer = ?3") }
    if hasCursor { conditions.append("(due, thread, rule, start) > (?4, ?5, ?6, ?7)") }
    return """
      SELECT \(StatementName.clockColumns) FROM clock INDEXED BY \(index(filter))
      WHERE \(conditions.joined(separator: " AND "))
      ORDER BY due, thread, rule, start LIMIT ?1
      """
  }

  /// Those that wait for a reminder are few, whatever the peer.
  private func index(_ filter: ClockFilter) -> String {
    switch self {
    case .owner: filter.peer == nil ? "clock_open" : "clock_peer"
    case .remind: "clock_remind"
    }
  }

  func read(
    _ connection: Connection, filter: ClockFilter, after cursor: ClockCursor?, limit: Int
  ) throws -> [ClockRow] {
    var values: [Binding] = [
      .integer(Int64(limit)), .optional(filter.dueBefore?.milliseconds),
      .optional(filter.peer?.rawValue),
    ]
    if let cursor {
      values += [.time(cursor.due), .id(cursor.thread), .text(cursor.rule), .id(cursor.start)]
    }
    let query = try connection.query(sql(filter, hasCursor: cursor != nil))
    // A statement has only as many parameters as its text names.
    values.removeLast(max(0, values.count - query.parameterCount))
    return try query.execute(values) { try query.rows { try $0.clock() } }
  }
}

extension ClockRow {
  /// The order of `openClocks`; a row without a due time is not in such a list.
  fileprivate func comesBefore(_ other: ClockRow) -> Bool {
    if clock.due != other.clock.due {
      return clock.due.map { due in other.clock.due.map { due < $0 } ?? true } ?? false
    }
    if thread != other.thread { return thread < other.thread }
    if !clock.rule.utf8.elementsEqual(other.clock.rule.utf8) {
      return clock.rule.utf8.lexicographicallyPrecedes(other.clock.rule.utf8)
    }
    return clock.start < other.clock.start
  }
}
