/// The formats that record schemas name beyond JSON Schema's own.
///
/// Every check is decided by the text alone, never by the present time or a locale, so that both
/// ends of a channel reach the same verdict. All read UTF-8; the `String` forms are the same.
public enum CodeFormat {
  /// A named format, as it stands behind `format:` in a rule's name.
  public enum Name: String, CaseIterable, Sendable {
    /// Unified social credit code 统一社会信用代码, GB 32100-2015.
    case creditCode = "uscc"
    /// Citizen identity number 公民身份号码, GB 11643-1999.
    case identityNumber = "cn-id"
    /// Document number 发文字号, such as 市监移〔2026〕12号.
    case documentNumber = "cn-docno"
    /// Administrative division code 行政区划代码, GB/T 2260.
    case region = "cn-region"
    /// Full date, RFC 3339: `2026-11-23`.
    case date = "date"
    /// `2026-11-23T09:15:00.123+08:00`, exactly so.
    case dateTime = "date-time"
    /// Lower-case UUID of version 7, RFC 9562.
    case uuidv7 = "uuidv7"
  }

  /// Whether UTF-8 text has the named format.
  public static func matches(_ name: Name, utf8: UnsafeBufferPointer<UInt8>) -> Bool {
    switch name {
    case .creditCode: isCreditCode(utf8: utf8)
    case .identityNumber: isIdentityNumber(utf8: utf8)
    case .documentNumber: isDocumentNumber(utf8: utf8)
    case .region: isRegion(utf8: utf8)
    case .date: isDate(utf8: utf8)
    case .dateTime: isDateTime(utf8: utf8)
    case .uuidv7: isUUIDv7(utf8: utf8)
    }
  }

  /// Whether text has the named format.
  public static func matches(_ name: Name, _ text: String) -> Bool {
    withUTF8(text) { matches(name, utf8: $0) }
  }

  /// GB 32100: eighteen characters with a right check digit.
  public static func isCreditCode(_ text: String) -> Bool {
    withUTF8(text) { isCreditCode(utf8: $0) }
  }

  /// GB 11643: see ``isIdentityNumber(utf8:today:)``.
  public static func isIdentityNumber(_ text: String, today: CalendarDate? = nil) -> Bool {
    withUTF8(text) { isIdentityNumber(utf8: $0, today: today) }
  }

  /// See ``isDocumentNumber(utf8:)``.
  public static func isDocumentNumber(_ text: String) -> Bool {
    withUTF8(text) { isDocumentNumber(utf8: $0) }
  }

  /// See ``isRegion(utf8:)``.
  public static func isRegion(_ text: String) -> Bool { withUTF8(text) { isRegion(utf8: $0) } }

  /// See ``isDate(utf8:)``.
  public static func isDate(_ text: String) -> Bool { withUTF8(text) { isDate(utf8: $0) } }

  /// See ``isDateTime(utf8:)``.
  public static func isDateTime(_ text: String) -> Bool {
    withUTF8(text) { isDateTime(utf8: $0) }
  }

  /// See ``isUUIDv7(utf8:)``.
  public static func isUUIDv7(_ text: String) -> Bool { withUTF8(text) { isUUIDv7(utf8: $0) } }

  @inline(__always)
  static func withUTF8<R>(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    var text = text
    return text.withUTF8(body)
  }

  // MARK: Time

  /// A real day written `YYYY-MM-DD`.
  public static func isDate(utf8 text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.count == 10 && calendarDate(text) != nil
  }

  /// `YYYY-MM-DDThh:mm:ss.mmm+08:00`: milliseconds always, China's zone always, no leap second.
  public static func isDateTime(utf8 text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count == 29, calendarDate(text) != nil, text[10] == UInt8(ascii: "T"),
      let hour = number(text, 11, 2), hour < 24, text[13] == UInt8(ascii: ":"),
      let minute = number(text, 14, 2), minute < 60, text[16] == UInt8(ascii: ":"),
      let second = number(text, 17, 2), second < 60, text[19] == UInt8(ascii: "."),
      number(text, 20, 3) != nil
    else { return false }
    return hasBytes(text, at: 23, "+08:00")
  }

  private static func calendarDate(_ text: UnsafeBufferPointer<UInt8>) -> CalendarDate? {
    guard let year = number(text, 0, 4), text[4] == UInt8(ascii: "-"),
      let month = number(text, 5, 2), text[7] == UInt8(ascii: "-"), let day = number(text, 8, 2)
    else { return nil }
    return CalendarDate(year: year, month: month, day: day)
  }

  // MARK: Identifiers

  /// 8-4-4-4-12 lower-case hexadecimal digits, version 7, variant 10.
  public static func isUUIDv7(utf8 text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count == 36 else { return false }
    for index in 0..<36 {
      let byte = text[index]
      switch index {
      case 8, 13, 18, 23: guard byte == UInt8(ascii: "-") else { return false }
      case 14: guard byte == UInt8(ascii: "7") else { return false }
      case 19:
        guard byte &- 0x38 < 2 || byte &- 0x61 < 2 else { return false }
      default:
        guard ABNF.isDigit(byte) || byte &- 0x61 < 6 else { return false }
      }
    }
    return true
  }

  // MARK: Helpers

  /// `count` decimal digits from `start`; the caller has checked the length.
  @inline(__always)
  static func number(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int
  ) -> Int? {
    var value = 0
    for index in start..<start + count {
      let digit = text[index] &- 0x30
      guard digit < 10 else { return nil }
      value = value * 10 + Int(digit)
    }
    return value
  }

  @inline(__always)
  static func hasBytes(
    _ text: UnsafeBufferPointer<UInt8>, at start: Int, _ expected: StaticString
  ) -> Bool {
    let count = expected.utf8CodeUnitCount
    guard start >= 0, start + count <= text.count else { return false }
    for index in 0..<count where text[start + index] != expected.utf8Start[index] {
      return false
    }
    return true
  }
}
