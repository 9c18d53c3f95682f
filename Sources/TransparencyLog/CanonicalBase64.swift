public import Cryptography

/// Base64 of RFC 4648 section 4, in its one canonical form only.
///
/// Decoding refuses whitespace, missing or surplus padding, and set bits behind the last byte,
/// so that one byte string has exactly one text: what is signed cannot be written two ways.
public enum CanonicalBase64 {
  /// The text of `bytes`.
  public static func encode(_ bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(encodedCount(bytes.count))
    append(bytes, to: &out)
    return String(decoding: out, as: UTF8.self)
  }

  /// The text of `digest`'s 32 bytes: 44 characters.
  public static func encode(_ digest: Digest) -> String { encode(digest.bytes) }

  /// The bytes that `text` stands for, or nil where it is not canonical base64.
  public static func decode(_ text: String) -> [UInt8]? { decode(Array(text.utf8)[...]) }

  /// The number of characters that `count` bytes take.
  static func encodedCount(_ count: Int) -> Int { (count + 2) / 3 * 4 }

  static func append(_ bytes: [UInt8], to out: inout [UInt8]) {
    var index = 0
    while index + 2 < bytes.count {
      let word =
        UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
      out.append(character(word >> 18))
      out.append(character(word >> 12))
      out.append(character(word >> 6))
      out.append(character(word))
      index += 3
    }
    switch bytes.count - index {
    case 1:
      let word = UInt32(bytes[index]) << 16
      out.append(character(word >> 18))
      out.append(character(word >> 12))
      out.append(padding)
      out.append(padding)
    case 2:
      let word = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8
      out.append(character(word >> 18))
      out.append(character(word >> 12))
      out.append(character(word >> 6))
      out.append(padding)
    default:
      break
    }
  }

  static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    guard let last = text.last else { return [] }
    var padded = 0
    if last == padding { padded = text[text.endIndex - 2] == padding ? 2 : 1 }
    var out: [UInt8] = []
    out.reserveCapacity(text.count / 4 * 3)
    var word: UInt32 = 0
    var position = 0
    for byte in text.dropLast(padded) {
      guard let six = value(byte) else { return nil }
      word = word << 6 | UInt32(six)
      position += 1
      if position % 4 == 0 {
        out.append(UInt8(truncatingIfNeeded: word >> 16))
        out.append(UInt8(truncatingIfNeeded: word >> 8))
        out.append(UInt8(truncatingIfNeeded: word))
        word = 0
      }
    }
    switch padded {
    case 1:
      guard word & 0b11 == 0 else { return nil }
      out.append(UInt8(truncatingIfNeeded: word >> 10))
      out.append(UInt8(truncatingIfNeeded: word >> 2))
    case 2:
      guard word & 0b1111 == 0 else { return nil }
      out.append(UInt8(truncatingIfNeeded: word >> 4))
    default:
      break
    }
    return out
  }

  private static let padding = UInt8(ascii: "=")

  private static func character(_ bits: UInt32) -> UInt8 {
    let six = UInt8(truncatingIfNeeded: bits & 63)
    switch six {
    case 0..<26: return UInt8(ascii: "A") + six
    case 26..<52: return UInt8(ascii: "a") + (six - 26)
    case 52..<62: return UInt8(ascii: "0") + (six - 52)
    case 62: return UInt8(ascii: "+")
    default: return UInt8(ascii: "/")
    }
  }

  private static func value(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): return character - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): return character - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return character - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): return 62
    case UInt8(ascii: "/"): return 63
    default: return nil
    }
  }
}
