import COpenSSL

/// A digest and a signature algorithm as one value, as the federation directory names them.
///
/// This is the only place where algorithms are named: another suite is another case here.
public struct Suite: Hashable, Sendable, CustomStringConvertible {
  private enum Kind: UInt8 {
    case sha256Ed25519
  }

  private let kind: Kind

  private init(_ kind: Kind) {
    self.kind = kind
  }

  /// SHA-256 (FIPS 180-4) and Ed25519 (RFC 8032).
  public static let sha256Ed25519 = Suite(.sha256Ed25519)

  /// The suite with this name in a directory; nil when this build does not know it.
  public init?(name: String) {
    switch name {
    case "sha256-ed25519": self.init(.sha256Ed25519)
    default: return nil
    }
  }

  /// The name in a directory, for example `sha256-ed25519`.
  public var name: String {
    switch kind {
    case .sha256Ed25519: "sha256-ed25519"
    }
  }

  /// The name.
  public var description: String { name }

  /// The C2SP signed-note signature type of this suite's plain signatures.
  public var noteSignatureType: UInt8 {
    switch kind {
    case .sha256Ed25519: 0x01
    }
  }

  /// The C2SP signature type of this suite's timestamped cosignatures (cosignature/v1).
  public var cosignatureType: UInt8 {
    switch kind {
    case .sha256Ed25519: 0x04
    }
  }

  var messageDigest: MessageDigest {
    switch kind {
    case .sha256Ed25519: .sha256
    }
  }

  var signatureKeyType: KeyType {
    switch kind {
    case .sha256Ed25519: .ed25519
    }
  }

  // MARK: Digests

  /// The digest of these bytes.
  public func digest(_ bytes: [UInt8]) -> Digest {
    bytes.withUnsafeBytes { digest($0) }
  }

  /// The digest of these bytes.
  public func digest(_ bytes: UnsafeRawBufferPointer) -> Digest {
    messageDigest.digest { MessageDigest.update($0, bytes) }
  }

  /// The digest of `first ‖ second`, without joining them.
  public func digest(_ first: [UInt8], _ second: [UInt8]) -> Digest {
    messageDigest.digest { context in
      first.withUnsafeBytes { MessageDigest.update(context, $0) }
      second.withUnsafeBytes { MessageDigest.update(context, $0) }
    }
  }

  /// The digest of `prefix ‖ bytes`: a leaf of a tree when the prefix is 0 (RFC 6962).
  public func digest(prefix: UInt8, _ bytes: [UInt8]) -> Digest {
    bytes.withUnsafeBytes { digest(prefix: prefix, $0) }
  }

  /// The digest of `prefix ‖ bytes`: a leaf of a tree when the prefix is 0 (RFC 6962).
  public func digest(prefix: UInt8, _ bytes: UnsafeRawBufferPointer) -> Digest {
    messageDigest.digest { context in
      withUnsafeBytes(of: prefix) { MessageDigest.update(context, $0) }
      MessageDigest.update(context, bytes)
    }
  }

  /// The digest of `prefix ‖ left ‖ right`: a node of a tree when the prefix is 1 (RFC 6962).
  public func digest(prefix: UInt8, _ left: Digest, _ right: Digest) -> Digest {
    let message = (prefix, left.words, right.words)
    return messageDigest.digest { context in
      withUnsafeBytes(of: message.0) { MessageDigest.update(context, $0) }
      // Two tuples of four words lie back to back: 64 bytes, left first.
      withUnsafeBytes(of: (message.1, message.2)) { MessageDigest.update(context, $0) }
    }
  }

  /// A digest to be fed piece by piece.
  public func makeHasher() -> StreamHasher {
    StreamHasher(messageDigest)
  }

  /// HMAC (RFC 2104) of the message with this suite's digest: 32 bytes.
  public func authenticationCode(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    // An empty array may have no address, which the library would take for "no key".
    let keyBytes = key.isEmpty ? [0] : key
    let code = [UInt8](unsafeUninitializedCapacity: Digest.byteCount) { target, count in
      let made = EVP_Q_mac(
        nil, "HMAC", nil, messageDigest.name, nil, keyBytes, key.count, message, message.count,
        target.baseAddress, target.count, &count)
      precondition(made != nil, "HMAC over a built-in digest fails only when memory runs out")
    }
    return code
  }

  // MARK: Keys

  /// A new key pair from the library's random generator.
  ///
  /// Throws `crypto.key.generation` when the generator fails.
  public func generateSigningKey() throws -> SigningKey {
    SigningKey(try KeyHandle.generate(signatureKeyType), suite: self)
  }

  /// The verification key with these raw bytes (32 for Ed25519, RFC 8032).
  ///
  /// Throws `crypto.key.malformed` when their number is wrong.
  public func verificationKey(raw: [UInt8]) throws -> VerificationKey {
    try VerificationKey(raw: raw, suite: self)
  }
}
