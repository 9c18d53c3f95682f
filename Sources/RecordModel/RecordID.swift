/// A record's identifier: a UUIDv7 (RFC 9562), written in lower case. Stored inline.
public struct RecordID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Length of the written form.
  public static let textByteCount = 36

  /// The first eight bytes, big-endian: 48 bits of milliseconds, version 7, 12 random bits.
  public let high: UInt64
  /// The last eight bytes, big-endian: variant, 62 random bits.
  public let low: UInt64

  private init?(high: UInt64, low: UInt64) {
    guard high >> 12 & 0xF == 7, low >> 62 == 0b10 else { return nil }
    self.high = high
    self.low = low
  }

  /// Parses the written form, lower case and version 7 only.
  /// - Throws: `RecordModelError` with `.recordID` for anything else.
  public init(parsing text: String) throws(RecordModelError) {
    guard let id = RecordID(ascii: Array(text.utf8)[...]) else {
      throw RecordModelError(.recordID, "A record id must be a UUIDv7 in lower case.")
    }
    self = id
  }

  /// The identifier from its 16 bytes; nil unless they are a UUIDv7.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 16 else { return nil }
    self.init(
      high: bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) },
      low: bytes[8...].reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// The identifier from its written form; nil when it is not one.
  init?(ascii text: ArraySlice<UInt8>) {
    guard text.count == Self.textByteCount else { return nil }
    var (high, low) = (UInt64(0), UInt64(0))
    var position = 0
    for byte in text {
      if position == 8 || position == 13 || position == 18 || position == 23 {
        guard byte == 0x2D else { return nil }
      } else {
        let digit: UInt64
        switch byte {
        case 0x30...0x39: digit = UInt64(byte) - 0x30
        case 0x61...0x66: digit = UInt64(byte) - 0x57
        default: return nil
        }
        if position < 18 { high = high << 4 | digit } else { low = low << 4 | digit }
      }
      position += 1
    }
    self.init(high: high, low: low)
  }

  /// A new identifier for a moment. `random(n)` must return n bytes of the caller's randomness;
  /// ten are asked for. Moments before 1970 count as 1970, those past 48 bits as the last one.
  public static func generate(at time: Timestamp, random: (Int) -> [UInt8]) -> RecordID {
    let bytes = random(10)
    precondition(bytes.count == 10, "the source of randomness returned another number of bytes")
    let moment = UInt64(min(max(time.milliseconds, 0), 1 << 48 - 1))
    let first = UInt64(bytes[0]) << 8 | UInt64(bytes[1])
    let rest = bytes[2...].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let high = moment << 16 | 0x7000 | first & 0x0FFF
    let low = rest & (1 << 62 - 1) | 1 << 63
    // Version and variant were set on the two lines above, so the initialiser cannot refuse.
    return RecordID(high: high, low: low)!
  }

  /// The 16 bytes.
  public var bytes: [UInt8] {
    (0..<16).map { index in
      let half = index < 8 ? high : low
      return UInt8(truncatingIfNeeded: half >> UInt64((7 - index % 8) * 8))
    }
  }

  /// The moment that the identifier carries, to the millisecond.
  public var time: Timestamp { Timestamp(milliseconds: Int64(high >> 16)) }

  /// The written form.
  public var description: String {
    String(unsafeUninitializedCapacity: Self.textByteCount) { buffer in
      for index in 0..<Self.textByteCount { buffer[index] = character(at: index) }
      return Self.textByteCount
    }
  }

  /// Byte order, which for records of different milliseconds is order in time.
  public static func < (left: RecordID, right: RecordID) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  func append(to bytes: inout [UInt8]) {
    for index in 0..<Self.textByteCount { bytes.append(character(at: index)) }
  }

  private func character(at index: Int) -> UInt8 {
    let digit: Int
    switch index {
    case 8, 13, 18, 23: return 0x2D
    case ..<8: digit = index
    case ..<13: digit = index - 1
    case ..<18: digit = index - 2
    case ..<23: digit = index - 3
    default: digit = index - 4
    }
    let half = digit < 16 ? high : low
    return [UInt8].hexDigit(UInt8(half >> UInt64((15 - digit % 16) * 4) & 15))
  }
}
