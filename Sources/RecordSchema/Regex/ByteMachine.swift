/// A byte automaton laid out for running: two dependent loads a byte, and whole vectors at once
/// where the text stays in one state. Plain values and pointers, so that running counts no
/// references; whoever makes one frees it with ``release()``.
struct ByteMachine {
  /// Ranges of bytes that a vector is compared with.
  static let rangeLimit = 8
  /// Of the bytes that can begin a character, as many may leave the state that is skipped in.
  static let skippedLeadsMost = 150

  private typealias Vector = SIMD32<UInt8>
  private static let width = 32
  /// Bytes of text that skipping needs.
  private static let shortest = 4

  /// Rows of `stride` entries. A state is the index of its row's first entry, so that the next
  /// state is one addition and one load away.
  private let table: UnsafeMutablePointer<UInt16>
  /// For each byte, its column.
  private let columns: UnsafeMutablePointer<UInt8>
  /// Each range's first byte and its length less one, in every lane.
  private let ranges: UnsafeMutablePointer<Vector>
  private let rangeCount: Int
  private let start: Int
  private let accepted: Int
  private let acceptsBelow: Int
  /// The state to skip in; larger than any when there is none.
  private let skipped: Int

  init(_ automaton: ByteAutomaton) {
    let stride = automaton.rows[0].count
    // No index is above ByteAutomaton.entryLimit, which 16 bits hold.
    func index(_ state: Int) -> Int { state * stride }
    table = .allocate(capacity: automaton.rows.count * stride)
    for (state, row) in automaton.rows.enumerated() {
      for (column, target) in row.enumerated() {
        (table + state * stride + column).initialize(to: UInt16(index(Int(target))))
      }
    }
    columns = .allocate(capacity: 256)
    columns.initialize(from: automaton.columns, count: 256)
    let skip = automaton.skip
    rangeCount = skip?.ranges.count ?? 0
    ranges = .allocate(capacity: 2 * rangeCount)
    for (place, range) in (skip?.ranges ?? []).enumerated() {
      (ranges + 2 * place).initialize(to: Vector(repeating: range.lowerBound))
      (ranges + 2 * place + 1).initialize(
        to: Vector(repeating: range.upperBound - range.lowerBound))
    }
    start = index(automaton.start)
    accepted = index(1)
    acceptsBelow = index(automaton.acceptsBelow)
    skipped = skip.map { index($0.state) } ?? .max
  }

  func release() {
    table.deallocate()
    columns.deallocate()
    ranges.deallocate()
  }

  /// Every index into `table` is a row's first entry, which `init` put there, and a column, of
  /// which a row has one for every byte: no text, well-formed or not, leads out of it.
  @inline(__always)
  private func next(_ state: Int, _ byte: UInt8) -> Int {
    // In this order the column's address does not wait for the state.
    let column = table + Int(columns[Int(byte)])
    return Int(column[state])
  }

  @inline(__always)
  func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    // A sink at the start needs no text; an empty buffer may have no base address.
    guard start > accepted, let bytes = text.baseAddress else { return acceptsEnd(start) }
    return skipped == .max
      ? step(bytes, text.count) : stepAndSkip(bytes, text.count)
  }

  @inline(__always)
  private func acceptsEnd(_ state: Int) -> Bool { state < acceptsBelow && state != 0 }

  @inline(__always)
  private func step(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    var state = start
    var index = 0
    while index < count {
      state = next(state, bytes[index])
      if state <= accepted { return state == accepted }
      index &+= 1
    }
    return acceptsEnd(state)
  }

  private func stepAndSkip(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    var state = start
    var index = 0
    while index < count {
      if state == skipped, count &- index >= Self.shortest {
        (index, state) =
          count &- index >= Self.width
          ? skip(bytes, from: index, count) : skipShort(bytes, from: index, count)
        if state <= accepted { return state == accepted }
        if index == count { break }
      }
      state = next(state, bytes[index])
      if state <= accepted { return state == accepted }
      index &+= 1
    }
    return acceptsEnd(state)
  }

  // MARK: Skipping

  /// Goes on in the skipped state for as long as it lasts: where it ends, and the state there.
  /// At least a vector of text is left.
  @inline(__always)
  private func skip(_ bytes: UnsafePointer<UInt8>, from start: Int, _ count: Int) -> (Int, Int) {
    var index = start
    while true {
      let text = UnsafeRawPointer(bytes + index).loadUnaligned(as: Vector.self)
      let left = leave(leaving(text), bytes, count, low: index, high: index, half: Self.width)
      if let left { return left }
      index &+= Self.width
      if count &- index >= Self.width { continue }
      if index >= count { return (count, skipped) }
      // The last vector overlaps the one before: what is met again leads back again.
      index = count &- Self.width
    }
  }

  /// The same where less than a vector is left, but ``shortest`` or more: the first and the last
  /// 4, 8 or 16 bytes, which overlap, and bytes that begin no character.
  @inline(__always)
  private func skipShort(
    _ bytes: UnsafePointer<UInt8>, from start: Int, _ count: Int
  ) -> (Int, Int) {
    let left = count &- start
    let half = left >= 16 ? 16 : left >= 8 ? 8 : 4
    let first = UnsafeRawPointer(bytes + start)
    let last = UnsafeRawPointer(bytes + (count &- half))
    var words = SIMD4<UInt64>(repeating: 0x8080_8080_8080_8080)
    if half == 4 {
      words[0] =
        UInt64(first.loadUnaligned(as: UInt32.self))
        | UInt64(last.loadUnaligned(as: UInt32.self)) << 32
    } else if half == 8 {
      words[0] = first.loadUnaligned(as: UInt64.self)
      words[1] = last.loadUnaligned(as: UInt64.self)
    } else {
      words.lowHalf = first.loadUnaligned(as: SIMD2<UInt64>.self)
      words.highHalf = last.loadUnaligned(as: SIMD2<UInt64>.self)
    }
    // Both are 32 bytes, of which any are a valid value of either.
    let hits = leaving(unsafeBitCast(words, to: Vector.self))
    let end = leave(hits, bytes, count, low: start, high: count &- 2 &* half, half: half)
    return end ?? (count, skipped)
  }

  /// Looks at the characters whose first bytes were hit, in their order: where the first one that
  /// leads elsewhere ends, and where it leads. A lane's byte stands at `low` plus the lane in the
  /// lanes below `half`, at `high` plus the lane in the others.
  @inline(__always)
  private func leave(
    _ hits: SIMD4<UInt64>, _ bytes: UnsafePointer<UInt8>, _ count: Int, low: Int, high: Int,
    half: Int
  ) -> (Int, Int)? {
    if hits == .zero { return nil }
    for part in 0..<4 {
      var word = hits[part]
      while word != 0 {
        let bit = word.trailingZeroBitCount & ~7
        word &= ~(0xFF << UInt64(bit))
        let lane = part &* 8 &+ bit / 8
        let (after, state) = character(bytes, at: lane &+ (lane < half ? low : high), count)
        if state != skipped { return (after, state) }
      }
    }
    return nil
  }

  /// Takes one character, beginning in the skipped state.
  @inline(__always)
  private func character(_ bytes: UnsafePointer<UInt8>, at start: Int, _ count: Int) -> (Int, Int) {
    var state = next(skipped, bytes[start])
    var index = start &+ 1
    while state > accepted, index < count, bytes[index] & 0xC0 == 0x80 {
      state = next(state, bytes[index])
      index &+= 1
    }
    return (index, state)
  }

  /// All ones in the lanes of bytes that lie in a range.
  @inline(__always)
  private func leaving(_ text: Vector) -> SIMD4<UInt64> {
    var hits = SIMDMask<SIMD32<Int8>>(repeating: false)
    for place in 0..<rangeCount {
      hits .|= (text &- ranges[2 &* place]) .<= ranges[2 &* place &+ 1]
    }
    // A mask of 32 lanes of eight bits is 32 bytes, of which any are a valid SIMD4<UInt64>.
    return unsafeBitCast(hits, to: SIMD4<UInt64>.self)
  }
}
