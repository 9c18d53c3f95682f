import RecordSchema
import Testing

@testable import RecordModel

/// A limit counted by hand from the announced holidays, and how it was counted.
struct CountedCase: CustomStringConvertible, Sendable {
  /// The rule whose limit it is.
  let rule: String
  let start: String
  let due: String
  /// The days by hand: which were counted (with their number), which left out.
  let working: String

  init(_ rule: String, _ start: String, _ due: String, _ working: String) {
    self.rule = rule
    self.start = start
    self.due = due
    self.working = working
  }

  var description: String { "\(rule) from \(start)" }

  static let all = [
    CountedCase(
      "transfer-approve", "2025-05-28 10:00", "2025-06-03 24:00",
      "Wed 28 not counted; Thu 29 (1), Fri 30 (2), Sat 31 (3) off, Dragon Boat to Mon 2 June; Tue 3"
    ),
    CountedCase(
      "transfer-send", "2025-09-30 17:20:30.500", "2025-10-01 18:00",
      "hour 17-18 not counted; 24 hours from 18:00; hours do not move for National Day"),
    CountedCase(
      "forward-police", "2026-02-14 23:59:59.999", "2026-02-16 00:00",
      "hour 23-24 not counted; 24 hours from 15 February 00:00, though that is Spring Festival"),
    CountedCase(
      "supplement-request", "2024-02-28 09:00", "2024-02-29 10:00",
      "the hour that begins at 09:00 is the starting one; 24 hours from 10:00, into the leap day"),
    CountedCase(
      "supplement-provide", "2024-09-27 08:00", "2024-09-30 24:00",
      "Fri 27 not counted; Sat 28 (1), Sun 29 (2), Mon 30 (3) is worked"),
    CountedCase(
      "supplement-provide", "2024-09-28 08:00", "2024-10-08 24:00",
      "Sat 28 not counted; Sun 29 (1), Mon 30 (2), Tue 1 October (3) off to Mon 7; Tue 8"),
    CountedCase(
      "filing-decide", "2024-02-07 10:00", "2024-02-18 24:00",
      "Wed 7 not counted; Thu 8 (1), Fri 9 (2), Sat 10 (3) off, festival to Sat 17; Sun 18 is worked"
    ),
    CountedCase(
      "filing-decide", "2024-02-01 09:15", "2024-02-04 24:00",
      "Thu 1 not counted; Fri 2 (1), Sat 3 (2) counts though off, Sun 4 (3) is worked instead"),
    CountedCase(
      "filing-decide", "2026-09-27 23:59", "2026-09-30 24:00",
      "Sun 27 (Mid-Autumn) not counted; Mon 28 (1), Tue 29 (2), Wed 30 (3) is worked"),
    CountedCase(
      "review-request", "2024-04-03 16:00", "2024-04-07 24:00",
      "Wed 3 not counted; Thu 4 (1), Fri 5 (2), Sat 6 (3) Qingming; Sun 7 is worked"),
    CountedCase(
      "review-decide", "2024-09-13 00:00", "2024-09-18 24:00",
      "Fri 13 not counted; Sat 14 (1), Sun 15 (2), Mon 16 (3) off, Tue 17 off; Wed 18"),
    CountedCase(
      "supervision-request", "2024-12-29 12:00", "2025-01-02 24:00",
      "Sun 29 not counted; Mon 30 (1), Tue 31 (2), Wed 1 January (3) New Year; Thu 2"),
    CountedCase(
      "goods-handover", "2025-01-25 09:00", "2025-02-05 24:00",
      "Sat 25 not counted; Sun 26 (1), Mon 27 (2), Tue 28 (3) off, festival to Tue 4; Wed 5"),
    CountedCase(
      "nonfiling-explain", "2026-09-18 09:00", "2026-09-28 24:00",
      "Fri 18 not counted; 19 (1) to Fri 25 (7) Mid-Autumn, off to Sun 27; Mon 28"),
    CountedCase(
      "filing-order-obey", "2025-09-20 09:00", "2025-10-09 24:00",
      "Sat 20 not counted; 30 September is day 10, 5 October day 15, off to Wed 8; Thu 9"),
    CountedCase(
      "filing-order-report", "2026-01-30 09:00", "2026-02-14 24:00",
      "Fri 30 not counted; 31 January is day 1, 14 February day 15, a Saturday that is worked"),
    CountedCase(
      "filing-order-report", "2026-01-31 09:00", "2026-02-24 24:00",
      "Sat 31 not counted; 15 February is day 15, off to Mon 23; Tue 24"),
    CountedCase(
      "filing-result", "2023-11-30 09:00", "2024-02-29 24:00",
      "no 30 February: the month's last day, Thu 29 of a leap year"),
    CountedCase(
      "filing-result", "2024-11-30 09:00", "2025-02-28 24:00",
      "no 30 February: Fri 28, not a leap year"),
    CountedCase(
      "nonfiling-tell", "2025-01-18 09:00", "2025-02-05 24:00",
      "Sat 18 not counted; 28 January is day 10, off to Tue 4 February; Wed 5"),
    CountedCase(
      "supplementary-investigation", "2024-01-31 09:00", "2024-02-29 24:00",
      "no 31 February: Thu 29"),
    CountedCase(
      "supplementary-investigation", "2026-01-31 09:00", "2026-02-28 24:00",
      "no 31 February: Sat 28, worked to make up for Spring Festival"),
    CountedCase(
      "public-interest-reply", "2025-08-01 09:00", "2025-10-09 24:00",
      "1 October, National Day with Mid-Autumn to Wed 8; Thu 9"),
    CountedCase(
      "public-interest-reply", "2025-12-31 09:00", "2026-02-28 24:00",
      "over the year's end; no 31 February: Sat 28, which is worked"),
    CountedCase(
      "public-interest-reply-urgent", "2024-09-16 09:00", "2024-10-08 24:00",
      "Mon 16 not counted; 30 September is day 14, 1 October day 15, off to Mon 7; Tue 8"),
    CountedCase(
      "judicial-suggestion-reply", "2025-12-15 09:00", "2026-02-24 24:00",
      "15 February, Spring Festival to Mon 23; Tue 24"),
    CountedCase(
      "judicial-suggestion-reply", "2023-12-31 09:00", "2024-02-29 24:00",
      "no 31 February: Thu 29"),
    CountedCase(
      "forward-discipline", "2026-02-11 09:00", "2026-02-25 24:00",
      "Thu 12 (1), Fri 13 (2), Sat 14 worked (3), 15-23 off, Tue 24 (4), Wed 25 (5)"),
    CountedCase(
      "forward-discipline", "2025-09-26 09:00", "2025-10-10 24:00",
      "Sat 27 off, Sun 28 worked (1), 29 (2), 30 (3), 1-8 October off, Thu 9 (4), Fri 10 (5)"),
    CountedCase(
      "forward-discipline", "2024-09-27 09:00", "2024-10-10 24:00",
      "Sat 28 off, Sun 29 worked (1), 30 (2), 1-7 off, Tue 8 (3), Wed 9 (4), Thu 10 (5)"),
    CountedCase(
      "reverse-transfer-internal", "2025-12-30 09:00", "2026-01-05 24:00",
      "Wed 31 (1), 1-3 January off, Sun 4 worked (2), Mon 5 (3)"),
    CountedCase(
      "reverse-transfer-review", "2024-02-05 09:00", "2024-02-23 24:00",
      "6-9 (1-4), 10-17 off, Sun 18 worked (5), 19 (6), 20 (7), 21 (8), 22 (9), Fri 23 (10)"),
    CountedCase(
      "procuratorial-suggestion-reply", "2026-03-01 09:00", "2026-05-06 24:00",
      "1 May, Labour Day to Tue 5; Wed 6"),
    CountedCase(
      "opinion-serve", "2026-06-16 09:00", "2026-06-22 24:00",
      "Tue 16 not counted; Wed 17 (1), Thu 18 (2), Fri 19 (3) Dragon Boat to Sun 21; Mon 22"),
    CountedCase(
      "opinion-reply", "2024-07-31 09:00", "2024-09-30 24:00",
      "no 31 September: Mon 30"),
    CountedCase(
      "lead-decide-discipline", "2024-04-01 09:00", "2024-05-06 24:00",
      "1 May, Labour Day to Sun 5; Mon 6"),
    CountedCase(
      "lead-decide-discipline", "2024-03-31 09:00", "2024-04-30 24:00",
      "no 31 April: Tue 30"),
  ]
}

/// A limit that stood still, counted by hand. All days are of March 2026, which begins on a Sunday
/// and has no holiday, unless told otherwise.
struct PausedCase: CustomStringConvertible, Sendable {
  let amount: ClockAmount
  let start: String
  let pauses: [[String]]
  let due: String
  let working: String

  init(
    _ count: Int, _ unit: ClockUnit, _ start: String, _ pauses: [[String]], _ due: String,
    _ working: String
  ) {
    amount = ClockAmount(count, unit)
    self.start = start
    self.pauses = pauses
    self.due = due
    self.working = working
  }

  var description: String { "\(amount.text) from \(start) without \(pauses)" }

  static let all = [
    PausedCase(
      24, .hours, "2026-03-02 09:30", [["2026-03-02 12:00", "2026-03-02 15:30"]],
      "2026-03-03 13:30", "from 10:00, 24 hours and the 3.5 of the pause"),
    PausedCase(
      24, .hours, "2026-03-02 09:30", [["2026-03-02 09:40", "2026-03-02 10:20"]],
      "2026-03-03 10:20", "of the pause only 20 minutes lie after 10:00"),
    PausedCase(
      24, .hours, "2026-03-02 09:30",
      [["2026-03-02 12:00", "2026-03-02 14:00"], ["2026-03-02 13:00", "2026-03-02 16:00"]],
      "2026-03-03 14:00", "two pauses from 12:00 to 16:00 together: 4 hours"),
    PausedCase(
      24, .hours, "2026-03-02 09:30", [["2026-03-03 10:00", "2026-03-03 15:00"]],
      "2026-03-03 10:00", "the pause begins when the time is over"),
    PausedCase(
      3, .calendarDays, "2026-03-02 09:30", [["2026-03-03 10:00", "2026-03-06 15:00"]],
      "2026-03-09 24:00", "Tue 3 (1), 4-6 taken out, Sat 7 (2), Sun 8 (3) is off; Mon 9"),
    PausedCase(
      3, .calendarDays, "2026-03-02 09:30", [["2026-03-05 10:00", "2026-03-11 15:00"]],
      "2026-03-11 24:00", "Thu 5 is the last day (3) and the pause goes on at its end: Wed 11"),
    PausedCase(
      3, .calendarDays, "2026-03-02 09:30", [["2026-03-04 09:00", "2026-03-04 18:00"]],
      "2026-03-05 24:00", "a pause within one day takes out none"),
    PausedCase(
      3, .calendarDays, "2026-03-02 09:30", [["2026-03-02 10:00", "2026-03-04 18:00"]],
      "2026-03-09 24:00", "3 and 4 taken out; Thu 5 (1), Fri 6 (2), Sat 7 (3) is off; Mon 9"),
    PausedCase(
      3, .calendarDays, "2026-03-02 09:30",
      [["2026-03-03 10:00", "2026-03-05 10:00"], ["2026-03-04 10:00", "2026-03-06 10:00"]],
      "2026-03-09 24:00", "3 (1); 4, 5, 6 taken out once; 7 (2), Sun 8 (3) is off; Mon 9"),
    PausedCase(
      3, .calendarDays, "2026-03-04 09:30", [["2026-03-07 10:00", "2026-03-11 10:00"]],
      "2026-03-11 24:00", "5 (1), 6 (2), Sat 7 (3) is off, and the pause goes on till Wed 11"),
    PausedCase(
      3, .calendarDays, "2026-03-02 09:30", [["2026-03-06 00:00", "2026-03-11 10:00"]],
      "2026-03-05 24:00", "the pause begins when the time is over"),
    PausedCase(
      3, .calendarDays, "2026-03-02 09:30", [["2026-02-20 10:00", "2026-03-03 10:00"]],
      "2026-03-06 24:00", "of a pause from before, only Tue 3 is taken out; 4 (1), 5 (2), Fri 6 (3)"
    ),
    PausedCase(
      5, .workingDays, "2026-02-11 09:30", [["2026-02-13 10:00", "2026-02-24 10:00"]],
      "2026-02-27 24:00", "Thu 12 (1), Fri 13 (2), 14-24 taken out, 25 (3), 26 (4), Fri 27 (5)"),
    PausedCase(
      1, .months, "2026-03-10 09:30", [["2026-03-20 10:00", "2026-03-25 10:00"]],
      "2026-04-15 24:00", "10 April and the 5 days 21-25 March: Wed 15"),
    PausedCase(
      1, .months, "2026-03-10 09:30", [["2026-04-11 00:00", "2026-04-20 10:00"]],
      "2026-04-10 24:00", "the pause begins when the time is over"),
  ]
}

@Suite("Counting limits as the law does")
struct ClockCountingTests {
  private let counting = ClockCounting(calendars: WorkingCalendar.builtIn)

  @Test("limits end where they do by hand", arguments: CountedCase.all)
  func counted(example: CountedCase) throws {
    let rule = try ClockRules.builtIn.known(example.rule)
    guard case .counted(let amount) = rule.limit else {
      Issue.record("not a rule that counts")
      return
    }
    let due = try counting.due(
      from: try Timestamp(clock: example.start), amount, lastDay: rule.lastDay)
    #expect(due == (try Timestamp(clock: example.due)), "\(due): \(example.working)")
  }

  @Test("every rule that counts has a case")
  func coverage() {
    let counted = ClockRules.builtIn.rules.filter { rule in
      if case .counted = rule.limit { true } else { false }
    }
    #expect(counted.count > 20, "too few rules to be believed")
    #expect(Set(counted.map(\.id)) == Set(CountedCase.all.map(\.rule)))
  }

  @Test("limits that stood still end where they do by hand", arguments: PausedCase.all)
  func paused(example: PausedCase) throws {
    let pauses = try example.pauses.map {
      ClockPause(from: try Timestamp(clock: $0[0]), until: try Timestamp(clock: $0[1]))
    }
    let due = try counting.due(
      from: try Timestamp(clock: example.start), example.amount,
      lastDay: example.amount.unit == .hours ? .asIs : .nextWorkingDay, pauses: pauses)
    #expect(due == (try Timestamp(clock: example.due)), "\(due): \(example.working)")
  }

  @Test("a day that a record names ends at its midnight, off or not, unless the rule moves it")
  func named() throws {
    let day = try #require(CalendarDate(year: 2026, month: 10, day: 1))
    #expect(try counting.due(on: day, lastDay: .asIs) == Timestamp(clock: "2026-10-01 24:00"))
    let moved = try counting.due(on: day, lastDay: .nextWorkingDay)
    #expect(moved == (try Timestamp(clock: "2026-10-08 24:00")), "off to Wed 7")
  }

  @Test(
    "a year without calendar is an error only where one of its days must be judged",
    arguments: [
      // 31 December, then 1 and 2 January 2027; 2 January must be judged.
      (ClockAmount(3, .calendarDays), "2026-12-30 09:00", ClockLastDay.nextWorkingDay, false),
      (ClockAmount(3, .calendarDays), "2026-12-30 09:00", .asIs, true),
      // The last day is 31 December itself.
      (ClockAmount(1, .calendarDays), "2026-12-30 09:00", .nextWorkingDay, true),
      // The first working day is 31 December, the second lies beyond.
      (ClockAmount(2, .workingDays), "2026-12-30 09:00", .asIs, false),
      (ClockAmount(1, .workingDays), "2026-12-30 09:00", .asIs, true),
      (ClockAmount(72, .hours), "2026-12-30 09:00", .asIs, true),
      (ClockAmount(1, .months), "2026-12-30 09:00", .nextWorkingDay, false),
    ])
  func missing(amount: ClockAmount, start: String, lastDay: ClockLastDay, isKnown: Bool) throws {
    let start = try Timestamp(clock: start)
    if isKnown {
      #expect(throws: Never.self) { try counting.due(from: start, amount, lastDay: lastDay) }
    } else {
      let error = #expect(throws: RecordModelError.self) {
        try counting.due(from: start, amount, lastDay: lastDay)
      }
      #expect(error?.code == .clockCalendarMissing)
    }
  }

  @Test("days can be added over ends of months and years, and not beyond the calendar")
  func adding() throws {
    func day(_ year: Int, _ month: Int, _ day: Int) throws -> CalendarDate {
      try #require(CalendarDate(year: year, month: month, day: day))
    }
    #expect(CalendarDate(try day(2024, 2, 28), addingDays: 1) == (try day(2024, 2, 29)))
    #expect(CalendarDate(try day(2025, 12, 31), addingDays: 1) == (try day(2026, 1, 1)))
    #expect(CalendarDate(try day(2026, 3, 1), addingDays: -1) == (try day(2026, 2, 28)))
    #expect(CalendarDate(try day(9999, 12, 31), addingDays: 1) == nil)
    #expect(CalendarDate(nil, addingDays: 1) == nil)
    #expect(Timestamp(startOf: try day(1970, 1, 1)).milliseconds == -28_800_000)
  }
}
