import Cryptography
import RecordSchema
import TransparencyLog

/// Checks that what a `lead.forward` carries is what its forwarder was sent: the original's header,
/// its payload, and the proof that both agencies had signed for it.
///
/// The proof is checked with the keys that the directory lists which the forwarding itself names:
/// both ends know that version, while the original's may be older than the onward receiver's
/// membership. A directory that drops a key instead of dating its end so puts an end to what that
/// key can prove; one that dates it puts an end to what it signs later. The receipt's key must be
/// valid at the time that the receipt states, the sender's at some moment from the time in the
/// original's header to the receipt: a head is signed when a record is sealed, or, by the key that
/// followed, with later records that are receipted together with it.
///
/// What is forwarded may be a forwarding itself. Then that one is judged in the same way, and so on
/// down to the lead that the first agency sent: the agencies in between cannot make one up. Each
/// stands in base64 within the next, which so has at least a third more bytes: all of them together
/// cost no more than a few times the outermost, and a payload of the largest size holds some twenty.
struct ForwardCheck {
  let header: RecordHeader
  let directory: FederationDirectory?
  let registry: SchemaRegistry

  /// Two agencies' clocks may differ by so much: a receipt that is earlier still is none of that
  /// record, which would have been refused as one from the future.
  private static let tolerance: Int64 = 300_000

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
    if found.isEmpty, !isProvenWithin(carried, original) { found.append(.forwardNested) }
    return (original, found)
  }

  /// Of a forwarding that is forwarded, whether it is itself what it says.
  private func isProvenWithin(_ carried: LeadForward, _ original: RecordHeader) -> Bool {
    guard original.kind == KindName.leadForward else { return true }
    let inner = ForwardCheck(header: original, directory: directory, registry: registry)
    return inner.judge(carried.payload).violations.isEmpty
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
    let receipts = receiptKeys(proof.checkpoint, original)
    guard let last = receipts.last else { return false }
    let verified = try? proof.verify(
      entry: carried.header, origin: head.origin,
      logKeys: directory.recordVerifiers(
        origin: origin, from: original.time, through: max(original.time, last)),
      cosigners: receipts.keys, threshold: 1)
    return verified != nil
  }

  /// The forwarder's receipt keys that are valid at the time of a cosignature of theirs on a head,
  /// and the last of these times; neither is verified yet.
  private func receiptKeys(
    _ head: SignedNote, _ original: RecordHeader
  ) -> (keys: [VerifierKey], last: Timestamp?) {
    let earliest = original.time.advanced(byMilliseconds: -Self.tolerance)
    var (keys, last): ([VerifierKey], Timestamp?) = ([], nil)
    for line in head.signatures {
      guard let seconds = try? Cosignature.time(of: line), seconds < UInt64(Int64.max / 1000)
      else { continue }
      let time = Timestamp(milliseconds: Int64(seconds) * 1000)
      let valid = directory?.receiptVerifiers(of: original.to, at: time) ?? []
      guard time >= earliest,
        let key = valid.first(where: { $0.name == line.name && $0.keyID == line.keyID })
      else { continue }
      if !keys.contains(key) { keys.append(key) }
      last = max(last ?? time, time)
    }
    return (keys, last)
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
      + "agency gave its receipt, by keys that the directory lists for that time.",
    messageZH: "须以名录所列、当时有效的密钥证明：该记录头由其发出方签名，且转送机关已出具送达回执。")

  fileprivate static let forwardNested = Violation(
    pointer: "/payload", rule: "forward:nested",
    message: "It is a forwarding itself, and does not prove what it forwards.",
    messageZH: "所转送的本身是转送，且未能证明其所转送的原移送。")
}
