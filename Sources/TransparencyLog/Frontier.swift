public import Cryptography

/// The state that appending to a Merkle tree needs: the roots of its maximal complete subtrees,
/// left to right, one for each one-bit of its size (the compact range of RFC 6962 trees).
///
/// An append costs one digest on average and no allocation once the node array has its room;
/// a copy that is appended to copies at most 64 digests.
public struct Frontier: Hashable, Sendable {
  /// The suite whose digest the tree is made with.
  public let suite: Suite
  /// The number of leaves.
  public private(set) var size: UInt64
  /// Roots of the maximal complete subtrees, largest (leftmost) first.
  public private(set) var nodes: [Digest]

  /// The frontier of the tree without leaves.
  public init(suite: Suite) {
    self.suite = suite
    size = 0
    nodes = []
    nodes.reserveCapacity(Self.reservedNodes)
  }

  /// A frontier as it was stored.
  ///
  /// `nodes` are the roots of the maximal complete subtrees, left to right. Throws
  /// `log.frontier.shape` unless there is one for each one-bit of `size`. The hashes themselves
  /// can't be checked here: compare `root` with a signed one.
  public init(suite: Suite, size: UInt64, nodes: [Digest]) throws(TransparencyLogError) {
    guard nodes.count == size.nonzeroBitCount else {
      throw TransparencyLogError(
        code: .frontierShape,
        message: "\(nodes.count) nodes can't make a tree of \(size) leaves")
    }
    self.suite = suite
    self.size = size
    self.nodes = nodes
    self.nodes.reserveCapacity(Self.reservedNodes)
  }

  /// Appends a leaf by its hash.
  public mutating func append(leaf: Digest) {
    append(leaf: leaf) { _, _, _ in }
  }

  /// Appends a leaf by its hash, and shows `visit` every subtree that it completes, leaf
  /// (level 0) first: level, index within the level, root. What a store keeps to make proofs
  /// from later.
  @inline(__always)
  public mutating func append(
    leaf: Digest, visit: (_ level: Int, _ index: UInt64, _ root: Digest) -> Void
  ) {
    precondition(size < .max, "a log of 2^64 − 1 entries can't be reached by appending")
    var hash = leaf
    var index = size
    var level = 0
    visit(level, index, hash)
    while index & 1 == 1 {
      // Each trailing one-bit of the size is one node at the end of the array.
      hash = suite.digest(prefix: 0x01, nodes.removeLast(), hash)
      index >>= 1
      level += 1
      visit(level, index, hash)
    }
    nodes.append(hash)
    size += 1
  }

  /// The tree's root; that of the tree without leaves is the digest of nothing.
  public var root: Digest {
    guard var hash = nodes.last else { return Merkle.emptyRoot(suite: suite) }
    for left in nodes.dropLast().reversed() { hash = suite.digest(prefix: 0x01, left, hash) }
    return hash
  }

  /// Room for a tree of 2^32 leaves, so that appends don't allocate one by one.
  private static let reservedNodes = 32
}
