import RecordSchema

/// How a clock begins, before its end is looked for.
struct ClockBeginning {
  let act: ClockRun.Act
  /// Everything of the clock that its start decides.
  var clock: ThreadClock
  /// The day that the starting payload names, where the rule wants one.
  var day: CalendarDate?
}

extension ClockRun {
  /// A time that a record states.
  struct Stated {
    /// The moment that it counts as.
    let moment: Timestamp
    /// Whether it lies outside the receipts around the record.
    let isOutside: Bool
  }

  /// Receipts are times of two clocks that may differ by so much.
  private static let tolerance: Int64 = 300_000

  /// Nil where the record starts no clock of the rule. A clock whose conditions or times cannot be
  /// read begins as one that cannot be computed.
  func beginning(_ rule: ClockRule, _ start: ClockStart, _ act: Act) -> ClockBeginning? {
    if let kinds = start.answering {
      let answered = self.act(act.entry.replyTo)?.entry.kind
      if kinds.isEmpty ? act.entry.replyTo != nil : !kinds.contains(answered ?? "") { return nil }
    }
    let answer = reading.holds(start.conditions, of: act.id)
    if answer == .no { return nil }
    var clock = ThreadClock(
      rule: rule.id, start: act.id, owner: owner(rule.owner, act), isDuty: rule.isDuty,
      startedAt: act.entry.time, due: nil, outcome: .open, remind: rule.remind)
    if answer == .unknown || reading.holds(rule.opening, of: opening.id) == .unknown {
      clock.problem = .clockPayloadMissing
    }
    switch stated(start.time, act) {
    case nil: clock.problem = .clockPayloadMissing
    case let time?:
      clock.startedAt = time.moment
      if time.isOutside { clock.flags.append(.startOutsideReceipts) }
    }
    var beginning = ClockBeginning(act: act, clock: clock)
    if case .date(let pointer) = rule.limit {
      switch reading.find(pointer, in: act.id) {
      // Asking for a day is left to who asks.
      case .absent: return nil
      case .erased: beginning.clock.problem = .clockPayloadMissing
      case .value(let node):
        beginning.day = node.string.flatMap(CalendarDate.init(written:))
        if beginning.day == nil { beginning.clock.problem = .clockPayloadMissing }
      }
    }
    return beginning
  }

  private func owner(_ owner: ClockOwner, _ act: Act) -> ThreadParty {
    switch owner {
    case .opener: .opener
    case .receiver: .receiver
    case .other: party(act).other
    }
  }

  /// The time of a record that counts; nil where its payload does not tell.
  func stated(_ time: ClockTime, _ act: Act) -> Stated? {
    guard case .payload(let pointer) = time else {
      return Stated(moment: act.entry.time, isOutside: false)
    }
    guard case .value(let node) = reading.find(pointer, in: act.id), let text = node.string else {
      return nil
    }
    let around = receipts(around: act)
    if let moment = Timestamp(ascii: Array(text.utf8)[...]) {
      let isEarly = around.after.map { moment < $0 } ?? false
      let isLate = around.before.map { moment > $0 } ?? false
      return Stated(moment: moment, isOutside: isEarly || isLate)
    }
    guard let day = CalendarDate(written: text).map(BeijingDay.init) else { return nil }
    let isEarly = around.after.map { day < BeijingDay($0) } ?? false
    let isLate = around.before.map { day > BeijingDay($0) } ?? false
    // A day has no hour: of its moments the one nearest to the record's own time counts.
    return Stated(moment: day.nearest(to: act.entry.time), isOutside: isEarly || isLate)
  }

  /// Between what a time that the record states must lie: the receipt of what it answers and its
  /// own, as far as there are any.
  private func receipts(around act: Act) -> (after: Timestamp?, before: Timestamp?) {
    func time(_ id: RecordID?, _ slack: Int64) -> Timestamp? {
      guard let seconds = id.flatMap({ thread.receiptTimes[$0] }) else { return nil }
      // Beyond what a moment can hold, a receipt bounds nothing.
      guard let whole = Int64(exactly: seconds), whole < 1 << 50 else { return nil }
      return Timestamp(milliseconds: whole * 1000).advanced(byMilliseconds: slack)
    }
    return (time(act.entry.replyTo, -Self.tolerance), time(act.id, Self.tolerance + 999))
  }
}
