import Cryptography
import RecordModel
import TransparencyLog

/// What the journal says of the channels and of what was submitted: taken from it first, compared
/// while the channels are read. One object for one audit, on one thread.
final class JournalFacts {
  /// A channel's head as the journal saw it.
  struct Head {
    var size: UInt64
    var root: Digest
    /// The journal entry that says so.
    var entry: UInt64
  }

  /// A place in the journal.
  struct Place: Hashable {
    var epoch: UInt32
    var entry: UInt64
  }

  private struct Submission {
    var id: RecordID
    /// The first eight bytes of its commitment.
    var commitment: UInt64
    var entry: UInt32
    var epoch: UInt32
    var isSettled = false
  }

  /// What came of a lookup.
  enum Match { case same, other, none }

  private var heads: [Origin: [Head]] = [:]
  private var submissions: [Submission] = []
  private var settled: [RecordID] = []
  /// Whether the journal reaches back to the node's first day without a gap. A journal that was
  /// restored from a backup has lost submissions, so that none can be missed.
  private(set) var isComplete = true

  /// The channels whose heads the journal saw.
  var origins: [Origin] { heads.keys.sorted { $0.description < $1.description } }

  /// In the order of size; a later journal epoch may say again what an earlier one said.
  func heads(of origin: Origin) -> [Head] {
    (heads[origin] ?? []).sorted { $0.size < $1.size }
  }

  /// Something of the journal is missing.
  func markIncomplete() { isComplete = false }

  func take(_ entry: JournalEntry, epoch: UInt32) {
    switch entry.event {
    case .channelHead:
      guard let text = entry.text("origin"), let origin = try? Origin(parsing: text),
        case .integer(let size) = entry["size"], let root = entry.digest("root")
      else { return }
      heads[origin, default: []].append(Head(size: size, root: root, entry: entry.seq))
    case .submission:
      guard let id = entry.id("id"), let commitment = entry.digest("commitment") else { return }
      submissions.append(
        Submission(
          id: id, commitment: Self.prefix(commitment), entry: UInt32(clamping: entry.seq),
          epoch: epoch))
    case .submissionCancelled, .submissionDead:
      if let id = entry.id("id") { settled.append(id) }
    default: break
    }
  }

  /// Puts the submissions into the order in which they are looked up.
  func close() {
    submissions.sort { $0.id < $1.id }
    for id in settled {
      if let index = index(of: id) { submissions[index].isSettled = true }
    }
    settled = []
  }

  /// Marks a sealed record's submission and says whether it is the one that was journalled.
  func settle(_ id: RecordID, commitment: Digest) -> Match {
    guard let index = index(of: id) else { return .none }
    submissions[index].isSettled = true
    return submissions[index].commitment == Self.prefix(commitment) ? .same : .other
  }

  /// The submissions that no record, cancellation or death accounts for, with their journal entry.
  var unsettled: [(id: RecordID, place: Place)] {
    submissions.filter { !$0.isSettled }
      .map { ($0.id, Place(epoch: $0.epoch, entry: UInt64($0.entry))) }
  }

  private func index(of id: RecordID) -> Int? {
    var low = 0
    var high = submissions.count
    while low < high {
      let middle = (low + high) / 2
      if submissions[middle].id < id { low = middle + 1 } else { high = middle }
    }
    return low < submissions.count && submissions[low].id == id ? low : nil
  }

  private static func prefix(_ digest: Digest) -> UInt64 {
    digest.withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
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
    text(name).flatMap { CanonicalBase64.decode($0) }.flatMap { Digest($0) }
  }
}
