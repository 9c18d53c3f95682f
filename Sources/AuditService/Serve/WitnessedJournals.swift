package import Exchange
package import RecordModel
import TransparencyLog

/// The signed heads that a node holds of other nodes' journals: the newest for each witness, and both of
/// every pair that does not go together.
package struct WitnessedJournals {
  /// One journal and the notes of its heads, by size.
  package struct Journal {
    package var origin: JournalOrigin
    package var notes: [[UInt8]]
  }

  /// By origin.
  package let journals: [Journal]

  /// Reads them; `own` are the node's own journals, which are none of these.
  package init(_ reader: any StoreReader, own: Set<String>) throws {
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
