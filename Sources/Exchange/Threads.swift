import RecordModel

extension RecordHeader {
  /// Whether this is the first record of a thread. The node's own kinds stand outside threads.
  var opensThread: Bool { thread == id && !KindName.isSystem(kind) }
}

/// Keeps each thread's state, a projection of its records, on the opening record's index entry.
enum Threads {
  /// Works a thread's state out again after one of its later records was appended or refused.
  static func refresh(_ header: RecordHeader, _ turn: inout Turn) throws {
    if KindName.isSystem(header.kind) { return }
    let entries = try Judge.threadEntries(header.thread, store: turn.store, ledger: turn.ledger)
    if let state = ThreadRules.state(entries) {
      try turn.store.setState(state, thread: header.thread)
    }
  }
}
