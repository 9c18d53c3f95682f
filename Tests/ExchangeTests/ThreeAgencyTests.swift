import Exchange
import RecordModel
import SanxiangTesting
import Testing

/// Agencies that act as they please in threads of every kind, while what they send takes its time.
final class ThreeAgencies {
  let world: TestWorld
  let random: SeededRandom
  /// How often each of these came about.
  private(set) var counts: [String: Int] = [:]
  /// The threads that were opened, and between whom.
  private var threads: [(id: RecordID, from: Int, to: Int)] = []
  private var number = 0
  private var size: Int { world.nodes.count }

  init(seed: Int, agencies: Int) throws {
    let roles: [AgencyRole] = [.enforcement, .discipline, .procuratorate]
    var limits = ExchangeLimits()
    limits.batchRecords = 3
    world = try TestWorld(
      roles: Array(roles.prefix(agencies)), limits: limits, seed: UInt64(seed))
    random = SeededRandom(seed: UInt64(seed) &+ 4711)
  }

  /// One thing that happens, by chance.
  func step() throws {
    switch random.below(20) {
    case 0: try open()
    case 1..<11: try act()
    case 11: try forward()
    case 12: try sendAgain()
    case 13: cutOrConnect()
    case 14 where random.below(2) == 0: try world.crashAndRestart(random.below(size))
    case 14: world.advance(milliseconds: UInt32(random.below(5000)))
    default: for _ in 0..<(1 + random.below(12)) { _ = world.randomStep(random.below) }
    }
  }

  private func other(than one: Int) -> Int { (one + 1 + random.below(size - 1)) % size }

  private func cutOrConnect() {
    let one = random.below(size)
    let other = other(than: one)
    if random.below(3) == 0 { world.cut(one, other) } else { world.connect(one, other) }
  }

  private func pick<List: RandomAccessCollection>(_ list: List) -> List.Element? {
    list.isEmpty ? nil : list[list.index(list.startIndex, offsetBy: random.below(list.count))]
  }

  private func view(_ id: RecordID, at number: Int) throws -> ThreadView? {
    let node = world.nodes[number].node
    // It may not have arrived.
    return try? world.call { try await node.thread(id) }
  }

  /// A submission that its node may refuse, but only for a reason that is to be expected.
  private func attempt(
    _ what: String, from: Int, to: Int, _ body: () throws -> RecordID?
  ) throws {
    do {
      if let opened = try body() { threads.append((opened, from, to)) }
      counts[what, default: 0] += 1
    } catch let error as ExchangeError {
      #expect([.invalidRecord, .notFound, .forwardOriginal].contains(error.code), "\(error)")
      counts["refused", default: 0] += 1
    }
  }

  private func open() throws {
    let from = random.below(size)
    let to = other(than: from)
    number += 1
    let about = pick(threads)?.id ?? SubmittingTests.nowhere
    let choices = [
      (KindName.leadTransfer, SamplePayload.transfer(number)),
      (KindName.leadTransfer, SamplePayload.transfer(number)),
      (KindName.leadTransfer, SamplePayload.transfer(number)),
      (KindName.leadTransfer, SamplePayload.transfer(number)),
      (KindName.letterIssue, SamplePayload.letter),
      (KindName.consultOpen, SamplePayload.act(KindName.consultOpen) ?? []),
      (KindName.noticeRemind, SamplePayload.supervision(of: "\(about)")),
    ]
    let (kind, payload) = choices[random.below(choices.count)]
    try attempt(kind, from: from, to: to) {
      try world.open(kind, payload, from: from, to: to)
    }
  }

  private func act() throws {
    let by = random.below(size)
    // Mostly in what is new.
    let own = threads.filter { $0.from == by || $0.to == by }
    guard let thread = pick(random.below(3) == 0 ? own[...] : own.suffix(3)),
      let view = try view(thread.id, at: by)
    else { return }
    // Most acts lead a thread on, some are idle or take it back, and now and then comes nonsense.
    let idle = [
      "notice.remind", "consult.open", "consult.note", "record.correct", "record.withdraw",
    ]
    let weighty = view.allowedNext.filter { !idle.contains($0) && $0 != KindName.leadForwarded }
    let kinds =
      random.below(8) == 0 ? KindName.all : random.below(6) == 0 ? view.allowedNext : weighty
    guard let kind = pick(kinds), !KindName.isSystem(kind) else { return }
    let node = world.nodes[by].node
    let sent = view.records.map(\.summary).filter { $0.from == node.code }.map(\.id)
    let takesBack = kind == KindName.recordWithdraw || kind == KindName.recordCorrect
    let target = takesBack ? pick(sent) ?? thread.id : thread.id
    let payload =
      switch kind {
      case KindName.recordWithdraw: SamplePayload.withdrawal(of: "\(target)")
      case KindName.recordCorrect:
        SamplePayload.correction(of: "\(target)", "lead.transfer/1", SamplePayload.transfer())
      default: SamplePayload.act(kind, number) ?? SamplePayload.letter
      }
    try attempt(kind, from: by, to: by) {
      try world.call { _ = try await node.act(kind: kind, on: target, payload: payload) }
      return nil
    }
  }

  private func forward() throws {
    let by = random.below(size)
    let received = threads.filter { $0.to == by }.suffix(6)
    // Nearly always one that can be.
    let signed = try received.filter { try view($0.id, at: by)?.state == .signed }
    guard size > 2, let thread = pick(signed) ?? pick(received) else { return }
    let to = other(than: by)
    try attempt("forward", from: by, to: to) {
      try world.forward(thread.id, by: by, to: to).forward.id
    }
  }

  private func sendAgain() throws {
    let from = random.below(size)
    let sent = threads.filter { $0.from == from }.suffix(6)
    let back: [ThreadState?] = [.returned, .refused, .withdrawn]
    let returned = try sent.filter { back.contains(try view($0.id, at: from)?.state) }
    guard let previous = pick(returned) ?? pick(sent) else { return }
    let to = random.below(3) == 0 ? other(than: from) : previous.to
    number += 1
    let payload = SamplePayload.transfer(number, again: "\(previous.id)")
    try attempt("again", from: from, to: to) {
      try world.open(KindName.leadTransfer, payload, from: from, to: to)
    }
  }

  /// Everything that is on its way arrives.
  func rest() throws {
    for one in 0..<size {
      for other in 0..<one { world.cut(one, other) }
    }
    try world.settle()
    for number in 0..<size { try world.tick(number) }
    try world.settle()
  }
}

@Suite("Agencies that act as they please")
struct ThreeAgencyTests {
  /// What one end says of a thread.
  private struct Account: Equatable {
    var state: ThreadState?
    var standings: [RecordID: ActStanding]
    var order: [RecordID]
    var next: [NextView]
  }

  private func account(_ world: TestWorld, _ id: RecordID, at number: Int) throws -> Account {
    let node = world.nodes[number].node
    let view = try world.call { try await node.thread(id) }
    return Account(
      state: view.state, standings: view.standings,
      order: view.records.filter { $0.standing != nil }.map(\.summary.id), next: view.next)
  }

  @Test(
    "Whatever they do and however late it arrives, both ends of every thread agree",
    arguments: [(2, 0), (2, 1), (3, 4), (3, 5), (3, 7), (3, 8), (3, 9)])
  func agreement(_ agencies: Int, _ seed: Int) throws {
    let agency = try ThreeAgencies(seed: seed, agencies: agencies)
    let world = agency.world
    try world.connectAll()
    for _ in 0..<300 { try agency.step() }
    try agency.rest()
    #expect(try world.brokenInvariants() == [])
    try expectEqualEnds(world)
    let snapshots = try world.nodes.map { try $0.snapshot() }
    for snapshot in snapshots { #expect(snapshot.channels.allSatisfy { $0.halt == nil }) }
    var compared = 0
    for (one, snapshot) in snapshots.enumerated() {
      for entry in snapshot.index where entry.id == entry.thread && entry.state != nil {
        let holders = snapshots.indices.filter { number in
          snapshots[number].index.contains { $0.id == entry.id }
        }
        #expect(holders.count == 2)
        guard let other = holders.first(where: { $0 > one }) else { continue }
        #expect(try account(world, entry.id, at: one) == account(world, entry.id, at: other))
        compared += 1
      }
    }
    #expect(compared > 6)
    try expectLineage(world)
    // The agencies did something worth comparing.
    #expect(agency.counts.keys.count > 9, "\(agency.counts)")
    #expect(agency.counts.values.reduce(0, +) > 50)
    #expect(agency.counts["refused", default: 0] > 0)
  }

  /// What forwardings and repetitions say of other threads is so.
  private func expectLineage(_ world: TestWorld) throws {
    for number in world.nodes.indices {
      let snapshot = try world.nodes[number].snapshot()
      for state in snapshot.channels where state.role == .outbound {
        for record in snapshot.records[state.number] ?? [] where !record.refused {
          let header = try RecordHeader(parsing: record.header)
          let payload = try #require(record.payload)
          switch header.kind {
          case KindName.leadForward:
            let carried = try #require(LeadForward(reading: payload))
            let original = try RecordHeader(parsing: carried.header)
            #expect(original.to == header.from)
            #expect(snapshot.index.contains { $0.id == original.id && $0.thread == $0.id })
          case KindName.leadForwarded:
            let notice = try #require(LeadForwarded(reading: payload))
            let onward = try #require(world.nodes.first { $0.code == notice.receiver })
            // It is there, or it died in the outbox after the notice had gone.
            let isThere = try onward.snapshot().index.contains { $0.id == notice.linkedThread }
            #expect(isThere || snapshot.dead.contains { $0.id == notice.linkedThread })
          case KindName.leadTransfer:
            guard let previous = LeadTransfer(reading: payload)?.previous else { continue }
            let former = try #require(snapshot.index.first { $0.id == previous })
            let channel = snapshot.channels.first { $0.number == former.position.channel }
            #expect(former.thread == previous && channel?.role == .outbound)
          default: continue
          }
        }
      }
    }
  }

  @Test("A lead goes from agency to agency, and each can tell whence it came")
  func lineage() throws {
    let world = try ForwardTests.world()
    // Returned, sent again to the same agency, forwarded by that one, returned by the third.
    let first = try world.lead([KindName.leadSign, KindName.leadReturn])
    let second = try world.open(
      KindName.leadTransfer, SamplePayload.transfer(2, again: "\(first)"))
    try world.settle()
    try world.act(KindName.leadSign, on: second)
    try world.settle()
    let onward = try world.forward(second).forward.id
    try world.settle()
    try world.act(KindName.leadSign, on: onward, by: 2)
    try world.act(KindName.leadReturn, on: onward, by: 2)
    try world.settle()
    // The forwarder may send its forwarding again as a lead of its own, to the third or the first.
    for to in [2, 0] {
      let again = try world.open(
        KindName.leadTransfer, SamplePayload.transfer(3, again: "\(onward)"), from: 1, to: to)
      try world.settle()
      #expect(try world.state(again, at: to) == .transferred)
    }
    // The first sender's lead was forwarded, which does not bring it back.
    let sending = Sending(
      kind: KindName.leadTransfer, payload: SamplePayload.transfer(4, again: "\(second)"), to: 2)
    #expect(try world.submissionRules(sending) == ["record.invalid", "thread:previous"])
    // What was returned goes to another agency too, which knows nothing of it.
    let third = try world.open(
      KindName.leadTransfer, SamplePayload.transfer(5, again: "\(first)"), to: 2)
    try world.settle()
    #expect(try world.state(third, at: 2) == .transferred)
    func lineage(_ id: RecordID, at number: Int) throws -> Set<String> {
      let node = world.nodes[number].node
      let links = try world.call { try await node.thread(id) }.lineage
      return Set(
        links.map { "\($0.relation)\($0.isStatedByOther ? "Of" : "") \($0.thread)" })
    }
    #expect(try lineage(second, at: 0) == ["previous \(first)", "forwarded \(onward)"])
    #expect(
      try lineage(second, at: 1)
        == ["previous \(first)", "forwarded \(onward)", "forwardOf \(onward)"])
    #expect(try lineage(onward, at: 2).contains("forward \(second)"))
    #expect(try lineage(third, at: 2) == ["previous \(first)"])
    try expectEqualEnds(world)
    for node in world.nodes { #expect(try node.snapshot().dead.isEmpty) }
  }
}
