/// Equality of JSON values as JSON Schema defines it (Core, section 4.2.2): numbers by value,
/// strings by code points, objects without regard to order.
enum JSONEquality {
  /// Members up to this many are looked for one by one; more are sorted first.
  private static let linearLimit = 16

  static func areEqual(_ first: JSONView, _ index: Int, _ second: JSONView, _ other: Int) -> Bool {
    guard first.kind(index) == second.kind(other) else { return false }
    switch first.kind(index) {
    case .null, .false, .true: return true
    case .number:
      return DecimalToken(first.content(index)) == DecimalToken(second.content(other))
    case .string: return haveEqualText(first, index, second, other)
    case .array: return areEqualArrays(first, index, second, other)
    case .object: return areEqualObjects(first, index, second, other)
    }
  }

  private static func areEqualArrays(
    _ first: JSONView, _ index: Int, _ second: JSONView, _ other: Int
  ) -> Bool {
    guard first.tape[index].count == second.tape[other].count else { return false }
    var (left, right) = (index + 1, other + 1)
    while left < first.next(index) {
      guard areEqual(first, left, second, right) else { return false }
      (left, right) = (first.next(left), second.next(right))
    }
    return true
  }

  /// Names are unique in each, so equal counts and every member found make them equal.
  private static func areEqualObjects(
    _ first: JSONView, _ index: Int, _ second: JSONView, _ other: Int
  ) -> Bool {
    let count = first.tape[index].count
    guard count == second.tape[other].count else { return false }
    if count <= linearLimit {
      return keys(first, index).allSatisfy { left in
        keys(second, other).contains { right in
          haveEqualText(first, left, second, right)
            && areEqual(first, left + 1, second, right + 1)
        }
      }
    }
    return zip(sortedKeys(first, index), sortedKeys(second, other)).allSatisfy { left, right in
      haveEqualText(first, left, second, right) && areEqual(first, left + 1, second, right + 1)
    }
  }

  private static func keys(_ view: JSONView, _ object: Int) -> [Int] {
    var keys: [Int] = []
    keys.reserveCapacity(view.tape[object].count)
    var key = object + 1
    while key < view.next(object) {
      keys.append(key)
      key = view.next(key + 1)
    }
    return keys
  }

  private static func sortedKeys(_ view: JSONView, _ object: Int) -> [Int] {
    keys(view, object).sorted { left, right in
      withExactText(view, left) { left in
        withExactText(view, right) { left.lexicographicallyPrecedes($0) }
      }
    }
  }

  private static func haveEqualText(
    _ first: JSONView, _ index: Int, _ second: JSONView, _ other: Int
  ) -> Bool {
    withExactText(first, index) { text in
      withExactText(second, other) { $0.count == text.count && $0.elementsEqual(text) }
    }
  }

  /// Unescaped, with different halves of surrogate pairs kept apart.
  private static func withExactText<R>(
    _ view: JSONView, _ index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> R
  ) -> R {
    guard view.tape[index].isEscaped else { return body(view.content(index)) }
    return Unescape.bytes(view.content(index), lone: .kept).withUnsafeBufferPointer(body)
  }

  // MARK: Repetitions

  /// The second of two equal elements of an array, or nil.
  ///
  /// Few elements are compared pair by pair; more are first sorted by a hash that the sender
  /// cannot foresee (it is seeded anew in each process), so that only likely pairs are compared.
  /// Comparisons cost `fuel` by the bytes that they may have to look at; none are made without.
  static func repetition(in view: JSONView, _ array: Int, fuel: inout Int) -> Int? {
    var elements: [Int] = []
    var element = array + 1
    while element < view.next(array) {
      elements.append(element)
      element = view.next(element)
    }
    guard elements.count > linearLimit else { return firstRepetition(of: elements, view, &fuel) }
    let hashed = elements.map { (hash: hash(of: view, $0), element: $0) }
      .sorted { ($0.hash, $0.element) < ($1.hash, $1.element) }
    var found: Int?
    var start = 0
    while start < hashed.count {
      var end = start + 1
      while end < hashed.count, hashed[end].hash == hashed[start].hash { end += 1 }
      let repeated = firstRepetition(of: hashed[start..<end].map(\.element), view, &fuel)
      found = [found, repeated].compactMap { $0 }.min()
      start = end
    }
    return found
  }

  private static func firstRepetition(
    of elements: [Int], _ view: JSONView, _ fuel: inout Int
  ) -> Int? {
    for (place, element) in elements.enumerated() {
      let cost = 4 + Int(view.tape[element].end - view.tape[element].start) / 8
      for earlier in elements[..<place] {
        fuel -= cost
        if fuel < 0 { return nil }
        if areEqual(view, earlier, view, element) { return element }
      }
    }
    return nil
  }

  private static func hash(of view: JSONView, _ index: Int) -> Int {
    var hasher = Hasher()
    feed(view, index, to: &hasher)
    return hasher.finalize()
  }

  private static func feed(_ view: JSONView, _ index: Int, to hasher: inout Hasher) {
    // With its length, so that no two values feed the same bytes unless they are equal: a sender
    // could else choose many different ones whose hashes agree.
    hasher.combine(view.kind(index))
    hasher.combine(view.tape[index].count)
    switch view.kind(index) {
    case .null, .false, .true: break
    case .number: DecimalToken(view.content(index)).parts.hash(into: &hasher)
    case .string:
      withExactText(view, index) {
        hasher.combine($0.count)
        hasher.combine(bytes: UnsafeRawBufferPointer($0))
      }
    case .array:
      var element = index + 1
      while element < view.next(index) {
        feed(view, element, to: &hasher)
        element = view.next(element)
      }
    case .object:
      // A sum does not mind the order of members.
      hasher.combine(
        keys(view, index).reduce(0) { sum, key in
          var member = Hasher()
          feed(view, key, to: &member)
          feed(view, key + 1, to: &member)
          return sum &+ member.finalize()
        })
    }
  }
}

extension DecimalParts {
  private static var farPoint: Int { 100_000_000_000_000 }

  /// Equal values feed equal digits, whatever way they are written.
  fileprivate func hash(into hasher: inout Hasher) {
    guard !isZero else { return hasher.combine(0) }
    hasher.combine(isNegative)
    hasher.combine(count)
    // Where the point lies beyond what can be told exactly, all are one.
    hasher.combine(max(-Self.farPoint, min(point, Self.farPoint)))
    for place in 0..<count { hasher.combine(UInt8(truncatingIfNeeded: digit(place))) }
  }
}
