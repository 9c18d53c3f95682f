import Cryptography
import RecordModel
import TransparencyLog

/// Compares the heads of a node's journal that others witnessed with the journal that the node shows.
///
/// A head that counts more entries than are shown accuses a node whose copy was kept after that head was
/// witnessed; else the copy may be older, or the journal came back from a backup and began a new epoch,
/// and it is a notice.
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
      guard owner.isOf(origin.code) else { continue }
      let journal = journals.first { $0.origin == origin }
      if let missing = try missing(origin, witness, owner, isLast: journals.last?.origin == origin)
      {
        found.append((missing, nil))
      }
      guard let journal, let head = try firstDifference(origin, witness, owner) else { continue }
      let finding = ReconcileFinding(
        kind: .journalForked, subject: "\(origin)", index: head.size,
        holders: [witness.name, owner.name])
      found.append((finding, try fork(journal, head, owner)))
    }
    return found
  }

  /// How long after a head was witnessed a copy must have been kept, in milliseconds: two clocks may
  /// differ by so much.
  private static let tolerance: Int64 = 5 * 60 * 1000

  /// What others witnessed of a journal beyond its end.
  private func missing(
    _ origin: JournalOrigin, _ witness: Holder, _ owner: Holder, isLast: Bool
  ) throws -> ReconcileFinding? {
    let keys = directories.journalKeys(origin).map(\.key)
    var shown: UInt64 = 0
    var walk = JournalWalk(owner.source, origin)
    while try walk.next() != nil { shown += 1 }
    var newest: AuditCheckpoint?
    var size = shown
    while true {
      let heads = try witness.source.witnessedHeads(origin, above: size, limit: 256)
      guard let last = heads.last, last.size > size else { break }
      newest = heads.last { isSigned($0, origin, keys) } ?? newest
      size = last.size
    }
    guard let newest else { return nil }
    let time = Self.witnessedTime(newest)
    let isNewer =
      if let time, let asOf = owner.asOf {
        time.advanced(byMilliseconds: Self.tolerance) < asOf
      } else {
        false
      }
    return ReconcileFinding(
      kind: isNewer && isLast ? .journalShortened : .journalBehind, subject: "\(origin)",
      index: shown, count: newest.size - shown, time: time, holders: [witness.name, owner.name],
      detail: FindingDetail(
        "\(newest.size) were witnessed, \(shown) are shown",
        zh: "见证至 \(newest.size) 条，所示 \(shown) 条"))
  }

  /// When a head was cosigned first, as the cosignatures say.
  private static func witnessedTime(_ head: AuditCheckpoint) -> Timestamp? {
    guard let note = try? SignedNote(parsing: head.note) else { return nil }
    let times = note.signatures.dropFirst().compactMap { try? Cosignature.time(of: $0) }
    return times.min().map { Timestamp(unixSeconds: $0) }
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
