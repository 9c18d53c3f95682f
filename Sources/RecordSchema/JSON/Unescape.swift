/// Undoing the escapes of a string that the parser has already accepted.
enum Unescape {
  /// What half of a surrogate pair becomes: U+FFFD for text; its own three bytes where two
  /// different halves must stay different (comparing names).
  enum Lone {
    case replaced, kept
  }

  /// The value of four hexadecimal digits, or nil.
  static func hex4(_ digits: UnsafePointer<UInt8>) -> UInt32? {
    var value: UInt32 = 0
    for index in 0..<4 {
      let digit: UInt8
      switch digits[index] {
      case 0x30...0x39: digit = digits[index] - 0x30
      case 0x41...0x46: digit = digits[index] - 0x41 + 10
      case 0x61...0x66: digit = digits[index] - 0x61 + 10
      default: return nil
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  /// The character after a backslash, or nil when there is none such (`u` is not handled here).
  static func simple(_ letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }

  static func isHigh(_ unit: UInt32) -> Bool { unit & 0xFFFF_FC00 == 0xD800 }
  static func isLow(_ unit: UInt32) -> Bool { unit & 0xFFFF_FC00 == 0xDC00 }
  static func pair(_ high: UInt32, _ low: UInt32) -> UInt32 {
    0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
  }

  /// UTF-8 of a string's content. The parser has checked every escape: what would be out of
  /// bounds or unknown here cannot occur, and is skipped rather than trusted.
  static func bytes(_ content: UnsafeBufferPointer<UInt8>, lone: Lone) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(content.count)
    guard let base = content.baseAddress else { return out }
    var index = 0
    while index < content.count {
      let start = index
      while index < content.count, content[index] != UInt8(ascii: "\\") { index += 1 }
      out.append(contentsOf: UnsafeBufferPointer(rebasing: content[start..<index]))
      guard index + 1 < content.count else { break }
      if let plain = simple(content[index + 1]) {
        out.append(plain)
        index += 2
        continue
      }
      guard index + 6 <= content.count, let unit = hex4(base + index + 2) else { break }
      index += 6
      if isHigh(unit), index + 6 <= content.count, content[index] == UInt8(ascii: "\\"),
        content[index + 1] == UInt8(ascii: "u"), let low = hex4(base + index + 2), isLow(low)
      {
        append(pair(unit, low), to: &out)
        index += 6
      } else if isHigh(unit) || isLow(unit) {
        append(lone == .replaced ? 0xFFFD : unit, to: &out)
      } else {
        append(unit, to: &out)
      }
    }
    return out
  }

  /// UTF-8 of one code point (surrogates get their three generalised bytes).
  private static func append(_ scalar: UInt32, to out: inout [UInt8]) {
    func trail(_ shift: UInt32) -> UInt8 { UInt8(0x80 | (scalar >> shift) & 0x3F) }
    switch scalar {
    case ..<0x80:
      out.append(UInt8(scalar))
    case ..<0x800:
      out.append(UInt8(0xC0 | scalar >> 6))
      out.append(trail(0))
    case ..<0x10000:
      out.append(UInt8(0xE0 | scalar >> 12))
      out.append(trail(6))
      out.append(trail(0))
    default:
      out.append(UInt8(0xF0 | scalar >> 18))
      out.append(trail(12))
      out.append(trail(6))
      out.append(trail(0))
    }
  }
}
