import Cryptography

// A header carries two digests as base64 (RFC 4648 section 4, canonical: 43 characters, one '=',
// unused bits zero). These two do it in place; for anything else there is CanonicalBase64.

extension Digest {
  private static let base64ByteCount = 44

  /// A digest from its canonical base64; nil for any other text.
  init?(base64 text: ArraySlice<UInt8>) {
    guard text.count == Self.base64ByteCount, text.last == 0x3D else { return nil }
    let decoded = withUnsafeTemporaryAllocation(
      byteCount: Digest.byteCount, alignment: 8
    ) { buffer -> Digest? in
      var (group, bits, written) = (UInt32(0), UInt32(0), 0)
      for byte in text.dropLast() {
        let value = Self.value(ofBase64: byte)
        guard value < 64 else { return nil }
        group = group << 6 | value
        bits += 6
        if bits >= 8 {
          bits -= 8
          // 43 characters hold 258 bits: 32 bytes and two bits over, so `written` stays below 32.
          buffer[written] = UInt8(truncatingIfNeeded: group >> bits)
          written += 1
          group &= 1 << bits - 1
        }
      }
      return group == 0 ? Digest(unsafeBytes: UnsafeRawBufferPointer(buffer)) : nil
    }
    guard let decoded else { return nil }
    self = decoded
  }

  private static func value(ofBase64 byte: UInt8) -> UInt32 {
    switch byte {
    case 0x41...0x5A: UInt32(byte) - 0x41
    case 0x61...0x7A: UInt32(byte) - 0x61 + 26
    case 0x30...0x39: UInt32(byte) - 0x30 + 52
    case 0x2B: 62
    case 0x2F: 63
    default: 64
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
