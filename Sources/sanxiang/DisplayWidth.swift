/// Text on a terminal: how many columns it takes, and tables whose columns line up.
enum DisplayWidth {
  /// Columns that a text takes: East Asian wide and full-width characters take two (UAX #11),
  /// combining marks and other formatting characters none.
  static func of(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + columns($1) } }

  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0x9fff,
    0xa000...0xa4cf, 0xa960...0xa97f, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe10...0xfe19,
    0xfe30...0xfe6f, 0xff01...0xff60, 0xffe0...0xffe6, 0x16fe0...0x18aff, 0x1b000...0x1b2ff,
    0x1f300...0x1f64f, 0x1f680...0x1f6ff, 0x1f900...0x1f9ff, 0x1fa70...0x1faff, 0x20000...0x3fffd,
  ]

  private static func columns(_ scalar: Unicode.Scalar) -> Int {
    if scalar.isASCII { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }
  }

  /// The text without what would steer a terminal: controls and bidirectional overrides become a
  /// replacement character. Titles come from other agencies.
  static func safe(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .surrogate:
        result.unicodeScalars.append("\u{fffd}")
      case .format where scalar.value != 0x200d:
        result.unicodeScalars.append("\u{fffd}")
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The text cut to at most so many columns, with an ellipsis where something was cut.
  static func cut(_ text: String, to limit: Int) -> String {
    guard of(text) > limit else { return text }
    var result = ""
    var width = 0
    for character in text {
      let next = of(String(character))
      guard width + next <= limit - 1 else { break }
      result.append(character)
      width += next
    }
    return result + "…"
  }
}
