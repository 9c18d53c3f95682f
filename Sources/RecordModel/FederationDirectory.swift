public import Cryptography
public import TransparencyLog

/// A verified federation directory: the contents, and the signed note that they came in.
public struct FederationDirectory: Sendable {
  /// Most bytes of a directory's note.
  public static let noteByteLimit = SignedNote.byteLimit
  /// How long before its end a directory begins to warn, unless a quarter of its life is shorter.
  public static let warningMilliseconds: Int64 = 30 * 24 * 3600 * 1000

  /// What it says.
  public let contents: DirectoryContents
  /// The note: text and signatures.
  public let note: SignedNote
  /// The note's bytes as they came.
  public let bytes: [UInt8]
  /// Digest of the note's text: signatures may be added to a note without making it another.
  public let digest: Digest

  /// Verifies a directory against keys that the node's operator has pinned.
  ///
  /// It must be signed by a quorum of `pinned` and by a quorum of the authority that it names
  /// itself (commonly the same): keys that cannot sign never come into force.
  /// - Throws: `RecordModelError` with a `directory.*` code.
  public init(verifying note: [UInt8], pinned: Authority) throws(RecordModelError) {
    try self.init(note, trusted: [pinned])
  }

  /// Verifies a directory that is to follow another. The very same text is taken again.
  ///
  /// It must be of the same federation, not older (`directory.older`), not another text under the
  /// same version (`directory.fork`), signed by a quorum of the other's authority or of the next
  /// authority that the other names, and by a quorum of the authority that it names itself.
  /// - Throws: `RecordModelError` with a `directory.*` code.
  public init(
    verifying note: [UInt8], successorOf current: FederationDirectory
  ) throws(RecordModelError) {
    try self.init(note, trusted: [current.authority] + (current.next.map { [$0] } ?? []))
    guard federation.utf8.elementsEqual(current.federation.utf8) else {
      throw RecordModelError(.directoryFederation, "The directory is another federation's.")
    }
    guard version >= current.version else {
      throw RecordModelError(
        .directoryOlder, "The directory has version \(version), in force is \(current.version).")
    }
    guard version > current.version || digest == current.digest else {
      throw RecordModelError(
        .directoryFork, "The directory is another text under version \(version), in force here.")
    }
  }

  private init(_ bytes: [UInt8], trusted: [Authority]) throws(RecordModelError) {
    guard bytes.count <= Self.noteByteLimit else {
      throw RecordModelError(
        .directorySize, "A directory has at most \(Self.noteByteLimit) bytes.")
    }
    let note: SignedNote
    do {
      note = try SignedNote(parsing: bytes)
    } catch {
      throw RecordModelError(
        .directoryNote, "The directory is not a signed note.", cause: "\(error)")
    }
    var isTrusted = false
    for authority in trusted where try authority.hasSigned(note) { isTrusted = true }
    // Nothing of the text is read before this.
    guard isTrusted else {
      throw RecordModelError(
        .directoryQuorum, "The directory is not signed by enough trusted keys of the authority.")
    }
    contents = try DirectoryContents(parsing: note.text)
    guard try contents.authority.hasSigned(note) else {
      throw RecordModelError(
        .directoryQuorum, "The directory is not signed by enough keys of the authority it names.")
    }
    self.note = note
    self.bytes = bytes
    digest = contents.suite.digest(Array(note.text.utf8))
  }
}

// MARK: - What it says

extension FederationDirectory {
  /// Counts from 1 and only goes up.
  public var version: UInt64 { contents.version }
  /// The federation's name.
  public var federation: String { contents.federation }
  /// The first moment at which it is valid.
  public var notBefore: Timestamp { contents.notBefore }
  /// The first moment at which it no longer is.
  public var notAfter: Timestamp { contents.notAfter }
  /// Digest and signature algorithms of everything in the federation.
  public var suite: Suite { contents.suite }
  /// Who signs it.
  public var authority: Authority { contents.authority }
  /// Who may sign the next ones beside `authority`.
  public var next: Authority? { contents.next }
  /// The agencies' nodes.
  public var nodes: [AgencyCode: NodeEntry] { contents.nodes }
  /// Witnesses that are no node's.
  public var witnesses: [WitnessEntry] { contents.witnesses }
  /// Who may send what to whom.
  public var policy: DirectoryPolicy { contents.policy }
  /// Digest of the clocks file in force.
  public var clocks: Digest? { contents.clocks }
  /// Digests of the working-day calendars, by year.
  public var calendars: [Int: Digest] { contents.calendars }

  /// Whether it is valid at a moment. An invalid one stops new channels and seals, not the delivery
  /// of what is sealed.
  public func isValid(at time: Timestamp) -> Bool { notBefore <= time && time < notAfter }

  /// From when on its end is to be warned of.
  public var warnsAt: Timestamp {
    let life = notAfter.milliseconds - notBefore.milliseconds
    return notAfter.advanced(byMilliseconds: -min(Self.warningMilliseconds, life / 4))
  }

  /// Whether it is valid, but its end is near.
  public func warns(at time: Timestamp) -> Bool { isValid(at: time) && time >= warnsAt }

  /// Whether the policy lets one role send a kind to another.
  public func maySend(kind: String, from: AgencyRole, to: AgencyRole) -> Bool {
    policy.permits(kind, from: from, to: to)
  }

  /// Whether the policy lets one agency send a kind to another; false unless both have a node.
  public func maySend(kind: String, from: AgencyCode, to: AgencyCode) -> Bool {
    guard from != to, let sender = nodes[from], let receiver = nodes[to] else { return false }
    return maySend(kind: kind, from: sender.role, to: receiver.role)
  }
}

// MARK: - Keys. Without a time they are those of any time that the directory still lists: what a
// reader of stored checkpoints wants.

extension FederationDirectory {
  /// The keys that sign an agency's log heads.
  public func recordKeys(of code: AgencyCode, at time: Timestamp? = nil) -> [VerificationKey] {
    Self.keys(nodes[code]?.recordKeys, time)
  }

  /// The keys that cosign what an agency received.
  public func receiptKeys(of code: AgencyCode, at time: Timestamp? = nil) -> [VerificationKey] {
    Self.keys(nodes[code]?.receiptKeys, time)
  }

  /// The keys with which an agency cosigns its peers' journals.
  public func witnessKeys(of code: AgencyCode, at time: Timestamp? = nil) -> [VerificationKey] {
    Self.keys(nodes[code]?.witnessKeys, time)
  }

  /// The keys that sign a channel's checkpoints: the sender's, under the origin's name. Empty for
  /// another federation's origin.
  public func recordVerifiers(origin: Origin, at time: Timestamp? = nil) -> [VerifierKey] {
    guard isOurs(origin.federation) else { return [] }
    return named(
      origin.description, recordKeys(of: origin.direction.from, at: time), suite.noteSignatureType)
  }

  /// Those of them that are valid at any moment from one to another.
  public func recordVerifiers(
    origin: Origin, from first: Timestamp, through last: Timestamp
  ) -> [VerifierKey] {
    guard isOurs(origin.federation) else { return [] }
    let keys = nodes[origin.direction.from]?.recordKeys ?? []
    return named(
      origin.description, keys.filter { $0.isValid(from: first, through: last) }.map(\.key),
      suite.noteSignatureType)
  }

  /// The keys with which an agency cosigns, as receipts, the checkpoints of channels to it.
  public func receiptVerifiers(of code: AgencyCode, at time: Timestamp? = nil) -> [VerifierKey] {
    named(
      KeyName.receipt(federation: federation, code: code), receiptKeys(of: code, at: time),
      suite.cosignatureType)
  }

  /// The keys that sign a journal's checkpoints, under the journal origin's name.
  public func journalVerifiers(
    origin: JournalOrigin, at time: Timestamp? = nil
  ) -> [VerifierKey] {
    guard isOurs(origin.federation) else { return [] }
    return named(
      origin.description, recordKeys(of: origin.code, at: time), suite.noteSignatureType)
  }

  /// Those of them that are valid at any moment from one to another.
  public func journalVerifiers(
    origin: JournalOrigin, from first: Timestamp, through last: Timestamp
  ) -> [VerifierKey] {
    guard isOurs(origin.federation) else { return [] }
    let keys = nodes[origin.code]?.recordKeys ?? []
    return named(
      origin.description, keys.filter { $0.isValid(from: first, through: last) }.map(\.key),
      suite.noteSignatureType)
  }

  /// The keys with which an agency cosigns its peers' journals.
  public func witnessVerifiers(of code: AgencyCode, at time: Timestamp? = nil) -> [VerifierKey] {
    named(
      KeyName.witness(federation: federation, code: code), witnessKeys(of: code, at: time),
      suite.cosignatureType)
  }

  /// The keys of the witnesses that are no node's.
  public func independentWitnessVerifiers(at time: Timestamp? = nil) -> [VerifierKey] {
    witnesses.flatMap { named($0.name, Self.keys($0.keys, time), suite.cosignatureType) }
  }

  private func isOurs(_ other: String) -> Bool { federation.utf8.elementsEqual(other.utf8) }

  private static func keys(_ dated: [DatedKey]?, _ time: Timestamp?) -> [VerificationKey] {
    (dated ?? []).filter { key in time.map(key.isValid) ?? true }.map(\.key)
  }

  private func named(_ name: String, _ keys: [VerificationKey], _ type: UInt8) -> [VerifierKey] {
    // Never nil: `DirectoryContents.validate` has checked names, and the type is the suite's own.
    keys.compactMap { try? VerifierKey(name: name, key: $0, type: type) }
  }
}
