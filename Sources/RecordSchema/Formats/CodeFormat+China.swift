/// The Chinese standards among the formats.
extension CodeFormat {
  // MARK: GB 32100-2015

  /// The thirty-one characters, whose index is their value (no I, O, S, V, Z).
  private static let creditAlphabet: StaticString = "0123456789ABCDEFGHJKLMNPQRTUWXY"

  /// The index of a byte in the alphabet, by arithmetic; nil where it has none.
  @inline(__always)
  private static func creditValue(_ byte: UInt8) -> Int? {
    if ABNF.isDigit(byte) { return Int(byte - 0x30) }
    guard byte >= UInt8(ascii: "A"), byte < UInt8(ascii: "Z") else { return nil }
    var value = Int(byte - UInt8(ascii: "A")) + 10
    switch byte {
    case UInt8(ascii: "I"), UInt8(ascii: "O"), UInt8(ascii: "S"), UInt8(ascii: "V"): return nil
    // What stands behind a letter that is left out moves up by one for each.
    case UInt8(ascii: "J")...UInt8(ascii: "N"): value -= 1
    case UInt8(ascii: "P")...UInt8(ascii: "R"): value -= 2
    case UInt8(ascii: "T")...UInt8(ascii: "U"): value -= 3
    case UInt8(ascii: "W")...UInt8(ascii: "Y"): value -= 4
    default: break
    }
    return value
  }

  /// Eighteen characters of the alphabet, digits where the standard has digits only (the region,
  /// places 3–8), and the right check digit.
  public static func isCreditCode(utf8 text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count == 18, let check = creditCheckByte(text), text[17] == check else {
      return false
    }
    return number(text, 2, 6) != nil
  }

  /// The eighteenth character for the first seventeen; nil unless there are seventeen characters
  /// of the alphabet.
  public static func creditCodeCheckDigit(_ first17: String) -> Character? {
    withUTF8(first17) { text in
      guard text.count == 17 else { return nil }
      return creditCheckByte(text).map { Character(Unicode.Scalar($0)) }
    }
  }

  /// From the first seventeen bytes, whose weights are 3^(i−1) mod 31; the caller has checked that
  /// there are so many.
  private static func creditCheckByte(_ text: UnsafeBufferPointer<UInt8>) -> UInt8? {
    var sum = 0
    var weight = 1
    for place in 0..<17 {
      guard let value = creditValue(text[place]) else { return nil }
      sum += value * weight
      weight = weight * 3 % 31
    }
    return creditAlphabet.utf8Start[(31 - sum % 31) % 31]
  }

  // MARK: GB 11643-1999

  /// 2^(18−i) mod 11 for the first seventeen places.
  private static let identityWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  private static let identityChecks: StaticString = "10X98765432"

  /// Eighteen characters: a region by shape only (people keep abolished codes), a real birth date
  /// of the years 1800–2100, a sequence number, and the ISO 7064 MOD 11-2 check character.
  ///
  /// - Parameter today: where given, a later birth date is refused. The registry gives the record's own
  ///   day, never the present one, so that a verdict stays what it was.
  public static func isIdentityNumber(
    utf8 text: UnsafeBufferPointer<UInt8>, today: CalendarDate? = nil
  ) -> Bool {
    guard text.count == 18, text[0] != UInt8(ascii: "0"), number(text, 0, 17) != nil,
      let year = number(text, 6, 4), (1800...2100).contains(year),
      let month = number(text, 10, 2), let day = number(text, 12, 2),
      let birth = CalendarDate(year: year, month: month, day: day)
    else { return false }
    if let today, birth > today { return false }
    var sum = 0
    for place in 0..<17 { sum += Int(text[place] - 0x30) * identityWeights[place] }
    return text[17] == identityChecks.utf8Start[sum % 11]
  }

  // MARK: GB/T 2260

  /// First two digits: provinces, autonomous regions, municipalities, special regions.
  private static func isProvince(_ code: Int) -> Bool {
    switch code {
    case 11...15, 21...23, 31...37, 41...46, 50...54, 61...65, 71, 81, 82: true
    default: false
    }
  }

  /// Six digits of which the first two name a province; or 000000, reserved for samples. A code
  /// without a city has no county either.
  public static func isRegion(utf8 text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count == 6, let code = number(text, 0, 6) else { return false }
    if code == 0 { return true }
    guard isProvince(code / 10_000) else { return false }
    return code / 100 % 100 != 0 || code % 100 == 0
  }

  // MARK: Document numbers

  /// The issuing office's characters 发文机关代字 (2–20 Han characters), the year between U+3014
  /// and U+3015 (1949–2100), a serial number of 1–6 digits that is not padded, and 号.
  public static func isDocumentNumber(utf8 text: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    while index + 2 < text.count, isHan(text, index) { index += 3 }
    guard (2...20).contains(index / 3), hasBytes(text, at: index, "〔"),
      text.count >= index + 10, let year = number(text, index + 3, 4),
      (1949...2100).contains(year), hasBytes(text, at: index + 7, "〕")
    else { return false }
    let start = index + 10
    let digits = text.count - 3 - start
    guard (1...6).contains(digits), number(text, start, digits) != nil,
      text[start] != UInt8(ascii: "0")
    else { return false }
    return hasBytes(text, at: start + digits, "号")
  }

  /// A three-byte sequence in U+3400–U+4DBF or U+4E00–U+9FFF.
  private static func isHan(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
    guard (0xE3...0xE9).contains(text[index]), text[index + 1] & 0xC0 == 0x80,
      text[index + 2] & 0xC0 == 0x80
    else { return false }
    let scalar =
      UInt32(text[index] & 0x0F) << 12 | UInt32(text[index + 1] & 0x3F) << 6
      | UInt32(text[index + 2] & 0x3F)
    return (0x3400...0x4DBF).contains(scalar) || scalar >= 0x4E00
  }
}
