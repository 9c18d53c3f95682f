import RecordModel

/// Finds ids that more than one unrefused record has, at eight bytes a record: it keeps a keyed
/// fingerprint of each id, and only ids whose fingerprints repeat are looked at again. One object for
/// one audit, on one thread.
final class IdentifierBook {
  private var fingerprints: [UInt64] = []

  func add(_ fingerprint: UInt64) { fingerprints.append(fingerprint) }

  /// Fingerprints that occur more than once; nearly always none.
  func repeated() -> Set<UInt64> {
    fingerprints.sort()
    var found: Set<UInt64> = []
    for (one, next) in zip(fingerprints, fingerprints.dropFirst()) where one == next {
      found.insert(one)
    }
    return found
  }

  /// Keyed anew in every process, so that nobody can prepare two ids that collide.
  static func fingerprint(_ id: RecordID) -> UInt64 {
    UInt64(bitPattern: Int64(id.hashValue))
  }
}

/// Reads all channels again, which only a repeated id costs, and names each repetition.
struct RepeatedIdentifiers {
  let source: any AuditSource
  let suspects: Set<UInt64>

  /// The channel and the place of every unrefused record whose id an earlier one had.
  func find(_ channels: [AuditChannel]) throws -> [(origin: Origin, seq: UInt64)] {
    var seen: Set<RecordID> = []
    var found: [(origin: Origin, seq: UInt64)] = []
    for channel in channels {
      var position: UInt64 = 0
      while true {
        let chunk = try source.entries(channel, from: position, limit: 256)
        guard let last = chunk.last else { break }
        position = last.seq + 1
        for entry in chunk where !entry.isRefused {
          guard let header = try? RecordHeader(parsing: entry.header),
            suspects.contains(IdentifierBook.fingerprint(header.id))
          else { continue }
          if !seen.insert(header.id).inserted { found.append((channel.origin, entry.seq)) }
        }
      }
    }
    return found
  }
}
