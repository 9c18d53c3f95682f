/// Punycode, RFC 3492, with the parameters of IDNA. Basic code points are lower case throughout.
enum Punycode {
  private static let base = 36
  private static let leastThreshold = 1
  private static let greatestThreshold = 26
  private static let skew = 38
  private static let damp = 700
  private static let initialBias = 72
  private static let initialScalar = 128
  private static let delimiter: UInt32 = 0x2D

  private static func adapt(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
    var delta = isFirst ? delta / damp : delta / 2
    delta += delta / count
    var bias = 0
    while delta > (base - leastThreshold) * greatestThreshold / 2 {
      delta /= base - leastThreshold
      bias += base
    }
    return bias + (base - leastThreshold + 1) * delta / (delta + skew)
  }

  private static func threshold(_ place: Int, _ bias: Int) -> Int {
    min(max(place - bias, leastThreshold), greatestThreshold)
  }

  /// The scalars that a text stands for; nil where it is none of Punycode. Its length is a label's,
  /// at most 63.
  static func decode(_ text: ArraySlice<UInt32>) -> [UInt32]? {
    var scalars: [UInt32] = []
    var rest = text
    if let last = text.lastIndex(of: delimiter) {
      scalars = Array(text[..<last])
      rest = text[(last + 1)...]
    }
    var scalar = initialScalar
    var position = 0
    var bias = initialBias
    while !rest.isEmpty {
      guard let delta = decodeNumber(&rest, bias: bias) else { return nil }
      let count = scalars.count + 1
      bias = adapt(delta, count, isFirst: position == 0 && scalar == initialScalar)
      position += delta
      scalar += position / count
      guard scalar <= 0x10FFFF else { return nil }
      scalars.insert(UInt32(scalar), at: position % count)
      position = position % count + 1
    }
    return scalars
  }

  /// One generalised variable-length integer; nil where it is cut short or beyond any label.
  private static func decodeNumber(_ text: inout ArraySlice<UInt32>, bias: Int) -> Int? {
    var number = 0
    var weight = 1
    var place = base
    while let byte = text.popFirst() {
      let digit: Int
      switch byte {
      case 0x61...0x7A: digit = Int(byte - 0x61)
      case 0x30...0x39: digit = Int(byte - 0x30) + 26
      default: return nil
      }
      let (product, isTooLarge) = digit.multipliedReportingOverflow(by: weight)
      // Below 2³¹ nothing that follows can overflow, and no label of 63 octets needs more.
      guard !isTooLarge, product < 1 << 31, number + product < 1 << 31 else { return nil }
      number += product
      let threshold = threshold(place, bias)
      if digit < threshold { return number }
      guard weight < 1 << 31 else { return nil }
      weight *= base - threshold
      place += base
    }
    return nil
  }

  /// The text that stands for some scalars, at most 63 of them.
  static func encode(_ scalars: [UInt32]) -> [UInt32] {
    var text = scalars.filter { $0 < 0x80 }
    let basicCount = text.count
    if basicCount > 0 { text.append(delimiter) }
    var handled = basicCount
    var scalar = UInt32(initialScalar)
    var delta = 0
    var bias = initialBias
    while let next = scalars.lazy.filter({ $0 >= scalar }).min() {
      delta += Int(next - scalar) * (handled + 1)
      for other in scalars {
        if other < next { delta += 1 }
        guard other == next else { continue }
        encodeNumber(delta, bias: bias, into: &text)
        bias = adapt(delta, handled + 1, isFirst: handled == basicCount)
        delta = 0
        handled += 1
      }
      delta += 1
      scalar = next + 1
    }
    return text
  }

  private static func encodeNumber(_ number: Int, bias: Int, into text: inout [UInt32]) {
    var rest = number
    var place = base
    while true {
      let threshold = threshold(place, bias)
      let isLast = rest < threshold
      let digit = isLast ? rest : threshold + (rest - threshold) % (base - threshold)
      text.append(UInt32(digit < 26 ? digit + 0x61 : digit - 26 + 0x30))
      if isLast { return }
      rest = (rest - threshold) / (base - threshold)
      place += base
    }
  }
}
