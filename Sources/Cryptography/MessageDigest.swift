import COpenSSL
import Glibc

/// One fetched `EVP_MD`. Fetching costs microseconds, so each algorithm is fetched once.
///
/// Sendable: an `EVP_MD` never changes after it was fetched, and these live as long as the process.
final class MessageDigest: @unchecked Sendable {
  static let sha256 = MessageDigest(name: "SHA256")

  let name: String
  private let algorithm: OpaquePointer

  private init(name: String) {
    self.name = name
    // libcrypto's default provider, built in, always has the digests named here.
    algorithm = EVP_MD_fetch(nil, name, nil)!
    precondition(EVP_MD_get_size(algorithm) == CInt(Digest.byteCount))
  }

  deinit {
    EVP_MD_free(algorithm)
  }

  /// Starts `context` afresh. Fails only when memory runs out, as Swift's own allocations do.
  func start(_ context: OpaquePointer) {
    let started = EVP_DigestInit_ex2(context, algorithm, nil)
    precondition(started == 1, "the digest could not start: out of memory")
  }

  static func update(_ context: OpaquePointer, _ bytes: UnsafeRawBufferPointer) {
    guard let address = bytes.baseAddress, bytes.count > 0 else { return }
    let updated = EVP_DigestUpdate(context, address, bytes.count)
    precondition(updated == 1, "a started digest takes any bytes")
  }

  static func finish(_ context: OpaquePointer) -> Digest {
    var digest = Digest()
    let finished = withUnsafeMutableBytes(of: &digest.words) {
      EVP_DigestFinal_ex(context, $0.bindMemory(to: UInt8.self).baseAddress, nil)
    }
    precondition(finished == 1, "a started digest finishes once")
    return digest
  }

  /// The digest of what `body` feeds into this thread's context. `body` must not digest itself.
  @inline(__always)
  func digest(_ body: (OpaquePointer) -> Void) -> Digest {
    let context = ThreadContext.current
    start(context)
    body(context)
    return Self.finish(context)
  }
}

/// One `EVP_MD_CTX` per thread, made at first use and freed when the thread ends, so that a small
/// digest allocates nothing. No use of it spans a suspension point.
private enum ThreadContext {
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    let made = pthread_key_create(&key) { value in
      if let value { EVP_MD_CTX_free(OpaquePointer(value)) }
    }
    precondition(made == 0, "the process has used up its thread-specific keys")
    return key
  }()

  static var current: OpaquePointer {
    if let value = pthread_getspecific(key) { return OpaquePointer(value) }
    guard let context = EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
    pthread_setspecific(key, UnsafeRawPointer(context))
    return context
  }
}

/// A digest taken piece by piece: `update` as often as wanted, then `finish` once.
///
/// Not Sendable; its context belongs to it alone.
public final class StreamHasher {
  private let context: OpaquePointer
  private var isFinished = false

  init(_ algorithm: MessageDigest) {
    guard let context = EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
    self.context = context
    algorithm.start(context)
  }

  deinit {
    EVP_MD_CTX_free(context)
  }

  /// Appends these bytes to the message. Must not be called after `finish`.
  public func update(_ bytes: UnsafeRawBufferPointer) {
    precondition(!isFinished, "the digest is finished")
    MessageDigest.update(context, bytes)
  }

  /// Appends these bytes to the message. Must not be called after `finish`.
  public func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Appends these bytes to the message. Must not be called after `finish`.
  public func update(_ bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// The digest of everything that was fed in. Must be called once at most.
  public func finish() -> Digest {
    precondition(!isFinished, "the digest is finished")
    isFinished = true
    return MessageDigest.finish(context)
  }
}
