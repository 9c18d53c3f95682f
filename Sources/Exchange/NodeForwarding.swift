public import RecordModel
import Cryptography
import RecordSchema

// Agencies: passing a lead on to the agency that it concerns.

/// What became of a forwarding: two submissions, or none.
public struct ForwardReceipt: Sendable, Hashable {
  /// The `lead.forward` to the onward receiver; it opens a thread.
  public var forward: SubmissionReceipt
  /// The `lead.forwarded` to the first sender, in the thread of its lead.
  public var forwarded: SubmissionReceipt

  /// Both receipts.
  public init(forward: SubmissionReceipt, forwarded: SubmissionReceipt) {
    self.forward = forward
    self.forwarded = forwarded
  }
}

extension Node {
  /// The most bytes of a payload that can be forwarded.
  public static let forwardByteLimit = 512 * 1024

  /// Passes on a lead that this node received and signed for (转送), whichever record of its thread
  /// `id` names: the original with its proof goes to `agency`, and its first sender is told so
  /// (转送告知). Both are submitted in one transaction, or neither is. They are sealed each when its
  /// channel can be.
  /// - Throws: `forward.original`, `forward.erased`, `forward.size`, `record.notFound`,
  ///   `record.notReceipted`, and what `submit` throws for either.
  public func forward(
    _ id: RecordID, to agency: AgencyCode, reason: String, text: String,
    urgency: Urgency = .normal, idempotencyKey: String? = nil
  ) async throws -> ForwardReceipt {
    let suite = directory().suite
    let words = "forward \(id) \(agency) \(reason) \(urgency.rawValue)\n\(text)"
    let digest = suite.digest(Array(words.utf8))
    // A repeat is answered by what it once led to, however the thread stands now.
    if let key = idempotencyKey, try await isKnown(key) {
      return try await commit { [runtime] turn in
        guard let known = try Forwarding(runtime: runtime).known(key, digest, turn) else {
          throw ExchangeError(.idempotencyMismatch, "this Idempotency-Key has just expired")
        }
        return known
      }
    }
    guard let reason = Codes.ForwardReason(rawValue: reason) else { throw Self.unknownReason }
    let original = try await original(of: id)
    let forward = try draft(
      SubmissionRequest(
        to: agency, kind: KindName.leadForward,
        payload: LeadForward(
          header: original.header, payload: original.payload, salt: original.salt,
          proof: String(decoding: try await receipt(original.id).proof, as: UTF8.self),
          reason: reason, text: text
        ).json, urgency: urgency))
    let (sender, replyTo) = try await read { [self] reader in
      try answered(by: KindName.leadForwarded, original.id, reader)
    }
    let forwarded = try draft(
      SubmissionRequest(
        to: sender, kind: KindName.leadForwarded,
        payload: LeadForwarded(
          receiver: agency, linkedThread: forward.submission.id, reason: reason, text: text
        ).json, replyTo: replyTo, urgency: urgency))
    return try await commit { [runtime] turn in
      try Forwarding(runtime: runtime).submit(
        forward, forwarded, key: idempotencyKey, request: digest, &turn)
    }
  }

  private func isKnown(_ key: String) async throws -> Bool {
    try await read { try $0.idempotency(key) != nil }
  }

  /// A lead as it was received.
  private struct Original: Sendable {
    var id: RecordID
    var header: [UInt8]
    var payload: [UInt8]
    var salt: [UInt8]
  }

  /// The first record of the thread that `id` belongs to, which must be a lead that was taken here.
  private func original(of id: RecordID) async throws -> Original {
    let ledger = committer.durable { $0 }
    return try await read { [self] reader in
      guard let thread = try reader.entry(id)?.thread, let entry = try reader.entry(thread),
        let record = try reader.record(at: entry.position)
      else { throw Self.notFound }
      let header = try Judge.stored(record.header)
      guard ledger.channels[entry.position.channel]?.state.role == .inbound, !record.refused,
        [KindName.leadTransfer, KindName.leadForward].contains(header.kind)
      else { throw Self.notForwardable }
      try checkShown(entry.position, ledger)
      guard let payload = record.payload else {
        throw ExchangeError(.forwardErased, "the lead's payload has been erased")
      }
      guard payload.count <= Self.forwardByteLimit else {
        throw ExchangeError(
          .forwardSize, "the lead's payload has more than \(Self.forwardByteLimit) bytes")
      }
      return Original(
        id: header.id, header: record.header, payload: payload, salt: record.salt)
    }
  }

  private static let notForwardable = ExchangeError(
    .forwardOriginal, "only a lead that this node received and did not refuse can be forwarded")

  private static let unknownReason = ExchangeError(
    .invalidRecord, "no such reason for forwarding",
    violations: [.header("/reason", "enum", "Not a code of the list.", "不在代码表中。")])
}

/// The part of a forwarding that needs the store.
struct Forwarding {
  let runtime: Runtime

  /// Judges both, and only then takes either: a refusal leaves nothing behind.
  func submit(
    _ forward: Draft, _ forwarded: Draft, key: String?, request: Digest, _ turn: inout Turn
  ) throws -> ForwardReceipt {
    if let key, let known = try known(key, request, turn) { return known }
    let submitting = Submitting(runtime: runtime)
    let first = try submitting.check(forward, &turn)
    let second = try submitting.check(forwarded, beside: first, &turn)
    let secondKey = key.map { self.second(of: $0) }
    return ForwardReceipt(
      forward: try submitting.take(first, key: key, request: request, &turn),
      forwarded: try submitting.take(second, key: secondKey, request: request, &turn))
  }

  /// Of a forwarding's two records the one that waits beside this one; nil where this is none, or
  /// stands alone.
  /// - Throws: `submission.sealed` where the other is sealed: neither can be taken back any more.
  func other(of submission: Submission, _ turn: Turn) throws -> Submission? {
    switch submission.kind {
    case KindName.leadForwarded:
      guard let linked = LeadForwarded(reading: submission.payload)?.linkedThread else {
        return nil
      }
      if try turn.store.entry(linked) != nil { throw Self.otherSealed }
      return try turn.store.submission(linked)
    case KindName.leadForward:
      guard let carried = LeadForward(reading: submission.payload),
        let original = try? RecordHeader(parsing: carried.header)
      else { return nil }
      func tells(_ other: Submission) -> Bool {
        other.kind == KindName.leadForwarded
          && LeadForwarded(reading: other.payload)?.linkedThread == submission.id
      }
      // The notice is never sealed before it, so it waits, or is not there.
      return try turn.store.queued(thread: original.thread).first(where: tells)
    default: return nil
    }
  }

  private static let otherSealed = ExchangeError(
    .alreadySealed, "the other record of this forwarding is sealed: the chain is never edited")

  /// What an Idempotency-Key once led to.
  func known(_ key: String, _ request: Digest, _ turn: Turn) throws -> ForwardReceipt? {
    let submitting = Submitting(runtime: runtime)
    guard let first = try submitting.known(key, request, turn) else { return nil }
    guard let second = try submitting.known(self.second(of: key), request, turn) else {
      throw ExchangeError(
        .idempotencyMismatch, "this Idempotency-Key was used for another request")
    }
    return ForwardReceipt(forward: first, forwarded: second)
  }

  /// The key under which the second of the two submissions is remembered: as long as any key may be,
  /// and no other request's.
  private func second(of key: String) -> String {
    "lead.forwarded \(Suite.sha256Ed25519.digest(Array(key.utf8)))"
  }
}

extension ExchangeError.Code {
  /// Only a lead that this node received and did not refuse can be forwarded.
  public static let forwardOriginal = Self("forward.original")
  /// The payload of the lead that was to be forwarded has been erased.
  public static let forwardErased = Self("forward.erased")
  /// The payload of the lead that was to be forwarded is larger than a forwarding can carry.
  public static let forwardSize = Self("forward.size")
}
