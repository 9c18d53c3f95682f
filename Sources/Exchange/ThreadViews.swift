public import RecordModel
public import RecordSchema

/// A thread 移送链 as a timeline, submissions that wait included. Both ends of a thread get the same,
/// but for what only one end knows: how far its own submissions have come.
public struct ThreadView: Sendable {
  /// Id of the opening record.
  public var id: RecordID
  /// How far the thread has come; nil while its opening record is unsealed.
  public var state: ThreadState?
  /// What the thread is for; nil likewise.
  public var family: ThreadFamily?
  /// Who sent the first record.
  public var opener: AgencyCode
  /// To whom it was sent.
  public var receiver: AgencyCode
  /// The moment at which its clocks were looked at, by this node's clock.
  public var asOf: Timestamp
  /// Its records in an order in which each comes after those that its sender had seen; then what was
  /// refused, and the submissions that wait.
  public var records: [ThreadRecord]
  /// Its clocks, by the time at which they started.
  public var clocks: [ClockView]
  /// Its ties to other threads, those that other threads state included.
  public var lineage: [LineageView]
  /// What each end may send next; both ends, unless the thread is over.
  public var next: [NextView]
  /// The kinds that this node may send next.
  public var allowedNext: [String]

  /// What came of each record that was not refused.
  public var standings: [RecordID: ActStanding] {
    Dictionary(
      records.compactMap { record in record.standing.map { (record.summary.id, $0) } },
      uniquingKeysWith: { first, _ in first })
  }
}

/// One record of a thread.
public struct ThreadRecord: Sendable {
  /// The row that lists show of it.
  public var summary: RecordSummary
  /// The record that it answers.
  public var replyTo: RecordID?
  /// What came of it; nil while it is unsealed, and where it was refused.
  public var standing: ActStanding?
  /// What its payload mainly says; empty when erased.
  public var points: [PayloadPoint]
}

/// One clock of a thread, with the words that go with it.
public struct ClockView: Sendable {
  /// The clock.
  public var clock: ThreadClock
  /// How it stands at the moment of looking.
  public var state: ClockState
  /// The agency that has to act.
  public var owner: AgencyCode
  /// Its rule; nil where the rules are not here any more.
  public var rule: ClockRule?
}

/// One tie of a thread to another.
public struct LineageView: Sendable, Hashable {
  /// How this thread is tied to the other; where `isStatedByOther`, how the other is tied to this.
  public var relation: ThreadRelation
  /// Whether the other thread's records state it.
  public var isStatedByOther: Bool
  /// Id of the other thread's first record.
  public var thread: RecordID
  /// How far the other thread has come, where it is known here.
  public var state: ThreadState?
}

/// What one end of a thread may send next.
public struct NextView: Sendable, Hashable {
  /// The end.
  public var party: ThreadParty
  /// Its agency.
  public var agency: AgencyCode
  /// The kinds, sorted.
  public var kinds: [String]
}

/// A clock in a list over all threads.
public struct DeadlineView: Sendable {
  /// Id of the thread's first record.
  public var thread: RecordID
  /// The other agency.
  public var peer: AgencyCode
  /// 线索名称 or a letter's title; nil where the first payload has none or is erased.
  public var title: String?
  /// 文号, under the same condition.
  public var docNo: String?
  /// The clock, with its words.
  public var clock: ClockView
}

/// A page of clocks.
public struct DeadlinePage: Sendable {
  /// The rows, those due first at the head.
  public var items: [DeadlineView]
  /// The moment at which they were looked at, by this node's clock.
  public var asOf: Timestamp
  /// Give it back to get the next page; nil at the end.
  public var next: ClockCursor?
}

/// The rules and calendars of the directory in force.
public struct ClockRulesView: Sendable {
  /// The rules; nil where the directory names none, so that no clocks run.
  public var rules: ClockRules?
  /// The years whose calendars are here, ascending.
  public var calendars: [Int]
}
