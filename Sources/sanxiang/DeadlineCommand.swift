import ArgumentParser
import NodeClient
import RecordModel
import RecordSchema

/// What is due when, and by which rules.
struct DeadlineCommand: ParsableCommand {
  static let configuration = describe(
    "deadline", "时限：何时到期、依据哪些规则", "time limits: what is due when, and by which rules",
    subcommands: [DeadlineList.self, DeadlineRules.self, DeadlineRebuild.self])
}

struct DeadlineRebuild: AsyncParsableCommand {
  static let configuration = describe(
    "rebuild", "由记录重新推算时限、关联和统计",
    "work time limits, ties and statistics out anew from the records")

  @OptionGroup var node: NodeOptions

  func run() async throws {
    try await node.withNode { try await $0.rebuildProjections() }
    node.done("rebuilding", id: "projections", say("已开始重新推算", "begun"))
  }
}

struct DeadlineList: AsyncParsableCommand {
  static let configuration = describe(
    "list", "列出未了的时限，先到期的在前", "list open time limits, those due first at the head",
    example: "sanxiang deadline list --ours --before 2026-12-01")

  @OptionGroup var node: NodeOptions
  @Flag(name: .long, help: help("只要本机关的", "only what this agency has to do")) var ours = false
  @Flag(name: .long, help: help("只要对方机关的", "only what the others have to do")) var theirs = false
  @Option(name: .long, help: help("只要与此机关之间的", "only in threads with this agency"))
  var peer: AgencyFlag?
  @Option(name: .long, help: help("只要此日之前到期的", "only what is due before this day"))
  var before: DayFlag?
  @Option(name: .long, help: help("一页几条", "items of one page")) var limit = 50
  @Option(name: .long, help: help("从上一页给出的游标继续", "go on at the last page's cursor"))
  var cursor: String?

  func validate() throws {
    guard !ours || !theirs else {
      throw ValidationError(
        say("--ours 与 --theirs 不能同时用", "--ours and --theirs exclude each other"))
    }
  }

  func run() async throws {
    let day = try before?.value(of: "--before")
    let agency = try peer?.value(of: "--peer")
    let (page, names) = try await node.withNode { client in
      (
        try await client.deadlines(
          before: day?.description, ours: ours ? true : theirs ? false : nil,
          peer: agency?.description, limit: limit, cursor: cursor),
        await AgencyNames.of(client, for: node.common.output)
      )
    }
    let now = (try? Timestamp(parsing: page.value.asOf)) ?? .now
    let table = ClockTable(names: names, now: now, width: Terminal.width)
    let more = page.value.next.map { [say("下一页：--cursor \($0)", "next page: --cursor \($0)")] }
    node.show(json: page.json, text: table.lines(page.value.items) + (more ?? []))
  }
}

struct DeadlineRules: AsyncParsableCommand {
  static let configuration = describe(
    "rules", "列出现行名录的时限规则", "list the time-limit rules of the directory in force")

  @OptionGroup var node: NodeOptions

  func run() async throws {
    let rules = try await node.withNode { try await $0.clockRules() }
    node.show(json: rules.json, text: Self.lines(rules.value))
  }

  static func lines(_ found: APIClockRules, width: Int = Terminal.width) -> [String] {
    guard let digest = found.digest else {
      return [say("名录没有指定时限规则：不计时", "the directory names no rules: no clocks run")]
    }
    var table = TextTable([
      .init(say("规则", "RULE")), .init(say("事项", "WHAT"), wraps: true),
      .init(say("义务方", "WHO")), .init(say("期限", "LIMIT"), wraps: true),
      .init(say("启用", "IN USE"), wraps: true),
    ])
    for rule in found.rules {
      let cells = [
        rule.id, say(rule.titleZH, rule.title), owner(rule.owner),
        say(rule.limitZH, rule.limit), use(rule),
      ]
      table.rows.append(.init(cells, notes: [say("依据：", "basis: ") + rule.basis]))
    }
    let years = found.calendars.map(String.init).joined(separator: say("、", ", "))
    return table.lines(fitting: width) + [
      "", say("规则文件摘要 ", "rules' digest ") + digest,
      say("工作日历 ", "calendars ") + (years.isEmpty ? "-" : years),
    ]
  }

  private static func owner(_ name: String) -> String {
    switch name {
    case "opener": say("发起方", "opener")
    case "receiver": say("接收方", "receiver")
    case "other": say("另一方", "the other")
    default: name
    }
  }

  /// Whether it counts, and why not.
  private static func use(_ rule: APIClockRules.Rule) -> String {
    if !rule.verified { return say("否：条文未核实", "no: law not verified") }
    if !rule.on { return say("否：已关闭", "no: switched off") }
    return rule.measured ? say("是", "yes") : say("否：无文书可据以计时", "no: no record shows it")
  }
}
