/// Reads one scalar of UTF-8, whatever the bytes are.
enum UTF8Reader {
  /// The scalar that begins at an index of the text, and its length in bytes; nil where the bytes
  /// are not well formed (Unicode Standard, table 3-7).
  @inline(__always)
  static func scalar(
    _ text: UnsafeBufferPointer<UInt8>, at index: Int
  ) -> (value: UInt32, length: Int)? {
    let lead = text[index]
    if lead < 0x80 { return (UInt32(lead), 1) }
    let (length, second): (Int, ClosedRange<UInt8>) =
      switch lead {
      case 0xC2...0xDF: (2, 0x80...0xBF)
      case 0xE0: (3, 0xA0...0xBF)
      case 0xED: (3, 0x80...0x9F)
      case 0xE1...0xEF: (3, 0x80...0xBF)
      case 0xF0: (4, 0x90...0xBF)
      case 0xF1...0xF3: (4, 0x80...0xBF)
      case 0xF4: (4, 0x80...0x8F)
      default: (0, 0...0)
      }
    guard length > 0, text.count - index >= length, second.contains(text[index + 1]) else {
      return nil
    }
    var value = UInt32(lead & 0x7F >> UInt8(length)) << 6 | UInt32(text[index + 1] & 0x3F)
    for place in 2..<max(length, 2) {
      let byte = text[index + place]
      guard byte & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    return (value, length)
  }
}
