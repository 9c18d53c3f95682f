public import RecordSchema

/// A day in Beijing, as a number that can be counted with.
struct BeijingDay: Hashable, Comparable, Sendable {
  private static let length: Int64 = 86_400_000
  private static let offset: Int64 = 8 * 3_600_000
  /// The last moment that can be written: what lies beyond is cut to it.
  private static let end: Int64 = 253_402_271_999_999

  /// Days since 1970-01-01.
  let number: Int64

  init(number: Int64) { self.number = number }

  init(_ time: Timestamp) {
    let number = time.milliseconds.floorQuotient(Self.length)
    let isNext = time.milliseconds.floorRemainder(Self.length) + Self.offset >= Self.length
    self.number = isNext ? number + 1 : number
  }

  init(_ date: CalendarDate) {
    number = Timestamp.days(
      year: Int64(date.year), month: Int64(date.month), day: Int64(date.day))
  }

  /// 00:00.
  var start: Timestamp {
    Timestamp(milliseconds: min(number * Self.length - Self.offset, Self.end))
  }
  /// 24:00: the first moment after it.
  var end: Timestamp { next.start }
  var next: BeijingDay { self + 1 }

  /// Nil beyond the year 9999.
  var date: CalendarDate? {
    Timestamp(milliseconds: number * Self.length - Self.offset).day
  }

  /// 1970-01-01 was a Thursday.
  var isWeekend: Bool { (number + 3).floorRemainder(7) >= 5 }

  static func < (first: BeijingDay, second: BeijingDay) -> Bool { first.number < second.number }

  static func + (day: BeijingDay, count: Int64) -> BeijingDay {
    BeijingDay(number: day.number + count)
  }

  /// The moment of this day that is nearest to a given one.
  func nearest(to time: Timestamp) -> Timestamp {
    min(max(time, start), end.advanced(byMilliseconds: -1))
  }

  /// The corresponding day of a later month, or that month's last; nil beyond the year 9999.
  func adding(months count: Int) -> BeijingDay? {
    guard let date else { return nil }
    let months = date.year * 12 + date.month - 1 + count
    let (year, month) = (months / 12, months % 12 + 1)
    guard year <= 9999 else { return nil }
    let length = Timestamp.days(inMonth: Int64(month), year: Int64(year))
    return CalendarDate(year: year, month: month, day: min(date.day, Int(length)))
      .map(BeijingDay.init)
  }
}

extension CalendarDate {
  /// The day so many days later, or earlier when negative; nil without a day to count from, and
  /// outside the years 0–9999.
  public init?(_ day: CalendarDate?, addingDays count: Int) {
    guard let day, abs(count) < 4_000_000,
      let date = (BeijingDay(day) + Int64(count)).date
    else { return nil }
    self = date
  }
}

extension Timestamp {
  /// 00:00 in Beijing on that day.
  public init(startOf day: CalendarDate) { self = BeijingDay(day).start }
}
