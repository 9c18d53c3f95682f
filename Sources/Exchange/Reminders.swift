import Logging
import RecordModel
import RecordSchema
import Synchronization

// 催办: where a peer's clock runs out and its rule says so, this node sends a reminder by itself.

extension Node {
  /// Reminders that one tick tries at most, and how many clocks it looks at for them. The next tick
  /// goes on where it stopped, so that those of a peer that is away are in nobody's way.
  static let remindersPerTick = 50
  static let remindersLookedAt = 500
  /// How long a reminder that could not be sent is left alone.
  static let reminderPatienceMilliseconds: Int64 = 3_600_000

  /// Sends a `notice.remind` for every clock of a peer that has run out and calls for one.
  ///
  /// What was sent is seen in the thread itself, or in the outbox; the Idempotency-Key keeps a
  /// restart between a reminder's commit and the next projection from sending it twice.
  func sendReminders(_ now: Timestamp) async throws {
    let filter = ClockFilter(
      dueBefore: now.advanced(byMilliseconds: 1), ours: false, toRemind: true)
    let start = runtime.reminderCursor.withLock { $0 }
    let page = try await read {
      try $0.openClocks(filter, after: start, limit: Self.remindersLookedAt)
    }
    var tried = 0
    var end: ClockCursor?
    for row in page {
      end = row.clock.due.map {
        ClockCursor(due: $0, thread: row.thread, rule: row.clock.rule, start: row.clock.start)
      }
      guard runtime.mayRemind(row, now) else { continue }
      tried += 1
      await remind(row, now)
      if tried == Self.remindersPerTick { break }
    }
    let isOver = page.count < Self.remindersLookedAt && tried < Self.remindersPerTick
    runtime.reminderCursor.withLock { [end] in $0 = isOver ? nil : end }
  }

  private func remind(_ row: ClockRow, _ now: Timestamp) async {
    let about: Logger.Metadata = [
      "thread": "\(row.thread)", "rule": "\(row.clock.rule)", "to": "\(row.peer)",
    ]
    do {
      guard let request = try await reminder(row, now) else { return }
      _ = try await submit(request)
      logger.notice("reminder sent", metadata: about)
    } catch {
      let code = Committer.translate(error).code
      logger.warning(
        "reminder not sent", metadata: about.merging(["reason": "\(code)"]) { $1 })
    }
  }

  /// The reminder that a row calls for; nil where the thread, read anew, no longer does, or one is on
  /// its way.
  /// - Throws: `reminder.dead` where one was made that can never be sealed.
  private func reminder(_ row: ClockRow, _ now: Timestamp) async throws -> SubmissionRequest? {
    let ledger = committer.durable { $0 }
    // No caller of the API can use a key with a space in it.
    let key = "clock \(row.clock.rule) \(row.clock.start)"
    return try await read { reader in
      if let former = try reader.idempotency(key) {
        guard try reader.submission(former.id)?.dead == nil else {
          throw ExchangeError(.deadReminder, "the reminder for this clock is a dead letter")
        }
        return nil
      }
      guard let dossier = try ThreadDossier(row.thread, store: reader, ledger: ledger),
        let clock = dossier.clocks(ledger).first(where: {
          $0.rule == row.clock.rule && $0.start == row.clock.start
        }), clock.reminded == nil, clock.state(at: now) == .overdue,
        try !reader.queued(thread: row.thread).contains(where: { $0.kind == KindName.noticeRemind }
        ),
        let rule = ledger.clockBook(dossier.directory).rules?.rule(clock.rule),
        let level = row.clock.remind.flatMap(Codes.RemindLevel.init(rawValue:)),
        let dueBy = CalendarDate(now.day, addingDays: rule.reminderDays)
      else { return nil }
      let payload = NoticeRemind(
        level: level, dueBy: dueBy, clock: clock.rule, about: nil,
        text: "时限“\(rule.titleZH)”已届满，请依法办理并反馈。")
      return SubmissionRequest(
        to: row.peer, kind: KindName.noticeRemind, payload: payload.json, replyTo: row.thread,
        idempotencyKey: key)
    }
  }
}

extension Runtime {
  /// Whether a reminder may be tried: it was not, for a while.
  func mayRemind(_ row: ClockRow, _ now: Timestamp) -> Bool {
    let key = "\(row.clock.rule)/\(row.clock.start)"
    return reminders.withLock { tried in
      if let last = tried[key],
        now.milliseconds - last.milliseconds < Node.reminderPatienceMilliseconds
      {
        return false
      }
      if tried.count > 10_000 { tried = [:] }
      tried[key] = now
      return true
    }
  }
}
