import Auditor
import Cryptography
import Exchange
import RecordModel
import TransparencyLog

/// The signed heads that a node holds of other nodes' journals: the newest for each witness, and both of
/// every pair that does not go together.
struct WitnessedJournals {
  /// One journal and the notes of its heads, by size.
  struct Journal {
    var origin: JournalOrigin
    var notes: [[UInt8]]
  }

  /// By origin.
  let journals: [Journal]

  /// Reads them; `own` are the node's own journals, which are none of these.
  init(_ reader: any StoreReader, own: Set<String>) throws {
    var notes: [String: Set<[UInt8]>] = [:]
    for origin in try reader.witnessedOrigins() {
      notes[origin] = Set(try reader.witnessedHeads(origin: origin).map(\.note))
    }
    var count = 0
    while case let page = try reader.headConflicts(skipping: count, limit: 100), !page.isEmpty {
      for conflict in page {
        notes[conflict.origin, default: []].formUnion([conflict.held, conflict.shown])
      }
      count += page.count
    }
    journals = notes.sorted { $0.key < $1.key }.compactMap { name, notes in
      guard let origin = try? JournalOrigin(parsing: name), !own.contains(name) else { return nil }
      let sized = notes.map { note in
        (size: (try? Checkpoint.signed(parsing: note))?.checkpoint.size ?? 0, note: note)
      }
      let ordered = sized.sorted {
        $0.size != $1.size ? $0.size < $1.size : $0.note.lexicographicallyPrecedes($1.note)
      }
      return Journal(origin: origin, notes: ordered.map(\.note))
    }
  }
}

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
