import RecordSchema

// How a clock ends: what comes first in the thread's order after its start decides.

extension ClockRun {
  private enum Ending {
    case none
    case stopped(Act, ClockTime)
    case cancelled(Act)
    /// An act may have stopped it; its payload was erased.
    case unknown

    var act: Act? {
      switch self {
      case .none, .unknown: nil
      case .stopped(let act, _), .cancelled(let act): act
      }
    }
  }

  // MARK: Counted clocks

  /// The clock that a rule with stops of its own gives; nil where it does not show (yet).
  func counted(_ rule: ClockRule, _ beginning: ClockBeginning) -> ThreadClock? {
    var clock = beginning.clock
    let ending = ending(rule, beginning)
    if rule.isHindsight {
      guard case .stopped = ending else { return nil }
    }
    let pauses = pauses(rule, until: ending.act)
    var isPaused = false
    var earliest: Timestamp?
    if clock.problem == nil {
      do throws(RecordModelError) {
        let due = try due(rule, beginning, pauses.ended)
        isPaused = pauses.open.map { $0 < due } ?? false
        if !isPaused { setDue(due, rule, &clock) }
      } catch {
        clock.problem = error.code
        earliest = earliestDue(rule, beginning)
      }
    }
    settle(&clock, ending, isPaused: isPaused)
    // What was done before any day that is not known to be worked was done in time.
    if clock.problem == .clockCalendarMissing, case .stopped = ending, let earliest,
      let moment = clock.stoppedAt, moment < earliest
    {
      clock.problem = nil
      clock.outcome = .met
    }
    return clock
  }

  /// A moment before which no calendar could put the end: pauses and days off only put it off.
  private func earliestDue(_ rule: ClockRule, _ beginning: ClockBeginning) -> Timestamp? {
    if case .counted(var amount) = rule.limit {
      if amount.unit == .workingDays { amount.unit = .calendarDays }
      return try? counting.due(from: beginning.clock.startedAt, amount, lastDay: .asIs)
    }
    return beginning.day.flatMap { try? counting.due(on: $0, lastDay: .asIs) }
  }

  private func due(
    _ rule: ClockRule, _ beginning: ClockBeginning, _ pauses: [ClockPause]
  ) throws(RecordModelError) -> Timestamp {
    if case .counted(let amount) = rule.limit {
      return try counting.due(
        from: beginning.clock.startedAt, amount, lastDay: rule.lastDay, pauses: pauses)
    }
    guard let day = beginning.day else {
      throw RecordModelError(.clockPayloadMissing, "The record names no day.")
    }
    return try counting.due(on: day, lastDay: rule.lastDay)
  }

  private func setDue(_ due: Timestamp, _ rule: ClockRule, _ clock: inout ThreadClock) {
    clock.due = due
    clock.warnings = rule.warnHours.map { due.advanced(byMilliseconds: -Int64($0) * 3_600_000) }
      .filter { $0 > clock.startedAt }
  }

  private func settle(_ clock: inout ThreadClock, _ ending: Ending, isPaused: Bool) {
    if let act = ending.act {
      clock.stop = act.id
      clock.stoppedAt = act.entry.time
    }
    switch ending {
    case .cancelled(let act):
      clock.problem = nil
      // A duty whose time had run out by then was not kept, whatever became of the thread.
      let hasRunOut = clock.due.map { act.entry.time >= $0 } ?? false
      clock.outcome = clock.isDuty && hasRunOut ? .late : .cancelled
    case .unknown: clock.problem = .clockPayloadMissing
    case .none: clock.outcome = isPaused ? .paused : .open
    case .stopped(let act, let time):
      let stated = stated(time, act)
      if let stated {
        clock.stoppedAt = stated.moment
        if stated.isOutside { clock.flags.append(.stopOutsideReceipts) }
      }
      if let due = clock.due {
        // What was sent in time was also done in time, whatever day an erased payload named.
        let isInTime = clock.stoppedAt.map { $0 < due } ?? false
        clock.outcome = isInTime ? .met : .late
        if stated == nil, !isInTime { clock.problem = .clockPayloadMissing }
      }
    }
    if clock.problem != nil {
      clock.outcome = .uncomputable
      clock.due = nil
      clock.warnings = []
    }
  }

  // MARK: What ends a clock

  private func ending(_ rule: ClockRule, _ beginning: ClockBeginning) -> Ending {
    let (start, owner) = (beginning.act, beginning.clock.owner)
    if let stop = rule.stop.first(where: { $0.match.tie == .itself }), party(start) == owner {
      switch reading.holds(stop.match.conditions, of: start.id) {
      case .yes: return .stopped(start, stop.time)
      case .unknown: return .unknown
      case .no: break
      }
    }
    for act in candidates(rule, start) {
      for stop in rule.stop where party(act) == owner {
        switch matches(stop.match, act, start) {
        case .yes: return .stopped(act, stop.time)
        case .unknown: return .unknown
        case .no: continue
        }
      }
      if act.id == end?.id { return .cancelled(act) }
      // A cancelling act that cannot be read leaves the clock as it is.
      if rule.cancel.contains(where: { matches($0, act, start) == .yes }) { return .cancelled(act) }
    }
    return .none
  }

  /// The acts after a start that may end its clock, in the thread's order; before them the end of the
  /// thread where that came first: what crossed it begins nothing that could run.
  private func candidates(_ rule: ClockRule, _ start: Act) -> [Act] {
    let matches = rule.stop.map(\.match) + rule.cancel
    let free = Set(matches.filter { $0.tie == .any }.map(\.kind))
    let tied = Set(matches.filter { $0.tie == .start }.map(\.kind))
    var found = free.flatMap { acts(of: $0) }.filter { $0.place > start.place }
    found += answers(to: start.id).filter { tied.contains($0.entry.kind) }
    if let end { found.append(end) }
    var seen: Set<Int> = []
    return found.filter { seen.insert($0.place).inserted }.sorted { $0.place < $1.place }
  }

  private func matches(_ match: ClockMatch, _ act: Act, _ start: Act) -> ClockReading.Answer {
    guard act.entry.kind == match.kind else { return .no }
    switch match.tie {
    case .itself: return .no
    case .start: if act.entry.replyTo != start.id { return .no }
    case .any: if act.place <= start.place { return .no }
    }
    return reading.holds(match.conditions, of: act.id)
  }

  // MARK: Pauses

  /// The pauses that lie before what ended a clock: that also ends one that was open. Otherwise
  /// `open` says since when it stands still.
  private func pauses(
    _ rule: ClockRule, until ending: Act?
  ) -> (ended: [ClockPause], open: Timestamp?) {
    var (ended, open): ([ClockPause], Timestamp?) = ([], nil)
    for pause in rule.pause {
      for act in acts(of: pause.from) where ending.map({ act.place < $0.place }) ?? true {
        let answer = answers(to: act.id).first { $0.entry.kind == pause.until }
        let from = act.entry.time
        let end = [answer, ending].compactMap { $0 }.min { $0.place < $1.place }
        if let end {
          ended.append(ClockPause(from: from, until: end.entry.time))
        } else {
          open = open.map { min($0, from) } ?? from
        }
      }
    }
    return (ended, open)
  }

  // MARK: Clocks that follow another

  /// The clock of a rule that stops with another's; nil where there is none to stop with.
  func following(
    _ rule: ClockRule, _ beginning: ClockBeginning, _ made: MadeClocks
  ) -> ThreadClock? {
    var clock = beginning.clock
    guard let pointer = rule.follows else { return nil }
    var leader: ThreadClock?
    switch reading.find(pointer, in: beginning.act.id) {
    case .absent: return nil
    case .erased: clock.problem = .clockPayloadMissing
    case .value(let node):
      guard
        let newest = node.string.flatMap({
          made.newest(of: $0, owedBy: clock.owner, before: beginning.act.place)
        })
      else { return nil }
      leader = made.list[newest].clock
    }
    if clock.problem == nil {
      do throws(RecordModelError) {
        setDue(try due(rule, beginning, []), rule, &clock)
      } catch {
        clock.problem = error.code
      }
    }
    settle(&clock, ending(with: leader), isPaused: false)
    if let moment = leader?.stoppedAt, clock.outcome == .met || clock.outcome == .late {
      clock.stoppedAt = moment
      clock.outcome = clock.due.map { moment < $0 } ?? false ? .met : .late
    }
    return clock
  }

  private func ending(with leader: ThreadClock?) -> Ending {
    guard let leader, let stop = act(leader.stop) else { return .none }
    // What brings a thread to its end may find a clock run out: that stopped nothing.
    let isStop =
      party(stop) == leader.owner
      && rules.contains { rule in
        rule.id == leader.rule && rule.stop.contains { $0.match.kind == stop.entry.kind }
      }
    return isStop && leader.outcome != .cancelled ? .stopped(stop, .header) : .cancelled(stop)
  }
}
