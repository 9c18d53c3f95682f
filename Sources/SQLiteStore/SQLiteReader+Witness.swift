import Cryptography
import Exchange
import GRDBSQLite
import RecordModel

extension SQLiteReading {
  func witnessedOrigins() throws -> [String] {
    try connection[.witnessedOrigins].all { $0.text(0) }
  }

  func witnessedHeads(origin: String) throws -> [WitnessedHead] {
    try connection[.witnessedHeads].all(.text(origin)) { try $0.witnessedHead() }
  }

  func witnessedHead(origin: String, witness: String) throws -> WitnessedHead? {
    try connection[.witnessedHead].first(.text(origin), .text(witness)) { try $0.witnessedHead() }
  }

  func headConflicts(skipping skipped: Int, limit: Int) throws -> [HeadConflict] {
    try connection[.headConflicts].all(.integer(Int64(limit)), .integer(Int64(skipped))) { row in
      HeadConflict(
        origin: row.text(0), kind: try row.parsed(1) { HeadConflict.Kind(rawValue: $0) },
        held: row.blob(2), shown: row.blob(3), time: row.time(4))
    }
  }

  func headConflictCount(origin: String) throws -> Int {
    try connection[.headConflictCount].first(.text(origin)) { Int($0.integer(0)) } ?? 0
  }

  func journalLeaves(epoch: UInt32, _ range: Range<UInt64>) throws -> [Digest] {
    guard !range.isEmpty else { return [] }
    var leaves: [Digest] = []
    if let first = Position.keys(Int64(epoch), from: range.lowerBound),
      let last = Position.keys(Int64(epoch), through: range.upperBound - 1)
    {
      leaves = try connection[.journalLeaves].all(
        .integer(first.lowerBound), .integer(last.upperBound)
      ) { try $0.digest(0) }
    }
    // Entries are never removed and have no gaps, so the count tells.
    guard UInt64(leaves.count) == range.upperBound - range.lowerBound else {
      throw StoreFailure.corrupt("journal leaves \(range) were asked for, \(leaves.count) are held")
    }
    return leaves
  }

  func journalTile(epoch: UInt32, level: Int, index: UInt64) throws -> [UInt8]? {
    try connection[.journalTile].first(
      .integer(Int64(epoch)), .integer(Int64(level)), .bits(index)
    ) { $0.blob(0) }
  }
}

extension SQLiteTransaction {
  func put(_ head: WitnessedHead) throws {
    guard let size = Int64(exactly: head.size) else {
      throw StoreFailure.failed("a log of \(head.size) entries is beyond what a store can hold")
    }
    try connection[.putWitnessedHead].run(
      .text(head.origin), .text(head.witness), .integer(size), .digest(head.root),
      .blob(head.note), .bits(head.time))
  }

  func keep(_ conflict: HeadConflict) throws -> Bool {
    try connection[.insertHeadConflict].change(
      .text(conflict.origin), .text(conflict.kind.rawValue), .blob(conflict.held),
      .blob(conflict.shown), .time(conflict.time)) == 1
  }

  func putJournalTile(epoch: UInt32, level: Int, index: UInt64, hashes: [UInt8]) throws {
    guard hashes.count == 256 * Digest.byteCount else {
      throw StoreFailure.failed("a complete tile has 256 hashes")
    }
    try connection[.insertJournalTile].run(
      .integer(Int64(epoch)), .integer(Int64(level)), .bits(index), .blob(hashes))
  }
}

extension Columns {
  /// origin, witness, size, root, note, time
  fileprivate func witnessedHead() throws -> WitnessedHead {
    WitnessedHead(
      origin: text(0), witness: text(1), size: bits(2), root: try digest(3), note: blob(4),
      time: bits(5))
  }
}
