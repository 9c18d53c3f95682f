import Exchange
import RecordModel

extension SQLiteTransaction {
  func insert(_ submission: Submission) throws {
    let query = try connection[.insertSubmission]
    let isOpening = submission.thread == submission.id
    try query.execute([
      .id(submission.id), .text(submission.to.rawValue), .flag(submission.dead != nil),
      .flag(submission.priority), .integer(Int64(submission.payload.count)),
      .time(submission.submittedAt), isOpening ? .null : .id(submission.thread),
      submission.replyTo.map(Binding.id) ?? .null, .text(submission.kind),
      .text(submission.schema), .text(submission.urgency.rawValue),
      .optional(submission.dead?.code), .optional(submission.dead?.detail),
      .optional(submission.dead?.at.milliseconds), .blob(submission.salt),
      .blob(submission.payload),
    ]) {
      while try query.step() {}
    }
  }

  func removeSubmission(_ id: RecordID) throws {
    try connection[.removeSubmission].run(.id(id))
  }

  func kill(_ id: RecordID, reason: DeadReason) throws {
    let count = try connection[.killSubmission].change(
      .text(reason.code), .text(reason.detail), .time(reason.at), .id(id))
    guard count == 1 else { throw StoreFailure.failed("there is no such submission") }
  }

  func put(_ entry: IdempotencyEntry) throws {
    try connection[.putIdempotency].run(
      .text(entry.key), .id(entry.id), .digest(entry.request), .time(entry.time))
  }

  func removeIdempotency(before time: Timestamp) throws {
    try connection[.removeIdempotency].run(.time(time))
  }

  func put(_ lease: Lease) throws {
    try connection[.putLease].run(.id(lease.id), .text(lease.holder), .time(lease.until))
  }
}
