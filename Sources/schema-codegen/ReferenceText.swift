import RecordSchema

/// What the field reference says beyond the schemas.
enum ReferenceText {
  /// Kinds in the order of a thread's life.
  static let order = [
    "lead.transfer", "lead.sign", "lead.accept", "lead.refuse", "lead.return", "lead.forward",
    "lead.forwarded", "supplement.request", "supplement.provide", "lead.decide", "lead.feedback",
    "lead.close", "review.request", "review.decide", "notice.remind", "letter.issue",
    "letter.reply", "consult.open", "consult.note", "consult.conclude", "record.withdraw",
    "record.correct", "system.refusal", "system.epoch", "system.erasure",
  ]

  static let introduction: [BilingualText] = [
    text(
      """
      A record is a header and a payload. This page lists the fields of every payload, by the \
      record's kind. A header names the kind and the version of its schema, such as \
      `lead.transfer/1`; a version that has been published never changes, and an unknown one is \
      refused. The documents under [schemas](../schemas) are what counts; this page is made from \
      them.
      """,
      """
      一条记录由记录头和内容两部分组成。本页按记录种类列出内容的全部字段。记录头载明记录种类和所用模式的版本，\
      例如 `lead.transfer/1`；已经发布的版本不再改动，未知的版本一律拒收。以 [schemas](../schemas) \
      中的模式文件为准，本页由模式文件生成。
      """),
    text("What holds for every payload:", "各类内容均须遵守："),
  ]

  static let payloadRules: [BilingualText] = [
    text(
      "JSON in UTF-8 without a byte order mark, at most 1 MiB, at most 32 levels deep.",
      "采用 UTF-8 编码的 JSON，不带字节顺序标记，不超过 1 MiB，嵌套不超过32层。"),
    text(
      "No member twice in one object; text in Unicode normalisation form C; numbers within ±(2^53−1).",
      "同一对象中不得有重名项；文字采用 Unicode 规范化形式 C；数字不得超出 ±(2^53−1)。"),
    text(
      "Members that are not listed here are refused: there is no field for remarks or extensions.",
      "本页未列出的项一律拒收，不设备注项和扩展项。"),
    text(
      "Members may stand in any order. A field that does not apply is left out; `null` is refused.",
      "各项的先后顺序不限。不适用的项不填，不得填 `null`。"),
    text(
      "Lengths of text count Unicode code points.", "文字长度按 Unicode 码点计。"),
    text(
      """
      Free text and files must hold no state secret and nothing about ethnicity, religion, \
      political status, petitioning or who reported. No schema can see to that: it is the duty of \
      the agency that writes them.
      """,
      """
      自由文字和文件不得含有国家秘密，也不得含有民族、宗教信仰、政治面貌、信访情况、举报人身份等信息。\
      模式无法审查，由填写机关负责把关。
      """),
  ]

  static let texts = text(
    """
    What fields of text are made from. Where a field gives bounds of length, they come on top of \
    what stands here.
    """,
    "文字字段所用的类型。字段另有长度上下限的，与此处的要求一并适用。")

  static let codeLists = text(
    """
    A field that takes a code takes one of these, letter for letter. The labels are for people and \
    never stand in a record.
    """,
    "取代码的字段只能填写下列代码之一，逐字相同。中英文名称供人阅读，不出现在记录中。")

  static let formats = text(
    """
    Formats are checked, not noted: a value that breaks one is refused with the rule \
    `format:` and the format's name.
    """,
    "格式须经检查，不符合的予以拒收，规则名称为 `format:` 加格式名称。")

  /// Where a format's own phrase does not say everything.
  static let rules: [Format: BilingualText] = [
    .date: text(
      "RFC 3339 `full-date`; the day must exist.", "RFC 3339 的 `full-date`，日期须真实存在。"),
    .dateTime: text(
      "RFC 3339 `date-time`; records narrow it to Beijing time with milliseconds.",
      "RFC 3339 的 `date-time`；记录中一律采用北京时间，精确到毫秒。"),
    .jsonPointer: text("RFC 6901.", "RFC 6901。"),
    .uscc: text(
      """
      GB 32100-2015: 18 characters of `0123456789ABCDEFGHJKLMNPQRTUWXY`, the third to the eighth \
      digits. A character's value is its place in that alphabet, its weight 3^(i−1) mod 31; the \
      18th makes the sum of value times weight of the first 17, plus itself, a multiple of 31.
      """,
      """
      GB 32100-2015：18个字符，取自 `0123456789ABCDEFGHJKLMNPQRTUWXY`，第3至8位为数字。\
      字符的值为其在字符集中的序号，第 i 位的权为 3^(i−1) mod 31；前17位加权和与第18位之和须为31的倍数。
      """),
    .cnID: text(
      """
      GB 11643-1999: 17 digits and a check character `0`–`9` or `X` (ISO 7064 MOD 11-2, weights \
      2^(18−i) mod 11). Digits 7 to 14 are a birth date that exists and does not lie after the \
      record's day. The region is checked by its shape alone, because people keep abolished codes.
      """,
      """
      GB 11643-1999：17位数字和1位校验码（`0`至`9`或者`X`，ISO 7064 MOD 11-2，权为 2^(18−i) mod 11）。\
      第7至14位为真实存在且不晚于记录当日的出生日期。地址码只检查形式，因为个人的号码不随区划撤销而变更。
      """),
    .cnDocno: text(
      """
      The issuing office's characters, the year between `〔` (U+3014) and `〕` (U+3015), a number \
      without leading zeros, `号`.
      """,
      "发文机关代字，以`〔`（U+3014）、`〕`（U+3015）括入的年份，不编虚位的序号，`号`。"),
    .cnRegion: text(
      """
      GB/T 2260: six digits, the first two those of a province. `000000` is kept for samples.
      """,
      "GB/T 2260：6位数字，前两位为省级代码。`000000` 专供示例使用。"),
    .uuidv7: text(
      "RFC 9562: 32 lower-case hexadecimal digits and four hyphens, version 7.",
      "RFC 9562：32个小写十六进制数字和4个连字符，第7版。"),
  ]

  static let outside = text(
    """
    JSON Schema cannot say these; programs check them besides. Which record may follow which, and \
    who may send it, is decided by the rules for threads and the federation's policy.
    """,
    """
    下列规则无法用 JSON Schema 表达，由程序另行检查。何种记录可以接在何种记录之后、由谁发出，\
    由移送链规则和联盟策略决定。
    """)

  /// One rule that stands in no schema.
  struct OutsideRule {
    let kinds: [String]
    /// As violations name it; nil where it is no rule of the payload's own.
    let name: String?
    let text: BilingualText
  }

  static let outsideRules: [OutsideRule] = [
    OutsideRule(
      kinds: ["lead.transfer"], name: "period:order",
      text: text(
        "The period must not end before it starts.", "发生期间的止日不得早于起日。")),
    OutsideRule(
      kinds: [
        "lead.transfer", "supplement.provide", "letter.issue", "letter.reply", "consult.note",
      ],
      name: "attachments:unsupported",
      text: text(
        "Attachments do not travel in this version: the list must be empty or left out.",
        "本版本暂不支持传递附件：附件列表应为空或者不填。")),
    OutsideRule(
      kinds: ["system.epoch", "system.erasure"], name: "origin:parties",
      text: text(
        "Both codes of an origin must have right check digits, and they must differ.",
        "通道标识中两个机关代码的校验位须正确，且两者不得相同。")),
    OutsideRule(
      kinds: ["lead.forward", "record.correct", "system.erasure"], name: "base64:canonical",
      text: text(
        "Base64 must be in its one canonical form (RFC 4648, section 4): padded, unused bits zero.",
        "Base64 必须采用唯一的规范形式（RFC 4648 第4节）：含填充，未用的位为零。")),
    OutsideRule(
      kinds: ["record.correct"], name: "correct:payload",
      text: text(
        "The new payload must keep every rule of the schema that it names, and not be a correction.",
        "更正后的内容必须符合所注明的模式的全部规则，且其本身不得是更正。")),
    OutsideRule(
      kinds: ["system.erasure"], name: "approvals:distinct",
      text: text("The two operators must differ.", "两名批准的操作员不得相同。")),
  ]

  private static func text(_ english: String, _ chinese: String) -> BilingualText {
    BilingualText(chinese: chinese, english: english)
  }
}
