/// Comparing and dividing numbers as they are written, exactly: no size and no exponent makes
/// either of them round, overflow or take long.
extension DecimalToken {
  /// −1, 0 or 1 as the first is smaller than, equal to or larger than the second.
  static func compare(_ first: DecimalToken, _ second: DecimalToken) -> Int {
    if let short = first.shortInteger, let other = second.shortInteger {
      return short == other ? 0 : short < other ? -1 : 1
    }
    let (first, second) = (first.parts, second.parts)
    if first.isZero || second.isZero { return first.sign - second.sign }
    if first.isNegative != second.isNegative { return first.sign }
    return first.sign * first.compareMagnitude(second)
  }

  /// Whether both have one value: `1`, `1.0` and `10e-1` do.
  static func == (first: DecimalToken, second: DecimalToken) -> Bool {
    compare(first, second) == 0
  }

  /// Whether the value is a whole number of times the divisor's. Of zero nothing is a multiple;
  /// signs do not matter.
  ///
  /// The time is that of reading both for divisors of up to 18 digits; beyond, it grows with the
  /// product of their lengths.
  func isMultiple(of divisor: DecimalToken) -> Bool {
    let (dividend, divisor) = (parts, divisor.parts)
    if divisor.isZero { return false }
    if dividend.isZero { return true }
    // Both are whole numbers not ending in 0, times powers of ten. If the divisor has the higher
    // power, ten would have to divide the dividend's digits, which it does not.
    let zeros = dividend.scaleOfLastDigit(over: divisor)
    if zeros < 0 { return false }
    // More zeros than the divisor's digits could hold factors of two change nothing.
    let usefulZeros = min(zeros, divisor.count * 4)
    if divisor.count > 18 {
      return DecimalDivision.leavesNoRemainder(dividend, zeros: usefulZeros, by: divisor)
    }
    let modulus = divisor.number(ofDigits: divisor.count)
    if modulus == 1 { return true }
    var remainder: UInt64 = 0
    for place in 0..<dividend.count {
      // Below 10^19, so it cannot overflow.
      remainder = (remainder &* 10 &+ dividend.digit(place)) % modulus
    }
    for _ in 0..<usefulZeros { remainder = remainder &* 10 % modulus }
    return remainder == 0
  }
}

extension DecimalParts {
  /// −1, 0 or 1.
  fileprivate var sign: Int { isZero ? 0 : isNegative ? -1 : 1 }
}
