/// The rules and calendars that hold for one thread.
public struct ClockBook: Sendable {
  /// The rules; nil where the thread's directory names none, so that no clock runs.
  public let rules: ClockRules?
  /// The calendars, by year.
  public let calendars: [Int: WorkingCalendar]
  /// The kinds of record whose payloads are looked into. Others need not be in
  /// `ClockedThread.payloads`.
  public let kindsRead: Set<String>

  /// A book of these.
  public init(rules: ClockRules?, calendars: [Int: WorkingCalendar]) {
    self.rules = rules
    self.calendars = calendars
    kindsRead = rules.map { ClockReading.kinds(of: $0.rules) } ?? []
  }

  /// The counting that these calendars allow.
  public var counting: ClockCounting { ClockCounting(calendars: calendars) }
}

/// What clocks of a thread are worked out from.
public struct ClockedThread: Sendable {
  /// Its records, and what came of each.
  public var standing: ThreadStanding
  /// The role of the agency that opened it, in the directory that its first record names.
  public var openerRole: AgencyRole
  /// The role of the other agency there.
  public var receiverRole: AgencyRole
  /// Payloads by record; a record that is absent has none any more: it was erased.
  public var payloads: [RecordID: [UInt8]]
  /// When a record's receiver held it, by its receipt: seconds since the Unix epoch. A record that
  /// is absent has no receipt yet.
  public var receiptTimes: [RecordID: UInt64]

  /// A thread from its parts.
  public init(
    standing: ThreadStanding, openerRole: AgencyRole, receiverRole: AgencyRole,
    payloads: [RecordID: [UInt8]], receiptTimes: [RecordID: UInt64]
  ) {
    self.standing = standing
    self.openerRole = openerRole
    self.receiverRole = receiverRole
    self.payloads = payloads
    self.receiptTimes = receiptTimes
  }
}

/// Works out the clocks of a thread.
public enum ClockEngine {
  /// The clocks of a thread, by start and rule.
  ///
  /// A pure function of its arguments, the same at both ends and whenever one looks: it does not
  /// know the present moment (`ThreadClock.state(at:)` takes it). The order of dictionaries and of
  /// what `standing` was made from does not matter. Each payload is parsed at most once, and only
  /// those of `book.kindsRead`.
  public static func clocks(of thread: ClockedThread, under book: ClockBook) -> [ThreadClock] {
    guard let rules = book.rules else { return [] }
    return ClockRun(thread, rules: rules.rules, counting: book.counting).clocks()
  }
}
