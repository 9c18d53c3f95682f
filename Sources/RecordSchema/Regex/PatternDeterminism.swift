/// Whether an engine that backtracks can be made slow by a pattern: see ``objection``.
///
/// A pattern is fine if it repeats without bound nowhere and has few ways through it, or if it
/// begins with `^` and is one-unambiguous: behind every character, at most one way leads on for
/// whatever character is next, and at most one way to the end. Ways are counted, not places they
/// lead to: in `(a+)+` every `a` leads back to itself in two ways, which is what makes it costly.
struct PatternDeterminism {
  /// Ways through a pattern of bounded length that an engine may have to try at each position.
  static let wayLimit = 10_000.0
  /// Ranges that are compared before judging is given up.
  static let workLimit = 250_000

  let tree: PatternTree
  let root: Int
  let program: PatternProgram

  /// Nil, or why a record schema may not use the pattern.
  var objection: PatternObjection? {
    let isBounded = !tree.nodes.indices.contains { isUnbounded($0) }
    if isBounded, ways(root) <= Self.wayLimit { return nil }
    let ambiguity = ambiguity()
    if program.isAnchored { return ambiguity }
    if let ambiguity, isBounded { return ambiguity }
    return PatternObjection(reason: .unanchored)
  }

  private func isUnbounded(_ node: Int) -> Bool {
    if case .repetition(let body, _, nil) = tree.nodes[node] { return tree.isActive[body] }
    return false
  }

  /// In how many ways text can go through a node of bounded length, all characters being alike.
  private func ways(_ node: Int) -> Double {
    guard tree.isActive[node] else { return 1 }
    switch tree.nodes[node] {
    case .set, .assertion: return 1
    case .sequence(let terms): return terms.reduce(1) { $0 * ways($1) }
    case .alternatives(let branches): return branches.reduce(0) { $0 + ways($1) }
    case .repetition(let body, let least, let most):
      let once = ways(body)
      let most = most ?? least
      if once == 1 { return Double(most - least + 1) }
      var (power, sum) = (1.0, 0.0)
      for count in 0...most where power <= Self.wayLimit {
        if count >= least { sum += power }
        power *= once
      }
      return power > Self.wayLimit ? .infinity : sum
    }
  }

  // MARK: One-unambiguity

  private func ambiguity() -> PatternObjection? {
    var closure = WayClosure(program)
    var work = 0
    var disjoint: Set<[Int]> = []
    for place in 0..<program.instructions.count {
      // The start, and behind each character.
      if place > 0, program.instructions[place - 1].operation != .set { continue }
      guard let reached = closure.walk(from: place) else {
        return PatternObjection(reason: .ambiguous)
      }
      work += reached.steps
      if reached.sets.count > 1, disjoint.insert(reached.sets).inserted {
        let ranges = reached.sets.flatMap { program.sets[$0].ranges }.sorted { $0.first < $1.first }
        work += ranges.count
        if zip(ranges, ranges.dropFirst()).contains(where: { $1.first <= $0.last }) {
          return PatternObjection(reason: .ambiguous)
        }
      }
      if work > Self.workLimit { return PatternObjection(reason: .tooLarge) }
    }
    return nil
  }
}

/// Follows a program's instructions that take no character.
private struct WayClosure {
  private let program: PatternProgram
  /// For each instruction, the walk that met it last.
  private var seen: [Int]
  private var walks = 0

  init(_ program: PatternProgram) {
    self.program = program
    seen = [Int](repeating: 0, count: program.instructions.count)
  }

  /// The sets of the characters that may come next; nil if anything is reached in two ways.
  mutating func walk(from place: Int) -> (sets: [Int], steps: Int)? {
    walks += 1
    var sets: [Int] = []
    var steps = 0
    var waiting = [place]
    while let place = waiting.popLast() {
      if seen[place] == walks { return nil }
      seen[place] = walks
      steps += 1
      let instruction = program.instructions[place]
      switch instruction.operation {
      case .set: sets.append(Int(instruction.x))
      case .split: waiting += [Int(instruction.y), Int(instruction.x)]
      case .jump: waiting.append(Int(instruction.x))
      // Taken to hold: that can only add ways.
      case .assertion: waiting.append(place + 1)
      case .match: break
      }
    }
    return (sets, steps)
  }
}
