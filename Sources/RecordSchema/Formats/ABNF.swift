/// The core rules of RFC 5234, of which the grammars of the other RFCs are made, over bytes.
enum ABNF {
  /// `DIGIT`.
  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  /// `ALPHA`: a letter in either case.
  @inline(__always)
  static func isAlpha(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

  /// `HEXDIG`, in either case.
  @inline(__always)
  static func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 0x61 < 6 }

  /// `ALPHA / DIGIT`.
  @inline(__always)
  static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isAlpha(byte) }
}
