/// Payloads that the built-in schemas hold to be valid, each with a number in it that tells it from
/// the others. Every name in them is invented.
public enum SamplePayload {
  /// `lead.transfer` 移送.
  public static func transfer(_ number: Int = 1, facts: String = "检查中发现涉嫌违法的线索。") -> [UInt8] {
    Array(
      """
      {"docNo":"示市监移〔2026〕\(number % 9000 + 1)号","title":"示例线索第\(number)号",\
      "category":"duty-violation","source":"enforcement-inspection",\
      "legalBasis":[{"law":"中华人民共和国监察法","article":"第三十七条第一款"}],\
      "period":{"from":"2025-03-04"},"place":"000000",\
      "subjects":[{"name":"示例建设工程有限公司","uscc":"91000000MA00000157","role":"principal"}],\
      "facts":"\(facts)","handler":{"unit":"示例市市场监督管理局"},"classification":"非密"}
      """.utf8)
  }

  /// `lead.sign` 签收.
  public static func sign(_ number: Int = 1) -> [UInt8] {
    Array(
      """
      {"handlingUnit":"第\(number)监督检查室","signedAt":"2026-11-23T10:32:05.000+08:00"}
      """.utf8)
  }

  /// `lead.accept` 受理.
  public static func accept(_ number: Int = 1) -> [UInt8] {
    Array(
      """
      {"handlingUnit":"第\(number)监督检查室","acceptedAt":"2026-11-23T16:20:00.000+08:00"}
      """.utf8)
  }

  /// `lead.refuse` 不予受理.
  public static func refuse(_ number: Int = 1) -> [UInt8] {
    Array(#"{"reason":"no-jurisdiction","text":"不属于本机关管辖(\#(number))。"}"#.utf8)
  }

  /// `lead.return` 退回.
  public static func giveBack(_ number: Int = 1) -> [UInt8] {
    Array(#"{"reason":"incomplete-materials","text":"缺少材料(\#(number))。"}"#.utf8)
  }

  /// `system.erasure` 数据清除, which no node of this version takes.
  public static let erasure = Array(
    """
    {"target":"019e1b0e-9100-7cb4-9b38-387d6fca0127","seq":0,\
    "legalBasis":{"law":"中华人民共和国个人信息保护法","article":"第四十七条"},\
    "approvals":[{"operator":"one","signature":"AAAA"},{"operator":"two","signature":"AAAA"}]}
    """.utf8)

  /// A valid payload of an act's kind; nil for a kind that is none.
  public static func act(_ kind: String, _ number: Int = 1) -> [UInt8]? {
    switch kind {
    case "lead.sign": sign(number)
    case "lead.accept": accept(number)
    case "lead.refuse": refuse(number)
    case "lead.return": giveBack(number)
    default: nil
    }
  }
}
