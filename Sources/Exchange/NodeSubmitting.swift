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
    let draft = try draft(request)
    let digest = requestDigest(request, suite: draft.directory.suite)
    return try await commit { [runtime] turn in
      try Submitting(runtime: runtime).submit(
        draft, key: request.idempotencyKey, request: digest, &turn)
    }
  }

  /// A request as far as it can be judged without the store.
  func draft(_ request: SubmissionRequest) throws -> Draft {
    let contract = Contract(runtime)
    let schema = try contract.schema(for: request)
    try checkPayload(request, schema: schema)
    try contract.checkInner(request)
    let directory = directory()
    let submission = Submission(
      id: RecordID.generate(at: environment.now(), random: environment.random), to: request.to,
      kind: request.kind, schema: schema, thread: .none, replyTo: request.replyTo,
      urgency: request.urgency, payload: request.payload,
      salt: environment.random(Commitment.saltBytes), submittedAt: environment.now())
    return Draft(
      submission: submission,
      commitment: Commitment.make(
        salt: submission.salt, payload: submission.payload, suite: directory.suite),
      ties: ThreadTies(
        of: submission, from: code, directory: directory, registry: runtime.registry),
      directory: directory)
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

  /// Takes a submission back, as long as it is not sealed; of a forwarding both records, or neither
  /// once one of them is sealed.
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
      let other = try Forwarding(runtime: runtime).other(of: submission, turn)
      for submission in [submission] + (other.map { [$0] } ?? []) {
        try turn.store.removeSubmission(submission.id)
        if submission.dead == nil {
          turn.ledger.outbox[submission.to, default: OutboxCount()].remove(submission)
        } else {
          turn.ledger.outbox[submission.to, default: OutboxCount()].dead -= 1
        }
        try turn.journal(.submissionCancelled, [.id("id", submission.id)])
        turn.afterCommit { runtime.waiters.wake(record: submission.id) }
      }
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

  func requestDigest(_ request: SubmissionRequest, suite: Suite) -> Digest {
    let head =
      "\(request.to) \(request.schema ?? request.kind) \(request.replyTo?.description ?? "-")"
      + " \(request.urgency.rawValue)\n"
    return suite.digest(Array(head.utf8), request.payload)
  }

  /// Whom an act on `id` goes to, and the record that it answers, by the rules of the thread.
  func answered(
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

/// What is to be submitted, with what was found out about it away from the writer's thread.
struct Draft: Sendable {
  /// Its thread is not known yet.
  var submission: Submission
  let commitment: Digest
  let ties: ThreadTies
  /// The directory by which `ties` were judged.
  let directory: FederationDirectory
}

/// The part of a submission that needs the store.
struct Submitting {
  let runtime: Runtime

  func submit(
    _ draft: Draft, key: String?, request: Digest, _ turn: inout Turn
  ) throws -> SubmissionReceipt {
    if let known = try known(key, request, turn) { return known }
    return try take(try check(draft, &turn), key: key, request: request, &turn)
  }

  /// Judges a draft and finds its thread; changes nothing. `beside` is one that has been judged and
  /// will be taken with it.
  func check(_ draft: Draft, beside: Draft? = nil, _ turn: inout Turn) throws -> Draft {
    var draft = draft
    try checkAgency(draft.submission, turn)
    try checkRoom(draft.submission, turn)
    draft.submission.thread = try thread(of: draft.submission, turn)
    try checkThread(draft, beside: beside?.submission, &turn)
    return draft
  }

  /// Takes what has been judged.
  func take(
    _ draft: Draft, key: String?, request: Digest, _ turn: inout Turn
  ) throws -> SubmissionReceipt {
    let submission = draft.submission
    try turn.journal(
      .submission,
      [
        .id("id", submission.id), .text("to", submission.to.rawValue),
        .digest("commitment", draft.commitment),
      ])
    if let key {
      try turn.store.put(
        IdempotencyEntry(key: key, id: submission.id, request: request, time: turn.now))
    }
    // Sealed at the end of this turn if that is possible now, else stored in the outbox by it.
    turn.fresh[submission.to, default: []].append(submission)
    return SubmissionReceipt(id: submission.id, thread: submission.thread, repeated: false)
  }

  func known(_ key: String?, _ request: Digest, _ turn: Turn) throws -> SubmissionReceipt? {
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
      ?? turn.waiting(former.id)?.thread
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
    if let waiting = try turn.store.submission(target) ?? turn.waiting(target) {
      return waiting.thread
    }
    throw ExchangeError(
      .invalidRecord, "it answers a record that is not here",
      violations: [
        .header("/replyTo", "thread:answers", "no such record", "所答复的记录不存在")
      ])
  }

  /// Judges a record against its thread, and what its payload names, as if everything that waits in
  /// the outbox had been sealed.
  private func checkThread(
    _ draft: Draft, beside: Submission?, _ turn: inout Turn
  ) throws {
    let (submission, directory) = (draft.submission, turn.ledger.directory)
    guard let state = turn.ledger.outboundBook(submission.to)?.state else { return }
    // Behind everything that waits, whatever its thread.
    let waiting =
      (turn.ledger.outbox[submission.to]?.queued ?? 0) + (turn.fresh[submission.to]?.count ?? 0)
    let header = RecordHeader(
      id: submission.id, from: runtime.identity.code, to: submission.to,
      seq: state.size + UInt64(waiting), prev: .zero, time: turn.now,
      seen: Threads.seen(of: submission.to, turn.ledger),
      directory: directory.version, kind: submission.kind, schema: submission.schema,
      thread: submission.thread, replyTo: submission.replyTo, urgency: submission.urgency,
      payload: PayloadReference(commitment: .zero, size: submission.payload.count))
    let ties =
      draft.directory.version == directory.version
      ? draft.ties
      : ThreadTies(
        header, payload: submission.payload, directory: directory, registry: runtime.registry)
    let epoch = state.origin.epoch
    let opens = submission.thread == submission.id
    var broken = ThreadRules.judge(
      header, epoch: epoch,
      entries: opens ? [] : try turn.entries(of: submission.thread, waitingFor: submission.to))
    broken += try Judge(runtime).tieViolations(
      header, ties, epoch: epoch, &turn, waitingFor: submission.to)
    if broken.isEmpty {
      let own = OwnTies(own: runtime.identity.code, beside: beside)
      broken = try own.violations(submission, ties, &turn)
    }
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
