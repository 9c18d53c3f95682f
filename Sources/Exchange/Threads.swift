import RecordModel

/// Keeps each thread's state, a projection of its records, on the opening record's index entry.
enum Threads {
  /// Works a thread's state out again after one of its later records was appended or refused.
  static func refresh(_ header: RecordHeader, _ turn: inout Turn) throws {
    if KindName.isSystem(header.kind) { return }
    if let state = ThreadRules.state(try turn.entries(of: header.thread)) {
      try turn.store.setState(state, thread: header.thread)
    }
  }

  /// A thread's records in both logs, and after them those that wait in `state`'s outbox, as if all
  /// of these had been sealed now.
  static func entries(
    _ thread: RecordID, waiting: [Submission], in state: ChannelState, store: any StoreReader,
    ledger: Ledger
  ) throws -> [ThreadEntry] {
    try Judge.threadEntries(thread, store: store, ledger: ledger)
      + entries(waiting, in: state, ledger: ledger)
  }

  /// What waits in `state`'s outbox, as if all of it had been sealed now.
  static func entries(
    _ waiting: [Submission], in state: ChannelState, ledger: Ledger
  ) -> [ThreadEntry] {
    let direction = state.origin.direction
    let seen = seen(of: direction.to, ledger)
    return waiting.enumerated().map { offset, submission in
      ThreadEntry(
        id: submission.id, direction: direction, epoch: state.origin.epoch,
        seq: state.size + UInt64(offset), kind: submission.kind, replyTo: submission.replyTo,
        time: submission.submittedAt, refused: false, seen: seen)
    }
  }

  /// How much of a peer's log this node holds: the cut of what it seals now.
  static func seen(of peer: AgencyCode, _ ledger: Ledger) -> Seen {
    let inbound = ledger.inboundBook(peer)?.state
    return Seen(epoch: inbound?.origin.epoch ?? 1, size: inbound?.size ?? 0)
  }
}
