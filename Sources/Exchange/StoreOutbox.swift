public import Cryptography
public import RecordModel

// What the store keeps beside the logs: the outbox, Idempotency-Keys, leases on inbox entries.

/// What has been submitted and is not sealed yet: the outbox. A dead letter is one that can never be.
public struct Submission: Sendable, Hashable {
  /// The id that its record will have.
  public var id: RecordID
  /// The agency that it goes to.
  public var to: AgencyCode
  /// `lead.transfer`, `system.refusal`, …
  public var kind: String
  /// The kind, `/` and the schema's version.
  public var schema: String
  /// Id of the thread's opening record; equals `id` for one.
  public var thread: RecordID
  /// The record that it answers; nil for an opening record.
  public var replyTo: RecordID?
  /// 平件, 急件 or 特急.
  public var urgency: Urgency
  /// The bytes to send, verbatim.
  public var payload: [UInt8]
  /// 32 random bytes, drawn at submission so that the journal can commit to it.
  public var salt: [UInt8]
  /// This node's clock when it was taken; queued ones go in this order.
  public var submittedAt: Timestamp
  /// Sealed before everything else: the node's own refusals.
  public var priority: Bool
  /// Why this can never be sealed: the rules broken. Nil while it is queued.
  public var dead: DeadReason?

  /// A queued submission, unless `dead` says otherwise.
  public init(
    id: RecordID, to: AgencyCode, kind: String, schema: String, thread: RecordID,
    replyTo: RecordID?, urgency: Urgency, payload: [UInt8], salt: [UInt8],
    submittedAt: Timestamp, priority: Bool = false, dead: DeadReason? = nil
  ) {
    self.id = id
    self.to = to
    self.kind = kind
    self.schema = schema
    self.thread = thread
    self.replyTo = replyTo
    self.urgency = urgency
    self.payload = payload
    self.salt = salt
    self.submittedAt = submittedAt
    self.priority = priority
    self.dead = dead
  }
}

/// Why a submission died.
public struct DeadReason: Sendable, Hashable {
  /// `record.invalid`, `policy.denied` or `record.schemaUnread`.
  public var code: String
  /// Rule names joined by single spaces; never values.
  public var detail: String
  /// When it was to be sealed.
  public var at: Timestamp
  /// A reason found at sealing.
  public init(code: String, detail: String, at: Timestamp) {
    self.code = code
    self.detail = detail
    self.at = at
  }
}

/// Somebody works on an inbox entry until `until`.
public struct Lease: Sendable, Hashable {
  /// The inbox entry's record.
  public var id: RecordID
  /// Who works on it: a name that the caller gives.
  public var holder: String
  /// The first moment at which others may take it.
  public var until: Timestamp
  /// A lease; it replaces an earlier one on the same entry.
  public init(id: RecordID, holder: String, until: Timestamp) {
    self.id = id
    self.holder = holder
    self.until = until
  }
}

/// An Idempotency-Key's first use.
public struct IdempotencyEntry: Sendable, Hashable {
  /// The caller's key, 1 to `ExchangeLimits.idempotencyKeyBytes` bytes.
  public var key: String
  /// The submission that the first request made.
  public var id: RecordID
  /// Digest of the first request: another request under the same key is refused.
  public var request: Digest
  /// When it was first used; forgotten after `idempotencyMilliseconds`.
  public var time: Timestamp
  /// A key's first use.
  public init(key: String, id: RecordID, request: Digest, time: Timestamp) {
    self.key = key
    self.id = id
    self.request = request
    self.time = time
  }
}

/// How full one agency's outbox is.
public struct OutboxCount: Sendable, Hashable {
  /// Submissions that wait unsealed, those with priority included.
  public var queued: Int
  /// How many of them go before all others.
  public var priority: Int
  /// Bytes of their payloads.
  public var bytes: Int
  /// A bound on the oldest's time of submission; nil when none waits.
  public var oldest: Timestamp?
  /// Dead letters.
  public var dead: Int
  /// Counters; all zero by default.
  public init(
    queued: Int = 0, priority: Int = 0, bytes: Int = 0, oldest: Timestamp? = nil, dead: Int = 0
  ) {
    self.queued = queued
    self.priority = priority
    self.bytes = bytes
    self.oldest = oldest
    self.dead = dead
  }
}

/// A submission without what it carries.
public struct OutboxItem: Sendable, Hashable {
  /// The submission's id.
  public var id: RecordID
  /// Its thread; `id` where it opens its own.
  public var thread: RecordID
  /// What it answers.
  public var replyTo: RecordID?
  /// Its kind.
  public var kind: String
  /// Whether it is a dead letter.
  public var isDead: Bool

  /// An item from its parts.
  public init(
    id: RecordID, thread: RecordID, replyTo: RecordID?, kind: String, isDead: Bool
  ) {
    self.id = id
    self.thread = thread
    self.replyTo = replyTo
    self.kind = kind
    self.isDead = isDead
  }

  /// What is left of a submission.
  public init(_ submission: Submission) {
    self.init(
      id: submission.id, thread: submission.thread, replyTo: submission.replyTo,
      kind: submission.kind, isDead: submission.dead != nil)
  }
}

extension StoreReader {
  /// A clocks or calendar file that a directory once in force names, by its digest; nil where the
  /// node never had it.
  public func directoryFile(_ digest: Digest) throws -> [UInt8]? {
    try setting(ClockFiles.setting(digest))
  }
}
