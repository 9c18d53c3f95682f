/// Long division in base 10^9 (Knuth, The Art of Computer Programming 4.3.1, algorithm D), kept
/// to the remainder: the dividend streams through, only the divisor and a remainder are held.
struct DecimalDivision {
  private static let base: UInt64 = 1_000_000_000
  private static let limbDigits = 9

  /// The divisor, most significant limb first, scaled so that its first limb is at least half
  /// the base: then an estimated quotient limb is at most two too large.
  private let divisor: [UInt64]
  private let scale: UInt64
  /// One limb longer than the divisor; below it, but for the limb that has just come in.
  private var remainder: [UInt64]

  /// Whether a whole number, with zeros appended, is a multiple of a whole number of at least
  /// ten digits; scales and signs are left out of account.
  static func leavesNoRemainder(
    _ dividend: DecimalParts, zeros: Int, by divisor: DecimalParts
  ) -> Bool {
    var division = DecimalDivision(divisor)
    division.take(dividend, length: dividend.count + zeros)
    return division.remainder.allSatisfy { $0 == 0 }
  }

  private init(_ divisor: DecimalParts) {
    var limbs: [UInt64] = []
    Self.forEachLimb(of: divisor, length: divisor.count) { limbs.append($0) }
    self.scale = Self.base / (limbs[0] + 1)
    // The scaled divisor has as many limbs as before.
    var carry: UInt64 = 0
    for index in limbs.indices.reversed() {
      let product = limbs[index] * scale + carry
      limbs[index] = product % Self.base
      carry = product / Self.base
    }
    self.divisor = limbs
    self.remainder = [UInt64](repeating: 0, count: limbs.count + 1)
  }

  /// The number's limbs, most significant first; the first may be short.
  private static func forEachLimb(
    of number: DecimalParts, length: Int, _ body: (UInt64) -> Void
  ) {
    var limb: UInt64 = 0
    for place in 0..<length {
      limb = limb * 10 + number.digit(place)
      if (length - place - 1) % limbDigits == 0 {
        body(limb)
        limb = 0
      }
    }
  }

  private mutating func take(_ dividend: DecimalParts, length: Int) {
    Self.forEachLimb(of: dividend, length: length) { limb in
      let product = limb * scale
      // The remainder is a multiple of the scale, below the divisor, and so is the divisor: what
      // is added here, less than the scale, leaves it below.
      addToLast(product / Self.base)
      bringDown(product % Self.base)
    }
  }

  private mutating func addToLast(_ amount: UInt64) {
    var index = divisor.count
    remainder[index] += amount
    while remainder[index] >= Self.base {
      remainder[index] -= Self.base
      index -= 1
      remainder[index] += 1
    }
  }

  /// One step: remainder × base + limb, less as many divisors as it holds.
  private mutating func bringDown(_ limb: UInt64) {
    let count = divisor.count
    for index in 0..<count { remainder[index] = remainder[index + 1] }
    remainder[count] = limb
    let quotient = estimate()
    if quotient == 0 { return }
    var borrow: UInt64 = 0
    for index in stride(from: count - 1, through: 0, by: -1) {
      let product = quotient * divisor[index] + borrow
      borrow = product / Self.base
      let part = product % Self.base
      if remainder[index + 1] < part {
        remainder[index + 1] += Self.base
        borrow += 1
      }
      remainder[index + 1] -= part
    }
    guard remainder[0] < borrow else {
      remainder[0] -= borrow
      return
    }
    // The estimate was one too large: the remainder went below zero by less than one divisor.
    remainder[0] += Self.base - borrow
    addBack()
  }

  /// Step D3: from two limbs of the divisor and three of the remainder, at most one too large.
  private func estimate() -> UInt64 {
    let top = remainder[0] * Self.base + remainder[1]
    var quotient = top / divisor[0]
    var rest = top % divisor[0]
    while quotient >= Self.base
      || quotient * divisor[1] > rest * Self.base + remainder[2]
    {
      quotient -= 1
      rest += divisor[0]
      if rest >= Self.base { break }
    }
    return quotient
  }

  private mutating func addBack() {
    var carry: UInt64 = 0
    for index in stride(from: divisor.count - 1, through: 0, by: -1) {
      let sum = remainder[index + 1] + divisor[index] + carry
      remainder[index + 1] = sum % Self.base
      carry = sum / Self.base
    }
    remainder[0] = (remainder[0] + carry) % Self.base
  }
}
