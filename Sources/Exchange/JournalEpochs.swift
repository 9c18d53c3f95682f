import Logging
import Cryptography
import RecordModel
import TransparencyLog

/// The journal's epochs.
enum JournalEpochs {
  /// The head that a new epoch names: the last one that is known of the epoch before.
  struct Former {
    var epoch: UInt32
    var size: UInt64
    var root: Digest
  }

  /// What a head of this node's own journal, shown by another, says.
  enum Meeting: Equatable {
    /// It is the journal's, which has this much of it or more.
    case held(epoch: UInt32, size: UInt64)
    /// It is of an epoch that another has followed since.
    case former(epoch: UInt32, size: UInt64)
    /// This node had lost what it covers, and has begun a new epoch.
    case reopened
    /// It is not this node's: it proves nothing.
    case strange

    /// What the one who showed it holds.
    var held: (epoch: UInt32, size: UInt64)? {
      switch self {
      case .held(let epoch, let size), .former(let epoch, let size): (epoch, size)
      case .reopened, .strange: nil
      }
    }
  }

  /// Opens the journal's next epoch after a channel has shown that this node came back from an old
  /// copy: nobody can give a journal back, and the entries that are gone must not be written a second
  /// time under the same origin. Once for each start of the node.
  static func reopen(reason: String, _ runtime: Runtime, _ turn: inout Turn) throws {
    let old = turn.ledger.journal
    guard old.epoch <= (turn.ledger.journalEpochAtStart) else { return }
    try open(
      after: Former(epoch: old.epoch, size: old.size, root: old.frontier.root), reason: reason,
      &turn)
  }

  /// Meets a head of this node's own journal that a witness shows, with the signature of one of this
  /// node's keys. One that goes beyond the journal, or is of another history, tells that this node came
  /// back from an old copy: its next epoch names the witnessed head.
  static func meet(
    _ shown: [UInt8], from peer: AgencyCode?, _ runtime: Runtime, _ turn: inout Turn
  ) throws -> Meeting {
    let own = runtime.identity
    guard let (note, checkpoint) = try? Checkpoint.signed(parsing: shown),
      let origin = try? JournalOrigin(parsing: checkpoint.origin), origin.code == own.code,
      origin.federation.utf8.elementsEqual(own.federation.utf8), checkpoint.size > 0,
      (try? note.verified(by: turn.ledger.journalVerifiers(origin))) != nil
    else {
      runtime.logger.warning(
        "a witness shows a head that is not of this journal",
        metadata: ["peer": "\(peer.map(\.rawValue) ?? "")"])
      return .strange
    }
    // The peer's cosignature may have been lost on its way, or with what this node lost.
    if let peer { try JournalWitnesses(runtime: runtime).keep(shown: note, from: peer, &turn) }
    let journal = turn.ledger.journal
    if origin.epoch < journal.epoch { return .former(epoch: origin.epoch, size: checkpoint.size) }
    if origin.epoch == journal.epoch, checkpoint.size <= journal.size {
      let root = try Merkle.root(
        size: checkpoint.size,
        source: LogReading.journal(
          epoch: journal.epoch, size: journal.size, suite: journal.frontier.suite,
          store: turn.store))
      if root == checkpoint.root { return .held(epoch: origin.epoch, size: checkpoint.size) }
      try keepSecondHistory(shown, checkpoint, from: peer, runtime, &turn)
    }
    try open(
      after: Former(epoch: origin.epoch, size: checkpoint.size, root: checkpoint.root),
      reason: "rollback", &turn)
    try turn.alarm(
      "node.rollback", from: peer, subject: origin.description,
      ["witnessed": "\(checkpoint.size)", "held": "\(journal.size)"], runtime)
    return .reopened
  }

  /// A head that this node signed since it came back, and that covers as much as the witnessed one, is
  /// a second history: both are kept here too.
  private static func keepSecondHistory(
    _ shown: [UInt8], _ checkpoint: Checkpoint, from peer: AgencyCode?, _ runtime: Runtime,
    _ turn: inout Turn
  ) throws {
    guard let signed = try turn.store.journalCheckpoint(epoch: turn.ledger.journal.epoch),
      signed.size >= checkpoint.size
    else { return }
    let isNew = try HeadConflicts.keep(
      HeadConflict(
        origin: checkpoint.origin,
        kind: signed.size == checkpoint.size ? .fork : .inconsistent,
        held: shown, shown: signed.note, time: turn.now), runtime, &turn)
    guard isNew else { return }
    try turn.alarm(
      FaultCode.headFork.name, from: peer, subject: checkpoint.origin,
      ["witnessed": "\(checkpoint.size)", "signed": "\(signed.size)"], runtime)
  }

  /// A crash before the commit leaves the old epoch, and the next greeting tells of it again; after it,
  /// the new epoch is the journal, and its first entry names the old head.
  private static func open(after former: Former, reason: String, _ turn: inout Turn) throws {
    let suite = turn.ledger.directory.suite
    let epoch = max(turn.ledger.journal.epoch, former.epoch) + 1
    turn.ledger.journal = JournalState(epoch: epoch, suite: suite)
    turn.ledger.journalTiles = TileEdge(suite: suite)
    turn.ledger.journalSignedSize = 0
    try turn.journal(
      .journalOpened,
      [
        .text("reason", reason), .number("previousEpoch", UInt64(former.epoch)),
        .number("size", former.size), .digest("root", former.root),
      ])
  }
}
