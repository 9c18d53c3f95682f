import COpenSSL

/// A first-in, first-out queue of bytes in one block of memory that goes away when it is empty and
/// has grown large, so that an idle connection costs little.
struct ByteQueue: ~Copyable {
  /// An empty queue keeps at most this much memory.
  static let idleCapacity = 32 * 1024

  private var base: UnsafeMutableRawPointer?
  private var capacity = 0
  private var head = 0
  private var tail = 0

  init() {}

  deinit {
    base?.deallocate()
  }

  /// How many bytes wait.
  var count: Int { tail - head }

  /// How much memory the queue holds on to.
  var heldCapacity: Int { capacity }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return }
    reserve(bytes.count)
    // `reserve` made room, so there is a block.
    base!.advanced(by: tail).copyMemory(from: source, byteCount: bytes.count)
    tail += bytes.count
  }

  /// Moves the first bytes to `target`, as many as both sides allow; returns how many.
  mutating func take(into target: UnsafeMutableRawBufferPointer) -> Int {
    let taken = min(count, target.count)
    guard taken > 0, let base, let address = target.baseAddress else { return 0 }
    address.copyMemory(from: base.advanced(by: head), byteCount: taken)
    head += taken
    if head == tail { rest() }
    return taken
  }

  /// Makes room for `extra` more bytes.
  mutating func reserve(_ extra: Int) {
    guard capacity - tail < extra else { return }
    let count = count
    if let base, capacity - count >= extra, head >= count {
      // At least as much room in front as bytes to move: each byte moves once at most on average.
      base.copyMemory(from: base.advanced(by: head), byteCount: count)
    } else {
      let wanted = max(Self.idleCapacity, count + extra, capacity * 2)
      let fresh = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 16)
      if let base {
        fresh.copyMemory(from: base.advanced(by: head), byteCount: count)
        base.deallocate()
      }
      base = fresh
      capacity = wanted
    }
    head = 0
    tail = count
  }

  private mutating func rest() {
    head = 0
    tail = 0
    guard capacity > Self.idleCapacity else { return }
    base?.deallocate()
    base = nil
    capacity = 0
  }
}

/// The two byte queues between a session's `SSL` and its owner, and what its callbacks found out.
///
/// The `SSL` and its `BIO` hold unretained pointers to this object; the session that owns all three
/// frees the `SSL` first.
final class TLSTransport {
  /// From the peer, not yet read by the library.
  var inbound = ByteQueue()
  /// From the library, not yet drained to the peer.
  var outbound = ByteQueue()
  /// The transport has ended: nothing will follow what `inbound` holds.
  var hasEnded = false
  /// Why the peer's chain was refused, if it was.
  var verification: VerificationFailure?

  /// A new `BIO` over these queues, owned by the caller.
  func makeBIO() throws -> OpaquePointer {
    guard let method = Self.method.pointer, let bio = BIO_new(method) else {
      throw CryptographyError.fromQueue(.tlsSetup, "no TLS transport could be made")
    }
    BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
    BIO_set_init(bio, 1)
    return bio
  }

  private static func of(_ bio: OpaquePointer?) -> TLSTransport? {
    guard let data = BIO_get_data(bio) else { return nil }
    return Unmanaged<TLSTransport>.fromOpaque(data).takeUnretainedValue()
  }

  /// Sendable: written once, before anyone sees it, and kept for the life of the process.
  private struct Method: @unchecked Sendable {
    let pointer: OpaquePointer?
  }

  private static let method = Method(pointer: makeMethod())

  private static func makeMethod() -> OpaquePointer? {
    let type = BIO_get_new_index() | BIO_TYPE_SOURCE_SINK
    guard let method = BIO_meth_new(type, "sanxiang transport") else { return nil }
    BIO_meth_set_write_ex(method) { bio, bytes, count, written in
      guard let transport = TLSTransport.of(bio), let bytes, let written else { return 0 }
      sanxiang_clear_retry(bio)
      transport.outbound.append(UnsafeRawBufferPointer(start: bytes, count: count))
      written.pointee = count
      return 1
    }
    BIO_meth_set_read_ex(method) { bio, target, count, read in
      guard let transport = TLSTransport.of(bio), let target, let read else { return 0 }
      sanxiang_clear_retry(bio)
      read.pointee = transport.inbound.take(
        into: UnsafeMutableRawBufferPointer(start: target, count: count))
      if read.pointee > 0 { return 1 }
      if !transport.hasEnded { BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY) }
      return 0
    }
    BIO_meth_set_ctrl(method) { bio, command, _, _ in
      switch command {
      case BIO_CTRL_FLUSH: 1
      case BIO_CTRL_EOF: (TLSTransport.of(bio)?.hasEnded ?? true) ? 1 : 0
      case BIO_CTRL_PENDING: TLSTransport.of(bio)?.inbound.count ?? 0
      default: 0
      }
    }
    return method
  }
}
