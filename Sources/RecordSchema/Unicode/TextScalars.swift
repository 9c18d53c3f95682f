/// Scalars that have no place in the text of a form: they hide or reorder what a reader sees.
enum TextScalars {
  /// Controls (C0, DEL, C1), line and paragraph separators, bidirectional embeddings, overrides
  /// and isolates, and the zero-width no-break space.
  @inline(__always)
  static func isControl(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  /// Code points of well-formed UTF-8.
  @inline(__always)
  static func count(_ utf8: UnsafeBufferPointer<UInt8>) -> Int {
    var count = 0
    for byte in utf8 { count &+= byte & 0xC0 == 0x80 ? 0 : 1 }
    return count
  }

  /// Whether UTF-8 holds a control; line feeds and tabs are let pass in text of several lines.
  static func holdsControl(_ utf8: UnsafeBufferPointer<UInt8>, lines: Bool) -> Bool {
    for scalar in String(decoding: utf8, as: UTF8.self).unicodeScalars
    where isControl(scalar.value) {
      if lines && (scalar == "\n" || scalar == "\t") { continue }
      return true
    }
    return false
  }
}
