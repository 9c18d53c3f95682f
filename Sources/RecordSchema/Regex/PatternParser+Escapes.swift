extension PatternParser {
  /// What an escape stands for.
  enum Escape {
    case scalar(UInt32)
    case set(ScalarSet)
  }

  /// `\` and what follows it, but for assertions and references.
  mutating func escape(inClass: Bool) throws(PatternError) -> Escape {
    let start = at
    guard at + 1 < text.count else { throw PatternError(.endsInEscape, at: start) }
    let byte = text[at + 1]
    at += 2
    switch byte {
    case UInt8(ascii: "d"): return .set(.digits)
    case UInt8(ascii: "D"): return .set(builds ? ScalarSet.digits.inverted : .empty)
    case UInt8(ascii: "s"): return .set(.space)
    case UInt8(ascii: "S"): return .set(builds ? ScalarSet.space.inverted : .empty)
    case UInt8(ascii: "w"): return .set(.word)
    case UInt8(ascii: "W"): return .set(builds ? ScalarSet.word.inverted : .empty)
    case UInt8(ascii: "p"): return .set(try property(start, inverted: false))
    case UInt8(ascii: "P"): return .set(try property(start, inverted: true))
    case UInt8(ascii: "b") where inClass: return .scalar(0x08)
    case UInt8(ascii: "-") where inClass: return .scalar(0x2D)
    default: return .scalar(try characterEscape(byte, start))
    }
  }

  private mutating func characterEscape(_ byte: UInt8, _ start: Int) throws(PatternError) -> UInt32
  {
    switch byte {
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "v"): return 0x0B
    case UInt8(ascii: "f"): return 0x0C
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "0"):
      if let next = self.byte, (0x30...0x39).contains(next) {
        throw PatternError(.escape, at: start)
      }
      return 0
    case UInt8(ascii: "c"):
      guard let letter = self.byte, (0x41...0x5A).contains(letter & 0xDF) else {
        throw PatternError(.escape, at: start)
      }
      at += 1
      return UInt32(letter & 0x1F)
    case UInt8(ascii: "x"):
      guard let value = hexadecimal(2) else { throw PatternError(.codePoint, at: start) }
      return value
    case UInt8(ascii: "u"): return try unicodeEscape(start)
    // SyntaxCharacter or a solidus: nothing else may stand for itself.
    case UInt8(ascii: "^"), UInt8(ascii: "$"), UInt8(ascii: "\\"), UInt8(ascii: "."),
      UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "("),
      UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
      UInt8(ascii: "}"), UInt8(ascii: "|"), UInt8(ascii: "/"):
      return UInt32(byte)
    default: throw PatternError(.escape, at: start)
    }
  }

  /// Behind `\u`: four digits, two surrogates of four digits each, or digits in braces.
  private mutating func unicodeEscape(_ start: Int) throws(PatternError) -> UInt32 {
    if take(UInt8(ascii: "{")) {
      var value: UInt32 = 0
      let first = at
      while let byte, let digit = Self.hexadecimalDigit(byte) {
        value = min(value << 4 | digit, ScalarSet.largest + 1)
        at += 1
      }
      guard at > first, value <= ScalarSet.largest, take(UInt8(ascii: "}")) else {
        throw PatternError(.codePoint, at: start)
      }
      return value
    }
    guard let value = hexadecimal(4) else { throw PatternError(.codePoint, at: start) }
    guard (0xD800...0xDBFF).contains(value), byte == UInt8(ascii: "\\"), at + 1 < text.count,
      text[at + 1] == UInt8(ascii: "u")
    else { return value }
    let afterFirst = at
    at += 2
    guard let second = hexadecimal(4), (0xDC00...0xDFFF).contains(second) else {
      // What follows is an escape of its own: the first half stands alone.
      at = afterFirst
      return value
    }
    return 0x10000 + (value - 0xD800) << 10 + (second - 0xDC00)
  }

  private mutating func hexadecimal(_ digits: Int) -> UInt32? {
    guard at + digits <= text.count else { return nil }
    var value: UInt32 = 0
    for index in at..<(at + digits) {
      guard let digit = Self.hexadecimalDigit(text[index]) else { return nil }
      value = value << 4 | digit
    }
    at += digits
    return value
  }

  private static func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x30...0x39: UInt32(byte - 0x30)
    case 0x41...0x46: UInt32(byte - 0x41 + 10)
    case 0x61...0x66: UInt32(byte - 0x61 + 10)
    default: nil
    }
  }

  // MARK: Names of groups

  /// `<name>`: an identifier, in which `\u` escapes may stand.
  mutating func groupName() throws(PatternError) -> [UInt32] {
    let start = at
    at += 1
    var name: [UInt32] = []
    while let byte, byte != UInt8(ascii: ">") {
      var scalar: UInt32
      if byte == UInt8(ascii: "\\") {
        let escape = at
        guard at + 1 < text.count, text[at + 1] == UInt8(ascii: "u") else {
          throw PatternError(.groupName, at: escape)
        }
        at += 2
        scalar = try unicodeEscape(escape)
      } else {
        scalar = takeScalar()
      }
      guard Self.isIdentifier(scalar, first: name.isEmpty) else {
        throw PatternError(.groupName, at: start)
      }
      name.append(scalar)
    }
    guard !name.isEmpty, take(UInt8(ascii: ">")) else { throw PatternError(.groupName, at: start) }
    return name
  }

  private static func isIdentifier(_ value: UInt32, first: Bool) -> Bool {
    if value == 0x24 || value == 0x5F { return true }
    guard let scalar = Unicode.Scalar(value) else { return false }
    if first { return scalar.properties.isIDStart }
    return scalar.properties.isIDContinue || value == 0x200C || value == 0x200D
  }

  // MARK: Properties

  /// Behind `\p` or `\P`: a name, or a name and a value, in braces.
  private mutating func property(
    _ start: Int, inverted: Bool
  ) throws(PatternError) -> ScalarSet {
    guard take(UInt8(ascii: "{")) else { throw PatternError(.property, at: start) }
    let first = at
    while let byte, byte != UInt8(ascii: "}"), at - first < UnicodeProperty.longestName { at += 1 }
    let name = String(decoding: text[first..<at], as: UTF8.self)
    guard take(UInt8(ascii: "}")), let property = UnicodeProperty(named: name) else {
      throw PatternError(.property, at: start)
    }
    guard builds else { return .empty }
    if properties[property] == nil {
      guard properties.count < PatternProgram.propertyLimit else {
        throw PatternError(.size, at: start)
      }
      properties[property] = property.scalars
    }
    guard let set = properties[property] else { throw PatternError(.propertyData, at: start) }
    return inverted ? set.inverted : set
  }
}
