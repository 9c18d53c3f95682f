import COpenSSL

/// The library's random generator, seeded by the kernel and safe across fork.
public enum SecureRandom {
  /// `count` random bytes (`count` ≥ 0).
  public static func bytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { target, written in
      var done = 0
      while done < count {
        // RAND_bytes counts in C ints.
        let step = min(count - done, 1 << 30)
        let made = RAND_bytes(target.baseAddress?.advanced(by: done), CInt(step))
        // Going on without randomness would betray every key made after this point.
        precondition(made == 1, "the system's random generator failed")
        done += step
      }
      written = count
    }
  }
}

/// Whether both are equal, in a time that depends on their lengths only.
public func constantTimeEquals(_ a: [UInt8], _ b: [UInt8]) -> Bool {
  guard a.count == b.count else { return false }
  return a.isEmpty || CRYPTO_memcmp(a, b, a.count) == 0
}
