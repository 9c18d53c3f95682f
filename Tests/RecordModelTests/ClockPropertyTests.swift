import RecordSchema
import Testing

@testable import RecordModel

@Suite("What holds for all clocks")
struct ClockPropertyTests {
  private let counting = ClockCounting(calendars: WorkingCalendar.builtIn)

  /// A moment of 2024 or 2025, so that no count reaches a year without calendar.
  private static func moment(_ random: inout SeededRandom) throws -> Timestamp {
    let first = try Timestamp(clock: "2024-01-01 00:00").milliseconds
    let last = try Timestamp(clock: "2025-12-31 00:00").milliseconds
    return Timestamp(milliseconds: Int64.random(in: first..<last, using: &random))
  }

  private static func lastDay(_ unit: ClockUnit, _ random: inout SeededRandom) -> ClockLastDay {
    unit == .hours || random.chance(2) ? .asIs : .nextWorkingDay
  }

  private static func pauses(
    from start: Timestamp, _ random: inout SeededRandom
  ) -> [ClockPause] {
    (0..<Int.random(in: 0...3, using: &random)).map { _ in
      let from = start.advanced(
        byMilliseconds: Int64.random(in: -200_000_000...1_500_000_000, using: &random))
      return ClockPause(
        from: from,
        until: from.advanced(byMilliseconds: Int64.random(in: 0...900_000_000, using: &random)))
    }
  }

  @Test("a longer limit never ends earlier, and none ends before it has begun")
  func longer() throws {
    var random = SeededRandom(1)
    for _ in 0..<4000 {
      let unit = try #require(ClockUnit.allCases.randomElement(using: &random))
      let (start, lastDay) = (try Self.moment(&random), Self.lastDay(unit, &random))
      let pauses = Self.pauses(from: start, &random)
      let most = unit == .months ? 6 : 40
      let count = Int.random(in: 1..<most, using: &random)
      let due = try counting.due(
        from: start, ClockAmount(count, unit), lastDay: lastDay, pauses: pauses)
      let longer = try counting.due(
        from: start, ClockAmount(count + 1, unit), lastDay: lastDay, pauses: pauses)
      #expect(start < due && due <= longer, "\(count) \(unit) from \(start)")
    }
  }

  @Test("a later start never ends earlier")
  func later() throws {
    var random = SeededRandom(2)
    for _ in 0..<4000 {
      let unit = try #require(ClockUnit.allCases.randomElement(using: &random))
      let (start, lastDay) = (try Self.moment(&random), Self.lastDay(unit, &random))
      let amount = ClockAmount(Int.random(in: 1..<(unit == .months ? 6 : 40), using: &random), unit)
      let later = start.advanced(
        byMilliseconds: Int64.random(in: 0...400_000_000, using: &random))
      #expect(
        try counting.due(from: start, amount, lastDay: lastDay)
          <= counting.due(from: later, amount, lastDay: lastDay), "\(amount.text) from \(start)")
    }
  }

  @Test(
    "one more pause, or a longer one, never ends it earlier; none during a pause that came in time")
  func pauses() throws {
    var random = SeededRandom(3)
    for _ in 0..<4000 {
      let unit = try #require(ClockUnit.allCases.randomElement(using: &random))
      let (start, lastDay) = (try Self.moment(&random), Self.lastDay(unit, &random))
      let amount = ClockAmount(Int.random(in: 1..<(unit == .months ? 3 : 20), using: &random), unit)
      let pauses = Self.pauses(from: start, &random)
      func due(_ pauses: [ClockPause]) throws -> Timestamp {
        try counting.due(from: start, amount, lastDay: lastDay, pauses: pauses)
      }
      let more = pauses + Self.pauses(from: start, &random)
      let longer = pauses.map {
        ClockPause(from: $0.from, until: $0.until.advanced(byMilliseconds: 90_000_000))
      }
      let end = try due(pauses)
      #expect(try end <= due(more) && end <= due(longer), "\(amount.text) from \(start)")
      #expect(try end == due(pauses.reversed()), "the order of pauses means nothing")
      for pause in pauses where pause.from < end && pause.from < pause.until {
        #expect(end >= pause.until, "it ran out while it stood still")
      }
    }
  }

  @Test("with nextWorkingDay the last day is worked")
  func worked() throws {
    var random = SeededRandom(4)
    for _ in 0..<2000 {
      let unit = try #require(
        [ClockUnit.calendarDays, .workingDays, .months].randomElement(using: &random))
      let start = try Self.moment(&random)
      let due = try counting.due(
        from: start, ClockAmount(Int.random(in: 1...6, using: &random), unit),
        lastDay: .nextWorkingDay, pauses: Self.pauses(from: start, &random))
      let last = try #require(due.advanced(byMilliseconds: -1).day)
      #expect(try counting.isWorkingDay(last))
      #expect(due == BeijingDay(last).end)
    }
  }

  @Test("the clocks of a thread do not depend on the order of what it was made from")
  func order() throws {
    var random = SeededRandom(5)
    let book = ClockBook(rules: try ClockSamples.allOn(), calendars: WorkingCalendar.builtIn)
    for example in ThreadCase.all {
      let world = try ClockTableTests.world(example)
      let clocks = ClockEngine.clocks(of: try world.thread(), under: book)
      #expect(!clocks.isEmpty)
      #expect(clocks == clocks.sorted { ($0.start, $0.rule) < ($1.start, $1.rule) })
      #expect(Set(clocks.map { "\($0.rule) \($0.start)" }).count == clocks.count)
      for _ in 0..<8 {
        let thread = try world.thread(order: world.ids.indices.shuffled(using: &random))
        #expect(ClockEngine.clocks(of: thread, under: book) == clocks)
      }
    }
  }

  @Test("what a clock says is all there at once: looking later changes only its state")
  func moments() throws {
    for example in ThreadCase.all {
      for clock in try ClockTableTests.world(example).clocks() {
        let early = clock.state(at: clock.startedAt)
        let late = clock.state(at: try Timestamp(clock: "2030-01-01 00:00"))
        switch clock.outcome {
        case .open:
          #expect(
            [.running, .dueSoon].contains(early)
              || (clock.due.map { $0 <= clock.startedAt } ?? false))
          #expect(late == (clock.isDuty ? .overdue : .lapsed))
        case .met, .late, .cancelled, .uncomputable, .paused: #expect(early == late)
        }
      }
    }
  }

}
