import RecordSchema
import Testing

@testable import RecordModel

@Suite("Both ends of a thread agree")
struct ThreadConvergenceTests {
  /// What came of a thread.
  struct Outcome: Equatable {
    var state: ThreadState?
    var standings: [RecordID: ActStanding]
  }

  /// Whatever order they are learned in, all records are accepted, and come to the same.
  static func expectAgreement(
    _ world: ThreadWorld, _ deliveries: [[RecordHeader]], table: ThreadTable = .builtIn
  ) -> Outcome {
    let standing = ThreadRules.standing(world.entries)
    let outcome = Outcome(state: standing?.state, standings: standing?.standings ?? [:])
    for order in deliveries {
      var known: [ThreadEntry] = []
      var isAccepted = true
      for header in order {
        isAccepted =
          isAccepted
          && ThreadJudge(table: table).judge(header, epoch: 1, entries: known).isEmpty
        known.append(ThreadEntry(header, epoch: 1, refused: false))
      }
      #expect(isAccepted)
      let reference = ThreadReference(known)
      #expect(reference.state == outcome.state)
      #expect(known.allSatisfy { outcome.standings[$0.id] == reference.standing($0) })
      #expect(ThreadRules.state(known) == outcome.state)
    }
    // The same acts between agencies whose codes sort the other way round.
    let swapped = ThreadRules.standing(
      world.entries.map { entry in
        var other = entry
        other.direction = entry.direction.reversed
        return other
      })
    #expect(Outcome(state: swapped?.state, standings: swapped?.standings ?? [:]) == outcome)
    expectSense(outcome, world)
    return outcome
  }

  /// What must hold however the acts crossed.
  private static func expectSense(_ outcome: Outcome, _ world: ThreadWorld) {
    let standing = world.entries.filter { outcome.standings[$0.id] == .stands }
    func stands(_ kind: String) -> Bool { standing.contains { $0.kind == kind } }
    let ends = standing.filter { act in
      switch act.kind {
      case "lead.refuse", "lead.return", "lead.forwarded", "lead.close", "letter.reply": true
      case "consult.conclude", "record.withdraw": act.replyTo == world.thread
      default: false
      }
    }
    #expect(ends.count <= 1, "a thread ends once")
    #expect(ends.isEmpty == outcome.state?.isOpen)
    if outcome.state == .withdrawn {
      #expect(!stands("lead.accept") && !stands("lead.refuse") && !stands("letter.reply"))
    }
    // No request for review is lost: the close gives way unless another decision was contested.
    if let close = standing.first(where: { $0.kind == "lead.close" }) {
      #expect(
        !standing.contains { request in
          request.kind == "review.request" && request.replyTo == close.replyTo
            && !standing.contains { $0.kind == "review.decide" && $0.replyTo == request.id }
        })
    }
  }

  /// Where the exhaustive search begins, how deep it goes, and which kinds it draws on.
  struct Start: Sendable {
    var opening: String
    var acts: [String]
    var depth: Int
    var kinds: Set<String>
  }

  static let starts: [Start] = [
    Start(
      opening: "lead.transfer", acts: [], depth: 7,
      kinds: [
        "lead.sign", "lead.accept", "lead.refuse", "lead.decide", "lead.close", "record.withdraw",
      ]),
    Start(
      opening: "lead.forward", acts: ["lead.sign"], depth: 4,
      kinds: [
        "lead.accept", "lead.return", "lead.forwarded", "supplement.request",
        "supplement.provide", "record.withdraw",
      ]),
    Start(
      opening: "lead.transfer", acts: ["lead.sign", "supplement.request"], depth: 5,
      kinds: ["supplement.provide", "supplement.request", "lead.accept", "record.withdraw"]),
    Start(
      opening: "lead.transfer", acts: ["lead.sign", "lead.accept", "lead.decide"], depth: 5,
      kinds: ["review.request", "review.decide", "lead.decide", "lead.close", "record.withdraw"]),
    Start(
      opening: "lead.transfer", acts: ["lead.sign", "consult.open"], depth: 3,
      kinds: ["consult.note", "consult.conclude", "record.withdraw", "lead.refuse"]),
    Start(
      opening: "letter.issue", acts: [], depth: 3,
      kinds: ["letter.reply", "record.withdraw", "record.correct", "notice.remind"]),
    Start(
      opening: "consult.open", acts: [], depth: 3,
      kinds: ["consult.note", "consult.conclude", "record.withdraw", "record.correct"]),
    Start(
      opening: "notice.remind", acts: [], depth: 3,
      kinds: [
        "notice.remind", "lead.feedback", "consult.open", "consult.conclude", "record.withdraw",
      ]),
    Start(
      opening: "lead.transfer",
      acts: ["lead.sign", "supplement.request", "lead.accept", "lead.decide"], depth: 4,
      kinds: ["supplement.provide", "review.request", "lead.close", "record.withdraw"]),
  ]

  @Test("In every short thread, by every order of delivery", arguments: starts)
  func exhaustive(start: Start) throws {
    var first = try LegalWorld(opening: start.opening)
    for kind in start.acts {
      let choice = try #require(first.choices(of: [kind]).last { $0.2 == kind })
      let isSealed = first.seal(kind, by: choice.0, answering: choice.3, seeing: choice.1)
      #expect(isSealed)
    }
    var states: Set<ThreadState?> = []
    var count = 0
    func explore(_ world: LegalWorld, _ depth: Int) {
      count += 1
      let outcome = Self.expectAgreement(world.world, world.world.deliveries(limit: 1000))
      states.insert(outcome.state)
      guard depth > 0 else { return }
      for (party, size, kind, replyTo) in world.choices(of: start.kinds) {
        var next = world
        let isSealed = next.seal(kind, by: party, answering: replyTo, seeing: size)
        #expect(isSealed)
        explore(next, depth - 1)
      }
    }
    explore(first, start.depth)
    #expect(count > 30)
  }

  @Test("In long threads, by orders drawn at random", arguments: 0..<8)
  func random(seed: Int) throws {
    var random = SeededRandom(UInt64(seed) + 2026)
    var states: Set<ThreadState?> = []
    var fallen = 0
    for round in 0..<25 {
      let openings = [
        "lead.transfer", "lead.forward", "lead.transfer", "letter.issue", "consult.open",
      ]
      var world = try LegalWorld(opening: openings[round % openings.count])
      for _ in 0..<Int.random(in: 4...18, using: &random) { try Self.step(&world, &random) }
      let outcome = Self.expectAgreement(
        world.world, (0..<4).map { _ in world.world.delivery(&random) })
      states.insert(outcome.state)
      fallen += outcome.standings.values.count { $0 != .stands }
    }
    #expect(states.count >= 5, "the acts were too tame to reach more than \(states)")
    #expect(fallen >= 4, "hardly anything crossed")
  }

  /// One act of one end that has learned some of what was on its way.
  static func step(_ world: inout LegalWorld, _ random: inout SeededRandom) throws {
    let party: ThreadParty = random.chance(2) ? .opener : .receiver
    let reach = world.reach(of: party)
    let size = random.chance(3) ? reach.upperBound : UInt64.random(in: reach, using: &random)
    let known = world.known(to: party, seeing: size)
    let next = world.next(for: party, seeing: size)
    // Idle talk is as likely as everything else together.
    let idle: Set = ["notice.remind", "consult.open", "consult.note", "record.correct"]
    let weighty = next.filter { !idle.contains($0.kind) }
    if let act = (random.chance(4) ? next : weighty).randomElement(using: &random) {
      let replyTo = try #require(act.answers.randomElement(using: &random))
      let isSealed = world.seal(act.kind, by: party, answering: replyTo, seeing: size)
      #expect(isSealed)
    }
    // What is not among the next acts is refused, and what is refused is not among them.
    let kind = try #require(KindName.all.randomElement(using: &random))
    guard let target = known.randomElement(using: &random)?.id, !KindName.isSystem(kind) else {
      return
    }
    var copy = world
    let isNext = copy.next(for: party, seeing: size)
      .contains { $0.kind == kind && $0.answers.contains(target) }
    let isSealed = copy.seal(kind, by: party, answering: target, seeing: size)
    #expect(isSealed == isNext, "\(kind)")
  }
}
