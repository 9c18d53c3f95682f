import Cryptography
import RecordModel

/// What the journal says of the channels and of what was submitted: taken from it first, compared
/// while the channels are read. One object for one audit, on one thread.
final class JournalFacts {
  /// A channel's head as the journal saw it, in 24 bytes.
  struct Head {
    var size: UInt64
    private var root: UInt64
    /// The journal entry that says so.
    var entry: UInt64

    init(size: UInt64, root: Digest, entry: UInt64) {
      self.size = size
      self.root = JournalFact.fingerprint(root)
      self.entry = entry
    }

    /// Whether it names this root.
    func names(_ root: Digest) -> Bool { self.root == JournalFact.fingerprint(root) }
  }

  /// A place in the journal.
  struct Place: Hashable {
    var epoch: UInt32
    var entry: UInt64
  }

  /// 32 bytes.
  private struct Submission {
    var id: RecordID
    /// `JournalFact.fingerprint` of it.
    var commitment: UInt64
    var entry: UInt32
    var epoch: UInt32
  }

  /// What came of a lookup.
  enum Match { case same, other, none }

  private var heads: [Origin: [Head]] = [:]
  private var submissions: [Submission] = []
  private var settled: [RecordID] = []
  /// A bit for each submission: whether anything accounts for it.
  private var marks: [UInt64] = []
  /// Where the last lookup ended: records are sealed nearly in the order of their ids.
  private var hint = 0
  /// Whether the journal reaches back to the node's first day without a gap. A journal that was
  /// restored from a backup has lost submissions, so that none can be missed.
  private(set) var isComplete = true

  /// The directories that it says came into force.
  private(set) var directories: [UInt64: Digest] = [:]
  /// The newest time in it, by the node's own clock.
  private(set) var newestTime: Timestamp?

  /// The channels whose heads the journal saw.
  var origins: [Origin] { heads.keys.sorted { $0.description < $1.description } }

  /// In the order of size; a later journal epoch may say again what an earlier one said. After
  /// `close`.
  func heads(of origin: Origin) -> [Head] { heads[origin] ?? [] }

  /// Something of the journal is missing.
  func markIncomplete() { isComplete = false }

  /// Takes an entry's time.
  func note(_ time: Timestamp) { newestTime = max(newestTime ?? time, time) }

  func take(_ fact: JournalFact, entry: UInt64, epoch: UInt32) {
    switch fact {
    case .head(let origin, let size, let root):
      heads[origin, default: []].append(Head(size: size, root: root, entry: entry))
    case .submission(let id, let commitment):
      submissions.append(
        Submission(
          id: id, commitment: commitment, entry: UInt32(clamping: entry), epoch: epoch))
    case .settled(let id): settled.append(id)
    case .directory(let version, let digest): directories[version] = digest
    }
  }

  /// Puts everything into the order in which it is looked up.
  func close() {
    for origin in heads.keys { heads[origin]?.sort { ($0.size, $0.entry) < ($1.size, $1.entry) } }
    // Of two of one id the first counts, whichever way the sort went.
    submissions.sort { ($0.id, $0.epoch, $0.entry) < ($1.id, $1.epoch, $1.entry) }
    marks = [UInt64](repeating: 0, count: (submissions.count + 63) / 64)
    for id in settled {
      if let index = index(of: id) { mark(index) }
    }
    settled = []
  }

  /// Marks a sealed record's submission and says whether it is the one that was journalled.
  func settle(_ id: RecordID, commitment: Digest) -> Match {
    guard let index = index(of: id) else { return .none }
    mark(index)
    return submissions[index].commitment == JournalFact.fingerprint(commitment) ? .same : .other
  }

  /// The submissions that no record, cancellation or death accounts for, with their journal entry.
  var unsettled: [(id: RecordID, place: Place)] {
    submissions.indices.filter { !isMarked($0) }.map { index in
      let submission = submissions[index]
      return (
        submission.id, Place(epoch: submission.epoch, entry: UInt64(submission.entry))
      )
    }
  }

  private func mark(_ index: Int) { marks[index / 64] |= 1 << UInt64(index % 64) }

  private func isMarked(_ index: Int) -> Bool { marks[index / 64] >> UInt64(index % 64) & 1 == 1 }

  /// The first submission of that id: looked for in steps that double from where the last one was,
  /// then by halves.
  private func index(of id: RecordID) -> Int? {
    var low = min(hint, submissions.count)
    var high = low
    var step = 1
    while low > 0, submissions[low - 1].id >= id {
      high = low - 1
      low = max(0, low - step)
      step *= 2
    }
    step = 1
    while high < submissions.count, submissions[high].id < id {
      low = high + 1
      high = min(submissions.count, high + step)
      step *= 2
    }
    while low < high {
      let middle = (low + high) / 2
      if submissions[middle].id < id { low = middle + 1 } else { high = middle }
    }
    hint = low
    return low < submissions.count && submissions[low].id == id ? low : nil
  }
}
