import Auditor
import Cryptography
import RecordModel

/// A node's holdings in memory, every byte of which a test may change.
struct SampleSource: AuditSource {
  struct TileAddress: Hashable {
    var channel: Int64
    var level: Int
    var index: UInt64
  }

  struct Held {
    var channel: AuditChannel
    var entries: [AuditEntry]
    var checkpoints: [AuditCheckpoint]
  }

  var notes: [[UInt8]]
  /// `held[0]` is the audited node's outbound channel, `held[1]` its inbound one.
  var held: [Held]
  var tiles: [TileAddress: [UInt8]]
  var journal: AuditJournal
  var journalEntries: [AuditJournalEntry]
  var submissions: Set<RecordID> = []
  var pendingRefusals: Set<RecordID> = []
  /// The place from which reading a channel fails.
  var breaksAt: UInt64?
  struct Broken: Error {}
  var damagedFiles: [AuditFault] = []
  /// Heads of the journal besides its newest.
  var journalHeads: [AuditCheckpoint] = []
  /// Heads of another node's journal.
  var witnessed: (origin: JournalOrigin, heads: [AuditCheckpoint])?
  /// Files that directories name; nil where none are held at all.
  var files: [Digest: [UInt8]]?
  /// How many entries one call hands out at most, so that tests cross chunks.
  var chunk = 3

  func directoryNotes() -> [[UInt8]] { notes }
  func channels() -> [AuditChannel] { held.map(\.channel) }

  func entries(_ channel: AuditChannel, from: UInt64, limit: Int) throws -> [AuditEntry] {
    if let breaksAt, from >= breaksAt { throw Broken() }
    let all = held.first { $0.channel.number == channel.number }?.entries ?? []
    return Array(all.lazy.filter { $0.seq >= from }.prefix(min(limit, chunk)))
  }

  func checkpoints(_ channel: AuditChannel, above size: UInt64, limit: Int) -> [AuditCheckpoint] {
    let all = held.first { $0.channel.number == channel.number }?.checkpoints ?? []
    return page(all, above: size, limit)
  }

  var holdsTiles: Bool { true }

  func tile(_ channel: AuditChannel, level: Int, index: UInt64) -> [UInt8]? {
    tiles[TileAddress(channel: channel.number, level: level, index: index)]
  }

  func journals() -> [AuditJournal] { [journal] }

  func journalEntries(epoch: UInt32, from: UInt64, limit: Int) -> [AuditJournalEntry] {
    Array(journalEntries.lazy.filter { $0.seq >= from }.prefix(min(limit, chunk)))
  }

  func journalCheckpoints(epoch: UInt32, above size: UInt64, limit: Int) -> [AuditCheckpoint] {
    page(journalHeads, above: size, limit)
  }

  func witnessedOrigins() -> [JournalOrigin] { witnessed.map { [$0.origin] } ?? [] }

  func witnessedHeads(
    _ origin: JournalOrigin, above size: UInt64, limit: Int
  ) -> [AuditCheckpoint] { page(witnessed?.heads ?? [], above: size, limit) }

  var holdsDirectoryFiles: Bool { files != nil }
  func directoryFile(_ digest: Digest) -> [UInt8]? { files?[digest] }

  /// All of one size in one answer.
  private func page(
    _ heads: [AuditCheckpoint], above size: UInt64, _ limit: Int
  ) -> [AuditCheckpoint] {
    let rest = heads.filter { $0.size > size }
    let last = rest.prefix(min(limit, chunk)).last?.size
    return rest.filter { $0.size <= last ?? 0 }
  }

  func faults() -> [AuditFault] { damagedFiles }

  func holdsSubmission(_ id: RecordID) -> Bool { submissions.contains(id) }
  func holdsPendingRefusal(of target: RecordID, thread: RecordID) -> Bool {
    pendingRefusals.contains(target)
  }
}
