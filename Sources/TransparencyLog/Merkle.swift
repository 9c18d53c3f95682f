public import Cryptography

/// The Merkle tree of RFC 6962 section 2 (the same as RFC 9162 section 2.1): hashing, proofs,
/// and their verification. Sizes are numbers of leaves; indexes start at 0.
public enum Merkle {
  /// No proof for a tree of fewer than 2^64 leaves has more hashes than this.
  public static let proofHashLimit = 65

  /// The hash of a leaf: the digest of 0x00 and the entry's bytes.
  public static func leaf(_ entry: [UInt8], suite: Suite) -> Digest {
    suite.digest(prefix: 0x00, entry)
  }

  /// The hash of a leaf: the digest of 0x00 and the entry's bytes.
  public static func leaf(_ entry: UnsafeRawBufferPointer, suite: Suite) -> Digest {
    suite.digest(prefix: 0x00, entry)
  }

  /// The hash of an inner node: the digest of 0x01 and its children's 32 bytes each.
  public static func node(_ left: Digest, _ right: Digest, suite: Suite) -> Digest {
    suite.digest(prefix: 0x01, left, right)
  }

  /// The root of the tree without leaves: the digest of nothing.
  public static func emptyRoot(suite: Suite) -> Digest { suite.digest([UInt8]()) }

  /// Checks that the leaf with hash `leaf` stands at `index` in the tree of `size` leaves whose
  /// root is `root` (RFC 9162, 2.1.3.2). `proof` runs from the leaf's sibling upwards.
  ///
  /// Throws `log.proof.index` where the index is not below the size, `log.proof.length` where
  /// the number of hashes is wrong, `log.proof.root` where they lead to another root.
  public static func verifyInclusion(
    leaf: Digest, index: UInt64, size: UInt64, proof: [Digest], root: Digest, suite: Suite
  ) throws(TransparencyLogError) {
    guard index < size else {
      throw TransparencyLogError(
        code: .proofIndex, message: "index \(index) is not in a tree of \(size) leaves")
    }
    let expected = inclusionProofCount(index: index, size: size)
    guard proof.count == expected else {
      throw TransparencyLogError(
        code: .proofLength, message: "inclusion proof has \(proof.count) hashes, not \(expected)")
    }
    var position = index
    var last = size - 1
    var hash = leaf
    for sibling in proof {
      if position & 1 == 1 || position == last {
        hash = node(sibling, hash, suite: suite)
        // A right border node has no sibling on the levels where its parent is carried up.
        while position & 1 == 0 && position != 0 {
          position >>= 1
          last >>= 1
        }
      } else {
        hash = node(hash, sibling, suite: suite)
      }
      position >>= 1
      last >>= 1
    }
    guard last == 0, hash == root else {
      throw TransparencyLogError(
        code: .proofRoot, message: "inclusion proof leads to another root")
    }
  }

  /// Checks that the tree of `newSize` leaves under `newRoot` begins with the tree of `oldSize`
  /// leaves under `oldRoot` (RFC 9162, 2.1.4.2).
  ///
  /// Every tree begins with the empty one, which proves nothing about anyone's past: an
  /// `oldSize` of 0 is an error here, and whoever serves a first contact (as the C2SP witness
  /// protocol allows, with an empty proof) has to decide that before calling. Equal sizes need
  /// equal roots and an empty proof.
  ///
  /// Throws `log.proof.size` for sizes that make no sense, `log.proof.length` for a wrong number
  /// of hashes, `log.proof.root` where they lead to other roots.
  public static func verifyConsistency(
    oldSize: UInt64, oldRoot: Digest, newSize: UInt64, newRoot: Digest, proof: [Digest],
    suite: Suite
  ) throws(TransparencyLogError) {
    try checkSizes(old: oldSize, new: newSize)
    let expected = consistencyProofCount(oldSize: oldSize, newSize: newSize)
    guard proof.count == expected else {
      throw TransparencyLogError(
        code: .proofLength,
        message: "consistency proof has \(proof.count) hashes, not \(expected)")
    }
    let wrongRoot = TransparencyLogError(
      code: .proofRoot, message: "consistency proof leads to other roots")
    guard oldSize < newSize else {
      guard oldRoot == newRoot else { throw wrongRoot }
      return
    }

    var position = oldSize - 1
    var last = newSize - 1
    while position & 1 == 1 {
      position >>= 1
      last >>= 1
    }
    // An old tree that is one complete subtree is its own starting point.
    let startsAtOldRoot = oldSize.nonzeroBitCount == 1
    var oldHash = startsAtOldRoot ? oldRoot : proof[0]
    var newHash = oldHash
    for sibling in proof.dropFirst(startsAtOldRoot ? 0 : 1) {
      if position & 1 == 1 || position == last {
        oldHash = node(sibling, oldHash, suite: suite)
        newHash = node(sibling, newHash, suite: suite)
        while position & 1 == 0 && position != 0 {
          position >>= 1
          last >>= 1
        }
      } else {
        newHash = node(newHash, sibling, suite: suite)
      }
      position >>= 1
      last >>= 1
    }
    guard last == 0, oldHash == oldRoot, newHash == newRoot else { throw wrongRoot }
  }

  /// The number of hashes of an inclusion proof; `index` is below `size`.
  static func inclusionProofCount(index: UInt64, size: UInt64) -> Int {
    // Below the level where the paths of the leaf and of the last leaf meet, each level gives a
    // sibling; above it only the subtrees on the left do.
    let inner = UInt64.bitWidth - (index ^ (size - 1)).leadingZeroBitCount
    return inner + (index >> inner).nonzeroBitCount
  }

  /// The number of hashes of a consistency proof; 0 < `oldSize` ≤ `newSize`.
  static func consistencyProofCount(oldSize: UInt64, newSize: UInt64) -> Int {
    guard oldSize < newSize else { return 0 }
    // It is the inclusion proof of the old tree's last complete subtree, taken as a leaf, led
    // by that subtree's own hash unless that is the whole old tree.
    let level = oldSize.trailingZeroBitCount
    let path = inclusionProofCount(
      index: (oldSize - 1) >> level, size: ((newSize - 1) >> level) + 1)
    return path + (oldSize.nonzeroBitCount == 1 ? 0 : 1)
  }

  static func checkSizes(old: UInt64, new: UInt64) throws(TransparencyLogError) {
    guard old > 0, old <= new else {
      throw TransparencyLogError(
        code: .proofSize, message: "no consistency between \(old) and \(new) leaves")
    }
  }
}
