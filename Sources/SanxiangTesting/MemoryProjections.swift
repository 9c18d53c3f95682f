import Exchange
import RecordModel

extension MemoryReading {
  func projection(of thread: RecordID) throws -> ThreadProjection? { state.projections[thread] }

  func links(to thread: RecordID) throws -> [LinkRow] {
    state.projections.values.flatMap(\.links).filter { $0.other == thread }
      .sorted { ($0.thread, $0.relation.rawValue) < ($1.thread, $1.relation.rawValue) }
  }

  func actCounts(_ period: Range<Timestamp>) throws -> [ActCount] {
    let counts = state.acts(period).reduce(into: [ActSort: ActCount]()) { counts, act in
      let empty = ActCount(
        peer: act.peer, opened: act.opened, ours: act.ours, kind: act.kind, detail: act.detail,
        count: 0)
      counts[ActSort(act), default: empty].count += 1
    }
    return Array(counts.values)
  }

  func openingActs(detail: String, opened: Bool, limit: Int) throws -> [KeptAct] {
    let found = state.projections.values.flatMap(\.acts).filter { act in
      act.id == act.thread && act.opened == opened
        && act.detail.map { $0.utf8.elementsEqual(detail.utf8) } ?? false
    }
    return Array(found.sorted { $0.number > $1.number }.prefix(max(0, limit)))
  }

  func documentNumbers(
    _ period: Range<Timestamp>, opened: Bool
  ) throws -> [(peer: AgencyCode, docNo: String)] {
    state.acts(period).filter { $0.opened == opened }.compactMap { act in
      act.docNo.map { (peer: act.peer, docNo: $0) }
    }
  }

  func clockCounts(_ period: Range<Timestamp>, at now: Timestamp) throws -> [ClockCount] {
    counts(at: now) { clock in
      clock.due.map(period.contains) == true && ![.paused, .cancelled].contains(clock.outcome)
    }
  }

  func clockStates(at now: Timestamp) throws -> [ClockCount] {
    counts(at: now) { [.open, .paused, .uncomputable].contains($0.outcome) }
  }

  private func counts(
    at now: Timestamp, _ isIncluded: (ThreadClock) -> Bool
  ) -> [ClockCount] {
    let rows = state.projections.values.flatMap(\.clocks).filter { isIncluded($0.clock) }
    let counts = rows.reduce(into: [ClockSort: ClockCount]()) { counts, row in
      let empty = ClockCount(
        peer: row.peer, opened: row.opened, ours: row.ours, rule: row.clock.rule,
        state: row.clock.state(at: now), count: 0)
      counts[ClockSort(row, at: now), default: empty].count += 1
    }
    return Array(counts.values)
  }

  func openClocks(
    _ filter: ClockFilter, after cursor: ClockCursor?, limit: Int
  ) throws -> [ClockRow] {
    let found = state.projections.values.flatMap(\.clocks).compactMap { row in
      row.clock.due.map { due in
        (
          place: ClockCursor(
            due: due, thread: row.thread, rule: row.clock.rule, start: row.clock.start), row: row
        )
      }
    }
    .filter { filter.includes($0.row, due: $0.place.due) }
    .filter { place, _ in cursor.map { $0.comes(before: place) } ?? true }
    .sorted { $0.place.comes(before: $1.place) }
    return found.prefix(max(0, limit)).map(\.row)
  }

  func stateCounts() throws -> [StateCount] {
    let counts = state.entries.reduce(into: [RecordPosition: [ThreadState: Int]]()) {
      counts, entry in
      guard let standing = entry.state, state.record(at: entry.position)?.refused == false else {
        return
      }
      let channel = RecordPosition(channel: entry.position.channel, seq: 0)
      counts[channel, default: [:]][standing, default: 0] += 1
    }
    return counts.flatMap { position, states in
      states.map { StateCount(channel: position.channel, state: $0.key, count: $0.value) }
    }
  }
}

extension MemoryTransaction {
  func put(_ projection: ThreadProjection) throws {
    let thread = projection.thread
    let named =
      projection.acts.map(\.thread) + projection.clocks.map(\.thread)
      + projection.links.map(\.thread)
    guard named.allSatisfy({ $0 == thread }) else {
      throw StoreFailure.failed("a projection holds rows of another thread")
    }
    var kept = projection
    kept.acts.sort { $0.number < $1.number }
    kept.clocks.sort {
      $0.clock.start == $1.clock.start
        ? $0.clock.rule.utf8.lexicographicallyPrecedes($1.clock.rule.utf8)
        : $0.clock.start < $1.clock.start
    }
    kept.links = Set(kept.links).sorted {
      ($0.relation.rawValue, $0.other) < ($1.relation.rawValue, $1.other)
    }
    let isUnique =
      Set(kept.acts.map(\.number)).count == kept.acts.count
      && Set(kept.clocks.map { [Array("\($0.clock.start)".utf8), Array($0.clock.rule.utf8)] })
        .count == kept.clocks.count
    guard isUnique else { throw StoreFailure.failed("a projection holds one row twice") }
    let isEmpty = kept.acts.isEmpty && kept.clocks.isEmpty && kept.links.isEmpty
    setProjection(isEmpty ? nil : kept, of: thread)
  }
}

extension MemoryState {
  fileprivate func acts(_ period: Range<Timestamp>) -> [KeptAct] {
    projections.values.flatMap(\.acts).filter { period.contains($0.time) }
  }
}

extension ClockFilter {
  fileprivate func includes(_ row: ClockRow, due: Timestamp) -> Bool {
    row.clock.outcome == .open && dueBefore.map { due < $0 } ?? true
      && ours.map { $0 == row.ours } ?? true && peer.map { $0 == row.peer } ?? true
      && (!toRemind || !row.ours && row.clock.remind != nil && row.clock.reminded == nil)
  }
}

extension ClockCursor {
  fileprivate func comes(before other: ClockCursor) -> Bool {
    if due != other.due { return due < other.due }
    if thread != other.thread { return thread < other.thread }
    let (left, right) = (Array(rule.utf8), Array(other.rule.utf8))
    return left == right ? start < other.start : left.lexicographicallyPrecedes(right)
  }
}

extension ClockRow {
  fileprivate var opened: Bool { (clock.owner == .opener) == ours }
}

/// What tells counts of acts apart; texts as bytes, as everywhere in this store.
private struct ActSort: Hashable {
  var peer: AgencyCode
  var opened: Bool
  var ours: Bool
  var kind: [UInt8]
  var detail: [UInt8]?

  init(_ act: KeptAct) {
    peer = act.peer
    opened = act.opened
    ours = act.ours
    kind = Array(act.kind.utf8)
    detail = act.detail.map { Array($0.utf8) }
  }
}

private struct ClockSort: Hashable {
  var peer: AgencyCode
  var opened: Bool
  var ours: Bool
  var rule: [UInt8]
  var state: ClockState

  init(_ row: ClockRow, at now: Timestamp) {
    peer = row.peer
    opened = row.opened
    ours = row.ours
    rule = Array(row.clock.rule.utf8)
    state = row.clock.state(at: now)
  }
}
