import Testing

@testable import RecordSchema

@Suite("Exact numbers")
struct JSONNumberTests {
  private static func compare(_ first: String, _ second: String) -> Int {
    withToken(first) { first in withToken(second) { DecimalToken.compare(first, $0) } }
  }

  private static func isMultiple(_ dividend: String, _ divisor: String) -> Bool {
    withToken(dividend) { dividend in withToken(divisor) { dividend.isMultiple(of: $0) } }
  }

  private static func withToken<R>(_ text: String, _ body: (DecimalToken) -> R) -> R {
    Array(text.utf8).withUnsafeBufferPointer { body(DecimalToken($0)) }
  }

  // MARK: Order

  /// Strictly rising; what stands in one row is equal.
  private static let ladder: [[String]] = [
    ["-1e99999999999999999999", "-10e99999999999999999998", "-1e+0099999999999999999999"],
    ["-1e99999999999999999998"], ["-1e1000000000"], ["-123456789012345678901"],
    ["-123456789012345678900", "-1.234567890123456789e20", "-12345678901234567890e1"],
    ["-1e18"],
    ["-9007199254740993"], ["-9007199254740992.5"], ["-9007199254740992"], ["-2"], ["-1.5"],
    ["-1", "-1.0", "-1e0", "-10e-1", "-0.1e1", "-0.001E+3"], ["-0.5"],
    ["-1e-99999999999999999999"],
    ["0", "-0", "0.0", "-0.000", "0e5", "-0e-5", "0e99999999999999999999"],
    ["1e-99999999999999999999"], ["1e-99999999999999999998", "0.01e-99999999999999999996"],
    ["1e-1000000000000000001"], ["1e-1000000000000000"], ["1e-400"],
    ["0.000000000000000000001"], ["0.0074"], ["0.0075", "75e-4", "0.00750"], ["0.1"],
    ["0.3"], ["0.30000000000000004"], ["1", "1.000000000000000000000000", "0.000001e6"], ["1.5"],
    ["9"], ["10", "1e1", "1.0e1"], ["10.000000000000000000000000001"], ["11"], ["99"], ["100"],
    ["9007199254740992"], ["9007199254740992.5"], ["9007199254740993"],
    ["999999999999999999"], ["1000000000000000000"], ["18446744073709551616"], ["1e400"],
    ["1e999999999"], ["1e1000000000"], ["1e1000000001", "10e1000000000", "0.1e1000000002"],
    ["1e999999999999999"], ["1e1000000000000000", "10e999999999999999"],
    ["100e999999999999999"], ["1e99999999999999999999"],
    ["2e99999999999999999999", "0.2e100000000000000000000"],
  ]

  @Test("are put in order by value, whatever their writing, size and exponent")
  func order() {
    let rows = Self.ladder.enumerated().flatMap { row, texts in texts.map { (row, $0) } }
    for (row, text) in rows {
      for (otherRow, other) in rows {
        let expected = (row - otherRow).signum()
        #expect(Self.compare(text, other) == expected, "\(text) against \(other)")
      }
    }
  }

  @Test("are equal exactly where their values are")
  func equality() {
    #expect(Self.withToken("1") { one in Self.withToken("10e-1") { one == $0 } })
    #expect(!Self.withToken("1") { one in Self.withToken("1.0000000000000000001") { one == $0 } })
  }

  @Test(
    "are whole however large, and however they are written",
    arguments: [
      ("0", true), ("-0.0", true), ("1.0", true), ("1e2", true), ("1.5e1", true), ("1e400", true),
      ("12.50e1", true), ("12.5", false), ("1e-1", false), ("0e-5", true), ("100e-2", true),
      ("100e-3", false), ("1e99999999999999999999", true), ("1e-99999999999999999999", false),
    ])
  func whole(text: String, expected: Bool) {
    #expect(Self.withToken(text) { $0.isWhole } == expected)
  }

  @Test(
    "fit 64 bits or do not, to the last one",
    arguments: [
      ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
      ("9223372036854775808", nil), ("-9223372036854775809", nil), ("18446744073709551616", nil),
      ("92233720368547758070e-1", Int64.max), ("1e18", 1_000_000_000_000_000_000), ("1e19", nil),
      ("99999999999999999999", nil), ("0.5", nil), ("-0", 0), ("0e99999999999999999999", 0),
      ("123456789012345678.0", 123_456_789_012_345_678), ("1e99999999999999999999", nil),
    ] as [(String, Int64?)])
  func integers(text: String, expected: Int64?) {
    #expect(Self.withToken(text) { $0.integer } == expected)
  }

  // MARK: Multiples

  @Test(
    "are multiples exactly",
    arguments: [
      ("12391239123", "1e-8", true), ("0.0075", "0.0001", true), ("0.00751", "0.0001", false),
      ("1e308", "0.123456789", false), ("1e1000000000", "2", true), ("1e1000000000", "3", false),
      ("1e99999999999999999999", "1024", true), ("1e99999999999999999999", "7", false),
      ("1e-99999999999999999999", "1", false), ("1", "1e-99999999999999999999", true),
      ("0", "5", true), ("0.0", "1e-400", true), ("0", "0", false), ("5", "0.0", false),
      ("4.5", "1.5", true), ("35", "1.5", false), ("-21", "7", true), ("21", "-7", true),
      ("1.1", "0.1", true), ("19.99", "0.01", true), ("0.3", "0.1", true), ("10", "100", false),
      ("100", "10", true), ("5", "10", false), ("1e2", "8", false), ("1e3", "8", true),
      ("3e60", "1152921504606846976", true), ("3e59", "1152921504606846976", false),
      ("1e1000000000", "1267650600228229401496703205376", true),
      ("1e99", "1267650600228229401496703205376", false),
      ("1e100", "1267650600228229401496703205376", true),
      ("1e1000000000", "1267650600228229401496703205377", false),
      (
        "121932631356500531591068431581771069347203169112635269", "123456789123456789123456789",
        true
      ),
      (
        "121932631356500531591068431581771069347203169112635268", "123456789123456789123456789",
        false
      ),
      ("123456789123456789123456788", "123456789123456789123456789", false),
    ])
  func multiples(dividend: String, divisor: String, expected: Bool) {
    #expect(Self.isMultiple(dividend, divisor) == expected)
  }

  // MARK: Against integer arithmetic

  /// A number, written in one of its many ways.
  private static func spelling(
    _ value: Int128, _ generator: inout SeededGenerator, scale: Int
  ) -> String {
    let shift = Int.random(in: 0...3, using: &generator)
    let digits = String(value) + String(repeating: "0", count: shift)
    if Bool.random(using: &generator) { return "\(digits)e\(scale - shift)" }
    return "\(digits).\(String(repeating: "0", count: shift + 1))E\(scale - shift)"
  }

  private static func value(_ generator: inout SeededGenerator) -> Int128 {
    let bits = Int.random(in: 1...110, using: &generator)
    let value = Int128(generator.next()) << 64 | Int128(generator.next())
    return value % (1 << bits)
  }

  @Test("compare as 128-bit integers do", arguments: 1...4)
  func comparesAsIntegers(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<2000 {
      let first = Self.value(&generator)
      let second =
        Bool.random(using: &generator)
        ? Self.value(&generator) : first + Int128.random(in: -1...1, using: &generator)
      let scale = Int.random(in: -400...400, using: &generator)
      let verdict = Self.compare(
        Self.spelling(first, &generator, scale: scale),
        Self.spelling(second, &generator, scale: scale))
      #expect(verdict == (first < second ? -1 : first > second ? 1 : 0), "\(first) \(second)")
    }
  }

  @Test("divide as 128-bit integers do, with short and long divisors", arguments: 1...4)
  func dividesAsIntegers(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var counts = (multiples: 0, others: 0)
    for _ in 0..<3000 {
      let divisor = Self.value(&generator)
      if divisor == 0 { continue }
      var dividend = Self.value(&generator)
      if Bool.random(using: &generator) {
        let factor = Int128.random(in: -1_000_000...1_000_000, using: &generator)
        let (product, isTooLarge) = divisor.multipliedReportingOverflow(by: factor)
        if !isTooLarge { dividend = product }
      }
      let scale = Int.random(in: -400...400, using: &generator)
      let verdict = Self.isMultiple(
        Self.spelling(dividend, &generator, scale: scale),
        Self.spelling(divisor, &generator, scale: scale))
      #expect(verdict == (dividend % divisor == 0), "\(dividend) \(divisor)")
      if verdict { counts.multiples += 1 } else { counts.others += 1 }
    }
    #expect(counts.multiples > 500 && counts.others > 500)
  }

  /// Schoolbook product of two runs of digits.
  private static func product(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
    var out = [Int](repeating: 0, count: first.count + second.count)
    for (row, digit) in first.reversed().enumerated() {
      for (column, other) in second.reversed().enumerated() {
        out[row + column] += Int(digit) * Int(other)
      }
      for place in 0..<out.count - 1 where out[place] > 9 {
        out[place + 1] += out[place] / 10
        out[place] %= 10
      }
    }
    return out.reversed().map { UInt8($0) }.drop { $0 == 0 }.map(\.self)
  }

  @Test("of hundreds of digits divide exactly, whatever digits they have", arguments: 1...4)
  func longDivision(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    // Few different digits, so that the estimates of long division miss as often as they can.
    let alphabets: [[UInt8]] = [[0, 1, 9], [0, 9], [4, 5, 0], Array(0...9)]
    func digits(_ count: Int) -> [UInt8] {
      let alphabet = alphabets.randomElement(using: &generator) ?? [1]
      return [UInt8.random(in: 1...9, using: &generator)]
        + (1..<count).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
    }
    func text(_ digits: [UInt8]) -> String { digits.map(String.init).joined() }
    for _ in 0..<60 {
      let divisor = digits(Int.random(in: 19...120, using: &generator))
      let factor = digits(Int.random(in: 1...120, using: &generator))
      var dividend = Self.product(divisor, factor)
      #expect(Self.isMultiple(text(dividend), text(divisor)))
      // A different last digit is off by less than ten, which no such divisor divides.
      dividend[dividend.count - 1] ^= 1
      #expect(!Self.isMultiple(text(dividend), text(divisor)))
    }
  }
}
