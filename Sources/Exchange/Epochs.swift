public import Cryptography
public import RecordModel
import TransparencyLog

/// What two operators approve before a channel begins anew: the head of the epoch that is given up,
/// as this end holds it.
///
/// Signed as a C2SP signed note over this text, one line each: `sanxiang/epoch/v1`, the old epoch's
/// origin, its size in decimal, its root in base64.
public struct EpochStatement: Sendable, Hashable {
  /// The first line.
  public static let heading = "sanxiang/epoch/v1"
  /// How many different operators must sign.
  public static let quorum = 2

  /// The origin of the epoch that ends.
  public var origin: Origin
  /// How many records this end holds of it.
  public var size: UInt64
  /// The Merkle root over them.
  public var root: Digest

  /// A statement from its parts.
  public init(origin: Origin, size: UInt64, root: Digest) {
    self.origin = origin
    self.size = size
    self.root = root
  }

  /// The text to sign.
  public var text: String {
    "\(Self.heading)\n\(origin)\n\(size)\n\(CanonicalBase64.encode(root))\n"
  }

  /// Reads a statement's text.
  /// - Throws: `ExchangeError` with `epoch.approvals`.
  public init(parsing text: String) throws {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.count == 5, lines[0] == Self.heading, lines[4].isEmpty,
      let origin = try? Origin(parsing: lines[1]), let size = UInt64(lines[2]),
      let root = CanonicalBase64.decode(lines[3]).flatMap({ Digest($0) })
    else { throw ExchangeError(.approvals, "not a statement about an epoch") }
    self.init(origin: origin, size: size, root: root)
    guard self.text == text else {
      throw ExchangeError(.approvals, "not a statement in its one form")
    }
  }

  /// Checks that the statement on a note is signed by at least two of the operators.
  /// - Throws: `ExchangeError` with `epoch.approvals`.
  static func approved(_ note: [UInt8], operators: [VerifierKey]) throws -> EpochStatement {
    do {
      let parsed = try SignedNote(parsing: note)
      let statement = try EpochStatement(parsing: parsed.text)
      let signers = Set(try parsed.verified(by: operators).map(\.key))
      guard signers.count >= quorum else {
        throw ExchangeError(.approvals, "\(signers.count) operator(s) signed, \(quorum) must")
      }
      return statement
    } catch let error as ExchangeError {
      throw error
    } catch {
      throw ExchangeError(.approvals, "the approvals do not verify", cause: error)
    }
  }
}

/// Begins a channel anew after a fork or a rollback that nobody can repair.
struct EpochOpening {
  let runtime: Runtime

  /// Opens the next epoch at this end. The old one stays as it is, for auditors; the first record of
  /// the new one names its head. What had no receipt is submitted again under new ids.
  func open(_ statement: EpochStatement, _ turn: inout Turn) throws {
    guard let book = turn.ledger.book(statement.origin), let peer = newest(book, turn) else {
      throw ExchangeError(.channelState, "not the newest epoch of a channel here")
    }
    let state = book.state
    guard state.halt?.needsNewEpoch == true else {
      throw ExchangeError(.channelState, "the channel is not halted by a fork or a rollback")
    }
    guard state.size == statement.size, state.frontier.root == statement.root else {
      throw ExchangeError(.approvals, "the approved head is not the one that is held")
    }
    let old = state.origin
    let next = Origin(
      federation: old.federation, direction: old.direction, epoch: old.epoch + 1)
    _ = try turn.open(next, role: state.role)
    try turn.journal(
      .channelEpoch,
      [
        .text("origin", next.description), .number("size", state.size),
        .digest("root", state.frontier.root),
      ])
    if state.role == .outbound { try begin(after: state, to: peer, &turn) }
    let runtime = runtime
    turn.afterCommit {
      runtime.peer(peer).session?.outlet.close(Fault(.notReady, "a new epoch; greet again"))
    }
  }

  /// The peer of a channel, if the book is the one in use.
  private func newest(_ book: ChannelBook, _ turn: Turn) -> AgencyCode? {
    let direction = book.state.origin.direction
    switch book.state.role {
    case .outbound:
      return turn.ledger.outbound[direction.to] == book.state.number ? direction.to : nil
    case .inbound:
      return turn.ledger.inbound[direction.from] == book.state.number ? direction.from : nil
    }
  }

  private func begin(after old: ChannelState, to peer: AgencyCode, _ turn: inout Turn) throws {
    let id = RecordID.generate(at: turn.now, random: runtime.environment.random)
    let payload = SystemEpoch(
      previous: old.origin.description, size: Int64(old.size), root: old.frontier.root.bytes)
    try submit(
      Submission(
        id: id, to: peer, kind: KindName.systemEpoch, schema: SystemEpoch.schema,
        thread: id, replyTo: nil, urgency: .normal, payload: payload.json,
        salt: runtime.environment.random(Commitment.saltBytes), submittedAt: turn.now,
        priority: true), &turn)
    var renamed: [RecordID: RecordID] = [:]
    var seq = old.receiptedSize
    while seq < old.size {
      let records = try turn.store.records(
        old.number, from: seq, maximumCount: 256, maximumBytes: 1 << 20)
      guard let last = records.last else { return }
      for record in records { try again(record, to: peer, &renamed, &turn) }
      seq = last.seq + 1
    }
  }

  /// Submits a record of the given-up epoch again. References to others that got new ids follow.
  private func again(
    _ record: StoredRecord, to peer: AgencyCode, _ renamed: inout [RecordID: RecordID],
    _ turn: inout Turn
  ) throws {
    let header = try Judge.stored(record.header)
    guard header.kind != KindName.systemEpoch, !record.refused, let payload = record.payload else {
      return
    }
    let id = RecordID.generate(at: turn.now, random: runtime.environment.random)
    renamed[header.id] = id
    try submit(
      Submission(
        id: id, to: peer, kind: header.kind, schema: header.schema,
        thread: renamed[header.thread] ?? header.thread,
        replyTo: header.replyTo.map { renamed[$0] ?? $0 }, urgency: header.urgency,
        payload: ThreadTies.renamed(payload, of: header.kind, by: renamed),
        salt: runtime.environment.random(Commitment.saltBytes),
        submittedAt: turn.now, priority: KindName.isSystem(header.kind)), &turn)
  }

  private func submit(_ submission: Submission, _ turn: inout Turn) throws {
    let commitment = Commitment.make(
      salt: submission.salt, payload: submission.payload, suite: turn.ledger.directory.suite)
    try turn.journal(
      .submission,
      [
        .id("id", submission.id), .text("to", submission.to.rawValue),
        .digest("commitment", commitment),
      ])
    try turn.store.insert(submission)
    turn.ledger.outbox[submission.to, default: OutboxCount()].add(submission)
  }
}

extension Origin {
  /// Whether this is the same direction's log of an earlier epoch: what was under way when an end
  /// began anew belongs there, and is no offence.
  func isFormerEpoch(of other: Origin) -> Bool {
    federation == other.federation && direction == other.direction && epoch < other.epoch
  }
}

extension Node {
  /// The statements that operators would have to approve: one for each channel with this peer that
  /// only a new epoch can help.
  public func epochStatements(_ peer: AgencyCode) -> [EpochStatement] {
    committer.durable { ledger in
      [ledger.outboundBook(peer), ledger.inboundBook(peer)].compactMap { $0?.state }
        .filter { $0.halt?.needsNewEpoch == true }
        .map { EpochStatement(origin: $0.origin, size: $0.size, root: $0.frontier.root) }
    }
  }

  /// Opens a channel's next epoch on the approval of two operators.
  /// - Throws: `epoch.approvals` when the signatures are too few or wrong, or the head is another;
  ///   `channel.state` when the channel needs no new epoch.
  public func openEpoch(approved note: [UInt8], by: String) async throws {
    let statement = try EpochStatement.approved(note, operators: operators)
    try await commit { [runtime] turn in
      try EpochOpening(runtime: runtime).open(statement, &turn)
      try turn.administration("epoch.open", target: statement.origin.description, by: by)
    }
  }
}
