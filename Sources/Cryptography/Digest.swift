/// A 32-byte digest, stored inline: copying, comparing and hashing one never touches the heap.
public struct Digest: Hashable, Sendable, CustomStringConvertible {
  /// The bytes in memory order, eight to a word, so equality is four comparisons.
  @usableFromInline var words: (UInt64, UInt64, UInt64, UInt64)

  /// How many bytes a digest has.
  public static let byteCount = 32

  /// 32 zero bytes: `prev` of a channel's first record.
  public static let zero = Digest()

  @usableFromInline
  init() {
    words = (0, 0, 0, 0)
  }

  /// The digest with these bytes; nil unless there are exactly 32.
  @inlinable
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    self.init()
    Swift.withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
  }

  /// The digest at this address. The buffer must hold exactly 32 bytes; it need not be aligned.
  @inlinable
  public init(unsafeBytes: UnsafeRawBufferPointer) {
    precondition(unsafeBytes.count == 32, "a digest has 32 bytes")
    self.init()
    Swift.withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: unsafeBytes) }
  }

  /// The 32 bytes as an array.
  @inlinable
  public var bytes: [UInt8] {
    withUnsafeBytes { Array($0) }
  }

  /// Lends the 32 bytes in place; the pointer is dead when the closure returns.
  @inlinable
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try Swift.withUnsafeBytes(of: words, body)
  }

  /// Whether all 32 bytes are equal. Not constant in time: digests here are public.
  @inlinable
  public static func == (a: Digest, b: Digest) -> Bool {
    a.words == b.words
  }

  /// Feeds all 32 bytes to the hasher.
  @inlinable
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }

  /// 64 lower-case hexadecimal digits.
  public var description: String {
    withUnsafeBytes { source in
      String(unsafeUninitializedCapacity: 64) { target in
        for (index, byte) in source.enumerated() {
          target[2 * index] = Self.hexDigit(byte >> 4)
          target[2 * index + 1] = Self.hexDigit(byte & 15)
        }
        return 64
      }
    }
  }

  /// The digest with this description: 64 lower-case hexadecimal digits; nil where it is none's.
  public init?(hexadecimal text: some StringProtocol) {
    let digits = Array(text.utf8)
    guard digits.count == 2 * Self.byteCount else { return nil }
    let values = digits.compactMap { digit -> UInt8? in
      switch digit {
      case 0x30...0x39: digit - 0x30
      case 0x61...0x66: digit - 0x57
      default: nil
      }
    }
    guard values.count == digits.count else { return nil }
    self.init(stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] })
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? 48 + value : 87 + value
  }
}
