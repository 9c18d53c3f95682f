public import Cryptography
public import TransparencyLog

/// What two operators of one end approve before a payload is destroyed there.
///
/// Signed as a C2SP signed note over this text, one line each: `sanxiang/erasure/v1`, the agency
/// whose operators sign, the origin of the channel that holds the record, its place there in decimal,
/// its id, its leaf hash in base64, and the legal basis: the law, and the article.
public struct ErasureStatement: Sendable, Hashable {
  /// The first line.
  public static let heading = "sanxiang/erasure/v1"
  /// How many different operators must sign.
  public static let quorum = 2

  /// The agency that destroys its copy.
  public var agency: AgencyCode
  /// The channel that holds the record.
  public var channel: Origin
  /// The record's place in it, from 0.
  public var seq: UInt64
  /// The record's id.
  public var target: RecordID
  /// The record's leaf hash: the operators mean this header and no other.
  public var leaf: Digest
  /// The law on which it rests.
  public var legalBasis: Common.LegalBasis

  /// A statement from its parts.
  public init(
    agency: AgencyCode, channel: Origin, seq: UInt64, target: RecordID, leaf: Digest,
    legalBasis: Common.LegalBasis
  ) {
    self.agency = agency
    self.channel = channel
    self.seq = seq
    self.target = target
    self.leaf = leaf
    self.legalBasis = legalBasis
  }

  /// The text to sign.
  public var text: String {
    """
    \(Self.heading)
    \(agency)
    \(channel)
    \(seq)
    \(target)
    \(CanonicalBase64.encode(leaf))
    \(legalBasis.law)
    \(legalBasis.article)

    """
  }

  /// Reads a statement's text; nil for anything but a statement in its one form.
  public init?(parsing text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.count == 9, lines[0] == Self.heading, lines[8].isEmpty,
      let agency = try? AgencyCode(lines[1]), let channel = try? Origin(parsing: lines[2]),
      let seq = UInt64(lines[3]), let target = try? RecordID(parsing: lines[4]),
      let leaf = CanonicalBase64.decode(lines[5]).flatMap({ Digest($0) })
    else { return nil }
    self.init(
      agency: agency, channel: channel, seq: seq, target: target, leaf: leaf,
      legalBasis: Common.LegalBasis(law: lines[6], article: lines[7]))
    guard Array(self.text.utf8) == Array(text.utf8) else { return nil }
  }
}

extension ErasureStatement {
  /// The payload of the record that tells of the erasure, from a note that holds this statement's
  /// text; nil unless two of `operators`, with different keys, have signed it.
  public func payload(approved note: SignedNote, by operators: [VerifierKey]) -> SystemErasure? {
    guard Array(note.text.utf8) == Array(text.utf8), let seq = Int64(exactly: seq),
      let verified = try? note.verified(by: operators)
    else { return nil }
    var signers: [VerifierKey] = []
    for key in verified where !signers.contains(where: { $0.key == key.key || $0.name == key.name })
    {
      signers.append(key)
    }
    guard signers.count >= Self.quorum else { return nil }
    let approvals = signers.prefix(Self.quorum).compactMap { key in
      note.signatures.first { $0.name == key.name && $0.keyID == key.keyID }.map { line in
        SystemErasure.Approval(
          operator: key.name, key: [key.type] + key.key.raw,
          signature: Self.bytes(line.keyID) + line.signature)
      }
    }
    return SystemErasure(
      channel: channel.description, target: target, seq: seq, legalBasis: legalBasis,
      approvals: approvals)
  }

  /// What an erasure record's payload states, for the record `leaf` that it names; nil where its
  /// channel or place cannot be.
  public init?(_ payload: SystemErasure, of agency: AgencyCode, leaf: Digest) {
    guard let channel = try? Origin(parsing: payload.channel),
      let seq = UInt64(exactly: payload.seq)
    else { return nil }
    self.init(
      agency: agency, channel: channel, seq: seq, target: payload.target, leaf: leaf,
      legalBasis: payload.legalBasis)
  }

  /// Whether both approvals of an erasure record verify, by the keys that they name, over this
  /// statement. Whose keys those are an agency's own list of operators says, not the directory.
  public func verifies(_ approvals: [SystemErasure.Approval], suite: Suite) -> Bool {
    var keys: [VerificationKey] = []
    for approval in approvals {
      guard let type = approval.key.first, approval.signature.count > 4,
        let key = try? suite.verificationKey(raw: Array(approval.key.dropFirst())),
        let verifier = try? VerifierKey(name: approval.operator, key: key, type: type),
        Self.bytes(verifier.keyID) == Array(approval.signature.prefix(4))
      else { return false }
      let note = SignedNote(
        text: text,
        signatures: [
          NoteSignature(
            name: verifier.name, keyID: verifier.keyID,
            signature: Array(approval.signature.dropFirst(4)))
        ])
      guard (try? note.verified(by: [verifier])) != nil, !keys.contains(key) else { return false }
      keys.append(key)
    }
    return keys.count >= Self.quorum
  }

  private static func bytes(_ keyID: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: keyID >> (24 - 8 * $0)) }
  }
}
