/// The Chinese standards among the formats.
extension CodeFormat {
  // MARK: GB 32100-2015

  /// The thirty-one characters, whose index is their value (no I, O, S, V, Z).
  private static let creditAlphabet: StaticString = "0123456789ABCDEFGHJKLMNPQRTUWXY"

  /// Value of each ASCII byte in the credit-code alphabet, 255 where it has none.
  private static let creditValues: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 128)
    for value in 0..<creditAlphabet.utf8CodeUnitCount {
      values[Int(creditAlphabet.utf8Start[value])] = UInt8(value)
    }
    return values
  }()

  /// 3^(i−1) mod 31 for the first seventeen places.
  private static let creditWeights: [Int] = (0..<17).map { place in
    (0..<place).reduce(1) { weight, _ in weight * 3 % 31 }
  }

  /// Eighteen characters of the alphabet, digits where the standard has digits only (the region,
  /// places 3–8), and the right check digit.
  public static func isCreditCode(utf8 text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count == 18, let check = creditCheckByte(text.prefix(17)), text[17] == check else {
      return false
    }
    return number(text, 2, 6) != nil
  }

  /// The eighteenth character for the first seventeen; nil unless there are seventeen characters
  /// of the alphabet.
  public static func creditCodeCheckDigit(_ first17: String) -> Character? {
    withUTF8(first17) { text in
      creditCheckByte(text[...]).map { Character(Unicode.Scalar($0)) }
    }
  }

  private static func creditCheckByte(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> UInt8? {
    guard text.count == 17 else { return nil }
    var sum = 0
    for (place, byte) in text.enumerated() {
      guard byte < 128, creditValues[Int(byte)] != 255 else { return nil }
      sum += Int(creditValues[Int(byte)]) * creditWeights[place]
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
  /// - Parameter today: where given, a later birth date is refused. The built-in schemas give
  ///   none, because a verdict must not change with the day on which it is asked for.
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
