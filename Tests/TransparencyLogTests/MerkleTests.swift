import Cryptography
import Testing
import TransparencyLog

@Suite("Merkle trees")
struct MerkleTests {
  /// Every size to 70, the neighbourhoods of powers of two, and seeded larger ones.
  static let sizes: [Int] = {
    var generator = SeededGenerator(seed: 1)
    return Array(0...70) + [127, 128, 129, 255, 256, 257]
      + (0..<6).map { _ in Int.random(in: 258...1500, using: &generator) }
  }()

  @Test("The reference roots of RFC 6962 come out of frontier and source", arguments: 0...8)
  func referenceRoots(size: Int) throws {
    let expected = try digest(hex: Published.roots[size])
    let hashes = Published.entries.prefix(size).map { Merkle.leaf($0, suite: suite) }
    var frontier = Frontier(suite: suite)
    for hash in hashes { frontier.append(leaf: hash) }
    #expect(frontier.root == expected)
    let source = MemorySource(suite: suite, leaves: hashes)
    #expect(try Merkle.root(size: UInt64(size), source: source) == expected)
  }

  @Test("A leaf is hashed alike from an array and from memory")
  func leafForms() {
    let bytes = entry(7)
    let fromMemory = bytes.withUnsafeBytes { Merkle.leaf($0, suite: suite) }
    #expect(fromMemory == Merkle.leaf(bytes, suite: suite))
    #expect(fromMemory == suite.digest([0x00] + bytes))
  }

  @Test("Frontier, source and the recursive definition agree on the root", arguments: sizes)
  func rootsAgree(size: Int) throws {
    let hashes = leaves(size)
    var frontier = Frontier(suite: suite)
    for hash in hashes { frontier.append(leaf: hash) }
    let source = MemorySource(suite: suite, leaves: hashes)
    let expected = naiveRoot(hashes[...])
    #expect(frontier.size == UInt64(size))
    #expect(frontier.root == expected)
    #expect(try Merkle.root(size: UInt64(size), source: source) == expected)
    #expect(try Merkle.frontierNodes(size: UInt64(size), source: source) == frontier.nodes)
  }

  @Test("A stored frontier goes on as if it had never stopped", arguments: [0, 1, 5, 8, 63, 64])
  func restoredFrontier(size: Int) throws {
    var first = Frontier(suite: suite)
    for hash in leaves(size) { first.append(leaf: hash) }
    var restored = try Frontier(suite: suite, size: first.size, nodes: first.nodes)
    #expect(restored == first)
    for hash in leaves(9) {
      first.append(leaf: hash)
      restored.append(leaf: hash)
      #expect(restored == first)
      #expect(restored.root == first.root)
    }
  }

  @Test("A frontier needs one node for each one-bit of its size", arguments: 0...9)
  func frontierShape(size: UInt64) {
    for count in 0...5 where count != size.nonzeroBitCount {
      let nodes = leaves(count)
      #expect(
        failureCode { _ = try Frontier(suite: suite, size: size, nodes: nodes) }
          == .frontierShape)
    }
  }

  @Test("An append shows each subtree that it completes")
  func visitedSubtrees() throws {
    let hashes = leaves(64)
    let source = MemorySource(suite: suite, leaves: hashes)
    var frontier = Frontier(suite: suite)
    var seen: [[UInt64]: Digest] = [:]
    for hash in hashes {
      frontier.append(leaf: hash) { level, index, root in
        let earlier = seen.updateValue(root, forKey: [UInt64(level), index])
        #expect(earlier == nil)
      }
    }
    #expect(seen.count == 127)
    for (place, root) in seen {
      #expect(try source.subtree(level: Int(place[0]), index: place[1]) == root)
    }
  }

  @Test("A memory source has the complete subtrees of its tree and no others")
  func memorySourceBounds() throws {
    let source = MemorySource(suite: suite, leaves: leaves(6))
    #expect(source.size == 6)
    _ = try source.subtree(level: 1, index: 2)
    _ = try source.subtree(level: 2, index: 0)
    for (level, index) in [(0, UInt64(6)), (1, 3), (2, 1), (3, 0), (-1, 0), (64, 0)] {
      #expect(
        failureCode { _ = try source.subtree(level: level, index: index) } == .subtreeRange)
    }
  }

  @Test("Trees of more leaves than memory has are computed without overflow")
  func hugeSizes() throws {
    let source = ConstantSource()
    let sizes: [UInt64] = [.max, .max - 1, 1 << 63, (1 << 63) + 1]
    for size in sizes {
      let root = try Merkle.root(size: size, source: source)
      let indexes: [UInt64] = [0, 1, size / 2, size - 2, size - 1]
      for index in indexes {
        let proof = try Merkle.inclusionProof(index: index, size: size, source: source)
        let leaf = try source.subtree(level: 0, index: index)
        try Merkle.verifyInclusion(
          leaf: leaf, index: index, size: size, proof: proof, root: root, suite: suite)
      }
      let oldSizes: [UInt64] = [1, 2, size / 2, size / 2 + 1, size - 1, size]
      for old in oldSizes {
        let proof = try Merkle.consistencyProof(oldSize: old, newSize: size, source: source)
        #expect(proof.count <= Merkle.proofHashLimit)
        try Merkle.verifyConsistency(
          oldSize: old, oldRoot: try Merkle.root(size: old, source: source), newSize: size,
          newRoot: root, proof: proof, suite: suite)
      }
    }
  }
}

/// A tree whose leaves are all the same, so that every complete subtree is known by its level.
private struct ConstantSource: SubtreeSource {
  let suite = Suite.sha256Ed25519
  let levels: [Digest]

  init() {
    var levels = leaves(1)
    while levels.count < 64 {
      levels.append(Merkle.node(levels[levels.count - 1], levels[levels.count - 1], suite: suite))
    }
    self.levels = levels
  }

  func subtree(level: Int, index: UInt64) throws -> Digest { levels[level] }
}
