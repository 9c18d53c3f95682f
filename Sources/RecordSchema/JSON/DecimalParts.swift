/// A JSON number taken apart where it stands: its significant digits (neither leading nor
/// trailing zeros) and their scale. The value is ±0.d₁d₂…dₙ × 10^point; no digits means zero.
struct DecimalParts {
  private let text: UnsafeBufferPointer<UInt8>
  private(set) var isNegative = false
  /// Significant digits; 0 for zero.
  private(set) var count = 0
  /// Where the first significant digit stands.
  private var first = 0
  /// Where the decimal point stands, or would.
  private var dot = 0
  private var exponent: Exponent

  var isZero: Bool { count == 0 }

  init(_ text: UnsafeBufferPointer<UInt8>) {
    self.text = text
    self.exponent = Exponent(text, from: text.count)
    isNegative = text.first == UInt8(ascii: "-")
    var index = isNegative ? 1 : 0
    var leading: Int?
    var trailing = 0
    var point: Int?
    scan: while index < text.count {
      switch text[index] {
      case UInt8(ascii: "0"): break
      case UInt8(ascii: "1")...UInt8(ascii: "9"):
        if leading == nil { leading = index }
        trailing = index
      case UInt8(ascii: "."): point = index
      default:
        exponent = Exponent(text, from: index + 1)
        break scan
      }
      index += 1
    }
    dot = point ?? index
    guard let leading else { return }
    first = leading
    count = trailing + 1 - leading - (leading < dot && dot < trailing ? 1 : 0)
  }

  /// One significant digit, zero beyond the last.
  @inline(__always)
  func digit(_ place: Int) -> UInt64 {
    guard place < count else { return 0 }
    let index = first + place
    return UInt64(text[first < dot && index >= dot ? index + 1 : index] & 0x0F)
  }

  /// The whole number that the first digits make, zeros filled in; at most 19 of them.
  func number(ofDigits length: Int) -> UInt64 {
    var value: UInt64 = 0
    for place in 0..<length { value = value &* 10 &+ digit(place) }
    return value
  }

  /// The decimal point's place without the exponent. Smaller than any document in magnitude.
  private var offset: Int { first < dot ? dot - first : dot + 1 - first }

  /// The decimal point's place, exact up to ±``Exponent/limit`` and beyond that still beyond.
  var point: Int { offset + exponent.value }

  var isWhole: Bool { isZero || point >= count }

  /// The magnitude when whole and below 2^64.
  var magnitude: UInt64? {
    guard isWhole else { return nil }
    guard !isZero, point <= 19 else { return isZero ? 0 : largeMagnitude }
    return number(ofDigits: point)
  }

  private var largeMagnitude: UInt64? {
    guard point == 20 else { return nil }
    let (tenfold, isTooLarge) = number(ofDigits: 19).multipliedReportingOverflow(by: 10)
    let (sum, hasCarried) = tenfold.addingReportingOverflow(digit(19))
    return isTooLarge || hasCarried ? nil : sum
  }

  // MARK: Against another

  /// Which magnitude is larger, as −1, 0 or 1; neither may be zero.
  func compareMagnitude(_ other: DecimalParts) -> Int {
    let scale = offset - other.offset + exponent.minus(other.exponent)
    if scale != 0 { return scale < 0 ? -1 : 1 }
    for place in 0..<min(count, other.count) where digit(place) != other.digit(place) {
      return digit(place) < other.digit(place) ? -1 : 1
    }
    return (count - other.count).signum()
  }

  /// By how many powers of ten the last digit of this one stands for more than that of another;
  /// exact up to ±``Exponent/limit`` and beyond that still beyond.
  func scaleOfLastDigit(over other: DecimalParts) -> Int {
    (offset - count) - (other.offset - other.count) + exponent.minus(other.exponent)
  }
}

extension DecimalParts {
  /// The digits behind an `e`. They may be as many as the document has bytes, so a difference
  /// of two is found digit by digit, as far as it can matter.
  private struct Exponent {
    private let digits: Slice<UnsafeBufferPointer<UInt8>>
    private let isNegative: Bool
    /// The value, held to ±``limit``.
    let value: Int

    /// Far beyond any document's length, and far within an `Int`.
    static var limit: Int { 1_000_000_000_000_000 }

    init(_ text: UnsafeBufferPointer<UInt8>, from start: Int) {
      var start = start
      var isNegative = false
      if start < text.count, text[start] == UInt8(ascii: "-") || text[start] == UInt8(ascii: "+") {
        isNegative = text[start] == UInt8(ascii: "-")
        start += 1
      }
      var value = 0
      for index in start..<max(start, text.count) where value < Self.limit {
        value = value * 10 + Int(text[index] & 0x0F)
      }
      value = min(value, Self.limit)
      self.digits = text[min(start, text.count)...]
      self.isNegative = isNegative
      self.value = isNegative ? -value : value
    }

    /// The difference, exact up to ±``limit`` and beyond that still beyond.
    func minus(_ other: Exponent) -> Int {
      if abs(value) < Self.limit, abs(other.value) < Self.limit { return value - other.value }
      let length = max(digits.count, other.digits.count)
      var difference = 0
      for place in stride(from: length, to: 0, by: -1) {
        difference = difference * 10 + digit(place) - other.digit(place)
        // What follows can no longer bring it back: 10x − 18 > x.
        if abs(difference) > Self.limit { break }
      }
      return difference
    }

    /// The signed digit at a place counted from the end, which is place 1.
    private func digit(_ place: Int) -> Int {
      guard place <= digits.count else { return 0 }
      let digit = Int(digits[digits.endIndex - place] & 0x0F)
      return isNegative ? -digit : digit
    }
  }
}
