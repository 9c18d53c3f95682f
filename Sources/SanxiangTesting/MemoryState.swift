import Cryptography
import Exchange
import RecordModel

/// Everything that a `MemoryStore` holds. Strings that are keys are kept as bytes, because Swift
/// holds two spellings of one character to be equal and a store must not.
struct MemoryState: Sendable {
  struct TileKey: Hashable {
    var channel: ChannelNumber
    var level: Int
    var index: UInt64
  }

  struct JournalTileKey: Hashable {
    var epoch: UInt32
    var level: Int
    var index: UInt64
  }

  struct Queued {
    var order: Int
    var submission: Submission
  }

  /// Channel n is at n - 1.
  var channels: [ChannelState] = []
  var records: [ChannelNumber: [StoredRecord]] = [:]
  var recordBytes: UInt64 = 0
  /// Entry n is at n - 1.
  var entries: [IndexEntry] = []
  var entryNumbers: [RecordID: Int64] = [:]
  var threads: [RecordID: [Int64]] = [:]
  var tiles: [TileKey: [UInt8]] = [:]
  var checkpoints: [ChannelNumber: [UInt64: StoredCheckpoint]] = [:]
  var submissions: [RecordID: Queued] = [:]
  var submissionCount = 0
  var idempotency: [[UInt8]: IdempotencyEntry] = [:]
  var leases: [RecordID: Lease] = [:]
  var journal: JournalState?
  var journalEntries: [UInt32: [StoredJournalEntry]] = [:]
  var journalCheckpoints: [UInt32: StoredCheckpoint] = [:]
  var journalLeaves: [UInt32: [Digest]] = [:]
  var journalTiles: [JournalTileKey: [UInt8]] = [:]
  var witnessed: [[UInt8]: [[UInt8]: WitnessedHead]] = [:]
  var conflicts: [HeadConflict] = []
  var evidence: [Evidence] = []
  var directories: [UInt64: [UInt8]] = [:]
  var settings: [[UInt8]: [UInt8]] = [:]
  var erasures: [RecordPosition: StoredErasure] = [:]
  /// None of them empty; each in the order in which it is read.
  var projections: [RecordID: ThreadProjection] = [:]

  func record(at position: RecordPosition) -> StoredRecord? {
    guard let log = records[position.channel], position.seq < UInt64(log.count) else { return nil }
    return log[Int(position.seq)]
  }

  func entry(_ id: RecordID) -> IndexEntry? {
    entryNumbers[id].map { entries[Int($0) - 1] }
  }

  func queue(_ isIncluded: (Submission) -> Bool) -> [Queued] {
    submissions.values
      .filter { $0.submission.dead == nil && isIncluded($0.submission) }
      .sorted { $0.order < $1.order }
  }
}
