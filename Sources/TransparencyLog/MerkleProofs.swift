public import Cryptography

/// Roots of complete subtrees of one log, from memory, tiles or a database.
///
/// `(level, index)` covers the leaves `index << level ..< (index + 1) << level`; level 0 is the
/// leaf hashes themselves. A caller asks only for subtrees that lie wholly within the tree size
/// it works on; a source throws for one that it does not hold.
public protocol SubtreeSource {
  /// The suite whose digest the tree is made with.
  var suite: Suite { get }
  /// The root of the complete subtree at `level` and `index`.
  func subtree(level: Int, index: UInt64) throws -> Digest
}

extension Merkle {
  /// The inclusion proof of the leaf at `index` in the tree of `size` leaves, from the leaf's
  /// sibling upwards (RFC 9162, 2.1.3.1).
  ///
  /// Throws `log.proof.index` where the index is not below the size, and what `source` throws.
  public static func inclusionProof(
    index: UInt64, size: UInt64, source: some SubtreeSource
  ) throws -> [Digest] {
    guard index < size else {
      throw TransparencyLogError(
        code: .proofIndex, message: "index \(index) is not in a tree of \(size) leaves")
    }
    var start: UInt64 = 0
    var end = size
    var path: [Digest] = []
    while end - start > 1 {
      let middle = start + split(end - start)
      if index < middle {
        path.append(try rangeRoot(middle, end, source: source))
        end = middle
      } else {
        path.append(try rangeRoot(start, middle, source: source))
        start = middle
      }
    }
    path.reverse()
    return path
  }

  /// The consistency proof from the tree of `oldSize` leaves to that of `newSize` leaves (RFC
  /// 9162, 2.1.4.1); empty where they are equal.
  ///
  /// Throws `log.proof.size` unless 0 < `oldSize` ≤ `newSize`, and what `source` throws.
  public static func consistencyProof(
    oldSize: UInt64, newSize: UInt64, source: some SubtreeSource
  ) throws -> [Digest] {
    try checkSizes(old: oldSize, new: newSize)
    var start: UInt64 = 0
    var end = newSize
    var path: [Digest] = []
    // The invariant: the old tree ends within start ..< end.
    while oldSize < end {
      let middle = start + split(end - start)
      if oldSize <= middle {
        path.append(try rangeRoot(middle, end, source: source))
        end = middle
      } else {
        path.append(try rangeRoot(start, middle, source: source))
        start = middle
      }
    }
    // The verifier knows the old root; it has to be told any smaller subtree to start from.
    if start > 0 { path.append(try rangeRoot(start, end, source: source)) }
    path.reverse()
    return path
  }

  /// The root of the tree of the first `size` leaves of `source`; throws what `source` throws.
  public static func root(size: UInt64, source: some SubtreeSource) throws -> Digest {
    guard size > 0 else { return emptyRoot(suite: source.suite) }
    return try rangeRoot(0, size, source: source)
  }

  /// The nodes of the frontier of the tree of the first `size` leaves of `source`, left to
  /// right: what `Frontier.init(suite:size:nodes:)` takes. Throws what `source` throws.
  public static func frontierNodes(size: UInt64, source: some SubtreeSource) throws -> [Digest] {
    try completeSubtrees(0, size, source: source)
  }

  /// The largest power of two below `count`, which is at least 2.
  private static func split(_ count: UInt64) -> UInt64 {
    1 << UInt64(UInt64.bitWidth - 1 - (count - 1).leadingZeroBitCount)
  }

  /// The root over the leaves `start ..< end`, not empty; `start` is a multiple of a power of
  /// two that is no smaller than the range.
  private static func rangeRoot(
    _ start: UInt64, _ end: UInt64, source: some SubtreeSource
  ) throws -> Digest {
    var nodes = try completeSubtrees(start, end, source: source)
    let suite = source.suite
    var hash = nodes.removeLast()
    while let left = nodes.popLast() { hash = node(left, hash, suite: suite) }
    return hash
  }

  private static func completeSubtrees(
    _ start: UInt64, _ end: UInt64, source: some SubtreeSource
  ) throws -> [Digest] {
    var nodes: [Digest] = []
    nodes.reserveCapacity((end - start).nonzeroBitCount)
    var position = start
    while position < end {
      let level = UInt64.bitWidth - 1 - (end - position).leadingZeroBitCount
      nodes.append(try source.subtree(level: level, index: position >> UInt64(level)))
      position += 1 << UInt64(level)
    }
    return nodes
  }
}
