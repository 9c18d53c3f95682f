public import Cryptography

/// The head of a log at one size: the text of a C2SP tlog-checkpoint.
///
/// Its form is origin, size, base64 root and extension lines, each ending in a newline. A text
/// that parsed is written to the same text again.
public struct Checkpoint: Hashable, Sendable {
  /// The most bytes of a checkpoint's text.
  public static let textByteLimit = 64 * 1024
  /// The most bytes of an origin: as many as its vkey's name may have.
  public static let originByteLimit = VerifierKey.nameByteLimit
  /// The most extension lines.
  public static let extensionLimit = 32

  /// The log's identity, not empty and without newlines.
  public var origin: String
  /// The number of leaves.
  public var size: UInt64
  /// The Merkle root over them.
  public var root: Digest
  /// Further signed lines that this module does not interpret, each not empty, no newlines.
  public var extensions: [String]

  /// Makes a checkpoint from its parts, as they are; ``validate()`` checks them.
  public init(origin: String, size: UInt64, root: Digest, extensions: [String] = []) {
    self.origin = origin
    self.size = size
    self.root = root
    self.extensions = extensions
  }

  /// Makes a checkpoint of the tree that a frontier stands at.
  public init(origin: String, frontier: Frontier) {
    self.init(origin: origin, size: frontier.size, root: frontier.root)
  }

  /// Reads a note's text.
  ///
  /// Throws `log.checkpoint.malformed`, `.origin`, `.size`, `.root` or `.extension`.
  public init(parsing text: String) throws(TransparencyLogError) {
    let bytes = Array(text.utf8)
    let malformed = TransparencyLogError(
      code: .checkpointMalformed, message: "not at least three whole lines of a checkpoint")
    guard bytes.count <= Self.textByteLimit else { throw malformed }
    var lines = LineReader(bytes[...])
    guard let origin = lines.next(), let size = lines.next(), let root = lines.next() else {
      throw malformed
    }
    self.origin = String(decoding: origin, as: UTF8.self)
    guard let size = parseDecimal(size) else {
      throw TransparencyLogError(
        code: .checkpointSize, message: "a checkpoint's size is not a canonical decimal")
    }
    self.size = size
    guard let root = CanonicalBase64.decode(root), let root = Digest(root) else {
      throw TransparencyLogError(
        code: .checkpointRoot, message: "a checkpoint's root is not the base64 of 32 bytes")
    }
    self.root = root
    extensions = []
    while let line = lines.next() {
      extensions.append(String(decoding: line, as: UTF8.self))
      guard extensions.count <= Self.extensionLimit else { throw Self.badExtension }
    }
    guard lines.rest.isEmpty else { throw malformed }
    try validate()
  }

  /// Checks what parsing would: throws where `text` could not be parsed again.
  public func validate() throws(TransparencyLogError) {
    guard Self.isLine(origin), origin.utf8.count <= Self.originByteLimit else {
      throw TransparencyLogError(
        code: .checkpointOrigin, message: "a checkpoint's origin is empty, too long or not one line"
      )
    }
    let bytes = extensions.reduce(0) { $0 + $1.utf8.count + 1 }
    guard extensions.count <= Self.extensionLimit, extensions.allSatisfy(Self.isLine),
      bytes <= Self.textByteLimit - Self.originByteLimit - Self.fixedByteCount
    else { throw Self.badExtension }
  }

  /// The note's text.
  public var text: String {
    var text = "\(origin)\n\(size)\n\(CanonicalBase64.encode(root))\n"
    for line in extensions { text += "\(line)\n" }
    return text
  }

  /// Reads a signed checkpoint: the note, and the checkpoint that is its text. No signature is
  /// verified yet. Throws `log.note.*` and `log.checkpoint.*`.
  public static func signed(
    parsing bytes: [UInt8]
  ) throws(TransparencyLogError) -> (note: SignedNote, checkpoint: Checkpoint) {
    let note = try SignedNote(parsing: bytes)
    return (note, try Checkpoint(parsing: note.text))
  }

  /// Signs the checkpoint as its log: the key's name is the origin.
  ///
  /// Throws what ``validate()`` and `SignedNote.sign(text:name:key:)` throw.
  public func signed(by key: SigningKey) throws -> SignedNote {
    try validate()
    let text = text
    return SignedNote(
      text: text, signatures: [try SignedNote.sign(text: text, name: origin, key: key)])
  }

  /// Equal in every byte.
  public static func == (left: Checkpoint, right: Checkpoint) -> Bool {
    left.size == right.size && left.root == right.root && sameBytes(left.origin, right.origin)
      && left.extensions.elementsEqual(right.extensions, by: sameBytes)
  }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(size)
    hasher.combine(root)
  }

  /// The size's 20 digits, the root's 44 characters, three newlines.
  private static let fixedByteCount = 67

  private static func isLine(_ text: String) -> Bool {
    !text.isEmpty && !text.utf8.contains { $0 < 0x20 }
  }

  private static let badExtension = TransparencyLogError(
    code: .checkpointExtension,
    message: "a checkpoint has too many or too long extension lines, or one that is no line")
}
