/// Repeated names, compared as unescaped bytes.
///
/// Small objects are compared pair by pair, but only where a note of 64 bits leaves it open;
/// larger ones, and those with escapes in a name, are sorted, so that no choice of names costs
/// more than n log n comparisons. No verdict rests on a hash, so there is nothing to flood.
extension JSONParser {
  /// Objects up to this many members are compared pair by pair.
  private static var pairwiseLimit: Int { 32 }

  /// The earliest name of a closed object that repeats an earlier one, as a tape index.
  func duplicateName(of object: Int) -> Int? {
    guard tape.base[object].count <= Self.pairwiseLimit else { return sortedDuplicate(of: object) }
    let end = Int(tape.base[object].next)
    var seen: UInt64 = 0
    var key = object + 1
    while key < end {
      let entry = tape.base[key]
      if entry.isEscaped { return sortedDuplicate(of: object) }
      let name = Name(key, start: bytes + Int(entry.start), count: Int(entry.end - entry.start))
      let note = name.note
      if seen & note != 0, repeats(name, in: object) { return key }
      seen |= note
      key = Int(tape.base[key + 1].next)
    }
    return nil
  }

  /// Whether a name without escapes stands in its object before, also without.
  private func repeats(_ name: Name, in object: Int) -> Bool {
    var earlier = object + 1
    while earlier < name.index {
      let entry = tape.base[earlier]
      if Int(entry.end - entry.start) == name.count,
        name.order(Name(earlier, start: bytes + Int(entry.start), count: name.count)) == 0
      {
        return true
      }
      earlier = Int(tape.base[earlier + 1].next)
    }
    return false
  }

  // MARK: Large objects

  private func sortedDuplicate(of object: Int) -> Int? {
    let unescaped = unescapedNames(of: object)
    return unescaped.bytes.withUnsafeBufferPointer { scratch in
      var names = names(of: object, unescaped: scratch, ends: unescaped.ends)
      names.sort {
        let order = $0.order($1)
        return order == 0 ? $0.index < $1.index : order < 0
      }
      var earliest: Int?
      for place in names.indices.dropFirst() where names[place - 1].order(names[place]) == 0 {
        earliest = min(earliest ?? .max, names[place].index)
      }
      return earliest
    }
  }

  /// The names that hold escapes, unescaped one behind the other, and where each ends.
  private func unescapedNames(of object: Int) -> (bytes: [UInt8], ends: [Int]) {
    var unescaped: [UInt8] = []
    var ends: [Int] = []
    forEachName(of: object) { _, entry in
      guard entry.isEscaped else { return }
      let content = UnsafeBufferPointer(
        start: bytes + Int(entry.start), count: Int(entry.end - entry.start))
      unescaped += Unescape.bytes(content, lone: .kept)
      ends.append(unescaped.count)
    }
    return (unescaped, ends)
  }

  private func names(
    of object: Int, unescaped: UnsafeBufferPointer<UInt8>, ends: [Int]
  ) -> [Name] {
    var names: [Name] = []
    names.reserveCapacity(tape.base[object].count)
    var place = 0
    forEachName(of: object) { key, entry in
      // Where nothing was unescaped, the names in question are empty or there is none.
      if entry.isEscaped, let base = unescaped.baseAddress {
        let start = place == 0 ? 0 : ends[place - 1]
        names.append(Name(key, start: base + start, count: ends[place] - start))
        place += 1
      } else {
        names.append(
          Name(key, start: bytes + Int(entry.start), count: Int(entry.end - entry.start)))
      }
    }
    return names
  }

  private func forEachName(of object: Int, _ body: (Int, TapeEntry) -> Void) {
    var key = object + 1
    while key < Int(tape.base[object].next) {
      body(key, tape.base[key])
      key = Int(tape.base[key + 1].next)
    }
  }
}

extension JSONParser {
  /// A member's name: its bytes in the document, or unescaped in scratch memory that outlives it.
  fileprivate struct Name {
    let index: Int
    let start: UnsafePointer<UInt8>
    let count: Int

    init(_ index: Int, start: UnsafePointer<UInt8>, count: Int) {
      self.index = index
      self.start = start
      self.count = count
    }

    /// One bit of 64, the same for the same name.
    var note: UInt64 {
      guard count > 0 else { return 1 }
      let mixed =
        UInt64(start[0]) &* 31 &+ UInt64(start[count - 1]) &* 7 &+ UInt64(start[count / 2])
      return 1 << ((mixed &+ UInt64(count) &* 13) & 63)
    }

    /// −1, 0 or 1 in some order of all names: shorter ones first, as most comparisons then end at
    /// the lengths; within a length by eight bytes at a time.
    @inline(__always)
    func order(_ other: Name) -> Int {
      if count != other.count { return count < other.count ? -1 : 1 }
      var place = 0
      while place + 8 <= count {
        let word = UnsafeRawPointer(start + place).loadUnaligned(as: UInt64.self)
        let otherWord = UnsafeRawPointer(other.start + place).loadUnaligned(as: UInt64.self)
        if word != otherWord { return word < otherWord ? -1 : 1 }
        place += 8
      }
      while place < count {
        if start[place] != other.start[place] { return start[place] < other.start[place] ? -1 : 1 }
        place += 1
      }
      return 0
    }
  }
}
