import RecordSchema
import Testing

/// The formats of records through ``Format``; ``CodeFormatTests`` holds their tables.
@Suite("Formats of records")
struct RecordFormatTests {
  private static let samples =
    FormatSample.good(.uscc, "91350100M000100Y43", "11100000MB0143028R", "12100000400002259P")
    + FormatSample.bad(.uscc, "", "91350100M000100Y4Z", "91350100m000100y43")
    + FormatSample.good(.cnID, "11010519491231002X", "440524188001010014")
    + FormatSample.bad(.cnID, "", "11010519491231002x", "110105194912310020")
    + FormatSample.good(.cnDocno, "市监移〔2026〕12号")
    + FormatSample.bad(.cnDocno, "", "市监移[2026]12号", "市监移〔2026〕012号")
    + FormatSample.good(.cnRegion, "350100", "000000")
    + FormatSample.bad(.cnRegion, "", "35010", "160000", "35010０")
    + FormatSample.good(.uuidv7, "01932f3e-5c7a-7b1c-8d2e-3f4a5b6c7d8e")
    + FormatSample.bad(
      .uuidv7, "", "01932F3E-5C7A-7B1C-8D2E-3F4A5B6C7D8E", "01932f3e-5c7a-4b1c-8d2e-3f4a5b6c7d8e")

  @Test("tell good text from bad", arguments: samples)
  func table(sample: FormatSample) { sample.check() }

  @Test("a birth date must not lie after the day that is given")
  func asOf() throws {
    let eve = try #require(CalendarDate(year: 1949, month: 12, day: 30))
    let birth = try #require(CalendarDate(year: 1949, month: 12, day: 31))
    #expect(!Format.cnID.matches("11010519491231002X", asOf: eve))
    #expect(Format.cnID.matches("11010519491231002X", asOf: birth))
    #expect(Format.cnID.matches("11010519491231002X", asOf: nil))
    // The day is nothing to the others.
    #expect(Format.date.matches("2026-11-23", asOf: eve))
  }

  @Test(
    "every change of one character, and every exchange of neighbours, breaks a check digit",
    arguments: [
      ("91350100M000100Y43", Format.uscc, "0123456789ABCDEFGHJKLMNPQRTUWXY"),
      ("12100000400002259P", .uscc, "0123456789ABCDEFGHJKLMNPQRTUWXY"),
      ("11010519491231002X", .cnID, "0123456789X"),
      ("440524188001010014", .cnID, "0123456789X"),
    ])
  func mutations(text: String, format: Format, alphabet: String) {
    let characters = Array(text)
    for place in characters.indices {
      for other in alphabet where other != characters[place] {
        var changed = characters
        changed[place] = other
        #expect(!format.matches(String(changed)))
      }
      if place > 0, characters[place] != characters[place - 1] {
        var changed = characters
        changed.swapAt(place, place - 1)
        #expect(!format.matches(String(changed)), "\(String(changed))")
      }
    }
  }

  @Test("records' date-time of headers is narrower than the format")
  func dateTimes() {
    for text in ["2026-11-23T09:15:00Z", "2026-11-23T09:15:00+08:00", "2026-11-23t01:15:00.123z"] {
      #expect(Format.dateTime.matches(text))
      #expect(!CodeFormat.isDateTime(text))
    }
    #expect(Format.dateTime.matches("2026-11-23T09:15:00.123+08:00"))
    #expect(CodeFormat.isDateTime("2026-11-23T09:15:00.123+08:00"))
  }
}
