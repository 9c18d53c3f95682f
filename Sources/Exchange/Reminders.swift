import Logging
import RecordModel
import RecordSchema
import Synchronization

// 催办: where a peer's clock runs out and its rule says so, this node sends a reminder by itself.

extension Node {
  /// Reminders that one tick tries at most, and how many clocks it looks at for them: those that
  /// could not be sent lately are not in the way of the others.
  static let remindersPerTick = 50
  static let remindersLookedAt = 1000
  /// How long a reminder that could not be sent is left alone.
  static let reminderPatienceMilliseconds: Int64 = 3_600_000

  /// Sends a `notice.remind` for every clock of a peer that has run out and calls for one.
  ///
  /// What was sent is seen in the thread itself, or in the outbox; the Idempotency-Key keeps two
  /// turns, or a restart between a reminder's commit and the next projection, from sending it twice.
  func sendReminders(_ now: Timestamp) async throws {
    let filter = ClockFilter(
      dueBefore: now.advanced(byMilliseconds: 1), ours: false, toRemind: true)
    let due = try await read {
      try $0.openClocks(filter, after: nil, limit: Self.remindersLookedAt)
    }
    var tried = 0
    for row in due where tried < Self.remindersPerTick && runtime.mayRemind(row, now) {
      tried += 1
      guard let level = row.clock.remind, let request = try await reminder(row, level, now) else {
        continue
      }
      do {
        _ = try await submit(request)
        logger.notice(
          "reminder sent",
          metadata: ["thread": "\(row.thread)", "rule": "\(row.clock.rule)", "to": "\(row.peer)"])
      } catch let error as ExchangeError where error.code == .idempotencyMismatch {
        // Sent on an earlier day, with another date in it.
      } catch {
        let error = Committer.translate(error)
        logger.warning(
          "reminder not sent",
          metadata: [
            "thread": "\(row.thread)", "rule": "\(row.clock.rule)", "reason": "\(error.code)",
          ])
      }
    }
  }

  /// The reminder that a row calls for; nil where the thread, read anew, no longer does.
  private func reminder(
    _ row: ClockRow, _ level: String, _ now: Timestamp
  ) async throws -> SubmissionRequest? {
    let ledger = committer.durable { $0 }
    return try await read { reader in
      guard let dossier = try ThreadDossier(row.thread, store: reader, ledger: ledger),
        let clock = dossier.clocks(ledger).first(where: {
          $0.rule == row.clock.rule && $0.start == row.clock.start
        }), clock.reminded == nil, clock.state(at: now) == .overdue,
        try !reader.queued(thread: row.thread).contains(where: { $0.kind == KindName.noticeRemind }
        ),
        let rule = ledger.clockBook(dossier.directory).rules?.rule(clock.rule),
        let code = Codes.RemindLevel(rawValue: level),
        let dueBy = CalendarDate(now.day, addingDays: rule.reminderDays)
      else { return nil }
      let payload = NoticeRemind(
        level: code, dueBy: dueBy, clock: clock.rule, about: nil,
        text: "时限“\(rule.titleZH)”已届满，请依法办理并反馈。")
      return SubmissionRequest(
        to: row.peer, kind: KindName.noticeRemind, payload: payload.json, replyTo: row.thread,
        idempotencyKey: "clock/\(clock.rule)/\(clock.start)")
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
