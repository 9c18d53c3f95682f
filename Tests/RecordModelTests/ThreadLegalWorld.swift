import RecordSchema

@testable import RecordModel

/// Two ends that each judge their own acts at what they have seen, and seal only what is allowed.
struct LegalWorld {
  private(set) var world: ThreadWorld
  /// How much of the other end's log each end has seen.
  private var seen: [ThreadParty: UInt64] = [.opener: 0, .receiver: 0]
  private let table: ThreadTable

  init(opening: String, table: ThreadTable = .builtIn) throws {
    self.table = table
    world = try ThreadWorld()
    world.append(world.header(opening, by: .opener))
  }

  private func count(_ party: ThreadParty) -> UInt64 {
    party == .opener ? world.counts.opener : world.counts.receiver
  }

  /// What an end may still learn: lengths of the other's log, from what it has seen on.
  func reach(of party: ThreadParty) -> ClosedRange<UInt64> {
    (seen[party] ?? 0)...count(party.other)
  }

  /// What one end knows that has seen `size` of the other log.
  func known(to party: ThreadParty, seeing size: UInt64) -> [ThreadEntry] {
    let direction = world.entries[0].direction
    let own = party == .opener ? direction : direction.reversed
    return world.entries.filter { $0.direction == own || $0.seq < size }
  }

  /// Seals an act at the end that has seen `size` of the other log; false, and nothing done, when
  /// its own judgement forbids it.
  mutating func seal(
    _ kind: String, by party: ThreadParty, answering replyTo: RecordID, seeing size: UInt64
  ) -> Bool {
    let header = world.header(
      kind, by: party == .opener ? .opener : .receiver, replyTo: replyTo, seen: size)
    guard
      ThreadJudge(table: table)
        .judge(header, epoch: 1, entries: known(to: party, seeing: size)).isEmpty
    else { return false }
    world.append(header)
    seen[party] = size
    return true
  }

  /// What an end may send next that has seen `size` of the other log.
  func next(for party: ThreadParty, seeing size: UInt64) -> [NextAct] {
    ThreadHistory(known(to: party, seeing: size), table: table)?.allowedNext(for: party) ?? []
  }

  /// Every act that could be sealed next, at every cut.
  func choices(of kinds: Set<String>) -> [(ThreadParty, UInt64, String, RecordID)] {
    ThreadParty.allCases.flatMap { party in
      reach(of: party).flatMap { size in
        next(for: party, seeing: size)
          .filter { kinds.contains($0.kind) }
          .flatMap { act in act.answers.map { (party, size, act.kind, $0) } }
      }
    }
  }
}

extension ThreadWorld {
  /// The orders in which the records can be learned: each log in order, and no record before what
  /// its sender had seen. At most `limit`; all of them where there are no more.
  func deliveries(limit: Int) -> [[RecordHeader]] {
    let direction = entries[0].direction
    let logs = [direction, direction.reversed].map { way in
      headers.filter { $0.direction == way }
    }
    var found: [[RecordHeader]] = []
    func extend(_ taken: [RecordHeader], _ next: [Int]) {
      if found.count >= limit { return }
      if taken.count == headers.count { return found.append(taken) }
      for side in 0...1 where next[side] < logs[side].count {
        let header = logs[side][next[side]]
        guard header.seen.size <= UInt64(next[1 - side]) else { continue }
        extend(taken + [header], side == 0 ? [next[0] + 1, next[1]] : [next[0], next[1] + 1])
      }
    }
    extend([], [0, 0])
    return found
  }

  /// One such order, drawn at random.
  func delivery(_ random: inout SeededRandom) -> [RecordHeader] {
    let direction = entries[0].direction
    var logs = [direction, direction.reversed].map { way in
      ArraySlice(headers.filter { $0.direction == way })
    }
    var taken: [RecordHeader] = []
    func isReady(_ side: Int) -> Bool {
      guard let header = logs[side].first else { return false }
      return logs[1 - side].first.map { $0.seq >= header.seen.size } ?? true
    }
    while let side = [0, 1].shuffled(using: &random).first(where: isReady) {
      taken.append(logs[side].removeFirst())
    }
    return taken
  }
}
