import Cryptography
import RecordModel
import RecordSchema

// What a record's payload ties it to, judged. What both ends can judge is `RecordModel.ThreadTies`,
// and comes out alike at both: on receipt (what needs no store in `BatchCheck`, off the writer's
// thread; the rest in `Receiver`), at submission and again at sealing. What only the sender can know
// is judged by `OwnTies` at the sender's node alone.

extension Judge {
  /// What a record's payload breaks that both ends can see, at the record's cut: on receipt, at
  /// sealing, and, with what waits for `peer` as if it had been sealed, at submission.
  func tieViolations(
    _ header: RecordHeader, _ ties: ThreadTies, epoch: UInt32, _ turn: inout Turn,
    waitingFor peer: AgencyCode? = nil
  ) throws -> [Violation] {
    let own = try ties.violations + clockViolations(header, ties, turn)
    guard ties.asksOthers else { return own }
    return try own
      + ties.violations(of: header, epoch: epoch) { thread in
        try peer.map { try turn.entries(of: thread, waitingFor: $0) }
          ?? turn.entries(of: thread)
      }
  }

  /// A reminder rests on a rule of the clocks file in force, or of the one under which its thread was
  /// begun. Where the directory names none there is nothing to compare with.
  private func clockViolations(
    _ header: RecordHeader, _ ties: ThreadTies, _ turn: Turn
  ) throws -> [Violation] {
    guard let clock = ties.clock, let rules = turn.ledger.clockBook(header.directory).rules,
      rules.rule(clock) == nil
    else { return [] }
    if let entry = try turn.store.entry(header.thread),
      let bytes = try turn.store.header(at: entry.position)
    {
      let begun = try Self.stored(bytes.header).directory
      if turn.ledger.clockBook(begun).rules?.rule(clock) != nil { return [] }
    }
    return [
      .header("/clock", "clock:unknown", "no such rule in the clocks file", "时限规则中没有这一条")
    ]
  }
}

extension ThreadTies {
  /// The ties of what is to be sealed under `directory`; its schema was checked before.
  init(
    of submission: Submission, from own: AgencyCode, directory: FederationDirectory,
    registry: SchemaRegistry
  ) {
    // Of the header only these count here; place, time and thread are not known before sealing.
    self.init(
      RecordHeader(
        id: submission.id, from: own, to: submission.to, seq: 0, prev: .zero,
        time: submission.submittedAt, seen: Seen(epoch: 1, size: 0), directory: directory.version,
        kind: submission.kind, schema: submission.schema, thread: submission.thread,
        replyTo: submission.replyTo, urgency: submission.urgency,
        payload: PayloadReference(commitment: .zero, size: submission.payload.count)),
      payload: submission.payload, directory: directory, registry: registry)
  }
}

/// The ties that reach into threads with other agencies, of which the receiver knows nothing: judged
/// at the sender's node when a record is submitted and when it is sealed.
struct OwnTies {
  let own: AgencyCode
  /// A submission that is to be taken together with the one that is judged.
  var beside: Submission?
  /// Whether it is judged at sealing: then the notice of a forwarding may wait behind it.
  var isSealing = false

  func violations(
    _ submission: Submission, _ ties: ThreadTies, _ turn: inout Turn
  ) throws -> [Violation] {
    if let previous = ties.previous { return try again(previous, submission, &turn) }
    if let original = ties.original { return try forward(original, &turn) }
    if let forwarded = ties.forwarded { return try told(forwarded, submission, turn) }
    return []
  }

  /// A lead may be sent again, to whomever, once it came back or was withdrawn. What waits for
  /// another agency than the record's own may be sealed later than the record, and does not count.
  private func again(
    _ previous: RecordID, _ submission: Submission, _ turn: inout Turn
  ) throws -> [Violation] {
    let standing = ThreadRules.standing(
      try turn.entries(of: previous, waitingFor: submission.to))
    guard let standing, standing.opening.direction.from == own, standing.mayBeSentAgain else {
      return [.previous]
    }
    return []
  }

  /// What is forwarded was received here, taken, and signed for, and is forwarded once.
  private func forward(
    _ original: RecordHeader, _ turn: inout Turn
  ) throws -> [Violation] {
    let standing = ThreadRules.standing(
      try turn.entries(of: original.id, waitingFor: original.from))
    guard let standing, standing.opening.id == original.id,
      standing.opening.direction == original.direction,
      standing.state == .signed || (isSealing && standing.state == .forwarded)
    else { return [.forwardState] }
    return []
  }

  /// The onward thread is one of this node's own, of this lead, to that agency, and not given up.
  private func told(
    _ forwarded: LeadForwarded, _ submission: Submission, _ turn: Turn
  ) throws -> [Violation] {
    guard let link = try linked(forwarded.linkedThread, turn), link.to == forwarded.receiver,
      let carried = LeadForward(reading: link.payload),
      let original = try? RecordHeader(parsing: carried.header),
      original.id == submission.thread
    else { return [.forwarded] }
    return []
  }

  private func linked(_ id: RecordID, _ turn: Turn) throws -> (to: AgencyCode, payload: [UInt8])? {
    let submission = beside?.id == id ? beside : try turn.waiting(id)
    if let submission {
      return submission.kind == KindName.leadForward
        ? (submission.to, submission.payload) : nil
    }
    guard let entry = try turn.store.entry(id), !turn.ledger.gaveUp(entry.position),
      let record = try turn.store.record(at: entry.position),
      !record.refused, let payload = record.payload
    else { return nil }
    let header = try Judge.stored(record.header)
    guard header.kind == KindName.leadForward, header.from == own else { return nil }
    return (header.to, payload)
  }
}

extension Turn {
  /// A submission that waits to be sealed, stored or of this very turn.
  func waiting(_ id: RecordID) throws -> Submission? {
    if let stored = try store.submission(id) { return stored.dead == nil ? stored : nil }
    return fresh.values.lazy.joined().first { $0.id == id }
  }

  /// What waits to be sealed for an agency in a thread, in order.
  func waiting(in thread: RecordID, for peer: AgencyCode) throws -> [Submission] {
    try store.queued(thread: thread).filter { $0.to == peer }
      + (fresh[peer] ?? []).filter { $0.thread == thread }
  }

  /// A thread's records, and after them what waits for `peer`, as if it had been sealed now.
  mutating func entries(
    of thread: RecordID, waitingFor peer: AgencyCode
  ) throws -> [ThreadEntry] {
    let sealed = try entries(of: thread)
    guard let state = ledger.outboundBook(peer)?.state else { return sealed }
    let waiting = try waiting(in: thread, for: peer)
    return sealed + Threads.entries(waiting, in: state, ledger: ledger)
  }
}

extension Violation {
  fileprivate static let forwardState = Violation.header(
    "/header", "forward:state",
    "only a lead that this node received and signed for, and has not settled, can be forwarded",
    "仅可转送本机关已签收且尚未作其他处理的线索")
}
