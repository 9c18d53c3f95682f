import RecordSchema
import Testing

@Suite("Formats")
struct CodeFormatTests {
  struct Sample: CustomStringConvertible, Sendable {
    let name: CodeFormat.Name
    let text: String
    let isGood: Bool
    var description: String { "\(name.rawValue) \(isGood ? "accepts" : "refuses") \(text)" }
  }

  private static func samples(
    _ name: CodeFormat.Name, good: [String], bad: [String]
  ) -> [Sample] {
    good.map { Sample(name: name, text: $0, isGood: true) }
      + bad.map { Sample(name: name, text: $0, isGood: false) }
  }

  private static let creditCodes = samples(
    .creditCode,
    good: [
      "91350100M000100Y43", "11100000MB0143028R", "12100000400002259P", "11000000MB0000019X",
      "11000000MB0000027Q", "11000000MB0000035K",
    ],
    bad: [
      "", "91350100M000100Y4Z", "91350100M000100Y44", "91350100M000100Y4", "91350100m000100y43",
      "91350100M000100Y433", "19350100M000100Y43", "9135010OM000100Y43", "9135A100M000100Y43",
      "91350100M000100Y4\u{FF13}", "９1350100M000100Y4", " 1350100M000100Y43",
    ])

  private static let identityNumbers = samples(
    .identityNumber,
    good: ["11010519491231002X", "440524188001010014"],
    bad: [
      "", "11010519491231002x", "110105194912310021", "44052418800101001", "4405241880010100144",
      "440524188013010014", "440524188002300014", "010105194912310028", "11010519491231002Ｘ",
      "440524178001010017", "A10105194912310021",
    ])

  private static let documentNumbers = samples(
    .documentNumber,
    good: [
      "市监移〔2026〕12号", "示检〔1949〕1号", "示纪移〔2100〕999999号",
      String(repeating: "示", count: 20) + "〔2026〕1号", "㐀䶿〔2026〕10号",
    ],
    bad: [
      "", "市监移[2026]12号", "市监移（2026）12号", "市监移〔2026〕012号", "市监移〔2026〕0号", "市监移〔2026〕号",
      "市监移〔2026〕1000000号", "市监移〔1948〕1号", "市监移〔2101〕1号", "市监移〔26〕1号", "移〔2026〕1号",
      String(repeating: "示", count: 21) + "〔2026〕1号", "市监移〔2026〕12", "市监移〔2026〕12号 ",
      "市监移〔2026〕12號", "SJY〔2026〕12号", "市监、移〔2026〕12号", "市监移〔2026〕１号", "市监移〔2026〕",
      "市监移〔20", "市监移", "〔2026〕1号", "市监移〔2026〕第12号", "市监移〕2026〔12号",
    ])

  private static let regions = samples(
    .region, good: ["000000", "110000", "350100", "440524", "469001", "710000", "820000"],
    bad: [
      "", "11000", "1100000", "100000", "160000", "000001", "990000", "11010a", "110001", "１10000",
      "-10000", "830000",
    ])

  private static let dates = samples(
    .date, good: ["2026-11-23", "2024-02-29", "2000-02-29", "1900-12-31", "9999-12-31"],
    bad: [
      "", "2026-02-29", "1900-02-29", "2026-04-31", "2026-00-01", "2026-13-01", "2026-01-00",
      "2026-1-01", "20260101", "2026/01/01", "2026-01-32", "2026-01-01T", " 026-01-01",
      "２026-01-01", "+026-01-01",
    ])

  private static let times = samples(
    .dateTime,
    good: ["2026-11-23T09:15:00.123+08:00", "2024-02-29T23:59:59.999+08:00"],
    bad: [
      "", "2026-11-23", "2026-11-23T09:15:00+08:00", "2026-11-23T09:15:00.123Z",
      "2026-11-23T09:15:00.123+09:00", "2026-11-23t09:15:00.123+08:00",
      "2026-11-23 09:15:00.123+08:00", "2026-11-23T24:00:00.000+08:00",
      "2026-11-23T09:60:00.123+08:00", "2026-11-23T23:59:60.000+08:00",
      "2026-11-31T09:15:00.123+08:00", "2026-11-23T09:15:00,123+08:00",
      "2026-11-23T09:15:00.1234+08:00", "2026-11-23T09:15:00.123+0800",
      "2026-11-23T09:15:00.12a+08:00", "2026-11-23T09.15:00.123+08:00",
      "2026-11-23T09:15.00.123+08:00", "2026-11-23T09:15:00.123-08:00",
    ])

  private static let identifiers = samples(
    .uuidv7,
    good: [
      "01932f3e-5c7a-7b1c-8d2e-3f4a5b6c7d8e", "00000000-0000-7000-b000-000000000000",
      "ffffffff-ffff-7fff-9fff-ffffffffffff", "01932f3e-5c7a-7b1c-ad2e-3f4a5b6c7d8e",
    ],
    bad: [
      "", "01932F3E-5c7a-7b1c-8d2e-3f4a5b6c7d8e", "01932f3e-5c7a-4b1c-8d2e-3f4a5b6c7d8e",
      "01932f3e-5c7a-7b1c-7d2e-3f4a5b6c7d8e", "01932f3e-5c7a-7b1c-cd2e-3f4a5b6c7d8e",
      "01932f3e5c7a7b1c8d2e3f4a5b6c7d8e", "{01932f3e-5c7a-7b1c-8d2e-3f4a5b6c7d8",
      "01932f3e-5c7a-7b1c-8d2e-3f4a5b6c7d8g", "01932f3e-5c7a-7b1c-8d2e-3f4a5b6c7d8e0",
      "01932f3e-5c7a-7b1c-8d2e_3f4a5b6c7d8e", "01932f3e-5c7a-7b1c-8d2e-3f4a5b6c7d8",
    ])

  @Test(
    "tell good text from bad",
    arguments: creditCodes + identityNumbers + documentNumbers + regions + dates + times
      + identifiers)
  func table(sample: Sample) {
    #expect(CodeFormat.matches(sample.name, sample.text) == sample.isGood)
    let bytes = Array(sample.text.utf8)
    let onBytes = bytes.withUnsafeBufferPointer { CodeFormat.matches(sample.name, utf8: $0) }
    #expect(onBytes == sample.isGood)
  }

  @Test("have a function each that agrees with the name")
  func functions() {
    #expect(CodeFormat.isCreditCode("91350100M000100Y43"))
    #expect(CodeFormat.isIdentityNumber("11010519491231002X"))
    #expect(CodeFormat.isDocumentNumber("市监移〔2026〕12号"))
    #expect(CodeFormat.isRegion("350100"))
    #expect(CodeFormat.isDate("2026-11-23"))
    #expect(CodeFormat.isDateTime("2026-11-23T09:15:00.123+08:00"))
    #expect(CodeFormat.isUUIDv7("01932f3e-5c7a-7b1c-8d2e-3f4a5b6c7d8e"))
    #expect(!CodeFormat.isCreditCode("350100"))
    #expect(!CodeFormat.isIdentityNumber("350100"))
    #expect(!CodeFormat.isDocumentNumber("350100"))
    #expect(!CodeFormat.isRegion("2026-11-23"))
    #expect(!CodeFormat.isDate("350100"))
    #expect(!CodeFormat.isDateTime("2026-11-23"))
    #expect(!CodeFormat.isUUIDv7("2026-11-23"))
  }

  @Test("compute the check digit of a credit code, one of thirty-one")
  func checkDigit() {
    #expect(CodeFormat.creditCodeCheckDigit("91350100M000100Y4") == "3")
    #expect(CodeFormat.creditCodeCheckDigit("11100000MB0143028") == "R")
    #expect(CodeFormat.creditCodeCheckDigit("12100000400002259") == "P")
    #expect(CodeFormat.creditCodeCheckDigit("1210000040000225") == nil)
    #expect(CodeFormat.creditCodeCheckDigit("1210000040000225I") == nil)
    #expect(CodeFormat.creditCodeCheckDigit("1210000040000225中") == nil)
  }

  @Test("notice every change of one character in a credit code or identity number")
  func singleErrors() {
    for (text, name, alphabet) in [
      ("91350100M000100Y43", CodeFormat.Name.creditCode, "0123456789ABCDEFGHJKLMNPQRTUWXY"),
      ("11010519491231002X", .identityNumber, "0123456789X"),
    ] {
      let characters = Array(text)
      for place in characters.indices {
        for other in alphabet where other != characters[place] {
          var changed = characters
          changed[place] = other
          #expect(!CodeFormat.matches(name, String(changed)))
        }
      }
    }
  }

  @Test("judge a birth date against a given day only, never the present one")
  func birthDates() throws {
    let eve = try #require(CalendarDate(year: 1949, month: 12, day: 30))
    let birth = try #require(CalendarDate(year: 1949, month: 12, day: 31))
    #expect(!CodeFormat.isIdentityNumber("11010519491231002X", today: eve))
    #expect(CodeFormat.isIdentityNumber("11010519491231002X", today: birth))
    #expect(CodeFormat.isIdentityNumber("11010519491231002X"))
    // Years that have not come are judged by the fixed end of the range, with a right check.
    #expect(CodeFormat.isIdentityNumber(Self.identity("110105" + "21001231" + "002")))
    #expect(!CodeFormat.isIdentityNumber(Self.identity("110105" + "21010101" + "002")))
    #expect(!CodeFormat.isIdentityNumber(Self.identity("110105" + "17991231" + "002")))
    #expect(!CodeFormat.isIdentityNumber(Self.identity("110105" + "19490229" + "002")))
    #expect(CodeFormat.isIdentityNumber(Self.identity("110105" + "19480229" + "002")))
  }

  /// Appends the check character by the standard's own formula, worked out apart from the code.
  private static func identity(_ first17: String) -> String {
    var remainder = 0
    for digit in first17.compactMap(\.wholeNumberValue) { remainder = (remainder + digit) * 2 % 11 }
    let check = (12 - remainder) % 11
    return first17 + (check == 10 ? "X" : String(check))
  }

  @Test(
    "know which days exist",
    arguments: [
      (2024, 2, 29, true), (2023, 2, 29, false), (2100, 2, 29, false), (2000, 2, 29, true),
      (2026, 6, 31, false), (2026, 12, 31, true), (-1, 1, 1, false), (10_000, 1, 1, false),
      (0, 2, 29, true), (2026, 1, 0, false),
    ])
  func calendar(year: Int, month: Int, day: Int, exists: Bool) {
    #expect((CalendarDate(year: year, month: month, day: day) != nil) == exists)
  }

  @Test("order days by the calendar")
  func order() throws {
    let first = try #require(CalendarDate(year: 2025, month: 12, day: 31))
    let second = try #require(CalendarDate(year: 2026, month: 1, day: 1))
    #expect(first < second)
    #expect(!(second < first))
  }
}
