import Cryptography
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

@testable import Exchange

@Suite("When a head is shown, and what is cosigned")
struct HeadSenderTests {
  static let second: UInt64 = 1_000_000_000

  static func sent(_ size: UInt64, epoch: UInt32 = 1) -> HeadSender.Sent {
    let origin = JournalOrigin(
      federation: ThrowawayFederation.name, code: SampleAgency.code(1), epoch: epoch)
    return HeadSender.Sent(origin: origin, size: size, note: [1])
  }

  /// `#expect` takes no call that changes its receiver.
  func expect<V: Equatable>(
    _ value: V, _ expected: V, location: SourceLocation = #_sourceLocation
  ) {
    #expect(value == expected, sourceLocation: location)
  }

  @Test("One head is on its way at a time, and the next waits for its interval")
  func oneAtATime() {
    var sender = HeadSender(intervalMilliseconds: 10_000, held: nil)
    expect(sender.begin(epoch: 1, size: 0, now: 5), false)
    expect(sender.begin(epoch: 1, size: 3, now: 5), true)
    expect(sender.begin(epoch: 1, size: 4, now: 60 * Self.second), false)
    sender.left(Self.sent(3))
    expect(sender.begin(epoch: 1, size: 4, now: 60 * Self.second), false)
    expect(sender.answered(Self.sent(3, epoch: 2).origin), nil)
    expect(sender.answered(Self.sent(3).origin), Self.sent(3))
    expect(sender.answered(Self.sent(3).origin), nil)
    sender.holds(epoch: 1, size: 3)
    expect(sender.begin(epoch: 1, size: 4, now: 5 + 10 * Self.second - 1), false)
    expect(sender.begin(epoch: 1, size: 4, now: 5 + 10 * Self.second), true)
    sender.failed()
    expect(sender.begin(epoch: 1, size: 4, now: 5 + 20 * Self.second), true)
  }

  @Test("What is held of another epoch counts for nothing, and an older one is not gone back to")
  func epochs() {
    var sender = HeadSender(intervalMilliseconds: 0, held: (2, 7))
    #expect(sender.heldSize(2) == 7 && sender.heldSize(1) == 0 && sender.heldSize(3) == 0)
    expect(sender.begin(epoch: 2, size: 7, now: 1), false)
    sender.holds(epoch: 1, size: 99)
    #expect(sender.heldSize(2) == 7)
    sender.holds(epoch: 3, size: 1)
    #expect(sender.heldSize(3) == 1 && sender.heldSize(2) == 0)
  }

  @Test("A correction is followed at once, but not a correction of it")
  func corrections() {
    var sender = HeadSender(intervalMilliseconds: 10_000, held: nil)
    let steps: [(now: UInt64, begins: Bool)] = [
      (1, true), (2, true), (3, false), (2 + 10 * Self.second, true), (3 + 10 * Self.second, true),
    ]
    for (number, step) in steps.enumerated() {
      expect(sender.begin(epoch: 1, size: 99, now: step.now), step.begins)
      guard step.begins else { continue }
      sender.left(Self.sent(99))
      expect(sender.answered(Self.sent(99).origin), Self.sent(99))
      sender.corrected(epoch: 1, size: UInt64(number + 5))
      #expect(sender.heldSize(1) == UInt64(number + 5))
    }
  }

  @Test("An allowance is some at once, then one a second, never more than at first")
  func allowance() {
    var allowance = HeadAllowance()
    let times: [(UInt64, Bool)] = [
      (0, true), (0, true), (0, false), (Self.second - 1, false), (Self.second, true),
      (Self.second, false), (90 * Self.second, true), (90 * Self.second, true),
      (90 * Self.second, false),
    ]
    for (number, time) in times.enumerated() {
      let taken = allowance.take(burst: 2, now: time.0)
      #expect(taken == time.1, "\(number)")
    }
  }

  /// Whatever is shown in whatever order, what a witness cosigns of one epoch is one history.
  @Test("A witness never cosigns two histories", arguments: 0..<40)
  func oneHistory(_ seed: Int) throws {
    let random = SeededRandom(seed: UInt64(seed) &+ 99)
    let identity = try ThrowawayFederation(roles: [.discipline]).members[0].identity
    var histories = [MadeJournal(identity, count: 5)]
    var cosigned: [(size: Int, root: Digest)] = []
    var held: WitnessedHead?
    for _ in 0..<60 {
      // A history grows, or another one leaves it somewhere.
      let which = random.below(histories.count)
      if random.below(4) == 0 {
        var fork = histories[which]
        fork.leaves.removeLast(random.below(fork.leaves.count))
        fork.grow("\(seed) \(histories.count)", 1 + random.below(5))
        histories.append(fork)
      } else {
        histories[which].grow("\(seed)", random.below(4))
      }
      let journal = histories[random.below(histories.count)]
      let size = 1 + random.below(journal.leaves.count)
      let old = random.below(3) == 0 ? random.below(size + 1) : min(Int(held?.size ?? 0), size)
      let head = try journal.head(size, from: old)
      let (note, checkpoint) = try Checkpoint.signed(parsing: head.note)
      let checked = CheckedJournalHead(
        origin: journal.origin, checkpoint: checkpoint, note: note, oldSize: head.oldSize,
        proof: head.proof)
      let verdict = WitnessVerdict.judge(
        checked, sameEpoch: held, newest: held.map { (1, $0) }, epochsAreFull: false,
        suite: .sha256Ed25519)
      guard verdict == .cosign else {
        if verdict == .held { #expect(held?.root == checkpoint.root) }
        continue
      }
      for earlier in cosigned {
        #expect(try journal.root(earlier.size) == earlier.root, "\(earlier.size) in \(size)")
      }
      cosigned.append((size, checkpoint.root))
      held = WitnessedHead(
        origin: journal.origin.description, witness: "w", size: checkpoint.size,
        root: checkpoint.root, note: head.note, time: 1)
    }
    #expect(!cosigned.isEmpty)
  }
}
