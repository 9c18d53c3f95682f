import Cryptography
import RecordModel
import RecordSchema

/// Submits the record that says that a payload is erased here.
struct ErasureOpening {
  let runtime: Runtime

  /// Checks once more, by the state of now, and queues the record before everything but refusals.
  /// The payload goes in the transaction that seals it, which may be this one.
  func open(
    _ statement: ErasureStatement, _ payload: SystemErasure, by: String, _ turn: inout Turn
  ) throws -> ErasureReceipt {
    let checks = ErasureChecks(
      own: runtime.identity.code, ledger: turn.ledger, store: turn.store)
    guard let channel = turn.ledger.book(statement.channel)?.state else {
      throw ExchangeError(.notFound, "no such channel is held here")
    }
    let target = try checks.target(
      at: RecordPosition(channel: channel.number, seq: statement.seq))
    guard target.header.id == statement.target, target.record.leaf == statement.leaf else {
      throw ExchangeError(.erasureApprovals, "what was approved is not the record at that place")
    }
    try checks.checkBasis(payload, runtime.registry, asOf: turn.now)
    try checkNotWaiting(target, turn)
    let direction = channel.origin.direction
    let peer = direction.from == runtime.identity.code ? direction.to : direction.from
    guard turn.ledger.outbound[peer] != nil else {
      throw ExchangeError(.unknownAgency, "there is no channel to the other end")
    }
    let carriers = try checks.carriers(of: target)
    let id = RecordID.generate(at: turn.now, random: runtime.environment.random)
    let submission = Submission(
      id: id, to: peer, kind: KindName.systemErasure, schema: SystemErasure.schema,
      thread: target.header.thread, replyTo: target.header.id, urgency: .normal,
      payload: payload.json, salt: runtime.environment.random(Commitment.saltBytes),
      submittedAt: turn.now, priority: true)
    try turn.journal(
      .submission,
      [
        .id("id", id), .agency("to", peer),
        .digest(
          "commitment",
          Commitment.make(
            salt: submission.salt, payload: submission.payload,
            suite: turn.ledger.directory.suite)),
      ])
    try turn.journal(.erasureApproved, [.id("id", id)] + Erasing.fields(payload))
    try turn.administration("record.erase", target: "\(statement.target)", by: by)
    turn.fresh[peer, default: []].insert(submission, at: turn.priorityIndex(peer))
    return ErasureReceipt(id: id, target: statement.target, peer: peer, carriers: carriers)
  }

  /// One erasure of a record waits at a time.
  private func checkNotWaiting(_ target: ErasureChecks.Target, _ turn: Turn) throws {
    let fresh = turn.fresh.values.joined()
    let waiting = try turn.store.queued(thread: target.header.thread) + fresh
    let isWaiting = waiting.contains { submission in
      guard submission.kind == KindName.systemErasure,
        let erasure = SystemErasure(reading: submission.payload)
      else { return false }
      return erasure.channel == target.channel.origin.description
        && erasure.seq == Int64(exactly: target.header.seq)
    }
    guard !isWaiting else {
      throw ExchangeError(.erasureDone, "the erasure of this record waits to be sealed")
    }
  }
}

/// What may be erased, and where else its content lies. Reads one state of the store.
struct ErasureChecks {
  let own: AgencyCode
  let ledger: Ledger
  let store: any StoreReader

  /// A record that may be erased here.
  struct Target {
    var channel: ChannelState
    var header: RecordHeader
    var record: StoredRecord
  }

  /// Where the record with an id stands. Several may have come under one id, all but the first
  /// refused: then `seq` says which.
  func position(of id: RecordID, _ seq: UInt64?) throws -> RecordPosition {
    guard let entry = try store.entry(id) else {
      if try store.submission(id) != nil {
        throw ExchangeError(
          .erasureTarget, "it is not sealed yet: cancel the submission, or discard the dead letter")
      }
      throw Node.notFound
    }
    guard let seq, seq != entry.position.seq else { return entry.position }
    for channel in ledger.channels.values.map(\.state).sorted(by: { $0.number < $1.number }) {
      let position = RecordPosition(channel: channel.number, seq: seq)
      if let bytes = try store.header(at: position), try Judge.stored(bytes.header).id == id {
        return position
      }
    }
    throw Node.notFound
  }

  /// The record at a place, if it may be erased: no node's own record, still with its payload, and,
  /// where this node sent it, receipted, or given up with its epoch: the receiver judges payloads.
  func target(at position: RecordPosition) throws -> Target {
    guard let channel = ledger.channels[position.channel]?.state,
      let record = try store.record(at: position)
    else { throw Node.notFound }
    let header = try Judge.stored(record.header)
    guard !KindName.isSystem(header.kind) else {
      throw ExchangeError(
        .erasureTarget, "what nodes say themselves cannot be erased: verdicts depend on it")
    }
    guard try store.erasure(of: position)?.own == nil else {
      throw ExchangeError(.erasureDone, "the payload has been erased here")
    }
    if channel.role == .outbound, position.seq >= channel.receiptedSize, !ledger.gaveUp(position) {
      throw Node.notReceipted
    }
    return Target(channel: channel, header: header, record: record)
  }

  /// Whether the legal basis is one that the record can state.
  func checkBasis(_ statement: ErasureStatement, _ registry: SchemaRegistry) throws {
    let approvals = ["a", "b"].map {
      SystemErasure.Approval(operator: $0, key: [0, 0, 0], signature: [0, 0, 0])
    }
    guard let seq = Int64(exactly: statement.seq) else { throw Node.notFound }
    try checkBasis(
      SystemErasure(
        channel: statement.channel.description, target: statement.target, seq: seq,
        legalBasis: statement.legalBasis, approvals: approvals), registry, asOf: nil)
  }

  func checkBasis(
    _ payload: SystemErasure, _ registry: SchemaRegistry, asOf now: Timestamp?
  ) throws {
    let verdict = registry.check(
      schema: SystemErasure.schema, payload: payload.json, asOf: now?.day)
    guard case .invalid(let violations) = verdict else { return }
    throw ExchangeError(
      .invalidRecord, "the erasure's record breaks \(violations.count) rule(s)",
      violations: violations)
  }

  // MARK: Where else the content lies

  /// Other records and submissions that hold the same content, as far as this node can know: each is
  /// erased, cancelled or discarded by itself.
  func carriers(of target: Target) throws -> [ErasureCarrier] {
    let id = target.header.id
    var found: [ErasureCarrier] = []
    for entry in try store.thread(target.header.thread) where entry.id != id {
      guard let bytes = try store.header(at: entry.position) else { continue }
      let header = try Judge.stored(bytes.header)
      if header.kind == KindName.recordCorrect, header.replyTo == id {
        found.append(ErasureCarrier(header, .log))
      } else if header.kind == KindName.leadForwarded, target.header.thread == id {
        found += try told(at: entry.position, by: header)
      }
    }
    if target.header.thread == id { found += try forwards(of: id) }
    found += try waiting(of: id)
    if target.header.kind == KindName.leadForward, let payload = target.record.payload,
      let original = LeadForward(reading: payload).flatMap({ try? RecordHeader(parsing: $0.header) }
      ), try store.entry(original.id) != nil
    {
      found.append(ErasureCarrier(original, .log))
    }
    var seen: Set<RecordID> = []
    return found.filter { seen.insert($0.id).inserted }
  }

  /// Forwardings of the lead that this node sent or received.
  private func forwards(of thread: RecordID) throws -> [ErasureCarrier] {
    try store.links(to: thread).filter { $0.relation == .forward }.compactMap { link in
      guard let entry = try store.entry(link.thread),
        let bytes = try store.header(at: entry.position)
      else { return nil }
      return ErasureCarrier(try Judge.stored(bytes.header), .log)
    }
  }

  /// A forwarding that this node only knows of: it lies at two other agencies.
  private func told(at position: RecordPosition, by header: RecordHeader) throws -> [ErasureCarrier]
  {
    guard let payload = try store.record(at: position)?.payload,
      let told = LeadForwarded(reading: payload), try store.entry(told.linkedThread) == nil
    else { return [] }
    return [
      ErasureCarrier(
        id: told.linkedThread, kind: KindName.leadForward, from: header.from, to: told.receiver,
        place: .elsewhere)
    ]
  }

  /// Submissions, queued or dead, that hold it.
  private func waiting(of id: RecordID) throws -> [ErasureCarrier] {
    var found: [ErasureCarrier] = []
    var cursor: RecordID?
    while true {
      let page = try store.outboxItems(after: cursor, limit: 1000)
      for item in page {
        let carries: Bool
        switch item.kind {
        case KindName.recordCorrect: carries = item.replyTo == id
        case KindName.leadForward:
          carries =
            try store.submission(item.id).flatMap { LeadForward(reading: $0.payload) }
            .flatMap { try? RecordHeader(parsing: $0.header) }?.id == id
        default: carries = false
        }
        if carries, let submission = try store.submission(item.id) {
          found.append(
            ErasureCarrier(
              id: item.id, kind: item.kind, from: own, to: submission.to, place: .outbox))
        }
      }
      guard page.count == 1000, let last = page.last else { return found }
      cursor = last.id
    }
  }
}
