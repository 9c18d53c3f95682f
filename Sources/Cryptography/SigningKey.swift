import COpenSSL

/// The private half of a suite's signature key. The raw key never leaves the library.
public final class SigningKey: Sendable {
  /// Whose signature algorithm this key is for.
  public let suite: Suite
  /// The public half.
  public let verificationKey: VerificationKey

  private let handle: KeyHandle

  /// `handle` must hold a key of the suite's type, with its private half.
  init(_ handle: KeyHandle, suite: Suite) {
    self.handle = handle
    self.suite = suite
    self.verificationKey = VerificationKey(ofPrivate: handle, suite: suite)
  }

  /// Opens an encrypted PKCS#8 PEM.
  ///
  /// Throws `crypto.key.passphrase` (it does not open), `crypto.key.malformed` (not such a file),
  /// `crypto.key.unencrypted` (stored in the clear) or `crypto.key.type` (of another suite).
  public convenience init(encryptedPEM: [UInt8], passphrase: [UInt8], suite: Suite) throws {
    let handle = try KeyFile.decode(encryptedPEM, passphrase: passphrase, allowsPlain: false)
    guard handle.type == suite.signatureKeyType else {
      throw CryptographyError(
        code: .keyType, message: "the key is not a signature key of suite \(suite)")
    }
    self.init(handle, suite: suite)
  }

  /// The key with this raw private form (a 32-byte seed for Ed25519, RFC 8032 section 5.1.5).
  ///
  /// For published vectors and repeatable tests; the caller wipes its copy. Throws
  /// `crypto.key.malformed` when the number of bytes is wrong.
  public convenience init(rawPrivateKey: [UInt8], suite: Suite) throws {
    ErrorQueue.clear()
    guard
      let key = EVP_PKEY_new_raw_private_key_ex(
        nil, suite.signatureKeyType.libraryName, nil, rawPrivateKey, rawPrivateKey.count)
    else {
      throw CryptographyError.fromQueue(.keyMalformed, "these bytes are no private key")
    }
    self.init(KeyHandle(owning: key), suite: suite)
  }

  /// The key as encrypted PKCS#8 PEM (AES-256-CBC under scrypt), fresh salt each time.
  ///
  /// Throws `crypto.key.generation` when the library fails.
  public func encryptedPEM(passphrase: [UInt8]) throws -> [UInt8] {
    try KeyFile.encode(handle, passphrase: passphrase)
  }

  /// Signs the message itself (Ed25519 takes no digest beforehand): 64 bytes.
  ///
  /// Throws `crypto.signature` when the library fails.
  public func sign(_ message: [UInt8]) throws -> [UInt8] {
    ErrorQueue.clear()
    let context = try SignatureContext()
    return try handle.withKey { key in
      try context.withContext { context in
        guard EVP_DigestSignInit_ex(context, nil, nil, nil, nil, key, nil) == 1 else {
          throw CryptographyError.fromQueue(.signature, "the key cannot sign")
        }
        var length = VerificationKey.signatureByteCount
        var signature = [UInt8](repeating: 0, count: length)
        guard
          EVP_DigestSign(context, &signature, &length, message, message.count) == 1,
          length == signature.count
        else {
          throw CryptographyError.fromQueue(.signature, "signing failed")
        }
        return signature
      }
    }
  }
}

/// The public half of a suite's signature key. Equal when suite and raw bytes are.
public struct VerificationKey: Hashable, Sendable, CustomStringConvertible {
  static let rawByteCount = 32
  static let signatureByteCount = 64

  /// Whose signature algorithm this key is for.
  public let suite: Suite
  /// The raw public key: 32 bytes (RFC 8032 section 5.1.5).
  public let raw: [UInt8]

  private let handle: KeyHandle

  init(raw: [UInt8], suite: Suite) throws {
    ErrorQueue.clear()
    guard
      raw.count == Self.rawByteCount,
      let key = EVP_PKEY_new_raw_public_key_ex(
        nil, suite.signatureKeyType.libraryName, nil, raw, raw.count)
    else {
      throw CryptographyError.fromQueue(
        .keyMalformed, "a verification key has \(Self.rawByteCount) bytes, not \(raw.count)")
    }
    self.suite = suite
    self.raw = raw
    self.handle = KeyHandle(owning: key)
  }

  /// The public half of a private key, through its raw form, so that it holds no secret.
  fileprivate init(ofPrivate key: KeyHandle, suite: Suite) {
    do {
      try self.init(raw: key.rawPublicKey(count: Self.rawByteCount), suite: suite)
    } catch {
      preconditionFailure("a private key of the suite's type has its public half: \(error)")
    }
  }

  /// Whether this key's owner signed exactly this message. False for any malformed signature.
  public func isValid(signature: [UInt8], for message: [UInt8]) -> Bool {
    guard signature.count == Self.signatureByteCount, let context = try? SignatureContext() else {
      return false
    }
    // A bad signature leaves entries behind which would be taken for a later call's.
    defer { ErrorQueue.clear() }
    return handle.withKey { key in
      context.withContext { context in
        EVP_DigestVerifyInit_ex(context, nil, nil, nil, nil, key, nil) == 1
          && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
      }
    }
  }

  /// Whether suite and raw bytes are equal.
  public static func == (a: VerificationKey, b: VerificationKey) -> Bool {
    a.suite == b.suite && a.raw == b.raw
  }

  /// Feeds suite and raw bytes to the hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(suite)
    hasher.combine(raw)
  }

  /// The suite and the raw key in hexadecimal; public, so fit for logs.
  public var description: String {
    let hex = Digest(raw)?.description ?? "?"
    return "\(suite):\(hex)"
  }
}

/// Owns one `EVP_MD_CTX` for the time of one signature.
private final class SignatureContext {
  private let context: OpaquePointer

  init() throws {
    guard let context = EVP_MD_CTX_new() else {
      throw CryptographyError.fromQueue(.signature, "no context could be made")
    }
    self.context = context
  }

  deinit {
    EVP_MD_CTX_free(context)
  }

  func withContext<R>(_ body: (OpaquePointer) throws -> R) rethrows -> R {
    try withExtendedLifetime(self) { try body(context) }
  }
}
