import COpenSSL
import Glibc

/// One TLS connection between byte queues in memory; it does no input or output of its own.
///
/// The owner carries bytes: what the transport received goes in through `feed`, what `drain` gives
/// goes out. After any call that throws there may still be an alert to drain and send. Not Sendable:
/// it stays on one event loop.
///
/// In TLS 1.3 a client completes its handshake before the server has judged the client's
/// certificate: the server's refusal reaches the client in `read`, as a `crypto.tls.alert.*` error.
public final class TLSSession {
  /// Which side of the connection this is.
  public enum Role: Hashable, Sendable {
    /// The side that dialled.
    case client
    /// The side that was dialled.
    case server
  }

  /// How far the handshake is.
  public enum Progress: Hashable, Sendable {
    /// Drain and send what is pending, then feed what the peer answers.
    case needsInput
    /// Both sides are ready; there may still be bytes to drain.
    case complete
  }

  /// What a read brought.
  public enum ReadResult: Hashable, Sendable {
    /// This many bytes (at least 1) were written to the start of the buffer.
    case bytes(Int)
    /// Nothing to read until more is fed.
    case wouldBlock
    /// The peer said close_notify: nothing will follow.
    case closed
  }

  /// AES-GCM keys are replaced long before the 2^24.5 records that RFC 8446 section 5.5 allows.
  static let recordsPerKey = 1 << 22
  static let recordByteLimit = 16 * 1024

  private let context: TLSContext
  private let transport = TLSTransport()
  private let ssl: OpaquePointer
  private let recordsPerKey: Int
  private var recordsUnderKey = 0
  /// How often our sending key was replaced.
  private(set) var keyUpdates = 0
  private var isComplete = false
  private var isClosed = false
  /// What stopped a read that had already brought bytes; reported by the next one.
  private var pendingOutcome: Result<ReadResult, CryptographyError>?

  /// A session that has not said anything yet. Throws `crypto.tls.setup`.
  public convenience init(context: TLSContext, role: Role) throws {
    try self.init(context: context, role: role, recordsPerKey: Self.recordsPerKey)
  }

  init(context: TLSContext, role: Role, recordsPerKey: Int) throws {
    ErrorQueue.clear()
    guard let ssl = context.withContext({ SSL_new($0) }) else {
      throw CryptographyError.fromQueue(.tlsSetup, "no TLS session could be made")
    }
    self.context = context
    self.ssl = ssl
    self.recordsPerKey = recordsPerKey
    // One BIO for both directions: the SSL takes over its only reference.
    let bio = try transport.makeBIO()
    SSL_set_bio(ssl, bio, bio)
    guard SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(transport).toOpaque()) == 1 else {
      throw CryptographyError.fromQueue(.tlsSetup, "no TLS session could be made")
    }
    switch role {
    case .client: SSL_set_connect_state(ssl)
    case .server: SSL_set_accept_state(ssl)
    }
  }

  deinit {
    SSL_free(ssl)
  }

  // MARK: Ciphertext

  /// Takes bytes that the transport received. Follow it by `handshake` or `read`.
  public func feed(_ ciphertext: UnsafeRawBufferPointer) throws {
    guard !transport.hasEnded else {
      throw CryptographyError(code: .tlsState, message: "bytes after the end of the transport")
    }
    transport.inbound.append(ciphertext)
  }

  /// Says that the transport has ended. Without a close_notify before it, `handshake` and `read`
  /// throw `crypto.tls.truncated` once they have used up what was fed.
  public func feedEnd() {
    transport.hasEnded = true
  }

  /// How many bytes wait to be sent.
  public var pendingCiphertext: Int { transport.outbound.count }

  /// Moves waiting bytes to the start of the buffer; returns how many.
  public func drain(into target: UnsafeMutableRawBufferPointer) -> Int {
    transport.outbound.take(into: target)
  }

  // MARK: Handshake

  /// Goes on with the handshake as far as what was fed allows. A client begins by calling it once.
  ///
  /// Throws `crypto.tls.certificate.*` (we refuse the peer), `crypto.tls.alert.*` (it refuses us),
  /// `crypto.tls.applicationProtocol`, `.version`, `.protocol` or `.truncated`. The session is dead
  /// after that; drain and send its alert.
  public func handshake() throws -> Progress {
    guard !isComplete else { return .complete }
    guard !isClosed else {
      throw CryptographyError(code: .tlsState, message: "the session is closed")
    }
    if let time = context.verificationTime?() {
      X509_VERIFY_PARAM_set_time(SSL_get0_param(ssl), time_t(time))
    }
    ErrorQueue.clear()
    let result = SSL_do_handshake(ssl)
    guard result == 1 else {
      let kind = SSL_get_error(ssl, result)
      if kind == SSL_ERROR_WANT_READ { return .needsInput }
      throw fail(kind, doing: "shaking hands")
    }
    // A peer that offers no protocol at all is not refused by the library.
    guard applicationProtocol == context.applicationProtocol else {
      isClosed = true
      throw CryptographyError(
        code: .tlsApplicationProtocol, message: "the peer named no application protocol")
    }
    isComplete = true
    return .complete
  }

  // MARK: Plaintext

  /// Reads decrypted bytes until the buffer is full or the input used up.
  ///
  /// Throws as `handshake` does; also `crypto.tls.state` before the handshake is complete. Bytes
  /// that came before a failure are returned first, the failure by the next call. The buffer must
  /// not be empty.
  public func read(into target: UnsafeMutableRawBufferPointer) throws -> ReadResult {
    precondition(target.count > 0, "a read needs room")
    try demandComplete()
    if let outcome = pendingOutcome { return try outcome.get() }
    var total = 0
    while total < target.count {
      var count = 0
      ErrorQueue.clear()
      let result = SSL_read_ex(
        ssl, target.baseAddress?.advanced(by: total), target.count - total, &count)
      if result == 1 {
        total += count
        continue
      }
      let kind = SSL_get_error(ssl, result)
      if kind == SSL_ERROR_WANT_READ {
        if total == 0 { return .wouldBlock }
        break
      }
      let outcome: Result<ReadResult, CryptographyError> =
        kind == SSL_ERROR_ZERO_RETURN ? .success(.closed) : .failure(fail(kind, doing: "reading"))
      pendingOutcome = outcome
      if total == 0 { return try outcome.get() }
      break
    }
    return .bytes(total)
  }

  /// Encrypts all of these bytes into the outbound queue.
  ///
  /// The queue has no bound of its own: the owner stops writing while `pendingCiphertext` is large.
  /// Throws `crypto.tls.state` before the handshake is complete or after `close`.
  public func write(_ plaintext: UnsafeRawBufferPointer) throws {
    try demandComplete()
    guard !isClosed else {
      throw CryptographyError(code: .tlsState, message: "the session is closed")
    }
    guard plaintext.count > 0 else { return }
    let records = (plaintext.count + Self.recordByteLimit - 1) / Self.recordByteLimit
    try replaceKeyIfDue(before: records)
    // Per record: 5 bytes of header, 1 of type, 16 of tag.
    transport.outbound.reserve(plaintext.count + records * 22)
    var written = 0
    ErrorQueue.clear()
    let result = SSL_write_ex(ssl, plaintext.baseAddress, plaintext.count, &written)
    guard result == 1, written == plaintext.count else {
      throw fail(SSL_get_error(ssl, result), doing: "writing")
    }
  }

  /// Queues close_notify: nothing can be written after it, but the peer's bytes can still be read.
  public func close() {
    guard !isClosed else { return }
    isClosed = true
    guard isComplete else { return }
    ErrorQueue.clear()
    SSL_shutdown(ssl)
    ErrorQueue.clear()
  }

  // MARK: Peer

  /// The certificates that the peer showed, leaf first; empty before the handshake is complete.
  public var peerChain: [Certificate] {
    guard isComplete, let leaf = SSL_get0_peer_certificate(ssl) else { return [] }
    var shown = [leaf]
    let chain = SSL_get_peer_cert_chain(ssl)
    for index in 0..<sanxiang_certificates_count(chain) {
      guard let certificate = sanxiang_certificates_at(chain, index) else { continue }
      // On a client the library's chain begins with the leaf, on a server it leaves it out.
      if index == 0 && X509_cmp(certificate, leaf) == 0 { continue }
      shown.append(certificate)
    }
    return shown.compactMap { try? Certificate(owning: Certificate.retained($0)) }
  }

  /// The protocol that both sides named; nil before the handshake is complete.
  public var applicationProtocol: String? {
    var bytes: UnsafePointer<UInt8>?
    var count: CUnsignedInt = 0
    SSL_get0_alpn_selected(ssl, &bytes, &count)
    guard let bytes, count > 0 else { return nil }
    return String(decoding: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
  }

  // MARK: Inside

  private func demandComplete() throws {
    guard isComplete else {
      throw CryptographyError(code: .tlsState, message: "the handshake is not complete")
    }
  }

  /// The error for a failed call. Must run straight after it, on the same thread.
  private func fail(_ kind: CInt, doing what: String) -> CryptographyError {
    let queue = ErrorQueue.drain()
    isClosed = true
    if kind == SSL_ERROR_SYSCALL, queue.codes.isEmpty, transport.hasEnded {
      return CryptographyError(
        code: .tlsTruncated, message: "the connection ended without the peer's close_notify")
    }
    return TLSFailure.error(doing: what, queue: queue, verification: transport.verification)
  }

  private func replaceKeyIfDue(before records: Int) throws {
    if recordsUnderKey + records > recordsPerKey, recordsUnderKey > 0 {
      ErrorQueue.clear()
      guard SSL_key_update(ssl, SSL_KEY_UPDATE_NOT_REQUESTED) == 1 else {
        throw fail(SSL_ERROR_SSL, doing: "replacing a key")
      }
      recordsUnderKey = 0
      keyUpdates += 1
    }
    recordsUnderKey += records
  }

  /// The library's question about each certificate of the peer's chain: judged as everywhere else,
  /// and the first failure remembered for the error.
  static func review(_ verdict: CInt, _ context: OpaquePointer?) -> CInt {
    let reviewed = VerificationStore.review(verdict, context)
    guard
      reviewed == 0, let context,
      let ssl = X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()),
      let data = SSL_get_ex_data(OpaquePointer(ssl), 0)
    else { return reviewed }
    let transport = Unmanaged<TLSTransport>.fromOpaque(data).takeUnretainedValue()
    transport.verification = transport.verification ?? VerificationFailure(of: context)
    return 0
  }
}
