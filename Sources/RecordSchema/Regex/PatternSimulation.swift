/// Matching by keeping every place of a program that the text read so far can lead to: the general
/// case, for patterns whose tables would be too large. Takes at most one step per instruction and
/// code point, whatever the pattern.
struct PatternSimulation {
  /// Owned by whoever holds the simulation: ``release()`` frees them.
  private let instructions: UnsafeMutableBufferPointer<Instruction>
  private let ranges: UnsafeMutableBufferPointer<ScalarRange>
  private let isAnchored: Bool

  /// A program's instruction in which a set is one range (`x` to `y`) or a run of `ranges` (from
  /// `x`, `y` of them).
  private struct Instruction {
    enum Operation: UInt8 { case range, set, split, jump, assertion, match }

    var operation: Operation
    var x: UInt32
    var y: UInt32
  }

  init(_ program: PatternProgram) {
    var flat: [ScalarRange] = []
    let firsts = program.sets.map { set in
      defer { flat += set.ranges }
      return UInt32(flat.count)
    }
    let lowered = program.instructions.map { instruction in
      let (x, y) = (instruction.x, instruction.y)
      switch instruction.operation {
      case .set:
        let set = program.sets[Int(x)].ranges
        if set.count == 1 {
          return Instruction(operation: .range, x: set[0].first, y: set[0].last)
        }
        return Instruction(operation: .set, x: firsts[Int(x)], y: UInt32(set.count))
      case .split: return Instruction(operation: .split, x: x, y: y)
      case .jump: return Instruction(operation: .jump, x: x, y: y)
      case .assertion: return Instruction(operation: .assertion, x: x, y: y)
      case .match: return Instruction(operation: .match, x: x, y: y)
      }
    }
    instructions = .allocate(capacity: lowered.count)
    _ = instructions.initialize(from: lowered)
    ranges = .allocate(capacity: flat.count)
    _ = ranges.initialize(from: flat)
    isAnchored = program.isAnchored
  }

  func release() {
    instructions.deallocate()
    ranges.deallocate()
  }

  func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var steps = 0
    return matches(text, steps: &steps)
  }

  /// Adds the steps taken to a count.
  func matches(_ text: UnsafeBufferPointer<UInt8>, steps: inout Int) -> Bool {
    let size = instructions.count
    return withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 4 * size) { memory in
      memory.initialize(repeating: 0)
      return run(
        text, Places(memory, at: 0, size: size), Places(memory, at: 2 * size, size: size), &steps)
    }
  }

  private func run(
    _ text: UnsafeBufferPointer<UInt8>, _ first: Places, _ second: Places, _ steps: inout Int
  ) -> Bool {
    var (current, next) = (first, second)
    var before = PatternEdge.none
    var index = 0
    current.insert(0)
    while true {
      let isEnd = index >= text.count
      let (scalar, length) = isEnd ? (0, 0) : TextScalar.decode(text, at: index)
      let after = isEnd ? PatternEdge.none : PatternEdge(scalar)
      let found = advance(&current, &next, scalar: isEnd ? nil : scalar, before, after)
      steps += current.count
      if found { return true }
      if isEnd { return false }
      if !isAnchored { next.insert(0) } else if next.count == 0 { return false }
      index += length
      before = after
      swap(&current, &next)
      next.count = 0
    }
  }

  /// Goes through the places, which grow while it does; whether one of them is the match.
  @inline(__always)
  private func advance(
    _ current: inout Places, _ next: inout Places, scalar: UInt32?, _ before: PatternEdge,
    _ after: PatternEdge
  ) -> Bool {
    var index = 0
    while index < current.count {
      let place = current.dense[index]
      index += 1
      let instruction = instructions[Int(place)]
      switch instruction.operation {
      case .match: return true
      case .split:
        current.insert(UInt16(truncatingIfNeeded: instruction.x))
        current.insert(UInt16(truncatingIfNeeded: instruction.y))
      case .jump: current.insert(UInt16(truncatingIfNeeded: instruction.x))
      case .assertion:
        let kind = PatternTree.Assertion(rawValue: UInt8(truncatingIfNeeded: instruction.x))
        if kind?.holds(before: before, after: after) == true { current.insert(place + 1) }
      case .range:
        guard let scalar, scalar >= instruction.x, scalar <= instruction.y else { continue }
        next.insert(place + 1)
      case .set:
        let set = ranges[Int(instruction.x)..<Int(instruction.x + instruction.y)]
        guard let scalar, ScalarSet.contains(scalar, in: UnsafeBufferPointer(rebasing: set))
        else { continue }
        next.insert(place + 1)
      }
    }
    return false
  }

  /// A set of places in a program, in the order in which they were met: `dense` holds its members,
  /// `sparse` for every place where in `dense` it would stand.
  private struct Places {
    let dense: UnsafeMutablePointer<UInt16>
    let sparse: UnsafeMutablePointer<UInt16>
    var count = 0

    /// The memory has room for twice `size` at `start`, and has at least one element.
    init(_ memory: UnsafeMutableBufferPointer<UInt16>, at start: Int, size: Int) {
      // A program has at least its match, so the memory is not empty and has a base address.
      dense = memory.baseAddress! + start
      sparse = dense + size
    }

    @inline(__always)
    mutating func insert(_ place: UInt16) {
      let index = Int(sparse[Int(place)])
      if index < count, dense[index] == place { return }
      sparse[Int(place)] = UInt16(truncatingIfNeeded: count)
      dense[count] = place
      count += 1
    }
  }
}
