/// A JSON number's text, judged exactly: no rounding decides what is whole or within bounds.
///
/// Nothing here allocates but ``double``, and the division by a number of more than 18 digits.
struct DecimalToken {
  private let text: UnsafeBufferPointer<UInt8>

  /// `text` has the shape of a JSON number; the parser has seen to that.
  init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

  /// 2^53−1, the largest magnitude that every JSON reader keeps exact.
  static let safeLimit: UInt64 = 9_007_199_254_740_991

  /// Digits, sign and scale, found in one pass.
  var parts: DecimalParts { DecimalParts(text) }

  /// The value when it is whole and fits 64 bits: `1.0` and `1e2` are whole, as in JSON Schema.
  var integer: Int64? {
    if let short = shortInteger { return short }
    let parts = parts
    guard let magnitude = parts.magnitude else { return nil }
    if parts.isNegative {
      return magnitude <= UInt64(Int64.max) + 1 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
    }
    return Int64(exactly: magnitude)
  }

  /// Whether the value is whole, however large: what JSON Schema calls an integer.
  var isWhole: Bool { shortInteger != nil || parts.isWhole }

  /// Plain digits of at most 18 bytes cannot overflow; anything else is left to the long way.
  var shortInteger: Int64? {
    guard text.count <= 18 else { return nil }
    var value: Int64 = 0
    var isNegative = false
    for byte in text {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        value = value &* 10 &+ Int64(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "-"): isNegative = true
      default: return nil
      }
    }
    return isNegative ? -value : value
  }

  /// The nearest double, or nil beyond its range.
  var double: Double? {
    guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else {
      return nil
    }
    return value
  }

  /// Whether the value lies within ±(2^53−1).
  var isSafe: Bool {
    if text.count <= 15, shortInteger != nil { return true }
    let parts = parts
    if parts.isZero || parts.point < 16 { return true }
    if parts.point > 16 { return false }
    let whole = parts.number(ofDigits: 16)
    return parts.count > 16 ? whole < Self.safeLimit : whole <= Self.safeLimit
  }
}
