/// Keywords about a value by itself: its type, its text, its number.
extension Evaluator {
  @inline(__always)
  mutating func type(_ instruction: Instruction, _ at: Int, _ kind: TapeEntry.Kind) -> Bool {
    let set = TypeSet(rawValue: instruction.a)
    if set.holds(kind) { return true }
    if kind == .number, set.contains(.integer), DecimalToken(view.content(at)).isWhole {
      return true
    }
    return fail(instruction, at)
  }

  /// `const` and `enum`.
  mutating func value(_ instruction: Instruction, _ at: Int) -> Bool {
    let (first, count) = (Int(instruction.a), Int(instruction.b))
    // A long list costs more than one step does.
    guard spend(count / 16) else { return false }
    if instruction.code == .codes {
      guard view.kind(at) == .string else { return fail(instruction, at) }
      for position in first..<first + count where isText(at, tables.names[position]) {
        return true
      }
      return fail(instruction, at)
    }
    let view = view
    for literal in literals[first..<first + count] {
      let isEqual = literal.storage.withView { other in
        JSONEquality.areEqual(view, at, other, literal.index)
      }
      if isEqual { return true }
    }
    return fail(instruction, at)
  }

  // MARK: Numbers

  mutating func number(_ instruction: Instruction, _ at: Int) -> Bool {
    let literal = tables.numbers[Int(instruction.a)]
    let value = DecimalToken(view.content(at))
    if instruction.code == .multipleOf {
      let holds = value.isMultiple(of: DecimalToken(tables.text(literal.text)))
      return holds || fail(instruction, at)
    }
    let order: Int
    if let bound = literal.integer, let short = value.shortInteger {
      order = short == bound ? 0 : short < bound ? -1 : 1
    } else {
      order = DecimalToken.compare(value, DecimalToken(tables.text(literal.text)))
    }
    let holds =
      switch instruction.code {
      case .minimum: order >= 0
      case .maximum: order <= 0
      case .exclusiveMinimum: order > 0
      default: order < 0
      }
    return holds || fail(instruction, at)
  }

  // MARK: Strings

  mutating func string(_ instruction: Instruction, _ at: Int) -> Bool {
    let operand = Int(instruction.a)
    let holds: Bool
    switch instruction.code {
    case .minLength: holds = isAtLeast(operand, at)
    case .maxLength: holds = isAtMost(operand, at)
    case .pattern:
      if isKnownToMatch(instruction, at) { return true }
      holds = matches(tables.patterns + operand, at)
    default:
      let (format, asOf) = (tables.formats[operand], asOf)
      holds = withText(at) { format.matches($0, asOf: asOf) }
    }
    return holds || fail(instruction, at)
  }

  /// Runs a pattern on a string or a name. One that is too large for tables costs fuel: sixteen of
  /// its steps take about as long as applying one schema.
  mutating func matches(_ pattern: UnsafePointer<Pattern>, _ at: Int) -> Bool {
    let steps = pattern.pointee.stepsPerCharacter
    if steps > 1 {
      let entry = view.tape[at]
      guard spend(Int(entry.end - entry.start) * steps / 16) else { return false }
    }
    return withText(at) { pattern.pointee.matches($0) }
  }

  /// Whether a shortcut settles it; false says nothing.
  @inline(__always)
  private func isKnownToMatch(_ instruction: Instruction, _ at: Int) -> Bool {
    let entry = view.tape[at]
    switch PatternShortcut(rawValue: instruction.b) {
    case .controls: return !entry.mayHoldControls
    case .controlsAndLines: return !entry.mayHoldControls && !entry.holdsLines
    case .prefix where entry.isEscaped:
      let content = view.content(at)
      let plain = content.prefix { $0 != UInt8(ascii: "\\") }
      let pattern = tables.patterns + Int(instruction.a)
      return pattern.pointee.matches(UnsafeBufferPointer(rebasing: plain))
    default: return false
    }
  }

  /// Lengths count code points. Where the bytes alone decide, nothing is counted: a code point is
  /// one to four bytes of UTF-8, and at most twelve as two escapes.
  private mutating func isAtLeast(_ count: Int, _ at: Int) -> Bool {
    let entry = view.tape[at]
    let bytes = Int(entry.end - entry.start)
    if bytes < count { return false }
    if bytes >= count * (entry.isEscaped ? 12 : 4) { return true }
    return withText(at, TextBytes.codePoints) >= count
  }

  private mutating func isAtMost(_ count: Int, _ at: Int) -> Bool {
    let entry = view.tape[at]
    if Int(entry.end - entry.start) <= count { return true }
    return withText(at, TextBytes.codePoints) <= count
  }

  /// Lends a string's or a name's unescaped UTF-8.
  @inline(__always)
  mutating func withText<R>(_ at: Int, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    if !view.tape[at].isEscaped { return body(view.content(at)) }
    return scratch.text(of: view, at, body)
  }

  /// Whether a string or a member's name is, byte for byte, a name of the program.
  @inline(__always)
  func isText(_ at: Int, _ name: PoolName) -> Bool {
    let entry = view.tape[at]
    if entry.isEscaped { return view.equals(at, tables.text(name)) }
    let count = Int(name.length)
    guard Int(entry.end - entry.start) == count else { return false }
    return TextBytes.areEqual(
      UnsafeRawPointer(view.bytes + Int(entry.start)),
      UnsafeRawPointer(tables.pool + Int(name.offset)), count)
  }
}
