public import Cryptography

// A header carries two digests as base64 (RFC 4648 section 4, canonical: 43 characters, one '=',
// unused bits zero). These two do it in place; for anything else there is CanonicalBase64.

extension Digest {
  private static let base64ByteCount = 44

  /// A digest from its canonical base64; nil for any other text.
  init?(base64 text: ArraySlice<UInt8>) {
    guard let digest = text.withUnsafeBufferPointer(Self.decode) else { return nil }
    self = digest
  }

  /// A digest from its canonical base64 (RFC 4648 section 4, 44 characters); nil for any other text.
  public init?(base64 text: String) {
    var text = text
    guard let digest = text.withUTF8(Self.decode) else { return nil }
    self = digest
  }

  /// What each character stands for, 128 where it stands for nothing: no branch asks which it is, for
  /// text like this defeats prediction.
  private static let sextets: [UInt8] = (0...255).map { character -> UInt8 in
    switch character {
    case 0x41...0x5A: UInt8(character - 0x41)
    case 0x61...0x7A: UInt8(character - 0x61 + 26)
    case 0x30...0x39: UInt8(character - 0x30 + 52)
    case 0x2B: 62
    case 0x2F: 63
    default: 128
    }
  }

  private static func decode(_ text: UnsafeBufferPointer<UInt8>) -> Digest? {
    guard text.count == base64ByteCount, text[base64ByteCount - 1] == 0x3D else { return nil }
    return sextets.withUnsafeBufferPointer { sextets in
      withUnsafeTemporaryAllocation(byteCount: Digest.byteCount, alignment: 8) { bytes in
        var seen: UInt32 = 0
        func sextet(_ place: Int) -> UInt32 {
          let value = UInt32(sextets[Int(text[place])])
          seen |= value
          return value
        }
        // 43 characters hold 258 bits: ten times 24, and 16 with two bits over.
        for group in 0..<10 {
          let at = 4 * group
          let word =
            sextet(at) << 18 | sextet(at + 1) << 12 | sextet(at + 2) << 6 | sextet(at + 3)
          bytes[3 * group] = UInt8(truncatingIfNeeded: word >> 16)
          bytes[3 * group + 1] = UInt8(truncatingIfNeeded: word >> 8)
          bytes[3 * group + 2] = UInt8(truncatingIfNeeded: word)
        }
        let rest = sextet(40) << 12 | sextet(41) << 6 | sextet(42)
        bytes[30] = UInt8(truncatingIfNeeded: rest >> 10)
        bytes[31] = UInt8(truncatingIfNeeded: rest >> 2)
        guard seen < 64, rest & 3 == 0 else { return nil }
        return Digest(unsafeBytes: UnsafeRawBufferPointer(bytes))
      }
    }
  }
}

extension [UInt8] {
  mutating func append(base64 digest: Digest) {
    digest.withUnsafeBytes { raw in
      var (group, bits) = (UInt32(0), UInt32(0))
      for byte in raw {
        group = group << 8 | UInt32(byte)
        bits += 8
        while bits >= 6 {
          bits -= 6
          append(Self.base64Character(group >> bits & 63))
        }
        group &= 1 << bits - 1
      }
      // 256 bits are 42 characters and four bits over.
      append(Self.base64Character(group << 2))
      append(0x3D)
    }
  }

  private static func base64Character(_ value: UInt32) -> UInt8 {
    switch UInt8(truncatingIfNeeded: value) {
    case let value where value < 26: 0x41 + value
    case let value where value < 52: 0x61 + value - 26
    case let value where value < 62: 0x30 + value - 52
    case 62: 0x2B
    default: 0x2F
    }
  }
}
