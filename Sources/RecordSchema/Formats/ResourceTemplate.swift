/// URI templates of RFC 6570, levels 1 to 4: literals and expressions in braces.
enum ResourceTemplate {
  static func isTemplate(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "{"):
        index += 1
        guard readExpression(text, &index) else { return false }
      case UInt8(ascii: "%"):
        guard PercentEncoding.isTriplet(text, at: index, end: text.count) else { return false }
        index += 3
      case 0x80...:
        guard let scalar = UTF8Reader.scalar(text, at: index),
          ResourceScalars.isUniversal(scalar.value) || ResourceScalars.isPrivate(scalar.value)
        else { return false }
        index += scalar.length
      case let byte:
        guard isLiteral(byte) else { return false }
        index += 1
      }
    }
    return true
  }

  /// `literals` within ASCII; the apostrophe is one, as erratum 6937 says.
  private static func isLiteral(_ byte: UInt8) -> Bool {
    switch byte {
    case ...0x20, 0x7F..., UInt8(ascii: "\""), UInt8(ascii: "%"), UInt8(ascii: "<"),
      UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: "^"), UInt8(ascii: "`"),
      UInt8(ascii: "{")...UInt8(ascii: "}"):
      false
    default: true
    }
  }

  /// Reads an operator of levels 2 and 3 if any, variables between commas, and the closing brace.
  /// The operators that RFC 6570 reserves for extensions belong to no level.
  private static func readExpression(
    _ text: UnsafeBufferPointer<UInt8>, _ index: inout Int
  ) -> Bool {
    if index < text.count {
      switch text[index] {
      case UInt8(ascii: "+"), UInt8(ascii: "#"), UInt8(ascii: "."), UInt8(ascii: "/"),
        UInt8(ascii: ";"), UInt8(ascii: "?"), UInt8(ascii: "&"):
        index += 1
      default: break
      }
    }
    while true {
      guard readName(text, &index), readModifier(text, &index), index < text.count else {
        return false
      }
      index += 1
      if text[index - 1] == UInt8(ascii: "}") { return true }
      guard text[index - 1] == UInt8(ascii: ",") else { return false }
    }
  }

  /// Letters, digits, underscores and percent-encoded bytes, with single dots between them.
  private static func readName(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Bool {
    var isAfterDot = true
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "%"):
        guard PercentEncoding.isTriplet(text, at: index, end: text.count) else { return false }
        index += 3
        isAfterDot = false
      case UInt8(ascii: "."):
        if isAfterDot { return false }
        index += 1
        isAfterDot = true
      case let byte where byte == UInt8(ascii: "_") || ABNF.isAlphanumeric(byte):
        index += 1
        isAfterDot = false
      default:
        return !isAfterDot
      }
    }
    return !isAfterDot
  }

  /// Nothing, `*`, or a colon and a length from 1 to 9999.
  private static func readModifier(
    _ text: UnsafeBufferPointer<UInt8>, _ index: inout Int
  ) -> Bool {
    guard index < text.count else { return true }
    if text[index] == UInt8(ascii: "*") {
      index += 1
    } else if text[index] == UInt8(ascii: ":") {
      index += 1
      let start = index
      while index < text.count, ABNF.isDigit(text[index]) { index += 1 }
      return (1...4).contains(index - start) && text[start] != UInt8(ascii: "0")
    }
    return true
  }
}
