/// A pattern's syntax tree, built bottom up in one array, so that neither building nor freeing it
/// recurses. What groups capture is of no use here: a group is its content.
struct PatternTree {
  enum Assertion: UInt8 { case start, end, wordBoundary, noWordBoundary }

  enum Node {
    /// One character out of a set, by its place in `sets`.
    case set(Int)
    case assertion(Assertion)
    case sequence([Int])
    case alternatives([Int])
    /// `most` is nil where there is no bound.
    case repetition(Int, least: Int, most: Int?)
  }

  private struct Frame {
    var branches: [Int] = []
    var terms: [Int] = []
  }

  /// Counts in quantifiers are cut to this, far above what any limit lets pass.
  static let largestCount = 1 << 24

  private(set) var nodes: [Node] = []
  /// Of each node: whether it can do anything but match the empty text.
  private(set) var isActive: [Bool] = []
  private(set) var sets: [ScalarSet] = []
  private var places: [ScalarSet: Int] = [:]
  private var frames = [Frame()]

  /// Groups that are open.
  var depth: Int { frames.count - 1 }

  mutating func set(_ set: ScalarSet) {
    let place = places[set] ?? sets.count
    if place == sets.count {
      sets.append(set)
      places[set] = place
    }
    append(.set(place), active: true)
  }

  mutating func assertion(_ kind: Assertion) { append(.assertion(kind), active: true) }

  mutating func openGroup() { frames.append(Frame()) }

  mutating func nextBranch() {
    let branch = sequence(takeTerms())
    frames[frames.count - 1].branches.append(branch)
  }

  /// Ends the innermost group, which becomes the last term of what surrounds it.
  mutating func closeGroup() {
    let node = takeFrame()
    frames[frames.count - 1].terms.append(node)
  }

  /// Repeats the last term.
  mutating func repeatLast(least: Int, most: Int?) {
    guard let body = frames[frames.count - 1].terms.popLast() else { return }
    append(.repetition(body, least: least, most: most), active: isActive[body] && most != 0)
  }

  /// The whole tree's root; no group may be open.
  mutating func finish() -> Int { takeFrame() }

  private mutating func takeFrame() -> Int {
    let terms = takeTerms()
    let last = sequence(terms)
    let frame = frames.removeLast()
    if frame.branches.isEmpty { return last }
    let branches = frame.branches + [last]
    return add(.alternatives(branches), active: branches.contains { isActive[$0] })
  }

  private mutating func takeTerms() -> [Int] {
    let terms = frames[frames.count - 1].terms
    frames[frames.count - 1].terms = []
    return terms
  }

  private mutating func sequence(_ terms: [Int]) -> Int {
    if terms.count == 1 { return terms[0] }
    return add(.sequence(terms), active: terms.contains { isActive[$0] })
  }

  private mutating func append(_ node: Node, active: Bool) {
    let place = add(node, active: active)
    frames[frames.count - 1].terms.append(place)
  }

  private mutating func add(_ node: Node, active: Bool) -> Int {
    nodes.append(node)
    isActive.append(active)
    return nodes.count - 1
  }
}
