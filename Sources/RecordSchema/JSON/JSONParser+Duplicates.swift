/// Repeated names, compared as unescaped bytes.
///
/// Small objects are compared pair by pair; larger ones, and those with escapes in a name, are
/// sorted, so that no choice of names costs more than n log n comparisons. Nothing is hashed,
/// so there is nothing to flood.
extension JSONParser {
  /// Objects up to this many members are compared pair by pair.
  private static var pairwiseLimit: Int { 16 }

  /// The earliest name of a closed object that repeats an earlier one, as a tape index.
  func duplicateName(of object: Int) -> Int? {
    let count = tape.base[object].count
    guard count <= Self.pairwiseLimit else { return sortedDuplicate(of: object) }
    let end = Int(tape.base[object].next)
    var later = object + 1
    while later < end {
      let name = tape.base[later]
      if name.isEscaped { return sortedDuplicate(of: object) }
      let length = name.end - name.start
      var earlier = object + 1
      while earlier < later {
        let other = tape.base[earlier]
        if other.end - other.start == length,
          Self.areEqual(bytes + Int(name.start), bytes + Int(other.start), Int(length))
        {
          return later
        }
        earlier = Int(tape.base[earlier + 1].next)
      }
      later = Int(tape.base[later + 1].next)
    }
    return nil
  }

  @inline(__always)
  private static func areEqual(
    _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, _ count: Int
  ) -> Bool {
    for index in 0..<count where first[index] != second[index] { return false }
    return true
  }

  /// A name's unescaped bytes: in the document, or in a scratch array that outlives the sort.
  private struct Name {
    let index: Int
    let start: UnsafePointer<UInt8>
    let count: Int

    /// Shorter names first: most comparisons end at the lengths.
    func order(_ other: Name) -> Int {
      if count != other.count { return count < other.count ? -1 : 1 }
      for index in 0..<count where start[index] != other.start[index] {
        return start[index] < other.start[index] ? -1 : 1
      }
      return 0
    }
  }

  private func sortedDuplicate(of object: Int) -> Int? {
    let keys = keys(of: object)
    var scratch: [UInt8] = []
    var places: [Int: Range<Int>] = [:]
    for key in keys where tape.base[key].isEscaped {
      let entry = tape.base[key]
      let content = UnsafeBufferPointer(
        start: bytes + Int(entry.start), count: Int(entry.end - entry.start))
      let start = scratch.count
      scratch += Unescape.bytes(content, lone: .kept)
      places[key] = start..<scratch.count
    }
    return scratch.withUnsafeBufferPointer { scratch in
      var names = keys.map { key in
        let entry = tape.base[key]
        if let place = places[key], let base = scratch.baseAddress {
          return Name(index: key, start: base + place.lowerBound, count: place.count)
        }
        return Name(
          index: key, start: bytes + Int(entry.start), count: Int(entry.end - entry.start))
      }
      names.sort {
        let order = $0.order($1)
        return order == 0 ? $0.index < $1.index : order < 0
      }
      return zip(names, names.dropFirst()).lazy
        .filter { $0.order($1) == 0 }.map { $1.index }.min()
    }
  }

  private func keys(of object: Int) -> [Int] {
    var keys: [Int] = []
    keys.reserveCapacity(tape.base[object].count)
    var key = object + 1
    while key < Int(tape.base[object].next) {
      keys.append(key)
      key = Int(tape.base[key + 1].next)
    }
    return keys
  }
}
