import Cryptography
import Testing
import TransparencyLog

let suite = Suite.sha256Ed25519

/// SplitMix64: small, seeded, the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// The entry at an index of the test logs.
func entry(_ index: Int) -> [UInt8] { Array("entry \(index)".utf8) }

func leaves(_ count: Int) -> [Digest] {
  (0..<count).map { Merkle.leaf(entry($0), suite: suite) }
}

/// The definition of RFC 6962, section 2.1, word for word; shares nothing with the product.
func naiveRoot(_ leaves: ArraySlice<Digest>) -> Digest {
  switch leaves.count {
  case 0: return suite.digest([])
  case 1: return leaves[leaves.startIndex]
  default:
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let middle = leaves.startIndex + split
    let left = naiveRoot(leaves[..<middle])
    let right = naiveRoot(leaves[middle...])
    return suite.digest([0x01] + left.bytes + right.bytes)
  }
}

/// A signing key that is the same in each run and worth nothing.
func testKey(_ label: String) throws -> SigningKey {
  try SigningKey(rawPrivateKey: suite.digest(Array(label.utf8)).bytes, suite: suite)
}

func logKey(_ name: String, _ key: SigningKey) throws -> VerifierKey {
  try VerifierKey(name: name, key: key.verificationKey, type: suite.noteSignatureType)
}

func cosignerKey(_ name: String, _ key: SigningKey) throws -> VerifierKey {
  try VerifierKey(name: name, key: key.verificationKey, type: suite.cosignatureType)
}

func digest(hex: String) throws -> Digest {
  let digits = Array(hex.utf8).map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
  let bytes = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  return try #require(Digest(bytes))
}

func flipped(_ digest: Digest, bit: Int) throws -> Digest {
  var bytes = digest.bytes
  bytes[bit / 8] ^= 1 << UInt8(bit % 8)
  return try #require(Digest(bytes))
}

/// The code that `body` fails with, or nil where it succeeds.
func failureCode(_ body: () throws -> Void) -> TransparencyLogError.Code? {
  do {
    try body()
    return nil
  } catch {
    return (error as? TransparencyLogError)?.code ?? .init(rawValue: "foreign error: \(error)")
  }
}
