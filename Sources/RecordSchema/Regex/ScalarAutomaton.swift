/// A program made deterministic, over the classes of its alphabet.
struct ScalarAutomaton {
  /// Nothing more can match.
  static let dead = 0
  /// The text matches, whatever follows.
  static let accepted = 1

  static let stateLimit = 4_096
  /// Instructions that may be looked at to make it.
  static let workLimit = 400_000

  let alphabet: PatternAlphabet
  private(set) var start = 0
  /// For each state, the next one by class.
  private(set) var transitions: [[Int]] = []
  /// For each state, whether the text matches if it ends there.
  private(set) var acceptsEnd: [Bool] = []

  /// Nil when it would be too large.
  init?(_ program: PatternProgram) {
    guard let alphabet = PatternAlphabet(program) else { return nil }
    var subsets = SubsetConstruction(program, alphabet)
    guard subsets.run() else { return nil }
    self.alphabet = alphabet
    start = subsets.start
    transitions = subsets.transitions
    acceptsEnd = subsets.acceptsEnd
    foldSinks()
    foldTwins()
  }

  /// Makes one of states that lead to the same states and end alike, again and again: such as the
  /// text's start and what follows it. Few rounds do; the rest would only save room.
  private mutating func foldTwins() {
    for _ in 0..<8 {
      var known: [[Int]: Int] = [:]
      let folded = transitions.indices.map { state in
        if state <= Self.accepted { return state }
        let ways = transitions[state] + [acceptsEnd[state] ? 1 : 0]
        let twin = known[ways] ?? state
        known[ways] = twin
        return twin
      }
      let next = transitions.map { row in row.map { folded[$0] } }
      start = folded[start]
      if next == transitions { return }
      transitions = next
    }
  }

  /// Makes states from which every text matches into ``accepted``, and those from which none does
  /// into ``dead``: matching stops there.
  private mutating func foldSinks() {
    var sources = [[Int]](repeating: [], count: transitions.count)
    for (state, row) in transitions.enumerated() {
      for target in row where sources[target].last != state { sources[target].append(state) }
    }
    func reaching(_ wanted: Bool) -> [Bool] {
      var isReaching = acceptsEnd.map { $0 == wanted }
      var waiting = isReaching.indices.filter { isReaching[$0] }
      while let state = waiting.popLast() {
        for source in sources[state] where !isReaching[source] {
          isReaching[source] = true
          waiting.append(source)
        }
      }
      return isReaching
    }
    let (canMatch, canFail) = (reaching(true), reaching(false))
    let folded = transitions.indices.map { state in
      !canMatch[state] ? Self.dead : !canFail[state] ? Self.accepted : state
    }
    transitions = transitions.map { row in row.map { folded[$0] } }
    start = folded[start]
  }
}

/// Finds the sets of places that a program can be at. A state is such a set, closed over ways that
/// take no character but for assertions, together with what the last character was.
private struct SubsetConstruction {
  private struct State: Hashable {
    var places: [UInt16]
    var before: UInt8
  }

  private(set) var start = 0
  private(set) var transitions: [[Int]] = []
  private(set) var acceptsEnd: [Bool] = []
  private let program: PatternProgram
  private let alphabet: PatternAlphabet
  private let watchesStart: Bool
  private let watchesWords: Bool
  private var states: [State] = []
  private var known: [State: Int] = [:]
  private var work = 0
  /// For each instruction, the gathering that met it last.
  private var seen: [Int]
  private var gatherings = 0

  init(_ program: PatternProgram, _ alphabet: PatternAlphabet) {
    self.program = program
    self.alphabet = alphabet
    watchesWords = program.holds(.wordBoundary, .noWordBoundary)
    watchesStart = watchesWords || program.holds(.start)
    seen = [Int](repeating: 0, count: program.instructions.count)
    // Two that no set of places stands for: dead and accepted.
    for isAccepted in [false, true] {
      states.append(State(places: [], before: isAccepted ? 255 : 254))
      transitions.append([Int](repeating: isAccepted ? 1 : 0, count: alphabet.count))
      acceptsEnd.append(isAccepted)
    }
  }

  /// Whether all states could be found within the limits.
  mutating func run() -> Bool {
    beginGathering()
    var first: [UInt16] = []
    gather(0, into: &first)
    start = intern(first, before: .none)
    var index = 2
    while index < states.count {
      guard states.count <= ScalarAutomaton.stateLimit,
        states.count * alphabet.count <= ScalarAutomaton.workLimit
      else { return false }
      let state = states[index]
      guard let before = PatternEdge(rawValue: state.before) else { return false }
      var row: [Int] = []
      row.reserveCapacity(alphabet.count)
      for member in 0..<alphabet.count {
        row.append(step(state.places, before: before, member))
        guard work <= ScalarAutomaton.workLimit else { return false }
      }
      transitions.append(row)
      acceptsEnd.append(endsInMatch(state.places, before: before))
      index += 1
    }
    return true
  }

  private mutating func intern(_ places: [UInt16], before: PatternEdge) -> Int {
    let isMatch = places.contains { program.instructions[Int($0)].operation == .match }
    if isMatch { return ScalarAutomaton.accepted }
    var before = before
    if before == .none ? !watchesStart : !watchesWords { before = .otherCharacter }
    let state = State(places: places.sorted(), before: before.rawValue)
    if let place = known[state] { return place }
    known[state] = states.count
    states.append(state)
    return states.count - 1
  }

  private mutating func step(_ places: [UInt16], before: PatternEdge, _ member: Int) -> Int {
    let after = alphabet.edges[member]
    guard let open = resolved(places, before: before, after: after) else {
      return ScalarAutomaton.accepted
    }
    beginGathering()
    var next: [UInt16] = []
    for place in open {
      let set = Int(program.instructions[Int(place)].x)
      if alphabet.contains(set: set, member: member) { gather(Int(place) + 1, into: &next) }
    }
    if !program.isAnchored { gather(0, into: &next) }
    return intern(next, before: after)
  }

  private mutating func endsInMatch(_ places: [UInt16], before: PatternEdge) -> Bool {
    resolved(places, before: before, after: .none) == nil
  }

  /// The places that take a character, behind the assertions that hold; nil if the match is
  /// reached.
  private mutating func resolved(
    _ places: [UInt16], before: PatternEdge, after: PatternEdge
  ) -> [UInt16]? {
    beginGathering()
    for place in places { seen[Int(place)] = gatherings }
    var open: [UInt16] = []
    var waiting = places
    var index = 0
    while index < waiting.count {
      let place = waiting[index]
      let instruction = program.instructions[Int(place)]
      index += 1
      work += 1
      switch instruction.operation {
      case .match: return nil
      case .assertion:
        let kind = PatternTree.Assertion(rawValue: UInt8(truncatingIfNeeded: instruction.x))
        if kind?.holds(before: before, after: after) == true {
          gather(Int(place) + 1, into: &waiting)
        }
      default: open.append(place)
      }
    }
    return open
  }

  private mutating func beginGathering() { gatherings += 1 }

  /// Adds the places that take a character, assert or match and that lie behind `place` on ways
  /// that do neither.
  private mutating func gather(_ place: Int, into places: inout [UInt16]) {
    var waiting = [place]
    while let place = waiting.popLast() {
      work += 1
      if seen[place] == gatherings { continue }
      seen[place] = gatherings
      let instruction = program.instructions[place]
      switch instruction.operation {
      case .split: waiting += [Int(instruction.x), Int(instruction.y)]
      case .jump: waiting.append(Int(instruction.x))
      // Program places fit in 16 bits: PatternProgram.sizeLimit.
      default: places.append(UInt16(place))
      }
    }
  }
}
