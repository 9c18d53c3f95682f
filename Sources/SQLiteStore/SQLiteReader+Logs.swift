import Cryptography
import Exchange
import RecordModel

extension SQLiteReading {
  func channels() throws -> [ChannelState] {
    try connection[.channels].all { try $0.channel() }
  }

  func record(at position: RecordPosition) throws -> StoredRecord? {
    guard let keys = Position.keys(position.channel.rawValue, from: position.seq) else {
      return nil
    }
    return try connection[.record].first(.integer(keys.lowerBound)) { try $0.record() }
  }

  func header(at position: RecordPosition) throws -> (header: [UInt8], refused: Bool)? {
    guard let keys = Position.keys(position.channel.rawValue, from: position.seq) else {
      return nil
    }
    return try connection[.header].first(.integer(keys.lowerBound)) { ($0.blob(1), $0.flag(0)) }
  }

  func records(
    _ channel: ChannelNumber, from: UInt64, maximumCount: Int, maximumBytes: Int
  ) throws -> [StoredRecord] {
    guard let keys = Position.keys(channel.rawValue, from: from) else { return [] }
    let query = try connection[.records]
    return try query.execute([.integer(keys.lowerBound), .integer(keys.upperBound)]) {
      var records: [StoredRecord] = []
      var bytes = 0
      while try query.step() {
        let row = Columns(handle: query.handle)
        bytes += row.borrowed(3).count + row.borrowed(4).count + row.borrowed(5).count
        if !records.isEmpty, bytes > maximumBytes { break }
        records.append(try row.record())
        // Asked before the next step, which would read one record too many.
        if records.count >= maximumCount { break }
      }
      return records
    }
  }

  func leaves(_ channel: ChannelNumber, _ range: Range<UInt64>) throws -> [Digest] {
    guard !range.isEmpty else { return [] }
    var leaves: [Digest] = []
    if let first = Position.keys(channel.rawValue, from: range.lowerBound),
      let last = Position.keys(channel.rawValue, through: range.upperBound - 1)
    {
      leaves = try connection[.leaves].all(.integer(first.lowerBound), .integer(last.upperBound)) {
        try $0.digest(0)
      }
    }
    // Records are never removed and have no gaps, so the count tells.
    guard UInt64(leaves.count) == range.upperBound - range.lowerBound else {
      throw StoreFailure.corrupt("leaves \(range) were asked for, \(leaves.count) are held")
    }
    return leaves
  }

  func entry(_ id: RecordID) throws -> IndexEntry? {
    try connection[.entry].first(.id(id)) { try $0.entry() }
  }

  func thread(_ id: RecordID) throws -> [IndexEntry] {
    try connection[.threadOpening].all(.id(id)) { try $0.entry() }
      + connection[.threadRest].all(.id(id)) { try $0.entry() }
  }

  func tile(_ channel: ChannelNumber, level: Int, index: UInt64) throws -> [UInt8]? {
    try connection[.tile].first(
      .integer(channel.rawValue), .integer(Int64(level)), .bits(index)
    ) { $0.blob(0) }
  }

  func receipt(_ channel: ChannelNumber, covering size: UInt64) throws -> StoredCheckpoint? {
    guard let size = Int64(exactly: size) else { return nil }
    return try connection[.receiptCovering].first(.integer(channel.rawValue), .integer(size)) {
      try $0.checkpoint()
    }
  }

  func newestReceipt(_ channel: ChannelNumber) throws -> StoredCheckpoint? {
    try connection[.newestReceipt].first(.integer(channel.rawValue)) { try $0.checkpoint() }
  }

  func checkpoints(
    _ channel: ChannelNumber, sizes: ClosedRange<UInt64>, cosignedOnly: Bool, limit: Int
  ) throws -> [StoredCheckpoint] {
    guard let first = Int64(exactly: sizes.lowerBound) else { return [] }
    return try connection[cosignedOnly ? .cosignedCheckpoints : .checkpoints].all(
      .integer(channel.rawValue), .integer(first), .integer(Int64(clamping: sizes.upperBound)),
      .integer(Int64(limit))
    ) { try $0.checkpoint() }
  }

  func journalState() throws -> JournalState? {
    try connection[.journalState].first { try $0.journalState() }
  }

  func journal(epoch: UInt32, from: UInt64, limit: Int) throws -> [StoredJournalEntry] {
    guard let keys = Position.keys(Int64(epoch), from: from) else { return [] }
    return try connection[.journal].all(
      .integer(keys.lowerBound), .integer(keys.upperBound), .integer(Int64(limit))
    ) {
      StoredJournalEntry(epoch: epoch, seq: Position.seq($0.integer(0)), bytes: $0.blob(1))
    }
  }

  func journalCheckpoint(epoch: UInt32) throws -> StoredCheckpoint? {
    try connection[.journalCheckpoint].first(.integer(Int64(epoch))) { try $0.checkpoint() }
  }
}
