import Cryptography
import Exchange
import RecordModel

/// Reads from a state that does not change.
struct MemoryReader: MemoryReading {
  let state: MemoryState
}

/// How both the reader and the transaction of a `MemoryStore` answer.
protocol MemoryReading: StoreReader {
  var state: MemoryState { get }
}

extension MemoryReading {
  func setting(_ name: String) throws -> [UInt8]? { state.settings[Array(name.utf8)] }

  func directoryNotes() throws -> [[UInt8]] {
    state.directories.sorted { $0.key < $1.key }.map(\.value)
  }

  func directoryNote() throws -> [UInt8]? { try directoryNotes().last }

  func lease(_ id: RecordID) throws -> Lease? { state.leases[id] }

  func evidence(limit: Int) throws -> [Evidence] {
    Array(state.evidence.reversed().prefix(limit))
  }
}

// MARK: - Logs

extension MemoryReading {
  func channels() throws -> [ChannelState] { state.channels }

  func record(at position: RecordPosition) throws -> StoredRecord? {
    state.record(at: position)
  }

  func header(at position: RecordPosition) throws -> (header: [UInt8], refused: Bool)? {
    state.record(at: position).map { ($0.header, $0.refused) }
  }

  func records(
    _ channel: ChannelNumber, from: UInt64, maximumCount: Int, maximumBytes: Int
  ) throws -> [StoredRecord] {
    var result: [StoredRecord] = []
    var bytes = 0
    for record in (state.records[channel] ?? []).dropFirst(Int(clamping: from)) {
      bytes += record.header.count + (record.payload?.count ?? 0) + record.salt.count
      if !result.isEmpty, result.count >= maximumCount || bytes > maximumBytes { break }
      result.append(record)
    }
    return result
  }

  func leaves(_ channel: ChannelNumber, _ range: Range<UInt64>) throws -> [Digest] {
    let log = state.records[channel] ?? []
    guard range.isEmpty || range.upperBound <= UInt64(log.count) else {
      throw StoreFailure.corrupt("leaves \(range) were asked for, \(log.count) are held")
    }
    return range.map { log[Int($0)].leaf }
  }

  func entry(_ id: RecordID) throws -> IndexEntry? { state.entry(id) }

  func thread(_ id: RecordID) throws -> [IndexEntry] {
    let members = (state.threads[id] ?? []).map { state.entries[Int($0) - 1] }
    return members.filter { $0.id == id } + members.filter { $0.id != id }
  }

  func entries(after cursor: Int64?, filter: IndexFilter, limit: Int) throws -> [IndexEntry] {
    let ordered = filter.descending ? state.entries.reversed() : state.entries
    let matching = ordered.lazy.filter { entry in
      if let cursor, filter.descending ? entry.number >= cursor : entry.number <= cursor {
        return false
      }
      if let channels = filter.channels, !channels.contains(entry.position.channel) { return false }
      if let states = filter.states {
        guard let threadState = entry.state, states.contains(threadState) else { return false }
      }
      return !filter.omitRefused || state.record(at: entry.position)?.refused == false
    }
    return Array(matching.prefix(limit))
  }

  func tile(_ channel: ChannelNumber, level: Int, index: UInt64) throws -> [UInt8]? {
    state.tiles[MemoryState.TileKey(channel: channel, level: level, index: index)]
  }

  func receipt(_ channel: ChannelNumber, covering size: UInt64) throws -> StoredCheckpoint? {
    (state.checkpoints[channel] ?? [:]).values
      .filter { $0.receiptTime != nil && $0.size >= size }
      .min { $0.size < $1.size }
  }

  func newestReceipt(_ channel: ChannelNumber) throws -> StoredCheckpoint? {
    (state.checkpoints[channel] ?? [:]).values
      .filter { $0.receiptTime != nil }
      .max { $0.size < $1.size }
  }

  func checkpoints(
    _ channel: ChannelNumber, sizes: ClosedRange<UInt64>, cosignedOnly: Bool, limit: Int
  ) throws -> [StoredCheckpoint] {
    let matching = (state.checkpoints[channel] ?? [:]).values
      .filter { sizes.contains($0.size) && (!cosignedOnly || $0.receiptTime != nil) }
      .sorted { $0.size < $1.size }
    return Array(matching.prefix(limit))
  }

  func journalState() throws -> JournalState? { state.journal }

  func journal(epoch: UInt32, from: UInt64, limit: Int) throws -> [StoredJournalEntry] {
    let entries = state.journalEntries[epoch] ?? []
    return Array(entries.dropFirst(Int(clamping: from)).prefix(limit))
  }

  func journalCheckpoint(epoch: UInt32) throws -> StoredCheckpoint? {
    state.journalCheckpoints[epoch]
  }
}

// MARK: - Witnessed heads

extension MemoryReading {
  func witnessedOrigins() throws -> [String] {
    state.witnessed.keys.sorted { $0.lexicographicallyPrecedes($1) }
      .map { String(decoding: $0, as: UTF8.self) }
  }

  func witnessedHeads(origin: String) throws -> [WitnessedHead] {
    (state.witnessed[Array(origin.utf8)] ?? [:]).values.sorted { one, other in
      one.size == other.size
        ? one.witness.utf8.lexicographicallyPrecedes(other.witness.utf8) : one.size < other.size
    }
  }

  func witnessedHead(origin: String, witness: String) throws -> WitnessedHead? {
    state.witnessed[Array(origin.utf8)]?[Array(witness.utf8)]
  }

  func headConflicts(skipping skipped: Int, limit: Int) throws -> [HeadConflict] {
    Array(state.conflicts.dropFirst(skipped).prefix(limit))
  }

  func headConflictCount(origin: String) throws -> Int {
    state.conflicts.count { $0.origin.utf8.elementsEqual(origin.utf8) }
  }

  func journalLeaves(epoch: UInt32, _ range: Range<UInt64>) throws -> [Digest] {
    let leaves = state.journalLeaves[epoch] ?? []
    guard range.isEmpty || range.upperBound <= UInt64(leaves.count) else {
      throw StoreFailure.corrupt("journal leaves \(range) were asked for, \(leaves.count) are held")
    }
    return range.map { leaves[Int($0)] }
  }

  func journalTile(epoch: UInt32, level: Int, index: UInt64) throws -> [UInt8]? {
    state.journalTiles[MemoryState.JournalTileKey(epoch: epoch, level: level, index: index)]
  }
}

// MARK: - Outbox

extension MemoryReading {
  func submission(_ id: RecordID) throws -> Submission? { state.submissions[id]?.submission }

  func queued(to agency: AgencyCode, limit: Int, maximumBytes: Int) throws -> [Submission] {
    let queue = state.queue { $0.to == agency }.map(\.submission)
    var result: [Submission] = []
    var bytes = 0
    for submission in (queue.filter(\.priority) + queue.filter { !$0.priority }).prefix(limit) {
      bytes += submission.payload.count
      if !result.isEmpty, bytes > maximumBytes { break }
      result.append(submission)
    }
    return result
  }

  func queued(thread: RecordID) throws -> [Submission] {
    state.queue { $0.thread == thread }.map(\.submission)
  }

  func outboxItems(after id: RecordID?, limit: Int) throws -> [OutboxItem] {
    let items = state.submissions.values.map { OutboxItem($0.submission) }
      .filter { item in id.map { $0 < item.id } ?? true }
    return Array(items.sorted { $0.id < $1.id }.prefix(limit))
  }

  func outboxCounts() throws -> [AgencyCode: OutboxCount] {
    var counts: [AgencyCode: OutboxCount] = [:]
    for submission in state.submissions.values.map(\.submission) {
      var count = counts[submission.to] ?? OutboxCount()
      if submission.dead != nil {
        count.dead += 1
      } else {
        count.queued += 1
        count.priority += submission.priority ? 1 : 0
        count.bytes += submission.payload.count
        count.oldest = min(count.oldest ?? submission.submittedAt, submission.submittedAt)
      }
      counts[submission.to] = count
    }
    return counts
  }

  func deadLetters(limit: Int) throws -> [Submission] {
    let dead = state.submissions.values.compactMap { queued in
      queued.submission.dead.map { (at: $0.at, queued: queued) }
    }
    let newestFirst = dead.sorted { ($0.at, $0.queued.order) > ($1.at, $1.queued.order) }
    return Array(newestFirst.map(\.queued.submission).prefix(limit))
  }

  func idempotency(_ key: String) throws -> IdempotencyEntry? {
    state.idempotency[Array(key.utf8)]
  }
}
