import Testing

@testable import RecordModel

@Suite("Acts that crossed")
struct ThreadCrossingTests {
  struct Case: Sendable {
    var story: String
    var state: ThreadState
    var void = ""
    var withdrawn = ""
  }

  private static let withdraw = "O record.withdraw lead.transfer"

  static let cases: [Case] = [
    // A withdrawal stands against what settles nothing.
    Case(story: "\(Story.transferred), R lead.sign lead.transfer ~ \(withdraw)", state: .withdrawn),
    Case(
      story: "\(Story.signed), R supplement.request lead.sign ~ \(withdraw)", state: .withdrawn),
    Case(
      story: "\(Story.signed), R consult.open lead.transfer ~ R notice.remind lead.transfer"
        + " ~ R record.correct lead.sign ~ \(withdraw)", state: .withdrawn),
    Case(
      story: "\(Story.supervising), R notice.remind notice.remind"
        + " ~ O record.withdraw notice.remind#1", state: .withdrawn),
    Case(
      story: "\(Story.consulting), R consult.note consult.open ~ O record.withdraw consult.open",
      state: .withdrawn),
    // It is void when an answer that settles its target crossed it.
    Case(
      story: "\(Story.transferred), R lead.sign lead.transfer ~ R lead.accept lead.sign"
        + " ~ \(withdraw)", state: .accepted, void: "record.withdraw"),
    Case(
      story: "\(Story.signed), R lead.accept lead.sign ~ \(withdraw)", state: .accepted,
      void: "record.withdraw"),
    Case(
      story: "\(Story.signed), \(withdraw) ~ R lead.accept lead.sign ~ R lead.decide lead.accept"
        + " ~ R lead.close lead.decide", state: .closed, void: "record.withdraw"),
    Case(
      story: "\(Story.signed), R lead.refuse lead.sign ~ \(withdraw)", state: .refused,
      void: "record.withdraw"),
    Case(
      story: "\(Story.signed), R lead.return lead.sign ~ \(withdraw)", state: .returned,
      void: "record.withdraw"),
    Case(
      story: "\(Story.signed), R lead.forwarded lead.sign ~ \(withdraw)", state: .forwarded,
      void: "record.withdraw"),
    Case(
      story: "\(Story.issued), O record.withdraw letter.issue ~ R letter.reply letter.issue",
      state: .replied, void: "record.withdraw"),
    Case(
      story: "\(Story.asked), R record.withdraw supplement.request"
        + " ~ O supplement.provide supplement.request", state: .signed, void: "record.withdraw"),
    Case(
      story: "\(Story.contested), O record.withdraw review.request"
        + " ~ R review.decide review.request", state: .decided, void: "record.withdraw"),
    // Another answer does not settle it.
    Case(
      story: "\(Story.asked), \(withdraw) ~ R record.correct supplement.request",
      state: .withdrawn),
    // A closing is void when a request to review its decision crossed it, with what answers it.
    Case(
      story: "\(Story.decided), R lead.close lead.decide ~ O review.request lead.decide",
      state: .decided, void: "lead.close"),
    Case(
      story: "\(Story.decided), R lead.close lead.decide ~ R record.correct lead.close"
        + " ~ O review.request lead.decide, R review.decide review.request"
        + ", R lead.close lead.decide", state: .closed, void: "lead.close record.correct"),
    // Also when the request was withdrawn since: what is void stays void.
    Case(
      story: "\(Story.decided), O review.request lead.decide ~ O record.withdraw review.request"
        + " ~ R lead.close lead.decide", state: .decided, void: "lead.close",
      withdrawn: "review.request"),
    // A request to review another decision leaves it alone.
    Case(
      story: "\(Story.contested), O record.withdraw review.request ~ O review.request lead.decide"
        + " ~ R review.decide review.request#1 ~ R lead.decide review.decide"
        + " ~ R lead.close lead.decide", state: .closed, void: "record.withdraw"),
    // What is withdrawn counts no more, nor does what answers it, whether it crossed or not.
    Case(
      story: "\(Story.signed), O consult.open lead.transfer, R consult.note consult.open"
        + ", R record.correct consult.note, O record.withdraw consult.open"
        + " ~ R consult.note consult.open", state: .signed,
      void: "consult.note record.correct consult.note#2", withdrawn: "consult.open"),
    // What the other end did meanwhile stands beside the withdrawal that is void.
    Case(
      story: "\(Story.asked), R record.withdraw supplement.request"
        + " ~ R supplement.request lead.sign ~ O supplement.provide supplement.request#1",
      state: .signed, void: "record.withdraw"),
  ]

  @Test("A crossing is decided by the table, whichever agency code is lower", arguments: cases)
  func crossings(item: Case) throws {
    for isSwapped in [false, true] {
      let story = try ThreadScenario(item.story, isSwapped: isSwapped)
      #expect(story.standing?.state == item.state)
      #expect(story.acts(.void) == item.void)
      #expect(story.acts(.withdrawn) == item.withdrawn)
      #expect(ThreadRules.state(story.world.entries.reversed()) == item.state)
    }
  }

  @Test("Of two first records that crossed neither opens the thread")
  func openings() throws {
    var world = try ThreadWorld()
    let first = world.header(KindName.leadTransfer, by: .opener)
    let second = world.header(KindName.leadTransfer, by: .receiver, seen: 0)
    world.append(first)
    #expect(world.rules(second) == [])
    world.append(second)
    #expect(ThreadRules.state(world.entries) == nil)
    #expect(world.rules(world.header(KindName.leadSign, by: .receiver)) == ["thread:unknown"])
  }

  @Test("Entries that claim to have seen each other keep one order")
  func impossibleCuts() throws {
    var world = try ThreadWorld()
    let transfer = world.append(world.header(KindName.leadTransfer, by: .opener))
    world.append(world.header(KindName.leadSign, by: .receiver, replyTo: transfer, seen: 9))
    world.append(world.header(KindName.recordWithdraw, by: .opener, replyTo: transfer, seen: 9))
    let direction = try #require(world.headers.first?.direction)
    let order = ThreadHistory.merge(world.entries, from: direction).map(\.id)
    #expect(order.count == 3)
    #expect(order == ThreadHistory.merge(world.entries.reversed(), from: direction).map(\.id))
    #expect(
      ThreadRules.standing(world.entries)?.acts
        == ThreadRules.standing(world.entries.reversed())?.acts)
  }

  @Test("Nothing that can be void through a crossing leads to what settles or voids")
  func wellFounded() {
    let table = ThreadTable.builtIn
    let voidable = Set(table.crossings.map(\.void) + [KindName.recordWithdraw])
    let deciding = Set(table.settlements.flatMap(\.by) + table.crossings.map(\.by))
    #expect(voidable.isDisjoint(with: deciding))
    for row in table.acts where deciding.contains(row.kind) || voidable.contains(row.kind) {
      let answered: [String] =
        switch row.answers {
        case .one(let kinds): kinds
        case .newest(let kind): [kind]
        case .opening, .nothing: []
        case .any: KindName.all
        }
      #expect(voidable.isDisjoint(with: answered), "\(row.kind)")
    }
  }
}
