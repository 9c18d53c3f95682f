/// One signature line of a note: `— <name> <base64(key ID ‖ signature)>`.
public struct NoteSignature: Hashable, Sendable, CustomStringConvertible {
  /// The most bytes of one signature; a post-quantum one has nearly 5,000.
  public static let byteLimit = 8 * 1024

  /// The name of the key that signed.
  public var name: String
  /// The key ID, see ``VerifierKey/keyID``.
  public var keyID: UInt32
  /// What the key's algorithm made; for a cosignature eight bytes of time come first.
  public var signature: [UInt8]

  /// Makes a signature from its parts, as they are.
  public init(name: String, keyID: UInt32, signature: [UInt8]) {
    self.name = name
    self.keyID = keyID
    self.signature = signature
  }

  /// Reads one line, with or without its newline.
  ///
  /// Throws `log.note.utf8`, `log.note.signatureLine`, `log.note.name` or `log.note.limit`.
  public init(parsing line: [UInt8]) throws(TransparencyLogError) {
    guard line.count <= Self.lineByteLimit else {
      throw TransparencyLogError(code: .noteLimit, message: "a signature line is too long")
    }
    guard let text = String(validating: line, as: UTF8.self) else {
      throw TransparencyLogError(code: .noteUTF8, message: "a signature line is not UTF-8")
    }
    let bytes = Array(text.utf8)[...]
    try self.init(line: bytes.last == newline ? bytes.dropLast() : bytes)
  }

  /// Reads one line without its newline; it is known to be UTF-8.
  init(line: ArraySlice<UInt8>) throws(TransparencyLogError) {
    let wrong = TransparencyLogError(
      code: .noteSignatureLine, message: "a signature line is not '— name base64'")
    guard line.starts(with: Self.dash) else { throw wrong }
    let rest = line.dropFirst(Self.dash.count)
    guard let gap = rest.firstIndex(of: space) else { throw wrong }
    let encoded = rest[(gap + 1)...]
    guard encoded.count <= CanonicalBase64.encodedCount(4 + Self.byteLimit) else {
      throw TransparencyLogError(
        code: .noteLimit, message: "a signature has more than \(Self.byteLimit) bytes")
    }
    guard let blob = CanonicalBase64.decode(encoded), blob.count > 4 else { throw wrong }
    name = String(decoding: rest[..<gap], as: UTF8.self)
    try VerifierKey.checkName(name)
    keyID = leadingWord(blob)
    signature = Array(blob.dropFirst(4))
  }

  /// The line, with its newline.
  public var encoded: [UInt8] {
    var out: [UInt8] = []
    append(to: &out)
    return out
  }

  /// The line, without its newline.
  public var description: String { String(decoding: encoded.dropLast(), as: UTF8.self) }

  /// Equal in every byte; the name is compared by its scalars.
  public static func == (left: NoteSignature, right: NoteSignature) -> Bool {
    left.keyID == right.keyID && left.signature == right.signature
      && sameBytes(left.name, right.name)
  }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(keyID)
    hasher.combine(signature)
  }

  /// Whether both claim to be by the same key.
  func isBySameKey(as other: NoteSignature) -> Bool {
    keyID == other.keyID && sameBytes(name, other.name)
  }

  func append(to out: inout [UInt8]) {
    var blob: [UInt8] = []
    blob.reserveCapacity(4 + signature.count)
    appendBigEndian(keyID, to: &blob)
    blob.append(contentsOf: signature)
    out.append(contentsOf: Self.dash)
    out.append(contentsOf: name.utf8)
    out.append(space)
    CanonicalBase64.append(blob, to: &out)
    out.append(newline)
  }

  /// Dash, name, space, the base64 of key ID and signature, newline.
  private static let lineByteLimit =
    dash.count + VerifierKey.nameByteLimit + CanonicalBase64.encodedCount(4 + byteLimit) + 2

  /// An em dash, U+2014, and a space.
  private static let dash: [UInt8] = [0xE2, 0x80, 0x94, 0x20]
}
