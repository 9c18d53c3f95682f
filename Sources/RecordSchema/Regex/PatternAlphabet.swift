/// The code points parted into classes that a program cannot tell apart.
struct PatternAlphabet {
  /// Words of bits that may be compared to part them.
  static let workLimit = 1_000_000

  /// Where each run of one class starts; the first is 0, and they ascend.
  private(set) var starts: [UInt32] = []
  /// The class of each run.
  private(set) var classes: [Int] = []
  /// For each class, the sets that its members belong to: 64 of them in a word.
  private(set) var memberships: [[UInt64]] = []
  /// For each class, what its members are beside a `\b`.
  private(set) var edges: [PatternEdge] = []

  var count: Int { memberships.count }

  /// Nil when there are too many sets and ranges.
  init?(_ program: PatternProgram) {
    let splitsWords = program.holds(.wordBoundary, .noWordBoundary)
    // The words' set comes last, if at all.
    let sets = program.sets + (splitsWords ? [.word] : [])
    var cuts: [(scalar: UInt32, set: Int)] = [(0, -1)]
    for (place, set) in sets.enumerated() {
      for range in set.ranges {
        cuts.append((range.first, place))
        if range.last < ScalarSet.largest { cuts.append((range.last + 1, place)) }
      }
    }
    let words = (sets.count + 63) / 64
    guard cuts.count * (words + 1) <= Self.workLimit else { return nil }
    cuts.sort { $0.scalar < $1.scalar }
    var known: [[UInt64]: Int] = [:]
    var present = [UInt64](repeating: 0, count: words)
    for (index, cut) in cuts.enumerated() {
      // Sets do not overlap themselves: a cut is where one starts or ends.
      if cut.set >= 0 { present[cut.set / 64] ^= 1 << UInt64(cut.set % 64) }
      if index + 1 < cuts.count, cuts[index + 1].scalar == cut.scalar { continue }
      let place = known[present] ?? memberships.count
      if place == memberships.count {
        known[present] = place
        memberships.append(present)
        let isWord = splitsWords && present[words - 1] >> UInt64((sets.count - 1) % 64) & 1 == 1
        edges.append(isWord ? .wordCharacter : .otherCharacter)
      }
      if classes.last == place { continue }
      starts.append(cut.scalar)
      classes.append(place)
    }
  }

  func contains(set: Int, member: Int) -> Bool {
    memberships[member][set / 64] >> UInt64(set % 64) & 1 == 1
  }

  /// The run that holds a code point.
  func run(of scalar: UInt32) -> Int {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= scalar { low = middle } else { high = middle }
    }
    return low
  }

  /// The one class of a range; nil if it holds several.
  func uniform(_ first: UInt32, _ last: UInt32) -> Int? {
    let run = run(of: first)
    return run + 1 == starts.count || starts[run + 1] > last ? classes[run] : nil
  }
}
