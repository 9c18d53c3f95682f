/// What the exchange answers when it will not, or cannot, do what was asked.
///
/// Codes are stable and listed in `docs/errors.md`; messages name fields and rules, never values.
public struct ExchangeError: Error, Sendable, CustomStringConvertible {
  /// A stable, dotted name. New codes may appear; old ones never change their meaning.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The name as written in `docs/errors.md`.
    public let rawValue: String
    /// Wraps a stable name.
    public init(_ rawValue: String) { self.rawValue = rawValue }
    /// The dotted name.
    public var description: String { rawValue }
  }

  /// The stable code.
  public var code: Code
  /// One English sentence for a person.
  public var message: String
  /// What each broken rule was, where a payload or a header broke one.
  public var violations: [Violation]
  /// The error underneath, if one was caught.
  public var cause: (any Error)?

  /// Makes an error.
  public init(
    _ code: Code, _ message: String, violations: [Violation] = [], cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.violations = violations
    self.cause = cause
  }

  /// Code, sentence and cause; free of payload values.
  public var description: String {
    let tail = cause.map { " (\($0))" } ?? ""
    return "\(code.rawValue): \(message)\(tail)"
  }
}

public import RecordSchema

extension ExchangeError.Code {
  /// The payload or the act breaks a rule; `violations` lists each.
  public static let invalidRecord = Self("record.invalid")
  /// The payload's schema is not one that this node reads.
  public static let unknownSchema = Self("record.schemaUnknown")
  /// The federation directory names no such agency, or names this node itself.
  public static let unknownAgency = Self("agency.unknown")
  /// The directory's policy does not let this role send this kind to that role.
  public static let policy = Self("policy.denied")
  /// The directory in force is expired or not yet valid: nothing new is sealed.
  public static let directoryExpired = Self("directory.expired")
  /// The directory is older than the one in force.
  public static let directoryOlder = Self("directory.older")
  /// A clocks or calendar file that the directory names is not here, or is another year's.
  public static let directoryFiles = Self("directory.files")
  /// A reminder that the node made by itself became a dead letter; in the log only.
  public static let deadReminder = Self("reminder.dead")
  /// Statistics were asked for from a day to an earlier one.
  public static let statisticsPeriod = Self("statistics.period")
  /// No record, thread or submission has this id.
  public static let notFound = Self("record.notFound")
  /// What was asked is no longer possible: the submission is sealed.
  public static let alreadySealed = Self("submission.sealed")
  /// The same Idempotency-Key came with another request.
  public static let idempotencyMismatch = Self("submission.idempotencyMismatch")
  /// The outbox for this agency is full: try again later.
  public static let outboxFull = Self("outbox.full")
  /// The disk has no room left but the reserve for receipts and refusals.
  public static let storageFull = Self("storage.full")
  /// The store failed; nothing was done.
  public static let storage = Self("storage.failed")
  /// A sync to disk failed: what was asked may or may not be stored. The node ends; repeat it with
  /// the same Idempotency-Key once it runs again.
  public static let storageUncertain = Self("storage.uncertain")
  /// What is stored contradicts itself: the node will not start on it.
  public static let storageCorrupt = Self("storage.corrupt")
  /// The node is stopping.
  public static let stopping = Self("node.stopping")
  /// A signing key is locked.
  public static let keyLocked = Self("key.locked")
  /// A lease on this inbox entry is held by somebody else.
  public static let leased = Self("inbox.leased")
  /// The channel is halted.
  public static let channelHalted = Self("channel.halted")
  /// The channel is not in a state that allows this act.
  public static let channelState = Self("channel.state")
  /// The approvals for a new epoch are missing, forged or too few.
  public static let approvals = Self("epoch.approvals")
  /// The approvals of an erasure are missing, forged or too few, or mean another record.
  public static let erasureApprovals = Self("erasure.approvals")
  /// This node has erased the payload already, or the erasure waits to be sealed.
  public static let erasureDone = Self("erasure.done")
  /// What is no record between agencies cannot be erased: a submission, or a node's own record.
  public static let erasureTarget = Self("erasure.target")
  /// This node was restored and gets its own log back: payloads are shown again when it is whole.
  public static let recovering = Self("record.recovering")
  /// A record has no receipt yet.
  public static let notReceipted = Self("record.notReceipted")
}
