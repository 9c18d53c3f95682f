/// Two things that are asked of UTF-8 all the time.
enum TextBytes {
  /// Every byte but the continuations. Branch-free, so that the compiler makes vectors of it.
  static func codePoints(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    var count = 0
    for byte in text { count &+= byte & 0xC0 == 0x80 ? 0 : 1 }
    return count
  }

  /// Eight bytes at a time; the last eight may overlap those before.
  @inline(__always)
  static func areEqual(
    _ first: UnsafeRawPointer, _ second: UnsafeRawPointer, _ count: Int
  ) -> Bool {
    switch count {
    case 8...:
      var offset = 0
      while offset + 8 <= count {
        if !same(first, second, UInt64.self, at: offset) { return false }
        offset += 8
      }
      return same(first, second, UInt64.self, at: count - 8)
    case 4...:
      return same(first, second, UInt32.self, at: 0)
        && same(first, second, UInt32.self, at: count - 4)
    case 2...:
      return same(first, second, UInt16.self, at: 0)
        && same(first, second, UInt16.self, at: count - 2)
    case 1: return same(first, second, UInt8.self, at: 0)
    default: return true
    }
  }

  @inline(__always)
  private static func same<T: FixedWidthInteger>(
    _ first: UnsafeRawPointer, _ second: UnsafeRawPointer, _: T.Type, at offset: Int
  ) -> Bool {
    first.loadUnaligned(fromByteOffset: offset, as: T.self)
      == second.loadUnaligned(fromByteOffset: offset, as: T.self)
  }
}
