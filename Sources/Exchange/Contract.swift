import Cryptography
import RecordModel
import RecordSchema

/// Which version of a kind's schema a record is written, judged and sealed under.
///
/// The sender uses the highest version that both nodes read. What a submission was judged by when
/// it came in may be gone when it is sealed: the program may have been upgraded, the peer may read
/// less than was thought. Then it is judged again, by the schemas of the day.
struct Contract {
  /// The setting that holds the digest of the schemas in use, and since when they are.
  static let setting = "schemas"

  let runtime: Runtime

  init(_ runtime: Runtime) { self.runtime = runtime }

  // MARK: At submission

  /// The version that a request asks for, or else the highest that both read, as far as the peer
  /// is known; of a peer that never greeted, the highest that this node reads.
  /// - Throws: `record.schemaUnknown`.
  func schema(for request: SubmissionRequest) throws -> String {
    if let asked = request.schema {
      guard SchemaName(asked)?.kind == request.kind, runtime.registry.canRead(asked) else {
        throw ExchangeError(.unknownSchema, "this node has no such schema for \(request.kind)")
      }
      return asked
    }
    let announced = runtime.peer(request.to).schemas
    let own = runtime.registry.versions(of: request.kind)
    guard let schema = own.first(where: announced.contains) ?? own.first else {
      throw ExchangeError(.unknownSchema, "this node has no schema for \(request.kind)")
    }
    return schema
  }

  /// Refuses what carries a payload under a schema that the peer, as far as it is known, does not
  /// read: it would be refused there, whatever it says.
  /// - Throws: `record.schemaUnread`.
  func checkInner(_ request: SubmissionRequest) throws {
    let announced = runtime.peer(request.to).schemas
    guard !announced.isEmpty,
      let inner = Self.inner(request.kind, request.payload), !announced.contains(inner)
    else { return }
    throw ExchangeError(.unreadSchema, "the peer does not read \(inner), which the payload carries")
  }

  /// The schema of the payload inside a correction or a forwarding; nil where there is none.
  private static func inner(_ kind: String, _ payload: [UInt8]) -> String? {
    switch kind {
    case KindName.recordCorrect: RecordCorrect(reading: payload)?.schema
    case KindName.leadForward:
      LeadForward(reading: payload).flatMap { try? RecordHeader(parsing: $0.header) }?.schema
    default: nil
    }
  }

  // MARK: At sealing

  /// Judges a submission by the schemas of now, and lowers its version where the peer reads only a
  /// lower one that the payload keeps too. Says why it cannot be sealed, if it cannot.
  ///
  /// The node's own kinds must arrive, whatever the peer reads: verdicts at both ends depend on
  /// them.
  func settle(_ submission: inout Submission, now: Timestamp) -> DeadReason? {
    if KindName.isSystem(submission.kind) { return nil }
    let announced = runtime.peer(submission.to).schemas
    // Another version than its author wrote cannot be made of what is carried, only of the whole.
    if let inner = Self.inner(submission.kind, submission.payload), !announced.contains(inner) {
      return DeadReason(
        code: "record.schemaUnread", detail: "the peer does not read \(inner)", at: now)
    }
    if announced.contains(submission.schema) {
      // Judged by these very schemas when it came in.
      if submission.submittedAt >= runtime.schemasSince { return nil }
      guard let broken = broken(submission, by: submission.schema, now) else { return nil }
      return DeadReason(code: "record.invalid", detail: broken, at: now)
    }
    let lower = runtime.registry.versions(of: submission.kind, readBy: announced)
    guard let schema = lower.first(where: { broken(submission, by: $0, now) == nil }) else {
      return DeadReason(
        code: "record.schemaUnread", detail: "the peer does not read \(submission.schema)",
        at: now)
    }
    submission.schema = schema
    return nil
  }

  /// The names of the rules that a payload breaks; nil when it keeps them all.
  private func broken(_ submission: Submission, by schema: String, _ now: Timestamp) -> String? {
    let verdict = runtime.registry.check(
      schema: schema, payload: submission.payload, asOf: now.day)
    return switch verdict {
    case .valid: nil
    case .invalid(let violations): violations.map(\.rule).joined(separator: " ")
    case .unknownSchema: "schema:unknown"
    }
  }

  // MARK: At start

  /// Notes since when the schemas in use are in use: now, if the last run had others.
  static func record(_ runtime: Runtime, software: String, _ turn: inout Turn) throws {
    let digest = digest(of: runtime.registry, software, suite: turn.ledger.directory.suite)
    if let kept = try turn.store.setting(setting), kept.count == digest.count + 8,
      kept.starts(with: digest)
    {
      let since = kept.suffix(8).reduce(0) { $0 << 8 | Int64($1) }
      runtime.useSchemas(since: Timestamp(milliseconds: since))
      return
    }
    // Later than every submission so far, also where the clock has been put back meanwhile: the
    // journal, whose times never decrease, has an entry for each.
    let since = max(turn.now, turn.ledger.journal.lastTime.advanced(byMilliseconds: 1))
    let time = (0..<8).map { UInt8(truncatingIfNeeded: since.milliseconds >> (56 - 8 * $0)) }
    // A crash after this leaves the outbox with what the old schemas let in, which is older than
    // the time noted here and so will be judged again.
    try turn.store.set(setting, to: digest + time)
    runtime.useSchemas(since: since)
  }

  /// Of all that a verdict depends on: the documents, and the program that runs them, by its
  /// version.
  private static func digest(
    of registry: SchemaRegistry, _ software: String, suite: Suite
  ) -> [UInt8] {
    let all =
      Array("\(software)\n".utf8)
      + registry.sources.sorted { $0.path < $1.path }.flatMap { source in
        Array("\(source.path) \(source.bytes.count)\n".utf8) + source.bytes
      }
    return suite.digest(all).bytes
  }
}

extension ExchangeError.Code {
  /// The peer does not read the schema of a payload that the record carries.
  public static let unreadSchema = Self("record.schemaUnread")
}
