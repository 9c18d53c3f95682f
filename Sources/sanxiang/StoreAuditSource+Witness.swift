import AuditService
import Auditor
import Cryptography
import Exchange
import RecordModel

extension StoreAuditSource {
  /// The heads of the node's own journal that others cosigned, one for each witness.
  func journalCheckpoints(
    epoch: UInt32, above size: UInt64, limit: Int
  ) throws -> [AuditCheckpoint] {
    guard let (federation, code) = try owner() else { return [] }
    let origin = JournalOrigin(federation: federation, code: code, epoch: epoch)
    // There are no more of them than witnesses.
    return try reader.witnessedHeads(origin: "\(origin)").filter { $0.size > size }.map {
      AuditCheckpoint(size: $0.size, root: $0.root, note: $0.note, receiptTime: nil)
    }
  }

  /// The journals of other nodes of which heads are held.
  func witnessedOrigins() throws -> [JournalOrigin] { try witnessed().journals.map(\.origin) }

  /// Heads of another node's journal.
  func witnessedHeads(
    _ origin: JournalOrigin, above size: UInt64, limit: Int
  ) throws -> [AuditCheckpoint] {
    let notes = try witnessed().journals.first { $0.origin == origin }?.notes ?? []
    return AuditCheckpoint.ascending(notes).filter { $0.size > size }
  }

  private func witnessed() throws -> WitnessedJournals {
    try WitnessedJournals(reader, own: Set(try journals().map(\.origin.description)))
  }

  /// A node keeps the clocks and calendars that its directories name.
  var holdsDirectoryFiles: Bool { true }

  /// A clocks or calendar file.
  func directoryFile(_ digest: Digest) throws -> [UInt8]? { try reader.directoryFile(digest) }
}
