/// A scalar automaton spelt out over the bytes of UTF-8. States 0 and 1 are its sinks, as in
/// ``ScalarAutomaton``; then come those in which a text that ends there matches; then its other
/// states; then those within a character.
///
/// Texts are well-formed, so what bytes cannot come next need no thought: they lead to state 0.
struct ByteAutomaton {
  /// States times columns: what 16 bits can number.
  static let entryLimit = 65_535
  /// States: each needs a column or more, and those with many followers need many.
  static let stateLimit = 8_192

  /// The bytes that may follow a lead byte, from 0x80 on.
  private typealias Followers = [UInt16]

  private(set) var start = 0
  /// States below it accept when the text ends, but for state 0.
  private(set) var acceptsBelow = 0
  /// For each state, the next one by column.
  private(set) var rows: [[UInt16]] = []
  /// For each byte, its column.
  private(set) var columns = [UInt8](repeating: 0, count: 256)
  private(set) var skip: Skip?

  /// A state, and the bytes that may lead elsewhere from it: all others begin characters that lead
  /// back to it, or do not begin one.
  struct Skip {
    var state: Int
    var ranges: [ClosedRange<UInt8>]
  }

  private let automaton: ScalarAutomaton
  /// The byte state of each scalar state.
  private var numbers: [Int] = []
  private var followers: [Followers] = []
  private var known: [Followers: Int] = [:]
  private var firstFollower = 0

  /// Nil when it would be too large.
  init?(_ automaton: ScalarAutomaton) {
    self.automaton = automaton
    guard let trie = UTF8Trie(automaton.alphabet) else { return nil }
    number()
    guard let whole = spell(trie) else { return nil }
    guard compress(whole) else { return nil }
    start = numbers[automaton.start]
    skip = bestSkip(whole)
  }

  /// Numbers the states that can be reached, those that accept first.
  private mutating func number() {
    var isReached = [Bool](repeating: false, count: automaton.transitions.count)
    var waiting = [automaton.start]
    while let state = waiting.popLast() {
      if isReached[state] { continue }
      isReached[state] = true
      waiting += automaton.transitions[state]
    }
    numbers = [Int](repeating: 0, count: isReached.count)
    numbers[ScalarAutomaton.accepted] = 1
    var next = 2
    for accepts in [true, false] {
      for state in isReached.indices.dropFirst(2)
      where isReached[state] && automaton.acceptsEnd[state] == accepts {
        numbers[state] = next
        next += 1
      }
      if accepts { acceptsBelow = next }
    }
    firstFollower = next
  }

  // MARK: Spelling

  /// Rows of 256 for the scalar states, in the order of their numbers.
  private mutating func spell(_ trie: UTF8Trie) -> [[UInt16]]? {
    var whole = [[UInt16]](repeating: [], count: firstFollower)
    whole[0] = [UInt16](repeating: 0, count: 256)
    whole[1] = [UInt16](repeating: 1, count: 256)
    for state in numbers.indices.dropFirst(2) where numbers[state] > 1 {
      var row = [UInt16](repeating: 0, count: 256)
      var cache = [Int?](repeating: nil, count: trie.nodes.count)
      for lead in trie.leads {
        guard let target = target(of: lead.child, from: state, trie, &cache) else { return nil }
        for byte in lead.bytes { row[Int(byte)] = UInt16(target) }
      }
      whole[numbers[state]] = row
    }
    return whole
  }

  /// Where a byte leads; nil when there are too many states.
  private mutating func target(
    of child: UTF8Trie.Child, from state: Int, _ trie: UTF8Trie, _ cache: inout [Int?]
  ) -> Int? {
    switch child {
    case .unused: return 0
    case .members(let member, let length):
      var target = numbers[automaton.transitions[state][member]]
      for _ in 0..<length {
        guard let next = intern(Followers(repeating: UInt16(target), count: 64)) else { return nil }
        target = next
      }
      return target
    case .node(let node):
      if let cached = cache[node] { return cached }
      var row: Followers = []
      var unused: [Int] = []
      for (index, child) in trie.nodes[node].enumerated() {
        if case .unused = child { unused.append(index) }
        guard let target = target(of: child, from: state, trie, &cache) else { return nil }
        row.append(UInt16(target))
      }
      // What cannot come may as well lead where its neighbours do.
      if let used = row.indices.first(where: { !unused.contains($0) }) {
        for index in unused { row[index] = row[used] }
      }
      let target = intern(row)
      cache[node] = target
      return target
    }
  }

  private mutating func intern(_ row: Followers) -> Int? {
    // Inside a character there is no going back: a sink is reached at once.
    if row[0] <= 1, row.allSatisfy({ $0 == row[0] }) { return Int(row[0]) }
    if let place = known[row] { return place }
    let place = firstFollower + followers.count
    guard place < Self.stateLimit else { return nil }
    followers.append(row)
    known[row] = place
    return place
  }

  // MARK: Columns

  /// Bytes that every state takes alike share a column.
  private mutating func compress(_ whole: [[UInt16]]) -> Bool {
    let count = whole.count + followers.count
    guard count * 2 <= Self.entryLimit else { return false }
    var known: [[UInt16]: UInt8] = [:]
    var representatives: [Int] = []
    for byte in 0..<256 {
      let isFollower = byte & 0xC0 == 0x80
      // Sinks lead back to themselves by every byte.
      let column =
        isFollower
        ? [0, 1] + followers.map { $0[byte & 0x3F] } : [1, 0] + whole.map { $0[byte] }
      let place = known[column] ?? UInt8(representatives.count)
      if known[column] == nil {
        known[column] = place
        representatives.append(byte)
        guard count * representatives.count <= Self.entryLimit else { return false }
      }
      columns[byte] = place
    }
    for (state, row) in whole.enumerated() {
      rows.append(
        representatives.map { $0 & 0xC0 == 0x80 ? (state == 1 ? 1 : 0) : row[$0] })
    }
    for row in followers {
      rows.append(representatives.map { $0 & 0xC0 == 0x80 ? row[$0 & 0x3F] : 0 })
    }
    return true
  }

  // MARK: Skipping

  /// The state that is worth looking out of by whole vectors, if there is one.
  private func bestSkip(_ whole: [[UInt16]]) -> Skip? {
    var best: (skip: Skip, count: Int)?
    for state in whole.indices.dropFirst(2) {
      let bytes = leaving(state, whole[state])
      guard bytes.count <= ByteMachine.skippedLeadsMost, bytes.count < best?.count ?? 256 else {
        continue
      }
      let ranges = Self.ranges(bytes)
      guard ranges.count <= ByteMachine.rangeLimit else { continue }
      best = (Skip(state: state, ranges: ranges), bytes.count)
    }
    return best?.skip
  }

  /// The first bytes of characters that may lead elsewhere.
  private func leaving(_ state: Int, _ row: [UInt16]) -> [UInt8] {
    var back = [state]
    for _ in 0..<3 {
      guard let last = back.last,
        let next = known[Followers(repeating: UInt16(last), count: 64)]
      else { break }
      back.append(next)
    }
    return UTF8Trie.firstBytes.filter { byte in
      let length = UTF8Trie.length(of: byte)
      return length >= back.count || Int(row[Int(byte)]) != back[length]
    }
  }

  private static func ranges(_ bytes: [UInt8]) -> [ClosedRange<UInt8>] {
    var ranges: [ClosedRange<UInt8>] = []
    for byte in bytes {
      // 0xC0 and 0xC1 never come, so ranges may run over them; a follower must not be in one.
      if let last = ranges.last, last.upperBound + 1 == byte {
        ranges[ranges.count - 1] = last.lowerBound...byte
      } else {
        ranges.append(byte...byte)
      }
    }
    return ranges
  }
}
