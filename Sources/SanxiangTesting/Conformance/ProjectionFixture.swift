import Exchange
import RecordModel

extension StoreFixture {
  /// A moment near the epoch, so that checks can write down where it lies.
  func moment(_ milliseconds: Int) -> Timestamp { Timestamp(milliseconds: Int64(milliseconds)) }

  /// An act; without an id, the one that opens the thread.
  func act(
    _ number: Int64, thread: RecordID, id: RecordID? = nil, peer: AgencyCode? = nil,
    opened: Bool = true, ours: Bool = true, kind: String = "lead.transfer", at time: Int = 0,
    detail: String? = nil, docNo: String? = nil
  ) -> KeptAct {
    KeptAct(
      number: number, id: id ?? thread, thread: thread, peer: peer ?? self.peer, opened: opened,
      ours: ours, kind: kind, time: moment(time), detail: detail, docNo: docNo)
  }

  /// A clock of the opener's.
  func clock(
    _ thread: RecordID, rule: String = "accept", start: RecordID? = nil, peer: AgencyCode? = nil,
    ours: Bool = true, isDuty: Bool = true, due: Int? = 10, warnings: [Int] = [],
    outcome: ClockOutcome = .open, remind: String? = nil, reminded: RecordID? = nil
  ) -> ClockRow {
    ClockRow(
      thread: thread, peer: peer ?? self.peer, ours: ours,
      clock: ThreadClock(
        rule: rule, start: start ?? thread, owner: .opener, isDuty: isDuty,
        startedAt: moment(0), due: due.map(moment), warnings: warnings.map(moment),
        outcome: outcome, remind: remind, reminded: reminded))
  }

  /// Keeps rows, each with the others of its thread, in one transaction.
  func keep(acts: [KeptAct] = [], clocks: [ClockRow] = [], links: [LinkRow] = []) throws {
    let threads = Set(acts.map(\.thread) + clocks.map(\.thread) + links.map(\.thread))
    try store.write { transaction in
      for thread in threads {
        try transaction.put(
          ThreadProjection(
            thread: thread, acts: acts.filter { $0.thread == thread },
            clocks: clocks.filter { $0.thread == thread },
            links: links.filter { $0.thread == thread }))
      }
    }
  }

  /// A projection with every field of every row set in one row and absent in another, in the order
  /// in which it is read.
  func fullProjection(numbers: Int64 = 1) -> ThreadProjection {
    let (thread, reply, unknown) = (id(), id(), id())
    let acts = [
      act(
        numbers, thread: thread, opened: false, ours: false, at: 5, detail: "02",
        docNo: "京检〔2026〕1号"),
      act(
        numbers + 1, thread: thread, id: reply, opened: false, ours: true, kind: "lead.sign",
        at: 1_795_396_500_123),
    ]
    let bare = clock(thread, rule: "accept", ours: false, isDuty: false, due: nil)
    var full = clock(
      thread, rule: "accept", start: reply, ours: true, due: 9, warnings: [3, 4],
      outcome: .uncomputable, remind: "supervise", reminded: unknown)
    full.clock.owner = .receiver
    full.clock.stop = unknown
    full.clock.stoppedAt = moment(7)
    full.clock.flags = ClockFlag.allCases
    full.clock.problem = RecordModelError.Code(rawValue: "clock.calendar.missing")
    let others = ClockOutcome.allCases.map { outcome in
      clock(thread, rule: "rule-\(outcome)", start: unknown, outcome: outcome)
    }
    let clocks = [bare, full] + others.sorted { $0.clock.rule < $1.clock.rule }
    let links = ThreadRelation.allCases.sorted { $0.rawValue < $1.rawValue }.flatMap { relation in
      [thread, unknown].map { LinkRow(thread: thread, relation: relation, other: $0) }
    }
    return ThreadProjection(thread: thread, acts: acts, clocks: clocks, links: links)
  }
}

extension ClockRow {
  /// Its place in the list of open clocks.
  func cursor() throws -> ClockCursor {
    guard let due = clock.due else {
      throw StoreConformance.Failure(description: "an open clock without a due time is listed")
    }
    return ClockCursor(due: due, thread: thread, rule: clock.rule, start: clock.start)
  }
}
