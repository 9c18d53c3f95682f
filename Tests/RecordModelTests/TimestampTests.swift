import Foundation
import RecordModel
import Testing

@Suite("Timestamps")
struct TimestampTests {
  @Test(
    "A written time is the moment that it names",
    arguments: [
      ("1970-01-01T08:00:00.000+08:00", 0), ("1970-01-01T00:00:00.000+08:00", -28_800_000),
      ("2026-11-23T09:15:00.123+08:00", 1_795_396_500_123),
      ("2000-02-29T07:59:59.999+08:00", 951_782_399_999),
      ("0000-01-01T00:00:00.000+08:00", -62_167_248_000_000),
      ("9999-12-31T23:59:59.999+08:00", 253_402_271_999_999),
      ("1900-03-01T00:00:00.000+08:00", -2_203_920_000_000),
    ] as [(String, Int64)])
  func known(text: String, milliseconds: Int64) throws {
    #expect(try Timestamp(parsing: text).milliseconds == milliseconds)
    #expect(Timestamp(milliseconds: milliseconds).description == text)
  }

  @Test(
    "What is not a real time in the one form is refused",
    arguments: [
      "", "2026-11-23T09:15:00+08:00", "2026-11-23T09:15:00.123Z", "2026-11-23T09:15:00.123+09:00",
      "2026-11-23t09:15:00.123+08:00", "2026-11-23 09:15:00.123+08:00",
      "2026-02-29T09:15:00.123+08:00", "2100-02-29T09:15:00.123+08:00",
      "2026-04-31T09:15:00.123+08:00", "2026-13-01T09:15:00.123+08:00",
      "2026-00-01T09:15:00.123+08:00", "2026-01-00T09:15:00.123+08:00",
      "2026-11-23T24:00:00.000+08:00", "2026-11-23T09:60:00.123+08:00",
      "2026-11-23T23:59:60.000+08:00", "2026-11-23T09:15:00.123-08:00",
      "2026-11-23T09:15:00.1234+08:00", "-026-11-23T09:15:00.123+08:00",
      "２026-11-23T09:15:00.123+08", "2026-11-23T09:15:00,123+08:00",
    ])
  func malformed(text: String) {
    #expect(thrownCode { _ = try Timestamp(parsing: text) } == "name.timestamp")
  }

  @Test("Every moment of ten thousand years reads back, and agrees with another calendar")
  func roundTrip() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(secondsFromGMT: 8 * 3600))
    var random = SeededRandom(3)
    for _ in 0..<3000 {
      let time = Timestamp(
        milliseconds: .random(in: -62_167_248_000_000...253_402_271_999_999, using: &random))
      #expect(try Timestamp(parsing: time.description) == time)
      // Before 1582 the other calendar is the Julian one.
      guard time.milliseconds > -12_000_000_000_000 else { continue }
      let date = Date(timeIntervalSince1970: Double(time.seconds))
      let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
      let text = Array(time.description.utf8)
      let number = { (range: Range<Int>) in Int(String(decoding: text[range], as: UTF8.self)) }
      #expect(number(0..<4) == parts.year)
      #expect(number(5..<7) == parts.month)
      #expect(number(8..<10) == parts.day)
      #expect(number(11..<13) == parts.hour)
      #expect(number(14..<16) == parts.minute)
    }
  }

  @Test("Seconds round down, additions saturate, and the ends of the range are written")
  func ends() {
    #expect(Timestamp(milliseconds: -1).seconds == -1)
    #expect(Timestamp(milliseconds: 1999).seconds == 1)
    #expect(Timestamp(milliseconds: .max).advanced(byMilliseconds: 1).milliseconds == .max)
    #expect(Timestamp(milliseconds: .min).advanced(byMilliseconds: -1).milliseconds == .min)
    #expect(Timestamp(milliseconds: .max).description.hasSuffix("+08:00"))
    #expect(Timestamp(milliseconds: .min).description.hasPrefix("-"))
    #expect(Timestamp(milliseconds: 1) < Timestamp(milliseconds: 2))
  }
}
