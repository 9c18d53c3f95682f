import Cryptography
import RecordModel
import TransparencyLog

/// A journal entry with everything that can be said of it by itself.
struct CheckedJournalEntry: Sendable {
  /// What stands in an entry that parses.
  struct Content: Sendable {
    var seq: UInt64
    var prev: Digest
    var time: Timestamp
    /// Whether it opens an epoch after another.
    var followsEpoch: Bool
    /// Whether the node started there.
    var isStart: Bool
    var fact: JournalFact?
  }

  /// Its place as the source gives it.
  var seq: UInt64
  var leaf: Digest
  /// Nil when it does not parse; then `fault` is the error's code.
  var content: Content?
  var fault = ""

  /// Checks entries; pure, so that many can be checked at once.
  static func check(_ stored: [AuditJournalEntry], suite: Suite) -> [CheckedJournalEntry] {
    stored.map { stored in
      var checked = CheckedJournalEntry(
        seq: stored.seq, leaf: Merkle.leaf(stored.bytes, suite: suite))
      do throws(RecordModelError) {
        let entry = try JournalEntry(parsing: stored.bytes)
        checked.content = Content(
          seq: entry.seq, prev: entry.prev, time: entry.time,
          followsEpoch: entry.event == .journalOpened && entry["previousEpoch"] != nil,
          isStart: entry.event == .nodeStart,
          fact: JournalFact(entry))
      } catch {
        checked.fault = error.code.rawValue
      }
      return checked
    }
  }
}

/// What an entry says of channels and submissions.
enum JournalFact: Sendable {
  /// A channel's head moved.
  case head(Origin, size: UInt64, root: Digest)
  /// A submission was taken; `commitment` is the fingerprint of its commitment.
  case submission(RecordID, commitment: UInt64)
  /// A directory came into force.
  case directory(version: UInt64, digest: Digest)
  /// A submission was cancelled, or became a dead letter.
  case settled(RecordID)

  /// Nil for an entry that says nothing of either.
  init?(_ entry: JournalEntry) {
    switch entry.event {
    case .channelHead:
      guard let text = entry.text("origin"), let origin = try? Origin(parsing: text),
        case .integer(let size) = entry["size"], let root = entry.digest("root")
      else { return nil }
      self = .head(origin, size: size, root: root)
    case .submission:
      guard let id = entry.id("id"), let commitment = entry.digest("commitment") else {
        return nil
      }
      self = .submission(id, commitment: Self.fingerprint(commitment))
    case .directoryLoaded:
      guard case .integer(let version) = entry["version"], let digest = entry.digest("digest")
      else {
        return nil
      }
      self = .directory(version: version, digest: digest)
    case .submissionCancelled, .submissionDead:
      guard let id = entry.id("id") else { return nil }
      self = .settled(id)
    default: return nil
    }
  }

  /// Eight bytes that stand for a digest, keyed anew in every process: nobody can prepare two digests
  /// that have the same, as they could with the digest's own first bytes.
  static func fingerprint(_ digest: Digest) -> UInt64 {
    UInt64(bitPattern: Int64(digest.hashValue))
  }
}

extension JournalEntry {
  fileprivate func text(_ name: String) -> String? {
    if case .string(let text) = self[name] { text } else { nil }
  }

  fileprivate func id(_ name: String) -> RecordID? {
    text(name).flatMap { try? RecordID(parsing: $0) }
  }

  fileprivate func digest(_ name: String) -> Digest? {
    text(name).flatMap { Digest(base64: $0) }
  }
}
