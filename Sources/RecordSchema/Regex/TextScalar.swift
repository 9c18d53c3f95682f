/// Reading UTF-8 one code point at a time.
enum TextScalar {
  /// The code point at a place in well-formed UTF-8, and its length. Reads nothing beyond the
  /// text whatever its bytes are: what is cut short counts as one byte.
  @inline(__always)
  static func decode(
    _ text: UnsafeBufferPointer<UInt8>, at index: Int
  ) -> (scalar: UInt32, length: Int) {
    let lead = UInt32(text[index])
    let rest = text.count &- index
    if lead < 0x80 || rest < 2 { return (lead, 1) }
    let second = UInt32(text[index &+ 1] & 0x3F)
    if lead < 0xE0 { return ((lead & 0x1F) << 6 | second, 2) }
    if rest < 3 { return (lead, 1) }
    let third = UInt32(text[index &+ 2] & 0x3F)
    if lead < 0xF0 { return ((lead & 0x0F) << 12 | second << 6 | third, 3) }
    if rest < 4 { return (lead, 1) }
    let fourth = UInt32(text[index &+ 3] & 0x3F)
    return ((lead & 0x07) << 18 | second << 12 | third << 6 | fourth, 4)
  }
}
