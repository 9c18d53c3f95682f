import Cryptography
import Foundation
import RecordSchema
import Testing

@testable import RecordModel

@Suite("Calendars of working days")
struct ClockCalendarTests {
  @Test("the calendars that come with the program are of the years announced so far")
  func builtIn() {
    #expect(WorkingCalendar.builtIn.keys.sorted() == [2023, 2024, 2025, 2026])
    for (year, calendar) in WorkingCalendar.builtIn {
      #expect(calendar.year == year)
      #expect(calendar.digest == Suite.sha256Ed25519.digest(calendar.bytes))
      #expect(calendar.source.allSatisfy { $0.contains("gov.cn/") })
      #expect(calendar.off.count >= 25 && calendar.work.count >= 5)
    }
  }

  @Test(
    "days are worked as announced",
    arguments: [
      ("2024-02-09", true), ("2024-02-10", false), ("2024-02-18", true), ("2024-09-16", false),
      ("2025-01-26", true), ("2025-01-28", false), ("2025-10-08", false), ("2025-10-11", true),
      ("2026-01-04", true), ("2026-02-14", true), ("2026-02-23", false), ("2026-03-07", false),
      ("2026-03-09", true),
    ])
  func days(text: String, isWorked: Bool) throws {
    let day = try #require(CalendarDate(written: text))
    let calendar = try #require(WorkingCalendar.builtIn[day.year])
    #expect(calendar.isWorkingDay(day) == isWorked)
    #expect(try ClockCounting(calendars: [day.year: calendar]).isWorkingDay(day) == isWorked)
  }

  /// In two parts: in one piece it looks like a folder of somebody's machine.
  private static let firstWorked = "/work" + "/0"

  @Test(
    "a fault is refused with its code and its place",
    arguments: [
      ("[]", ""), ("{", ""), ("{\"v\":2}", "/v"), ("{\"v\":1}", "/year"),
      ("{\"v\":1,\"year\":1899}", "/year"), ("{\"v\":1,\"year\":2026}", "/source"),
      ("{\"v\":1,\"year\":2026,\"source\":[]}", "/source"),
      ("{\"v\":1,\"year\":2026,\"source\":[\"\"]}", "/source/0"),
      ("{\"v\":1,\"year\":2026,\"source\":[\"s\"]}", "/off"),
      ("{\"v\":1,\"year\":2026,\"source\":[\"s\"],\"off\":[]}", "/work"),
      ("{\"v\":1,\"year\":2026,\"source\":[\"s\"],\"off\":[1],\"work\":[]}", "/off/0"),
      ("{\"v\":1,\"year\":2026,\"source\":[\"s\"],\"off\":[\"2026-02-30\"],\"work\":[]}", "/off/0"),
      ("{\"v\":1,\"year\":2026,\"source\":[\"s\"],\"off\":[\"2026/02/20\"],\"work\":[]}", "/off/0"),
      ("{\"v\":1,\"year\":2026,\"source\":[\"s\"],\"off\":[\"2025-12-31\"],\"work\":[]}", "/off/0"),
      (
        "{\"v\":1,\"year\":2026,\"source\":[\"s\"],\"off\":[\"2026-01-02\",\"2026-01-01\"],\"work\":[]}",
        "/off/1"
      ),
      (
        "{\"v\":1,\"year\":2026,\"source\":[\"s\"],\"off\":[\"2026-01-01\",\"2026-01-01\"],\"work\":[]}",
        "/off/1"
      ),
      // A Monday, which is worked anyway: a slip in the day.
      (
        "{\"v\":1,\"year\":2026,\"source\":[\"s\"],\"off\":[],\"work\":[\"2026-01-05\"]}",
        Self.firstWorked
      ),
      (
        "{\"v\":1,\"year\":2026,\"source\":[\"s\"],\"off\":[\"2026-01-04\"],\"work\":[\"2026-01-04\"]}",
        Self.firstWorked
      ),
      ("{\"v\":1,\"year\":2026,\"source\":[\"s\"],\"off\":[],\"work\":[],\"x\":1}", ""),
    ])
  func faults(text: String, place: String) {
    let error = #expect(throws: RecordModelError.self) {
      try WorkingCalendar(parsing: Array(text.utf8), suite: .sha256Ed25519)
    }
    #expect(error?.code == .clockCalendarInvalid)
    #expect((error?.field ?? "") == place)
  }

  /// The facts as they were gathered, where they lie beside the checkout.
  private static let facts = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(
      path: "../../../shared/vectors/calendar/cn-holidays.json"
    )
    .standardizedFileURL

  @Test(
    "they say of every day what the gathered facts say (skipped where those are not there)",
    .enabled(if: FileManager.default.fileExists(atPath: facts.path(percentEncoded: false))))
  func gathered() throws {
    let root = try JSONDocument(parsing: [UInt8](try Data(contentsOf: Self.facts))).root
    for (year, calendar) in WorkingCalendar.builtIn {
      let facts = try #require(root["\(year)"])
      func dates(_ name: String) -> Set<String> {
        Set((facts[name].map { Array($0.elements) } ?? []).compactMap(\.string))
      }
      let (off, work) = (dates("off"), dates("work"))
      #expect(off.count > 20 && !work.isEmpty)
      var day = BeijingDay(try #require(CalendarDate(year: year, month: 1, day: 1)))
      var days = 0
      while let date = day.date, date.year == year {
        let text = date.written
        let isWorked = work.contains(text) || !(day.isWeekend || off.contains(text))
        #expect(calendar.isWorkingDay(date) == isWorked, "\(text)")
        (day, days) = (day.next, days + 1)
      }
      #expect(days == (year == 2024 ? 366 : 365))
    }
  }
}
