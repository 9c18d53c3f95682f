public import RecordSchema

/// One time limit that runs, or ran, in a thread.
///
/// A pure function of signed records, of the rules and of the calendars: it holds nothing that
/// depends on when one looks. `state(at:)` says how it stands at a moment.
public struct ThreadClock: Hashable, Sendable {
  /// Id of its rule in the clocks file.
  public var rule: String
  /// The record that started it.
  public var start: RecordID
  /// The end that has to act.
  public var owner: ThreadParty
  /// Whether it must act; otherwise it may, and the limit lapses when it does not.
  public var isDuty: Bool
  /// The moment from which it counts, before the starting hour or day is left out.
  public var startedAt: Timestamp
  /// The first moment that is too late; nil while it is paused or where it cannot be computed.
  public var due: Timestamp?
  /// When to warn, earliest first; all of them before `due`.
  public var warnings: [Timestamp]
  /// What came of it.
  public var outcome: ClockOutcome
  /// The record that stopped or cancelled it.
  public var stop: RecordID?
  /// The moment that counts as its end: of `stop`, by the rule.
  public var stoppedAt: Timestamp?
  /// The level of the reminder (`remind`, `supervise`) that the other end's node sends when it runs
  /// out; nil where the rule has none.
  public var remind: String?
  /// The reminder that rests on it, once one is in the thread.
  public var reminded: RecordID?
  /// What a reader should know of it.
  public var flags: [ClockFlag]
  /// Why it cannot be computed, a `clock.*` code; nil otherwise.
  public var problem: RecordModelError.Code?

  /// A clock from its parts.
  public init(
    rule: String, start: RecordID, owner: ThreadParty, isDuty: Bool, startedAt: Timestamp,
    due: Timestamp?, warnings: [Timestamp] = [], outcome: ClockOutcome, stop: RecordID? = nil,
    stoppedAt: Timestamp? = nil, remind: String? = nil, reminded: RecordID? = nil,
    flags: [ClockFlag] = [], problem: RecordModelError.Code? = nil
  ) {
    self.rule = rule
    self.start = start
    self.owner = owner
    self.isDuty = isDuty
    self.startedAt = startedAt
    self.due = due
    self.warnings = warnings
    self.outcome = outcome
    self.stop = stop
    self.stoppedAt = stoppedAt
    self.remind = remind
    self.reminded = reminded
    self.flags = flags
    self.problem = problem
  }

  /// How it stands at a moment.
  public func state(at now: Timestamp) -> ClockState {
    switch outcome {
    case .met: return .met
    case .late: return .late
    case .cancelled: return .cancelled
    case .uncomputable: return .uncomputable
    case .paused: return .paused
    case .open:
      guard let due, now >= due else { return warns(at: now) ? .dueSoon : .running }
      return isDuty ? .overdue : .lapsed
    }
  }

  /// The last day on which it is in time, where it runs to the end of a day.
  public var lastDay: CalendarDate? {
    guard let due, let next = due.day, Timestamp(startOf: next) == due else { return nil }
    return due.advanced(byMilliseconds: -1).day
  }

  /// Whether it is open and its end is near, or past.
  public func warns(at now: Timestamp) -> Bool {
    outcome == .open && (warnings.first ?? due).map { now >= $0 } ?? false
  }
}

/// What came of a clock, whenever one looks.
public enum ClockOutcome: String, Hashable, Sendable, CaseIterable {
  /// Nothing has stopped it.
  case open
  /// It stands still while something is awaited.
  case paused
  /// It was stopped in time.
  case met
  /// It was stopped too late.
  case late
  /// Something came that makes it moot.
  case cancelled
  /// It has started, but its end cannot be told: see `problem`.
  case uncomputable
}

/// How a clock stands at a moment.
public enum ClockState: String, Hashable, Sendable, CaseIterable {
  /// 计时中
  case running
  /// 即将到期: a warning has been reached.
  case dueSoon
  /// 已暂停
  case paused
  /// 已超期: it ran out, and what it waits for has not come.
  case overdue
  /// 已过期: the time within which its owner might act has passed.
  case lapsed
  /// 按期完成
  case met
  /// 逾期完成
  case late
  /// 已终止
  case cancelled
  /// 无法计算
  case uncomputable

  /// The state's Chinese name.
  public var titleZH: String {
    switch self {
    case .running: "计时中"
    case .dueSoon: "即将到期"
    case .paused: "已暂停"
    case .overdue: "已超期"
    case .lapsed: "已过期"
    case .met: "按期完成"
    case .late: "逾期完成"
    case .cancelled: "已终止"
    case .uncomputable: "无法计算"
    }
  }
}

/// What a reader of a clock should know.
public enum ClockFlag: String, Hashable, Sendable, CaseIterable {
  /// The starting time that its payload states lies outside the receipts around its record.
  case startOutsideReceipts
  /// The same of the time at which it was stopped.
  case stopOutsideReceipts
  /// The rule allows fewer of these in one thread.
  case tooMany
}
