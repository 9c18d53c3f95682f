import Synchronization

/// Bytes that look random and are the same in every run: SplitMix64 from a seed. For tests only.
public final class SeededRandom: Sendable {
  private let state: Mutex<UInt64>

  /// Equal seeds give equal sequences.
  public init(seed: UInt64) {
    state = Mutex(seed)
  }

  /// The next 64 bits.
  public func next() -> UInt64 {
    state.withLock { Self.step(&$0) }
  }

  /// The next `count` bytes, in one piece: concurrent callers never share a word.
  public func bytes(_ count: Int) -> [UInt8] {
    state.withLock { state in
      var bytes: [UInt8] = []
      bytes.reserveCapacity(count)
      while bytes.count < count {
        let word = Self.step(&state)
        for shift in 0..<min(8, count - bytes.count) {
          bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift * 8)))
        }
      }
      return bytes
    }
  }

  /// A number below `bound`, which must be positive. The bias of the remainder does not matter here.
  public func below(_ bound: Int) -> Int {
    precondition(bound > 0, "there is no number below zero or less")
    return Int(next() % UInt64(bound))
  }

  private static func step(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }
}
