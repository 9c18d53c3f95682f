// The rules as tables.

extension ClockPage {
  func ruleTables() -> [String] {
    let running = rules.rules.filter { $0.isOn && $0.isMeasured }
    let silent = rules.rules.filter { $0.isOn && !$0.isMeasured }
    let off = rules.rules.filter { !$0.isOn }
    var blocks = [
      say("## The rules", "## 规则"),
      say(
        "\(rules.rules.count) rules: \(running.count) run, \(silent.count) are on but cannot be "
          + "measured by records, \(off.count) are off.",
        "共\(rules.rules.count)条：\(running.count)条计时，\(silent.count)条已启用但文书不反映其起止，\(off.count)条未启用。"),
      say("### Rules that run", "### 计时的规则"), ruleTable(running),
    ]
    if !silent.isEmpty {
      blocks += [
        say("### Rules that no record measures", "### 文书不反映其起止的规则"), ruleTable(silent),
      ]
    }
    if !off.isEmpty {
      blocks += [
        say("### Rules that are off", "### 未启用的规则"),
        say(
          "`verified` is false for these: the text of the law has not been read. An authority that "
            + "has had it read makes a file of its own in which both members are true.",
          "以下规则的 `verified` 为 false：未核对条文。经核对后，由联盟主管机关另行制作文件，将两项改为 true。"),
        ruleTable(off),
      ]
    }
    return blocks + [say("### How rules were read", "### 规则的理解"), notes()]
  }

  private func ruleTable(_ rules: [ClockRule]) -> String {
    table(
      say(
        ["rule", "what", "who owes", "between", "limit", "starts", "stops", "basis", "marks"],
        ["规则", "事项", "责任方", "适用于", "期限", "起算", "终止", "依据", "标记"]),
      rules.map { rule in
        [
          "`\(rule.id)`", say(rule.title, rule.titleZH), owner(rule), agencies(rule),
          limit(rule), start(rule), stops(rule), rule.basis.description, marks(rule),
        ]
      })
  }

  private func owner(_ rule: ClockRule) -> String {
    switch rule.owner {
    case .opener: say("the opener", "发起方")
    case .receiver: say("the receiver", "接收方")
    case .other: say("the other end", "对方")
    }
  }

  private func agencies(_ rule: ClockRule) -> String {
    func names(_ roles: [AgencyRole]) -> String {
      roles.isEmpty
        ? say("any", "任何机关")
        : roles.map { say($0.rawValue, $0.titleZH) }.joined(separator: say(", ", "、"))
    }
    let pair = "\(names(rule.openerRoles)) → \(names(rule.receiverRoles))"
    let conditions = rule.opening.map(condition).joined(separator: say(" and ", "且"))
    return conditions.isEmpty
      ? pair : pair + say("; first record: ", "；首份文书：") + conditions
  }

  private func limit(_ rule: ClockRule) -> String {
    let text = say(rule.limitText, rule.limitTextZH)
    guard case .counted(let amount) = rule.limit, amount.unit != .hours,
      rule.lastDay == .nextWorkingDay
    else { return text }
    return text + say("; a last day off moves on", "；最后一日休息的顺延")
  }

  private func start(_ rule: ClockRule) -> String {
    guard let start = rule.start else { return say("not shown by records", "文书不反映") }
    var text = code(start.kind) + moment(start.time)
    if let kinds = start.answering {
      text +=
        kinds.isEmpty
        ? say(" as a first record", "（首份文书）")
        : say(" on ", "（答复") + kinds.map(code).joined(separator: say(" or ", "或者"))
          + say("", "）")
    }
    return text + suffix(start.conditions)
  }

  private func stops(_ rule: ClockRule) -> String {
    if rule.follows != nil { return say("with the clock that it names", "随所指明的时限") }
    if rule.stop.isEmpty { return say("not shown by records", "文书不反映") }
    var parts = rule.stop.map { stop in
      if stop.match.tie == .itself { return say("the same record", "同一文书") + moment(stop.time) }
      return code(stop.match.kind) + moment(stop.time) + suffix(stop.match.conditions)
    }
    parts += rule.cancel.map { say("cancelled by ", "因下列文书失去意义：") + code($0.kind) }
    parts += rule.pause.map {
      say(
        "paused from \(code($0.from)) to \(code($0.until))",
        "\(code($0.from)) 至 \(code($0.until)) 期间暂停")
    }
    return parts.joined(separator: "<br>")
  }

  private func moment(_ time: ClockTime) -> String {
    guard case .payload(let pointer) = time else { return "" }
    return say(", its \(code(pointer))", " 的 \(code(pointer))")
  }

  private func suffix(_ conditions: [ClockCondition]) -> String {
    if conditions.isEmpty { return "" }
    let words = conditions.map(condition).joined(separator: say(" and ", "且"))
    return say(" where \(words)", "（\(words)）")
  }

  private func condition(_ condition: ClockCondition) -> String {
    let values = condition.values.map { value in
      switch value {
      case .text(let text): code(text)
      case .flag(let flag): code(flag ? "true" : "false")
      case .absent: say("left out", "未填写")
      }
    }
    return "\(code(condition.pointer)) = \(values.joined(separator: say(" or ", "或者")))"
  }

  private func marks(_ rule: ClockRule) -> String {
    var marks = [
      rule.isDuty ? say("duty", "义务") : say("right", "权利"),
      rule.verified ? say("verified", "已核对") : say("**not verified**", "**未核对**"),
    ]
    if !rule.isOn { marks.append(say("**off**", "**未启用**")) }
    if !rule.isMeasured { marks.append(say("not measured", "不计时")) }
    if rule.isHindsight { marks.append(say("in hindsight", "事后计算")) }
    if let atMost = rule.atMost { marks.append(say("at most \(atMost)", "至多\(atMost)次")) }
    if !rule.warnHours.isEmpty {
      let hours = rule.warnHours.map(String.init).joined(separator: say(", ", "、"))
      marks.append(say("warns \(hours) hours before", "提前\(hours)小时预警"))
    }
    if let level = rule.remind {
      marks.append(
        say(
          "\(code(level)) when overdue, \(rule.reminderDays) days",
          "超期时 \(code(level))，限\(rule.reminderDays)日"))
    }
    return marks.joined(separator: "<br>")
  }

  private func notes() -> String {
    rules.rules.compactMap { rule in
      (language == .english ? rule.note : rule.noteZH).map { "- `\(rule.id)`: \($0)" }
    }.joined(separator: "\n")
  }

  func code(_ text: String) -> String { "`\(text)`" }
}
