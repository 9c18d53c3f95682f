/// What a reconciliation can find. The names are stable: scripts compare them, `docs/audit.md`
/// explains them.
public enum ReconcileKind: String, Hashable, Sendable, CaseIterable {
  /// Two holders have different entries at one place.
  case different = "log.different"
  /// Two histories of one log were signed, and it can be proven to anyone.
  case forked = "log.forked"
  /// A sender holds fewer entries than it signed.
  case shortened = "log.shortened"
  /// A node's journal is not the one whose head others hold under its signature.
  case journalForked = "journal.forked"
  /// Others have witnessed more of a node's journal than it shows, although its copy is newer.
  case journalShortened = "journal.shortened"
  /// The same, and its copy may be older, or it lost its journal.
  case journalBehind = "journal.behind"
  /// Entries are without a receipt for longer than the limit.
  case overdue = "receipt.overdue"
  /// A receiver does not hold a receipt that it gave.
  case denied = "receipt.denied"
  /// A holder shows directories that do not follow from the authority's keys, or other ones.
  case directory = "directory.different"
  /// Numbers are missing from a series of document numbers.
  case numberGap = "number.gap"
  /// Two leads have one document number.
  case numberRepeated = "number.repeated"

  /// Whether it is only something to be looked at: there are innocent reasons for it.
  public var isNotice: Bool {
    [.numberGap, .numberRepeated, .journalBehind].contains(self)
  }

  /// What it means, in English.
  public var title: String {
    switch self {
    case .different: "the two hold different entries"
    case .forked: "two histories of this log were signed"
    case .shortened: "the sender no longer holds entries that it signed"
    case .journalForked: "the journal is not the one whose head others hold, signed by its node"
    case .journalShortened: "the node shows less of its journal than it had signed before"
    case .journalBehind:
      "others witnessed more of the journal than is shown: an older copy, or it was lost"
    case .overdue: "sent, and without a receipt for longer than the limit"
    case .denied: "the receiver does not hold a receipt that it gave"
    case .directory: "its directories do not follow from the authority's keys, or are others"
    case .numberGap: "numbers are missing: leads may not have been sent"
    case .numberRepeated: "a document number was used for two leads"
    }
  }

  /// What it means, in Chinese.
  public var titleZH: String {
    switch self {
    case .different: "双方持有的记录不一致"
    case .forked: "同一日志被签署了两个历史"
    case .shortened: "发送方已不再持有其签名过的记录"
    case .journalForked: "日志簿与他方持有的签名头不符"
    case .journalShortened: "节点所示日志簿少于其此前已签名的"
    case .journalBehind: "他方见证过的日志簿条目多于所示：副本较旧，或日志簿已丢失"
    case .overdue: "已发送但超过时限仍无送达回执"
    case .denied: "接收方不持有其出具过的回执"
    case .directory: "所载联邦名录不能由统筹机关密钥验证，或者与他方不同"
    case .numberGap: "文号不连续：可能应移未移"
    case .numberRepeated: "两件线索使用同一文号"
    }
  }
}
