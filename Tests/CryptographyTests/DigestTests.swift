import Cryptography
import Testing

@Suite("Digests and authentication codes")
struct DigestTests {
  static let suite = SignatureSuite.sha256Ed25519

  /// FIPS 180-4's examples for SHA-256.
  static let vectors: [(message: [UInt8], digest: String)] = [
    ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (
      Array("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    ),
    (
      Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8),
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      [UInt8](repeating: 0x61, count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ]

  @Test("A digest is that of FIPS 180-4", arguments: vectors)
  func published(message: [UInt8], digest: String) {
    #expect(Self.suite.digest(message).description == digest)
    #expect(message.withUnsafeBytes { Self.suite.digest($0) }.description == digest)
  }

  @Test("A digest taken piece by piece is that of the whole", arguments: vectors)
  func streamed(message: [UInt8], digest: String) {
    let hasher = Self.suite.makeHasher()
    var rest = message[...]
    var step = 1
    while !rest.isEmpty {
      hasher.update(rest.prefix(step))
      rest = rest.dropFirst(step)
      step = step * 3 + 1
    }
    #expect(hasher.finish().description == digest)
  }

  @Test("Every way of joining gives the digest of the joined bytes")
  func joined() {
    let left = Self.suite.digest([1])
    let right = Self.suite.digest([2])
    let bytes = [UInt8]("移送".utf8)
    #expect(
      Self.suite.digest(prefix: 1, left, right)
        == Self.suite.digest([1] + left.bytes + right.bytes))
    #expect(Self.suite.digest(prefix: 0, bytes) == Self.suite.digest([0] + bytes))
    #expect(
      bytes.withUnsafeBytes { Self.suite.digest(prefix: 0, $0) } == Self.suite.digest([0] + bytes))
    #expect(Self.suite.digest([9, 8], bytes) == Self.suite.digest([9, 8] + bytes))
    #expect(Self.suite.digest(prefix: 7, []) == Self.suite.digest([7]))
  }

  @Test("Threads that digest at the same time do not disturb each other")
  func concurrent() async {
    let expected = (0..<64).map { Self.suite.digest([UInt8](repeating: UInt8($0), count: 600)) }
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          (0..<2_000).allSatisfy { round in
            let value = round % 64
            return Self.suite.digest([UInt8](repeating: UInt8(value), count: 600))
              == expected[value]
          }
        }
      }
      for await agreed in group { #expect(agreed) }
    }
  }

  @Test("A digest has exactly 32 bytes", arguments: [0, 31, 33])
  func wrongCount(count: Int) {
    #expect(Digest([UInt8](repeating: 1, count: count)) == nil)
  }

  @Test("A digest gives back its bytes, from an unaligned address too")
  func roundTrip() throws {
    let bytes = (0..<33).map { UInt8($0) }
    let digest = try #require(Digest(bytes.dropFirst()))
    #expect(digest.bytes == Array(bytes.dropFirst()))
    let unaligned = bytes.withUnsafeBytes {
      Digest(unsafeBytes: UnsafeRawBufferPointer(rebasing: $0[1...]))
    }
    #expect(unaligned == digest)
    #expect(Set([digest, unaligned]).count == 1)
    #expect(Digest.zero.bytes == [UInt8](repeating: 0, count: 32))
  }

  @Test("Two digests that differ in one bit anywhere are unequal", arguments: 0..<256)
  func oneBit(bit: Int) throws {
    var bytes = [UInt8](repeating: 0, count: 32)
    bytes[bit / 8] = 1 << (bit % 8)
    #expect(try #require(Digest(bytes)) != .zero)
  }

  /// RFC 4231, test cases 1, 2, 3 and 6.
  static let authenticated: [(key: [UInt8], message: [UInt8], code: String)] = [
    (
      [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
    (
      [UInt8](repeating: 0xaa, count: 131),
      Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
    // Not of the RFC: the well-known code of nothing under no key.
    ([], [], "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
  ]

  @Test("An authentication code is that of RFC 4231", arguments: authenticated)
  func authenticationCode(key: [UInt8], message: [UInt8], code: String) {
    #expect(hex(Self.suite.authenticationCode(key: key, message)) == code)
  }

  @Test("Comparing in constant time answers as plain comparing does")
  func constantTime() {
    #expect(constantTimeEquals([], []))
    #expect(constantTimeEquals([1, 2, 3], [1, 2, 3]))
    #expect(!constantTimeEquals([1, 2, 3], [1, 2, 4]))
    #expect(!constantTimeEquals([1, 2, 3], [1, 2]))
  }

  @Test("Random bytes have the wanted number and do not repeat", arguments: [0, 1, 32, 100_000])
  func random(count: Int) {
    let first = SecureRandom.bytes(count)
    #expect(first.count == count)
    if count >= 32 { #expect(first != SecureRandom.bytes(count)) }
  }

  @Test("A suite is found by its name and by no other")
  func names() throws {
    let found = try #require(SignatureSuite(name: "sha256-ed25519"))
    #expect(found == Self.suite)
    #expect(found.noteSignatureType == 1)
    #expect(found.cosignatureType == 4)
    #expect(SignatureSuite(name: "SHA256-Ed25519") == nil)
    #expect(SignatureSuite(name: "") == nil)
  }
}

/// `Suite` alone would be Testing's attribute.
typealias SignatureSuite = Cryptography.Suite

func hex(_ bytes: [UInt8]) -> String {
  bytes.map { byte in
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }.joined()
}

func bytes(hex: String) -> [UInt8] {
  let digits = Array(hex.utf8)
  return stride(from: 0, to: digits.count, by: 2).compactMap {
    UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
  }
}

/// The code of the CryptographyError that `body` throws; nil when it throws none.
func code(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch let error as CryptographyError {
    return error.code.rawValue
  } catch {
    return "another error: \(error)"
  }
}
