// The files, member by member.

extension ClockPage {
  func formats() -> [String] {
    let header = say(["member", "value", "meaning"], ["成员", "取值", "含义"])
    var blocks = [say("## The clocks file", "## 时限规则文件")]
    blocks += say(Self.fileIntroduction, Self.fileIntroductionZH)
    blocks += [
      table(header, rows(Self.fileMembers)),
      say("### A rule", "### 规则"), table(header, rows(Self.ruleMembers)),
      say("### Objects in a rule", "### 规则中的对象"), table(header, rows(Self.partMembers)),
      say("## A calendar file", "## 工作日历文件"),
      say(
        "At most \(WorkingCalendar.byteLimit) bytes, strict JSON, closed. Dates are written "
          + "`YYYY-MM-DD`, must exist, lie in the year, ascend, and stand in one list only.",
        "至多\(WorkingCalendar.byteLimit)字节，严格 JSON，不得有其他成员。日期写作 `YYYY-MM-DD`，须真实、"
          + "属于该年、升序，且只在一个列表中。"),
      table(header, rows(Self.calendarMembers)),
      say("## Codes", "## 错误代码"),
      table(say(["code", "meaning"], ["代码", "含义"]), Self.codes.map { [$0.0, say($0.1, $0.2)] }),
    ]
    return blocks
  }

  private func rows(_ members: [(String, String, String, String, String)]) -> [[String]] {
    members.map { name, value, valueZH, meaning, meaningZH in
      [code(name), say(value, valueZH), say(meaning, meaningZH)]
    }
  }

  private static let fileIntroduction = [
    """
    One JSON object, at most \(ClockRules.byteLimit) bytes, strict (UTF-8, no member twice, text in \
    NFC). Every object is closed: an unknown member is refused. So is a combination that could mean \
    nothing. The digest of the bytes as they stand is what a directory names.
    """
  ]
  private static let fileIntroductionZH = [
    """
    一个 JSON 对象，至多\(ClockRules.byteLimit)字节，严格解析（UTF-8、成员不重复、文字为 NFC）。各对象均不得有未列出的成员，\
    也不得有无意义的组合。名录所指明的是文件原字节的摘要。
    """
  ]

  private static let fileMembers = [
    ("v", "1", "1", "version of the format", "格式版本"),
    ("title", "string, 1–200", "字符串，1–200", "what it is called, in English", "英文名称"),
    ("titleZH", "string, 1–200", "字符串，1–200", "the same in Chinese", "中文名称"),
    (
      "rules", "list of 1–\(ClockRules.ruleLimit)", "列表，1–\(ClockRules.ruleLimit)项",
      "the rules; no id twice", "规则，编号不得重复"
    ),
  ]

  private static let ruleMembers = [
    (
      "id", "1–64 of `a-z 0-9 -`, a letter first", "1–64个 `a-z 0-9 -`，首位为字母",
      "what `clock` of a `notice.remind` names", "`notice.remind` 的 `clock` 所指"
    ),
    (
      "title, titleZH", "string, 1–200", "字符串，1–200", "what is to be done", "事项"
    ),
    ("basis", "object", "对象", "the law it rests on", "依据"),
    (
      "verified", "boolean", "布尔值", "whether somebody has read the text of that law", "是否已核对条文"
    ),
    (
      "on", "boolean", "布尔值", "whether it runs; true needs `verified`", "是否启用；未核对的不得启用"
    ),
    (
      "owner", "`opener`, `receiver`, `other`", "`opener`、`receiver`、`other`",
      "who has to act; `other`: the end that did not send the starting record",
      "责任方；`other` 为未发出起算文书的一方"
    ),
    (
      "duty", "boolean", "布尔值", "a duty becomes overdue, a right lapses", "义务超期，权利过期"
    ),
    (
      "family", "optional: `lead`, `letter`, `consultation`, `supervision`",
      "可选：`lead`、`letter`、`consultation`、`supervision`", "only in threads of this kind",
      "仅适用于该类移送链"
    ),
    (
      "roles", "optional: object", "可选：对象", "only between agencies with these roles", "仅适用于这些机关之间"
    ),
    (
      "opening", "optional: conditions", "可选：条件", "what must hold of the first record's payload",
      "首份文书内容须满足的条件"
    ),
    (
      "start", "object", "对象", "what starts it; `{\"kind\":null}`: no record shows it",
      "起算；`{\"kind\":null}` 表示文书不反映"
    ),
    (
      "limit", "object or null", "对象或者 null", "how long it runs; null: at once, not counted",
      "期限；null 表示立即，不计算"
    ),
    (
      "lastDay", "`asIs`, `nextWorkingDay`", "`asIs`、`nextWorkingDay`",
      "of a last day that is off; hours need `asIs`", "最后一日休息时；按小时的须为 `asIs`"
    ),
    (
      "stop", "list of at most 10", "列表，至多10项",
      "acts of the owner that stop it, the first in the thread counts; empty: no record shows it",
      "责任方终止计时的文书，以移送链中第一份为准；空表示文书不反映"
    ),
    (
      "cancel", "list of at most 10", "列表，至多10项", "acts of either end that make it moot",
      "使其失去意义的文书，不论由哪方发出"
    ),
    (
      "pause", "list of at most 10", "列表，至多10项",
      "while what it stands still; not where a record names the day", "暂停；文书载明日期的不得有"
    ),
    (
      "follows", "optional: pointer", "可选：指针",
      "a place in the starting payload that names a rule: it stops and is cancelled with the newest "
        + "clock of that rule and owner that began before it, and where there is none, none starts; "
        + "needs `limit.date`, and `stop` and `cancel` empty",
      "起算文书内容中指明规则之处：随此前同一责任方的该规则最新时限终止，没有的不起算；须有 `limit.date`，`stop`、`cancel` 为空"
    ),
    (
      "hindsight", "optional: boolean", "可选：布尔值",
      "it shows only once a stop is there; then `warnHours` is empty and `remind` left out",
      "终止后才显示；`warnHours` 须为空，不得有 `remind`"
    ),
    (
      "warnHours", "list of at most 10 of 1–8784, descending", "列表，至多10项，1–8784，降序",
      "hours before the end at which to warn", "期满前多少小时预警"
    ),
    (
      "remind", "optional: `remind`, `supervise`", "可选：`remind`、`supervise`",
      "the level of the reminder that the other end's node sends when it is overdue; duties only",
      "超期时对方节点发出的催办级别，仅限义务"
    ),
    (
      "days", "1–365, with `remind` and only there", "1–365，与 `remind` 同时出现",
      "the reminder's `dueBy` is its own day plus so many", "催办的 `dueBy` 为发出之日加该日数"
    ),
    (
      "atMost", "optional: 1–100", "可选：1–100",
      "clocks of the rule in one thread beyond this are flagged",
      "一条移送链中超过此数的予以标注"
    ),
    (
      "note, noteZH", "optional, both: string, 1–1000", "可选，须同时有：字符串，1–1000",
      "how the rule was read", "规则的理解"
    ),
  ]

  private static let partMembers = [
    (
      "basis", "`law` 2–100, `article` 1–100", "`law` 2–100，`article` 1–100",
      "the law's Chinese name; article, or the field of the record", "法律名称；条款，或者文书的字段"
    ),
    (
      "roles", "`opener`, `receiver`, each an optional list", "`opener`、`receiver`，各为可选列表",
      "one of these: `procuratorate`, `discipline`, `enforcement`, `police`, `court`",
      "其中之一：`procuratorate`、`discipline`、`enforcement`、`police`、`court`"
    ),
    (
      "conditions", "object of 1–10 members", "对象，1–10个成员",
      "name: a JSON Pointer into the payload; value: a list of 1–50 strings, booleans and null, one of "
        + "which must stand there; null: nothing stands there. All must hold",
      "名称为内容的 JSON 指针；值为1–50个字符串、布尔值、null 的列表，该处须为其中之一；null 表示未填写。各项均须成立"
    ),
    (
      "time", "`\"header\"` or `{\"payload\": pointer}`", "`\"header\"` 或者 `{\"payload\": 指针}`",
      "which time counts: the header's, or the date or instant there in the payload",
      "以文书头时间，或者内容中该处的日期、时刻为准"
    ),
    (
      "start", "`kind`, `time`, optional `where`, `answering`",
      "`kind`、`time`，可选 `where`、`answering`",
      "`where`: conditions on its payload; `answering`: kinds of which the record that it answers must be "
        + "one, an empty list for a thread's first record",
      "`where` 为对其内容的条件；`answering` 为所答复文书须属的类型，空列表表示须为首份文书"
    ),
    (
      "limit", "`count` 1–1000 and `unit`, or `date`", "`count` 1–1000 和 `unit`，或者 `date`",
      "`unit`: `hours`, `calendarDays`, `workingDays`, `months`; `date`: pointer to a day in the starting "
        + "payload; where that is left out, no clock starts",
      "`unit` 为 `hours`、`calendarDays`、`workingDays`、`months`；`date` 为起算文书内容中日期的指针，未填写的不起算"
    ),
    (
      "stop[]", "`kind`, `answers`, `time`, optional `where`", "`kind`、`answers`、`time`，可选 `where`",
      "`answers`: `start` (its `replyTo` is the starting record), `any` (anywhere after it), `self` (the "
        + "starting record itself)",
      "`answers`：`start`（`replyTo` 为起算文书）、`any`（其后任何位置）、`self`（起算文书自身）"
    ),
    (
      "cancel[]", "`kind`, `answers`, optional `where`", "`kind`、`answers`，可选 `where`",
      "as in `stop`, without `self`", "同 `stop`，不得为 `self`"
    ),
    (
      "pause[]", "`from`, `until`", "`from`、`until`",
      "kinds: from each record of the one to the record of the other that answers it, by their header times",
      "类型：自前一类文书至答复它的后一类文书，按文书头时间"
    ),
  ]

  private static let calendarMembers = [
    ("v", "1", "1", "version of the format", "格式版本"),
    ("year", "1900–9998", "1900–9998", "the year", "年份"),
    (
      "source", "list of 1–10 strings", "列表，1–10个字符串", "where it was announced", "公布出处"
    ),
    (
      "off", "list of at most 200 dates", "列表，至多200个日期",
      "days of holidays; weekends among them may be named or not", "放假日；其中的周末可列可不列"
    ),
    (
      "work", "list of at most 200 dates", "列表，至多200个日期",
      "Saturdays and Sundays that are worked 调休", "调休上班的周六、周日"
    ),
  ]

  private static let codes = [
    (
      "`clock.rules.invalid`", "A clocks file that breaks its format; the message names the place.",
      "时限规则文件不符合格式，消息指明位置"
    ),
    ("`clock.rules.unknown`", "No rule of that id is in the clocks file.", "没有该编号的规则"),
    (
      "`clock.calendar.invalid`",
      "A calendar file that breaks its format; the message names the place.", "工作日历文件不符合格式，消息指明位置"
    ),
    (
      "`clock.calendar.missing`", "The counting reaches a year whose calendar is not here.",
      "计算涉及的年份没有日历"
    ),
    (
      "`clock.payload.missing`", "A payload that the clock needs was erased, or lacks the date.",
      "所需内容已被清除或者没有日期"
    ),
  ]
}
