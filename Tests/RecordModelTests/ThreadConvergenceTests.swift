import Cryptography
import RecordSchema
import Testing

@testable import RecordModel

/// A table with acts of both ends and with crossings, to try the interpreter on more than the
/// five kinds.
let crossingBook = ThreadRuleBook(
  acts: [
    ActRule(
      kind: KindName.leadTransfer, titleZH: "移送", party: .opener, after: [], answers: [],
      state: .transferred),
    ActRule(
      kind: KindName.leadSign, titleZH: "签收", party: .receiver, after: [.transferred],
      answers: [KindName.leadTransfer], state: .signed),
    ActRule(
      kind: KindName.leadAccept, titleZH: "受理", party: .receiver,
      after: [.transferred, .signed], answers: [KindName.leadTransfer, KindName.leadSign],
      state: .accepted),
    ActRule(
      kind: "ask", titleZH: "询问", party: .receiver, after: [.signed],
      answers: [KindName.leadSign], state: .signed),
    ActRule(
      kind: "note", titleZH: "说明", party: .opener, after: [.signed, .accepted],
      answers: [KindName.leadSign, KindName.leadAccept], state: .accepted),
    ActRule(
      kind: "withdraw", titleZH: "撤回", party: .opener, after: [.transferred, .signed],
      answers: [KindName.leadTransfer], state: .returned),
  ],
  crossings: [
    CrossingRule(standing: "withdraw", void: KindName.leadSign),
    CrossingRule(standing: KindName.leadAccept, void: "withdraw"),
  ])

@Suite("Both ends of a thread agree")
struct ThreadConvergenceTests {
  /// A record in flight: who may have learned it is up to the ends.
  struct Sealed {
    var header: RecordHeader
    var epoch: UInt32
    /// Its payload breaks a rule, which both ends find out alike.
    var isBad: Bool
  }

  /// Two logs full of more or less senseless acts, with arbitrary but never decreasing `seen`.
  static func sealRandomly(
    _ random: inout SeededRandom, kinds: [String], count: Int
  ) throws -> [[Sealed]] {
    let directions = [
      Direction(from: try Samples.enforcement(), to: try Samples.procuratorate()),
      Direction(from: try Samples.procuratorate(), to: try Samples.enforcement()),
    ]
    var logs: [[Sealed]] = [[], []]
    var position = [Seen(epoch: 1, size: 0), Seen(epoch: 1, size: 0)]
    var seen = position
    // How many of the other log's records each end's `seen` stands for.
    let thread = Samples.id(&random)
    var ids = [thread]
    for _ in 0..<count {
      let side = random.chance(2) ? 0 : 1
      if random.chance(12) { position[side] = Seen(epoch: position[side].epoch + 1, size: 0) }
      let reachable = logs[1 - side].map { Seen(epoch: $0.epoch, size: $0.header.seq + 1) }
        .filter { $0 >= seen[side] }
      if let next = reachable.randomElement(using: &random), !random.chance(3) { seen[side] = next }
      let kind = kinds.randomElement(using: &random) ?? KindName.leadTransfer
      let opens = kind == KindName.leadTransfer && !random.chance(6)
      let id = opens && !ids.dropFirst().contains(thread) ? thread : Samples.id(&random)
      logs[side].append(
        Sealed(
          header: RecordHeader(
            id: id, from: directions[side].from, to: directions[side].to, seq: position[side].size,
            prev: .zero, time: Samples.time, seen: seen[side], directory: 1, kind: kind,
            schema: "\(kind)/1", thread: thread,
            replyTo: opens ? nil : ids.randomElement(using: &random), urgency: .normal,
            payload: PayloadReference(commitment: .zero, size: 2)),
          epoch: position[side].epoch, isBad: random.chance(10)))
      position[side].size += 1
      ids.append(id)
    }
    return logs
  }

  /// One end's verdicts, having learned the records in an order of its own: each log in order, and
  /// no record before what its sender had seen.
  static func verdicts(
    _ logs: [[Sealed]], _ book: ThreadRuleBook, _ random: inout SeededRandom
  ) -> (verdicts: [String: [String]], state: ThreadState?) {
    var known: [ThreadEntry] = []
    var next = [0, 0]
    var verdicts: [String: [String]] = [:]
    func isReady(_ side: Int) -> Bool {
      guard next[side] < logs[side].count else { return false }
      let seen = logs[side][next[side]].header.seen
      return next[1 - side] >= logs[1 - side].count
        || Seen(
          epoch: logs[1 - side][next[1 - side]].epoch,
          size: logs[1 - side][next[1 - side]].header.seq) >= seen
    }
    while let side = [0, 1].shuffled(using: &random).first(where: isReady) {
      let sealed = logs[side][next[side]]
      next[side] += 1
      known.shuffle(using: &random)
      let broken = book.judge(sealed.header, epoch: sealed.epoch, entries: known)
      verdicts["\(side) \(sealed.epoch) \(sealed.header.seq)"] = broken.map(\.description)
      known.append(
        ThreadEntry(
          sealed.header, epoch: sealed.epoch, refused: sealed.isBad || !broken.isEmpty))
    }
    return (verdicts, book.state(known.shuffled(using: &random)))
  }

  @Test("Whatever order the records were learned in, verdicts and state are the same")
  func convergence() throws {
    var random = SeededRandom(2026)
    let tables: [(ThreadRuleBook, [String])] = [
      (
        .builtIn,
        [
          KindName.leadTransfer, KindName.leadSign, KindName.leadAccept, KindName.leadRefuse,
          KindName.leadReturn, KindName.systemRefusal, "lead.dream",
        ]
      ),
      (
        crossingBook,
        [KindName.leadTransfer, KindName.leadSign, KindName.leadAccept, "withdraw", "note", "ask"]
      ),
    ]
    var states: Set<ThreadState?> = []
    for round in 0..<600 {
      let (book, kinds) = tables[round % 2]
      let logs = try Self.sealRandomly(&random, kinds: kinds, count: 24)
      let first = Self.verdicts(logs, book, &random)
      #expect(first.verdicts.count == 24)
      for _ in 0..<4 {
        let other = Self.verdicts(logs, book, &random)
        #expect(other.verdicts == first.verdicts)
        #expect(other.state == first.state)
      }
      states.insert(first.state)
    }
    #expect(states.count >= 5, "the acts were too senseless to reach \(states)")
  }

  @Test("Of two acts that crossed one is void, with what answers it; crossing alone refuses none")
  func crossings() throws {
    var world = try ThreadWorld()
    let transfer = world.append(world.header(KindName.leadTransfer, by: .opener))
    let sign = world.header(KindName.leadSign, by: .receiver, replyTo: transfer, seen: 1)
    let withdraw = world.header("withdraw", by: .opener, replyTo: transfer, seen: 0)
    #expect(world.rules(sign, book: crossingBook).isEmpty)
    #expect(world.rules(withdraw, book: crossingBook).isEmpty)
    world.append(sign)
    world.append(withdraw)
    #expect(crossingBook.state(world.entries) == .returned)
    // The receiver goes on before it learns of the withdrawal: this answers a void act.
    let onward = world.header("ask", by: .receiver, replyTo: sign.id, seen: 1)
    #expect(world.rules(onward, book: crossingBook).isEmpty)
    // Having learned of it, it may not.
    let late = world.header("ask", by: .receiver, replyTo: sign.id, seen: 2)
    #expect(world.rules(late, book: crossingBook) == ["thread:answers", "thread:successor"])
    world.append(onward)
    #expect(crossingBook.state(world.entries) == .returned)
    #expect(crossingBook.state(world.entries.reversed()) == .returned)
  }

  @Test("A crossing is decided by the table, not by the order of arrival")
  func crossingTheOtherWay() throws {
    var world = try ThreadWorld()
    let transfer = world.append(world.header(KindName.leadTransfer, by: .opener))
    let accept = world.header(KindName.leadAccept, by: .receiver, replyTo: transfer, seen: 1)
    let withdraw = world.header("withdraw", by: .opener, replyTo: transfer, seen: 0)
    world.append(accept)
    world.append(withdraw)
    #expect(crossingBook.state(world.entries) == .accepted)
    #expect(crossingBook.state(world.entries.reversed()) == .accepted)
    // The note answers what stands.
    let note = world.header("note", by: .opener, replyTo: accept.id)
    #expect(world.rules(note, book: crossingBook).isEmpty)
    // Had the withdrawal been sent in knowledge of the acceptance, it had been refused.
    let late = world.header("withdraw", by: .opener, replyTo: transfer)
    #expect(world.rules(late, book: crossingBook) == ["thread:successor"])
  }

  @Test("A void act voids nothing, and a circle is broken alike at both ends")
  func voidActs() throws {
    var world = try ThreadWorld()
    let transfer = world.append(world.header(KindName.leadTransfer, by: .opener))
    let sign = world.append(
      world.header(KindName.leadSign, by: .receiver, replyTo: transfer, seen: 1))
    var circle = world
    // This acceptance voids the withdrawal, so that the signature for the lead stands.
    world.append(world.header(KindName.leadAccept, by: .receiver, replyTo: transfer, seen: 1))
    world.append(world.header("withdraw", by: .opener, replyTo: transfer, seen: 0))
    #expect(crossingBook.history(world.entries)?.acts.map(\.id).contains(sign) == true)
    #expect(crossingBook.state(world.entries) == .accepted)
    // This one rests on the signature that the withdrawal voids, and would void the withdrawal.
    circle.append(circle.header(KindName.leadAccept, by: .receiver, replyTo: sign, seen: 1))
    circle.append(circle.header("withdraw", by: .opener, replyTo: transfer, seen: 0))
    let state = crossingBook.state(circle.entries)
    #expect(state != nil)
    #expect(crossingBook.state(circle.entries.reversed()) == state)
  }

  @Test("Entries that claim to have seen each other end no loop and keep one order")
  func impossibleCuts() throws {
    var world = try ThreadWorld()
    let transfer = world.append(world.header(KindName.leadTransfer, by: .opener))
    world.append(world.header(KindName.leadSign, by: .receiver, replyTo: transfer, seen: 9))
    world.append(world.header("withdraw", by: .opener, replyTo: transfer, seen: 9))
    world.append(world.header(KindName.leadAccept, by: .receiver, replyTo: transfer, seen: 9))
    let order = ThreadRuleBook.merge(world.entries).map(\.id)
    #expect(order.count == 4)
    #expect(order == ThreadRuleBook.merge(world.entries.reversed()).map(\.id))
  }
}
