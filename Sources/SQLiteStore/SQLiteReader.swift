import Exchange
import RecordModel

/// Reads inside the transaction that its connection is in. Lives no longer than that.
struct SQLiteReader: SQLiteReading {
  let connection: Connection

  init(_ connection: Connection) {
    self.connection = connection
  }
}

/// How both the reader and the transaction of a `SQLiteStore` answer.
protocol SQLiteReading: StoreReader {
  var connection: Connection { get }
}

extension SQLiteReading {
  func setting(_ name: String) throws -> [UInt8]? {
    try connection[.setting].first(.text(name)) { $0.blob(0) }
  }

  func directoryNote() throws -> [UInt8]? {
    try connection[.newestDirectory].first { $0.blob(0) }
  }

  func directoryNotes() throws -> [[UInt8]] {
    try connection[.directories].all { $0.blob(0) }
  }

  func lease(_ id: RecordID) throws -> Lease? {
    try connection[.lease].first(.id(id)) {
      Lease(id: try $0.id(0), holder: $0.text(1), until: $0.time(2))
    }
  }

  func evidence(limit: Int) throws -> [Evidence] {
    try connection[.evidence].all(.integer(Int64(limit))) {
      Evidence(origin: $0.text(0), code: $0.text(1), time: $0.time(2), bytes: $0.blob(3))
    }
  }
}

// MARK: - Outbox

extension SQLiteReading {
  func submission(_ id: RecordID) throws -> Submission? {
    try connection[.submission].first(.id(id)) { try $0.submission() }
  }

  func queued(to agency: AgencyCode, limit: Int, maximumBytes: Int) throws -> [Submission] {
    let query = try connection[.queuedTo]
    return try query.execute([.text(agency.rawValue), .integer(Int64(limit))]) {
      var found: [Submission] = []
      var bytes = 0
      while try query.step() {
        let row = Columns(handle: query.handle)
        bytes += Int(row.integer(4))
        if !found.isEmpty, bytes > maximumBytes { break }
        found.append(try row.submission())
      }
      return found
    }
  }

  func queued(thread: RecordID) throws -> [Submission] {
    try connection[.queuedThread].all(.id(thread)) { try $0.submission() }
  }

  func outboxItems(after id: RecordID?, limit: Int) throws -> [OutboxItem] {
    // A single zero byte comes before every id.
    try connection[.outboxItems].all(id.map { .id($0) } ?? .blob([0]), .integer(Int64(limit))) {
      row in
      let id = try row.id(0)
      return OutboxItem(
        id: id, thread: try row.optional(1, row.id) ?? id, replyTo: try row.optional(2, row.id),
        kind: row.text(3), isDead: row.flag(4))
    }
  }

  func outboxCounts() throws -> [AgencyCode: OutboxCount] {
    let rows = try connection[.outboxCounts].all { row in
      (
        code: try row.parsed(0) { try AgencyCode($0) }, isDead: row.flag(1),
        count: Int(row.integer(2)),
        priority: Int(row.integer(3)), bytes: Int(row.integer(4)), oldest: row.time(5)
      )
    }
    return rows.reduce(into: [:]) { counts, row in
      var count = counts[row.code] ?? OutboxCount()
      if row.isDead {
        count.dead = row.count
      } else {
        count.queued = row.count
        count.priority = row.priority
        count.bytes = row.bytes
        count.oldest = row.oldest
      }
      counts[row.code] = count
    }
  }

  func deadLetters(limit: Int) throws -> [Submission] {
    try connection[.deadLetters].all(.integer(Int64(limit))) { try $0.submission() }
  }

  func idempotency(_ key: String) throws -> IdempotencyEntry? {
    try connection[.idempotency].first(.text(key)) {
      IdempotencyEntry(
        key: $0.text(0), id: try $0.id(1), request: try $0.digest(2), time: $0.time(3))
    }
  }
}
