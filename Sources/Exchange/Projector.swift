import Logging
import RecordModel
import Synchronization

// Threads, clocks and ties as lists show them. Worked out from records behind the log, never in the
// way of it: a cursor on the index says how far. A crash loses nothing but work, as rows and cursor
// are one transaction.

extension Node {
  /// Index entries that one transaction works off, and records of their threads that it reads: it
  /// shares the one writer with submissions.
  static let projectionBatch = 500
  static let projectionRecords = 4000
  /// How long it goes on at one time: heads are to be signed every second, whatever waits here.
  static let projectionNanoseconds: UInt64 = 250_000_000
  private static let cursorName = "projection.cursor"

  /// Works off what has been appended since the last time; of much of it, only a part.
  func project() async throws {
    let start = environment.monotonic()
    while try await projectBatch(), committer.backlog == 0,
      environment.monotonic() - start < Self.projectionNanoseconds
    {}
  }

  /// Works off everything that is there now: for who counts.
  func projectAll() async throws {
    while try await projectBatch() {}
  }

  /// Forgets what has been worked out, so that the next turns do it again.
  public func rebuildProjections(by: String) async throws {
    try await commit { [runtime] turn in
      try turn.administration("projections.rebuild", target: "projections", by: by)
      try turn.store.removeProjections()
      try Self.projectAgain(runtime, &turn)
    }
  }

  /// Has everything worked out again, because what it is worked out from has changed: a calendar
  /// that clocks of earlier threads were waiting for. What is kept stays until then.
  static func projectAgain(_ runtime: Runtime, _ turn: inout Turn) throws {
    try turn.store.set(cursorName, to: Array("0".utf8))
    turn.afterCommit { runtime.projected.withLock { $0 = 0 } }
  }

  /// True when there may be more.
  private func projectBatch() async throws -> Bool {
    let known = runtime.projected.withLock { $0 }
    // Without a transaction where there is nothing to do, which is nearly always.
    if let known {
      let filter = IndexFilter()
      let new = try await read { try $0.entries(after: known, filter: filter, limit: 1) }
      if new.isEmpty { return false }
    }
    return try await commit { [code, runtime] turn in
      let cursor = try Self.cursor(turn.store)
      let entries = try turn.store.entries(
        after: cursor, filter: IndexFilter(), limit: Self.projectionBatch)
      var (end, done, records) = (cursor, Set<RecordID>(), 0)
      for entry in entries where records < Self.projectionRecords {
        for thread in try Self.threads(of: entry, turn) where done.insert(thread).inserted {
          records += try Self.project(thread, own: code, turn)
        }
        end = entry.number
      }
      if end != cursor { try turn.store.set(Self.cursorName, to: Array(String(end).utf8)) }
      // Set in the order of the commits: another may have begun it all anew.
      turn.afterCommit { [end] in runtime.projected.withLock { $0 = end } }
      return entries.count == Self.projectionBatch || end != entries.last?.number ?? cursor
    }
  }

  /// Works one thread out; how many records it has.
  @discardableResult
  static func project(
    _ thread: RecordID, own: AgencyCode, _ turn: Turn
  ) throws -> Int {
    guard let dossier = try ThreadDossier(thread, store: turn.store, ledger: turn.ledger) else {
      // Its first record was refused since: nothing is left of it.
      try turn.store.put(ThreadProjection(thread: thread, acts: [], clocks: [], links: []))
      return 1
    }
    try turn.store.put(dossier.projection(own: own, ledger: turn.ledger))
    return dossier.acts.count
  }

  private static func cursor(_ store: any StoreReader) throws -> Int64 {
    try store.setting(cursorName).flatMap { Int64(String(decoding: $0, as: UTF8.self)) } ?? 0
  }

  /// The threads that an entry changes.
  private static func threads(of entry: IndexEntry, _ turn: Turn) throws -> Set<RecordID> {
    guard let held = try turn.store.header(at: entry.position) else {
      throw StoreFailure.corrupt("index entry without its record")
    }
    let header = try Judge.stored(held.header)
    switch header.kind {
    case KindName.systemRefusal:
      // What it refuses counts no more.
      guard !held.refused,
        let target = try turn.store.record(at: entry.position)?.payload.flatMap(Refusals.parse),
        let refused = try turn.store.entry(target.id),
        let bytes = try turn.store.header(at: refused.position)
      else { return [] }
      return [try Judge.stored(bytes.header).thread]
    case KindName.systemEpoch:
      // What had no receipt in the former epoch was given up: those threads lost records.
      return try givenUp(header, turn)
    default: return held.refused ? [] : [header.thread]
    }
  }

  /// The threads of records that an epoch's opening gave up.
  private static func givenUp(_ header: RecordHeader, _ turn: Turn) throws -> Set<RecordID> {
    var found: Set<RecordID> = []
    for book in turn.ledger.channels.values where book.state.origin.direction == header.direction {
      let state = book.state
      guard state.role == .outbound, state.receiptedSize < state.size,
        turn.ledger.outbound[header.to] != state.number
      else { continue }
      var next = state.receiptedSize
      while next < state.size {
        let position = RecordPosition(channel: state.number, seq: next)
        if let bytes = try turn.store.header(at: position) {
          found.insert(try Judge.stored(bytes.header).thread)
        }
        next += 1
      }
    }
    return found
  }
}
