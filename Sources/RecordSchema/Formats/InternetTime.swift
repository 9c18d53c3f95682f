/// Times of RFC 3339, by its own grammar (section 5.6 and appendix A) and nothing else of ISO 8601.
enum InternetTime {
  /// `full-date`, `T` or `t`, `full-time`.
  static func isDateTime(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count > 11, text[10] | 0x20 == UInt8(ascii: "t"),
      CodeFormat.isDate(utf8: UnsafeBufferPointer(rebasing: text[..<10]))
    else { return false }
    return isTime(UnsafeBufferPointer(rebasing: text[11...]))
  }

  /// `hh:mm:ss`, an optional fraction of any length, and `Z`, `z` or `±hh:mm`. The sixtieth second
  /// exists only where the time in UTC is 23:59.
  static func isTime(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count >= 9, let hour = CodeFormat.number(text, 0, 2), hour < 24,
      text[2] == UInt8(ascii: ":"), let minute = CodeFormat.number(text, 3, 2), minute < 60,
      text[5] == UInt8(ascii: ":"), let second = CodeFormat.number(text, 6, 2), second <= 60
    else { return false }
    var index = 8
    if text[index] == UInt8(ascii: ".") {
      let start = index + 1
      index = start
      while index < text.count, ABNF.isDigit(text[index]) { index += 1 }
      if index == start { return false }
    }
    guard let offset = offset(text, at: index) else { return false }
    return second < 60 || (hour * 60 + minute - offset + day) % day == day - 1
  }

  /// Minutes in a day.
  private static let day = 24 * 60

  /// Minutes by which the time is ahead of UTC; nil unless an offset and nothing else is left.
  private static func offset(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int? {
    guard index < text.count else { return nil }
    if text[index] | 0x20 == UInt8(ascii: "z") { return text.count == index + 1 ? 0 : nil }
    let isAhead = text[index] == UInt8(ascii: "+")
    guard isAhead || text[index] == UInt8(ascii: "-"), text.count == index + 6,
      let hours = CodeFormat.number(text, index + 1, 2), hours < 24,
      text[index + 3] == UInt8(ascii: ":"),
      let minutes = CodeFormat.number(text, index + 4, 2), minutes < 60
    else { return nil }
    return (hours * 60 + minutes) * (isAhead ? 1 : -1)
  }

  // MARK: Durations

  /// `P` with days, months and years in the order Y, M, D, or `T` with H, M, S, or both, or weeks
  /// alone. No unit may be left out between two others, no number has a fraction or a sign, and
  /// letters are upper case, as ISO 8601 has them.
  static func isDuration(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.first == UInt8(ascii: "P") else { return false }
    var index = 1
    if text.last == UInt8(ascii: "W") {
      return readUnits("W", text, &index) && index == text.count
    }
    if index < text.count, text[index] != UInt8(ascii: "T") {
      guard readUnits("YMD", text, &index) else { return false }
      if index == text.count { return true }
    }
    guard index < text.count, text[index] == UInt8(ascii: "T") else { return false }
    index += 1
    return readUnits("HMS", text, &index) && index == text.count
  }

  /// Reads numbers with units: a stretch of the given ones, without a gap, at least one of them.
  /// Ends at the end of the text or before `T`.
  private static func readUnits(
    _ units: StaticString, _ text: UnsafeBufferPointer<UInt8>, _ index: inout Int
  ) -> Bool {
    var last: Int?
    while index < text.count, text[index] != UInt8(ascii: "T") {
      let start = index
      while index < text.count, ABNF.isDigit(text[index]) { index += 1 }
      guard index > start, index < text.count else { return false }
      let unit = (0..<units.utf8CodeUnitCount).first { units.utf8Start[$0] == text[index] }
      guard let unit, last == nil || last == unit - 1 else { return false }
      last = unit
      index += 1
    }
    return last != nil
  }
}
