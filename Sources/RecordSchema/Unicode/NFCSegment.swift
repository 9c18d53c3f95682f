/// One segment of text, decomposed and composed again as it is read, and compared on the way.
///
/// Its marks are in order already; only those that come out of a decomposed starter have to be
/// merged in. So nothing is sorted and nothing is stored but what one starter decomposes to.
struct NFCSegment {
  /// The segment itself: what composing must produce.
  private var expected: UTF8Scalars
  /// The last starter so far, marks composed into it, and what must come of it.
  private var starter: UInt32?
  private var expectedStarter: UInt32?
  /// Class of the last mark that stands uncomposed behind the starter; 0 when none does.
  private var lastClass: UInt8 = 0
  /// Marks out of the last starter's decomposition, not yet composed: `pending[first..<count]`.
  private var pending = SIMD4<UInt32>()
  private var firstPending = 0
  private var pendingCount = 0

  /// Whether a segment of well-formed UTF-8, its marks in order and nothing in it that NFC never
  /// contains, is in normalisation form C.
  static func isComposed(_ utf8: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    var segment = NFCSegment(expected: UTF8Scalars(utf8, range))
    for scalar in UTF8Scalars(utf8, range) {
      guard segment.take(scalar) else { return false }
    }
    return segment.end()
  }

  private init(expected: UTF8Scalars) { self.expected = expected }

  private mutating func take(_ scalar: UInt32) -> Bool {
    let combiningClass = NFCData.combiningClass(scalar)
    guard combiningClass == 0 else {
      return flush(upTo: combiningClass) && append(scalar, combiningClass)
    }
    guard flush(upTo: .max) else { return false }
    var parts = SIMD4<UInt32>()
    let count = NFCData.decompose(scalar, into: &parts)
    firstPending = 0
    pendingCount = 0
    for index in 0..<count {
      let partClass = NFCData.combiningClass(parts[index])
      if partClass == 0 {
        guard append(parts[index], 0) else { return false }
      } else {
        pending[pendingCount] = parts[index]
        pendingCount += 1
      }
    }
    return true
  }

  /// Marks of a starter come before the text's own marks of the same class.
  private mutating func flush(upTo combiningClass: UInt8) -> Bool {
    while firstPending < pendingCount {
      let mark = pending[firstPending]
      let markClass = NFCData.combiningClass(mark)
      guard markClass <= combiningClass else { return true }
      guard append(mark, markClass) else { return false }
      firstPending += 1
    }
    return true
  }

  /// The next scalar of the decomposed text: goes into the starter, or stands for itself and must
  /// be what the text has there.
  private mutating func append(_ scalar: UInt32, _ combiningClass: UInt8) -> Bool {
    // Blocked when a mark of an equal or higher class, or before a starter any, stands between.
    if let starter, lastClass == 0 || lastClass < combiningClass,
      let composite = NFCData.composite(starter, scalar)
    {
      self.starter = composite
      return true
    }
    let next = expected.next()
    if combiningClass == 0 {
      guard starter == expectedStarter else { return false }
      starter = scalar
      expectedStarter = next
      lastClass = 0
      return next != nil
    }
    lastClass = combiningClass
    return next == scalar
  }

  private mutating func end() -> Bool {
    flush(upTo: .max) && starter == expectedStarter && expected.next() == nil
  }
}
