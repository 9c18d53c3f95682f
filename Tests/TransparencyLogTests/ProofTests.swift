import Cryptography
import Testing
import TransparencyLog

@Suite("Inclusion and consistency proofs")
struct ProofTests {
  private static let hashes = leaves(70)
  private static let source = MemorySource(suite: suite, leaves: hashes)

  private static func root(_ size: UInt64) -> Digest { naiveRoot(hashes.prefix(Int(size))) }

  @Test("Every leaf of every small tree is proved to be where it is", arguments: 1...70)
  func inclusion(size: Int) throws {
    let size = UInt64(size)
    let root = Self.root(size)
    for index in 0..<size {
      let proof = try Merkle.inclusionProof(index: index, size: size, source: Self.source)
      try Merkle.verifyInclusion(
        leaf: Self.hashes[Int(index)], index: index, size: size, proof: proof, root: root,
        suite: suite)
      // Nowhere else in this tree, and nowhere in a tree of another size with that root.
      for other in 0...(size + 1) where other != index {
        #expect(
          failureCode {
            try Merkle.verifyInclusion(
              leaf: Self.hashes[Int(index)], index: other, size: size, proof: proof, root: root,
              suite: suite)
          } != nil, "index \(index) of \(size) also verified at \(other)")
      }
    }
  }

  @Test("Every small tree is proved to continue each smaller one", arguments: 1...70)
  func consistency(newSize: Int) throws {
    let newSize = UInt64(newSize)
    let newRoot = Self.root(newSize)
    for oldSize in 1...newSize {
      let proof = try Merkle.consistencyProof(
        oldSize: oldSize, newSize: newSize, source: Self.source)
      try Merkle.verifyConsistency(
        oldSize: oldSize, oldRoot: Self.root(oldSize), newSize: newSize, newRoot: newRoot,
        proof: proof, suite: suite)
      for other in 0...newSize + 1 where other != oldSize {
        #expect(
          failureCode {
            try Merkle.verifyConsistency(
              oldSize: other, oldRoot: Self.root(oldSize), newSize: newSize, newRoot: newRoot,
              proof: proof, suite: suite)
          } != nil, "\(oldSize) to \(newSize) also verified from \(other)")
      }
    }
  }

  @Test("No mangled inclusion proof verifies", arguments: [1, 2, 3, 7, 8, 11, 33, 64, 70])
  func mangledInclusion(size: Int) throws {
    var generator = SeededGenerator(seed: UInt64(size))
    let size = UInt64(size)
    let root = Self.root(size)
    for index in 0..<size {
      let leaf = Self.hashes[Int(index)]
      let proof = try Merkle.inclusionProof(index: index, size: size, source: Self.source)
      func code(_ proof: [Digest], leaf: Digest = leaf, root: Digest = root)
        -> TransparencyLogError.Code?
      {
        failureCode {
          try Merkle.verifyInclusion(
            leaf: leaf, index: index, size: size, proof: proof, root: root, suite: suite)
        }
      }
      #expect(code(proof) == nil)
      for mangled in try manglings(of: proof, using: &generator) {
        #expect(code(mangled) == (mangled.count == proof.count ? .proofRoot : .proofLength))
      }
      let bit = Int.random(in: 0..<256, using: &generator)
      #expect(code(proof, leaf: try flipped(leaf, bit: bit)) == .proofRoot)
      #expect(code(proof, root: try flipped(root, bit: bit)) == .proofRoot)
    }
  }

  @Test("No mangled consistency proof verifies", arguments: [1, 2, 3, 7, 8, 11, 33, 64, 70])
  func mangledConsistency(newSize: Int) throws {
    var generator = SeededGenerator(seed: UInt64(newSize) + 1000)
    let newSize = UInt64(newSize)
    let newRoot = Self.root(newSize)
    for oldSize in 1...newSize {
      let oldRoot = Self.root(oldSize)
      let proof = try Merkle.consistencyProof(
        oldSize: oldSize, newSize: newSize, source: Self.source)
      func code(_ proof: [Digest], old: Digest = oldRoot, new: Digest = newRoot)
        -> TransparencyLogError.Code?
      {
        failureCode {
          try Merkle.verifyConsistency(
            oldSize: oldSize, oldRoot: old, newSize: newSize, newRoot: new, proof: proof,
            suite: suite)
        }
      }
      #expect(code(proof) == nil)
      for mangled in try manglings(of: proof, using: &generator) {
        #expect(code(mangled) == (mangled.count == proof.count ? .proofRoot : .proofLength))
      }
      let bit = Int.random(in: 0..<256, using: &generator)
      #expect(code(proof, old: try flipped(oldRoot, bit: bit)) == .proofRoot)
      #expect(code(proof, new: try flipped(newRoot, bit: bit)) == .proofRoot)
    }
  }

  @Test("Larger trees at seeded sizes prove and verify", arguments: 0..<12)
  func largerTrees(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let size = UInt64.random(in: 71...3000, using: &generator)
    let hashes = leaves(Int(size))
    let source = MemorySource(suite: suite, leaves: hashes)
    let root = naiveRoot(hashes[...])
    for _ in 0..<40 {
      let index = UInt64.random(in: 0..<size, using: &generator)
      let inclusion = try Merkle.inclusionProof(index: index, size: size, source: source)
      try Merkle.verifyInclusion(
        leaf: hashes[Int(index)], index: index, size: size, proof: inclusion, root: root,
        suite: suite)
      let oldSize = UInt64.random(in: 1...size, using: &generator)
      let consistency = try Merkle.consistencyProof(
        oldSize: oldSize, newSize: size, source: source)
      try Merkle.verifyConsistency(
        oldSize: oldSize, oldRoot: try Merkle.root(size: oldSize, source: source),
        newSize: size, newRoot: root, proof: consistency, suite: suite)
    }
  }

  @Test("What makes no sense is refused before any hashing")
  func senselessArguments() throws {
    let root = Self.root(5)
    #expect(
      failureCode {
        _ = try Merkle.inclusionProof(index: 5, size: 5, source: Self.source)
      } == .proofIndex)
    #expect(
      failureCode {
        try Merkle.verifyInclusion(
          leaf: root, index: 0, size: 0, proof: [], root: root, suite: suite)
      } == .proofIndex)
    for (old, new) in [(UInt64(0), UInt64(5)), (6, 5), (0, 0)] {
      #expect(
        failureCode {
          _ = try Merkle.consistencyProof(oldSize: old, newSize: new, source: Self.source)
        } == .proofSize)
      #expect(
        failureCode {
          try Merkle.verifyConsistency(
            oldSize: old, oldRoot: Merkle.emptyRoot(suite: suite), newSize: new, newRoot: root,
            proof: [], suite: suite)
        } == .proofSize)
    }
    #expect(
      failureCode {
        try Merkle.verifyInclusion(
          leaf: root, index: 0, size: 5, proof: leaves(70), root: root, suite: suite)
      } == .proofLength)
  }

  /// The proof with each bit position sampled, each hash dropped, doubled or swapped with its
  /// neighbour, and hashes added at both ends.
  private func manglings(
    of proof: [Digest], using generator: inout SeededGenerator
  ) throws -> [[Digest]] {
    var all = [proof + [.zero], [.zero] + proof, proof + leaves(1), leaves(1) + proof]
    for place in proof.indices {
      var changed = proof
      changed[place] = try flipped(
        proof[place], bit: Int.random(in: 0..<256, using: &generator))
      all.append(changed)
      changed = proof
      changed.remove(at: place)
      all.append(changed)
      changed.insert(contentsOf: [proof[place], proof[place]], at: place)
      all.append(changed)
      guard place + 1 < proof.count else { continue }
      changed = proof
      changed.swapAt(place, place + 1)
      all.append(changed)
    }
    return all
  }
}
