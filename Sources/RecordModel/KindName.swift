/// The kinds of record that this version knows.
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
  /// 校验拒收: a node says that it appended a record but refuses it. Never refused itself.
  public static let systemRefusal = "system.refusal"
  /// The first record of a new epoch: names the heads of the old one.
  public static let systemEpoch = "system.epoch"

  /// Every kind that this version knows, sorted.
  public static let all = [
    leadAccept, leadRefuse, leadReturn, leadSign, leadTransfer, systemEpoch, systemRefusal,
  ]

  /// Whether nodes send it for themselves: no policy forbids it, no thread holds it.
  public static func isSystem(_ kind: String) -> Bool { kind.utf8.starts(with: "system.".utf8) }
}
