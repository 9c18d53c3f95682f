import Testing

@testable import RecordModel

@Suite("What a thread allows next")
struct ThreadNextTests {
  struct Case: Sendable {
    var story: String
    var opener: String
    var receiver: String

    init(_ story: String, _ opener: String, _ receiver: String) {
      self.story = story
      self.opener = opener
      self.receiver = receiver
    }
  }

  /// What either end may send, with what it may answer.
  static let cases: [Case] = [
    Case(
      Story.transferred,
      """
      consult.open(lead.transfer) notice.remind(lead.transfer) \
      record.correct(lead.transfer) record.withdraw(lead.transfer)
      """,
      """
      consult.open(lead.transfer) lead.sign(lead.transfer) notice.remind(lead.transfer)
      """),
    Case(
      Story.forward,
      """
      consult.open(lead.forward) notice.remind(lead.forward) record.correct(lead.forward) \
      record.withdraw(lead.forward)
      """,
      """
      consult.open(lead.forward) lead.sign(lead.forward) notice.remind(lead.forward)
      """),
    Case(
      Story.signed,
      """
      consult.open(lead.transfer) notice.remind(lead.transfer) \
      record.correct(lead.transfer) record.withdraw(lead.transfer)
      """,
      """
      consult.open(lead.transfer) lead.accept(lead.sign) lead.forwarded(lead.sign) \
      lead.refuse(lead.sign) lead.return(lead.sign) notice.remind(lead.transfer) \
      record.correct(lead.sign) supplement.request(lead.sign)
      """),
    Case(
      Story.accepted,
      """
      consult.open(lead.transfer) notice.remind(lead.transfer) \
      record.correct(lead.transfer)
      """,
      """
      consult.open(lead.transfer) lead.decide(lead.accept) lead.feedback(lead.accept) \
      notice.remind(lead.transfer) record.correct(lead.sign lead.accept) \
      supplement.request(lead.accept)
      """),
    Case(
      Story.decided,
      """
      consult.open(lead.transfer) notice.remind(lead.transfer) \
      record.correct(lead.transfer) review.request(lead.decide)
      """,
      """
      consult.open(lead.transfer) lead.close(lead.decide) lead.feedback(lead.decide) \
      notice.remind(lead.transfer) record.correct(lead.sign lead.accept lead.decide)
      """),
    Case(
      Story.closed,
      """
      record.correct(lead.transfer)
      """,
      """
      record.correct(lead.sign lead.accept lead.decide lead.close)
      """),
    Case(
      Story.withdrawn,
      "",
      ""),
    Case(
      Story.asked,
      """
      consult.open(lead.transfer) notice.remind(lead.transfer) \
      record.correct(lead.transfer) record.withdraw(lead.transfer) \
      supplement.provide(supplement.request)
      """,
      """
      consult.open(lead.transfer) lead.accept(lead.sign) lead.forwarded(lead.sign) \
      lead.refuse(lead.sign) lead.return(lead.sign) notice.remind(lead.transfer) \
      record.correct(lead.sign supplement.request) record.withdraw(supplement.request)
      """),
    Case(
      Story.provided,
      """
      consult.open(lead.transfer) notice.remind(lead.transfer) \
      record.correct(lead.transfer supplement.provide) record.withdraw(lead.transfer)
      """,
      """
      consult.open(lead.transfer) lead.accept(lead.sign) lead.forwarded(lead.sign) \
      lead.refuse(lead.sign) lead.return(lead.sign) notice.remind(lead.transfer) \
      record.correct(lead.sign supplement.request) supplement.request(lead.sign)
      """),
    Case(
      Story.contested,
      """
      consult.open(lead.transfer) notice.remind(lead.transfer) \
      record.correct(lead.transfer review.request) record.withdraw(review.request)
      """,
      """
      consult.open(lead.transfer) lead.feedback(lead.decide) notice.remind(lead.transfer) \
      record.correct(lead.sign lead.accept lead.decide) review.decide(review.request)
      """),
    Case(
      Story.reviewed,
      """
      consult.open(lead.transfer) notice.remind(lead.transfer) \
      record.correct(lead.transfer review.request)
      """,
      """
      consult.open(lead.transfer) lead.close(lead.decide) lead.decide(review.decide) \
      lead.feedback(lead.decide) notice.remind(lead.transfer) record.correct(lead.sign \
      lead.accept lead.decide review.decide)
      """),
    Case(
      Story.decidedAgain,
      """
      consult.open(lead.transfer) notice.remind(lead.transfer) \
      record.correct(lead.transfer review.request) review.request(lead.decide#2)
      """,
      """
      consult.open(lead.transfer) lead.close(lead.decide#2) lead.feedback(lead.decide \
      lead.decide#2) notice.remind(lead.transfer) record.correct(lead.sign lead.accept \
      lead.decide review.decide lead.decide#2)
      """),
    Case(
      Story.issued,
      """
      consult.open(letter.issue) notice.remind(letter.issue) record.correct(letter.issue) \
      record.withdraw(letter.issue)
      """,
      """
      consult.open(letter.issue) letter.reply(letter.issue) notice.remind(letter.issue)
      """),
    Case(
      Story.replied,
      """
      record.correct(letter.issue)
      """,
      """
      record.correct(letter.reply)
      """),
    Case(
      Story.consulting,
      """
      consult.conclude(consult.open) consult.note(consult.open) \
      notice.remind(consult.open) record.correct(consult.open) \
      record.withdraw(consult.open)
      """,
      """
      consult.note(consult.open) notice.remind(consult.open)
      """),
    Case(
      Story.concluded,
      """
      record.correct(consult.open consult.conclude)
      """,
      ""),
    Case(
      Story.supervising,
      """
      consult.open(notice.remind) notice.remind(notice.remind) \
      record.correct(notice.remind) record.withdraw(notice.remind)
      """,
      """
      consult.open(notice.remind) lead.feedback(notice.remind) notice.remind(notice.remind)
      """),
    Case(
      "\(Story.supervising), R lead.feedback notice.remind",
      """
      consult.open(notice.remind) notice.remind(notice.remind) \
      record.correct(notice.remind) record.withdraw(notice.remind)
      """,
      """
      consult.open(notice.remind) lead.feedback(notice.remind) notice.remind(notice.remind) \
      record.correct(lead.feedback)
      """),
    Case(
      "\(Story.asked), R lead.accept lead.sign, R lead.decide lead.accept",
      """
      consult.open(lead.transfer) notice.remind(lead.transfer) record.correct(lead.transfer) \
      review.request(lead.decide) supplement.provide(supplement.request)
      """,
      """
      consult.open(lead.transfer) lead.close(lead.decide) lead.feedback(lead.decide) \
      notice.remind(lead.transfer) record.correct(lead.sign supplement.request lead.accept \
      lead.decide) record.withdraw(supplement.request)
      """),
    Case(
      "\(Story.contested), O record.withdraw review.request",
      """
      consult.open(lead.transfer) notice.remind(lead.transfer) \
      record.correct(lead.transfer) review.request(lead.decide)
      """,
      """
      consult.open(lead.transfer) lead.close(lead.decide) lead.feedback(lead.decide) \
      notice.remind(lead.transfer) record.correct(lead.sign lead.accept lead.decide)
      """),
    Case(
      "\(Story.asked), R lead.accept lead.sign",
      """
      consult.open(lead.transfer) notice.remind(lead.transfer) \
      record.correct(lead.transfer) supplement.provide(supplement.request)
      """,
      """
      consult.open(lead.transfer) lead.decide(lead.accept) lead.feedback(lead.accept) \
      notice.remind(lead.transfer) record.correct(lead.sign supplement.request \
      lead.accept) record.withdraw(supplement.request)
      """),
    Case(
      "\(Story.signed), R consult.open lead.transfer, R lead.refuse lead.sign",
      """
      consult.note(consult.open) record.correct(lead.transfer)
      """,
      """
      consult.conclude(consult.open) consult.note(consult.open) record.correct(lead.sign \
      consult.open lead.refuse) record.withdraw(consult.open)
      """),
  ]

  @Test("What either end may send follows from the thread's acts", arguments: cases)
  func next(item: Case) throws {
    let story = try ThreadScenario(item.story)
    #expect(story.next(.opener) == item.opener)
    #expect(story.next(.receiver) == item.receiver)
  }

  @Test("A thread that is not there has no next act; only some kinds open one")
  func openings() throws {
    #expect(ThreadRules.standing([]) == nil)
    #expect(
      ThreadRules.openings == [
        KindName.consultOpen, KindName.leadForward, KindName.leadTransfer, KindName.letterIssue,
        KindName.noticeRemind,
      ])
  }

  @Test(
    "An act on a record answers that one if it may, else the newest that it may",
    arguments: [
      (Story.signed, "R lead.accept lead.transfer", "lead.sign"),
      (Story.signed, "R lead.accept lead.sign", "lead.sign"),
      (Story.asked, "O supplement.provide lead.transfer", "supplement.request"),
      (Story.decidedAgain, "R lead.feedback lead.transfer", "lead.decide#2"),
      (Story.decidedAgain, "R lead.feedback lead.decide#1", "lead.decide"),
      (Story.decidedAgain, "R lead.close lead.transfer", "lead.decide#2"),
      (Story.asked, "R record.withdraw lead.transfer", "lead.transfer"),
      (Story.signed, "R record.correct lead.transfer", "lead.transfer"),
      (
        "\(Story.signed), R consult.open lead.transfer", "O consult.note lead.transfer",
        "consult.open"
      ),
      (
        "\(Story.signed), R consult.open lead.transfer, R consult.open lead.transfer",
        "O consult.note lead.transfer", "lead.transfer"
      ),
      // Where it may not come, what the judgement will be about.
      (Story.signed, "O lead.accept lead.transfer", "lead.sign"),
      (Story.transferred, "R lead.accept lead.transfer", nil),
    ])
  func targets(text: String, act: String, target: String?) throws {
    let story = try ThreadScenario(text)
    let words = act.split(separator: " ").map(String.init)
    let named = try #require(story.newest(words[2]))
    let found = story.standing?.target(
      of: words[1], by: words[0] == "O" ? .opener : .receiver, on: named)
    #expect(found.flatMap { story.names[$0] } == target)
  }

  @Test("Which end an agency is, is told by the first record")
  func parties() throws {
    let standing = try #require(try ThreadScenario(Story.signed).standing)
    #expect(standing.party(of: standing.opening.direction.from) == .opener)
    #expect(standing.party(of: standing.opening.direction.to) == .receiver)
    #expect(standing.party(of: try Samples.discipline()) == nil)
    #expect(standing.acts.map(\.kind) == [KindName.leadTransfer, KindName.leadSign])
  }

  @Test("The policy that a federation starts from stands in the way of none of it")
  func policy() {
    for kind in KindName.all {
      for from in AgencyRole.allCases {
        for to in AgencyRole.allCases {
          #expect(DirectoryPolicy.unrestricted.permits(kind, from: from, to: to), "\(kind)")
        }
      }
    }
    #expect(!DirectoryPolicy.unrestricted.permits("dream.burn", from: .court, to: .police))
  }
}
