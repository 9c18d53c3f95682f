import Cryptography
import RecordModel
import RecordSchema
import TransparencyLog

/// Turns submissions into log entries: judge again, append, sign the head.
///
/// Runs at the end of every turn, so whatever waits together shares one transaction, one sync to
/// disk and one signature. The signed head leaves the node only after the commit: a crash before it
/// leaves the submissions in the outbox (or unacknowledged), a crash after it leaves records that the
/// next `Hello` will push.
struct Sealer {
  let runtime: Runtime
  /// Asks for another turn: more waits than one turn takes.
  let again: @Sendable () -> Void
  /// Bytes of payloads that one turn takes out of the outboxes, shared by the peers with one.
  static let turnBytes = 16 << 20

  /// Why nothing is sealed for a peer just now; nil when sealing may go on.
  func block(_ peer: AgencyCode, _ ledger: Ledger, now: Timestamp) -> String? {
    guard let book = ledger.outboundBook(peer) else { return "agency" }
    let known = runtime.peer(peer)
    if book.state.halt != nil { return "halted" }
    if !known.greeted { return "hello" }
    if known.recovering != nil { return "recovering" }
    if let inbound = ledger.inboundBook(peer)?.state {
      // `seen` must never decrease: a restored node first gets back what it had seen.
      if inbound.restore != nil { return "recovering" }
      if book.state.lastSeen > Seen(epoch: inbound.origin.epoch, size: inbound.size) {
        return "recovering"
      }
    }
    // What is judged, here and there, is the header's time: never before that of the last record.
    let time = max(now, book.state.lastTime)
    let (directory, own) = (ledger.directory, runtime.identity)
    guard directory.isValid(at: now), directory.isValid(at: time),
      directory.nodes[peer] != nil, directory.nodes[own.code] != nil
    else { return "directory" }
    // The peer would not take what a key signs that the directory does not list for now.
    let key = own.recordKey.verificationKey
    guard directory.recordKeys(of: own.code, at: now).contains(key),
      directory.recordKeys(of: own.code, at: time).contains(key)
    else { return "key" }
    let tolerance = runtime.limits.clockToleranceMilliseconds
    if abs(known.clockDifference) > tolerance { return "clock" }
    // Our own clock went forward and came back: what was sealed meanwhile lies ahead of us.
    if book.state.lastTime.milliseconds > now.milliseconds + tolerance { return "clock" }
    return nil
  }

  /// Seals what can be sealed on every channel, unless `sealing` is false. The rest of the turn's
  /// submissions go to the outbox.
  func close(_ turn: inout Turn, sealing: Bool) throws {
    let share = Self.turnBytes / max(1, turn.ledger.outbox.values.count { $0.queued > 0 })
    for peer in turn.ledger.outbound.keys.sorted() {
      let waiting = turn.ledger.outbox[peer]?.queued ?? 0
      // What is for the peers that come later stays where a record that is tied to it is judged by it.
      let new = turn.fresh.removeValue(forKey: peer) ?? []
      guard waiting > 0 || !new.isEmpty else { continue }
      let blocked = !sealing || block(peer, turn.ledger, now: turn.now) != nil
      // A notice of forwarding waits for its forward, which may stand behind it in this very turn.
      let holdsBack = try new.contains { try isHeld($0, turn) }
      let isStored = blocked || waiting > 0 || holdsBack
      if isStored { for submission in new { try store(submission, &turn) } }
      if blocked { continue }
      try isStored
        ? sealStored(peer, share, &turn) : seal(new, to: peer, stored: false, &turn)
    }
  }

  /// Whether a submission tells of a forwarding that is not sealed and still can be: the notice must
  /// not outlive a forward that never leaves.
  private func isHeld(_ submission: Submission, _ turn: Turn) throws -> Bool {
    guard submission.kind == KindName.leadForwarded,
      let linked = LeadForwarded(reading: submission.payload)?.linkedThread
    else { return false }
    if try turn.store.entry(linked) != nil { return false }
    if let stored = try turn.store.submission(linked) { return stored.dead == nil }
    return turn.fresh.values.contains { $0.contains { $0.id == linked } }
  }

  /// Puts a submission into the outbox table.
  private func store(_ submission: Submission, _ turn: inout Turn) throws {
    try turn.store.insert(submission)
    turn.ledger.outbox[submission.to, default: OutboxCount()].add(submission)
  }

  private func sealStored(_ peer: AgencyCode, _ share: Int, _ turn: inout Turn) throws {
    let waiting = turn.ledger.outbox[peer]?.queued ?? 0
    var (queued, more) = ([Submission](), true)
    var (limit, bytes) = (runtime.limits.turnRecords, share)
    // What is held back stands in nobody's way.
    while queued.isEmpty, more {
      let page = try turn.store.queued(to: peer, limit: limit, maximumBytes: bytes)
      queued = try page.filter { try !isHeld($0, turn) }
      more = page.count < waiting
      (limit, bytes) = (limit * 2, bytes * 2)
    }
    // On a full disk only the node's own refusals move, out of the reserve.
    if !runtime.hasRoom { queued.removeAll { !$0.priority } }
    if queued.isEmpty { return }
    if let book = turn.ledger.outboundBook(peer), book.state.size == 0, book.state.origin.epoch > 1,
      let first = queued.firstIndex(where: { $0.kind == KindName.systemEpoch })
    {
      // A new epoch begins by naming the old one's head.
      queued.insert(queued.remove(at: first), at: 0)
    }
    try seal(queued, to: peer, stored: true, &turn)
    if more { turn.afterCommit(again) }
  }

  private func seal(
    _ submissions: [Submission], to peer: AgencyCode, stored: Bool, _ turn: inout Turn
  ) throws {
    guard let number = turn.ledger.outbound[peer], let book = turn.ledger.channels[number] else {
      return
    }
    var batch = Batch(
      origin: book.state.origin, start: book.state.size, records: [], checkpoint: [])
    var bytes = 0
    for submission in submissions {
      if stored {
        turn.ledger.outbox[peer, default: OutboxCount()].remove(submission)
      }
      guard let record = try seal(submission, number, stored: stored, &turn) else { continue }
      batch.records.append(record)
      bytes += record.byteCount
      if batch.records.count >= runtime.limits.batchRecords || bytes >= runtime.limits.batchBytes {
        try sign(&batch, number, peer, &turn)
        bytes = 0
      }
    }
    if !batch.records.isEmpty { try sign(&batch, number, peer, &turn) }
  }

  /// Seals one submission; nil when it has become illegal and is now a dead letter.
  private func seal(
    _ submission: Submission, _ number: ChannelNumber, stored: Bool, _ turn: inout Turn
  ) throws -> WireRecord? {
    var submission = submission
    if let reason = Contract(runtime).settle(&submission, now: turn.now) {
      try bury(submission, reason, stored: stored, &turn)
      return nil
    }
    let header = header(for: submission, number, turn)
    if let reason = try illegal(header, number, submission, &turn) {
      try bury(submission, reason, stored: stored, &turn)
      return nil
    }
    if stored { try turn.store.removeSubmission(submission.id) }
    let bytes = header.encoded()
    let leaf = Merkle.leaf(bytes, suite: turn.ledger.directory.suite)
    let record = StoredRecord(
      seq: header.seq, header: bytes, leaf: leaf, payload: submission.payload,
      salt: submission.salt, refused: false)
    let opened = ThreadRules.firstState(header)
    _ = try turn.append(record, header: header, to: number, state: opened)
    if opened == nil { try Threads.refresh(header, &turn) }
    if header.kind == KindName.systemErasure {
      try Erasing(runtime).sealed(header, submission.payload, number, &turn)
    }
    // The notice of it may have waited for this.
    if header.kind == KindName.leadForward { turn.afterCommit(again) }
    let wire = WireRecord(header: bytes, payload: submission.payload, salt: submission.salt)
    try turn.change(number) { book in
      book.state.unreceiptedBytes += UInt64(wire.byteCount)
      book.state.oldestUnreceipted = book.state.oldestUnreceipted ?? header.time
    }
    return wire
  }

  private func header(
    for submission: Submission, _ number: ChannelNumber, _ turn: Turn
  ) -> RecordHeader {
    let suite = turn.ledger.directory.suite
    let state = turn.ledger.channels[number]?.state
    return RecordHeader(
      id: submission.id, from: runtime.identity.code, to: submission.to, seq: state?.size ?? 0,
      prev: state?.lastLeaf ?? .zero, time: max(turn.now, state?.lastTime ?? turn.now),
      seen: Threads.seen(of: submission.to, turn.ledger),
      directory: turn.ledger.directory.version, kind: submission.kind, schema: submission.schema,
      thread: submission.thread, replyTo: submission.replyTo, urgency: submission.urgency,
      payload: PayloadReference(
        commitment: Commitment.make(
          salt: submission.salt, payload: submission.payload, suite: suite),
        size: submission.payload.count))
  }

  /// Judges a submission again at the moment of sealing: the world may have moved since. The node's
  /// own kinds must arrive, whatever the peer reads: verdicts at both ends depend on them.
  private func illegal(
    _ header: RecordHeader, _ number: ChannelNumber, _ submission: Submission, _ turn: inout Turn
  ) throws -> DeadReason? {
    let now = turn.now
    func reason(_ code: String, _ detail: String) -> DeadReason {
      DeadReason(code: code, detail: detail, at: now)
    }
    if KindName.isSystem(submission.kind) { return nil }
    let judge = Judge(runtime)
    if let denied = judge.policyViolation(header, ledger: turn.ledger) {
      return reason("policy.denied", denied.rule)
    }
    let epoch = turn.ledger.channels[number]?.state.origin.epoch ?? 1
    let ties = ThreadTies(
      header, payload: submission.payload, directory: turn.ledger.directory,
      registry: runtime.registry)
    var broken = try judge.threadViolations(header, epoch: epoch, &turn)
    broken += try judge.tieViolations(header, ties, epoch: epoch, &turn)
    if broken.isEmpty {
      broken = try OwnTies(own: header.from, isSealing: true).violations(submission, ties, &turn)
    }
    if !broken.isEmpty {
      return reason("record.invalid", broken.map(\.rule).joined(separator: " "))
    }
    return nil
  }

  private func bury(
    _ submission: Submission, _ reason: DeadReason, stored: Bool, _ turn: inout Turn
  ) throws {
    if !stored { try turn.store.insert(submission) }
    try turn.store.kill(submission.id, reason: reason)
    turn.ledger.outbox[submission.to, default: OutboxCount()].dead += 1
    try turn.journal(
      .submissionDead,
      [.id("id", submission.id), .text("code", reason.code), .text("rules", reason.detail)])
    let (runtime, id) = (runtime, submission.id)
    turn.afterCommit { runtime.waiters.wake(record: id) }
  }

  /// Signs the head after `batch` and lets it out once it is durable.
  private func sign(
    _ batch: inout Batch, _ number: ChannelNumber, _ peer: AgencyCode, _ turn: inout Turn
  ) throws {
    guard let state = turn.ledger.channels[number]?.state else { return }
    let checkpoint = Checkpoint(origin: state.origin.description, frontier: state.frontier)
    let note = try checkpoint.signed(by: runtime.identity.recordKey).encoded
    try turn.store.put(
      StoredCheckpoint(size: state.size, root: checkpoint.root, note: note, receiptTime: nil),
      channel: number)
    batch.checkpoint = note
    let (runtime, sealed) = (runtime, batch)
    turn.afterCommit { runtime.peer(peer).session?.offer(sealed) }
    batch = Batch(origin: state.origin, start: state.size, records: [], checkpoint: [])
  }
}

extension OutboxCount {
  mutating func add(_ submission: Submission) {
    queued += 1
    priority += submission.priority ? 1 : 0
    bytes += submission.payload.count
    oldest = min(oldest ?? submission.submittedAt, submission.submittedAt)
  }

  /// The oldest's time stays until the queue is empty: a bound, not an exact age.
  mutating func remove(_ submission: Submission) {
    queued -= 1
    priority -= submission.priority ? 1 : 0
    bytes -= submission.payload.count
    if queued == 0 { oldest = nil }
  }
}
