public import Cryptography

/// What a proof has shown once it verified.
public struct VerifiedLogProof: Hashable, Sendable {
  /// One cosigner's statement that it saw the checkpoint.
  public struct Statement: Hashable, Sendable {
    /// The cosigner's key.
    public var key: VerifierKey
    /// When it cosigned, in seconds since the Unix epoch, by its own clock.
    public var time: UInt64
  }

  /// The checkpoint whose tree holds the entry.
  public var checkpoint: Checkpoint
  /// The key with which the log signed it.
  public var logKey: VerifierKey
  /// The cosignatures by known cosigners, one for each public key, in the note's order.
  public var cosignatures: [Statement]

  /// The earliest time at which `count` distinct cosigners had cosigned, in seconds since the
  /// Unix epoch; nil where there are fewer.
  public func time(ofCosigners count: Int) -> UInt64? {
    guard count > 0, count <= cosignatures.count else { return nil }
    return cosignatures.map(\.time).sorted()[count - 1]
  }
}

extension LogProof {
  /// Checks that the entry is at `index` in the log `origin` under a checkpoint that the log
  /// signed and at least `threshold` distinct cosigners cosigned.
  ///
  /// See ``verify(leaf:origin:logKeys:cosigners:threshold:)``; the leaf hash is made with the
  /// suite of the log's key.
  @discardableResult
  public func verify(
    entry: [UInt8], origin: String, logKeys: [VerifierKey], cosigners: [VerifierKey],
    threshold: Int
  ) throws(TransparencyLogError) -> VerifiedLogProof {
    guard let suite = logKeys.first?.key.suite else { throw Self.noLogKey }
    return try verify(
      leaf: Merkle.leaf(entry, suite: suite), origin: origin, logKeys: logKeys,
      cosigners: cosigners, threshold: threshold)
  }

  /// Checks that the leaf hash is at `index` in the log `origin` under a checkpoint that the log
  /// signed and at least `threshold` distinct cosigners cosigned.
  ///
  /// `logKeys` are of the suite's note signature type, `cosigners` of its cosignature type, all
  /// of one suite. Cosigners are counted by their public keys, not by their names; `threshold` 0
  /// asks for the log's own signature only.
  ///
  /// Throws `log.proof.policy` where the keys and threshold make no sense, `log.proof.origin`
  /// for another log, `log.proof.unsigned` without the log's signature, `log.proof.threshold`
  /// with too few cosigners, `log.note.*` and `log.cosignature.*` where a known key's signature
  /// does not verify, `log.proof.index`, `.length` or `.root` where the leaf is not there.
  @discardableResult
  public func verify(
    leaf: Digest, origin: String, logKeys: [VerifierKey], cosigners: [VerifierKey],
    threshold: Int
  ) throws(TransparencyLogError) -> VerifiedLogProof {
    let suite = try Self.checkPolicy(logKeys: logKeys, cosigners: cosigners, threshold: threshold)
    let head = try Checkpoint(parsing: checkpoint.text)
    guard sameBytes(head.origin, origin) else {
      throw TransparencyLogError(
        code: .proofOrigin, message: "the proof's checkpoint is of another log")
    }
    let valid = try checkpoint.verified(by: logKeys + cosigners)
    guard let logKey = valid.first(where: { $0.type == suite.noteSignatureType }) else {
      throw TransparencyLogError(
        code: .proofUnsigned, message: "the proof's checkpoint is not signed by its log")
    }
    let statements = try statements(of: valid, suite: suite)
    guard statements.count >= threshold else {
      throw TransparencyLogError(
        code: .proofThreshold,
        message: "\(statements.count) cosigners signed the checkpoint, not \(threshold)")
    }
    try Merkle.verifyInclusion(
      leaf: leaf, index: index, size: head.size, proof: proof, root: head.root, suite: suite)
    return VerifiedLogProof(checkpoint: head, logKey: logKey, cosignatures: statements)
  }

  /// The times of the verified cosignatures, the first for each public key.
  private func statements(
    of valid: [VerifierKey], suite: Suite
  ) throws(TransparencyLogError) -> [VerifiedLogProof.Statement] {
    var statements: [VerifiedLogProof.Statement] = []
    for key in valid where key.type == suite.cosignatureType {
      guard !statements.contains(where: { $0.key.key == key.key }),
        let signature = checkpoint.signatures.first(where: { key.isMeant(by: $0) })
      else { continue }
      statements.append(.init(key: key, time: try Cosignature.time(of: signature)))
    }
    return statements
  }

  private static func checkPolicy(
    logKeys: [VerifierKey], cosigners: [VerifierKey], threshold: Int
  ) throws(TransparencyLogError) -> Suite {
    guard let suite = logKeys.first?.key.suite else { throw noLogKey }
    guard logKeys.allSatisfy({ $0.type == suite.noteSignatureType && $0.key.suite == suite }),
      cosigners.allSatisfy({ $0.type == suite.cosignatureType && $0.key.suite == suite })
    else {
      throw TransparencyLogError(
        code: .proofPolicy, message: "a key's type or suite does not fit its part in the policy")
    }
    guard threshold >= 0, threshold <= Set(cosigners.map(\.key)).count else {
      throw TransparencyLogError(
        code: .proofPolicy,
        message: "a threshold of \(threshold) is not within the number of distinct cosigners")
    }
    return suite
  }

  private static let noLogKey = TransparencyLogError(
    code: .proofPolicy, message: "a proof needs a key of its log to be checked with")
}
