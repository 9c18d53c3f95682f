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

  /// What one pass over well-formed UTF-8 finds.
  struct Survey {
    /// Code points.
    var count = 0
    /// Nothing but ASCII white space and U+3000, the full-width space.
    var isBlank = false
    /// The delete character, which the parser does not look out for.
    var holdsDelete = false
  }

  static func survey(_ utf8: UnsafeBufferPointer<UInt8>) -> Survey {
    var survey = Survey()
    var deletes = 0
    // Branch-free, so that the compiler makes vectors of it.
    for byte in utf8 {
      survey.count &+= byte & 0xC0 == 0x80 ? 0 : 1
      deletes &+= byte == 0x7F ? 1 : 0
    }
    survey.holdsDelete = deletes != 0
    survey.isBlank = !utf8.isEmpty && isBlank(utf8)
    return survey
  }

  private static func isBlank(_ utf8: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    while index < utf8.count {
      if utf8[index] <= 0x20 {
        index += 1
      } else if utf8[index...].starts(with: [0xE3, 0x80, 0x80]) {
        index += 3
      } else {
        return false
      }
    }
    return true
  }

  /// Whether well-formed UTF-8 holds a control, by the bytes of ``isControl(_:)``; line feeds and
  /// tabs are let pass in text of several lines.
  static func holdsControl(_ utf8: UnsafeBufferPointer<UInt8>, lines: Bool) -> Bool {
    for index in utf8.indices {
      switch utf8[index] {
      case 0x09, 0x0A: if !lines { return true }
      case 0..<0x20, 0x7F: return true
      case 0xC2: if utf8[index + 1] < 0xA0 { return true }
      case 0xE2:
        let (second, third) = (utf8[index + 1], utf8[index + 2])
        if second == 0x80 && (0xA8...0xAE).contains(third) { return true }
        if second == 0x81 && (0xA6...0xA9).contains(third) { return true }
      case 0xEF: if utf8[index + 1] == 0xBB && utf8[index + 2] == 0xBF { return true }
      default: break
      }
    }
    return false
  }
}
