import Auditor
import Cryptography
import RecordModel
import TransparencyLog

/// Follows one log of one node through one round.
struct LogFollower {
  let node: NodeFollower
  let log: ExportManifest.Log
  let bytes: BudgetedExport
  let budget: RoundBudget

  private var witness: Witness { node.witness }
  private var suite: Suite { witness.setting.key.suite }

  init(
    _ node: NodeFollower, _ log: ExportManifest.Log, _ bytes: BudgetedExport,
    _ budget: RoundBudget
  ) {
    self.node = node
    self.log = log
    self.bytes = bytes
    self.budget = budget
  }

  private func raise(_ kind: WatchAlarm.Kind, _ detail: String) {
    witness.raise(kind, node: node.code, origin: log.origin, detail)
  }

  private func clear(_ kind: WatchAlarm.Kind) {
    witness.clear(kind, node: node.code, origin: log.origin)
  }

  private func evidence(
    _ kind: WatchAlarm.Kind, held: [UInt8], shown: SignedNote, proof: [Digest] = [],
    _ detail: String
  ) {
    witness.keep(
      WatchEvidence(
        kind: kind, origin: log.origin, node: node.code, time: witness.now(), held: held,
        shown: shown.encoded, proof: proof.map { CanonicalBase64.encode($0.bytes) },
        detail: detail))
  }

  // MARK: Heads

  func follow() throws {
    let known = witness.log(log.origin)
    let shown = known.shown[node.code.rawValue] ?? 0
    guard
      let file = try bytes.read(
        "\(log.path)/checkpoint", limit: CheckpointBundle.noteByteLimit)
    else {
      if shown > 0 {
        witness.vanish(
          log.origin, of: node.code, "\(node.code) no longer shows a head of \(log.origin)")
      }
      return
    }
    guard let (note, head) = try? Checkpoint.signed(parsing: file), head.origin == log.origin,
      witness.isSigned(note, origin: log.origin), head.size > 0
    else { return raise(.signature, "the head of \(log.origin) is not signed by its key") }
    guard head.size <= WatchLimits.logSize else {
      return raise(
        .limit, "a head of \(head.size) entries; \(WatchLimits.logSize) are the most")
    }
    clear(.limit)
    guard head.size <= known.size || mayAdvance(known, note) else { return }
    clear(.signature)
    if head.size < shown {
      evidence(
        .rollback, held: known.note, shown: note,
        "\(node.code) showed \(shown) entries of \(log.origin), now \(head.size)")
    }
    if head.size == known.size {
      guard head.root == known.root else {
        return evidence(
          .fork, held: known.note, shown: note, "two signed roots of \(head.size) entries")
      }
    } else if head.size > known.size {
      guard try advance(known, note, head) else { return }
    } else {
      guard try isBefore(known, note, head) else { return }
    }
    try witness.noteShown(log.origin, by: node.code, size: head.size)
    if head.size >= known.size { try hash() }
  }

  /// Whether a larger head may become the newest by the keys that signed it. Of a log of which nothing
  /// is held, a key that has ended accuses nobody: its last head may be older than this watch.
  private func mayAdvance(_ known: WatchedLog, _ note: SignedNote) -> Bool {
    if witness.mayAdvance(note, origin: log.origin, shownBy: node.code) { return true }
    if known.size > 0 {
      raise(
        .signature,
        "the head of \(log.origin) was first shown when no key that signed it was valid any more")
    } else {
      budget.passedOver += 1
    }
    return false
  }

  /// The tiles of a tree, read from what a node serves. One that is missing or has another length makes
  /// the tree unreadable.
  private func tiles(_ size: UInt64, _ bytes: BudgetedExport) -> TileSource {
    TileSource(suite: suite, size: size) { [log] level, index, width in
      let tile = try Tile(level: level, index: index, width: width)
      let name = "\(log.path)/\(tile.path)"
      // A folder keeps a partial tile in one width only: a complete one begins with it.
      if let found = try bytes.read(name, from: 0, limit: tile.byteCount) { return found }
      guard
        let full = try bytes.read("\(log.path)/\(tile.full.path)", from: 0, limit: tile.byteCount)
      else { throw WatchError(.node, "\(name) is missing") }
      return full
    }
  }

  /// Takes a larger head as the newest; false, with an alarm, where it does not go on from the last.
  /// - Parameter treeSize: the tree whose tiles are read, where that is a later one than the head's.
  private func advance(
    _ known: WatchedLog, _ note: SignedNote, _ head: Checkpoint, treeSize: UInt64? = nil
  ) throws -> Bool {
    let source = tiles(max(treeSize ?? 0, head.size), bytes)
    guard try Merkle.root(size: head.size, source: source) == head.root else {
      raise(.tiles, "the tiles of \(head.size) entries do not lead to the signed root")
      return false
    }
    clear(.tiles)
    let proof =
      known.size == 0
      ? []
      : try Merkle.consistencyProof(oldSize: known.size, newSize: head.size, source: source)
    guard Witness.leads(from: known, to: head, proof: proof, suite: suite) else {
      // The tiles are those of the signed head, and the head that is held is not in them.
      evidence(
        .fork, held: known.note, shown: note, proof: proof,
        "the \(head.size) signed entries do not begin with the \(known.size) signed before")
      return false
    }
    return try witness.advance(note, head, proof: proof)
  }

  /// Whether a smaller head is one that the newest goes on from, by the tiles of a node that has shown
  /// the newest; where none is at hand, it is looked at again in the next round.
  private func isBefore(
    _ known: WatchedLog, _ note: SignedNote, _ head: Checkpoint
  ) throws -> Bool {
    for (code, size) in known.shown.sorted(by: { $0.key < $1.key }) where size >= known.size {
      guard let code = try? AgencyCode(code), let other = try node.others(code) else { continue }
      let source = tiles(known.size, BudgetedExport(base: other, budget: budget))
      guard let root = try? Merkle.root(size: known.size, source: source), root == known.root
      else { continue }
      let proof = try Merkle.consistencyProof(
        oldSize: head.size, newSize: known.size, source: source)
      let isConsistent =
        (try? Merkle.verifyConsistency(
          oldSize: head.size, oldRoot: head.root, newSize: known.size, newRoot: known.root,
          proof: proof, suite: suite)) != nil
      if !isConsistent {
        evidence(
          .fork, held: known.note, shown: note, proof: proof,
          "the \(known.size) signed entries do not begin with the \(head.size) shown by "
            + "\(node.code)")
      }
      return isConsistent
    }
    return true
  }

  /// Takes a head that this witness cosigned and does not remember, as the operator has asked.
  func bringForward(_ note: SignedNote, _ head: Checkpoint) throws {
    let known = witness.log(log.origin)
    if head.size == known.size, head.root != known.root {
      return evidence(
        .fork, held: known.note, shown: note, "two cosigned roots of \(head.size) entries")
    }
    // The node may serve the tiles of a later head only; they are checked against this one all the same.
    guard try advance(known, note, head, treeSize: log.checkpoint) else { return }
    try witness.noteShown(log.origin, by: node.code, size: head.size)
  }

  // MARK: Entries

  /// Hashes the entries up to the newest head, some of them in each round.
  private func hash() throws {
    var known = witness.log(log.origin)
    let width = UInt64(Tile.fullWidth)
    while known.hashed.size < known.size {
      let limit = UInt64(max(0, min(witness.setting.limits.logBundles, budget.bundlesLeft)))
      guard limit > 0 else { return }
      var frontier = known.hashed
      let first = frontier.size / width
      let end = min(known.size, (first + limit) * width)
      for bundle in first..<(end + width - 1) / width {
        budget.take(bundles: 1)
        let count = Int(min(width, known.size - bundle * width))
        guard let entries = try entries(bundle, count) else {
          return raise(.entries, "entries from \(bundle * width) on are missing or malformed")
        }
        let skipped = Int(frontier.size - bundle * width)
        for entry in entries.dropFirst(skipped) {
          frontier.append(leaf: Merkle.leaf(Array(entry), suite: suite))
        }
      }
      let wanted =
        frontier.size == known.size
        ? known.root
        : try Merkle.root(size: frontier.size, source: tiles(known.size, bytes))
      guard frontier.root == wanted else {
        return raise(
          .entries, "the entries up to \(frontier.size) do not lead to the signed root")
      }
      clear(.entries)
      try witness.noteHashed(log.origin, frontier)
      known = witness.log(log.origin)
      // The rest in the next round: other logs wait.
      if frontier.size < known.size { return }
    }
  }

  private func entries(_ bundle: UInt64, _ count: Int) throws -> [ArraySlice<UInt8>]? {
    let tile = try Tile(level: 0, index: bundle, width: count)
    for candidate in [tile, tile.full] {
      let name = "\(log.path)/\(candidate.path(in: "tile/entries"))"
      guard let content = try bytes.read(name, from: 0, limit: EntryBundle.byteLimit) else {
        continue
      }
      guard let entries = try? EntryBundle.decode(content, count: candidate.width) else {
        return nil
      }
      return Array(entries.prefix(count))
    }
    return nil
  }
}
