public import Cryptography
public import TransparencyLog

/// A directory that is being written: the authority changes its contents, then signs it.
public struct DirectoryDraft: Sendable {
  /// What it will say.
  public var contents: DirectoryContents

  /// A draft of these contents.
  public init(_ contents: DirectoryContents) { self.contents = contents }

  /// The draft of the version after a directory. Where that one names a next authority, the draft
  /// is already that authority's.
  public init(after current: FederationDirectory) {
    contents = current.contents
    contents.version += 1
    if let next = contents.next {
      contents.authority = next
      contents.next = nil
    }
  }

  /// Adds a node, or replaces the one of the same code.
  public mutating func add(_ node: NodeEntry) { contents.nodes[node.code] = node }

  /// Makes it the version after the one that it has.
  public mutating func raiseVersion() { contents.version += 1 }

  /// The text to sign, checked: what comes out can be read back as the same contents.
  /// - Throws: `RecordModelError` with a `directory.*` code.
  public func text() throws(RecordModelError) -> String {
    try contents.validate()
    let text = contents.signedText()
    guard text.utf8.count <= FederationDirectory.noteByteLimit else {
      throw RecordModelError(
        .directorySize, "A directory has at most \(FederationDirectory.noteByteLimit) bytes.")
    }
    guard try DirectoryContents(parsing: text) == contents else {
      throw RecordModelError(.directoryField, "The draft's text does not read back as the draft.")
    }
    return text
  }

  /// Signs with some of the authority's keys, each under its name in `authority` or `next`.
  /// - Throws: `RecordModelError` with a `directory.*` code, `.directoryAuthority` for a key that
  ///   neither quorum has; what signing throws.
  public func sign(with keys: [SigningKey]) throws -> SignedNote {
    var note = SignedNote(text: try text(), signatures: [])
    for key in keys {
      let names = signerNames(of: key)
      guard !names.isEmpty else {
        throw RecordModelError(.directoryAuthority, "A key is not one of the authority's.")
      }
      for name in names {
        note.add(try SignedNote.sign(text: note.text, name: name, key: key))
      }
    }
    return note
  }

  /// Adds one more signature to a directory's note under a given key name, for an authority whose
  /// keys lie in several hands. The text is checked as a directory's first.
  /// - Throws: `RecordModelError` with a `directory.*` code; what signing throws.
  public static func addSignature(
    to note: [UInt8], name: String, key: SigningKey
  ) throws -> SignedNote {
    var signed: SignedNote
    do {
      signed = try SignedNote(parsing: note)
    } catch {
      throw RecordModelError(
        .directoryNote, "The directory is not a signed note.", cause: "\(error)")
    }
    _ = try DirectoryContents(parsing: signed.text)
    signed.add(try SignedNote.sign(text: signed.text, name: name, key: key))
    return signed
  }

  private func signerNames(of key: SigningKey) -> [String] {
    var names: [String] = []
    for known in contents.authority.keys + (contents.next?.keys ?? [])
    where known.key == key.verificationKey && !names.contains(known.name) {
      names.append(known.name)
    }
    return names
  }
}
