import Auditor
import Cryptography
import Exchange
import RecordModel
import TransparencyLog

/// Feeds a store's bytes to the Auditor. Lives inside one read of the store.
struct StoreAuditSource: AuditSource {
  /// The most bytes of records read at once; one record may be larger.
  private static let chunkBytes = 8 << 20

  let reader: any StoreReader

  func directoryNotes() throws -> [[UInt8]] { try reader.directoryNotes() }

  func channels() throws -> [AuditChannel] {
    try reader.channels().map { state in
      AuditChannel(
        number: state.number.rawValue, origin: state.origin, isOutbound: state.role == .outbound,
        claimedSize: state.size, claimedRoot: state.frontier.root,
        isRestoring: state.restore != nil)
    }
  }

  func entries(_ channel: AuditChannel, from: UInt64, limit: Int) throws -> [AuditEntry] {
    try reader.records(
      ChannelNumber(rawValue: channel.number), from: from, maximumCount: limit,
      maximumBytes: Self.chunkBytes
    ).map {
      AuditEntry(
        seq: $0.seq, header: $0.header, claimedLeaf: $0.leaf, payload: $0.payload, salt: $0.salt,
        isRefused: $0.refused)
    }
  }

  func checkpoints(
    _ channel: AuditChannel, above size: UInt64, limit: Int
  ) throws -> [AuditCheckpoint] {
    guard size < UInt64(Int64.max) else { return [] }
    return try reader.checkpoints(
      ChannelNumber(rawValue: channel.number), sizes: (size + 1)...UInt64(Int64.max),
      cosignedOnly: false, limit: limit
    ).map(Self.checkpoint)
  }

  var holdsTiles: Bool { true }

  func tile(_ channel: AuditChannel, level: Int, index: UInt64) throws -> [UInt8]? {
    try reader.tile(ChannelNumber(rawValue: channel.number), level: level, index: index)
  }

  func journals() throws -> [AuditJournal] {
    guard let state = try reader.journalState(), let (federation, code) = try owner() else {
      return []
    }
    return try (1...state.epoch).map { epoch in
      AuditJournal(
        origin: JournalOrigin(federation: federation, code: code, epoch: epoch),
        claimedSize: epoch == state.epoch ? state.size : nil,
        checkpoint: try reader.journalCheckpoint(epoch: epoch).map(Self.checkpoint))
    }
  }

  func journalEntries(epoch: UInt32, from: UInt64, limit: Int) throws -> [AuditJournalEntry] {
    try reader.journal(epoch: epoch, from: from, limit: limit).map {
      AuditJournalEntry(seq: $0.seq, bytes: $0.bytes)
    }
  }

  func holdsSubmission(_ id: RecordID) throws -> Bool { try reader.submission(id) != nil }

  func holdsPendingRefusal(of target: RecordID, thread: RecordID) throws -> Bool {
    try reader.queued(thread: thread).contains {
      $0.kind == KindName.systemRefusal && $0.replyTo == target
    }
  }

  func places(ofRecord id: RecordID) throws -> [AuditPlace] {
    try places(reader.entry(id).map { [$0] } ?? [])
  }

  func places(ofThread id: RecordID) throws -> [AuditPlace] { try places(reader.thread(id)) }

  private func places(_ entries: [IndexEntry]) throws -> [AuditPlace] {
    let channels = try channels()
    return entries.compactMap { entry in
      channels.first { $0.number == entry.position.channel.rawValue }.map {
        AuditPlace(channel: $0, seq: entry.position.seq)
      }
    }
  }

  /// Whose store it is, from its channels; from the journal's own head while there are none.
  func owner() throws -> (federation: String, code: AgencyCode)? {
    if let channel = try reader.channels().first {
      let direction = channel.origin.direction
      return (
        channel.origin.federation, channel.role == .outbound ? direction.from : direction.to
      )
    }
    guard let note = try reader.journalCheckpoint(epoch: 1)?.note,
      let text = try? SignedNote(parsing: note).text,
      let origin = try? JournalOrigin(parsing: Checkpoint(parsing: text).origin)
    else { return nil }
    return (origin.federation, origin.code)
  }

  private static func checkpoint(_ stored: StoredCheckpoint) -> AuditCheckpoint {
    AuditCheckpoint(
      size: stored.size, root: stored.root, note: stored.note, receiptTime: stored.receiptTime)
  }
}
