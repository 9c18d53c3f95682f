import Exchange
import RecordModel

/// One frame's meaning: what the exchange sees, and the keep-alive that stays in this module.
enum WireFrame: Sendable {
  case message(PeerMessage)
  /// `time` means something only to the sender; it comes back in the Pong.
  case ping(time: UInt64)
  case pong(time: UInt64, clock: Timestamp)
}

/// What may stand in a text that an operator will read in a log or on a terminal.
enum WireText {
  /// Whether `text` fits and has no control character.
  static func isPrintable(_ text: String, limit: Int) -> Bool {
    text.utf8.count <= limit && !text.unicodeScalars.contains(where: isControl)
  }

  /// `text` with control characters replaced, cut at a character boundary to fit.
  static func printable(_ text: String, limit: Int) -> String {
    if isPrintable(text, limit: limit) { return text }
    var result = String.UnicodeScalarView()
    var size = 0
    for scalar in text.unicodeScalars {
      let shown: Unicode.Scalar = isControl(scalar) ? " " : scalar
      size += UTF8.width(shown)
      if size > limit { break }
      result.append(shown)
    }
    return String(result)
  }

  /// Whether `name` looks like a schema version: printable ASCII without spaces.
  static func isSchemaName(_ name: String) -> Bool {
    (1...WireLimits.schemaName).contains(name.utf8.count)
      && name.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }

  // C0, DEL, C1, the line and paragraph separators, and the marks that turn text round.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
