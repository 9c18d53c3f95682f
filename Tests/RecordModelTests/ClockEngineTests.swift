import RecordSchema
import TransparencyLog
import Testing

@testable import RecordModel

@Suite("What else the clock engine says of a thread")
struct ClockEngineTests {
  private static let filed = "{\"decision\":\"filed\",\"date\":\"2026-03-05\"}"

  /// A lead that the police signed for on Monday 2 March 2026 at 10:15 and took up.
  private static func accepted(
    signedAt: String = "2026-03-02T10:15:00.000+08:00"
  ) throws -> ClockWorld {
    var world = try ClockWorld(.enforcement, .police)
    try world.act("lead.transfer", .opener, at: "2026-03-02 09:00")
    try world.act(
      "lead.sign", .receiver, at: "2026-03-02 10:20", "{\"signedAt\":\"\(signedAt)\"}",
      answering: 0)
    try world.act("lead.accept", .receiver, at: "2026-03-02 11:00", answering: 1)
    return world
  }

  private static func filing(_ world: ClockWorld) throws -> ThreadClock {
    try #require(try world.clocks(of: "filing-decide").first)
  }

  // MARK: Receipts

  @Test(
    "a stated time is flagged when it lies outside the receipts around its record",
    arguments: [
      // The transfer's receipt is of 09:00:02, the signing's of 10:20:02; five minutes are allowed.
      ("2026-03-02T10:15:00.000+08:00", false), ("2026-03-02T08:55:02.000+08:00", false),
      ("2026-03-02T08:55:01.999+08:00", true), ("2026-03-02T10:25:02.999+08:00", false),
      ("2026-03-02T10:25:03.000+08:00", true), ("2026-02-28T10:00:00.000+08:00", true),
    ])
  func flaggedStart(signedAt: String, isFlagged: Bool) throws {
    let clock = try Self.filing(try Self.accepted(signedAt: signedAt))
    #expect(clock.flags == (isFlagged ? [.startOutsideReceipts] : []))
    #expect(clock.startedAt == (try Timestamp(parsing: signedAt)), "it counts all the same")
  }

  @Test(
    "a stated day is flagged by days",
    arguments: [
      ("2026-03-02", false), ("2026-03-01", true), ("2026-03-05", false), ("2026-03-06", true),
    ])
  func flaggedStop(date: String, isFlagged: Bool) throws {
    var world = try Self.accepted()
    try world.act(
      "lead.decide", .receiver, at: "2026-03-05 12:00",
      "{\"decision\":\"filed\",\"date\":\"\(date)\"}", answering: 2)
    let clock = try Self.filing(world)
    #expect(clock.flags == (isFlagged ? [.stopOutsideReceipts] : []))
    #expect(clock.stoppedAt?.day == CalendarDate(written: date))
  }

  @Test("without receipts nothing is flagged, and the end is the same")
  func noReceipts() throws {
    var world = try Self.accepted(signedAt: "2026-02-27T10:15:00.000+08:00")
    let flagged = try Self.filing(world)
    world.receiptTimes = [:]
    let bare = try Self.filing(world)
    #expect(flagged.flags == [.startOutsideReceipts] && bare.flags == [])
    #expect(flagged.due == bare.due)
  }

  // MARK: States

  @Test("it warns before its end, and is overdue from then on")
  func warnings() throws {
    let clock = try Self.filing(try Self.accepted())
    let due = try Timestamp(clock: "2026-03-05 24:00")
    #expect(clock.due == due)
    #expect(clock.warnings == [try Timestamp(clock: "2026-03-05 00:00")])
    #expect(clock.state(at: try Timestamp(clock: "2026-03-04 23:59:59.999")) == .running)
    #expect(clock.state(at: try Timestamp(clock: "2026-03-05 00:00")) == .dueSoon)
    #expect(clock.state(at: due.advanced(byMilliseconds: -1)) == .dueSoon)
    #expect(clock.state(at: due) == .overdue)
  }

  @Test("a warning that would come before the start is left out")
  func shortWarnings() throws {
    let rules = try ClockSamples.rules(ClockSamples.rule(["warnHours": "[200,96,24]"]))
    let clock = try #require(try Self.accepted().clocks(rules).first)
    #expect(clock.warnings == [try Timestamp(clock: "2026-03-05 00:00")])
  }

  @Test("a right lapses, a duty does not; no reminder is sent for a right")
  func lapses() throws {
    var world = try Self.accepted()
    try world.act(
      "lead.decide", .receiver, at: "2026-03-05 12:00",
      "{\"decision\":\"not-filed\",\"date\":\"2026-03-05\"}", answering: 2)
    let clock = try #require(try world.clocks(of: "review-request").first)
    #expect(!clock.isDuty && clock.remind == nil && clock.owner == .opener)
    #expect(clock.state(at: try Timestamp(clock: "2026-03-09 24:00")) == .lapsed)
  }

  @Test("what a rule allows only so often is flagged from then on, in the thread's order")
  func tooMany() throws {
    var world = try ClockWorld(.discipline, .procuratorate)
    try world.act(
      "lead.transfer", .opener, at: "2026-03-02 09:00", "{\"category\":\"duty-crime\"}")
    try world.act("lead.sign", .receiver, at: "2026-03-02 10:00", answering: 0)
    var requests: [RecordID] = []
    for (number, day) in ["03", "04", "05"].enumerated() {
      requests.append(
        try world.act(
          "supplement.request", .receiver, at: "2026-03-\(day) 10:00", answering: 1))
      try world.act(
        "supplement.provide", .opener, at: "2026-03-\(day) 12:00", answering: 2 + 2 * number)
    }
    let clocks = try world.clocks(of: "supplementary-investigation")
    #expect(clocks.count == 3)
    #expect(clocks.filter { $0.flags == [.tooMany] }.map(\.start) == [requests[2]])
  }

  @Test("a condition on the first payload keeps a rule out")
  func opening() throws {
    var world = try ClockWorld(.discipline, .procuratorate)
    try world.act(
      "lead.transfer", .opener, at: "2026-03-02 09:00", "{\"category\":\"economic-crime\"}")
    try world.act("lead.sign", .receiver, at: "2026-03-02 10:00", answering: 0)
    try world.act("supplement.request", .receiver, at: "2026-03-03 10:00", answering: 1)
    #expect(try world.clocks(of: "supplementary-investigation").isEmpty)
  }

  // MARK: What cannot be computed

  @Test("a year without calendar leaves a clock without an end, but keeps what stopped it")
  func missingCalendar() throws {
    var world = try Self.accepted()
    var calendars = WorkingCalendar.builtIn
    calendars[2026] = nil
    let open = try #require(
      try world.clocks(calendars: calendars).first { $0.rule == "filing-decide" })
    #expect(open.outcome == .uncomputable && open.problem == .clockCalendarMissing)
    #expect(open.due == nil && open.warnings == [] && open.stop == nil)
    #expect(open.state(at: try Timestamp(clock: "2027-01-01 00:00")) == .uncomputable)

    // 5 March is the last day, if no day off moves it; whether one does is not known.
    let decision = try world.act(
      "lead.decide", .receiver, at: "2026-03-06 12:00",
      "{\"decision\":\"filed\",\"date\":\"2026-03-06\"}", answering: 2)
    let stopped = try #require(
      try world.clocks(calendars: calendars).first { $0.rule == "filing-decide" })
    #expect(stopped.outcome == .uncomputable && stopped.stop == decision)
  }

  @Test("an erased start leaves a clock without an end")
  func erasedStart() throws {
    var world = try Self.accepted()
    world.payloads[world.ids[1]] = nil
    let clock = try Self.filing(world)
    #expect(clock.outcome == .uncomputable && clock.problem == .clockPayloadMissing)
    #expect(clock.startedAt == (try Timestamp(clock: "2026-03-02 10:20")), "the header's time")
  }

  @Test("of an erased letter nobody knows which limit runs")
  func erasedLetter() throws {
    var world = try ClockWorld(.procuratorate, .enforcement)
    try world.act("letter.issue", .opener, at: "2026-03-02 09:00")
    world.payloads = [:]
    let clocks = try world.clocks(ClockRules.builtIn)
    #expect(
      clocks.map(\.rule) == [
        "asked-letter-reply", "public-interest-reply", "public-interest-reply-urgent",
      ])
    #expect(clocks.allSatisfy { $0.problem == .clockPayloadMissing })
  }

  @Test("an erased decision was made in time when it was sent in time; else nobody knows")
  func erasedStop() throws {
    for (sent, outcome) in [
      ("2026-03-05 12:00", ClockOutcome.met), ("2026-03-09 12:00", .uncomputable),
    ] {
      var world = try Self.accepted()
      let decision = try world.act(
        "lead.decide", .receiver, at: sent, Self.filed, answering: 2)
      world.payloads[decision] = nil
      let clock = try Self.filing(world)
      #expect(clock.outcome == outcome && clock.stop == decision)
    }
  }

  @Test("erased feedback may have been the result: nobody knows whether the clock stopped")
  func erasedCondition() throws {
    var world = try Self.accepted()
    world.openerRole = .procuratorate
    try world.act("lead.decide", .receiver, at: "2026-03-05 12:00", Self.filed, answering: 2)
    let feedback = try world.act(
      "lead.feedback", .receiver, at: "2026-04-01 12:00",
      "{\"stage\":\"investigating\",\"outcome\":\"in-progress\"}", answering: 3)
    #expect(try world.clocks(of: "filing-result").map(\.outcome) == [.open])
    world.payloads[feedback] = nil
    let clock = try #require(try world.clocks(of: "filing-result").first)
    #expect(clock.outcome == .uncomputable && clock.problem == .clockPayloadMissing)
  }

  @Test("a day that nobody asked for starts nothing")
  func notAsked() throws {
    let world = try Self.accepted()
    #expect(try world.clocks(of: "asked-transfer-reply").isEmpty)
  }

  // MARK: What does not count

  @Test("a withdrawn request starts no clock and stops none from running")
  func withdrawnRequest() throws {
    var world = try Self.accepted()
    try world.act(
      "supplement.request", .receiver, at: "2026-03-03 10:00", "{\"dueBy\":\"2026-03-05\"}",
      answering: 2)
    #expect(try Self.filing(world).outcome == .paused)
    try world.act("record.withdraw", .receiver, at: "2026-03-04 10:00", answering: 3)
    let clocks = try world.clocks()
    #expect(clocks.map(\.rule) == ["filing-decide"])
    #expect(clocks.first?.due == (try Timestamp(clock: "2026-03-05 24:00")))
    #expect(clocks.first?.outcome == .open)
  }

  @Test("a void withdrawal cancels nothing")
  func voidWithdrawal() throws {
    var world = try Self.accepted()
    // Sealed before the acceptance was seen: it gives way to it.
    try world.act("record.withdraw", .opener, at: "2026-03-02 11:01", answering: 0, seen: 1)
    #expect(try Self.filing(world).outcome == .open)
  }

  @Test("what crossed the end of its thread starts nothing that could run")
  func crossedEnd() throws {
    var world = try ClockWorld(.enforcement, .police)
    try world.act("lead.transfer", .opener, at: "2026-03-02 09:00")
    let withdrawal = try world.act(
      "record.withdraw", .opener, at: "2026-03-02 10:00", answering: 0)
    try world.act(
      "lead.sign", .receiver, at: "2026-03-02 10:20",
      "{\"signedAt\":\"2026-03-02T10:15:00.000+08:00\"}", answering: 0, seen: 1)
    let clock = try Self.filing(world)
    #expect(clock.outcome == .cancelled && clock.stop == withdrawal)
  }

  @Test(
    "a duty that had run out when its thread ended was not kept; one that had not is moot",
    arguments: [
      // Signed on 2 March, a Monday: the three days are 3, 4 and 5 March.
      ("2026-03-05 23:59", ClockOutcome.cancelled), ("2026-03-06 00:00", .late),
      ("2026-03-09 10:00", .late),
    ])
  func endedLate(time: String, outcome: ClockOutcome) throws {
    var world = try ClockWorld(.enforcement, .police)
    try world.act("lead.transfer", .opener, at: "2026-03-02 09:00")
    try world.act(
      "lead.sign", .receiver, at: "2026-03-02 10:20",
      "{\"signedAt\":\"2026-03-02T10:15:00.000+08:00\"}", answering: 0)
    let refusal = try world.act("lead.refuse", .receiver, at: time, answering: 1)
    let clock = try Self.filing(world)
    #expect(clock.outcome == outcome && clock.stop == refusal)
  }

  @Test(
    "without a calendar the end is not known, but what came before any day in question was in time")
  func withoutCalendar() throws {
    for (time, outcome) in [
      // Two months from 20 November 2026 lead to 20 January 2027, at the earliest.
      ("2026-11-25 10:00", ClockOutcome.met), ("2027-01-20 23:59", .met),
      ("2027-01-21 00:00", .uncomputable),
    ] {
      var world = try ClockWorld(.court, .enforcement)
      try world.act(
        "letter.issue", .opener, at: "2026-11-20 09:00", "{\"type\":\"judicial-suggestion\"}")
      try world.act("letter.reply", .receiver, at: time, answering: 0)
      let clock = try #require(try world.clocks(of: "judicial-suggestion-reply").first)
      #expect(clock.outcome == outcome && clock.due == nil, "\(time)")
      #expect((clock.problem == .clockCalendarMissing) == (outcome == .uncomputable))
    }
  }

  // MARK: Corrections

  @Test("a correction takes the place of the payload; one that was erased leaves none")
  func corrected() throws {
    var world = try Self.accepted(signedAt: "2026-03-01T10:15:00.000+08:00")
    let before = try Self.filing(world)
    #expect(before.due == (try Timestamp(clock: "2026-03-04 24:00")))
    let correction = try world.act(
      "record.correct", .receiver, at: "2026-03-03 10:00",
      Self.correction("lead.sign/1", "{\"signedAt\":\"2026-03-02T10:15:00.000+08:00\"}"),
      answering: 1)
    #expect(try Self.filing(world).due == Timestamp(clock: "2026-03-05 24:00"))
    world.payloads[correction] = nil
    #expect(try Self.filing(world).problem == .clockPayloadMissing)
    world.payloads[correction] = Array(Self.correction("lead.accept/1", "{}").utf8)
    #expect(try Self.filing(world) == before, "what is of another kind corrects nothing")
  }

  private static func correction(_ schema: String, _ payload: String) -> String {
    "{\"schema\":\"\(schema)\",\"payload\":\"\(CanonicalBase64.encode(Array(payload.utf8)))\"}"
  }

  // MARK: Reminders

  @Test("a reminder is tied to the newest clock of its rule that its addressee owes")
  func reminded() throws {
    var world = try Self.accepted()
    let text = "{\"level\":\"remind\",\"clock\":\"filing-decide\",\"dueBy\":\"2026-03-09\"}"
    // Of the end that owes it: urges nobody.
    try world.act("notice.remind", .receiver, at: "2026-03-06 08:00", text, answering: 0)
    let first = try world.act(
      "notice.remind", .opener, at: "2026-03-06 09:00", text, answering: 0)
    try world.act("notice.remind", .opener, at: "2026-03-08 09:00", text, answering: 0)
    #expect(try Self.filing(world).reminded == first)
    let followers = try world.clocks(of: "asked-reminder")
    #expect(followers.count == 2 && followers.allSatisfy { $0.owner == .receiver })
    #expect(followers.allSatisfy { $0.outcome == .open && $0.remind == nil })
  }

  @Test("a reminder that rests on what does not run has no clock of its own")
  func groundless() throws {
    var world = try Self.accepted()
    try world.act(
      "notice.remind", .opener, at: "2026-03-06 09:00",
      "{\"level\":\"remind\",\"clock\":\"goods-handover\",\"dueBy\":\"2026-03-09\"}", answering: 0)
    #expect(try world.clocks().map(\.rule) == ["filing-decide"])
  }

  @Test("a reminder's clock is cancelled with the one on which it rests")
  func cancelledReminder() throws {
    var world = try ClockWorld(.enforcement, .police)
    try world.act("lead.transfer", .opener, at: "2026-03-02 09:00", "{\"replyBy\":\"2026-03-03\"}")
    try world.act(
      "notice.remind", .opener, at: "2026-03-04 09:00",
      "{\"level\":\"remind\",\"clock\":\"asked-transfer-reply\",\"dueBy\":\"2026-03-09\"}",
      answering: 0)
    let withdrawal = try world.act(
      "record.withdraw", .opener, at: "2026-03-05 10:00", answering: 0)
    let clock = try #require(try world.clocks(of: "asked-reminder").first)
    #expect(clock.outcome == .cancelled && clock.stop == withdrawal)
  }

  // MARK: Books

  @Test("without rules no clock runs; the kinds whose payloads are read are told")
  func books() throws {
    let world = try Self.accepted()
    let none = ClockBook(rules: nil, calendars: WorkingCalendar.builtIn)
    #expect(ClockEngine.clocks(of: try world.thread(), under: none) == [])
    #expect(none.kindsRead == [])
    let sample = ClockBook(rules: try ClockSamples.rules(ClockSamples.rule()), calendars: [:])
    #expect(sample.kindsRead == ["notice.remind", "record.correct"])
    let builtIn = ClockBook(rules: .builtIn, calendars: [:]).kindsRead
    #expect(builtIn.isSuperset(of: ["lead.sign", "lead.decide", "letter.issue", "lead.transfer"]))
    #expect(!builtIn.contains("lead.accept") && !builtIn.contains("letter.reply"))
  }

  @Test("payloads of kinds that are not read may be left out, and nothing changes")
  func unread() throws {
    for example in ThreadCase.all {
      var world = try ClockTableTests.world(example)
      let book = ClockBook(rules: try ClockSamples.allOn(), calendars: WorkingCalendar.builtIn)
      let whole = try world.clocks()
      let kinds = Dictionary(uniqueKeysWithValues: zip(world.ids, example.acts.map(\.kind)))
      world.payloads = world.payloads.filter { book.kindsRead.contains(kinds[$0.key] ?? "") }
      #expect(try world.clocks() == whole)
    }
  }
}
