import Testing

@testable import RecordModel

@Suite("What the table of threads refuses")
struct ThreadRefusalTests {
  /// Each kind, sent by an end that may, on the newest record that it may answer; on the thread's
  /// first where there is none.
  struct Act: Sendable {
    var kind: String
    var by: String
    var answers: [String]
    /// What comes of it in each of `Story.states`: `-` allowed, `d` done already, `s` not at this
    /// point, `a` it answers the wrong record, `A` both of these.
    var verdicts: String

    init(_ kind: String, _ by: String, _ answers: [String], _ verdicts: String) {
      self.kind = kind
      self.by = by
      self.answers = answers
      self.verdicts = verdicts.replacing(" ", with: "")
    }
  }

  /// Columns: transferred, signed, accepted, decided, closed, refused, returned, forwarded,
  /// withdrawn; issued, replied, withdrawn; consulting, concluded, withdrawn; supervising, withdrawn.
  static let acts: [Act] = [
    Act("lead.sign", "R", ["lead.transfer", "lead.forward"], "-dddddddd AAA AAA AA"),
    Act("lead.accept", "R", ["lead.sign"], "A-dddssss AAA AAA AA"),
    Act("lead.refuse", "R", ["lead.sign"], "A-sssdsss AAA AAA AA"),
    Act("lead.return", "R", ["lead.sign"], "A-ssssdss AAA AAA AA"),
    Act("lead.forwarded", "R", ["lead.sign"], "A-sssssds AAA AAA AA"),
    Act("supplement.request", "R", ["lead.sign", "lead.accept"], "A--ssssss AAA AAA AA"),
    Act("supplement.provide", "O", ["supplement.request"], "AaaaAAAAA AAA AAA AA"),
    Act("lead.decide", "R", ["lead.accept", "review.decide"], "AA-ddAAAA AAA AAA AA"),
    Act("lead.feedback", "R", ["lead.accept", "lead.decide"], "AA--sAAAA sss sss -s"),
    Act("lead.close", "R", ["lead.decide"], "AAA-dAAAA AAA AAA AA"),
    Act("review.request", "O", ["lead.decide"], "AAA-sAAAA AAA AAA AA"),
    Act("review.decide", "R", ["review.request"], "AAAaAAAAA AAA AAA AA"),
    Act("letter.reply", "R", ["letter.issue"], "AAAAAAAAA -ds AAA AA"),
    Act("notice.remind", "O", [], "----sssss -ss -ss -s"),
    Act("notice.remind", "R", [], "----sssss -ss -ss -s"),
    Act("consult.open", "O", [], "----sssss -ss sss -s"),
    Act("consult.open", "R", [], "----sssss -ss sss -s"),
    Act("consult.note", "O", ["consult.open"], "aaaaaaaaA aaA -ss aA"),
    Act("consult.note", "R", ["consult.open"], "aaaaaaaaA aaA -ss aA"),
    Act("consult.conclude", "O", ["consult.open"], "aaaaaaaaA aaA -ds aA"),
    Act("record.withdraw", "O", [], "--ssssssd -sd -sd -d"),
    Act("record.correct", "O", [], "--------s --s --s -s"),
  ]

  @Test("Each kind may come after exactly these states", arguments: acts)
  func states(act: Act) throws {
    let letters = ["": "-", "duplicate": "d", "successor": "s", "answers": "a"]
    var found = ""
    for (_, state, text) in Story.states {
      var story = try ThreadScenario(text)
      #expect(story.standing?.state == state)
      let headers = story.world.headers
      let answered = headers.last { act.answers.contains($0.kind) } ?? headers[0]
      let rules = story.rules("\(act.by) \(act.kind) \(answered.kind)")
      found += letters[rules] ?? (rules == "answers+successor" ? "A" : "(\(rules))")
    }
    #expect(found == act.verdicts)
  }

  @Test("Every kind that goes into a thread stands in that table, and every state in its columns")
  func complete() {
    let kinds = Set(Self.acts.map(\.kind))
    let openings: Set = [KindName.leadTransfer, KindName.leadForward, KindName.letterIssue]
    #expect(kinds.union(openings) == Set(KindName.all.filter { !KindName.isSystem($0) }))
    for family in ThreadFamily.allCases {
      #expect(Story.states.filter { $0.0 == family }.map(\.1) == family.states)
    }
    #expect(Set(Story.states.map(\.1)) == Set(ThreadState.allCases))
  }

  @Test(
    "Only the end that an act belongs to may send it",
    arguments: [
      (Story.transferred, "O lead.sign lead.transfer"), (Story.signed, "O lead.accept lead.sign"),
      (Story.signed, "O lead.refuse lead.sign"), (Story.signed, "O lead.return lead.sign"),
      (Story.signed, "O lead.forwarded lead.sign"),
      (Story.signed, "O supplement.request lead.sign"),
      (Story.accepted, "O supplement.request lead.accept"),
      (Story.asked, "R supplement.provide supplement.request"),
      (Story.accepted, "O lead.decide lead.accept"),
      (Story.reviewed, "O lead.decide review.decide"),
      (Story.accepted, "O lead.feedback lead.accept"),
      (Story.decided, "O lead.feedback lead.decide"), (Story.decided, "O lead.close lead.decide"),
      (Story.decided, "R review.request lead.decide"),
      (Story.contested, "O review.decide review.request"),
      (Story.issued, "O letter.reply letter.issue"),
      (Story.consulting, "R consult.conclude consult.open"),
      (Story.supervising, "O lead.feedback notice.remind"),
      ("\(Story.signed), R consult.open lead.transfer", "O consult.conclude consult.open"),
      ("\(Story.signed), R consult.open lead.transfer", "O record.withdraw consult.open"),
      (Story.signed, "R record.withdraw lead.transfer"),
      (Story.asked, "O record.withdraw supplement.request"),
      (Story.contested, "R record.withdraw review.request"),
      (Story.supervising, "R record.withdraw notice.remind"),
      (Story.signed, "O record.correct lead.sign"),
      (Story.signed, "R record.correct lead.transfer"),
    ])
  func parties(text: String, act: String) throws {
    var story = try ThreadScenario(text)
    #expect(story.rules(act) == "party")
    // The other end may.
    #expect(story.rules((act.hasPrefix("O") ? "R" : "O") + act.dropFirst()) == "")
  }

  private static let consulted = "\(Story.signed), O consult.open lead.transfer"
  private static let advised = "\(consulted), O consult.conclude consult.open"
  private static let unconsulted = "\(consulted), O record.withdraw consult.open"
  private static let unasked = "\(Story.asked), R record.withdraw supplement.request"
  private static let overtaken =
    "\(Story.contested), O record.withdraw review.request ~ O review.request lead.decide"
    + " ~ R review.decide review.request#1 ~ R lead.decide review.decide"

  @Test(
    "What has been done, what must be answered first and what fell away are named as such",
    arguments: [
      (Story.asked, "R supplement.request lead.sign", "pending"),
      ("\(Story.asked), R lead.accept lead.sign", "R supplement.request lead.accept", "pending"),
      (Story.provided, "R supplement.request lead.sign", ""),
      (Story.provided, "O supplement.provide supplement.request", "duplicate"),
      (Story.provided, "R record.withdraw supplement.request", "settled"),
      (Story.accepted, "R supplement.request lead.sign", "answers"),
      (unasked, "O supplement.provide supplement.request", "void"),
      (unasked, "R record.correct supplement.request", "void"),
      (unasked, "R record.withdraw supplement.request", "duplicate"),
      (unasked, "R record.correct record.withdraw", "answers"),
      (Story.contested, "O review.request lead.decide", "duplicate"),
      (Story.contested, "R lead.close lead.decide", "pending"),
      (overtaken, "O review.request lead.decide", "pending"),
      (Story.reviewed, "R lead.close lead.decide", ""),
      (Story.reviewed, "R review.decide review.request", "duplicate"),
      (Story.reviewed, "O record.withdraw review.request", "settled"),
      (Story.decidedAgain, "R lead.decide review.decide", "duplicate"),
      (Story.decidedAgain, "R lead.close lead.decide#1", "answers"),
      (Story.decided, "R lead.feedback lead.accept", "answers"),
      (
        "\(Story.asked), R lead.accept lead.sign, R lead.decide lead.accept",
        "O supplement.provide supplement.request", ""
      ),
      ("\(Story.supervising), R lead.feedback notice.remind", "R lead.feedback notice.remind", ""),
      (
        "\(Story.supervising), R notice.remind notice.remind", "R lead.feedback notice.remind",
        "answers"
      ),
      (Story.accepted, "R lead.feedback lead.transfer", "answers"),
      (Story.supervisionWithdrawn, "R lead.feedback notice.remind", "successor"),
      (advised, "R consult.note consult.open", "settled"),
      (advised, "O consult.conclude consult.open", "duplicate"),
      (advised, "O record.withdraw consult.open", "settled"),
      (unconsulted, "R consult.note consult.open", "void"),
      (unconsulted, "O consult.conclude consult.open", "void"),
      (unconsulted, "O record.withdraw consult.open", "duplicate"),
      (Story.signed, "R record.withdraw lead.sign", "answers"),
      (
        "\(Story.signed), R record.correct lead.sign", "R record.correct record.correct", "answers"
      ),
      ("\(Story.asked), R lead.accept lead.sign", "O record.withdraw lead.transfer", "successor"),
      ("\(consulted), R lead.accept lead.sign", "O record.withdraw lead.transfer", "answers"),
      (
        "\(Story.supervising), R notice.remind notice.remind", "R record.withdraw notice.remind",
        "answers"
      ),
    ])
  func conditions(text: String, act: String, rule: String) throws {
    var story = try ThreadScenario(text)
    #expect(story.rules(act) == rule)
  }

  @Test("A kind that can do both opens a thread when it names its own, and nothing else then")
  func openings() throws {
    for kind in [KindName.consultOpen, KindName.noticeRemind] {
      var world = try ThreadWorld()
      var header = world.header(kind, by: .opener)
      #expect(world.rules(header) == [])
      #expect(ThreadRules.firstState(header)?.isOpen == true)
      header.replyTo = try RecordID(parsing: MalformedHeader.id)
      #expect(world.rules(header) == ["thread:opening"])
      #expect(ThreadRules.firstState(header) == nil)
      // In a thread that is not there.
      header.thread = try RecordID(parsing: MalformedHeader.id)
      #expect(world.rules(header) == ["thread:unknown"])
      world.append(world.header(kind, by: .opener))
      #expect(world.rules(world.header(kind, by: .opener)) == ["thread:duplicate"])
    }
    var world = try ThreadWorld()
    #expect(
      ThreadRules.firstState(world.header(KindName.leadForward, by: .opener)) == .transferred)
    let sign = world.header(KindName.leadSign, by: .opener, id: world.thread)
    #expect(ThreadRules.firstState(sign) == nil)
  }
}
