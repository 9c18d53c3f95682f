/// Normalisation form C (Unicode Standard Annex 15), decided on UTF-8 with pinned tables, in one
/// pass and without memory of its own, so that no text makes it slow or large.
///
/// A scalar of class 0 never combines with what stands before it: it starts a segment that can be
/// judged alone. Most segments are one such scalar. A mark of a lower class than the one before it
/// is out of order, which NFC never is; where a scalar might combine, the segment is composed
/// again (``NFCSegment``) and must come out as it went in.
enum NFC {
  /// 0: a starter that NFC leaves alone and that combines with nothing before it. Otherwise `no`,
  /// or the combining class with or without `maybe`.
  typealias QuickClass = UInt16

  static let no: QuickClass = 0x200
  static let maybe: QuickClass = 0x100

  /// Whether well-formed UTF-8 is in normalisation form C.
  static func isNormalized(_ utf8: UnsafeBufferPointer<UInt8>) -> Bool {
    var scalars = UTF8Scalars(utf8, 0..<utf8.count)
    var segment = 0
    var mayCombine = false
    var lastClass: UInt8 = 0
    while true {
      let place = scalars.position
      guard let scalar = scalars.next() else { break }
      let quickClass = NFCData.quickClass(scalar)
      if quickClass == 0 {
        if mayCombine, !NFCSegment.isComposed(utf8, segment..<place) { return false }
        segment = place
        mayCombine = false
        lastClass = 0
        continue
      }
      if quickClass & no != 0 { return false }
      let combiningClass = UInt8(truncatingIfNeeded: quickClass)
      if combiningClass != 0, combiningClass < lastClass { return false }
      lastClass = combiningClass
      if quickClass & maybe != 0 { mayCombine = true }
    }
    return !mayCombine || NFCSegment.isComposed(utf8, segment..<utf8.count)
  }
}

/// The scalars of a part of well-formed UTF-8.
struct UTF8Scalars: Sequence, IteratorProtocol {
  private let utf8: UnsafeBufferPointer<UInt8>
  private let end: Int
  /// Where the next scalar begins.
  private(set) var position: Int

  /// `range` begins and ends between scalars.
  init(_ utf8: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    self.utf8 = utf8
    self.position = range.lowerBound
    self.end = range.upperBound
  }

  @inline(__always)
  mutating func next() -> UInt32? {
    guard position < end else { return nil }
    let lead = UInt32(utf8[position])
    switch lead {
    case ..<0x80:
      position += 1
      return lead
    case ..<0xE0:
      defer { position += 2 }
      return (lead & 0x1F) << 6 | trail(1)
    case ..<0xF0:
      defer { position += 3 }
      return (lead & 0x0F) << 12 | trail(1) << 6 | trail(2)
    default:
      defer { position += 4 }
      return (lead & 0x07) << 18 | trail(1) << 12 | trail(2) << 6 | trail(3)
    }
  }

  private func trail(_ offset: Int) -> UInt32 { UInt32(utf8[position + offset] & 0x3F) }
}
