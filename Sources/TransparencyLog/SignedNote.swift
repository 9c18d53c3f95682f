public import Cryptography

/// A C2SP signed note: a text and the signatures on it.
///
/// Parsing takes what the C2SP text takes, except that it also refuses a text that is empty or
/// ends in a blank line, and two signatures with the same key name and key ID. A note that
/// parsed is encoded to the same bytes again. Nothing in a note may be believed before
/// ``verified(by:)`` has returned.
public struct SignedNote: Hashable, Sendable {
  /// The most bytes of a note; a federation directory is the largest kind.
  public static let byteLimit = 4 * 1024 * 1024
  /// The most signatures of a note.
  public static let signatureLimit = 100

  /// The signed text, ending in a newline.
  public var text: String
  /// The signatures, in the order of their lines.
  public var signatures: [NoteSignature]

  /// Makes a note from its parts, as they are; ``validate()`` checks them.
  public init(text: String, signatures: [NoteSignature]) {
    self.text = text
    self.signatures = signatures
  }

  /// Reads a note.
  ///
  /// Throws `log.note.limit`, `log.note.utf8`, `log.note.control`, `log.note.malformed` (no
  /// text, no signatures, or not exactly one blank line between them),
  /// `log.note.signatureLine`, `log.note.name`, `log.note.duplicate`.
  public init(parsing bytes: [UInt8]) throws(TransparencyLogError) {
    try self.init(parsing: bytes[...])
  }

  init(parsing bytes: ArraySlice<UInt8>) throws(TransparencyLogError) {
    guard bytes.count <= Self.byteLimit else {
      throw TransparencyLogError(
        code: .noteLimit, message: "a note has more than \(Self.byteLimit) bytes")
    }
    // The whole is one text: a slice of it that starts and ends at newlines is UTF-8 if it is.
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw TransparencyLogError(code: .noteUTF8, message: "a note is not UTF-8")
    }
    guard !holdsControl(bytes) else {
      throw TransparencyLogError(
        code: .noteControl, message: "a note holds a control character")
    }
    guard let blank = Self.lastBlankLine(in: bytes) else {
      throw TransparencyLogError(
        code: .noteMalformed, message: "a note has no blank line before its signatures")
    }
    text = String(decoding: bytes[..<blank], as: UTF8.self)
    signatures = []
    try Self.checkText(text)

    var lines = LineReader(bytes[(blank + 1)...])
    while let line = lines.next() {
      guard signatures.count < Self.signatureLimit else { throw Self.tooManySignatures }
      let signature = try NoteSignature(line: line)
      guard !signatures.contains(where: { $0.isBySameKey(as: signature) }) else {
        throw Self.duplicateSignature
      }
      signatures.append(signature)
    }
    guard lines.rest.isEmpty, !signatures.isEmpty else {
      throw TransparencyLogError(
        code: .noteMalformed, message: "a note does not end with whole signature lines")
    }
  }

  /// Checks what parsing would: throws where `encoded` could not be parsed again.
  public func validate() throws(TransparencyLogError) {
    _ = try SignedNote(parsing: encoded)
  }

  /// The note's bytes: text, blank line, signature lines.
  public var encoded: [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(text.utf8.count + 1 + signatures.count * 160)
    out.append(contentsOf: text.utf8)
    out.append(newline)
    for signature in signatures { signature.append(to: &out) }
    return out
  }

  /// Adds a signature; one with the same key name and key ID gives way to it, in its place.
  public mutating func add(_ signature: NoteSignature) {
    if let place = signatures.firstIndex(where: { $0.isBySameKey(as: signature) }) {
      signatures[place] = signature
    } else {
      signatures.append(signature)
    }
  }

  /// Verifies the signatures that name one of `keys`, and returns those keys, each once, in the
  /// order of the signatures.
  ///
  /// Signatures by other keys are ignored. Which of the two messages a signature is on, the
  /// text or the text as a timestamped cosignature, follows from its key's type. A caller that
  /// counts signers towards a threshold has to count distinct `key.raw`, since one key may be
  /// given under two names.
  ///
  /// Throws `log.note.signature` (or `log.cosignature.*`) where a signature by a known key does
  /// not verify, `log.note.unverified` where none is by a known key, and
  /// `log.note.ambiguousKey` where two different `keys` share the name and ID of a signature.
  public func verified(by keys: [VerifierKey]) throws(TransparencyLogError) -> [VerifierKey] {
    var valid: [VerifierKey] = []
    for signature in signatures {
      guard let key = keys.first(where: { $0.isMeant(by: signature) }) else { continue }
      guard !keys.contains(where: { $0.isMeant(by: signature) && $0 != key }) else {
        throw TransparencyLogError(
          code: .noteAmbiguousKey, message: "two keys share one name and key ID")
      }
      try verify(signature, by: key)
      if !valid.contains(key) { valid.append(key) }
    }
    guard !valid.isEmpty else {
      throw TransparencyLogError(
        code: .noteUnverified, message: "a note has no signature by a known key")
    }
    return valid
  }

  /// Signs `text` as the key `name`: an ordinary note signature, not a cosignature.
  ///
  /// Throws `log.note.*` where the text or the name can't be part of a note, and what the key
  /// throws.
  public static func sign(text: String, name: String, key: SigningKey) throws -> NoteSignature {
    try checkText(text)
    let named = try VerifierKey(
      name: name, key: key.verificationKey, type: key.suite.noteSignatureType)
    return NoteSignature(
      name: name, keyID: named.keyID, signature: try key.sign(Array(text.utf8)))
  }

  /// Equal in every byte; Swift's own string comparison would take different texts for equal.
  public static func == (left: SignedNote, right: SignedNote) -> Bool {
    left.signatures == right.signatures && sameBytes(left.text, right.text)
  }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(text)
    hasher.combine(signatures)
  }

  private func verify(
    _ signature: NoteSignature, by key: VerifierKey
  ) throws(TransparencyLogError) {
    if key.type == key.key.suite.cosignatureType {
      _ = try Cosignature.verify(signature, checkpointText: text, by: key)
      return
    }
    guard key.key.isValid(signature: signature.signature, for: Array(text.utf8)) else {
      throw TransparencyLogError(
        code: .noteSignature, message: "the signature by \(key.name) does not verify")
    }
  }

  /// A text that a note can hold: not empty, within the limit, ending in one newline, not in a
  /// blank line, without control characters.
  static func checkText(_ text: String) throws(TransparencyLogError) {
    var ending = text.utf8.suffix(2)
    guard ending.popLast() == newline, let before = ending.popLast(), before != newline else {
      throw TransparencyLogError(
        code: .noteMalformed, message: "a note's text is empty or does not end in one newline")
    }
    guard text.utf8.count < byteLimit else {
      throw TransparencyLogError(
        code: .noteLimit, message: "a note's text has more than \(byteLimit) bytes")
    }
    guard !holdsControl(text.utf8) else {
      throw TransparencyLogError(
        code: .noteControl, message: "a note's text holds a control character")
    }
  }

  /// The index of the newline that is the last empty line.
  private static func lastBlankLine(in bytes: ArraySlice<UInt8>) -> Int? {
    var index = bytes.endIndex - 1
    while index > bytes.startIndex {
      if bytes[index] == newline, bytes[index - 1] == newline { return index }
      index -= 1
    }
    return nil
  }

  private static let tooManySignatures = TransparencyLogError(
    code: .noteLimit, message: "a note has more than \(signatureLimit) signatures")
  private static let duplicateSignature = TransparencyLogError(
    code: .noteDuplicate, message: "a note has two signatures with one key name and key ID")
}

extension SignedNote {
  /// The note with the lines of these keys alone, by name and key ID; none of them is verified.
  public func keeping(_ keys: [VerifierKey]) -> SignedNote {
    SignedNote(
      text: text,
      signatures: signatures.filter { line in
        keys.contains { sameBytes($0.name, line.name) && $0.keyID == line.keyID }
      })
  }
}
