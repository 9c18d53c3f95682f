import RecordSchema

extension ClockRules {
  /// How clocks count, the format of their files and these rules, as a page of Markdown:
  /// docs/clocks.md.
  public func page(_ language: ThreadRules.PageLanguage) throws(RecordModelError) -> String {
    try ClockPage(rules: self, language: language).text()
  }
}

/// Writes rules out for people.
struct ClockPage {
  let rules: ClockRules
  let language: ThreadRules.PageLanguage

  func text() throws(RecordModelError) -> String {
    var blocks = [
      say(
        "*Generated from `schemas/clocks.json` and the code that counts; do not edit. "
          + "[中文](clocks.zh-CN.md)*",
        "*由 `schemas/clocks.json` 和计时程序生成，请勿修改。[English](clocks.md)*"),
      say("# Clocks: legal time limits", "# 时限"),
    ]
    blocks += say(Self.introduction, Self.introductionZH)
    blocks.append(say("## How time is counted", "## 期间的计算"))
    blocks += say(Self.counting, Self.countingZH)
    blocks += try examples()
    blocks.append(say("## What starts and ends a clock", "## 起算与终止"))
    blocks += say(Self.life, Self.lifeZH)
    blocks += ruleTables()
    blocks += formats()
    return blocks.joined(separator: "\n\n") + "\n"
  }

  func say<Value>(_ english: Value, _ chinese: Value) -> Value {
    language == .english ? english : chinese
  }

  func table(_ header: [String], _ rows: [[String]]) -> String {
    ([header, header.map { _ in "---" }] + rows).map { "| \($0.joined(separator: " | ")) |" }
      .joined(separator: "\n")
  }

  // MARK: Worked examples

  /// Counted by the code when the page is written.
  private func examples() throws(RecordModelError) -> [String] {
    let first = try example(
      ClockAmount(3, .calendarDays), .nextWorkingDay, from: "2024-02-07T10:00:00.000+08:00")
    let second = try example(
      ClockAmount(5, .workingDays), .asIs, from: "2026-02-11T09:00:00.000+08:00")
    return [say("### Worked examples", "### 算例")] + first + second
  }

  private func example(
    _ amount: ClockAmount, _ lastDay: ClockLastDay, from text: String
  ) throws(RecordModelError) -> [String] {
    let counting = ClockCounting(calendars: WorkingCalendar.builtIn)
    let start = try Timestamp(parsing: text)
    let due = try counting.due(from: start, amount, lastDay: lastDay)
    var rows: [[String]] = []
    var (day, count) = (BeijingDay(start).next, 0)
    while day < BeijingDay(due) {
      guard let date = day.date else { break }
      let isWorked = try counting.isWorkingDay(date)
      let counts = count < amount.count && (amount.unit == .calendarDays || isWorked)
      if counts { count += 1 }
      rows.append([
        date.written, weekday(day), isWorked ? say("worked", "上班") : say("off", "休息"),
        counts
          ? "\(count)"
          : day.next == BeijingDay(due) ? say("the last day", "最后一日") : say("no", "不计"),
      ])
      day = day.next
    }
    let rule =
      lastDay == .nextWorkingDay
      ? say("a last day that is off moves on", "最后一日休息的顺延") : say("as it is", "不顺延")
    return [
      say(
        "\(amount.text), \(rule), from \(text): the first moment that is too late is \(due).",
        "\(amount.textZH)，\(rule)，自 \(text) 起：自 \(due) 起为逾期。"),
      table(say(["day", "", "", "counted"], ["日期", "星期", "", "计数"]), rows),
    ]
  }

  private func weekday(_ day: BeijingDay) -> String {
    let place = Int((day.number + 3).floorRemainder(7))
    return say(
      ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
      ["周一", "周二", "周三", "周四", "周五", "周六", "周日"])[place]
  }
}

// MARK: - What is the same whatever the rules

extension ClockPage {
  private static let introduction = [
    """
    A clock 时限 is one time limit that runs, or ran, in a thread. It is worked out from the signed \
    records of the thread, a file of rules and calendars of working days, and from nothing else, so \
    both ends and every auditor arrive at the same clocks. Rules and calendars are files that the \
    federation directory names by digest (`clocks`, `calendars`); a thread keeps those of the \
    directory version that its first record's header names. A directory that names no rules lets no \
    clock run.
    """,
    """
    The rules that come with the program are in \
    [schemas/clocks.json](../schemas/clocks.json), the calendars in \
    [schemas/calendars](../schemas/calendars). They are no legal advice: before a federation names \
    the file, its lawyers read it. A rule whose law nobody has read says `"verified": false` and is \
    off.
    """,
  ]

  private static let introductionZH = [
    """
    时限是移送链中正在计算或者已经结束的一个法定期间，仅由该移送链的已签名文书、时限规则文件和工作日历得出，\
    因此两端机关和任何审计员得出的结果一致。规则和日历都是文件，由联盟名录以摘要指明（`clocks`、`calendars`）；\
    移送链始终适用其首份文书头所指名录版本的规则。名录未指明规则的，不计时。
    """,
    """
    随程序提供的规则见 [schemas/clocks.json](../schemas/clocks.json)，日历见 \
    [schemas/calendars](../schemas/calendars)。规则不是法律意见，启用前须由法制部门核对。未经核对条文的规则注明 \
    `"verified": false`，不启用。
    """,
  ]

  private static let counting = [
    """
    All in Beijing time.

    - **Hours**: the hour in which the start lies does not count. 24 hours from 10:15 are counted \
    from 11:00 and end at 11:00 the next day. Hours run through the night and through holidays, and \
    their end never moves.
    - **Days**: the day of the start does not count. The end is 24:00 of the last day: the first \
    moment that is too late is 00:00 of the day after.
    - **Working days**: the same, and only days that are worked count. A day is worked if the \
    calendar of its year names it under `work`, or if it is a Monday to Friday that the calendar does \
    not name under `off`.
    - **Months**: the end is 24:00 of the corresponding day, or of the month's last day where it has \
    no such day: a month from 31 January ends on 28 or 29 February.
    - **A day that a record names**: the end is 24:00 of that day.
    - **A last day that is off** (`lastDay`): with `nextWorkingDay` the end moves to 24:00 of the \
    next day that is worked; with `asIs` it stays.
    - **Pauses**: for days and working days, a pause from a moment of day p to a moment of day r \
    takes out the days after p up to and with r. For months, as many days are added as were taken \
    out. For hours the whole length of the pause is added, as far as it lies after the starting \
    hour. Pauses that overlap count once. Where a pause goes on at the end of the last day, the last \
    day becomes the day on which the pause ends; then `lastDay` applies. A pause that begins when \
    the time is over changes nothing.
    - **A year without calendar**: where a day of such a year must be judged, the end cannot be told \
    (`clock.calendar.missing`).
    """
  ]

  private static let countingZH = [
    """
    均按北京时间。

    - **小时**：开始之时不计入。自10时15分起的24小时，从11时算起，至次日11时止。夜间和节假日连续计算，期满不顺延。
    - **日**：开始之日不计入，至最后一日24时止，次日0时起为逾期。
    - **工作日**：同上，只计工作日。日历 `work` 所列之日，以及未列入 `off` 的周一至周五，为工作日。
    - **月**：至相应之日24时止；该月没有相应之日的，至该月最后一日24时止：1月31日起一个月，至2月28日或者29日止。
    - **文书载明之日**：至该日24时止。
    - **最后一日休息**（`lastDay`）：`nextWorkingDay` 顺延至其后第一个工作日24时；`asIs` 不顺延。
    - **暂停**：按日、工作日计的，自p日某时至r日某时的暂停，扣除p日之后至r日（含）的各日；按月计的，加上所扣除的日数；\
    按小时计的，加上暂停在开始之时以后的全部时长。重叠的暂停只扣一次。最后一日终了时仍在暂停的，最后一日改为暂停结束之日，\
    再适用 `lastDay`。期满后才开始的暂停不影响结果。
    - **没有日历的年份**：须判断该年某日是否为工作日的，无法计算（`clock.calendar.missing`）。
    """
  ]

  private static let life = [
    """
    - A record that stands starts a clock of each rule that is on, is about such a thread between \
    such agencies, and whose conditions hold. What was refused, is void or was withdrawn starts, \
    stops and pauses nothing ([threads.md](threads.md)).
    - The first act after it in the thread's order that the rule names as a stop, sent by the end \
    that owes, stops it: in time (`met`) before the end, too late (`late`) from then on. A rule may \
    let the starting record itself stop it, where the law runs from a day in the payload to the \
    telling.
    - What the rule names under `cancel`, and the act that ends the thread, cancel what has not been \
    stopped; a duty that had run out by then was not kept (`late`). What crossed the end of its \
    thread starts cancelled clocks only.
    - A duty that runs out is overdue until it is done. A right lapses: nobody is reproached, and \
    no reminder is sent.
    - A limit that applies only in a case that nobody can tell before the act (a lead belongs \
    elsewhere, papers are missing) is worked out in hindsight: it shows once that act is there, met \
    or late.
    - Where a payload states a time that counts (`signedAt`, `date`), that time is taken. It is \
    flagged (`startOutsideReceipts`, `stopOutsideReceipts`) when it lies before the receipt of the \
    record that was answered or after the receipt of its own record, by more than five minutes, or \
    for a day, outside those days. A day counts as its moment that is nearest to the record's own \
    time. A decision counts by its own day; what has to be told, supplied or answered counts by the \
    time of the record that does it.
    - A correction that stands takes the place of the payload that it corrects.
    - Where a payload that must be looked into was erased, the clock cannot be computed \
    (`clock.payload.missing`); an erased stop that was sent in time is in time.
    - A reminder (`notice.remind`) that names a rule is tied to the newest clock of that rule, before \
    it in the thread, that its addressee owes.
    - `tooMany` flags the clocks of a rule beyond the number that it allows in one thread.
    """
  ]

  private static let lifeZH = [
    """
    - 有效的文书，为每条已启用、适用于该类移送链和双方机关且条件成立的规则起算一个时限。被拒收、无效或者已撤回的文书，\
    不起算、不终止、也不暂停任何时限（[threads.md](threads.zh-CN.md)）。
    - 其后移送链中由负有义务（权利）一方发出的、规则列为终止的第一份文书终止计时：期满前为按期（`met`），其后为逾期\
    （`late`）。法律规定自文书所载之日起至告知之时止的，可由起算文书自身终止。
    - 规则列入 `cancel` 的文书，以及终结移送链的文书，使尚未终止的时限失去意义；届时已经超期的义务计为逾期（`late`）。与终结移送链的文书在途交叉的文书所起算的时限，\
    即为已终止。
    - 义务期满未履行的为已超期；权利期满的为已过期，不作逾期处理，也不催办。
    - 是否适用须待作出行为才能得知的时限（不属于本机关管辖、材料不全），事后计算：该行为作出后显示是否按期。
    - 规则以文书内容中的时间（`signedAt`、`date`）为准的，按该时间计算。该时间早于所答复文书的回执、或者晚于本文书的回执\
    超过五分钟的（日期则按日比较），予以标注（`startOutsideReceipts`、`stopOutsideReceipts`）。只有日期的，取该日中最接近\
    文书发出时间的时刻。决定以其载明之日为准；告知、补正、答复以相应文书的发出时间为准。
    - 有效的更正取代被更正的内容。
    - 所需内容已被清除的，无法计算（`clock.payload.missing`）；终止文书内容已被清除但在期内发出的，为按期。
    - 指明规则的催办（`notice.remind`），归于移送链中在其之前、由被催办方负有义务的该规则最新时限。
    - 一条移送链中某规则的时限超过其允许次数的，标注 `tooMany`。
    """
  ]
}
