public import Cryptography

/// A public key with the name and signature type it signs notes under: a C2SP vkey,
/// `name+hex(key ID)+base64(type ‖ key)`.
///
/// Two keys are equal where their bytes are; names are compared by their scalars.
public struct VerifierKey: Hashable, Sendable, CustomStringConvertible {
  /// The most bytes that a key name may have.
  public static let nameByteLimit = 512

  /// The key's name, for a log its origin.
  public let name: String
  /// The first four bytes, big-endian, of the digest of name, newline, type and key.
  public let keyID: UInt32
  /// The signature type: the suite's note signature (0x01) or cosignature (0x04).
  public let type: UInt8
  /// The public key.
  public let key: VerificationKey

  /// Gives `key` a name and a signature type.
  ///
  /// Throws `log.note.name` for a name that no signature line can hold, `log.note.keyType` for a
  /// type that the key's suite does not have.
  public init(
    name: String, key: VerificationKey, type: UInt8
  ) throws(TransparencyLogError) {
    try Self.checkName(name)
    guard type == key.suite.noteSignatureType || type == key.suite.cosignatureType else {
      throw TransparencyLogError(
        code: .noteKeyType, message: "suite \(key.suite.name) has no signature type \(type)")
    }
    self.name = name
    self.type = type
    self.key = key
    keyID = Self.keyID(name: name, type: type, key: key)
  }

  /// Reads a vkey in its one canonical form: lower-case hex, canonical base64.
  ///
  /// Throws `log.note.key` for another form or a key that `suite` does not take,
  /// `log.note.keyID` where the written key ID is not the computed one, and what
  /// `init(name:key:type:)` throws.
  public init(parsing text: String, suite: Suite) throws(TransparencyLogError) {
    let wrong = TransparencyLogError(
      code: .noteKey, message: "not a verifier key of the form name+hex+base64")
    // A name holds no plus, base64 may: the first two separate.
    let parts = Array(text.utf8).split(
      separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
    guard text.utf8.count <= Self.textByteLimit, parts.count == 3,
      let keyID = Self.parseKeyID(parts[1]), let blob = CanonicalBase64.decode(parts[2]),
      let type = blob.first
    else { throw wrong }
    let key: VerificationKey
    do {
      key = try suite.verificationKey(raw: Array(blob.dropFirst()))
    } catch {
      throw TransparencyLogError(code: .noteKey, message: wrong.message, cause: "\(error)")
    }
    try self.init(name: String(decoding: parts[0], as: UTF8.self), key: key, type: type)
    guard keyID == self.keyID else {
      throw TransparencyLogError(
        code: .noteKeyID, message: "a verifier key's ID is not that of its name and key")
    }
  }

  /// The canonical vkey text.
  public var description: String {
    "\(name)+\(Self.hex(keyID))+\(CanonicalBase64.encode([type] + key.raw))"
  }

  /// Equal in every byte.
  public static func == (left: VerifierKey, right: VerifierKey) -> Bool {
    left.keyID == right.keyID && left.type == right.type && left.key == right.key
      && sameBytes(left.name, right.name)
  }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(keyID)
    hasher.combine(key)
  }

  /// Whether this key is the one that a signature line with this name and key ID means.
  func isMeant(by signature: NoteSignature) -> Bool {
    keyID == signature.keyID && sameBytes(name, signature.name)
  }

  /// Longer than any vkey of an allowed name: hex, two pluses, and a generous key.
  private static let textByteLimit = nameByteLimit + 4096

  static func keyID(name: String, type: UInt8, key: VerificationKey) -> UInt32 {
    var bytes = Array(name.utf8)
    bytes.reserveCapacity(bytes.count + 2 + key.raw.count)
    bytes.append(newline)
    bytes.append(type)
    bytes.append(contentsOf: key.raw)
    return key.suite.digest(bytes).withUnsafeBytes { leadingWord($0) }
  }

  /// A key name is not empty, not over-long, and free of Unicode spaces, plus signs and control
  /// characters.
  static func checkName(_ name: String) throws(TransparencyLogError) {
    let holdsBad = name.unicodeScalars.contains {
      $0.value < 0x20 || $0 == "+" || $0.properties.isWhitespace
    }
    guard !name.isEmpty, name.utf8.count <= nameByteLimit, !holdsBad else {
      throw TransparencyLogError(
        code: .noteName,
        message: "a key name is empty, above \(nameByteLimit) bytes, or holds a space or plus")
    }
  }

  private static func parseKeyID(_ digits: ArraySlice<UInt8>) -> UInt32? {
    guard digits.count == 8 else { return nil }
    var value: UInt32 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(digit - 0x30)
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(digit - 0x57)
      default: return nil
      }
    }
    return value
  }

  private static func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.utf8.count) + digits
  }
}
