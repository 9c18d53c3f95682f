import Exchange
import GRDBSQLite
import RecordModel

extension SQLiteTransaction {
  func put(_ projection: ThreadProjection) throws {
    let thread = projection.thread
    guard
      projection.acts.allSatisfy({ $0.thread == thread }),
      projection.clocks.allSatisfy({ $0.thread == thread }),
      projection.links.allSatisfy({ $0.thread == thread })
    else { throw StoreFailure.failed("a projection holds rows of another thread") }
    try connection[.removeThreadActs].run(.id(thread))
    try connection[.removeThreadClocks].run(.id(thread))
    try connection[.removeThreadLinks].run(.id(thread))
    for act in projection.acts {
      try run(.insertAct, act.bindings + [.integer(try sort(of: act))])
    }
    for clock in projection.clocks { try run(.insertClock, clock.bindings) }
    for link in projection.links {
      try connection[.insertLink].run(
        .id(thread), .text(link.relation.rawValue), .id(link.other))
    }
  }

  func removeProjections() throws {
    for name in [StatementName.removeActs, .removeSorts, .removeClocks, .removeLinks] {
      try connection[name].run()
    }
  }

  /// The number of an act's sort, which is given when the first act of the sort comes.
  private func sort(of act: KeptAct) throws -> Int64 {
    let parts: [Binding] = [
      .text(act.peer.rawValue), .flag(act.opened), .flag(act.ours), .text(act.kind),
      .optional(act.detail),
    ]
    let known = try connection[.actSort]
    if let number = try known.execute(parts, { try known.rows { $0.integer(0) }.first }) {
      return number
    }
    let new = try connection[.insertSort]
    return try new.execute(parts) {
      while try new.step() {}
      return sqlite3_last_insert_rowid(sqlite3_db_handle(new.handle))
    }
  }

  private func run(_ name: StatementName, _ values: [Binding]) throws {
    let query = try connection[name]
    try query.execute(values) { while try query.step() {} }
  }
}
