import Cryptography
import Exchange
import GRDBSQLite
import RecordModel
import TransparencyLog

/// Changes the store inside the transaction that the writing connection is in. Lives no longer than
/// that.
final class SQLiteTransaction: SQLiteReading, StoreTransaction {
  let connection: Connection
  private let insertRecord: Query
  private let insertEntry: Query
  /// Of each channel appended to: the next record's seq.
  private var next: [ChannelNumber: UInt64] = [:]

  init(_ connection: Connection) throws {
    self.connection = connection
    // Looked up once for the many records of a batch.
    insertRecord = try connection[.insertRecord]
    insertEntry = try connection[.insertEntry]
  }

  func openChannel(_ state: ChannelState) throws -> ChannelNumber {
    let existing = try channels()
    guard !existing.contains(where: { $0.origin == state.origin }) else {
      throw StoreFailure.failed("the channel is open already")
    }
    let query = try connection[.insertChannel]
    return try query.execute(state.bindings) {
      while try query.step() {}
      return ChannelNumber(
        rawValue: sqlite3_last_insert_rowid(sqlite3_db_handle(query.handle)))
    }
  }

  func update(_ state: ChannelState) throws {
    try check(state.number)
    let query = try connection[.updateChannel]
    try query.execute(state.bindings + [.integer(state.number.rawValue)]) {
      while try query.step() {}
    }
  }

  func append(
    _ record: StoredRecord, to channel: ChannelNumber, id: RecordID, thread: RecordID,
    state: ThreadState?
  ) throws -> Bool {
    let expected = try next[channel] ?? nextSeq(channel)
    guard record.seq == expected else {
      throw StoreFailure.failed("record \(record.seq) is not the channel's next")
    }
    let key = try Position.key(channel.rawValue, record.seq)
    try insert(record, key: key)
    next[channel] = expected + 1
    return try index(key: key, id: id, thread: thread, state: state)
  }

  /// Lends SQLite the record's bytes where they are; it copies them into its page, once.
  private func insert(_ record: StoredRecord, key: Int64) throws {
    let query = insertRecord
    try record.header.withUnsafeBytes { header in
      try record.salt.withUnsafeBytes { salt in
        try record.leaf.withUnsafeBytes { leaf in
          try query.execute([]) {
            try query.bind(.integer(key), at: 1)
            try query.bind(.flag(record.refused), at: 2)
            try query.bind(borrowed: leaf, at: 3)
            try query.bind(borrowed: header, at: 4)
            try query.bind(borrowed: salt, at: 5)
            guard let payload = record.payload else { return _ = try query.step() }
            try payload.withUnsafeBytes { payload in
              try query.bind(borrowed: payload, at: 6)
              _ = try query.step()
            }
          }
        }
      }
    }
  }

  private func index(
    key: Int64, id: RecordID, thread: RecordID, state: ThreadState?
  ) throws -> Bool {
    let query = insertEntry
    return try withUnsafeBytes(of: (id.high.bigEndian, id.low.bigEndian)) { idBytes in
      try withUnsafeBytes(of: (thread.high.bigEndian, thread.low.bigEndian)) { threadBytes in
        try query.execute([]) {
          try query.bind(borrowed: idBytes, at: 1)
          if thread != id { try query.bind(borrowed: threadBytes, at: 2) }
          try query.bind(.integer(key), at: 3)
          try query.bind(.optional(state?.rawValue), at: 4)
          _ = try query.step()
          return sqlite3_changes(sqlite3_db_handle(query.handle)) == 1
        }
      }
    }
  }

  private func nextSeq(_ channel: ChannelNumber) throws -> UInt64 {
    try check(channel)
    guard let keys = Position.keys(channel.rawValue, from: 0) else { return 0 }
    let last = try connection[.lastPosition].first(
      .integer(keys.lowerBound), .integer(keys.upperBound)
    ) { row in row.optional(0) { Position.seq(row.integer($0)) } }
    return (last ?? nil).map { $0 + 1 } ?? 0
  }

  func setRefused(_ position: RecordPosition) throws {
    let key = try Position.key(position.channel.rawValue, position.seq)
    guard try connection[.setRefused].change(.integer(key)) == 1 else {
      throw StoreFailure.failed("there is no record \(position.seq) on the channel")
    }
  }

  func setState(_ state: ThreadState, thread: RecordID) throws {
    guard try connection[.setState].change(.text(state.rawValue), .id(thread)) == 1 else {
      throw StoreFailure.failed("there is no record that opens the thread")
    }
  }

  func putTile(_ channel: ChannelNumber, level: Int, index: UInt64, hashes: [UInt8]) throws {
    try check(channel)
    guard hashes.count == 256 * Digest.byteCount else {
      throw StoreFailure.failed("a complete tile has 256 hashes")
    }
    try connection[.insertTile].run(
      .integer(channel.rawValue), .integer(Int64(level)), .bits(index), .blob(hashes))
  }

  func put(_ checkpoint: StoredCheckpoint, channel: ChannelNumber) throws {
    try check(channel)
    try connection[.putCheckpoint].run(
      .integer(channel.rawValue), .integer(try checkpoint.storedSize), .digest(checkpoint.root),
      .blob(checkpoint.note), checkpoint.storedTime)
  }

  private func check(_ channel: ChannelNumber) throws {
    let isThere = try connection[.channelExists].first(.integer(channel.rawValue)) { _ in true }
    guard isThere == true else {
      throw StoreFailure.failed("there is no channel \(channel.rawValue)")
    }
  }
}

extension StoredCheckpoint {
  /// The size as SQL compares it.
  fileprivate var storedSize: Int64 {
    get throws {
      guard let size = Int64(exactly: size) else {
        throw StoreFailure.failed("a log of \(size) entries is beyond what a store can hold")
      }
      return size
    }
  }

  fileprivate var storedTime: Binding { receiptTime.map(Binding.bits) ?? .null }
}

// MARK: - Journal and the rest

extension SQLiteTransaction {
  func appendJournal(_ entry: StoredJournalEntry, leaf: Digest) throws {
    guard let keys = Position.keys(Int64(entry.epoch), from: 0) else {
      throw StoreFailure.failed("the store has no room for the journal's epoch \(entry.epoch)")
    }
    let last = try connection[.lastJournalPosition].first(
      .integer(keys.lowerBound), .integer(keys.upperBound)
    ) { row in row.optional(0) { Position.seq(row.integer($0)) } }
    guard entry.seq == (last ?? nil).map({ $0 + 1 }) ?? 0 else {
      throw StoreFailure.failed("entry \(entry.seq) is not the journal's next")
    }
    try connection[.insertJournal].run(
      .integer(try Position.key(Int64(entry.epoch), entry.seq)), .digest(leaf),
      .blob(entry.bytes))
  }

  func update(_ journal: JournalState) throws {
    try connection[.putJournalState].run(
      .integer(Int64(journal.epoch)), .text(journal.frontier.suite.name),
      .bits(journal.frontier.size), .blob(journal.frontier.nodeBytes),
      .digest(journal.lastLeaf), .time(journal.lastTime))
  }

  func putJournalCheckpoint(_ checkpoint: StoredCheckpoint, epoch: UInt32) throws {
    try connection[.putJournalCheckpoint].run(
      .integer(Int64(epoch)), .integer(try checkpoint.storedSize), .digest(checkpoint.root),
      .blob(checkpoint.note), checkpoint.storedTime)
  }

  func keep(_ evidence: Evidence) throws {
    try connection[.insertEvidence].run(
      .text(evidence.origin), .text(evidence.code), .time(evidence.time), .blob(evidence.bytes))
  }

  func set(_ name: String, to value: [UInt8]) throws {
    try connection[.putSetting].run(.text(name), .blob(value))
  }

  func addDirectory(version: UInt64, note: [UInt8]) throws {
    guard let version = Int64(exactly: version) else {
      throw StoreFailure.failed("the store has no room for directory version \(version)")
    }
    try connection[.insertDirectory].run(.integer(version), .blob(note))
  }
}
