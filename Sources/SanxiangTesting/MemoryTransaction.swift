import Cryptography
import Exchange
import RecordModel

/// Changes a copy of the store's state, which the store keeps or drops as a whole.
final class MemoryTransaction: MemoryReading, StoreTransaction {
  private(set) var state: MemoryState

  init(state: MemoryState) {
    self.state = state
  }

  func openChannel(_ channel: ChannelState) throws -> ChannelNumber {
    guard !state.channels.contains(where: { $0.origin == channel.origin }) else {
      throw StoreFailure.failed("the channel is open already")
    }
    var channel = channel
    channel.number = ChannelNumber(rawValue: Int64(state.channels.count) + 1)
    state.channels.append(channel)
    return channel.number
  }

  func update(_ channel: ChannelState) throws {
    try check(channel.number)
    state.channels[Int(channel.number.rawValue) - 1] = channel
  }

  func append(
    _ record: StoredRecord, to channel: ChannelNumber, id: RecordID, thread: RecordID,
    state threadState: ThreadState?
  ) throws -> Bool {
    try check(channel)
    guard record.seq == UInt64(state.records[channel]?.count ?? 0) else {
      throw StoreFailure.failed("record \(record.seq) is not the channel's next")
    }
    state.records[channel, default: []].append(record)
    state.recordBytes += UInt64(
      record.header.count + (record.payload?.count ?? 0) + record.salt.count)
    guard state.entryNumbers[id] == nil else { return false }
    let entry = IndexEntry(
      number: Int64(state.entries.count) + 1, id: id, thread: thread,
      position: RecordPosition(channel: channel, seq: record.seq), state: threadState)
    state.entries.append(entry)
    state.entryNumbers[id] = entry.number
    state.threads[thread, default: []].append(entry.number)
    return true
  }

  func setRefused(_ position: RecordPosition) throws {
    guard state.record(at: position) != nil else {
      throw StoreFailure.failed("there is no record \(position.seq) on the channel")
    }
    state.records[position.channel]?[Int(position.seq)].refused = true
  }

  func setState(_ threadState: ThreadState, thread: RecordID) throws {
    guard let entry = state.entry(thread), entry.thread == thread else {
      throw StoreFailure.failed("there is no record that opens the thread")
    }
    state.entries[Int(entry.number) - 1].state = threadState
  }

  func putTile(_ channel: ChannelNumber, level: Int, index: UInt64, hashes: [UInt8]) throws {
    try check(channel)
    guard hashes.count == 256 * Digest.byteCount else {
      throw StoreFailure.failed("a complete tile has 256 hashes")
    }
    state.tiles[MemoryState.TileKey(channel: channel, level: level, index: index)] = hashes
  }

  func put(_ checkpoint: StoredCheckpoint, channel: ChannelNumber) throws {
    try check(channel)
    state.checkpoints[channel, default: [:]][checkpoint.size] = checkpoint
  }

  private func check(_ channel: ChannelNumber) throws {
    guard (1...Int64(state.channels.count + 1)).dropLast().contains(channel.rawValue) else {
      throw StoreFailure.failed("there is no channel \(channel.rawValue)")
    }
  }
}

// MARK: - Outbox and leases

extension MemoryTransaction {
  func insert(_ submission: Submission) throws {
    guard state.submissions[submission.id] == nil else {
      throw StoreFailure.failed("the submission is there already")
    }
    state.submissions[submission.id] = MemoryState.Queued(
      order: state.submissionCount, submission: submission)
    state.submissionCount += 1
  }

  func removeSubmission(_ id: RecordID) throws {
    state.submissions[id] = nil
  }

  func kill(_ id: RecordID, reason: DeadReason) throws {
    guard state.submissions[id] != nil else {
      throw StoreFailure.failed("there is no such submission")
    }
    state.submissions[id]?.submission.dead = reason
  }

  func put(_ entry: IdempotencyEntry) throws {
    state.idempotency[Array(entry.key.utf8)] = entry
  }

  func removeIdempotency(before time: Timestamp) throws {
    state.idempotency = state.idempotency.filter { $0.value.time >= time }
  }

  func put(_ lease: Lease) throws {
    state.leases[lease.id] = lease
  }
}

// MARK: - Journal and the rest

extension MemoryTransaction {
  func appendJournal(_ entry: StoredJournalEntry, leaf: Digest) throws {
    guard entry.seq == UInt64(state.journalEntries[entry.epoch]?.count ?? 0) else {
      throw StoreFailure.failed("entry \(entry.seq) is not the journal's next")
    }
    state.journalEntries[entry.epoch, default: []].append(entry)
    state.journalLeaves[entry.epoch, default: []].append(leaf)
  }

  func update(_ journal: JournalState) throws {
    state.journal = journal
  }

  func putJournalCheckpoint(_ checkpoint: StoredCheckpoint, epoch: UInt32) throws {
    if let newest = state.journalCheckpoints[epoch], newest.size > checkpoint.size { return }
    state.journalCheckpoints[epoch] = checkpoint
  }

  func keep(_ evidence: Evidence) throws {
    state.evidence.append(evidence)
  }

  func set(_ name: String, to value: [UInt8]) throws {
    state.settings[Array(name.utf8)] = value
  }

  func addDirectory(version: UInt64, note: [UInt8]) throws {
    guard state.directories[version] == nil else {
      throw StoreFailure.failed("directory version \(version) is there already")
    }
    state.directories[version] = note
  }
}

// MARK: - Witnessed heads

extension MemoryTransaction {
  func put(_ head: WitnessedHead) throws {
    let (origin, witness) = (Array(head.origin.utf8), Array(head.witness.utf8))
    if let held = state.witnessed[origin]?[witness], held.size > head.size { return }
    state.witnessed[origin, default: [:]][witness] = head
  }

  func keep(_ conflict: HeadConflict) throws -> Bool {
    let isKept = state.conflicts.contains {
      $0.origin.utf8.elementsEqual(conflict.origin.utf8) && $0.shown == conflict.shown
    }
    if !isKept { state.conflicts.append(conflict) }
    return !isKept
  }

  func putJournalTile(epoch: UInt32, level: Int, index: UInt64, hashes: [UInt8]) throws {
    guard hashes.count == 256 * Digest.byteCount else {
      throw StoreFailure.failed("a complete tile has 256 hashes")
    }
    let key = MemoryState.JournalTileKey(epoch: epoch, level: level, index: index)
    state.journalTiles[key] = hashes
  }
}

// MARK: - Projections

extension MemoryTransaction {
  func removeProjections() throws {
    state.projections.removeAll()
  }

  func setProjection(_ projection: ThreadProjection?, of thread: RecordID) {
    state.projections[thread] = projection
  }
}

// MARK: - Erasures

extension MemoryTransaction {
  func setErasure(_ erasure: StoredErasure) { state.erasures[erasure.target] = erasure }

  /// Empties the record at a place that is known to be taken.
  func eraseRecord(at position: RecordPosition) {
    let place = Int(position.seq)
    guard let record = state.record(at: position) else { return }
    state.recordBytes -= UInt64((record.payload?.count ?? 0) + record.salt.count)
    state.records[position.channel]?[place].payload = nil
    state.records[position.channel]?[place].salt = []
  }

  /// Zeroes what is kept of the requests that brought a record in.
  func forget(_ id: RecordID) {
    for (key, entry) in state.idempotency where entry.id == id {
      state.idempotency[key]?.request = .zero
    }
  }
}
