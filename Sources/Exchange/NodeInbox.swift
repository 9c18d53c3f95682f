public import RecordModel

// Agencies: dividing the inbox among case handlers.

extension Node {
  /// Leases the next thing that waits for this agency and that nobody works on, the longest held
  /// first, or the entry with `id`. Nil when there is none. A lease that runs out gives it back.
  ///
  /// What waits are leads that nobody has signed for, letters without a reply, and consultations and
  /// supervisions in which the other end has spoken last.
  /// - Throws: `inbox.leased` when `id` is leased to somebody else.
  public func take(
    _ id: RecordID?, holder: String, seconds: Int
  ) async throws -> (RecordView, Lease)? {
    let length = Int64(max(1, min(seconds, runtime.limits.leaseSeconds))) * 1000
    let lease = try await commit { [self] turn -> Lease? in
      guard let found = try id ?? nextFree(holder, turn) else { return nil }
      guard try turn.store.entry(found) != nil else { throw Self.notFound }
      if let held = try turn.store.lease(found), held.until > turn.now, held.holder != holder {
        throw ExchangeError(.leased, "somebody else works on it until \(held.until)")
      }
      let lease = Lease(
        id: found, holder: holder, until: turn.now.advanced(byMilliseconds: length))
      try turn.store.put(lease)
      return lease
    }
    guard let lease else { return nil }
    return (try await record(lease.id), lease)
  }

  /// Gives a lease back.
  /// - Throws: `inbox.leased` when it is somebody else's.
  public func release(_ id: RecordID, holder: String) async throws {
    try await commit { turn in
      guard let lease = try turn.store.lease(id), lease.until > turn.now else { return }
      guard lease.holder == holder else {
        throw ExchangeError(.leased, "the lease is somebody else's")
      }
      try turn.store.put(Lease(id: id, holder: holder, until: turn.now))
    }
  }

  private func nextFree(_ holder: String, _ turn: Turn) throws -> RecordID? {
    let filter = IndexFilter(
      channels: channels(turn.ledger, .inbound, nil),
      states: [.transferred, .issued, .consulting, .supervising], omitRefused: true)
    var cursor: Int64?
    while true {
      let page = try turn.store.entries(after: cursor, filter: filter, limit: 100)
      for entry in page {
        if let lease = try turn.store.lease(entry.id), lease.until > turn.now { continue }
        if try isOurMove(entry, turn) { return entry.id }
      }
      guard let last = page.last else { return nil }
      cursor = last.number
    }
  }

  /// Whether the next move in a thread is this agency's. A lead is signed for and a letter replied
  /// to by a record that changes the state; where none does, whoever spoke last waits.
  private func isOurMove(_ entry: IndexEntry, _ turn: Turn) throws -> Bool {
    guard entry.state == .consulting || entry.state == .supervising else { return true }
    guard let last = try turn.store.thread(entry.thread).last else { return true }
    return turn.ledger.channels[last.position.channel]?.state.role == .inbound
  }

  /// How far the arrival hook has come, as a cursor for `arrivals`.
  public func hookCursor() async throws -> Int64 {
    try await read { reader in
      guard let bytes = try reader.setting("hook.cursor"),
        let cursor = Int64(String(decoding: bytes, as: UTF8.self))
      else { return 0 }
      return cursor
    }
  }

  /// Remembers how far the arrival hook has come.
  public func setHookCursor(_ cursor: Int64) async throws {
    try await commit { turn in
      try turn.store.set("hook.cursor", to: Array(String(cursor).utf8))
    }
  }
}
