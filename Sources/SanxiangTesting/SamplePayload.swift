import TransparencyLog

/// Payloads that the built-in schemas hold to be valid, each with a number in it that tells it from
/// the others. Every name in them is invented.
public enum SamplePayload {
  /// `lead.transfer` 移送.
  public static func transfer(
    _ number: Int = 1, facts: String = "检查中发现涉嫌违法的线索。",
    source: String = "enforcement-inspection"
  ) -> [UInt8] {
    Array(
      """
      {"docNo":"示市监移〔2026〕\(number % 9000 + 1)号","title":"示例线索第\(number)号",\
      "category":"duty-violation","source":"\(source)",\
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

  /// `system.erasure` 数据清除 of a record that is nowhere, by approvals that do not verify.
  public static let erasure = Array(
    """
    {"channel":"elsewhere/sanxiang/11000000MB0000019X/11000000MB0000027Q/1",\
    "target":"019e1b0e-9100-7cb4-9b38-387d6fca0127","seq":0,\
    "legalBasis":{"law":"中华人民共和国个人信息保护法","article":"第四十七条"},\
    "approvals":[{"operator":"one","key":"AAAA","signature":"AAAA"},\
    {"operator":"two","key":"AAAA","signature":"AAAA"}]}
    """.utf8)

  /// A valid payload of an act's kind; nil for a kind that is none.
  public static func act(_ kind: String, _ number: Int = 1) -> [UInt8]? {
    switch kind {
    case "lead.sign": sign(number)
    case "lead.accept": accept(number)
    case "lead.refuse": refuse(number)
    case "lead.return": giveBack(number)
    default: others[kind].map { Array($0.utf8) }
    }
  }

  /// `letter.issue` 三书一函.
  public static let letter = Array(
    """
    {"type":"judicial-suggestion","docNo":"示法建〔2026〕2号","title":"关于规范示例市场主体登记的司法建议",\
    "industry":"markets","problem":"登记审查不严。","proposals":["完善审查制度。"],"replyBy":"2027-01-22"}
    """.utf8)

  /// `notice.remind` 督办 that opens a thread about another one.
  public static func supervision(
    of thread: String = "019e1b0e-9100-7cb4-9b38-387d6fca0127"
  ) -> [UInt8] {
    Array(
      #"{"level":"supervise","dueBy":"2026-12-30","clock":"decide","about":"\#(thread)"}"#.utf8)
  }

  /// `lead.transfer` 移送 that sends a lead again.
  public static func transfer(_ number: Int = 1, again previous: String) -> [UInt8] {
    transfer(number).dropLast() + Array(#","previous":"\#(previous)"}"#.utf8)
  }

  /// `record.correct` 更正.
  public static func correction(of target: String, _ schema: String, _ payload: [UInt8]) -> [UInt8]
  {
    Array(
      """
      {"target":"\(target)","schema":"\(schema)",\
      "payload":"\(CanonicalBase64.encode(payload))","reason":"笔误。"}
      """.utf8)
  }

  /// `record.withdraw` 撤回.
  public static func withdrawal(of target: String) -> [UInt8] {
    Array(#"{"target":"\#(target)","reason":"误发。"}"#.utf8)
  }

  private static let others = [
    "lead.decide": #"{"decision":"filed","docNo":"示纪立〔2026〕15号","date":"2026-11-23"}"#,
    "lead.feedback": #"{"stage":"investigating","outcome":"in-progress","date":"2026-11-23"}"#,
    "lead.close": #"{"outcomes":["no-violation"],"date":"2026-11-23"}"#,
    "supplement.request": #"{"items":["调查报告"],"dueBy":"2026-12-01"}"#,
    "supplement.provide": #"{"text":"所缺材料已由专人送达。"}"#,
    "review.request":
      #"{"procedure":"supervision","ground":"other","text":"建议立案监督。","docNo":"示市监建〔2026〕1号"}"#,
    "review.decide": #"{"decision":"upheld","reason":"原决定适用法律正确。","date":"2026-11-23"}"#,
    "notice.remind": #"{"level":"remind","dueBy":"2026-12-30","clock":"decide"}"#,
    "letter.reply":
      #"{"adopted":"adopted","measures":["已整改。"],"docNo":"示市监函〔2026〕40号","date":"2026-11-23"}"#,
    "consult.open": #"{"question":"案件定性问题。","participants":["11000000MB0000043E"]}"#,
    "consult.note": #"{"note":"同意。"}"#,
    "consult.conclude": #"{"conclusion":"不再移送。","date":"2026-11-23"}"#,
  ]
}
