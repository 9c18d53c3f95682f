import COpenSSL

/// Private keys as PKCS#8 PEM (RFC 5958, RFC 7468), encrypted by PBES2 (RFC 8018, RFC 7914).
enum KeyFile {
  /// scrypt's cost: 16 MiB and about a fifth of a second, the most the library's default memory
  /// bound for key files lets through, made up for by the parallel factor.
  private static let scryptN: UInt64 = 1 << 14
  private static let scryptR: UInt64 = 8
  private static let scryptP: UInt64 = 5
  private static let saltByteCount = 16

  /// Opens a PEM. `passphrase` is nil when none was given.
  static func decode(
    _ pem: [UInt8], passphrase: [UInt8]?, allowsPlain: Bool
  ) throws -> KeyHandle {
    ErrorQueue.clear()
    let block = try PEMBlock(first: pem)
    switch block.label {
    case "ENCRYPTED PRIVATE KEY":
      guard let passphrase else {
        throw CryptographyError(
          code: .keyLocked, message: "the key is encrypted and no passphrase was given")
      }
      return try decrypt(block, passphrase: passphrase)
    case "PRIVATE KEY":
      guard allowsPlain else {
        throw CryptographyError(
          code: .keyUnencrypted, message: "the key is stored in the clear; encrypt it first")
      }
      return try plain(block)
    default:
      throw CryptographyError(
        code: .keyMalformed,
        message: "a PEM of label \(block.label.debugDescription) is no PKCS#8 private key")
    }
  }

  private static func decrypt(_ block: PEMBlock, passphrase: [UInt8]) throws -> KeyHandle {
    let sealed: OpaquePointer? = block.withDER { bytes in
      var cursor = bytes.baseAddress
      return d2i_X509_SIG(nil, &cursor, bytes.count)
    }
    guard let sealed else {
      throw CryptographyError.fromQueue(.keyMalformed, "the encrypted key is damaged")
    }
    defer { X509_SIG_free(sealed) }
    let opened = passphrase.withUnsafeBytes { bytes in
      // A null passphrase means something else than an empty one.
      let address = bytes.bindMemory(to: CChar.self).baseAddress
      return PKCS8_decrypt(sealed, address, CInt(clamping: bytes.count))
    }
    guard let opened else {
      let contents = ErrorQueue.drain()
      // CBC cannot tell a wrong passphrase from damaged bytes; an algorithm it can.
      let unknown = contents.text?.contains("unknown") ?? false
      throw CryptographyError(
        code: unknown ? .keyMalformed : .keyPassphrase,
        message: unknown
          ? "the key is encrypted in a way that is not supported"
          : "the passphrase does not open the key",
        cause: contents.text)
    }
    defer { PKCS8_PRIV_KEY_INFO_free(opened) }
    guard let key = EVP_PKCS82PKEY(opened) else {
      throw CryptographyError.fromQueue(.keyMalformed, "the key inside the envelope is damaged")
    }
    return KeyHandle(owning: key)
  }

  private static func plain(_ block: PEMBlock) throws -> KeyHandle {
    let info: OpaquePointer? = block.withDER { bytes in
      var cursor = bytes.baseAddress
      return d2i_PKCS8_PRIV_KEY_INFO(nil, &cursor, bytes.count)
    }
    guard let info else {
      throw CryptographyError.fromQueue(.keyMalformed, "the key is damaged")
    }
    defer { PKCS8_PRIV_KEY_INFO_free(info) }
    guard let key = EVP_PKCS82PKEY(info) else {
      throw CryptographyError.fromQueue(.keyMalformed, "the key is damaged")
    }
    return KeyHandle(owning: key)
  }

  /// The key as encrypted PEM. An empty passphrase is refused: it would only look encrypted.
  static func encode(_ handle: KeyHandle, passphrase: [UInt8]) throws -> [UInt8] {
    ErrorQueue.clear()
    guard !passphrase.isEmpty else {
      throw CryptographyError(code: .keyPassphrase, message: "the passphrase is empty")
    }
    guard let info = handle.withKey({ EVP_PKEY2PKCS8($0) }) else {
      throw CryptographyError.fromQueue(.keyGeneration, "the key could not be encoded")
    }
    defer { PKCS8_PRIV_KEY_INFO_free(info) }
    var salt = SecureRandom.bytes(saltByteCount)
    let scheme = PKCS5_pbe2_set_scrypt(
      EVP_aes_256_cbc(), &salt, CInt(salt.count), nil, scryptN, scryptR, scryptP)
    guard let scheme else {
      throw CryptographyError.fromQueue(.keyGeneration, "the key could not be encrypted")
    }
    let sealed = passphrase.withUnsafeBytes { bytes in
      // Takes over `scheme` when it succeeds.
      PKCS8_set0_pbe(
        bytes.bindMemory(to: CChar.self).baseAddress, CInt(clamping: bytes.count), info, scheme)
    }
    guard let sealed else {
      X509_ALGOR_free(scheme)
      throw CryptographyError.fromQueue(.keyGeneration, "the key could not be encrypted")
    }
    defer { X509_SIG_free(sealed) }
    let output = try MemoryBIO()
    guard output.withBIO({ PEM_write_bio_PKCS8($0, sealed) }) == 1 else {
      throw CryptographyError.fromQueue(.keyGeneration, "the key could not be written")
    }
    return output.contents
  }
}

/// The first block of a PEM text. Its bytes may be a secret and are wiped with it.
private final class PEMBlock {
  let label: String
  private let data: UnsafeMutablePointer<UInt8>
  private let count: Int

  init(first pem: [UInt8]) throws {
    let input = try MemoryBIO(reading: pem)
    var name: UnsafeMutablePointer<CChar>?
    var header: UnsafeMutablePointer<CChar>?
    var data: UnsafeMutablePointer<UInt8>?
    var count = 0
    let found = input.withBIO { PEM_read_bio($0, &name, &header, &data, &count) }
    defer {
      sanxiang_free(name)
      sanxiang_free(header)
    }
    guard found == 1, let name, let data else {
      sanxiang_clear_free(data, count)
      throw CryptographyError.fromQueue(.keyMalformed, "the text holds no PEM block")
    }
    self.label = String(cString: name)
    self.data = data
    self.count = count
  }

  deinit {
    sanxiang_clear_free(data, count)
  }

  func withDER<R>(_ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
    try withExtendedLifetime(self) { try body(UnsafeBufferPointer(start: data, count: count)) }
  }
}
