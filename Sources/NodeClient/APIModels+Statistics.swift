/// What became of leads between two days.
public struct APIStatistics: Codable, Sendable, Hashable {
  /// How one rule was kept.
  public struct Rule: Codable, Sendable, Hashable {
    /// Its id.
    public var rule: String
    /// What is to be done, in English.
    public var title: String
    /// The same in Chinese.
    public var titleZH: String
    /// `ours` or `theirs`: who had to act.
    public var owner: String?
    /// Done in time.
    public var onTime: Int
    /// Done too late.
    public var late: Int
    /// Not done, and too late.
    public var overdue: Int
    /// Might have been done, and was not in time.
    public var lapsed: Int?
    /// Share of those done in time, from 0 to 1; nil where there is nothing to share.
    public var rate: Double?
  }
  /// The document numbers of one office in one year.
  public struct Numbers: Codable, Sendable, Hashable {
    /// The office's characters.
    public var prefix: String
    /// The year.
    public var year: Int
    /// The lowest number.
    public var first: Int
    /// The highest.
    public var last: Int
    /// How many there are.
    public var count: Int
    /// The first of those that are not there.
    public var missing: [Int]
    /// How many are not there.
    public var missingCount: Int
  }
  /// A lead assigned by a superior.
  public struct Assigned: Codable, Sendable, Hashable {
    /// Its thread's id.
    public var thread: String
    /// Its document number.
    public var docNo: String?
    /// What it is about.
    public var title: String?
    /// How far it has come.
    public var state: String
    /// When an answer is due.
    public var due: String?
    /// Whole days until then; negative when it is past.
    public var remainingDays: Int?
  }
  /// One peer, one way.
  public struct Peer: Codable, Sendable, Hashable {
    /// Its code.
    public var peer: String
    /// Its name, where the directory has one.
    public var name: String?
    /// `out`: sent to it; `in`: sent by it.
    public var direction: String
    /// Leads sent.
    public var sent: Int
    /// Of them signed for.
    public var signed: Int
    /// Taken up.
    public var accepted: Int
    /// Not taken up.
    public var refused: Int
    /// By code of the reason.
    public var refusedBy: [String: Int]
    /// Given back.
    public var returned: Int
    /// By code of the reason.
    public var returnedBy: [String: Int]
    /// Passed on.
    public var forwarded: Int
    /// Decided.
    public var decided: Int
    /// A case was filed.
    public var filed: Int
    /// None was.
    public var notFiled: Int
    /// Done with.
    public var closed: Int
    /// Withdrawn.
    public var withdrawn: Int
    /// Not at an end.
    public var open: Int
    /// Neither taken up nor returned, refused, passed on or withdrawn.
    public var pending: Int
    /// How time limits were kept.
    public var rules: [Rule]
    /// Whether document numbers have gaps.
    public var numbers: [Numbers]
    /// Leads assigned by a superior.
    public var assigned: [Assigned]
  }
  /// The first day.
  public var from: String
  /// The last day.
  public var to: String
  /// The moment at which was counted.
  public var asOf: String
  /// Each peer, each way.
  public var peers: [Peer]
}
