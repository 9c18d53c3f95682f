import ArgumentParser
import Foundation
import RecordModel
import RecordSchema
import Testing

@testable import NodeClient
@testable import sanxiang

@Suite("Time limits and statistics for people")
struct DeadlineLinesTests {
  private static func deadlines() throws -> [APIDeadline] {
    [
      APIDeadline(
        thread: SampleThread.id(1), peer: SampleThread.opener, leadTitle: "某市场销售不合格食品案",
        docNo: "示市监移〔2026〕12号",
        clock: SampleThread.clock(
          "a", state: "overdue", due: "2026-11-24T00:00:00.000+08:00", lastDay: "2026-11-23")),
      APIDeadline(
        thread: SampleThread.id(2), peer: SampleThread.opener, leadTitle: nil, docNo: nil,
        clock: SampleThread.clock("b", state: "running", due: "2026-11-29T00:00:00.000+08:00")),
    ]
  }

  @Test(
    "Deadlines fit the terminal, in either language", arguments: [80, 120], [Language.zh, .en])
  func deadlines(_ width: Int, _ language: Language) throws {
    let now = try Timestamp(parsing: "2026-11-24T09:00:00.000+08:00")
    let table = ClockTable(names: SampleThread.names, now: now, width: width)
    let lines = try Language.$current.withValue(language) { table.lines(try Self.deadlines()) }
    #expect(lines.filter { DisplayWidth.of($0) > width } == [])
    let text = lines.joined(separator: "\n")
    #expect(text.contains("!! ") && text.contains(SampleThread.id(1)))
    #expect(Language.$current.withValue(language) { table.lines([]) }.count == 1)
  }

  @Test("The rules that the program brings are told with why they do not count, where they do not")
  func rules() throws {
    let built = ClockRules.builtIn.rules
    let found = APIClockRules(
      digest: "d",
      rules: built.map {
        .init(
          id: $0.id, title: $0.title, titleZH: $0.titleZH, basis: $0.basis.description,
          verified: $0.verified, on: $0.isOn, measured: $0.isMeasured, duty: $0.isDuty,
          owner: $0.owner.rawValue, limit: $0.limitText, limitZH: $0.limitTextZH)
      }, calendars: [2026, 2027])
    for width in [80, 120] {
      for language in Language.allCases {
        let lines = Language.$current.withValue(language) {
          DeadlineRules.lines(found, width: width)
        }
        #expect(lines.filter { DisplayWidth.of($0) > width } == [])
        #expect(lines.last?.contains("2027") == true)
      }
    }
    let text = Language.$current.withValue(.zh) {
      DeadlineRules.lines(found, width: 200).joined(separator: "\n")
    }
    for words in ["否：条文未核实", "否：无文书可据以计时", "发起方", "接收方", "另一方"] {
      #expect(text.contains(words), "\(words)")
    }
    #expect(DeadlineRules.lines(APIClockRules(digest: nil, rules: [], calendars: [])).count == 1)
  }

  @Test("The rules named in the examples of help are rules")
  func examples() {
    let help = NoticeRemindCommand.configuration.discussion
    let named = help.split(separator: " ").enumerated().compactMap { index, word in
      word == "--clock" ? help.split(separator: " ")[index + 1] : nil
    }
    #expect(!named.isEmpty)
    #expect(named.allSatisfy { name in ClockRules.builtIn.rules.contains { $0.id == name } })
  }

  private static let peer = APIStatistics.Peer(
    peer: SampleThread.receiver, name: "示例市人民检察院", direction: "out", sent: 12, signed: 11,
    accepted: 8, refused: 1, refusedBy: ["duplicate": 1], returned: 2,
    returnedBy: ["facts-unclear": 1, "incomplete-materials": 1], forwarded: 0, decided: 7, filed: 6,
    notFiled: 1, closed: 5, withdrawn: 0, open: 4, pending: 1,
    rules: [
      .init(
        rule: "filing-decide", title: "Decide whether to file a case", titleZH: "作出立案或者不予立案决定",
        owner: "theirs", onTime: 6, late: 1, overdue: 1, lapsed: 0, rate: 0.75)
    ],
    numbers: [
      .init(
        prefix: "示市监移", year: 2026, first: 1, last: 14, count: 10, missing: [3, 7, 8, 9],
        missingCount: 4),
      .init(prefix: "示市监函", year: 2026, first: 1, last: 3, count: 3, missing: [], missingCount: 0),
    ],
    assigned: [
      .init(
        thread: SampleThread.id(1), docNo: "示市监移〔2026〕12号", title: "某市场销售不合格食品案",
        state: "accepted", due: "2026-11-20T00:00:00.000+08:00", remainingDays: -4)
    ])

  @Test("Statistics say each figure once, in lines that fit", arguments: [80, 120])
  func statistics(_ width: Int) {
    let found = APIStatistics(
      from: "2026-11-01", to: "2026-11-24", asOf: "2026-11-24T09:00:00.000+08:00",
      peers: [Self.peer])
    for language in Language.allCases {
      let lines = Language.$current.withValue(language) {
        StatisticsLines(found, width: width).lines
      }
      #expect(lines.filter { DisplayWidth.of($0) > width } == [])
    }
    let lines = Language.$current.withValue(.zh) { StatisticsLines(found, width: 120).lines }
    #expect(
      lines.prefix(8) == [
        "统计 2026-11-01 至 2026-11-24（截至 2026-11-24 09:00）", "",
        "移送至 示例市人民检察院（11000000MB0000019X）",
        "  移送 12  签收 11  受理 8  不予受理 1  退回 2  转送 0  立案 6  不予立案 1  办结 5  撤回 0  未办结 4"
          + "  待受理 1",
        "  不予受理理由：重复移送 1", "  退回理由：事实不清 1、材料不全 1",
        "  时限                      义务方  按期  逾期  超期未办  按期率",
        "  作出立案或者不予立案决定  对方       6     1         1   75.0%",
      ])
    #expect(lines.contains("  文号 示市监移〔2026〕：1 至 14 号，共 10 件，缺 4 号：3、7–9"))
    #expect(lines.contains("  文号 示市监函〔2026〕：1 至 3 号，共 3 件，不缺号"))
    #expect(lines.contains { $0.hasSuffix("!! -4") })
    var none = Self.peer
    (none.sent, none.signed, none.accepted, none.refused, none.returned) = (0, 0, 0, 0, 0)
    (none.filed, none.notFiled, none.closed, none.open, none.pending) = (0, 0, 0, 0, 0)
    let empty = APIStatistics(from: "", to: "", asOf: "", peers: [none])
    #expect(StatisticsLines(empty, width: 80).lines[3] == say("  （没有线索）", "  (no leads)"))
  }

  @Test(
    "A share is rounded down: nothing but all is 100 %",
    arguments: [
      (1.0, "100.0%"), (0.9999, "99.9%"), (0.29, "29.0%"), (0.0, "0.0%"), (2.0 / 3, "66.6%"),
    ])
  func percent(_ share: Double, _ expected: String) {
    #expect(StatisticsLines.percent(share) == expected)
  }

  @Test(
    "Lists show leads, letters, consultations and supervision, each with what it is",
    arguments: [80, 140], [Language.zh, .en])
  func lists(_ width: Int, _ language: Language) {
    func item(_ number: Int, _ kind: String, _ title: String?) -> APIRecordSummary {
      var summary = SampleThread.record(number, kind, out: true).summary
      summary.title = title
      return summary
    }
    let list = APIList(
      items: [
        item(1, "lead.transfer", "某市场销售不合格食品案"), item(2, "letter.issue", "关于规范招标的建议"),
        item(3, "consult.open", nil), item(4, "notice.remind", nil),
      ], next: 7)
    Language.$current.withValue(language) {
      let lines = Lines.records(list, other: .to, names: SampleThread.names, width: width)
      #expect(lines.filter { DisplayWidth.of($0) > width } == [])
      #expect(lines.last?.contains("--cursor 7") == true)
      let wide = Lines.records(list, other: .to, names: SampleThread.names, width: 400)
        .joined(separator: "\n")
      for kind in ["letter.issue", "consult.open", "notice.remind"] {
        #expect(wide.contains(Lines.kindName(kind)), "\(kind)")
      }
      #expect(!wide.contains(Lines.kindName("lead.transfer") + say("：", ":")))
      for number in 1...4 { #expect(lines.joined().contains(SampleThread.id(number))) }
    }
  }

  @Test(
    "Filters that contradict each other are refused, and dates and codes are looked at first",
    arguments: [
      (["deadline", "list", "--ours", "--theirs"], 64, "command.usage"),
      (["deadline", "list", "--before", "soon"], 64, "argument.date"),
      (["statistics", "--peer", "x"], 64, "argument.code"),
      (["statistics", "--csv"], 64, "command.usage"),
      (["deadline", "list", "--ours", "--before", "2026-12-01"], 5, "client.unreachable"),
      (["statistics", "--from", "2026-01-01"], 5, "client.unreachable"),
    ])
  func usage(_ arguments: [String], _ status: Int32, _ code: String) throws {
    let run = try CommandRun(arguments + ["--socket", "/nowhere/s", "--output", "json"])
    #expect(run.status == status)
    #expect(try JSONDocument(parsing: Array(run.errors.utf8)).root["code"]?.string == code)
  }
}
