import RecordSchema
import Testing

/// One text and the verdict that a format must give on it.
struct FormatSample: CustomStringConvertible, Sendable {
  let format: Format
  let text: String
  let isGood: Bool

  var description: String {
    let shown = text.unicodeScalars.prefix(40).map { $0.escaped(asASCII: true) }.joined()
    return "\(format.rawValue) \(isGood ? "accepts" : "refuses") '\(shown)'"
  }

  static func good(_ format: Format, _ texts: String...) -> [FormatSample] {
    texts.map { FormatSample(format: format, text: $0, isGood: true) }
  }

  static func bad(_ format: Format, _ texts: String...) -> [FormatSample] {
    texts.map { FormatSample(format: format, text: $0, isGood: false) }
  }

  func check() {
    #expect(format.matches(text) == isGood)
    // The same bytes in memory of exactly their length.
    let bytes = ContiguousArray(text.utf8)
    #expect(bytes.withUnsafeBufferPointer { format.matches($0) } == isGood)
  }
}

extension Format {
  func matches(bytes: [UInt8]) -> Bool { bytes.withUnsafeBufferPointer { matches($0) } }
}
