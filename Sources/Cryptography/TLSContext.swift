import COpenSSL

/// Who we are in TLS: a certificate chain and the private key of its first certificate.
public struct TLSIdentity: Sendable {
  /// Leaf first, each followed by its issuer; the anchor may be left out.
  public let chain: [Certificate]
  /// The leaf's private key.
  public let key: PrivateKey

  /// Throws `crypto.certificate.malformed` for an empty chain and `crypto.key.mismatch` when the
  /// key is not the leaf's.
  public init(chain: [Certificate], key: PrivateKey) throws {
    guard let leaf = chain.first else {
      throw CryptographyError(code: .certificateMalformed, message: "the chain is empty")
    }
    ErrorQueue.clear()
    let fits = leaf.withCertificate { leaf in
      key.handle.withKey { X509_check_private_key(leaf, $0) }
    }
    guard fits == 1 else {
      throw CryptographyError.fromQueue(
        .keyMismatch, "the private key is not that of \(leaf.subject.debugDescription)")
    }
    self.chain = chain
    self.key = key
  }
}

/// What all TLS sessions of one node share: identity, anchors, revocation lists, protocol.
///
/// TLS 1.3 only; both sides show certificates; no tickets, no resumption, no early data; the
/// application protocol must be equal on both sides. Which node a certificate stands for is not
/// judged here: ask `TLSSession.peerChain`. To load other anchors or lists make another context;
/// sessions keep theirs.
///
/// Sendable: configured in `init`; afterwards the library only reads it and counts references.
public final class TLSContext: @unchecked Sendable {
  private let context: OpaquePointer
  /// Owned by this object; the protocol choice callback points at it. Sessions hold their context,
  /// so it outlives them.
  private let protocolBox: ProtocolBox

  /// Unix seconds at which chains are judged; nil for the system's clock.
  let verificationTime: (@Sendable () -> Int64)?

  /// The protocol both sides must name (ALPN, RFC 7301), for example `sanxiang/1`.
  public var applicationProtocol: String { protocolBox.name }

  /// `verificationTime` gives the Unix seconds at which peers' certificates are judged; without it
  /// the system's clock does.
  ///
  /// Throws `crypto.tls.setup` when the protocol's name has not 1…255 UTF-8 bytes or the library
  /// refuses the identity.
  public convenience init(
    identity: TLSIdentity, anchors: [Certificate], revocationLists: [RevocationList],
    applicationProtocol: String, verificationTime: (@Sendable () -> Int64)? = nil
  ) throws {
    try self.init(
      anyIdentity: identity, anchors: anchors, revocationLists: revocationLists,
      applicationProtocol: applicationProtocol, offersProtocol: true,
      verificationTime: verificationTime)
  }

  /// Also makes peers that break the rules, which the tests need: one that shows no certificate,
  /// one that offers no protocol.
  init(
    anyIdentity identity: TLSIdentity?, anchors: [Certificate],
    revocationLists: [RevocationList] = [], applicationProtocol: String, offersProtocol: Bool,
    verificationTime: (@Sendable () -> Int64)?
  ) throws {
    ErrorQueue.clear()
    protocolBox = try ProtocolBox(applicationProtocol)
    self.verificationTime = verificationTime
    guard let context = SSL_CTX_new(TLS_method()) else {
      throw CryptographyError.fromQueue(.tlsSetup, "no TLS context could be made")
    }
    self.context = context
    guard sanxiang_harden(context) == 1 else {
      throw CryptographyError.fromQueue(.tlsSetup, "the library has no TLS 1.3")
    }
    if let identity { try Self.install(identity, in: context) }
    VerificationStore(anchors: anchors, revocationLists: revocationLists).withStore {
      SSL_CTX_set1_cert_store(context, $0)
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT) {
      TLSSession.review($0, $1)
    }
    SSL_CTX_set_verify_depth(context, CInt(ChainVerifier.intermediateLimit))
    if offersProtocol { try installProtocol() }
  }

  deinit {
    SSL_CTX_free(context)
  }

  func withContext<R>(_ body: (OpaquePointer) throws -> R) rethrows -> R {
    try withExtendedLifetime(self) { try body(context) }
  }

  private static func install(_ identity: TLSIdentity, in context: OpaquePointer) throws {
    for (index, certificate) in identity.chain.enumerated() {
      let added = certificate.withCertificate { certificate in
        index == 0
          ? Int(SSL_CTX_use_certificate(context, certificate))
          : sanxiang_add_chain_certificate(context, certificate)
      }
      guard added == 1 else {
        throw CryptographyError.fromQueue(
          .tlsSetup, "the certificate \(certificate.subject.debugDescription) cannot be used")
      }
    }
    guard identity.key.handle.withKey({ SSL_CTX_use_PrivateKey(context, $0) }) == 1 else {
      throw CryptographyError.fromQueue(.tlsSetup, "the private key cannot be used")
    }
  }

  private func installProtocol() throws {
    let wire = protocolBox.wire
    // Unlike its neighbours this call returns 0 when it succeeds.
    let refused = SSL_CTX_set_alpn_protos(context, wire.baseAddress, CUnsignedInt(wire.count))
    guard refused == 0 else {
      throw CryptographyError.fromQueue(.tlsSetup, "the application protocol cannot be set")
    }
    let box = Unmanaged.passUnretained(protocolBox).toOpaque()
    SSL_CTX_set_alpn_select_cb(
      context,
      { _, chosen, chosenCount, offered, offeredCount, box in
        // The argument is the box below, which the context keeps alive.
        guard let box, let chosen, let chosenCount, let offered else {
          return SSL_TLSEXT_ERR_ALERT_FATAL
        }
        let wire = Unmanaged<ProtocolBox>.fromOpaque(box).takeUnretainedValue().wire
        let offers = UnsafeBufferPointer(start: offered, count: Int(offeredCount))
        guard ProtocolBox.list(offers, contains: wire) else { return SSL_TLSEXT_ERR_ALERT_FATAL }
        chosen.pointee = wire.baseAddress?.advanced(by: 1)
        chosenCount.pointee = UInt8(wire.count - 1)
        return SSL_TLSEXT_ERR_OK
      }, box)
  }
}

/// One protocol name as ALPN writes it, at an address that does not move.
private final class ProtocolBox: Sendable {
  let name: String
  /// The length byte, then the name. Written in `init` only.
  nonisolated(unsafe) let wire: UnsafeBufferPointer<UInt8>

  init(_ name: String) throws {
    let bytes = Array(name.utf8)
    guard (1...255).contains(bytes.count) else {
      throw CryptographyError(
        code: .tlsSetup, message: "an application protocol's name has 1 to 255 bytes")
    }
    self.name = name
    let wire = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count + 1)
    _ = wire.initialize(from: [UInt8(bytes.count)] + bytes)
    self.wire = UnsafeBufferPointer(wire)
  }

  deinit {
    wire.deallocate()
  }

  /// Whether a list of length-prefixed names holds `wire`, which has its own length first.
  static func list(
    _ list: UnsafeBufferPointer<UInt8>, contains wire: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    var offset = 0
    while offset < list.count {
      let end = offset + 1 + Int(list[offset])
      guard end <= list.count else { return false }
      if list[offset..<end].elementsEqual(wire) { return true }
      offset = end
    }
    return false
  }
}
