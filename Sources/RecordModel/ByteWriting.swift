// Appending to the byte arrays that become log entries. No allocation beyond the array's own.

extension [UInt8] {
  mutating func append(static text: StaticString) {
    text.withUTF8Buffer { append(contentsOf: $0) }
  }

  /// Decimal digits, padded on the left with zeros to `width`.
  mutating func append(digits value: UInt64, width: Int = 1) {
    var divisor: UInt64 = 1
    var count = 1
    while count < width || value / divisor >= 10 {
      // Nineteen digits are the most that a power of ten in 64 bits allows; 2^64 has twenty.
      if count == 20 { break }
      divisor *= 10
      count += 1
    }
    while divisor > 0 {
      append(0x30 + UInt8(value / divisor % 10))
      divisor /= 10
    }
  }

  /// A JSON string: quoted, with what JSON requires escaped and nothing else.
  mutating func append(quoted text: String) {
    append(0x22)
    for byte in text.utf8 {
      switch byte {
      case 0x22, 0x5C:
        append(0x5C)
        append(byte)
      case 0..<0x20:
        append(static: "\\u00")
        append(Self.hexDigit(byte >> 4))
        append(Self.hexDigit(byte & 15))
      default:
        append(byte)
      }
    }
    append(0x22)
  }

  static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? 0x30 + value : 0x57 + value
  }
}
