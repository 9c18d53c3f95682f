/// Base64 as payloads carry it: RFC 4648, section 4, with padding and in its one canonical form.
enum Base64Text {
  /// Whether whole groups of four stand there, padded only at the end, with unused bits zero.
  static func isCanonical(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count % 4 == 0 else { return false }
    let padding = padding(of: text)
    for index in 0..<text.count - padding where value(text[index]) == nil { return false }
    guard padding > 0, let last = value(text[text.count - padding - 1]) else { return true }
    return last & (padding == 1 ? 0b11 : 0b1111) == 0
  }

  /// The bytes; nil unless ``isCanonical(_:)``.
  static func decoded(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard isCanonical(text) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    var bits: UInt32 = 0
    var held = 0
    for byte in text.dropLast(padding(of: text)) {
      guard let value = value(byte) else { return nil }
      bits = bits << 6 | UInt32(value)
      held += 6
      if held >= 8 {
        held -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
      }
    }
    return bytes
  }

  private static func padding(of text: UnsafeBufferPointer<UInt8>) -> Int {
    guard text.last == UInt8(ascii: "=") else { return 0 }
    return text[text.count - 2] == UInt8(ascii: "=") ? 2 : 1
  }

  private static func value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
