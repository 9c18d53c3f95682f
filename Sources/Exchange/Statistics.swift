public import RecordModel
public import RecordSchema

/// What became of leads, counted: per peer, and apart by who opened the thread.
public struct Statistics: Sendable {
  /// The first day that counts, in Beijing.
  public var from: CalendarDate
  /// The last day that counts.
  public var to: CalendarDate
  /// The moment at which open clocks and leads were looked at.
  public var asOf: Timestamp
  /// By peer; the outgoing leads of one before the incoming.
  public var peers: [PeerStatistics]
}

/// The leads between this node's agency and another, in one direction. Acts count by the time in
/// their headers; void and withdrawn ones do not.
public struct PeerStatistics: Sendable {
  /// The other agency.
  public var peer: AgencyCode
  /// Its name in the directory in force; nil where it is no longer listed.
  public var name: String?
  /// True for leads that this node's agency sent, false for those that it received.
  public var outgoing: Bool
  /// 移送: transfers and forwards.
  public var sent = 0
  /// 签收
  public var signed = 0
  /// 受理
  public var accepted = 0
  /// 不予受理, by reason.
  public var refused: [String: Int] = [:]
  /// 退回, by reason.
  public var returned: [String: Int] = [:]
  /// 转送
  public var forwarded = 0
  /// Decisions on filing, those with an erased payload included.
  public var decided = 0
  /// 立案
  public var filed = 0
  /// 不予立案
  public var notFiled = 0
  /// 办结
  public var closed = 0
  /// 撤回: of first records.
  public var withdrawn = 0
  /// 在办: leads that have not come to an end, of whatever time.
  public var open = 0
  /// 清仓见底: of these, leads neither accepted nor brought to an end, of whatever time.
  public var pending = 0
  /// Clocks that fell due in the period, by rule.
  public var rules: [RuleStatistics] = []
  /// Document numbers of the leads sent from the beginning of the period's first year to the end of
  /// the period, by series: a gap at a month's end would be in no month.
  public var numbers: [NumberStatistics] = []
  /// 交办: leads assigned by a superior that have not come to an end, of whatever time.
  public var assigned: [AssignedLead] = []
}

/// How one rule was kept.
public struct RuleStatistics: Sendable, Hashable {
  /// Id of the rule.
  public var rule: String
  /// Whether this node's agency had to act.
  public var ours: Bool
  /// 按期: stopped in time.
  public var onTime = 0
  /// 逾期: stopped too late.
  public var late = 0
  /// 超期: run out and not stopped.
  public var overdue = 0
  /// Rights that lapsed unused; they count for no rate.
  public var lapsed = 0

  /// The share that was kept, from 0 to 1; nil where nothing was to be kept.
  public var rate: Double? {
    let all = onTime + late + overdue
    return all == 0 ? nil : Double(onTime) / Double(all)
  }
}

/// One series of document numbers (应移未移 check): a gap may be a lead that was never sent.
public struct NumberStatistics: Sendable, Hashable {
  /// The agency's mark, what stands before the year: 市监移.
  public var prefix: String
  /// The year in the brackets.
  public var year: Int
  /// The lowest number.
  public var first: Int
  /// The highest number.
  public var last: Int
  /// How many different numbers there are.
  public var count: Int
  /// The first of those that are missing between `first` and `last`.
  public var missing: [Int]
  /// How many are missing.
  public var missingCount: Int

  /// The most that `missing` names.
  public static let missingLimit = 100
}

/// A lead that was assigned by a superior and has not come to its end.
public struct AssignedLead: Sendable, Hashable {
  /// Id of its first record.
  public var thread: RecordID
  /// 移送文号; nil when erased.
  public var docNo: String?
  /// 线索名称; nil when erased.
  public var title: String?
  /// How far it has come.
  public var state: ThreadState
  /// When the first of its open clocks runs out; nil when none is open.
  public var due: Timestamp?
}
