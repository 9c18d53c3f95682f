/// A pattern as a nondeterministic automaton over code points, with every counted repetition
/// written out. Its size bounds all work: matching takes at most one step per instruction and
/// code point.
struct PatternProgram {
  struct Instruction {
    enum Operation: UInt8 {
      /// Takes one character of the set `x`.
      case set
      /// Goes on at both `x` and `y`.
      case split
      /// Goes on at `x`.
      case jump
      /// Goes on behind itself if the ``PatternTree/Assertion`` `x` holds.
      case assertion
      case match
    }

    var operation: Operation
    var x: UInt32 = 0
    var y: UInt32 = 0
  }

  /// Instructions. Places fit in 16 bits.
  static let sizeLimit = 16_384
  /// Groups in groups: what recursion over the tree may need of the stack.
  static let depthLimit = 200
  /// Bytes of a pattern's source.
  static let sourceLimit = 65_536
  /// Different Unicode properties in one pattern.
  static let propertyLimit = 32

  private(set) var instructions: [Instruction] = []
  let sets: [ScalarSet]
  /// Whether every match begins at the text's start.
  private(set) var isAnchored = false

  init(_ tree: PatternTree, root: Int) throws(PatternError) {
    sets = tree.sets
    try emit(root, tree)
    try append(Instruction(operation: .match))
    isAnchored = startIsGuarded()
  }

  /// Whether any assertion of these kinds is in it.
  func holds(_ kinds: PatternTree.Assertion...) -> Bool {
    instructions.contains { instruction in
      instruction.operation == .assertion && kinds.contains { $0.rawValue == instruction.x }
    }
  }

  // MARK: Writing out

  private var next: UInt32 { UInt32(instructions.count) }

  @discardableResult
  private mutating func append(_ instruction: Instruction) throws(PatternError) -> Int {
    guard instructions.count < Self.sizeLimit else { throw PatternError(.size, at: 0) }
    instructions.append(instruction)
    return instructions.count - 1
  }

  private mutating func emit(_ node: Int, _ tree: PatternTree) throws(PatternError) {
    // What matches nothing but the empty text needs no instruction, however often it is repeated;
    // everything else appends at least one, so that the limit also bounds this recursion's work.
    guard tree.isActive[node] else { return }
    switch tree.nodes[node] {
    case .set(let place): try append(Instruction(operation: .set, x: UInt32(place)))
    case .assertion(let kind):
      try append(Instruction(operation: .assertion, x: UInt32(kind.rawValue)))
    case .sequence(let terms): for term in terms { try emit(term, tree) }
    case .alternatives(let branches): try emit(alternatives: branches, tree)
    case .repetition(let body, let least, let most):
      try emit(repeated: body, least: least, most: most, tree)
    }
  }

  private mutating func emit(alternatives branches: [Int], _ tree: PatternTree)
    throws(PatternError)
  {
    var ends: [Int] = []
    for branch in branches.dropLast() {
      let split = try append(Instruction(operation: .split, x: next + 1))
      try emit(branch, tree)
      ends.append(try append(Instruction(operation: .jump)))
      instructions[split].y = next
    }
    try emit(branches[branches.count - 1], tree)
    for end in ends { instructions[end].x = next }
  }

  private mutating func emit(
    repeated body: Int, least: Int, most: Int?, _ tree: PatternTree
  ) throws(PatternError) {
    guard let most else {
      // x* is (split x back), x{n,} is n times x with a way back to the last.
      guard least > 0 else {
        let split = try append(Instruction(operation: .split, x: next + 1))
        try emit(body, tree)
        try append(Instruction(operation: .jump, x: UInt32(split)))
        instructions[split].y = next
        return
      }
      for _ in 1..<least { try emit(body, tree) }
      let last = next
      try emit(body, tree)
      try append(Instruction(operation: .split, x: last, y: next + 1))
      return
    }
    for _ in 0..<least { try emit(body, tree) }
    // Each optional one lies within the one before it, so that it can be left out in one way only.
    var splits: [Int] = []
    for _ in least..<most {
      splits.append(try append(Instruction(operation: .split, x: next + 1)))
      try emit(body, tree)
    }
    for split in splits { instructions[split].y = next }
  }

  // MARK: Reading

  /// Whether no way leads from the start to a character or to the match but over `^`.
  private func startIsGuarded() -> Bool {
    var isSeen = [Bool](repeating: false, count: instructions.count)
    var waiting = [0]
    while let place = waiting.popLast() {
      if isSeen[place] { continue }
      isSeen[place] = true
      let instruction = instructions[place]
      switch instruction.operation {
      case .set, .match: return false
      case .split: waiting += [Int(instruction.x), Int(instruction.y)]
      case .jump: waiting.append(Int(instruction.x))
      case .assertion:
        if instruction.x != PatternTree.Assertion.start.rawValue { waiting.append(place + 1) }
      }
    }
    return true
  }
}

/// What stands on one side of a place between characters.
enum PatternEdge: UInt8 {
  /// The text's start or end.
  case none
  case wordCharacter, otherCharacter

  @inline(__always)
  init(_ scalar: UInt32) {
    let isWord =
      scalar &- 0x30 < 10 || (scalar | 0x20) &- 0x61 < 26 && scalar < 0x80 || scalar == 0x5F
    self = isWord ? .wordCharacter : .otherCharacter
  }
}

extension PatternTree.Assertion {
  /// Whether it holds between two sides.
  @inline(__always)
  func holds(before: PatternEdge, after: PatternEdge) -> Bool {
    switch self {
    case .start: before == .none
    case .end: after == .none
    case .wordBoundary: (before == .wordCharacter) != (after == .wordCharacter)
    case .noWordBoundary: (before == .wordCharacter) == (after == .wordCharacter)
    }
  }
}
