import COpenSSL

/// The kinds of key this module makes and accepts.
enum KeyType: Sendable {
  case ed25519
  case p256

  /// OpenSSL's name of the algorithm.
  var libraryName: String {
    switch self {
    case .ed25519: "ED25519"
    case .p256: "EC"
    }
  }

  /// OpenSSL's name of the curve, where the algorithm leaves it open.
  var group: String? {
    switch self {
    case .ed25519: nil
    case .p256: "P-256"
    }
  }
}

/// Owns one `EVP_PKEY`.
///
/// Sendable: nothing here changes a key after it was made, and the library counts references and
/// fills its caches under its own locks.
final class KeyHandle: @unchecked Sendable {
  private let key: OpaquePointer

  /// Takes over `key`.
  init(owning key: OpaquePointer) {
    self.key = key
  }

  deinit {
    EVP_PKEY_free(key)
  }

  static func generate(_ type: KeyType) throws -> KeyHandle {
    ErrorQueue.clear()
    guard let key = sanxiang_generate_key(type.libraryName, type.group) else {
      throw CryptographyError.fromQueue(.keyGeneration, "a key could not be made")
    }
    return KeyHandle(owning: key)
  }

  func withKey<R>(_ body: (OpaquePointer) throws -> R) rethrows -> R {
    // Without this the optimiser may free the key when `self` is last named, before `body` ends.
    try withExtendedLifetime(self) { try body(key) }
  }

  /// Which kind of key this is; nil when it is none of ours.
  var type: KeyType? {
    if EVP_PKEY_is_a(key, KeyType.ed25519.libraryName) == 1 { return .ed25519 }
    guard EVP_PKEY_is_a(key, KeyType.p256.libraryName) == 1 else { return nil }
    var name = [CChar](repeating: 0, count: 64)
    var length = 0
    guard EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1 else { return nil }
    return name.withUnsafeBufferPointer { buffer in
      // The buffer has 64 elements, so it has an address, and the call ended it with a zero.
      String(cString: buffer.baseAddress!) == "prime256v1" ? .p256 : nil
    }
  }

  func rawPublicKey(count: Int) throws -> [UInt8] {
    ErrorQueue.clear()
    var length = count
    var raw = [UInt8](repeating: 0, count: count)
    guard EVP_PKEY_get_raw_public_key(key, &raw, &length) == 1, length == count else {
      throw CryptographyError.fromQueue(.keyType, "the key has no raw public form")
    }
    return raw
  }
}
