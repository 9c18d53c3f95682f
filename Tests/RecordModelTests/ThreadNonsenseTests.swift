import Cryptography
import RecordSchema
import Testing

@testable import RecordModel

@Suite("Both ends judge nonsense alike")
struct ThreadNonsenseTests {
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
    _ logs: [[Sealed]], _ random: inout SeededRandom
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
      let broken = ThreadRules.judge(sealed.header, epoch: sealed.epoch, entries: known)
      verdicts["\(side) \(sealed.epoch) \(sealed.header.seq)"] = broken.map(\.description)
      known.append(
        ThreadEntry(
          sealed.header, epoch: sealed.epoch, refused: sealed.isBad || !broken.isEmpty))
    }
    return (verdicts, ThreadRules.state(known.shuffled(using: &random)))
  }

  @Test("Whatever order the records were learned in, verdicts and state are the same")
  func convergence() throws {
    var random = SeededRandom(2026)
    let kinds = [
      KindName.leadTransfer, KindName.leadSign, KindName.leadAccept, KindName.leadRefuse,
      KindName.leadReturn, KindName.leadDecide, KindName.supplementRequest,
      KindName.supplementProvide, KindName.recordWithdraw, KindName.recordCorrect,
      KindName.noticeRemind, KindName.systemRefusal, "lead.dream",
    ]
    var states: Set<ThreadState?> = []
    for _ in 0..<200 {
      let logs = try Self.sealRandomly(&random, kinds: kinds, count: 24)
      let first = Self.verdicts(logs, &random)
      #expect(first.verdicts.count == 24)
      for _ in 0..<4 {
        let other = Self.verdicts(logs, &random)
        #expect(other.verdicts == first.verdicts)
        #expect(other.state == first.state)
      }
      states.insert(first.state)
    }
    #expect(states.count >= 5, "the acts were too senseless to reach \(states)")
  }
}
