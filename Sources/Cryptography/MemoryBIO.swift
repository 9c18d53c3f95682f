import COpenSSL

/// Owns one memory `BIO`: text in or out of the library's PEM and printing functions.
final class MemoryBIO {
  private let bio: OpaquePointer
  /// What a reading BIO reads; the BIO points into it, so it lives as long as the BIO.
  private let source: UnsafeMutableRawBufferPointer?

  /// An empty one, to be written to.
  init() throws {
    guard let bio = BIO_new(BIO_s_mem()) else {
      throw CryptographyError.fromQueue(.keyGeneration, "out of memory")
    }
    self.bio = bio
    self.source = nil
  }

  /// One that reads a copy of these bytes, which is wiped at the end.
  init(reading bytes: [UInt8]) throws {
    let source = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count + 1, alignment: 1)
    source.copyBytes(from: bytes)
    guard let bio = BIO_new_mem_buf(source.baseAddress, CInt(clamping: bytes.count)) else {
      source.deallocate()
      throw CryptographyError.fromQueue(.keyMalformed, "out of memory")
    }
    self.bio = bio
    self.source = source
  }

  deinit {
    BIO_free(bio)
    if let source {
      OPENSSL_cleanse(source.baseAddress, source.count)
      source.deallocate()
    }
  }

  func withBIO<R>(_ body: (OpaquePointer) throws -> R) rethrows -> R {
    try withExtendedLifetime(self) { try body(bio) }
  }

  /// What was written and not read yet.
  var contents: [UInt8] {
    withBIO { bio in
      let count = BIO_ctrl_pending(bio)
      return [UInt8](unsafeUninitializedCapacity: count) { target, written in
        let read = BIO_read(bio, target.baseAddress, CInt(clamping: count))
        written = max(0, Int(read))
      }
    }
  }
}
