import Exchange
import GRDB
import RecordModel

extension Format {
  /// Which erasure record of either end names which record: places as in `record.position`. Both
  /// are null for an entry that came without its payload and that no record explains yet.
  static let erasures4 = """
    CREATE TABLE erasure (target INTEGER PRIMARY KEY, own INTEGER, peers INTEGER);
    """
}

extension StatementName {
  var erasureSQL: String? {
    switch self {
    case .erasePayload:
      """
      UPDATE record SET payload = NULL, salt = zeroblob(0)
      WHERE position = ? AND payload IS NOT NULL
      """
    case .forgetRequest: "UPDATE idempotency SET request = zeroblob(32) WHERE id = ?"
    case .putErasure: "INSERT OR REPLACE INTO erasure (target, own, peers) VALUES (?, ?, ?)"
    case .erasure: "SELECT target, own, peers FROM erasure WHERE target = ?"
    case .erasures:
      "SELECT target, own, peers FROM erasure WHERE target > ? ORDER BY target LIMIT ?"
    default: nil
    }
  }
}

extension SQLiteReading {
  func erasure(of target: RecordPosition) throws -> StoredErasure? {
    try connection[.erasure].first(.integer(try target.key)) { $0.erasure() }
  }

  func erasures(after target: RecordPosition?, limit: Int) throws -> [StoredErasure] {
    try connection[.erasures].all(
      .integer(try target?.key ?? -1), .integer(Int64(limit))
    ) { $0.erasure() }
  }
}

extension SQLiteTransaction {
  func put(_ erasure: StoredErasure) throws {
    try connection[.putErasure].run(
      .integer(try erasure.target.key), .optional(try erasure.own?.key),
      .optional(try erasure.peers?.key))
  }

  func erase(_ position: RecordPosition, id: RecordID) throws -> Bool {
    let key = try position.key
    guard try connection[.header].first(.integer(key), map: { _ in true }) == true else {
      throw StoreFailure.failed("there is no record \(position.seq) on the channel")
    }
    try connection[.forgetRequest].run(.id(id))
    return try connection[.erasePayload].change(.integer(key)) == 1
  }
}

extension RecordPosition {
  /// As the store keeps it.
  fileprivate var key: Int64 {
    get throws { try Position.key(channel.rawValue, seq) }
  }
}

extension Columns {
  /// target, own, peers
  fileprivate func erasure() -> StoredErasure {
    func place(_ column: CInt) -> RecordPosition { Position.position(integer(column)) }
    return StoredErasure(
      target: place(0), own: optional(1, place), peers: optional(2, place))
  }
}

extension Connection {
  /// Rewrites the whole database, page by page, and empties the write-ahead log.
  ///
  /// `secure_delete` overwrites what is deleted where it stands, and freed pages. It does not reach
  /// the copies that SQLite leaves in the unused part of a page when it moves rows between pages,
  /// which only `VACUUM` does: every page is made anew from live rows. The log goes first, so that
  /// the copy's pages overwrite its blocks, and is cut to nothing at the end.
  ///
  /// A crash in between leaves the database whole: VACUUM is one transaction. It takes as much room
  /// again as the database has, beside it and where SQLite puts temporary files (`SQLITE_TMPDIR`).
  func scrub() throws {
    try access { database in
      try emptyLog(database)
      // The copy must not be held in memory.
      try database.execute(sql: "PRAGMA temp_store = FILE")
      defer { try? database.execute(sql: "PRAGMA temp_store = MEMORY") }
      try rewrite(database)
      try emptyLog(database)
    }
  }

  /// What goes wrong before its commit, a full disk of temporary files too, loses nothing.
  private func rewrite(_ database: Database) throws {
    do { try database.execute(sql: "VACUUM") } catch {
      throw health.failure(error, at: .beforeCommit)
    }
  }

  /// Copies the log into the database and cuts it to nothing; a reader in the way is waited for a
  /// moment.
  private func emptyLog(_ database: Database) throws {
    let row = try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    guard row?[0] == 0 else { throw StoreFailure.failed("a reader is in the way of the scrub") }
  }
}
