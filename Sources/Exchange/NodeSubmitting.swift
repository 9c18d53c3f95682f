import Cryptography
public import RecordModel
import RecordSchema

// Agencies: sending leads and acts.

extension Node {
  /// Takes a lead or an act: checks it, and returns once it is durable, either still in the outbox or
  /// sealed already. The payload is kept and sent byte for byte.
  /// - Throws: `ExchangeError`: `record.invalid`, `record.schemaUnknown`, `agency.unknown`,
  ///   `policy.denied`, `outbox.full`, `storage.full`, `submission.idempotencyMismatch`, …
  public func submit(_ request: SubmissionRequest) async throws -> SubmissionReceipt {
    let schema = try Contract(runtime).schema(for: request)
    try checkPayload(request, schema: schema)
    let suite = directory().suite
    let digest = requestDigest(request, suite: suite)
    let submission = Submission(
      id: RecordID.generate(at: environment.now(), random: environment.random), to: request.to,
      kind: request.kind, schema: schema, thread: .none, replyTo: request.replyTo,
      urgency: request.urgency, payload: request.payload,
      salt: environment.random(Commitment.saltBytes), submittedAt: environment.now())
    let commitment = Commitment.make(
      salt: submission.salt, payload: submission.payload, suite: suite)
    return try await commit { [runtime] turn in
      try Submitting(runtime: runtime).submit(
        submission, commitment: commitment, key: request.idempotencyKey, request: digest, &turn)
    }
  }

  /// Answers an inbox entry: finds out whom the act goes to and which record it answers.
  public func act(
    kind: String, on id: RecordID, payload: [UInt8], schema: String? = nil,
    urgency: Urgency = .normal, idempotencyKey: String? = nil
  ) async throws -> SubmissionReceipt {
    let (to, replyTo) = try await read { [self] reader in try answered(by: kind, id, reader) }
    return try await submit(
      SubmissionRequest(
        to: to, kind: kind, payload: payload, schema: schema, replyTo: replyTo,
        urgency: urgency, idempotencyKey: idempotencyKey))
  }

  /// Takes a submission back, as long as it is not sealed.
  /// - Throws: `record.notFound`, `submission.sealed`, and `policy.denied` for the node's own.
  public func cancel(_ id: RecordID) async throws {
    try await commit { [runtime] turn in
      guard let submission = try turn.store.submission(id) else {
        if try turn.store.entry(id) != nil {
          throw ExchangeError(.alreadySealed, "the record is sealed: the chain is never edited")
        }
        throw ExchangeError(.notFound, "no submission has this id")
      }
      try Self.checkNotOwn(submission)
      try turn.store.removeSubmission(id)
      if submission.dead == nil {
        turn.ledger.outbox[submission.to, default: OutboxCount()].remove(submission)
      } else {
        turn.ledger.outbox[submission.to, default: OutboxCount()].dead -= 1
      }
      try turn.journal(.submissionCancelled, [.id("id", id)])
      turn.afterCommit { runtime.waiters.wake(record: id) }
    }
  }

  /// A refusal or an epoch's first record is no person's to take back: both ends build on it.
  static func checkNotOwn(_ submission: Submission) throws {
    guard !KindName.isSystem(submission.kind) else {
      throw ExchangeError(.policy, "records of this kind are the node's own")
    }
  }

  private func checkPayload(_ request: SubmissionRequest, schema: String) throws {
    guard !KindName.isSystem(request.kind) else {
      throw ExchangeError(.policy, "records of this kind are written by nodes only")
    }
    guard request.payload.count <= RecordHeader.payloadByteLimit else {
      throw ExchangeError(
        .invalidRecord, "the payload is larger than 1 MiB",
        violations: [.header("", "payload:size", "larger than 1 MiB", "内容超过1 MiB")])
    }
    let verdict = runtime.registry.check(
      schema: schema, payload: request.payload, asOf: environment.now().day)
    switch verdict {
    case .valid: return
    case .invalid(let violations):
      throw ExchangeError(
        .invalidRecord, "the payload breaks \(violations.count) rule(s)", violations: violations)
    case .unknownSchema:
      throw ExchangeError(.unknownSchema, "this node has no schema \(schema)")
    }
  }

  private func requestDigest(_ request: SubmissionRequest, suite: Suite) -> Digest {
    let head =
      "\(request.to) \(request.schema ?? request.kind) \(request.replyTo?.description ?? "-")"
      + " \(request.urgency.rawValue)\n"
    return suite.digest(Array(head.utf8), request.payload)
  }

  /// Whom an act on `id` goes to, and the record that it answers, by the rules of the thread.
  private func answered(
    by kind: String, _ id: RecordID, _ reader: any StoreReader
  ) throws -> (AgencyCode, RecordID) {
    guard let entry = try reader.entry(id) else {
      throw ExchangeError(.notFound, "no record has this id")
    }
    let ledger = committer.durable { $0 }
    let sealed = try Judge.threadEntries(entry.thread, store: reader, ledger: ledger)
    guard let opening = sealed.first(where: { $0.id == entry.thread }) else {
      throw ExchangeError(.notFound, "the thread's first record is not here")
    }
    let peer = opening.direction.from == code ? opening.direction.to : opening.direction.from
    guard let state = ledger.outboundBook(peer)?.state else {
      throw ExchangeError(.unknownAgency, "the directory names no such other agency")
    }
    let standing = ThreadRules.standing(
      try Threads.entries(
        entry.thread, waiting: try reader.queued(thread: entry.thread), in: state, store: reader,
        ledger: ledger))
    guard let standing, let party = standing.party(of: code) else { return (peer, id) }
    guard let target = standing.target(of: kind, by: party, on: id) else {
      throw ExchangeError(
        .invalidRecord, "it cannot follow in its thread", violations: [standing.notNow])
    }
    return (peer, target)
  }
}

/// The part of a submission that needs the store.
struct Submitting {
  let runtime: Runtime

  func submit(
    _ draft: Submission, commitment: Digest, key: String?, request: Digest, _ turn: inout Turn
  ) throws -> SubmissionReceipt {
    if let known = try known(key, request, turn) { return known }
    var submission = draft
    try checkAgency(submission, turn)
    try checkRoom(submission, turn)
    submission.thread = try thread(of: submission, turn)
    try checkThread(submission, turn)
    try turn.journal(
      .submission,
      [
        .id("id", submission.id), .text("to", submission.to.rawValue),
        .digest("commitment", commitment),
      ])
    if let key {
      try turn.store.put(
        IdempotencyEntry(key: key, id: submission.id, request: request, time: turn.now))
    }
    // Sealed at the end of this turn if that is possible now, else stored in the outbox by it.
    turn.fresh[submission.to, default: []].append(submission)
    return SubmissionReceipt(id: submission.id, thread: submission.thread, repeated: false)
  }

  private func known(_ key: String?, _ request: Digest, _ turn: Turn) throws -> SubmissionReceipt? {
    guard let key else { return nil }
    guard !key.isEmpty, key.utf8.count <= runtime.limits.idempotencyKeyBytes else {
      throw ExchangeError(.idempotencyMismatch, "an Idempotency-Key has 1 to 128 bytes")
    }
    guard let former = try turn.store.idempotency(key) else { return nil }
    guard former.request == request else {
      throw ExchangeError(
        .idempotencyMismatch, "this Idempotency-Key was used for another request")
    }
    let thread =
      try turn.store.entry(former.id)?.thread ?? turn.store.submission(former.id)?.thread
      ?? fresh(former.id, turn)?.thread
    return SubmissionReceipt(id: former.id, thread: thread ?? former.id, repeated: true)
  }

  private func checkAgency(_ submission: Submission, _ turn: Turn) throws {
    let directory = turn.ledger.directory
    let own = runtime.identity.code
    guard submission.to != own, let to = directory.nodes[submission.to],
      let from = directory.nodes[own], turn.ledger.outbound[submission.to] != nil
    else { throw ExchangeError(.unknownAgency, "the directory names no such other agency") }
    guard directory.maySend(kind: submission.kind, from: from.role, to: to.role) else {
      throw ExchangeError(
        .policy, "the policy does not let \(from.role) send \(submission.kind) to \(to.role)")
    }
    guard directory.isValid(at: turn.now) else {
      throw ExchangeError(.directoryExpired, "the federation directory is not valid now")
    }
  }

  private func checkRoom(_ submission: Submission, _ turn: Turn) throws {
    guard runtime.hasRoom else {
      throw ExchangeError(.storageFull, "the disk is full but for the reserve")
    }
    let count = turn.ledger.outbox[submission.to] ?? OutboxCount()
    let state = turn.ledger.outboundBook(submission.to)?.state
    let sealed = (state?.size ?? 0) - (state?.receiptedSize ?? 0)
    let fresh = turn.fresh[submission.to]?.count ?? 0
    let bytes = UInt64(count.bytes) + (state?.unreceiptedBytes ?? 0)
    guard count.queued + fresh + Int(sealed) < runtime.limits.outboxRecords,
      bytes < UInt64(runtime.limits.outboxBytes)
    else { throw ExchangeError(.outboxFull, "the outbox for this agency is full") }
  }

  private func thread(of submission: Submission, _ turn: Turn) throws -> RecordID {
    guard let target = submission.replyTo else { return submission.id }
    if let entry = try turn.store.entry(target) { return entry.thread }
    if let waiting = try turn.store.submission(target) ?? fresh(target, turn) {
      return waiting.thread
    }
    throw ExchangeError(
      .invalidRecord, "it answers a record that is not here",
      violations: [
        .header("/replyTo", "thread:answers", "no such record", "所答复的记录不存在")
      ])
  }

  private func fresh(_ id: RecordID, _ turn: Turn) -> Submission? {
    turn.fresh[
      turn.fresh.keys.first { turn.fresh[$0]?.contains { $0.id == id } == true }
        ?? runtime.identity.code]?.first { $0.id == id }
  }

  /// Judges an act against its thread as if everything that waits in the outbox had been sealed.
  private func checkThread(_ submission: Submission, _ turn: Turn) throws {
    guard let state = turn.ledger.outboundBook(submission.to)?.state else { return }
    let opens = submission.thread == submission.id
    let waiting =
      opens
      ? []
      : try turn.store.queued(thread: submission.thread)
        + (turn.fresh[submission.to] ?? []).filter { $0.thread == submission.thread }
    let header = RecordHeader(
      id: submission.id, from: runtime.identity.code, to: submission.to,
      seq: state.size + UInt64(waiting.count), prev: .zero, time: turn.now,
      seen: Threads.seen(of: submission.to, turn.ledger),
      directory: turn.ledger.directory.version, kind: submission.kind, schema: submission.schema,
      thread: submission.thread, replyTo: submission.replyTo, urgency: submission.urgency,
      payload: PayloadReference(commitment: .zero, size: submission.payload.count))
    let entries =
      opens
      ? []
      : try Threads.entries(
        submission.thread, waiting: waiting, in: state, store: turn.store, ledger: turn.ledger)
    let broken = ThreadRules.judge(header, epoch: state.origin.epoch, entries: entries)
    guard broken.isEmpty else {
      throw ExchangeError(
        .invalidRecord, "it cannot follow in its thread", violations: broken)
    }
  }
}

extension RecordID {
  /// Stands for a thread that is not decided yet.
  static let none = RecordID.generate(
    at: Timestamp(milliseconds: 0), random: { Array(repeating: 0, count: $0) })
}
