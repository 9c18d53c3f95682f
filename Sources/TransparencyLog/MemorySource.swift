public import Cryptography

/// A subtree source that holds every node of its tree in memory: 64 bytes a leaf.
public struct MemorySource: SubtreeSource, Sendable {
  /// The suite whose digest the tree is made with.
  public let suite: Suite
  /// `levels[l][i]` is the root of the complete subtree (l, i).
  private var levels: [[Digest]] = [[]]

  /// A source over `leaves`, which are leaf hashes in log order.
  public init(suite: Suite, leaves: some Sequence<Digest> = []) {
    self.suite = suite
    for leaf in leaves { append(leaf: leaf) }
  }

  /// The number of leaves.
  public var size: UInt64 { UInt64(levels[0].count) }

  /// Appends a leaf by its hash.
  public mutating func append(leaf: Digest) {
    levels[0].append(leaf)
    var level = 0
    while levels[level].count % 2 == 0 {
      let count = levels[level].count
      let parent = Merkle.node(
        levels[level][count - 2], levels[level][count - 1], suite: suite)
      level += 1
      if level == levels.count { levels.append([]) }
      levels[level].append(parent)
    }
  }

  /// The root of the complete subtree; throws `log.subtree.range` where the tree has none there.
  public func subtree(level: Int, index: UInt64) throws -> Digest {
    guard levels.indices.contains(level), index < UInt64(levels[level].count) else {
      throw TransparencyLogError(
        code: .subtreeRange, message: "no complete subtree \(index) on level \(level)")
    }
    return levels[level][Int(index)]
  }
}
