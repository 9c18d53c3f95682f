/// The plainest meaning of a pattern: from places in a text to the places that it can end at.
indirect enum ReferencePattern {
  case set(String, @Sendable (Unicode.Scalar) -> Bool)
  case assertion(String)
  case sequence([ReferencePattern])
  case alternatives([ReferencePattern])
  case repetition(ReferencePattern, least: Int, most: Int?, suffix: String)

  /// As ECMA-262 writes it.
  var source: String {
    switch self {
    case .set(let source, _), .assertion(let source): source
    case .sequence(let terms): terms.map(\.source).joined()
    case .alternatives(let branches): "(?:" + branches.map(\.source).joined(separator: "|") + ")"
    case .repetition(let body, _, _, let suffix): "(?:" + body.source + ")" + suffix
    }
  }

  func isFound(in text: [Unicode.Scalar]) -> Bool {
    (0...text.count).contains { !ends(text, [$0]).isEmpty }
  }

  private func ends(_ text: [Unicode.Scalar], _ starts: Set<Int>) -> Set<Int> {
    switch self {
    case .set(_, let holds):
      return Set(starts.filter { $0 < text.count && holds(text[$0]) }.map { $0 + 1 })
    case .assertion(let source): return starts.filter { Self.holds(source, text, $0) }
    case .sequence(let terms): return terms.reduce(starts) { $1.ends(text, $0) }
    case .alternatives(let branches):
      return branches.reduce(into: []) { $0.formUnion($1.ends(text, starts)) }
    case .repetition(let body, let least, let most, _):
      var reached = starts
      for _ in 0..<least { reached = body.ends(text, reached) }
      var all = reached
      // Without a bound, as often as the text has places.
      for _ in least..<(most ?? least + text.count + 1) {
        reached = body.ends(text, reached)
        all.formUnion(reached)
      }
      return all
    }
  }

  private static func holds(_ source: String, _ text: [Unicode.Scalar], _ place: Int) -> Bool {
    func isWord(_ index: Int) -> Bool {
      text.indices.contains(index)
        && ("a"..."z" ~= text[index] || "0"..."9" ~= text[index] || text[index] == "_")
    }
    switch source {
    case "^": return place == 0
    case "$": return place == text.count
    case "\\b": return isWord(place - 1) != isWord(place)
    default: return isWord(place - 1) == isWord(place)
    }
  }
}

/// Random patterns and texts over few characters of every length in UTF-8.
struct PatternGenerator {
  static let characters: [Unicode.Scalar] = [
    "a", "b", "1", "_", "-", " ", "\n", "é", "\u{A0}", "ࠀ", "移", "送", "\u{2028}", "\u{FEFF}", "😀",
    "\u{10FFFF}",
  ]

  var random: SeededGenerator

  mutating func text() -> [Unicode.Scalar] {
    let count = Int.random(in: 0...40, using: &random)
    // Mostly a few of them, so that long runs occur.
    let few = (0..<3).map { _ in character() }
    return (0..<count).map { _ in
      Int.random(in: 0..<8, using: &random) == 0 ? character() : few[pick(3)]
    }
  }

  mutating func pattern(depth: Int = 3) -> ReferencePattern {
    guard depth > 0 else { return leaf() }
    switch pick(6) {
    case 0, 1: return .sequence((0..<pick(4)).map { _ in pattern(depth: depth - 1) })
    case 2: return .alternatives((0...pick(3)).map { _ in pattern(depth: depth - 1) })
    case 3, 4: return repetition(pattern(depth: depth - 1))
    default: return leaf()
    }
  }

  private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

  private mutating func character() -> Unicode.Scalar {
    Self.characters[pick(Self.characters.count)]
  }

  private mutating func repetition(_ body: ReferencePattern) -> ReferencePattern {
    let lazy = pick(4) == 0 ? "?" : ""
    let least = pick(3)
    let most = least + pick(3)
    switch pick(6) {
    case 0, 1: return .repetition(body, least: 0, most: nil, suffix: "*" + lazy)
    case 2: return .repetition(body, least: 1, most: nil, suffix: "+" + lazy)
    case 3: return .repetition(body, least: 0, most: 1, suffix: "?" + lazy)
    case 4: return .repetition(body, least: least, most: nil, suffix: "{\(least),}" + lazy)
    default:
      return .repetition(body, least: least, most: most, suffix: "{\(least),\(most)}" + lazy)
    }
  }

  private mutating func leaf() -> ReferencePattern {
    switch pick(8) {
    case 0: return .assertion(["^", "$", "\\b", "\\B"][pick(4)])
    case 1: return escape()
    case 2, 3, 4: return characterClass()
    default:
      let wanted = character()
      return .set(String(wanted)) { $0 == wanted }
    }
  }

  private mutating func escape() -> ReferencePattern {
    let spaces: Set<Unicode.Scalar> = [" ", "\n", "\u{A0}", "\u{2028}", "\u{FEFF}"]
    let words: Set<Unicode.Scalar> = ["a", "b", "1", "_"]
    switch pick(7) {
    case 0: return .set("\\d") { $0 == "1" }
    case 1: return .set("\\D") { $0 != "1" }
    case 2: return .set("\\s") { spaces.contains($0) }
    case 3: return .set("\\S") { !spaces.contains($0) }
    case 4: return .set("\\w") { words.contains($0) }
    case 5: return .set("\\W") { !words.contains($0) }
    default: return .set(".") { $0 != "\n" && $0 != "\u{2028}" }
    }
  }

  private mutating func characterClass() -> ReferencePattern {
    var source = ""
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    for _ in 0..<pick(4) {
      let (one, other) = (character(), character())
      let range = min(one, other)...max(one, other)
      ranges.append(range)
      source += "\\u{\(String(range.lowerBound.value, radix: 16))}"
      source += "-\\u{\(String(range.upperBound.value, radix: 16))}"
    }
    let members = ranges
    if pick(3) == 0 {
      return .set("[^\(source)]") { scalar in !members.contains { $0.contains(scalar) } }
    }
    return .set("[\(source)]") { scalar in members.contains { $0.contains(scalar) } }
  }
}
