import Cryptography
import RecordModel
import TransparencyLog

/// Compares the heads of a node's journal that others witnessed with the journal that the node shows.
///
/// A head that counts more entries than are shown accuses nobody here: the copy may be older, and a
/// journal that came back from a backup begins a new epoch, which `verify` judges.
struct JournalReconciliation {
  let directories: DirectoryHistory
  let progress: (AuditProgress) -> Void

  /// The first head, of each journal, that is not one of what its node shows.
  func compare(
    _ witness: Holder, _ owner: Holder
  ) throws -> [(finding: ReconcileFinding, fork: FoundFork?)] {
    let journals = try owner.source.journals()
    var found: [(finding: ReconcileFinding, fork: FoundFork?)] = []
    for origin in try witness.source.witnessedOrigins() {
      guard let journal = journals.first(where: { $0.origin == origin }),
        let head = try firstDifference(origin, witness, owner)
      else { continue }
      let finding = ReconcileFinding(
        kind: .journalForked, subject: "\(origin)", index: head.size,
        holders: [witness.name, owner.name])
      found.append((finding, try fork(journal, head, owner)))
    }
    return found
  }

  private func firstDifference(
    _ origin: JournalOrigin, _ witness: Holder, _ owner: Holder
  ) throws -> AuditCheckpoint? {
    let keys = directories.journalKeys(origin).map(\.key)
    var frontier = Frontier(suite: directories.suite)
    var walk = JournalWalk(owner.source, origin)
    var size: UInt64 = 0
    while true {
      let heads = try witness.source.witnessedHeads(origin, above: size, limit: 256)
      guard let last = heads.last, last.size > size else { return nil }
      for head in heads where isSigned(head, origin, keys) {
        while frontier.size < head.size, let bytes = try walk.next() {
          frontier.append(leaf: Merkle.leaf(bytes, suite: directories.suite))
        }
        guard frontier.size == head.size else { break }
        if frontier.root != head.root { return head }
      }
      size = last.size
    }
  }

  private func isSigned(
    _ head: AuditCheckpoint, _ origin: JournalOrigin, _ keys: [VerifierKey]
  ) -> Bool {
    guard let (note, checkpoint) = try? Checkpoint.signed(parsing: head.note),
      checkpoint.origin.utf8.elementsEqual(origin.description.utf8),
      checkpoint.size == head.size, checkpoint.root == head.root
    else { return false }
    return (try? note.verified(by: keys)) != nil
  }

  /// Proof with the node's own newest head, where that is one of what it shows and no smaller.
  private func fork(
    _ journal: AuditJournal, _ head: AuditCheckpoint, _ owner: Holder
  ) throws -> FoundFork? {
    let keys = directories.journalKeys(journal.origin).map(\.key)
    guard let own = journal.checkpoint, own.size >= head.size,
      isSigned(own, journal.origin, keys)
    else { return nil }
    var tree = MemorySource(suite: directories.suite)
    var walk = JournalWalk(owner.source, journal.origin)
    while tree.size < own.size, let bytes = try walk.next() {
      tree.append(leaf: Merkle.leaf(bytes, suite: directories.suite))
      if tree.size % 4096 == 0 {
        progress(AuditProgress(log: "\(journal.origin)", done: tree.size, total: own.size))
      }
    }
    guard tree.size == own.size, try Merkle.root(size: own.size, source: tree) == own.root else {
      return nil
    }
    let prefix =
      own.size == head.size
      ? nil
      : EvidenceFork.Prefix(
        root: try Merkle.root(size: head.size, source: tree),
        proof: try Merkle.consistencyProof(
          oldSize: head.size, newSize: own.size, source: tree))
    return FoundFork(
      origin: "\(journal.origin)",
      evidence: EvidenceFork(notes: [head.note, own.note], prefix: prefix))
  }
}

/// Reads the entries of one journal in their places, as far as none is missing.
private struct JournalWalk {
  private let source: any AuditSource
  private let epoch: UInt32
  private var waiting: ArraySlice<AuditJournalEntry> = []
  private var position: UInt64 = 0

  init(_ source: any AuditSource, _ origin: JournalOrigin) {
    self.source = source
    epoch = origin.epoch
  }

  mutating func next() throws -> [UInt8]? {
    if waiting.isEmpty {
      waiting = try source.journalEntries(epoch: epoch, from: position, limit: 512)[...]
    }
    guard let entry = waiting.popFirst(), entry.seq == position, position < .max else { return nil }
    position += 1
    return entry.bytes
  }
}
