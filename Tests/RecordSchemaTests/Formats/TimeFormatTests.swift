import RecordSchema
import Testing

@Suite("Dates, times and durations")
struct TimeFormatTests {
  private static let dates =
    FormatSample.good(
      .date, "2026-11-23", "2024-02-29", "2000-02-29", "0400-02-29", "0000-01-01", "9999-12-31")
    + FormatSample.bad(
      .date, "", "2026-02-29", "2100-02-29", "0100-02-29", "2026-04-31", "2026-06-31",
      "2026-00-10", "2026-13-10", "2026-10-00", "2026-10-32", "26-10-10", "2026-1-10", "2026-10-1",
      "20261010", "2026-W41-6", "2026-283", "10/10/2026", "2026-10-10 ", " 2026-10-10",
      "2026-10-10\n", "2026-10-1\u{9EA}", "+2026-10-10", "12026-10-10", "2026\u{2010}10\u{2010}10")

  private static let times =
    FormatSample.good(
      .time, "00:00:00Z", "23:59:59Z", "09:15:00z", "09:15:00.5Z",
      "09:15:00.123456789012345678901234567890Z", "09:15:00+00:00", "09:15:00-00:00",
      "09:15:00+23:59", "09:15:00-23:59", "23:59:60Z", "23:59:60.999z", "07:59:60+08:00",
      "00:00:60+00:01", "23:58:60-00:01", "15:59:60-08:00", "23:58:60+23:59", "00:00:60-23:59")
    + FormatSample.bad(
      .time, "", "09:15:00", "09:15:00.5", "09:15Z", "9:15:00Z", "009:15:00Z", "24:00:00Z",
      "24:59:60+01:00", "23:60:00Z", "23:59:61Z", "22:59:60Z", "23:58:60Z", "23:59:60+08:00",
      "23:59:60-00:01", "07:59:60-08:00", "09:15:00.Z", "09:15:00,5Z", "09:15:00 Z", "09:15:00UTC",
      "09:15:00+8:00", "09:15:00+08", "09:15:00+0800", "09:15:00+24:00", "09:15:00+08:60",
      "09:15:00+08:00Z", "09:15:00Z+08:00", "09:15:00Z\n", " 09:15:00Z", "09:15:00#08:00",
      "0\u{9EA}:15:00Z", "09:15:00\u{2212}08:00", "ab:cd:efZ", "T09:15:00Z", "09-15-00Z")

  private static let dateTimes =
    FormatSample.good(
      .dateTime, "2026-11-23T09:15:00Z", "2026-11-23t09:15:00z", "2026-11-23T09:15:00.123+08:00",
      "2024-02-29T00:00:00-11:30", "0400-02-29T00:00:00Z", "2016-12-31T23:59:60Z",
      "2017-01-01T07:59:60+08:00", "1985-04-12T00:59:59.999999999999999Z")
    + FormatSample.bad(
      .dateTime, "", "2026-11-23", "09:15:00Z", "2026-11-23T", "2026-11-23 09:15:00Z",
      "2026-11-23_09:15:00Z", "2026-11-23T09:15Z", "2026-11-23T09:15:00", "2026-02-29T09:15:00Z",
      "2100-02-29T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T23:59:60+08:00",
      "2026-11-23T09:15:00Ztail", "2026-11-23T09:15:00Z\n", "+12026-11-23T09:15:00Z",
      "2026-328T09:15:00Z", "2026-11-2\u{9EA}T09:15:00Z", "2026-11-23T0\u{9EA}:15:00Z",
      "2026-11-3T09:15:00Z", "2026-11-23TT09:15:00Z", "20261123T091500Z")

  private static let durations =
    FormatSample.good(
      .duration, "P1Y", "P1M", "P1D", "P1W", "PT1H", "PT1M", "PT1S", "P1Y2M3DT4H5M6S", "P1Y2M",
      "P2M3D", "P1YT1H", "PT1H2M", "PT2M3S", "P0D", "PT0S", "P007D", "P52W",
      "P99999999999999999999999999999999999999D")
    + FormatSample.bad(
      .duration, "", "P", "PT", "P1YT", "1D", "P1", "PD", "P1D2", "PT1D", "P1H", "P1S", "P1D1Y",
      "P1D1M", "P1M1M", "P1Y3D", "PT1H3S", "PT1S1M", "P1Y1W", "P1W1D", "P1WT1H", "P0Y1W", "P1W1W",
      "P1D2T3H", "PT0.5S", "PT0,5S", "P-1D", "-P1D", "+P1D", "P1e2D", "p1d", "P1d", "PT1h",
      " P1D", "P1D ", "P1D\n", "P\u{9E8}Y", "P1DT", "P1DT1HT1M", "PT1HT", "PW", "PTW", "P1TW")

  @Test("follow RFC 3339 and nothing else", arguments: dates + times + dateTimes + durations)
  func table(sample: FormatSample) { sample.check() }

  @Test("every day of the calendar exists, and no other")
  func days() {
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    for year in [1900, 2000, 2023, 2024] {
      let isLeap = year == 2000 || year == 2024
      for month in 0...13 {
        let length = (1...12).contains(month) ? lengths[month - 1] : 0
        for day in 0...32 {
          let exists = day >= 1 && day <= length + (month == 2 && isLeap ? 1 : 0)
          let text = "\(year)-\(two(month))-\(two(day))"
          #expect(Format.date.matches(text) == exists, "\(text)")
          #expect(Format.dateTime.matches(text + "T12:00:00Z") == exists, "\(text)")
        }
      }
    }
  }

  @Test("a leap second is the last of a day in UTC, whatever the offset")
  func leapSeconds() {
    for offset in stride(from: -1439, through: 1439, by: 7) {
      let sign = offset < 0 ? "-" : "+"
      let shown = sign + two(abs(offset) / 60) + ":" + two(abs(offset) % 60)
      for minute in stride(from: 0, to: 1440, by: 1) {
        let utc = (minute - offset + 2 * 1440) % 1440
        let text = two(minute / 60) + ":" + two(minute % 60) + ":60" + shown
        if Format.time.matches(text) != (utc == 1439) { Issue.record("\(text)") }
      }
    }
  }

  private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
