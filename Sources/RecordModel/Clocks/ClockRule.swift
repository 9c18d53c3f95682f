/// A time limit as the clocks file states it. docs/clocks.md says what each member means.
public struct ClockRule: Hashable, Sendable {
  /// What a reminder's `clock` names: lower-case letters, digits and hyphens, a letter first.
  public var id: String
  /// What is to be done, in English.
  public var title: String
  /// The same in Chinese.
  public var titleZH: String
  /// The law that it rests on.
  public var basis: ClockBasis
  /// Whether somebody has read the text of that law.
  public var verified: Bool
  /// Whether it runs.
  public var isOn: Bool
  /// Who has to act.
  public var owner: ClockOwner
  /// Whether its owner must act; otherwise it may, and the limit lapses when it does not.
  public var isDuty: Bool
  /// The kind of thread that it runs in; nil for all.
  public var family: ThreadFamily?
  /// Roles that the opener must have one of; empty for any.
  public var openerRoles: [AgencyRole]
  /// Roles that the receiver must have one of; empty for any.
  public var receiverRoles: [AgencyRole]
  /// What must hold of the payload of the thread's first record.
  public var opening: [ClockCondition]
  /// The record that starts it; nil where no record shows it.
  public var start: ClockStart?
  /// How long it runs; nil where the law gives no number.
  public var limit: ClockLimit?
  /// What becomes of a last day that is off.
  public var lastDay: ClockLastDay
  /// The acts of its owner that stop it; empty where no record shows it.
  public var stop: [ClockStop]
  /// The acts that make it moot. The end of the thread always does.
  public var cancel: [ClockMatch]
  /// While what it stands still.
  public var pause: [ClockPauseRule]
  /// A place in the starting payload that names a rule, with whose clock it stops; nil for none.
  public var follows: String?
  /// Whether it is known only from the act that stops it that it applied: it shows once that is here.
  public var isHindsight: Bool
  /// Hours before the end at which to warn, the largest first.
  public var warnHours: [Int]
  /// The level of the reminder that the other end's node sends when it runs out; nil for none.
  public var remind: String?
  /// How many days a reminder gives; 0 where there is none.
  public var reminderDays: Int
  /// How many of these one thread may have; nil for any number.
  public var atMost: Int?
  /// How the rule was read, in English; nil where there is nothing to say.
  public var note: String?
  /// The same in Chinese.
  public var noteZH: String?

  /// Whether records show what starts and what stops it, and it has an end that can be counted.
  public var isMeasured: Bool {
    start != nil && limit != nil && (!stop.isEmpty || follows != nil)
  }

  /// Its limit in English.
  public var limitText: String { limit?.text ?? "at once" }

  /// Its limit in Chinese.
  public var limitTextZH: String { limit?.textZH ?? "立即" }
}

/// The law that a rule rests on.
public struct ClockBasis: Hashable, Sendable, CustomStringConvertible {
  /// The law's name, in Chinese.
  public var law: String
  /// Article, paragraph, item; or the field of the record that names the day.
  public var article: String

  /// Law and article.
  public var description: String { "\(law) \(article)" }
}

/// Who has to act.
public enum ClockOwner: String, Hashable, Sendable, CaseIterable {
  /// Who opened the thread.
  case opener
  /// To whom its first record was sent.
  case receiver
  /// The end that did not send the record which starts the clock.
  case other
}

/// What the values of a payload are compared with.
public enum ClockValue: Hashable, Sendable {
  /// A string, compared scalar by scalar.
  case text(String)
  /// `true` or `false`.
  case flag(Bool)
  /// Nothing stands there (`null` in the file).
  case absent
}

/// One place of a payload, and what may stand there.
public struct ClockCondition: Hashable, Sendable {
  /// JSON Pointer into the payload.
  public var pointer: String
  /// One of these must stand there.
  public var values: [ClockValue]
}

/// Which time of a record counts.
public enum ClockTime: Hashable, Sendable {
  /// The header's.
  case header
  /// The date or instant at this place of the payload.
  case payload(String)
}

/// What starts a clock.
public struct ClockStart: Hashable, Sendable {
  /// The record's kind.
  public var kind: String
  /// The moment that it counts from.
  public var time: ClockTime
  /// What must hold of its payload.
  public var conditions: [ClockCondition]
  /// The kinds of which the record that it answers must be one; empty: it answers none, being the
  /// thread's first; nil: any.
  public var answering: [String]?
}

/// How an act must be tied to the record that started a clock.
public enum ClockTie: String, Hashable, Sendable, CaseIterable {
  /// It answers that record.
  case start
  /// It comes anywhere after it in the thread.
  case any
  /// It is that record.
  case itself = "self"
}

/// An act.
public struct ClockMatch: Hashable, Sendable {
  /// Its kind.
  public var kind: String
  /// How it is tied to the starting record.
  public var tie: ClockTie
  /// What must hold of its payload.
  public var conditions: [ClockCondition]
}

/// What stops a clock.
public struct ClockStop: Hashable, Sendable {
  /// The act.
  public var match: ClockMatch
  /// The moment that it counts as.
  public var time: ClockTime
}

/// A clock stands still from each record of kind `from` to the record of kind `until` that answers it.
public struct ClockPauseRule: Hashable, Sendable {
  /// What is asked for.
  public var from: String
  /// What answers it.
  public var until: String
}

/// How long a clock runs.
public enum ClockLimit: Hashable, Sendable {
  /// So many units.
  case counted(ClockAmount)
  /// To the end of the day that stands at this place of the starting payload.
  case date(String)

  var text: String {
    switch self {
    case .counted(let amount): amount.text
    case .date(let pointer): "to the day in \(pointer)"
    }
  }

  var textZH: String {
    switch self {
    case .counted(let amount): amount.textZH
    case .date(let pointer): "至文书所载日期（\(pointer)）"
    }
  }
}

/// A length of time, as laws state it.
public struct ClockAmount: Hashable, Sendable {
  /// How many.
  public var count: Int
  /// Of what.
  public var unit: ClockUnit

  /// A length from its parts.
  public init(_ count: Int, _ unit: ClockUnit) {
    self.count = count
    self.unit = unit
  }

  var text: String { "\(count) \(count == 1 ? unit.name : unit.name + "s")" }
  var textZH: String { "\(count)\(unit.nameZH)" }
}

/// What is counted.
public enum ClockUnit: String, Hashable, Sendable, CaseIterable {
  /// 小时
  case hours
  /// 日
  case calendarDays
  /// 工作日
  case workingDays
  /// 个月
  case months

  var name: String {
    switch self {
    case .hours: "hour"
    case .calendarDays: "calendar day"
    case .workingDays: "working day"
    case .months: "month"
    }
  }

  var nameZH: String {
    switch self {
    case .hours: "小时"
    case .calendarDays: "日"
    case .workingDays: "个工作日"
    case .months: "个月"
    }
  }
}

/// What becomes of a last day that is off.
public enum ClockLastDay: String, Hashable, Sendable, CaseIterable {
  /// It stays.
  case asIs
  /// It moves on to the next working day.
  case nextWorkingDay
}
