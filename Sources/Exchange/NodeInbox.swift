public import RecordModel

// Agencies: dividing the inbox among case handlers.

extension Node {
  /// Leases the next thing that waits for this agency and that nobody works on, the longest held
  /// first, or the entry with `id`. Nil when there is none. A lease that runs out gives it back.
  ///
  /// What waits are leads that nobody has signed for, letters without a reply, and consultations and
  /// supervisions in which the other end has spoken last, as far as that has been worked off.
  /// - Throws: `inbox.leased` when `id` is leased to somebody else.
  public func take(
    _ id: RecordID?, holder: String, seconds: Int
  ) async throws -> (RecordView, Lease)? {
    let length = Int64(max(1, min(seconds, runtime.limits.leaseSeconds))) * 1000
    if let id {
      guard let lease = try await lease([id], holder: holder, length, isNamed: true) else {
        return nil
      }
      return (try await record(lease.id), lease)
    }
    try await project()
    // Looked for beside the writer, and taken by it: what somebody else took meanwhile is passed over.
    var cursor: Int64?
    while true {
      let (free, next) = try await free(after: cursor)
      if let lease = try await lease(free, holder: holder, length, isNamed: false) {
        return (try await record(lease.id), lease)
      }
      guard let next else { return nil }
      cursor = next
    }
  }

  /// Leases the first of these entries that nobody else works on; nil when there is none.
  private func lease(
    _ ids: [RecordID], holder: String, _ length: Int64, isNamed: Bool
  ) async throws -> Lease? {
    if ids.isEmpty { return nil }
    return try await commit { turn in
      for id in ids {
        guard try turn.store.entry(id) != nil else { throw Self.notFound }
        if let held = try turn.store.lease(id), held.until > turn.now {
          if !isNamed { continue }
          guard held.holder == holder else {
            throw ExchangeError(.leased, "somebody else works on it until \(held.until)")
          }
        }
        let lease = Lease(
          id: id, holder: holder, until: turn.now.advanced(byMilliseconds: length))
        try turn.store.put(lease)
        return lease
      }
      return nil
    }
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

  /// Of one page of what this agency received, what waits for it and nobody works on; and where the
  /// next page begins, nil at the end.
  private func free(after cursor: Int64?) async throws -> (ids: [RecordID], next: Int64?) {
    let filter = IndexFilter(
      channels: committer.durable { channels($0, .inbound, nil) },
      states: [.transferred, .issued, .consulting, .supervising], omitRefused: true)
    let now = environment.now()
    return try await read { reader in
      let page = try reader.entries(after: cursor, filter: filter, limit: 100)
      let ids = try page.filter { entry in
        if let lease = try reader.lease(entry.id), lease.until > now { return false }
        return try Self.isOurMove(entry, reader)
      }.map(\.id)
      return (ids, page.count == 100 ? page.last?.number : nil)
    }
  }

  /// Whether the next move in a thread is this agency's. A lead is signed for and a letter replied
  /// to by a record that changes the state; where none does, whoever spoke last waits.
  private static func isOurMove(_ entry: IndexEntry, _ reader: any StoreReader) throws -> Bool {
    guard entry.state == .consulting || entry.state == .supervising else { return true }
    guard try reader.queued(thread: entry.thread).isEmpty else { return false }
    return try reader.projection(of: entry.thread)?.acts.last?.ours != true
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
