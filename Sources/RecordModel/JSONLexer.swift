/// One forward pass over the bytes of a small strict JSON text: headers and journal entries.
///
/// RFC 8259 with less: valid UTF-8 throughout, no lone surrogates, whole numbers within ±(2^53−1)
/// only. It never looks back and allocates nothing unless a string holds an escape.
struct JSONLexer {
  /// The error codes of the format being read.
  struct Family {
    let size: RecordModelError.Code
    let syntax: RecordModelError.Code
    let type: RecordModelError.Code
    let value: RecordModelError.Code
  }

  /// The largest integer that every JSON reader holds exactly (RFC 7493).
  static let largestInteger: UInt64 = 1 << 53 - 1

  private let bytes: [UInt8]
  private let family: Family
  private(set) var offset = 0

  /// Takes the whole text.
  /// - Throws: the family's `size` code over `limit` bytes, its `syntax` code for invalid UTF-8.
  init(_ bytes: [UInt8], limit: Int, family: Family) throws(RecordModelError) {
    self.bytes = bytes
    self.family = family
    guard bytes.count <= limit else {
      throw RecordModelError(family.size, "More than \(limit) bytes.")
    }
    // Almost every text is plain ASCII, whose bytes all lack the top bit.
    if bytes.reduce(0, |) >= 0x80, String(validating: bytes, as: UTF8.self) == nil {
      throw RecordModelError(family.syntax, "Not valid UTF-8.")
    }
  }

  // MARK: Structure

  /// The next byte that is not white space, not consumed; 0 at the end of the text.
  mutating func peek() -> UInt8 {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0A, 0x0D: offset += 1
      case let byte: return byte
      }
    }
    return 0
  }

  mutating func openObject(_ field: @autoclosure () -> String) throws(RecordModelError) {
    try expect(0x7B, "an object", field)
    offset += 1
  }

  /// The next member's key, its colon consumed; nil when the object has been closed.
  mutating func nextKey(isFirst: Bool) throws(RecordModelError) -> ArraySlice<UInt8>? {
    var next = peek()
    if next == 0x7D {
      offset += 1
      return nil
    }
    if !isFirst {
      guard next == 0x2C else { throw syntax("',' or '}'") }
      offset += 1
      next = peek()
    }
    guard next == 0x22 else { throw syntax("a key") }
    let key = try quoted()
    guard peek() == 0x3A else { throw syntax("':'") }
    offset += 1
    return key
  }

  /// Nothing but white space may follow.
  mutating func finish() throws(RecordModelError) {
    guard peek() == 0, offset == bytes.count else { throw syntax("the end") }
  }

  // MARK: Values

  /// A string's bytes, escapes resolved.
  mutating func string(
    _ field: @autoclosure () -> String
  ) throws(RecordModelError) -> ArraySlice<UInt8> {
    try expect(0x22, "a string", field)
    return try quoted()
  }

  /// A whole number from 0 to 2^53−1, written without sign, fraction or exponent.
  mutating func integer(_ field: @autoclosure () -> String) throws(RecordModelError) -> UInt64 {
    let first = peek()
    guard (0x30...0x39).contains(first) || first == 0x2D else { throw mismatch("a number", field) }
    if first == 0x2D { throw value("must not be negative", field) }
    var number: UInt64 = 0
    let start = offset
    while offset < bytes.count, (0x30...0x39).contains(bytes[offset]) {
      if number <= Self.largestInteger { number = number * 10 + UInt64(bytes[offset] - 0x30) }
      offset += 1
    }
    if first == 0x30, offset > start + 1 { throw syntax("no leading zero") }
    if offset < bytes.count, [0x2E, 0x65, 0x45].contains(bytes[offset]) {
      throw value("must be written without fraction or exponent", field)
    }
    guard number <= Self.largestInteger else { throw value("must be at most 2^53-1", field) }
    return number
  }

  /// One of `true`, `false` and `null`, the last as nil.
  mutating func literal(_ field: @autoclosure () -> String) throws(RecordModelError) -> Bool? {
    let words: [(StaticString, Bool?)] = [("true", true), ("false", false), ("null", nil)]
    for (word, value) in words where peek() == word.utf8Start.pointee {
      for index in 0..<word.utf8CodeUnitCount {
        guard offset < bytes.count, bytes[offset] == word.utf8Start[index] else {
          throw syntax("a value")
        }
        offset += 1
      }
      return value
    }
    throw mismatch("true, false or null", field)
  }

  // MARK: Errors

  func value(_ problem: String, _ field: () -> String) -> RecordModelError {
    RecordModelError(family.value, "'\(field())' \(problem).", field: field())
  }

  private func syntax(_ expected: String) -> RecordModelError {
    RecordModelError(family.syntax, "Not strict JSON at byte \(offset): expected \(expected).")
  }

  /// What stands here is a JSON value of another type, or no JSON value at all.
  private func mismatch(_ expected: String, _ field: () -> String) -> RecordModelError {
    let next = offset < bytes.count ? bytes[offset] : 0
    switch next {
    case 0x22, 0x2D, 0x30...0x39, 0x5B, 0x66, 0x6E, 0x74, 0x7B:
      return RecordModelError(family.type, "'\(field())' must be \(expected).", field: field())
    default:
      return syntax("a value")
    }
  }

  private mutating func expect(
    _ byte: UInt8, _ name: String, _ field: () -> String
  ) throws(RecordModelError) {
    guard peek() == byte else { throw mismatch(name, field) }
  }
}

// MARK: - Strings

extension JSONLexer {
  /// From an opening quote to past the closing one.
  private mutating func quoted() throws(RecordModelError) -> ArraySlice<UInt8> {
    offset += 1
    let start = offset
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x22:
        offset += 1
        return bytes[start..<(offset - 1)]
      case 0x5C:
        return try unescaped(from: start)
      case 0..<0x20:
        throw syntax("no raw control character")
      default:
        offset += 1
      }
    }
    throw syntax("the string's end")
  }

  /// The rest of a string whose first escape stands at `offset`.
  private mutating func unescaped(from start: Int) throws(RecordModelError) -> ArraySlice<UInt8> {
    var text = Array(bytes[start..<offset])
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      switch byte {
      case 0x22: return text[...]
      case 0x5C: try appendEscape(to: &text)
      case 0..<0x20: throw syntax("no raw control character")
      default: text.append(byte)
      }
    }
    throw syntax("the string's end")
  }

  private mutating func appendEscape(to text: inout [UInt8]) throws(RecordModelError) {
    guard offset < bytes.count else { throw syntax("an escape") }
    let byte = bytes[offset]
    offset += 1
    switch byte {
    case 0x22, 0x5C, 0x2F: text.append(byte)
    case 0x62: text.append(0x08)
    case 0x66: text.append(0x0C)
    case 0x6E: text.append(0x0A)
    case 0x72: text.append(0x0D)
    case 0x74: text.append(0x09)
    case 0x75:
      var code = try hexUnit()
      if (0xD800..<0xDC00).contains(code) {
        guard offset + 1 < bytes.count, bytes[offset] == 0x5C, bytes[offset + 1] == 0x75 else {
          throw syntax("the second half of a surrogate pair")
        }
        offset += 2
        let low = try hexUnit()
        guard (0xDC00..<0xE000).contains(low) else {
          throw syntax("the second half of a surrogate pair")
        }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      // Nil for a second half that stands alone.
      guard let scalar = Unicode.Scalar(code) else { throw syntax("no lone surrogate") }
      text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    default: throw syntax("an escape")
    }
  }

  private mutating func hexUnit() throws(RecordModelError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard offset < bytes.count else { throw syntax("four hexadecimal digits") }
      let byte = bytes[offset]
      switch byte {
      case 0x30...0x39: unit = unit << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: unit = unit << 4 | UInt32(byte - 0x37)
      case 0x61...0x66: unit = unit << 4 | UInt32(byte - 0x57)
      default: throw syntax("four hexadecimal digits")
      }
      offset += 1
    }
    return unit
  }
}
