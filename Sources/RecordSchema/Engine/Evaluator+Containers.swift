/// Keywords about arrays and objects.
extension Evaluator {
  // MARK: Arrays

  mutating func array(_ instruction: Instruction, _ at: Int, _ frame: Int) -> Bool {
    let count = view.tape[at].count
    switch instruction.code {
    case .minItems: return count >= Int(instruction.a) || fail(instruction, at)
    case .maxItems: return count <= Int(instruction.a) || fail(instruction, at)
    case .uniqueItems: return uniqueItems(instruction, at)
    case .prefixItems: return prefixItems(instruction, at, frame)
    case .items: return items(instruction, at, frame)
    case .contains: return contains(instruction, at, frame)
    default: return unevaluatedItems(instruction, at, frame)
    }
  }

  private mutating func uniqueItems(_ instruction: Instruction, _ at: Int) -> Bool {
    // Of more items than `maxItems` allows nothing else need be said.
    if view.tape[at].count > Int(instruction.a) { return true }
    guard let repeated = JSONEquality.repetition(in: view, at, fuel: &fuel) else {
      return spend(0)
    }
    return fail(instruction, repeated)
  }

  private mutating func prefixItems(_ instruction: Instruction, _ at: Int, _ frame: Int) -> Bool {
    var holds = true
    var item = at + 1
    let count = min(view.tape[at].count, Int(instruction.b))
    for position in 0..<count {
      note(position, frame)
      if !run(tables.lists[Int(instruction.a) + position], item, EvaluatedFrame.none) {
        holds = false
        if !collects { return false }
      }
      item = view.next(item)
    }
    return holds
  }

  private mutating func items(_ instruction: Instruction, _ at: Int, _ frame: Int) -> Bool {
    var holds = true
    var item = at + 1
    var position = 0
    let end = view.next(at)
    while item < end {
      if position >= Int(instruction.b) {
        note(position, frame)
        if !run(instruction.a, item, EvaluatedFrame.none) {
          holds = false
          if !collects { return false }
        }
      }
      position += 1
      item = view.next(item)
    }
    return holds
  }

  private mutating func contains(_ instruction: Instruction, _ at: Int, _ frame: Int) -> Bool {
    var found: UInt32 = 0
    var item = at + 1
    var position = 0
    while item < view.next(at) {
      if attempt(instruction.a, item, EvaluatedFrame.none) {
        found += 1
        note(position, frame)
      }
      position += 1
      item = view.next(item)
    }
    return found >= instruction.b && found <= instruction.c || fail(instruction, at)
  }

  private mutating func unevaluatedItems(
    _ instruction: Instruction, _ at: Int, _ frame: Int
  ) -> Bool {
    var holds = true
    var item = at + 1
    var position = 0
    while item < view.next(at) {
      if !frames[frame].contains(position) {
        note(position, frame)
        holds = runUnevaluated(instruction, item) && holds
        if !holds, !collects { return false }
      }
      position += 1
      item = view.next(item)
    }
    return holds
  }

  /// Of a schema that is simply `false` the keyword that brought it here is told.
  private mutating func runUnevaluated(_ instruction: Instruction, _ value: Int) -> Bool {
    let block = tables.blocks[Int(instruction.a)]
    if block.count == 1, tables.code[Int(block.start)].code == .never {
      return fail(instruction, value)
    }
    return run(instruction.a, value, EvaluatedFrame.none)
  }

  @inline(__always)
  private mutating func note(_ position: Int, _ frame: Int) {
    if frame != EvaluatedFrame.none { frames[frame].insert(position) }
  }

  // MARK: Members by name

  /// `properties`, `patternProperties`, `additionalProperties` and `required` in one pass.
  mutating func members(_ instruction: Instruction, _ at: Int, _ frame: Int) -> Bool {
    let shape = tables.shapes + Int(instruction.a)
    var holds = true
    var seen: UInt64 = 0
    var expected = 0
    var position = 0
    var key = at + 1
    let end = view.next(at)
    while key < end {
      var isJudged = false
      if let listed = listed(key, shape, from: expected) {
        if listed < 64 { seen |= 1 << UInt64(listed) }
        expected = listed + 1
        isJudged = true
        let entry = tables.members[Int(shape.pointee.firstMember) + listed]
        if !run(entry.block, key + 1, EvaluatedFrame.none) { holds = false }
      }
      if shape.pointee.patternCount > 0 {
        holds = matched(key, shape, &isJudged) && holds
      }
      if !isJudged { holds = additional(key, shape, &isJudged) && holds }
      if isJudged { note(position, frame) }
      if !holds, !collects { return false }
      position += 1
      key = view.next(key + 1)
    }
    let missing = shape.pointee.requiredMask & ~seen
    return missing == 0 ? holds : lacks(missing, shape, at)
  }

  /// Members mostly come in the schema's order: the search starts behind the last one found.
  @inline(__always)
  private func listed(
    _ key: Int, _ shape: UnsafePointer<Shape>, from expected: Int
  ) -> Int? {
    let first = tables.members + Int(shape.pointee.firstMember)
    let count = Int(shape.pointee.memberCount)
    var position = expected
    while position < count {
      if isText(key, first[position].name) { return position }
      position += 1
    }
    position = 0
    while position < min(expected, count) {
      if isText(key, first[position].name) { return position }
      position += 1
    }
    return nil
  }

  private mutating func matched(
    _ key: Int, _ shape: UnsafePointer<Shape>, _ isJudged: inout Bool
  ) -> Bool {
    var holds = true
    for pair in 0..<Int(shape.pointee.patternCount) {
      let place = Int(shape.pointee.firstPattern) + 2 * pair
      let pattern = tables.patterns + Int(tables.lists[place])
      guard matches(pattern, key) else { continue }
      isJudged = true
      if !run(tables.lists[place + 1], key + 1, EvaluatedFrame.none) { holds = false }
    }
    return holds
  }

  private mutating func additional(
    _ key: Int, _ shape: UnsafePointer<Shape>, _ isJudged: inout Bool
  ) -> Bool {
    switch shape.pointee.additional {
    case .allowed: return true
    case .refused:
      return fail(Instruction(code: .members, source: shape.pointee.additionalSource), key + 1)
    case .judged:
      isJudged = true
      return run(shape.pointee.additionalBlock, key + 1, EvaluatedFrame.none)
    }
  }

  private mutating func lacks(
    _ missing: UInt64, _ shape: UnsafePointer<Shape>, _ at: Int
  ) -> Bool {
    let instruction = Instruction(code: .required, source: shape.pointee.requiredSource)
    for position in 0..<64 where missing & 1 << UInt64(position) != 0 {
      let name = tables.members[Int(shape.pointee.firstMember) + position].name
      _ = fail(instruction, at, missing: name)
    }
    return false
  }

  // MARK: Objects

  mutating func object(_ instruction: Instruction, _ at: Int, _ frame: Int) -> Bool {
    let count = view.tape[at].count
    switch instruction.code {
    case .minProperties: return count >= Int(instruction.a) || fail(instruction, at)
    case .maxProperties: return count <= Int(instruction.a) || fail(instruction, at)
    case .required: return has(Int(instruction.a), Int(instruction.b), instruction, at)
    case .dependentRequired:
      return !has(tables.names[Int(instruction.a)], at)
        || has(Int(instruction.b), Int(instruction.c), instruction, at)
    case .dependentSchema:
      return !has(tables.names[Int(instruction.a)], at) || run(instruction.b, at, frame)
    case .propertyNames: return propertyNames(instruction, at)
    default: return unevaluatedProperties(instruction, at, frame)
    }
  }

  private mutating func has(
    _ first: Int, _ count: Int, _ instruction: Instruction, _ at: Int
  ) -> Bool {
    var holds = true
    for position in first..<first + count where !has(tables.names[position], at) {
      holds = fail(instruction, at, missing: tables.names[position])
      if !collects { return false }
    }
    return holds
  }

  private func has(_ name: PoolName, _ at: Int) -> Bool {
    var key = at + 1
    while key < view.next(at) {
      if isText(key, name) { return true }
      key = view.next(key + 1)
    }
    return false
  }

  /// The name of each member is judged like a string value: on the tape it is one.
  private mutating func propertyNames(_ instruction: Instruction, _ at: Int) -> Bool {
    var holds = true
    var key = at + 1
    while key < view.next(at) {
      if !attempt(instruction.a, key, EvaluatedFrame.none) {
        holds = fail(instruction, key + 1)
        if !collects { return false }
      }
      key = view.next(key + 1)
    }
    return holds
  }

  private mutating func unevaluatedProperties(
    _ instruction: Instruction, _ at: Int, _ frame: Int
  ) -> Bool {
    var holds = true
    var position = 0
    var key = at + 1
    while key < view.next(at) {
      if !frames[frame].contains(position) {
        note(position, frame)
        holds = runUnevaluated(instruction, key + 1) && holds
        if !holds, !collects { return false }
      }
      position += 1
      key = view.next(key + 1)
    }
    return holds
  }
}
