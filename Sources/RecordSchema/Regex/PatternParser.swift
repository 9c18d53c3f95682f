/// ECMA-262's grammar of patterns with the `u` flag (edition 11, section 21.2.1, which JSON Schema
/// names), with its early errors. Groups stand on a list of their own, so that no nesting can
/// exhaust the stack.
///
/// One that builds makes the tree and refuses what is not matched here; one that does not only
/// judges syntax and needs memory for the groups that are open.
struct PatternParser {
  let text: UnsafeBufferPointer<UInt8>
  let builds: Bool
  var at = 0
  var tree = PatternTree()
  /// Sets of the properties met so far: each is costly to gather.
  var properties: [UnicodeProperty: ScalarSet] = [:]

  private struct OpenGroup {
    var offset: Int
    /// A lookahead or lookbehind is an assertion, which no quantifier may follow.
    var isAssertion: Bool
  }

  private var open: [OpenGroup] = []
  private var captures = 0
  private var names: Set<[UInt32]> = []
  private var largestReference = (number: 0, offset: 0)
  private var namedReferences: [(name: [UInt32], offset: Int)] = []

  init(_ text: UnsafeBufferPointer<UInt8>, builds: Bool) {
    self.text = text
    self.builds = builds
  }

  /// The byte at the present place, or nil at the end.
  var byte: UInt8? { at < text.count ? text[at] : nil }

  /// Moves past a byte if it is the next one.
  mutating func take(_ wanted: UInt8) -> Bool {
    guard byte == wanted else { return false }
    at += 1
    return true
  }

  mutating func takeScalar() -> UInt32 {
    let (scalar, length) = TextScalar.decode(text, at: at)
    at += length
    return scalar
  }

  mutating func parse() throws(PatternError) {
    while let byte { try term(byte) }
    if let last = open.last { throw PatternError(.openGroup, at: last.offset) }
    if largestReference.number > captures {
      throw PatternError(.unknownGroup, at: largestReference.offset)
    }
    for reference in namedReferences where !names.contains(reference.name) {
      throw PatternError(.unknownName, at: reference.offset)
    }
  }

  private mutating func term(_ byte: UInt8) throws(PatternError) {
    switch byte {
    case UInt8(ascii: "("): try openGroup()
    case UInt8(ascii: ")"): try closeGroup()
    case UInt8(ascii: "|"):
      at += 1
      if builds { tree.nextBranch() }
    case UInt8(ascii: "^"): assertion(.start, length: 1)
    case UInt8(ascii: "$"): assertion(.end, length: 1)
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
      throw PatternError(.nothingToRepeat, at: at)
    case UInt8(ascii: "{"):
      let start = at
      if try braces() != nil { throw PatternError(.nothingToRepeat, at: start) }
    case UInt8(ascii: "]"), UInt8(ascii: "}"): throw PatternError(.loneBracket, at: at)
    case UInt8(ascii: "["): try quantified(try characterClass())
    case UInt8(ascii: "."):
      at += 1
      try quantified(builds ? ScalarSet.lineTerminators.inverted : nil)
    case UInt8(ascii: "\\"): try escapedTerm()
    default:
      let scalar = takeScalar()
      try quantified(builds ? ScalarSet(scalar) : nil)
    }
  }

  private mutating func assertion(_ kind: PatternTree.Assertion, length: Int) {
    at += length
    if builds { tree.assertion(kind) }
  }

  /// A set as a term, with the quantifier that may follow it.
  private mutating func quantified(_ set: ScalarSet?) throws(PatternError) {
    if let set { tree.set(set) }
    try quantifier()
  }

  // MARK: Groups

  private mutating func openGroup() throws(PatternError) {
    let start = at
    at += 1
    var isAssertion = false
    if take(UInt8(ascii: "?")) {
      isAssertion = try groupKind(start)
    } else {
      captures += 1
    }
    if isAssertion, builds { throw PatternError(.lookaround, at: start) }
    open.append(OpenGroup(offset: start, isAssertion: isAssertion))
    guard builds else { return }
    if open.count > PatternProgram.depthLimit { throw PatternError(.depth, at: start) }
    tree.openGroup()
  }

  /// Behind `(?`: whether it is a lookahead or lookbehind.
  private mutating func groupKind(_ start: Int) throws(PatternError) -> Bool {
    if take(UInt8(ascii: ":")) { return false }
    if take(UInt8(ascii: "=")) || take(UInt8(ascii: "!")) { return true }
    guard byte == UInt8(ascii: "<") else { throw PatternError(.groupKind, at: start) }
    if at + 1 < text.count, text[at + 1] == UInt8(ascii: "=") || text[at + 1] == UInt8(ascii: "!") {
      at += 2
      return true
    }
    let offset = at
    captures += 1
    guard names.insert(try groupName()).inserted else {
      throw PatternError(.repeatedName, at: offset)
    }
    return false
  }

  private mutating func closeGroup() throws(PatternError) {
    guard let group = open.popLast() else { throw PatternError(.loneBracket, at: at) }
    at += 1
    if builds { tree.closeGroup() }
    if !group.isAssertion { try quantifier() }
  }

  // MARK: Quantifiers

  private mutating func quantifier() throws(PatternError) {
    let start = at
    var bounds: (least: Int, most: Int?)?
    switch byte {
    case UInt8(ascii: "*"): bounds = (0, nil)
    case UInt8(ascii: "+"): bounds = (1, nil)
    case UInt8(ascii: "?"): bounds = (0, 1)
    case UInt8(ascii: "{"): bounds = try braces()
    default: return
    }
    if at == start { at += 1 }
    // Lazy or greedy decides which match is found, not whether there is one.
    _ = take(UInt8(ascii: "?"))
    if builds, let bounds { tree.repeatLast(least: bounds.least, most: bounds.most) }
  }

  /// `{n}`, `{n,}` or `{n,m}`; anything else behind a brace is an error.
  private mutating func braces() throws(PatternError) -> (least: Int, most: Int?)? {
    let start = at
    at += 1
    let least = decimalDigits()
    guard !least.isEmpty else { throw PatternError(.openQuantifier, at: start) }
    if take(UInt8(ascii: "}")) { return (count(least), count(least)) }
    guard take(UInt8(ascii: ",")) else { throw PatternError(.openQuantifier, at: start) }
    let most = decimalDigits()
    guard take(UInt8(ascii: "}")) else { throw PatternError(.openQuantifier, at: start) }
    if most.isEmpty { return (count(least), nil) }
    if isBelow(most, least) { throw PatternError(.quantifierOrder, at: start) }
    return (count(least), count(most))
  }

  private mutating func decimalDigits() -> Range<Int> {
    let start = at
    while let byte, (0x30...0x39).contains(byte) { at += 1 }
    return start..<at
  }

  private func withoutZeros(_ digits: Range<Int>) -> Range<Int> {
    let first = digits.first { text[$0] != 0x30 } ?? digits.upperBound
    return first..<digits.upperBound
  }

  /// Whether one number is less than another, however long they are.
  private func isBelow(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
    let (left, right) = (withoutZeros(left), withoutZeros(right))
    if left.count != right.count { return left.count < right.count }
    return text[left].lexicographicallyPrecedes(text[right])
  }

  func count(_ digits: Range<Int>) -> Int {
    var value = 0
    for index in digits {
      value = min(value * 10 + Int(text[index] - 0x30), PatternTree.largestCount)
    }
    return value
  }

  // MARK: Escapes outside classes

  private mutating func escapedTerm() throws(PatternError) {
    let start = at
    guard at + 1 < text.count else { throw PatternError(.endsInEscape, at: start) }
    switch text[at + 1] {
    case UInt8(ascii: "b"): assertion(.wordBoundary, length: 2)
    case UInt8(ascii: "B"): assertion(.noWordBoundary, length: 2)
    case UInt8(ascii: "1")...UInt8(ascii: "9"):
      at += 1
      let number = count(decimalDigits())
      if number > largestReference.number { largestReference = (number, start) }
      try reference(start)
    case UInt8(ascii: "k"):
      at += 2
      guard byte == UInt8(ascii: "<") else { throw PatternError(.groupName, at: start) }
      namedReferences.append((try groupName(), start))
      try reference(start)
    default:
      switch try escape(inClass: false) {
      case .scalar(let scalar): try quantified(builds ? ScalarSet(scalar) : nil)
      case .set(let set): try quantified(builds ? set : nil)
      }
    }
  }

  private mutating func reference(_ start: Int) throws(PatternError) {
    if builds { throw PatternError(.backreference, at: start) }
    try quantifier()
  }
}
