import Exchange
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
    for act in projection.acts { try run(.insertAct, act.bindings) }
    for clock in projection.clocks { try run(.insertClock, clock.bindings) }
    for link in projection.links {
      try connection[.insertLink].run(
        .id(thread), .text(link.relation.rawValue), .id(link.other))
    }
  }

  func removeProjections() throws {
    for name in [StatementName.removeActs, .removeClocks, .removeLinks] {
      try connection[name].run()
    }
  }

  private func run(_ name: StatementName, _ values: [Binding]) throws {
    let query = try connection[name]
    try query.execute(values) { while try query.step() {} }
  }
}
