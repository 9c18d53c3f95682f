import TransparencyLog
import Testing

@testable import RecordModel

/// Which records start, stop, pause or cancel, where a thread holds several that could.
@Suite("Which of several records counts for a clock")
struct ClockChoiceTests {
  private static func accepted() throws -> ClockWorld {
    var world = try ClockWorld(.enforcement, .police)
    try world.act(
      "lead.transfer", .opener, at: "2026-03-02 09:00", "{\"category\":\"other-crime\"}")
    try world.act(
      "lead.sign", .receiver, at: "2026-03-02 10:15",
      "{\"signedAt\":\"2026-03-02T10:15:00.000+08:00\"}", answering: 0)
    try world.act("lead.accept", .receiver, at: "2026-03-02 11:00", answering: 1)
    return world
  }

  private static func decision(_ code: String, _ date: String) -> String {
    "{\"decision\":\"\(code)\",\"date\":\"\(date)\"}"
  }

  @Test("a start whose payload says otherwise starts nothing")
  func startConditions() throws {
    var world = try Self.accepted()
    try world.act(
      "lead.decide", .receiver, at: "2026-03-04 09:00", Self.decision("filed", "2026-03-04"),
      answering: 2)
    let rules = Set(try world.clocks().map(\.rule))
    #expect(rules.contains("filing-decide"))
    #expect(!rules.contains("review-request"))
    // The letter rules tell types and urgency apart.
    for (payload, expected) in [
      ("{\"type\":\"procuratorial-suggestion\"}", ["public-interest-reply"]),
      ("{\"type\":\"procuratorial-suggestion\",\"urgent\":false}", ["public-interest-reply"]),
      ("{\"type\":\"procuratorial-suggestion\",\"urgent\":true}", ["public-interest-reply-urgent"]),
      ("{\"type\":\"supervisory-suggestion\"}", []), ("{}", []),
    ] {
      var letter = try ClockWorld(.procuratorate, .enforcement)
      try letter.act("letter.issue", .opener, at: "2026-03-02 09:00", payload)
      #expect(try letter.clocks().map(\.rule) == expected, "\(payload)")
    }
  }

  @Test("what a start answers decides: a second decision gives no second time for a review")
  func answering() throws {
    var world = try Self.accepted()
    let first = try world.act(
      "lead.decide", .receiver, at: "2026-03-04 09:00", Self.decision("not-filed", "2026-03-04"),
      answering: 2)
    try world.act(
      "review.request", .opener, at: "2026-03-05 09:00", "{\"procedure\":\"reconsideration\"}",
      answering: 3)
    try world.act(
      "review.decide", .receiver, at: "2026-03-06 09:00", Self.decision("upheld", "2026-03-06"),
      answering: 4)
    try world.act(
      "lead.decide", .receiver, at: "2026-03-06 10:00", Self.decision("not-filed", "2026-03-06"),
      answering: 5)
    #expect(try world.clocks(of: "review-request").map(\.start) == [first])
    // And the first decision stops the clock, not the second.
    #expect(try world.clocks(of: "filing-decide").map(\.stop) == [first])
  }

  @Test("only a supervision's first record starts the clocks that rest on it")
  func firstRecord() throws {
    var world = try ClockWorld(.procuratorate, .police)
    let text = "{\"level\":\"supervise\",\"clock\":\"nonfiling-explain\",\"dueBy\":\"2026-03-06\"}"
    let first = try world.act("notice.remind", .opener, at: "2026-03-02 09:00", text)
    let second = try world.act(
      "notice.remind", .opener, at: "2026-03-10 09:00", text, answering: 0)
    for rule in ["nonfiling-explain", "asked-supervision"] {
      #expect(try world.clocks(of: rule).map(\.start) == [first], "\(rule)")
    }
    #expect(try world.clocks(of: "nonfiling-explain").map(\.reminded) == [second])
    #expect(try world.clocks(of: "asked-reminder").map(\.start) == [second])
  }

  @Test("a rule for one kind of thread makes nothing of others")
  func families() throws {
    for family in ThreadFamily.allCases {
      let rules = try ClockSamples.rules(ClockSamples.rule(["family": "\"\(family.rawValue)\""]))
      #expect(try Self.accepted().clocks(rules).isEmpty == (family != .lead))
    }
  }

  @Test("a condition on what is left out does not hold, unless it asks for that")
  func absent() throws {
    for (condition, holds) in [
      ("{\"/category\":[\"other-crime\"]}", true), ("{\"/category\":[\"duty-crime\"]}", false),
      ("{\"/industry\":[\"markets\"]}", false), ("{\"/industry\":[null]}", true),
      ("{\"/industry\":[\"markets\",null]}", true), ("{\"/category\":[null]}", false),
      ("{\"/category\":[\"other-crime\"],\"/industry\":[\"markets\"]}", false),
      ("{\"/category/0\":[null]}", true),
    ] {
      let rules = try ClockSamples.rules(ClockSamples.rule(["opening": condition]))
      #expect(try Self.accepted().clocks(rules).isEmpty == !holds, "\(condition)")
    }
  }

  @Test("a decision while papers are still awaited ends the pause with it")
  func stoppedWhilePaused() throws {
    var world = try Self.accepted()
    try world.act("supplement.request", .receiver, at: "2026-03-03 10:00", answering: 2)
    try world.act(
      "lead.decide", .receiver, at: "2026-03-06 09:00", Self.decision("filed", "2026-03-06"),
      answering: 2)
    let clock = try #require(try world.clocks(of: "filing-decide").first)
    #expect(clock.outcome == .met)
    // Tue 3 (1), 4-6 taken out, Sat 7 (2), Sun 8 (3) is off; Mon 9.
    #expect(clock.due == (try Timestamp(clock: "2026-03-09 24:00")))
  }

  @Test("a return while papers are still awaited cancels; the pause counts up to it")
  func cancelledWhilePaused() throws {
    var world = try Self.accepted()
    try world.act("supplement.request", .receiver, at: "2026-03-03 10:00", answering: 2)
    let end = try world.act("lead.return", .receiver, at: "2026-03-06 09:00", answering: 1)
    let clock = try #require(try world.clocks(of: "filing-decide").first)
    #expect(clock.outcome == .cancelled && clock.stop == end)
  }

  @Test("what was asked after the clock had stopped does not push its end out")
  func pausedAfterStop() throws {
    let rules = try ClockSamples.rules(
      ClockSamples.rule([
        "stop": "[{\"kind\":\"lead.accept\",\"answers\":\"start\",\"time\":\"header\"}]",
        "pause": "[{\"from\":\"supplement.request\",\"until\":\"supplement.provide\"}]",
      ]))
    var world = try Self.accepted()
    try world.act("supplement.request", .receiver, at: "2026-03-03 10:00", answering: 2)
    try world.act("supplement.provide", .opener, at: "2026-03-06 10:00", answering: 3)
    let clock = try #require(try world.clocks(rules).first)
    #expect(clock.due == (try Timestamp(clock: "2026-03-05 24:00")) && clock.outcome == .met)
  }

  @Test("an act that makes a clock moot cancels it, if it is tied to its start")
  func cancelling() throws {
    var world = try ClockWorld(.enforcement, .discipline)
    try world.act("lead.transfer", .opener, at: "2026-03-02 09:00")
    for _ in 0..<2 {
      try world.act(
        "consult.open", .opener, at: "2026-03-03 09:00", "{\"replyBy\":\"2026-03-06\"}",
        answering: 0)
    }
    let conclusion = try world.act(
      "consult.conclude", .opener, at: "2026-03-04 09:00", answering: 2)
    let clocks = try world.clocks(of: "asked-consult-reply")
    #expect(clocks.first { $0.start == world.ids[1] }?.outcome == .open)
    let cancelled = clocks.first { $0.start == world.ids[2] }
    #expect(cancelled?.outcome == .cancelled && cancelled?.stop == conclusion)
  }

  @Test("a reminder follows the clock that ran when it was sent, not a later one of the rule")
  func follows() throws {
    var world = try Self.accepted()
    try world.act(
      "supplement.request", .receiver, at: "2026-03-03 09:00", "{\"dueBy\":\"2026-03-04\"}",
      answering: 2)
    try world.act(
      "notice.remind", .receiver, at: "2026-03-05 09:00",
      "{\"level\":\"remind\",\"clock\":\"asked-supplement\",\"dueBy\":\"2026-03-09\"}", answering: 0
    )
    let provided = try world.act(
      "supplement.provide", .opener, at: "2026-03-06 09:00", answering: 3)
    try world.act(
      "supplement.request", .receiver, at: "2026-03-07 09:00", "{\"dueBy\":\"2026-03-20\"}",
      answering: 2)
    let clock = try #require(try world.clocks(of: "asked-reminder").first)
    #expect(clock.outcome == .met && clock.stop == provided && clock.owner == .opener)
    let asked = try world.clocks(of: "asked-supplement")
    #expect(asked.map(\.reminded) == [world.ids[4], nil])
  }

  @Test("of several corrections the newest counts")
  func corrections() throws {
    var world = try Self.accepted()
    for day in ["03", "04"] {
      let payload = "{\"signedAt\":\"2026-03-\(day)T10:15:00.000+08:00\"}"
      let encoded = CanonicalBase64.encode(Array(payload.utf8))
      try world.act(
        "record.correct", .receiver, at: "2026-03-\(day) 11:00",
        "{\"schema\":\"lead.sign/1\",\"payload\":\"\(encoded)\"}", answering: 1)
    }
    let clock = try #require(try world.clocks(of: "filing-decide").first)
    #expect(clock.startedAt == (try Timestamp(clock: "2026-03-04 10:15")))
  }

  @Test("what winds up a consultation inside a lead's thread ends no clock of the lead")
  func innerConclusion() throws {
    var world = try Self.accepted()
    try world.act("consult.open", .opener, at: "2026-03-03 09:00", answering: 0)
    try world.act("consult.conclude", .opener, at: "2026-03-03 10:00", answering: 3)
    #expect(try world.clocks(of: "filing-decide").map(\.outcome) == [.open])
    // In a thread of its own it is the end of everything.
    var own = try ClockWorld(.enforcement, .discipline)
    try own.act("consult.open", .opener, at: "2026-03-02 09:00", "{\"replyBy\":\"2026-03-06\"}")
    try own.act("consult.conclude", .opener, at: "2026-03-03 09:00", answering: 0)
    #expect(try own.clocks(of: "asked-consult-reply").map(\.outcome) == [.cancelled])
  }

  @Test("a withdrawn request inside a thread that is later withdrawn is not its end")
  func innerWithdrawal() throws {
    var world = try ClockWorld(.enforcement, .police)
    try world.act("lead.transfer", .opener, at: "2026-03-02 09:00", "{\"replyBy\":\"2026-03-20\"}")
    try world.act("consult.open", .opener, at: "2026-03-03 09:00", answering: 0)
    try world.act("record.withdraw", .opener, at: "2026-03-04 09:00", answering: 1)
    let end = try world.act("record.withdraw", .opener, at: "2026-03-05 09:00", answering: 0)
    #expect(try world.clocks(of: "asked-transfer-reply").map(\.stop) == [end])
  }
}
