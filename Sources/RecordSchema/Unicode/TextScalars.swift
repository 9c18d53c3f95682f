/// Scalars that have no place in the text of a form: they hide or reorder what a reader sees.
enum TextScalars {
  /// Controls (C0, DEL, C1); line and paragraph separators; what directs, joins or separates text
  /// without being seen, and fillers that look like nothing; interlinear marks; tags. Variation
  /// selectors are none of these: rare ideographs in names need them.
  @inline(__always)
  static func isControl(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0..<0x20, 0x7F...0x9F: true
    case 0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E: true
    case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F: true
    case 0x3164, 0xFEFF, 0xFFA0, 0xFFF9...0xFFFB, 0xE0000...0xE007F: true
    default: false
    }
  }
}
