import COpenSSL

/// A TLS private key: P-256 or Ed25519. The raw key never leaves the library.
public final class PrivateKey: Sendable {
  /// Which keys TLS identities may have.
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// ECDSA on NIST P-256.
    case p256
    /// Ed25519 (RFC 8410).
    case ed25519

    fileprivate var type: KeyType {
      switch self {
      case .p256: .p256
      case .ed25519: .ed25519
      }
    }
  }

  /// Which kind of key this is.
  public let kind: Kind

  let handle: KeyHandle

  private init(_ handle: KeyHandle) throws {
    guard let kind = Kind.allCases.first(where: { $0.type == handle.type }) else {
      throw CryptographyError(
        code: .keyType, message: "a TLS key must be P-256 or Ed25519")
    }
    self.kind = kind
    self.handle = handle
  }

  /// Opens a PKCS#8 PEM, encrypted or not; the passphrase is not used for one in the clear.
  ///
  /// Throws `crypto.key.locked` (encrypted, no passphrase given), `crypto.key.passphrase` (it does
  /// not open), `crypto.key.malformed` (not such a file) or `crypto.key.type` (another algorithm).
  public convenience init(pem: [UInt8], passphrase: [UInt8]? = nil) throws {
    try self.init(KeyFile.decode(pem, passphrase: passphrase, allowsPlain: true))
  }

  /// A new key from the library's random generator. Throws `crypto.key.generation`.
  public static func generate(_ kind: Kind) throws -> PrivateKey {
    try PrivateKey(KeyHandle.generate(kind.type))
  }

  /// The key as encrypted PKCS#8 PEM (AES-256-CBC under scrypt), fresh salt each time.
  ///
  /// Throws `crypto.key.passphrase` for an empty passphrase, `crypto.key.generation` when the
  /// library fails.
  public func encryptedPEM(passphrase: [UInt8]) throws -> [UInt8] {
    try KeyFile.encode(handle, passphrase: passphrase)
  }
}
