/// The kinds of record.
public enum KindName {
  /// 移送: opens a thread.
  public static let leadTransfer = "lead.transfer"
  /// 签收: a named unit signs for a lead.
  public static let leadSign = "lead.sign"
  /// 受理
  public static let leadAccept = "lead.accept"
  /// 不予受理
  public static let leadRefuse = "lead.refuse"
  /// 退回
  public static let leadReturn = "lead.return"
  /// 转送: opens a thread with the onward receiver.
  public static let leadForward = "lead.forward"
  /// 转送告知: tells the first sender that its lead was forwarded.
  public static let leadForwarded = "lead.forwarded"
  /// 补正通知
  public static let supplementRequest = "supplement.request"
  /// 补充材料
  public static let supplementProvide = "supplement.provide"
  /// 立案、不予立案
  public static let leadDecide = "lead.decide"
  /// 处置反馈
  public static let leadFeedback = "lead.feedback"
  /// 办结
  public static let leadClose = "lead.close"
  /// 提请复议、建议立案监督
  public static let reviewRequest = "review.request"
  /// 复议决定
  public static let reviewDecide = "review.decide"
  /// 催办、督办: within a thread, or opens one.
  public static let noticeRemind = "notice.remind"
  /// 三书一函: opens a thread.
  public static let letterIssue = "letter.issue"
  /// 复函
  public static let letterReply = "letter.reply"
  /// 提起会商: within a thread, or opens one.
  public static let consultOpen = "consult.open"
  /// 会商意见
  public static let consultNote = "consult.note"
  /// 会商结论
  public static let consultConclude = "consult.conclude"
  /// 撤回: of a record of the sender's own.
  public static let recordWithdraw = "record.withdraw"
  /// 更正: of a record of the sender's own.
  public static let recordCorrect = "record.correct"
  /// 校验拒收: a node says that it appended a record but refuses it. Never refused itself.
  public static let systemRefusal = "system.refusal"
  /// The first record of a new epoch: names the heads of the old one.
  public static let systemEpoch = "system.epoch"
  /// 数据清除: the sender has erased a payload as the law requires; the log stands.
  public static let systemErasure = "system.erasure"

  /// Every kind that nodes of this version can act on, sorted.
  public static let all = titles.keys.sorted()

  /// A kind's English and Chinese names.
  static let titles: [String: (english: String, chinese: String)] = [
    leadTransfer: ("transfer", "移送"),
    leadSign: ("signing for", "签收"),
    leadAccept: ("acceptance", "受理"),
    leadRefuse: ("refusal", "不予受理"),
    leadReturn: ("return", "退回"),
    leadForward: ("forwarding", "转送"),
    leadForwarded: ("notice of forwarding", "转送告知"),
    supplementRequest: ("request for supplements", "补正通知"),
    supplementProvide: ("supplements", "补充材料"),
    leadDecide: ("decision on filing", "立案决定"),
    leadFeedback: ("feedback", "处置反馈"),
    leadClose: ("closing", "办结"),
    reviewRequest: ("request for review", "提请复议"),
    reviewDecide: ("decision on review", "复议决定"),
    noticeRemind: ("reminder", "催办督办"),
    letterIssue: ("letter", "三书一函"),
    letterReply: ("reply to a letter", "复函"),
    consultOpen: ("opening of a consultation", "提起会商"),
    consultNote: ("note in a consultation", "会商意见"),
    consultConclude: ("conclusion of a consultation", "会商结论"),
    recordWithdraw: ("withdrawal", "撤回"),
    recordCorrect: ("correction", "更正"),
    systemRefusal: ("refusal by a node", "校验拒收"),
    systemEpoch: ("new epoch", "新纪元"),
    systemErasure: ("erasure of data", "数据清除"),
  ]

  /// A kind's Chinese name; the kind itself where this version does not know it.
  public static func titleZH(_ kind: String) -> String { titles[kind]?.chinese ?? kind }

  /// Whether nodes send it for themselves: no policy forbids it, no thread holds it.
  public static func isSystem(_ kind: String) -> Bool { kind.utf8.starts(with: "system.".utf8) }
}
