/// Strings: UTF-8 well-formedness (Unicode 3.9, table 3-7), escapes, surrogates, NFC.
extension JSONParser {
  /// What was met in a string besides plain text.
  private struct Traits {
    var isEscaped = false
    var mayHoldControls = false
    var holdsLines = false
    var needsNormalizationCheck = false
  }

  /// Reads a string from its opening quote and appends its entry.
  @inline(__always)
  mutating func string() throws(JSONError) {
    let start = offset + 1
    var traits = Traits()
    offset = start
    scan: while true {
      skipPlainASCII()
      guard offset < end else { throw error(.syntax) }
      let byte = bytes[offset]
      switch byte {
      case UInt8(ascii: "\""): break scan
      case UInt8(ascii: "\\"):
        traits.isEscaped = true
        try escape(&traits, stringStart: start)
      case 0xE4...0xE9:
        try skipHan()
      case 0x80...0xFF:
        try sequence(byte, &traits, stringStart: start)
      case 0x7F:
        traits.mayHoldControls = true
        offset += 1
      case 0x20...0x7E: offset += 1
      default: throw error(.syntax)
      }
    }
    var entry = TapeEntry(.string, start: start, end: offset, next: tape.count + 1)
    entry.isEscaped = traits.isEscaped
    entry.mayHoldControls = traits.mayHoldControls
    entry.holdsLines = traits.holdsLines
    if traits.needsNormalizationCheck {
      let content = UnsafeBufferPointer(start: bytes + start, count: offset - start)
      guard Self.isNormalized(content, isEscaped: traits.isEscaped) else {
        throw error(.nfc, at: start - 1)
      }
    }
    offset += 1
    tape.append(entry)
  }

  private static func isNormalized(
    _ content: UnsafeBufferPointer<UInt8>, isEscaped: Bool
  ) -> Bool {
    guard isEscaped else { return NFC.isNormalized(content) }
    return Unescape.bytes(content, lone: .replaced).withUnsafeBufferPointer(NFC.isNormalized)
  }

  /// Eight bytes at a time up to a quote, a backslash, a control, DEL or a byte beyond ASCII.
  @inline(__always)
  private mutating func skipPlainASCII() {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    while offset + 8 <= end {
      let word = UInt64(
        littleEndian: UnsafeRawPointer(bytes + offset).loadUnaligned(as: UInt64.self))
      let quotes = word ^ (ones &* 0x22)
      let slashes = word ^ (ones &* 0x5C)
      // A byte's high bit is set where it is below 0x20, a quote, a backslash, DEL (the one that
      // gets there by adding one) or beyond ASCII.
      // Borrows disturb only bytes above the first hit, and the first is all that is used.
      let hits =
        ((word &- ones &* 0x20) | (quotes &- ones) | (slashes &- ones) | (word &+ ones) | word)
        & highs
      if hits != 0 {
        offset += hits.trailingZeroBitCount / 8
        return
      }
      offset += 8
    }
  }

  /// U+4000–U+9FFF, nearly all Chinese text: three bytes, starters that NFC leaves alone. Two at
  /// a time while two follow.
  @inline(__always)
  private mutating func skipHan() throws(JSONError) {
    while offset + 8 <= end {
      let word = UInt64(
        littleEndian: UnsafeRawPointer(bytes + offset).loadUnaligned(as: UInt64.self))
      let leads = (UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 24))
      guard word & 0xC0C0_00C0_C000 == 0x8080_0080_8000, leads.0 &- 0xE4 < 6, leads.1 &- 0xE4 < 6
      else { break }
      offset += 6
    }
    while offset < end, bytes[offset] &- 0xE4 < 6 {
      guard offset + 2 < end, bytes[offset + 1] & 0xC0 == 0x80, bytes[offset + 2] & 0xC0 == 0x80
      else { throw error(.utf8) }
      offset += 3
    }
  }

  /// Any other sequence beyond ASCII.
  @inline(__always)
  private mutating func sequence(
    _ lead: UInt8, _ traits: inout Traits, stringStart: Int
  ) throws(JSONError) {
    if lead >> 4 == 0xE, offset + 2 < end, bytes[offset + 2] & 0xC0 == 0x80,
      Self.isPlain(lead, bytes[offset + 1], bytes[offset + 2])
    {
      offset += 3
      return
    }
    try rareSequence(lead, &traits, stringStart: stringStart)
  }

  /// Whether three bytes, the third of which is a trailing one, are one of the scalars that
  /// Chinese text is made of besides ideographs: well-formed, and nothing to take note of.
  @inline(__always)
  private static func isPlain(_ lead: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
    switch (lead, second) {
    case (0xE2, 0x80): third &- 0x90 < 0x18  // U+2010–U+2027: dashes, quotation marks, ellipses.
    case (0xE3, 0x80): third < 0xAA  // U+3000–U+3029: spaces, stops, brackets.
    case (0xE3, 0x90...0xBF): true  // U+3400–U+3FFF: ideographs of extension A.
    case (0xEF, 0xBC), (0xEF, 0xBD): true  // U+FF00–U+FF7F: full-width forms.
    default: false
    }
  }

  private mutating func rareSequence(
    _ lead: UInt8, _ traits: inout Traits, stringStart: Int
  ) throws(JSONError) {
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: throw error(.utf8)
    }
    guard offset + length <= end, second.contains(bytes[offset + 1]) else { throw error(.utf8) }
    var scalar = (UInt32(lead) & (0x7F >> UInt32(length))) << 6 | UInt32(bytes[offset + 1] & 0x3F)
    for index in 2..<max(length, 2) {
      guard bytes[offset + index] & 0xC0 == 0x80 else { throw error(.utf8) }
      scalar = scalar << 6 | UInt32(bytes[offset + index] & 0x3F)
    }
    offset += length
    try classify(scalar, &traits, stringStart: stringStart)
  }

  /// Notes what one scalar asks for; a scalar that NFC never contains fails at once.
  private func classify(
    _ scalar: UInt32, _ traits: inout Traits, stringStart: Int
  ) throws(JSONError) {
    if scalar == 0x0A || scalar == 0x09 {
      traits.holdsLines = true
    } else if TextScalars.isControl(scalar) {
      traits.mayHoldControls = true
    }
    guard isRecord else { return }
    let quickClass = NFCData.quickClass(scalar)
    if quickClass & NFC.no != 0 { throw error(.nfc, at: stringStart - 1) }
    if quickClass != 0 { traits.needsNormalizationCheck = true }
  }

  /// One escape, from its backslash.
  private mutating func escape(
    _ traits: inout Traits, stringStart: Int
  ) throws(JSONError) {
    let start = offset
    guard offset + 1 < end else { throw error(.syntax, at: end) }
    guard bytes[offset + 1] == UInt8(ascii: "u") else {
      guard let plain = Unescape.simple(bytes[offset + 1]) else {
        throw error(.syntax, at: offset + 1)
      }
      offset += 2
      return try classify(UInt32(plain), &traits, stringStart: stringStart)
    }
    var scalar = try codeUnit()
    if Unescape.isHigh(scalar), offset + 1 < end, bytes[offset] == UInt8(ascii: "\\"),
      bytes[offset + 1] == UInt8(ascii: "u")
    {
      let low = try codeUnit()
      if Unescape.isLow(low) {
        scalar = Unescape.pair(scalar, low)
      } else {
        offset -= 6  // Another escape of its own; the half before it stands alone.
      }
    }
    if Unescape.isHigh(scalar) || Unescape.isLow(scalar) {
      if isRecord { throw error(.surrogate, at: start) }
    } else {
      try classify(scalar, &traits, stringStart: stringStart)
    }
  }

  /// `\uXXXX`, from its backslash.
  private mutating func codeUnit() throws(JSONError) -> UInt32 {
    guard offset + 6 <= end, let unit = Unescape.hex4(bytes + offset + 2) else {
      var bad = offset + 2
      while bad < end, bytes[bad].isHexDigit { bad += 1 }
      throw error(.syntax, at: bad)
    }
    offset += 6
    return unit
  }
}

extension UInt8 {
  fileprivate var isHexDigit: Bool { self &- 0x30 < 10 || (self | 0x20) &- 0x61 < 6 }
}
