/// Normalisation form C (Unicode Standard Annex 15), decided on scalars with pinned tables.
///
/// The fast path is `quickClass`: text all of whose scalars have class 0 is in NFC. Only when
/// another class turns up is the text decomposed, reordered and composed again.
enum NFC {
  /// 0: a starter that NFC leaves alone. Otherwise `no`, or combining class with `maybe`.
  typealias QuickClass = UInt16

  static let no: QuickClass = 0x200
  static let maybe: QuickClass = 0x100

  private struct Run {
    let first: UInt32
    let last: UInt32
    let quickClass: QuickClass
  }

  private static let runs: [Run] = parse(NFCTables.classes).map {
    Run(first: $0.0, last: $0.0 + $0.1, quickClass: QuickClass($0.2))
  }

  private static let decompositions: [UInt32: (UInt32, UInt32)] = Dictionary(
    uniqueKeysWithValues: parse(NFCTables.compositions).map { ($0.0, ($0.1, $0.2)) })

  private static let compositions: [UInt64: UInt32] = Dictionary(
    uniqueKeysWithValues: parse(NFCTables.compositions).map { (pairKey($0.1, $0.2), $0.0) })

  /// The class of one scalar, by binary search.
  static func quickClass(_ scalar: UInt32) -> QuickClass {
    guard scalar >= 0x300 else { return 0 }
    return runs.withUnsafeBufferPointer { runs in
      var low = 0
      var high = runs.count
      while low < high {
        let middle = (low + high) / 2
        if runs[middle].last < scalar { low = middle + 1 } else { high = middle }
      }
      guard low < runs.count, runs[low].first <= scalar else { return 0 }
      return runs[low].quickClass
    }
  }

  /// Whether the scalars are in normalisation form C. Linear but for the sorting of runs of
  /// combining marks.
  static func isNormalized(_ scalars: [UInt32]) -> Bool {
    var quick = true
    for scalar in scalars {
      let quickClass = quickClass(scalar)
      if quickClass & no != 0 { return false }
      if quickClass != 0 { quick = false }
    }
    if quick { return true }
    var decomposed: [UInt32] = []
    decomposed.reserveCapacity(scalars.count * 2)
    for scalar in scalars { decompose(scalar, into: &decomposed) }
    reorder(&decomposed)
    return compose(decomposed) == scalars
  }

  private static func combiningClass(_ scalar: UInt32) -> UInt8 {
    UInt8(truncatingIfNeeded: quickClass(scalar))
  }

  private static func pairKey(_ first: UInt32, _ second: UInt32) -> UInt64 {
    UInt64(first) << 32 | UInt64(second)
  }

  // MARK: Decompose, reorder, compose

  private enum Hangul {
    static let syllables: ClosedRange<UInt32> = 0xAC00...0xD7A3
    static let leading: ClosedRange<UInt32> = 0x1100...0x1112
    static let vowels: ClosedRange<UInt32> = 0x1161...0x1175
    static let trailing: ClosedRange<UInt32> = 0x11A8...0x11C2
    static let trailingCount: UInt32 = 28
    static let perLeading: UInt32 = 588
  }

  /// The deepest canonical decomposition has four steps, so the recursion is bounded.
  private static func decompose(_ scalar: UInt32, into out: inout [UInt32]) {
    if Hangul.syllables.contains(scalar) {
      let index = scalar - Hangul.syllables.lowerBound
      out.append(Hangul.leading.lowerBound + index / Hangul.perLeading)
      out.append(
        Hangul.vowels.lowerBound + index % Hangul.perLeading / Hangul.trailingCount)
      let trailing = index % Hangul.trailingCount
      if trailing != 0 { out.append(Hangul.trailing.lowerBound - 1 + trailing) }
    } else if scalar >= 0xC0, let (first, second) = decompositions[scalar] {
      decompose(first, into: &out)
      out.append(second)
    } else {
      out.append(scalar)
    }
  }

  /// Sorts each run of combining marks by class, keeping the order of equals.
  private static func reorder(_ scalars: inout [UInt32]) {
    var index = 0
    while index < scalars.count {
      guard combiningClass(scalars[index]) != 0 else {
        index += 1
        continue
      }
      var end = index
      var marks: [(class: UInt8, position: Int, scalar: UInt32)] = []
      while end < scalars.count {
        let markClass = combiningClass(scalars[end])
        guard markClass != 0 else { break }
        marks.append((markClass, end, scalars[end]))
        end += 1
      }
      marks.sort { ($0.class, $0.position) < ($1.class, $1.position) }
      for (offset, mark) in marks.enumerated() { scalars[index + offset] = mark.scalar }
      index = end
    }
  }

  private static func compose(_ scalars: [UInt32]) -> [UInt32] {
    var out: [UInt32] = []
    out.reserveCapacity(scalars.count)
    var starter: Int?
    var lastClass: UInt8 = 0
    for scalar in scalars {
      let scalarClass = combiningClass(scalar)
      if let starter {
        // Blocked when something of an equal or higher class, or a starter, stands between.
        let adjacent = starter == out.count - 1
        if adjacent || lastClass < scalarClass && lastClass != 0,
          let composite = composite(out[starter], scalar)
        {
          out[starter] = composite
          continue
        }
      }
      if scalarClass == 0 { starter = out.count }
      lastClass = scalarClass
      out.append(scalar)
    }
    return out
  }

  private static func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if Hangul.leading.contains(first), Hangul.vowels.contains(second) {
      let leading = first - Hangul.leading.lowerBound
      let vowel = second - Hangul.vowels.lowerBound
      return Hangul.syllables.lowerBound + leading * Hangul.perLeading
        + vowel * Hangul.trailingCount
    }
    if Hangul.syllables.contains(first), Hangul.trailing.contains(second),
      (first - Hangul.syllables.lowerBound) % Hangul.trailingCount == 0
    {
      return first + second - Hangul.trailing.lowerBound + 1
    }
    return compositions[pairKey(first, second)]
  }

  // MARK: Reading the tables

  private static func parse(_ table: StaticString) -> [(UInt32, UInt32, UInt32)] {
    var out: [(UInt32, UInt32, UInt32)] = []
    var numbers: [UInt32] = []
    var number: UInt32?
    let bytes = UnsafeBufferPointer(start: table.utf8Start, count: table.utf8CodeUnitCount)
    for byte in Array(bytes) + [UInt8(ascii: "\n")] {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        number = (number ?? 0) << 4 | UInt32(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"):
        number = (number ?? 0) << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
      default:
        if let value = number { numbers.append(value) }
        number = nil
        if numbers.count == 3 {
          out.append((numbers[0], numbers[1], numbers[2]))
          numbers.removeAll(keepingCapacity: true)
        }
      }
    }
    return out
  }
}
