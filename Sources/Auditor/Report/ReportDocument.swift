public import RecordModel

/// Everything that a report for people tells: what was checked, what came of it, and what is late.
public struct ReportDocument: Sendable {
  /// Most items of each list; the rest are counted.
  public static let listLimit = 500

  /// The federation's name.
  public var federation: String
  /// When the report was made.
  public var createdAt: Timestamp
  /// What made it.
  public var software: String
  /// The authority's keys that were trusted.
  public var authority: AuthorityFile
  /// Whether the auditor brought them.
  public var isAuthorityGiven: Bool
  /// The agencies' names, in the newest directory.
  public var names: [AgencyCode: String]
  /// What was read, in the order given.
  public var holdings: [ReportedHolding]
  /// How they compare; of one alone, its receipts and numbers.
  public var reconciliation: ReconciliationReport

  /// Whether nothing is wrong. What is late, and gaps in numbers, are told and are not faults of the
  /// logs; entries without a receipt past the limit are.
  public var isClean: Bool {
    reconciliation.isClean && holdings.allSatisfy(\.audit.isClean)
  }
}

/// What was read of one node, and what came of it.
public struct ReportedHolding: Sendable {
  /// As given: a path.
  public var name: String
  /// Whose it is; nil where its channels do not tell.
  public var owner: AgencyCode?
  /// The time of its newest journal entry: until then it was kept.
  public var asOf: Timestamp?
  /// What the audit found.
  public var audit: AuditReport
  /// Records that were sent and have no receipt.
  public var pending: ReportList<PendingRecord>
  /// Time limits that have passed.
  public var overdue: ReportList<OverdueClock>
  /// How all time limits of open threads stand.
  public var clockStates: [ClockState: Int]
  /// Open threads whose time limits were not worked out, because there are too many.
  public var skippedThreads: Int
  /// What operators and the node itself did.
  public var acts: ReportList<ReportedAct>
  /// Records by log and day.
  public var activity: [Origin: [Int: Int]]
}

/// A list that keeps the first items and counts the rest.
public struct ReportList<Item: Sendable>: Sendable {
  /// The items kept.
  public private(set) var items: [Item] = []
  /// How many there are in all.
  public private(set) var count = 0

  mutating func add(_ item: @autoclosure () -> Item) {
    count += 1
    if items.count < ReportDocument.listLimit { items.append(item()) }
  }

  /// How many are not among the items.
  public var omitted: Int { count - items.count }
}

/// A record that was sent and has no receipt.
public struct PendingRecord: Hashable, Sendable {
  /// Its log.
  public var origin: Origin
  /// Its place there.
  public var seq: UInt64
  /// Its id.
  public var id: RecordID
  /// Its kind.
  public var kind: String
  /// When it was sealed.
  public var time: Timestamp
  /// Whether the limit for receipts has passed.
  public var isLate: Bool
}

/// A time limit that has passed without what it waits for.
public struct OverdueClock: Hashable, Sendable {
  /// The thread.
  public var thread: RecordID
  /// The document number of its first record, where it has one that can be read.
  public var docNo: String?
  /// The agency that is late.
  public var owner: AgencyCode
  /// The rule.
  public var rule: ClockRule
  /// When it began.
  public var startedAt: Timestamp
  /// When it ended.
  public var due: Timestamp
}

/// An entry of a journal that tells of an act.
public struct ReportedAct: Hashable, Sendable {
  /// Whose journal.
  public var journal: JournalOrigin
  /// The entry's number.
  public var seq: UInt64
  /// When.
  public var time: Timestamp
  /// What happened.
  public var event: JournalEvent
  /// Its fields, as the journal has them.
  public var fields: [JournalField]
}
