public import RecordSchema

/// A moment in milliseconds since the Unix epoch, written in Beijing time with milliseconds:
/// `2026-11-23T09:15:00.123+08:00`, the only form that records carry.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Length of the written form in bytes, for years 0000 to 9999.
  public static let byteCount = 29

  /// Milliseconds since 1970-01-01T00:00:00Z; negative before.
  public var milliseconds: Int64

  /// Wraps milliseconds since the Unix epoch.
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Parses the one written form; real dates only, no leap second.
  /// - Throws: `RecordModelError` with `.timestamp` for anything else.
  public init(parsing text: String) throws(RecordModelError) {
    guard let time = Timestamp(ascii: Array(text.utf8)[...]) else {
      throw RecordModelError(
        .timestamp, "A time must be a real one, written like 2026-11-23T09:15:00.123+08:00.")
    }
    self = time
  }

  /// Whole seconds since the Unix epoch, rounded down.
  public var seconds: Int64 { milliseconds.floorQuotient(1000) }

  /// This moment moved by `milliseconds`; saturates instead of overflowing.
  public func advanced(byMilliseconds delta: Int64) -> Timestamp {
    let (sum, overflow) = milliseconds.addingReportingOverflow(delta)
    return Timestamp(milliseconds: overflow ? (delta < 0 ? .min : .max) : sum)
  }

  /// Order in time.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// The written form. A year outside 0000...9999 is written with as many digits as it has, which
  /// `init(parsing:)` refuses.
  public var description: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.byteCount)
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Timestamp {
  private static let offset: Int64 = 8 * 3600 * 1000
  private static let dayLength: Int64 = 86_400_000

  /// The moment from its written form; nil when it is not one.
  init?(ascii text: ArraySlice<UInt8>) {
    guard text.count == Self.byteCount else { return nil }
    let start = text.startIndex
    let template: StaticString = "0000-00-00T00:00:00.000+08:00"
    let fits = template.withUTF8Buffer { form in
      for index in 0..<Self.byteCount {
        let byte = text[start + index]
        // Twenty-three characters of date and time, of which digits vary; then the fixed offset.
        if index < 23, form[index] == 0x30 {
          guard byte >= 0x30, byte <= 0x39 else { return false }
        } else if byte != form[index] {
          return false
        }
      }
      return true
    }
    guard fits else { return nil }
    func number(_ from: Int, _ count: Int) -> Int64 {
      var value: Int64 = 0
      for index in from..<(from + count) { value = value * 10 + Int64(text[start + index] - 0x30) }
      return value
    }
    let (year, month, day) = (number(0, 4), number(5, 2), number(8, 2))
    let (hour, minute, second) = (number(11, 2), number(14, 2), number(17, 2))
    guard (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, year: year),
      hour < 24, minute < 60, second < 60
    else { return nil }
    let time = ((hour * 60 + minute) * 60 + second) * 1000 + number(20, 3)
    milliseconds =
      Self.days(year: year, month: month, day: day) * Self.dayLength + time - Self.offset
  }

  /// The day in Beijing; nil for a year outside 0000...9999.
  public var day: CalendarDate? {
    let date = Self.civil(fromDays: beijing.day)
    return CalendarDate(year: Int(date.year), month: Int(date.month), day: Int(date.day))
  }

  /// Days since 1970-01-01 and milliseconds of the day, in Beijing.
  private var beijing: (day: Int64, time: Int64) {
    // Divide before adding the offset: the sum could overflow at the far end of the range.
    let day = milliseconds.floorQuotient(Self.dayLength)
    let time = milliseconds.floorRemainder(Self.dayLength) + Self.offset
    return time >= Self.dayLength ? (day + 1, time - Self.dayLength) : (day, time)
  }

  func append(to bytes: inout [UInt8]) {
    let (day, time) = beijing
    let date = Self.civil(fromDays: day)
    if date.year < 0 { bytes.append(0x2D) }
    bytes.append(digits: UInt64(date.year.magnitude), width: 4)
    bytes.append(0x2D)
    bytes.append(digits: UInt64(date.month), width: 2)
    bytes.append(0x2D)
    bytes.append(digits: UInt64(date.day), width: 2)
    bytes.append(0x54)
    bytes.append(digits: UInt64(time / 3_600_000), width: 2)
    bytes.append(0x3A)
    bytes.append(digits: UInt64(time / 60_000 % 60), width: 2)
    bytes.append(0x3A)
    bytes.append(digits: UInt64(time / 1000 % 60), width: 2)
    bytes.append(0x2E)
    bytes.append(digits: UInt64(time % 1000), width: 3)
    bytes.append(static: "+08:00")
  }

  /// Days from 1970-01-01 to a date of the proleptic Gregorian calendar. Years are counted from
  /// 1 March in eras of 400 (146,097 days), which puts the leap day last and out of the way.
  static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted.floorQuotient(400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The inverse of `days(year:month:day:)`.
  private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = shifted.floorQuotient(146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  static func days(inMonth month: Int64, year: Int64) -> Int64 {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension Int64 {
  func floorQuotient(_ divisor: Int64) -> Int64 {
    self >= 0 ? self / divisor : -((-1 - self) / divisor) - 1
  }

  func floorRemainder(_ divisor: Int64) -> Int64 {
    let remainder = self % divisor
    return remainder < 0 ? remainder + divisor : remainder
  }
}
