import Cryptography
import RecordModel
import TransparencyLog

/// Finds two signed heads of a log that exclude each other, between two holders whose entries differ.
struct ForkFinder {
  /// Heads looked at on each side: the first that cover the difference.
  private static let headLimit = 64

  let directories: DirectoryHistory

  /// The heads, with what proves that they exclude each other; nil where one side's entries are not
  /// signed so far, or not those that were signed.
  func find(
    _ origin: Origin, _ holders: [Holder], from difference: UInt64
  ) throws -> EvidenceFork? {
    let left = try heads(origin, holders[0], above: difference)
    let right = try heads(origin, holders[1], above: difference)
    for head in left {
      if let other = right.first(where: { $0.size == head.size }), other.root != head.root {
        return EvidenceFork(notes: [head.note, other.note], prefix: nil)
      }
    }
    guard let one = left.first, let two = right.first else { return nil }
    return one.size < two.size
      ? try fork(smaller: one, larger: two, origin, holders[1])
      : try fork(smaller: two, larger: one, origin, holders[0])
  }

  private func heads(
    _ origin: Origin, _ holder: Holder, above size: UInt64
  ) throws -> [AuditCheckpoint] {
    guard let channel = holder.channel(origin) else { return [] }
    let check = HeadCheck(origin, directories)
    var walk = HeadWalk(holder.source, channel, above: size)
    var found: [AuditCheckpoint] = []
    while found.count < Self.headLimit, let head = try walk.next() {
      guard let checked = check([head]).first, checked.root != nil,
        checked.signatureFault(at: nil, among: check.senders) == nil
      else { continue }
      found.append(head)
    }
    return found
  }

  private func fork(
    smaller: AuditCheckpoint, larger: AuditCheckpoint, _ origin: Origin, _ holder: Holder
  ) throws -> EvidenceFork? {
    guard let channel = holder.channel(origin) else { return nil }
    for usesTiles in [true, false] {
      let tree = LogTiles(
        source: holder.source, channel: channel, suite: directories.suite, usesTiles: usesTiles
      ).tree(larger.size)
      do {
        guard try Merkle.root(size: larger.size, source: tree) == larger.root else { continue }
        let root = try Merkle.root(size: smaller.size, source: tree)
        guard root != smaller.root else { return nil }
        let proof = try Merkle.consistencyProof(
          oldSize: smaller.size, newSize: larger.size, source: tree)
        return EvidenceFork(
          notes: [smaller.note, larger.note],
          prefix: EvidenceFork.Prefix(root: root, proof: proof))
      } catch is EvidenceError {
        continue
      } catch is TransparencyLogError {
        continue
      }
    }
    return nil
  }
}
