public import Cryptography
public import RecordSchema

/// Which days of one year are worked: a calendar file.
///
/// `{"v":1,"year":2026,"source":["https://…"],"off":["2026-01-01", …],"work":["2026-01-04", …]}`
public struct WorkingCalendar: Hashable, Sendable {
  /// Most bytes of a file.
  public static let byteLimit = 1 << 16

  /// The file as it stands.
  public let bytes: [UInt8]
  /// Its digest, by which a directory names it.
  public let digest: Digest
  /// The year.
  public let year: Int
  /// Where the government announced it.
  public let source: [String]
  /// Days of holidays, ascending; weekends among them may be named or not.
  public let off: [CalendarDate]
  /// Saturdays and Sundays that are worked (调休), ascending.
  public let work: [CalendarDate]

  private let offDays: Set<Int64>
  private let workDays: Set<Int64>

  /// Reads a file.
  /// - Throws: `RecordModelError` with `.clockCalendarInvalid`, the place in `field` and message.
  public init(parsing bytes: [UInt8], suite: Suite) throws(RecordModelError) {
    let root = try ClockObject.root(bytes, limit: Self.byteLimit, code: .clockCalendarInvalid)
    try root.allow(["v", "year", "source", "off", "work"])
    _ = try root.integer("v", 1...1)
    let year = try root.integer("year", 1900...9998)
    source = try root.texts("source", 1...10, length: 1...500)
    off = try Self.days("off", in: root, of: year)
    work = try Self.days("work", in: root, of: year)
    offDays = Set(off.map { BeijingDay($0).number })
    workDays = Set(work.map { BeijingDay($0).number })
    for (place, day) in work.enumerated() {
      let place = "work/\(place)"
      guard !offDays.contains(BeijingDay(day).number) else {
        throw root.problem(place, "is a day off too")
      }
      guard BeijingDay(day).isWeekend else {
        throw root.problem(place, "must be a Saturday or a Sunday: other days are worked anyway")
      }
    }
    self.year = year
    self.bytes = bytes
    digest = suite.digest(bytes)
  }

  /// Whether a day of its year is worked.
  public func isWorkingDay(_ date: CalendarDate) -> Bool { isWorked(BeijingDay(date)) }

  func isWorked(_ day: BeijingDay) -> Bool {
    workDays.contains(day.number) || !(day.isWeekend || offDays.contains(day.number))
  }

  private static func days(
    _ name: String, in root: ClockObject, of year: Int
  ) throws(RecordModelError) -> [CalendarDate] {
    var days: [CalendarDate] = []
    for (place, text) in try root.texts(name, 0...200, length: 10...10).enumerated() {
      guard let day = CalendarDate(written: text) else {
        throw root.problem("\(name)/\(place)", "must be a real date written YYYY-MM-DD")
      }
      guard day.year == year else {
        throw root.problem("\(name)/\(place)", "must be a day of the calendar's year")
      }
      guard days.last.map({ $0 < day }) ?? true else {
        throw root.problem("\(name)/\(place)", "must come after the day before it")
      }
      days.append(day)
    }
    return days
  }
}

extension WorkingCalendar {
  /// The calendars that come with the program, by year.
  public static let builtIn: [Int: WorkingCalendar] = {
    var calendars: [Int: WorkingCalendar] = [:]
    for source in SchemaSource.builtInClocks where source.path != ClockRules.path {
      do throws(RecordModelError) {
        let calendar = try WorkingCalendar(parsing: source.bytes, suite: .sha256Ed25519)
        calendars[calendar.year] = calendar
      } catch {
        // A test reads what is embedded, which nothing can change afterwards.
        preconditionFailure("an embedded calendar is unusable: \(error)")
      }
    }
    return calendars
  }()
}

extension CalendarDate {
  /// A day from its one written form, `YYYY-MM-DD`.
  init?(written text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      var value = 0
      for byte in bytes[range] {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      return value
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else {
      return nil
    }
    self.init(year: year, month: month, day: day)
  }

  /// The written form.
  var written: String {
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}
