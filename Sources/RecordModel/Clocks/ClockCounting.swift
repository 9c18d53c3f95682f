public import RecordSchema

/// A stretch of time that does not count.
public struct ClockPause: Hashable, Sendable {
  /// When it began.
  public var from: Timestamp
  /// When it ended.
  public var until: Timestamp

  /// A stretch from its ends.
  public init(from: Timestamp, until: Timestamp) {
    self.from = from
    self.until = until
  }
}

/// Counts hours, days, working days and months as the law does, in Beijing time.
public struct ClockCounting: Sendable {
  private static let hour: Int64 = 3_600_000
  private let calendars: [Int: WorkingCalendar]

  /// Counting by these calendars.
  public init(calendars: [Int: WorkingCalendar]) { self.calendars = calendars }

  /// Whether a day is worked.
  /// - Throws: `RecordModelError` with `.clockCalendarMissing` for a year without a calendar.
  public func isWorkingDay(_ date: CalendarDate) throws(RecordModelError) -> Bool {
    try isWorked(BeijingDay(date))
  }

  /// The first moment that is too late.
  ///
  /// Hours: the hour in which `start` lies does not count; pauses push the end out by their length;
  /// it never moves. Days: the day of `start` does not count, the end is 24:00 of the last one; a
  /// pause that begins on day p and ends on day r takes out the days after p up to and with r.
  /// Months: the corresponding day of the last month or, where it has none, its last day, and then
  /// as many days more as pauses take out. A last day at whose end a pause goes on moves to the day
  /// on which the pause ends; a last day that is off moves to the next working day, if the rule
  /// says so.
  /// - Throws: `RecordModelError` with `.clockCalendarMissing` where a day must be judged whose
  ///   year has no calendar.
  public func due(
    from start: Timestamp, _ amount: ClockAmount, lastDay: ClockLastDay, pauses: [ClockPause] = []
  ) throws(RecordModelError) -> Timestamp {
    if amount.unit == .hours { return hours(amount.count, from: start, pauses) }
    let day = BeijingDay(start)
    let rests = Self.merged(pauses, after: day)
    let last: BeijingDay
    switch amount.unit {
    // Hours were counted above.
    case .hours, .calendarDays: last = Self.moved(day + Int64(amount.count), rests)
    case .workingDays: last = try worked(amount.count, after: day, rests)
    case .months:
      guard let corresponding = day.adding(months: amount.count) else { throw Self.missing() }
      last = Self.moved(corresponding, rests)
    }
    return try settled(last, lastDay, rests).end
  }

  /// The first moment after a day that a record names.
  /// - Throws: as `due(from:_:lastDay:pauses:)`.
  public func due(
    on date: CalendarDate, lastDay: ClockLastDay
  ) throws(RecordModelError) -> Timestamp {
    try settled(BeijingDay(date), lastDay, []).end
  }

  // MARK: Hours

  private func hours(
    _ count: Int, from start: Timestamp, _ pauses: [ClockPause]
  ) -> Timestamp {
    // Beijing's offset is whole hours, so its hours begin where those of UTC do.
    let begin = (start.milliseconds.floorQuotient(Self.hour) + 1) * Self.hour
    var due = begin + Int64(count) * Self.hour
    var covered = begin
    for pause in pauses.sorted(by: { ($0.from, $0.until) < ($1.from, $1.until) }) {
      let from = max(pause.from.milliseconds, covered)
      guard from < due else { break }
      guard pause.until.milliseconds > from else { continue }
      due += pause.until.milliseconds - from
      covered = pause.until.milliseconds
    }
    return Timestamp(milliseconds: due)
  }

  // MARK: Days

  /// Days that a pause takes out: those after `from` up to and with `until`.
  private struct Rest {
    var from: BeijingDay
    var until: BeijingDay

    func takesOut(_ day: BeijingDay) -> Bool { day > from && day <= until }
  }

  /// What pauses take out of the days after `start`, in order, no day twice.
  private static func merged(_ pauses: [ClockPause], after start: BeijingDay) -> [Rest] {
    let rests = pauses.map {
      Rest(from: max(BeijingDay($0.from), start), until: BeijingDay($0.until))
    }.filter { $0.from < $0.until }.sorted { ($0.from, $0.until) < ($1.from, $1.until) }
    var merged: [Rest] = []
    for rest in rests {
      if let last = merged.last, rest.from <= last.until {
        merged[merged.count - 1].until = max(last.until, rest.until)
      } else {
        merged.append(rest)
      }
    }
    return merged
  }

  /// A last day moved out by as many days as are taken out before it comes. (What is taken out from
  /// the last day itself on is left to `settled`.)
  private static func moved(_ last: BeijingDay, _ rests: [Rest]) -> BeijingDay {
    var last = last
    for rest in rests {
      guard rest.from < last else { break }
      last = last + (rest.until.number - rest.from.number)
    }
    return last
  }

  private func worked(
    _ count: Int, after start: BeijingDay, _ rests: [Rest]
  ) throws(RecordModelError) -> BeijingDay {
    var (day, left) = (start, count)
    while left > 0 {
      day = day.next
      if let rest = rests.first(where: { $0.takesOut(day) }) {
        day = rest.until
        continue
      }
      if try isWorked(day) { left -= 1 }
    }
    return day
  }

  /// A last day after what moves it: a pause that goes on at its end, and rest.
  private func settled(
    _ last: BeijingDay, _ lastDay: ClockLastDay, _ rests: [Rest]
  ) throws(RecordModelError) -> BeijingDay {
    var day = last
    while true {
      if let rest = rests.first(where: { $0.from <= day && day < $0.until }) {
        day = rest.until
      } else if lastDay == .nextWorkingDay, try !isWorked(day) {
        day = day.next
      } else {
        return day
      }
    }
  }

  private func isWorked(_ day: BeijingDay) throws(RecordModelError) -> Bool {
    guard let year = day.date?.year, let calendar = calendars[year] else { throw Self.missing() }
    return calendar.isWorked(day)
  }

  private static func missing() -> RecordModelError {
    RecordModelError(
      .clockCalendarMissing, "The counting reaches a year whose calendar is not here.")
  }
}
