/// Code points from `first` to `last`, both included.
struct ScalarRange: Hashable, Sendable {
  var first: UInt32
  var last: UInt32

  init(_ first: UInt32, _ last: UInt32) {
    self.first = first
    self.last = last
  }
}

/// A set of code points as ranges that ascend, do not overlap and do not touch: equal sets are
/// equal values. Surrogates may be members, although no well-formed text holds one.
struct ScalarSet: Hashable, Sendable {
  static let largest: UInt32 = 0x10FFFF

  private(set) var ranges: [ScalarRange]

  static let empty = ScalarSet([])
  static let all = ScalarSet([ScalarRange(0, largest)])
  static let digits = ScalarSet([ScalarRange(0x30, 0x39)])
  static let word = ScalarSet([
    ScalarRange(0x30, 0x39), ScalarRange(0x41, 0x5A), ScalarRange(0x5F, 0x5F),
    ScalarRange(0x61, 0x7A),
  ])
  /// ECMA-262's WhiteSpace and LineTerminator: TAB, LF, VT, FF, CR, Zs, the separators, U+FEFF.
  static let space = ScalarSet([
    ScalarRange(0x09, 0x0D), ScalarRange(0x20, 0x20), ScalarRange(0xA0, 0xA0),
    ScalarRange(0x1680, 0x1680), ScalarRange(0x2000, 0x200A), ScalarRange(0x2028, 0x2029),
    ScalarRange(0x202F, 0x202F), ScalarRange(0x205F, 0x205F), ScalarRange(0x3000, 0x3000),
    ScalarRange(0xFEFF, 0xFEFF),
  ])
  static let lineTerminators = ScalarSet([
    ScalarRange(0x0A, 0x0A), ScalarRange(0x0D, 0x0D), ScalarRange(0x2028, 0x2029),
  ])

  /// The union of ranges in any order.
  init(_ unordered: [ScalarRange]) {
    let sorted = unordered.sorted { $0.first < $1.first }
    ranges = []
    ranges.reserveCapacity(sorted.count)
    for range in sorted {
      if let last = ranges.last, range.first <= last.last &+ 1 {
        ranges[ranges.count - 1].last = max(last.last, range.last)
      } else {
        ranges.append(range)
      }
    }
  }

  init(_ scalar: UInt32) { ranges = [ScalarRange(scalar, scalar)] }

  var isEmpty: Bool { ranges.isEmpty }

  var inverted: ScalarSet {
    var gaps: [ScalarRange] = []
    var next: UInt32 = 0
    for range in ranges {
      if range.first > next { gaps.append(ScalarRange(next, range.first - 1)) }
      next = range.last + 1
    }
    if next <= Self.largest { gaps.append(ScalarRange(next, Self.largest)) }
    return ScalarSet(gaps)
  }

  func contains(_ scalar: UInt32) -> Bool {
    ranges.withUnsafeBufferPointer { Self.contains(scalar, in: $0) }
  }

  /// Binary search in ascending ranges.
  @inline(__always)
  static func contains(_ scalar: UInt32, in ranges: UnsafeBufferPointer<ScalarRange>) -> Bool {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low &+ high) >> 1
      if ranges[middle].last < scalar { low = middle &+ 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].first <= scalar
  }
}
