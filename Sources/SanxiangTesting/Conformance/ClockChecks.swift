import Exchange
import RecordModel

extension StoreConformance {
  static let clocks: [Check] = clockLists + clockStates

  private static let clockLists: [Check] = [
    Check("Open clocks come by due time, then thread, rule and start; a cursor goes on there") {
      fixture in
      let threads = (0..<3).map { _ in fixture.id() }
      let starts = (0..<2).map { _ in fixture.id() }
      var rows: [ClockRow] = []
      for due in [3, 5] {
        for thread in threads {
          for rule in ["accept-\(due)", "decide-\(due)"] {
            for start in starts {
              rows.append(
                fixture.clock(
                  thread, rule: rule, start: start, ours: rows.count % 3 == 0, due: due))
            }
          }
        }
      }
      try fixture.keep(clocks: rows.reversed())
      for limit in [1, 2, 5, rows.count, 100] {
        try expectEqual(try pages(fixture, ClockFilter(), limit: limit), rows, "pages of \(limit)")
      }
      try fixture.store.read { reader in
        try expectEqual(try reader.openClocks(ClockFilter(), after: nil, limit: 0), [], "none")
        let beyond = ClockCursor(
          due: fixture.moment(4), thread: threads[1], rule: "", start: starts[0])
        let rest = try reader.openClocks(ClockFilter(), after: beyond, limit: 100)
        try expectEqual(rest, Array(rows.dropFirst(rows.count / 2)), "from a place of no row")
      }
    },
    Check("Only clocks that are open and have a due time are listed") { fixture in
      let rows = ClockOutcome.allCases.map { fixture.clock(fixture.id(), outcome: $0) }
      try fixture.keep(clocks: rows + [fixture.clock(fixture.id(), due: nil)])
      let expected = rows.filter { $0.clock.outcome == .open }
      let found = try fixture.store.read {
        try $0.openClocks(ClockFilter(), after: nil, limit: 100)
      }
      try expectEqual(found, expected, "open clocks")
    },
    Check("Every filter of open clocks, alone and with others, in pages of any size") { fixture in
      let rows = (0..<60).map { _ in fixture.randomClock() }
      try fixture.keep(clocks: rows)
      let listed = rows.filter { $0.clock.outcome == .open && $0.clock.due != nil }
      for filter in Self.filters(fixture) {
        let expected = listed.filter { row in
          (filter.ours.map { $0 == row.ours } ?? true)
            && (filter.peer.map { $0 == row.peer } ?? true)
            && (filter.dueBefore.map { $0.milliseconds > row.clock.due?.milliseconds ?? .max }
              ?? true)
            && (!filter.toRemind
              || (!row.ours && row.clock.remind != nil && row.clock.reminded == nil))
        }
        for limit in [1, 4, 100] {
          let found = try pages(fixture, filter, limit: limit)
          try expectEqual(Set(found), Set(expected), "\(filter)")
          try expectEqual(found.count, expected.count, "\(filter), each once")
          let dues = found.compactMap(\.clock.due)
          try expectEqual(dues, dues.sorted(), "\(filter), by due time")
        }
      }
    },
    Check("A clock that is stopped, reminded of or moved leaves its place") { fixture in
      let thread = fixture.id()
      let wait = fixture.clock(thread, ours: false, due: 5, remind: "remind")
      var (moved, reminded, met) = (wait, wait, wait)
      moved.clock.due = fixture.moment(9)
      reminded.clock.reminded = fixture.id()
      met.clock.outcome = .met
      let due = ClockFilter(dueBefore: fixture.moment(6), toRemind: true)
      for (row, count) in [(wait, 1), (moved, 0), (wait, 1), (reminded, 0), (wait, 1), (met, 0)] {
        try fixture.keep(clocks: [row])
        try expectEqual(try pages(fixture, due, limit: 9).count, count, "\(row)")
      }
    },
  ]

  private static let clockStates: [Check] = [
    Check("A clock's state follows the moment, its warnings and whether it is a duty") { fixture in
      let (duty, right) = (fixture.id(), fixture.id())
      try fixture.keep(clocks: [
        fixture.clock(duty, rule: "duty", due: 10, warnings: [4, 7]),
        fixture.clock(right, rule: "right", isDuty: false, due: 10),
      ])
      let cases: [(now: Int, duty: ClockState, right: ClockState)] = [
        (3, .running, .running), (4, .dueSoon, .running), (9, .dueSoon, .running),
        (10, .overdue, .lapsed), (99, .overdue, .lapsed),
      ]
      for (now, duty, right) in cases {
        let now = fixture.moment(now)
        let found = try fixture.store.read { reader in
          [
            try reader.clockStates(at: now),
            try reader.clockCounts(fixture.moment(10)..<fixture.moment(11), at: now),
          ]
        }
        for counts in found {
          try expectEqual(counts.first { $0.rule == "duty" }?.state, duty, "duty at \(now)")
          try expectEqual(counts.first { $0.rule == "right" }?.state, right, "right at \(now)")
          try expectEqual(counts.map(\.count), [1, 1], "one each")
        }
      }
    },
    Check("Clocks are counted as they themselves say that they stand, at any moment") { fixture in
      let rows = (0..<400).map { _ in fixture.randomClock() }
      try fixture.keep(clocks: rows)
      for now in -1...9 {
        let now = fixture.moment(now)
        for (from, to) in [(0, 9), (2, 5), (5, 6), (4, 4)] {
          let period = fixture.moment(from)..<fixture.moment(to)
          let found = try fixture.store.read { try $0.clockCounts(period, at: now) }
          let due = rows.filter { row in
            row.clock.due.map(period.contains) == true && row.clock.outcome != .paused
              && row.clock.outcome != .cancelled
          }
          try expectCounts(found, of: due, at: now)
        }
        let found = try fixture.store.read { try $0.clockStates(at: now) }
        let standing = rows.filter {
          [.open, .paused, .uncomputable].contains($0.clock.outcome)
        }
        try expectCounts(found, of: standing, at: now)
      }
    },
  ]

  private static func filters(_ fixture: StoreFixture) -> [ClockFilter] {
    var filters: [ClockFilter] = []
    for ours in [nil, true, false] {
      for peer in [nil, fixture.peer, fixture.own] {
        for dueBefore in [nil, fixture.moment(4)] {
          for toRemind in [false, true] {
            filters.append(
              ClockFilter(dueBefore: dueBefore, ours: ours, peer: peer, toRemind: toRemind))
          }
        }
      }
    }
    return filters
  }

  /// Everything that a list holds, read page by page.
  private static func pages(
    _ fixture: StoreFixture, _ filter: ClockFilter, limit: Int
  ) throws -> [ClockRow] {
    try fixture.store.read { reader in
      var rows: [ClockRow] = []
      while true {
        let page = try reader.openClocks(
          filter, after: try rows.last?.cursor(), limit: limit)
        try expect(page.count <= limit && rows.count < 1000, "pages end")
        if page.isEmpty { return rows }
        rows += page
      }
    }
  }

  private static func expectCounts(
    _ found: [ClockCount], of rows: [ClockRow], at now: Timestamp
  ) throws {
    let groups = Dictionary(grouping: rows) { row in
      ClockCount(
        peer: row.peer, opened: (row.clock.owner == .opener) == row.ours, ours: row.ours,
        rule: row.clock.rule, state: row.clock.state(at: now), count: 0)
    }
    let expected = groups.map { group, rows in
      var group = group
      group.count = rows.count
      return group
    }
    try expectEqual(found.count, expected.count, "each sort once at \(now)")
    try expectEqual(Set(found), Set(expected), "counts at \(now)")
  }
}

extension StoreFixture {
  /// A clock of a thread of its own whose times fall together with those of others.
  fileprivate func randomClock() -> ClockRow {
    let thread = id()
    var row = clock(
      thread, rule: ["accept", "decide"][random.below(2)], peer: [peer, other][random.below(2)],
      ours: random.below(2) == 0, isDuty: random.below(2) == 0,
      due: random.below(8) == 0 ? nil : random.below(8),
      warnings: (0..<random.below(3)).map { _ in random.below(8) }.sorted(),
      outcome: random.below(2) == 0
        ? .open : ClockOutcome.allCases[random.below(ClockOutcome.allCases.count)],
      remind: random.below(2) == 0 ? "remind" : nil,
      reminded: random.below(2) == 0 ? thread : nil)
    row.clock.owner = ThreadParty.allCases[random.below(2)]
    return row
  }
}
