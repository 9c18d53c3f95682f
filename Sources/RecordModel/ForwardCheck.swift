import Cryptography
import RecordSchema
import TransparencyLog

/// Checks that what a `lead.forward` carries is what its forwarder was sent: the original's header,
/// its payload, and the proof that both agencies had signed for it.
///
/// The proof is checked with the keys that the directory lists which the forwarding itself names:
/// both ends know that version, while the original's may be older than the onward receiver's
/// membership. A directory that drops a key instead of dating its end so puts an end to what that
/// key can prove.
struct ForwardCheck {
  let header: RecordHeader
  let directory: FederationDirectory?
  let registry: SchemaRegistry

  /// The original's header where it parses, and every broken rule.
  func judge(_ bytes: [UInt8]) -> (original: RecordHeader?, violations: [Violation]) {
    guard let carried = LeadForward(reading: bytes),
      let original = try? RecordHeader(parsing: carried.header), isForwardable(original)
    else { return (nil, [.forwardHeader]) }
    var found: [Violation] = []
    if !isCommitted(carried, original) {
      found.append(.forwardCommitment)
    } else if !keepsSchema(carried, original) {
      found.append(.forwardPayload)
    }
    if !isProven(carried, original) { found.append(.forwardProof) }
    return (original, found)
  }

  /// A lead's first record that was sent to the forwarder, not by the onward receiver.
  private func isForwardable(_ original: RecordHeader) -> Bool {
    original.to == header.from && original.from != header.to
      && [KindName.leadTransfer, KindName.leadForward].contains(original.kind)
      && ThreadRules.firstState(original) != nil && original.schemaFitsKind
  }

  private func isCommitted(_ carried: LeadForward, _ original: RecordHeader) -> Bool {
    guard let suite = directory?.suite, carried.salt.count == Commitment.saltBytes else {
      return false
    }
    return carried.payload.count == original.payload.size
      && Commitment.make(salt: carried.salt, payload: carried.payload, suite: suite)
        == original.payload.commitment
  }

  /// The onward receiver works with it as if it had come to it first: what no schema would let in by
  /// the direct way must not come by this one.
  private func keepsSchema(_ carried: LeadForward, _ original: RecordHeader) -> Bool {
    registry.check(
      schema: original.schema, payload: carried.payload, asOf: original.time.day) == .valid
  }

  private func isProven(_ carried: LeadForward, _ original: RecordHeader) -> Bool {
    guard let directory, let proof = try? LogProof(parsing: Array(carried.proof.utf8)),
      proof.extra == carried.header, proof.index == original.seq,
      let head = try? Checkpoint(parsing: proof.checkpoint.text),
      let origin = try? Origin(parsing: head.origin), origin.direction == original.direction
    else { return false }
    let verified = try? proof.verify(
      entry: carried.header, origin: head.origin,
      logKeys: directory.recordVerifiers(origin: origin),
      cosigners: directory.receiptVerifiers(of: original.to), threshold: 1)
    return verified != nil
  }
}

extension Violation {
  fileprivate static let forwardHeader = Violation(
    pointer: "/header", rule: "forward:header",
    message: "Must be the header of a lead's first record that was sent to the forwarding agency, "
      + "and not by the agency that it is forwarded to.",
    messageZH: "须为发给转送机关的线索首份文书的记录头，且其发出方不得为转送的接收机关。")

  fileprivate static let forwardCommitment = Violation(
    pointer: "/payload", rule: "forward:commitment",
    message: "Payload and salt do not give the commitment in the header.",
    messageZH: "内容和随机盐值与记录头中的承诺值不符。")

  fileprivate static let forwardPayload = Violation(
    pointer: "/payload", rule: "forward:payload",
    message: "The original payload breaks the schema that its header names, or that schema is not "
      + "here.",
    messageZH: "原内容不符合其记录头所注明的模式，或者本节点没有该模式。")

  fileprivate static let forwardProof = Violation(
    pointer: "/proof", rule: "forward:proof",
    message: "Must prove, for this very header, that its sender signed for it and the forwarding "
      + "agency gave its receipt, by keys that the directory lists.",
    messageZH: "须以名录所列密钥证明：该记录头由其发出方签名，且转送机关已出具送达回执。")
}
