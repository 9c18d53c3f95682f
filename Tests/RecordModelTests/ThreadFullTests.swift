import RecordSchema
import Testing

@testable import RecordModel

@Suite("A thread that is full")
struct ThreadFullTests {
  /// A thread into which its opener has sent as many reminders as it takes.
  private static func full(_ limit: Int = ThreadRules.asideLimit) throws -> ThreadScenario {
    var story = try ThreadScenario(Story.signed)
    let opening = story.newest("lead.transfer")
    for _ in 0..<limit {
      story.append(story.world.header("notice.remind", by: .opener, replyTo: opening))
    }
    return story
  }

  @Test("It takes nothing more of that end that changes no state, and everything else")
  func full() throws {
    var story = try Self.full(ThreadRules.asideLimit - 1)
    #expect(story.rules("O notice.remind lead.transfer") == "")
    story = try Self.full()
    #expect(story.rules("O notice.remind lead.transfer") == "full")
    #expect(story.rules("O consult.open lead.transfer") == "full")
    #expect(story.rules("O record.correct lead.transfer") == "full")
    #expect(story.rules("O record.withdraw lead.transfer") == "")
    #expect(story.rules("R notice.remind lead.transfer") == "")
    #expect(story.rules("R lead.accept lead.sign") == "")
    #expect(story.next(.opener) == "record.withdraw(lead.transfer)")
    #expect(story.next(.receiver).contains("notice.remind(lead.transfer)"))
  }

  @Test("The violation names the limit and what may still come")
  func message() throws {
    let story = try Self.full()
    var world = story.world
    let header = world.header("notice.remind", by: .opener, replyTo: story.newest("lead.transfer"))
    let found = ThreadRules.judge(header, epoch: 1, entries: world.entries)
    #expect(found.map(\.pointer) == ["/thread"])
    #expect(found.first?.message.contains("1000 records that change no state") == true)
    #expect(found.first?.message.contains("the opener may send record.withdraw;") == true)
    #expect(found.first?.messageZH.contains("上限1000份") == true)
  }

  @Test("What fell counts, what was refused does not")
  func fallen() throws {
    let table = ThreadTable(
      acts: ThreadTable.builtIn.acts, settlements: ThreadTable.builtIn.settlements,
      crossings: ThreadTable.builtIn.crossings, asideLimit: 4)
    var story = try ThreadScenario(
      "\(Story.signed), R consult.open lead.transfer, R consult.note consult.open,"
        + " R record.withdraw consult.open")
    func rules(_ kind: String, _ answered: String) -> [String] {
      let header = story.world.header(kind, by: .receiver, replyTo: story.newest(answered))
      return ThreadJudge(table: table).judge(header, epoch: 1, entries: story.world.entries)
        .map(\.rule)
    }
    story.world.append(
      story.world.header(
        "notice.remind", by: .receiver, replyTo: story.newest("lead.transfer")), refused: true)
    #expect(rules("consult.open", "lead.transfer") == [])
    story.append(
      story.world.header("consult.open", by: .receiver, replyTo: story.newest("lead.transfer")))
    #expect(rules("consult.note", "consult.open") == ["thread:full"])
    #expect(rules("lead.refuse", "lead.sign") == [])
  }

  @Test("Both ends agree on when, by orders drawn at random", arguments: 0..<4)
  func agreement(seed: Int) throws {
    var random = SeededRandom(UInt64(seed) + 7)
    let limit = 3
    let builtIn = ThreadTable.builtIn
    let table = ThreadTable(
      acts: builtIn.acts, settlements: builtIn.settlements, crossings: builtIn.crossings,
      asideLimit: limit)
    var full = 0
    for round in 0..<20 {
      let openings = ["lead.transfer", "letter.issue", "consult.open", "notice.remind"]
      var world = try LegalWorld(opening: openings[round % openings.count], table: table)
      for _ in 0..<24 { try ThreadConvergenceTests.step(&world, &random) }
      _ = ThreadConvergenceTests.expectAgreement(
        world.world, (0..<4).map { _ in world.world.delivery(&random) }, table: table)
      let reference = ThreadReference(world.world.entries)
      for party in ThreadParty.allCases {
        let way = world.world.entries[0].direction
        let direction = party == .opener ? way : way.reversed
        #expect(reference.asides(direction) <= limit)
        guard reference.asides(direction) == limit else { continue }
        full += 1
        let size = world.reach(of: party).upperBound
        let rows = world.next(for: party, seeing: size).flatMap { table.rows($0.kind) }
        #expect(rows.allSatisfy { row in table.rows(row.kind).contains { $0.next != nil } })
      }
    }
    #expect(full > 5, "hardly any thread was full")
  }
}
