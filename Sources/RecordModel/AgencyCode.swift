/// An agency's 18-character unified social credit code 统一社会信用代码 (GB 32100-2015), check
/// digit verified. Stored inline, compared by bytes.
public struct AgencyCode: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Length of every code, in characters and bytes.
  public static let byteCount = 18

  // Characters 0-7, 8-15 and 16-17, big-endian, so that integer order is byte order.
  private let high: UInt64
  private let low: UInt64
  private let tail: UInt16

  /// Parses a code.
  /// - Throws: `RecordModelError` with `.agencyCode` when length, alphabet or check digit is wrong.
  public init(_ text: String) throws(RecordModelError) {
    guard let code = AgencyCode(ascii: Array(text.utf8)[...]) else {
      throw RecordModelError(
        .agencyCode, "An agency code must be an 18-character credit code with its check digit.")
    }
    self = code
  }

  /// The code from its ASCII bytes; nil when it is not one.
  init?(ascii text: ArraySlice<UInt8>) {
    guard text.count == Self.byteCount else { return nil }
    var sum = 0
    var weight = 1
    var packed: (UInt64, UInt64, UInt16) = (0, 0, 0)
    var position = 0
    for byte in text {
      let value = Self.value(of: byte)
      guard value >= 0 else { return nil }
      // Characters 3 to 8 are the registering region's digits.
      if position >= 2, position < 8, value > 9 { return nil }
      if position < 8 {
        packed.0 = packed.0 << 8 | UInt64(byte)
      } else if position < 16 {
        packed.1 = packed.1 << 8 | UInt64(byte)
      } else {
        packed.2 = packed.2 << 8 | UInt16(byte)
      }
      // The check character takes part with weight 1: the whole must then vanish modulo 31.
      sum += value * (position == 17 ? 1 : weight)
      weight = weight * 3 % 31
      position += 1
    }
    guard sum % 31 == 0 else { return nil }
    (high, low, tail) = packed
  }

  /// The 18 characters.
  public var rawValue: String {
    String(unsafeUninitializedCapacity: Self.byteCount) { buffer in
      for index in 0..<Self.byteCount { buffer[index] = byte(at: index) }
      return Self.byteCount
    }
  }

  /// The 18 characters.
  public var description: String { rawValue }

  /// Byte order, which is the order of the characters.
  public static func < (left: AgencyCode, right: AgencyCode) -> Bool {
    (left.high, left.low, left.tail) < (right.high, right.low, right.tail)
  }

  func append(to bytes: inout [UInt8]) {
    for index in 0..<Self.byteCount { bytes.append(byte(at: index)) }
  }

  private func byte(at index: Int) -> UInt8 {
    switch index {
    case 0..<8: UInt8(truncatingIfNeeded: high >> UInt64((7 - index) * 8))
    case 8..<16: UInt8(truncatingIfNeeded: low >> UInt64((15 - index) * 8))
    default: UInt8(truncatingIfNeeded: tail >> UInt16((17 - index) * 8))
    }
  }

  /// The value of a character in the alphabet `0123456789ABCDEFGHJKLMNPQRTUWXY`, or -1.
  private static func value(of byte: UInt8) -> Int {
    switch byte {
    case 0x30...0x39: Int(byte) - 0x30
    case 0x41...0x48: Int(byte) - 0x41 + 10  // A-H
    case 0x4A...0x4E: Int(byte) - 0x4A + 18  // J-N
    case 0x50...0x52: Int(byte) - 0x50 + 23  // P-R
    case 0x54, 0x55: Int(byte) - 0x54 + 26  // T U
    case 0x57...0x59: Int(byte) - 0x57 + 28  // W X Y
    default: -1
    }
  }
}
