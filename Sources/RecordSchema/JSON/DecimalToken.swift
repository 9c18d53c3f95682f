/// A JSON number's text, judged exactly: no rounding decides what is whole or within bounds.
struct DecimalToken {
  private let text: UnsafeBufferPointer<UInt8>

  /// `text` has the shape of a JSON number; the parser has seen to that.
  init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

  /// 2^53−1, the largest magnitude that every JSON reader keeps exact.
  static let safeLimit: UInt64 = 9_007_199_254_740_991

  /// Significant digits (no leading or trailing zeros) and the place of the decimal point:
  /// the value is ±0.d₁d₂… × 10^point. No digits means zero.
  private struct Parts {
    var isNegative = false
    var digits: [UInt8] = []
    var point = 0
  }

  private var parts: Parts {
    var parts = Parts()
    var exponent = 0
    var seenPoint = false
    var index = 0
    scan: while index < text.count {
      let byte = text[index]
      index += 1
      switch byte {
      case UInt8(ascii: "-"): parts.isNegative = true
      case UInt8(ascii: "."): seenPoint = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        if parts.digits.isEmpty && byte == UInt8(ascii: "0") {
          if seenPoint { parts.point -= 1 }
        } else {
          parts.digits.append(byte - UInt8(ascii: "0"))
          if !seenPoint { parts.point += 1 }
        }
      default:
        exponent = Self.exponent(text[index...])
        break scan
      }
    }
    while parts.digits.last == 0 { parts.digits.removeLast() }
    if parts.digits.isEmpty { parts.point = 0 } else { parts.point += exponent }
    return parts
  }

  /// Saturates at a billion, far beyond any document's length.
  private static func exponent(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    var value = 0
    var isNegative = false
    for byte in text {
      switch byte {
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "+"): break
      default: value = min(value * 10 + Int(byte - UInt8(ascii: "0")), 1_000_000_000)
      }
    }
    return isNegative ? -value : value
  }

  /// The magnitude when whole and below 2^64.
  private static func magnitude(_ parts: Parts) -> UInt64? {
    guard parts.point <= 20, parts.digits.count <= max(parts.point, 0) else {
      return parts.digits.isEmpty ? 0 : nil
    }
    var value: UInt64 = 0
    for place in 0..<parts.point {
      let digit = place < parts.digits.count ? parts.digits[place] : 0
      let (tenfold, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, carried) = tenfold.addingReportingOverflow(UInt64(digit))
      if tooLarge || carried { return nil }
      value = sum
    }
    return value
  }

  /// The value when it is whole and fits 64 bits: `1.0` and `1e2` are whole, as in JSON Schema.
  var integer: Int64? {
    if text.count <= 18, let short = shortInteger { return short }
    let parts = parts
    guard let magnitude = Self.magnitude(parts) else { return nil }
    if parts.isNegative {
      return magnitude <= UInt64(Int64.max) + 1 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
    }
    return Int64(exactly: magnitude)
  }

  /// Plain digits of at most 18 bytes cannot overflow; anything else is left to the long way.
  private var shortInteger: Int64? {
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
    var parts = parts
    if parts.point < 16 { return true }
    if parts.point > 16 { return false }
    let hasFraction = parts.digits.count > 16
    parts.digits = Array(parts.digits.prefix(16))
    guard let whole = Self.magnitude(parts) else { return false }
    return hasFraction ? whole < Self.safeLimit : whole <= Self.safeLimit
  }
}
