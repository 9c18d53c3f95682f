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
  var damagedFiles: [AuditFault] = []
  /// How many entries one call hands out at most, so that tests cross chunks.
  var chunk = 3

  func directoryNotes() -> [[UInt8]] { notes }
  func channels() -> [AuditChannel] { held.map(\.channel) }

  func entries(_ channel: AuditChannel, from: UInt64, limit: Int) -> [AuditEntry] {
    let all = held.first { $0.channel.number == channel.number }?.entries ?? []
    return Array(all.lazy.filter { $0.seq >= from }.prefix(min(limit, chunk)))
  }

  func checkpoints(_ channel: AuditChannel, above size: UInt64, limit: Int) -> [AuditCheckpoint] {
    let all = held.first { $0.channel.number == channel.number }?.checkpoints ?? []
    return Array(all.lazy.filter { $0.size > size }.prefix(min(limit, chunk)))
  }

  var holdsTiles: Bool { true }

  func tile(_ channel: AuditChannel, level: Int, index: UInt64) -> [UInt8]? {
    tiles[TileAddress(channel: channel.number, level: level, index: index)]
  }

  func journals() -> [AuditJournal] { [journal] }

  func journalEntries(epoch: UInt32, from: UInt64, limit: Int) -> [AuditJournalEntry] {
    Array(journalEntries.lazy.filter { $0.seq >= from }.prefix(min(limit, chunk)))
  }

  func faults() -> [AuditFault] { damagedFiles }

  func holdsSubmission(_ id: RecordID) -> Bool { submissions.contains(id) }
  func holdsPendingRefusal(of target: RecordID, thread: RecordID) -> Bool {
    pendingRefusals.contains(target)
  }
}
