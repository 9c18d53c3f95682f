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
}
