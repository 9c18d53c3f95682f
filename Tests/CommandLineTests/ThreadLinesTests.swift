import Foundation
import RecordModel
import Testing

@testable import NodeClient
@testable import sanxiang

/// A thread as a node tells it, with something of everything.
enum SampleThread {
  static let opener = "11000000MB0000035K"
  static let receiver = "11000000MB0000019X"

  static let names = AgencyNames(
    APIDirectory(
      version: 1, federation: "t", notBefore: "", notAfter: "", digest: "",
      nodes: [
        .init(code: opener, name: "示例市市场监督管理局", role: "enforcement"),
        .init(code: receiver, name: "示例市人民检察院", role: "procuratorate"),
      ]))

  static func id(_ number: Int) -> String { "019ab000-0000-7000-8000-00000000000\(number)" }

  static func record(
    _ number: Int, _ kind: String, out: Bool, delivery: String = "receipted",
    standing: String? = "stands", points: [APIPoint] = []
  ) -> APIThreadRecord {
    APIThreadRecord(
      summary: APIRecordSummary(
        id: id(number), thread: id(1), kind: kind, from: out ? opener : receiver,
        to: out ? receiver : opener, urgency: number == 1 ? "urgent" : "normal",
        time: "2026-11-23T0\(number):15:00.123+08:00", delivery: delivery,
        state: number == 1 ? "accepted" : nil, title: number == 1 ? "某市场销售不合格食品案" : nil,
        docNo: number == 1 ? "示市监移〔2026〕12号" : nil,
        receiptedAt: delivery == "sealed" ? nil : "2026-11-23T0\(number):15:02.000+08:00"),
      replyTo: number == 1 ? nil : id(1), standing: standing, points: points)
  }

  static func point(_ zh: String, _ en: String, _ text: String) -> APIPoint {
    APIPoint(field: "/x", title: en, titleZH: zh, text: text, textZH: text)
  }

  static func clock(
    _ rule: String, state: String, due: String?, duty: Bool = true, lastDay: String? = nil
  ) -> APIClock {
    APIClock(
      rule: rule, title: "Decide whether to file a case", titleZH: "作出立案或者不予立案决定",
      basis: "行政执法机关移送涉嫌犯罪案件的规定第八条", owner: receiver, duty: duty, start: id(2),
      startedAt: "2026-11-23T02:15:00.123+08:00", due: due, lastDay: lastDay, state: state,
      stop: nil, stoppedAt: nil, reminded: nil, flags: [], problem: nil)
  }

  static var thread: APIThread {
    var reminded = clock(
      "b", state: "overdue", due: "2026-11-24T03:00:00.000+08:00", lastDay: "2026-11-23")
    reminded.reminded = id(4)
    reminded.flags = ["startOutsideReceipts"]
    var missing = clock("d", state: "uncomputable", due: nil)
    missing.problem = "clock.calendar.missing"
    return APIThread(
      id: id(1), state: "accepted", family: "lead", opener: opener, receiver: receiver,
      asOf: "2026-11-24T09:00:00.000+08:00",
      records: [
        record(
          1, "lead.transfer", out: true,
          points: [
            point("线索类别", "Category", "食品药品安全"),
            point("主要事实", "Facts", String(repeating: "经查，该市场多家商户销售不合格食品。", count: 4)),
          ]),
        record(2, "lead.sign", out: false),
        record(3, "record.withdraw", out: true, standing: "void"),
        record(4, "notice.remind", out: true, standing: "withdrawn"),
        record(5, "lead.accept", out: false, delivery: "sealed", standing: nil),
      ],
      clocks: [
        clock("a", state: "running", due: "2026-11-27T00:00:00.000+08:00", lastDay: "2026-11-26"),
        reminded, clock("c", state: "dueSoon", due: "2026-11-24T10:30:00.000+08:00", duty: false),
        missing,
      ],
      lineage: [
        APILineage(relation: "previous", thread: id(8), state: "returned"),
        APILineage(relation: "forwarded", thread: id(7), state: nil),
        APILineage(relation: "forwardOf", thread: id(7), state: nil),
        APILineage(relation: "aboutOf", thread: id(9), state: nil),
      ],
      next: [
        APINext(party: "opener", agency: opener, kinds: ["notice.remind", "record.correct"]),
        APINext(party: "receiver", agency: receiver, kinds: ["lead.decide"]),
      ], allowedNext: ["lead.decide"])
  }

  static func lines(width: Int) throws -> [String] {
    ThreadLines(thread, names: names, width: width).lines
  }
}

@Suite("A thread as a timeline")
struct ThreadLinesTests {
  @Test(
    "No line is wider than the terminal, in either language", arguments: [60, 80, 100, 120, 200],
    [Language.zh, .en])
  func fits(_ width: Int, _ language: Language) throws {
    let lines = try Language.$current.withValue(language) { try SampleThread.lines(width: width) }
    #expect(lines.filter { DisplayWidth.of($0) > width } == [])
    #expect(lines.filter { $0.last == " " } == [])
  }

  @Test("A record has its line, its mark, what it answers, and what it says beneath")
  func records() throws {
    let lines = try Language.$current.withValue(.zh) { try SampleThread.lines(width: 80) }
    #expect(
      lines[6...12] == [
        "1.  2026-11-23 01:15:00  移送  示例市市场监督管理局 → 示例市人民检察院",
        "    已送达 2026-11-23 01:15:02",
        "    编号 019ab000-0000-7000-8000-000000000001  急件",
        "    线索类别：食品药品安全",
        "    主要事实：经查，该市场多家商户销售不合格食品。经查，该市场多家商户销售不合格",
        "        食品。经查，该市场多家商户销售不合格食品。经查，该市场多家商户销售不合格",
        "        食品。",
      ])
    let text = lines.joined(separator: "\n")
    #expect(text.contains("3.  2026-11-23 03:15:00  撤回【无效】"))
    #expect(text.contains("4.  2026-11-23 04:15:00  催办督办【已撤回】"))
    #expect(text.contains("编号 019ab000-0000-7000-8000-000000000005  答复第 1 项"))
  }

  @Test("A time limit tells who owes what until when; what is overdue stands out without colour")
  func clocks() throws {
    let lines = try Language.$current.withValue(.zh) { try SampleThread.lines(width: 100) }
    let head = try #require(lines.firstIndex { $0.hasPrefix("事项") })
    #expect(
      lines[(head + 1)...].prefix(5) == [
        "作出立案或者不予立案决定  示例市人民检察院  2026-11-26        计时中      2 天",
        "    依据：行政执法机关移送涉嫌犯罪案件的规定第八条；起算：第 2 项 2026-11-23 02:15",
        "作出立案或者不予立案决定  示例市人民检察院  2026-11-23        !! 已超期   超 6 小时",
        "    依据：行政执法机关移送涉嫌犯罪案件的规定第八条；起算：第 2 项 2026-11-23 02:15",
        "    已催办：第 4 项",
      ])
    #expect(lines.contains("    注意：所载起算时间在前后送达时间之外"))
    #expect(lines.contains { $0.contains("! 即将到期  1 小时") })
    #expect(lines.contains { $0.contains("? 无法计算  -") })
    #expect(lines.contains("    缺少该年的工作日历（clock.calendar.missing）"))
  }

  @Test("Ties and what each end may do next come last; what only this end knows stands apart")
  func ties() throws {
    let lines = try Language.$current.withValue(.en) { try SampleThread.lines(width: 120) }
    #expect(
      lines.suffix(11)
        == [
          "", "TIES", "  sends again: \(SampleThread.id(8))",
          "  its lead went on in: \(SampleThread.id(7))",
          "", "KNOWN HERE BESIDES", "  \(SampleThread.id(8)): returned",
          "  about this one: \(SampleThread.id(9))", "", "NEXT",
          "  示例市市场监督管理局: Reminder, Correction of a record", "  示例市人民检察院: Decision on filing",
        ].suffix(11))
    #expect(lines.contains("TIES"))
    #expect(!lines.contains { $0.contains("passed on as") }, "said once")
  }

  @Test("Both ends read the same", arguments: [Language.zh, .en])
  func neutral(_ language: Language) throws {
    try Language.$current.withValue(language) {
      var other = SampleThread.thread
      for index in other.records.indices where other.records[index].summary.delivery == "receipted"
      {
        other.records[index].summary.delivery = "received"
      }
      other.allowedNext = ["record.correct"]
      // What other threads say of this one may be known at one end alone.
      other.lineage = other.lineage.filter { !$0.relation.hasSuffix("Of") }
      for index in other.lineage.indices { other.lineage[index].state = nil }
      let there = ThreadLines(other, names: SampleThread.names, width: 100).lines
      let here = try SampleThread.lines(width: 100)
      let besides = try #require(here.firstIndex(of: say("本机关另知", "KNOWN HERE BESIDES")))
      var shared = here
      shared.removeSubrange((besides - 1)..<(besides + 3))
      #expect(there == shared)
    }
  }

  @Test(
    "What a payload says is told as people write it",
    arguments: [
      ("2026-11-23T16:46:49.601+08:00", "/signedAt", "2026-11-23 16:46:49"),
      ("10300005", "/amountFen", "103000.05 元"), ("10300005", "/x", "10300005"),
      (SampleThread.receiver, "/x", "示例市人民检察院（\(SampleThread.receiver)）"),
      (
        "\(SampleThread.receiver)；11000000MB0000027Q", "/x",
        "示例市人民检察院（\(SampleThread.receiver)）、11000000MB0000027Q"
      ),
      ("见 \(SampleThread.receiver)", "/x", "见 \(SampleThread.receiver)"), ("", "/x", ""),
    ])
  func pointText(_ text: String, _ field: String, _ expected: String) {
    let said = Language.$current.withValue(.zh) {
      PointText.said(text, field: field, SampleThread.names)
    }
    #expect(said == expected)
  }

  @Test("Agencies that the directory does not name go by their codes")
  func codes() {
    let text = ThreadLines(SampleThread.thread, names: AgencyNames(), width: 100).lines
      .joined(separator: "\n")
    #expect(text.contains("\(SampleThread.opener) → \(SampleThread.receiver)"))
  }

  @Test(
    "What is left is told in whole days, or hours where it is less than two days",
    arguments: [
      ("2026-11-26T09:00:00.000+08:00", "running", "2 days"),
      ("2026-11-26T08:59:59.999+08:00", "running", "47 h"),
      ("2026-11-24T09:59:59.999+08:00", "dueSoon", "under 1 h"),
      ("2026-11-24T08:00:00.000+08:00", "overdue", "1 h over"),
      ("2026-11-21T08:00:00.000+08:00", "overdue", "3 days over"),
      ("2026-11-21T08:00:00.000+08:00", "met", "-"), (nil, "paused", "-"),
    ] as [(String?, String, String)])
  func left(_ due: String?, _ state: String, _ expected: String) throws {
    let now = try Timestamp(parsing: "2026-11-24T09:00:00.000+08:00")
    let table = ClockTable(names: AgencyNames(), now: now, width: 100)
    let left = Language.$current.withValue(.en) {
      table.left(SampleThread.clock("a", state: state, due: due))
    }
    #expect(left == expected)
  }

  @Test("A node's JSON is read whole", arguments: [true, false])
  func json(_ isWhole: Bool) throws {
    let extra =
      isWhole
      ? #","replyTo":"r","standing":"void","points":[{"field":"/d","title":"D","titleZH":"决定","#
        + #""text":"filed","textZH":"立案"}]"# : ""
    let text =
      #"{"id":"t","state":"signed","family":"lead","opener":"A","receiver":"B","asOf":"x","records":[{"#
      + #""id":"r","thread":"t","kind":"lead.sign","from":"B","to":"A","urgency":"normal","#
      + #""time":"x","delivery":"received"\#(extra)}],"clocks":[{"rule":"a","title":"A","#
      + #""titleZH":"甲","owner":"A","duty":true,"start":"r","startedAt":"x","state":"met","#
      + #""flags":[]}],"lineage":[{"relation":"about","thread":"u"}],"next":[],"#
      + #""allowedNext":[]}"#
    let thread = try JSONDecoder().decode(APIThread.self, from: Data(text.utf8))
    #expect(thread.records[0].summary.kind == "lead.sign")
    #expect(thread.records[0].standing == (isWhole ? "void" : nil))
    #expect(thread.records[0].points.map(\.textZH) == (isWhole ? ["立案"] : []))
    let again = try JSONDecoder().decode(APIThread.self, from: JSONEncoder().encode(thread))
    #expect(again == thread)
  }
}
