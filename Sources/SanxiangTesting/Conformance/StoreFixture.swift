import Cryptography
import Exchange
import RecordModel
import TransparencyLog

/// A store with a way to make what goes into it. The same fixture always makes the same values.
final class StoreFixture: Sendable {
  struct Aborted: Error {}

  let store: any Store
  let suite = Suite.sha256Ed25519
  let random = SeededRandom(seed: 20_261_123)
  let clock = ManualClock()
  let own = SampleAgency.code(1)
  let peer = SampleAgency.code(2)
  let other = SampleAgency.code(3)

  init(_ store: any Store) {
    self.store = store
  }

  func id() -> RecordID {
    clock.advance(milliseconds: 1)
    return RecordID.generate(at: clock.now) { random.bytes($0) }
  }

  func digest() -> Digest { suite.digest(random.bytes(8)) }

  func state(
    from: AgencyCode? = nil, to: AgencyCode? = nil, epoch: UInt32 = 1
  ) -> ChannelState {
    let from = from ?? own
    return ChannelState(
      number: ChannelNumber(rawValue: 0),
      origin: Origin(
        federation: "test.federation", direction: Direction(from: from, to: to ?? peer),
        epoch: epoch),
      role: from == own ? .outbound : .inbound, suite: suite, openedAt: clock.now)
  }

  /// Opens the channel own → peer (or another) in a transaction of its own.
  func channel(from: AgencyCode? = nil, to: AgencyCode? = nil) throws -> ChannelNumber {
    try store.write { try $0.openChannel(state(from: from, to: to)) }
  }

  func record(
    _ seq: UInt64, header: Int = 300, payload: Int? = 500, refused: Bool = false
  ) -> StoredRecord {
    let bytes = random.bytes(header)
    return StoredRecord(
      seq: seq, header: bytes, leaf: Merkle.leaf(bytes, suite: suite),
      payload: payload.map { random.bytes($0) }, salt: payload == nil ? [] : random.bytes(32),
      refused: refused)
  }

  /// Appends records that each open a thread of their own, in one transaction.
  @discardableResult
  func append(
    _ count: Int, to channel: ChannelNumber, from: UInt64 = 0, state: ThreadState? = .transferred
  ) throws -> [(id: RecordID, record: StoredRecord)] {
    try store.write { transaction in
      try (0..<UInt64(count)).map { offset in
        let (id, record) = (id(), record(from + offset))
        _ = try transaction.append(record, to: channel, id: id, thread: id, state: state)
        return (id, record)
      }
    }
  }

  func checkpoint(_ size: UInt64, receiptTime: UInt64? = nil) -> StoredCheckpoint {
    StoredCheckpoint(
      size: size, root: digest(), note: random.bytes(200), receiptTime: receiptTime)
  }

  func submission(
    to: AgencyCode? = nil, thread: RecordID? = nil, replyTo: RecordID? = nil, payload: Int = 100,
    priority: Bool = false, dead: DeadReason? = nil
  ) -> Submission {
    let id = id()
    return Submission(
      id: id, to: to ?? peer, kind: "lead.transfer", schema: "lead.transfer/1",
      thread: thread ?? id, replyTo: replyTo, urgency: .urgent, payload: random.bytes(payload),
      salt: random.bytes(32), submittedAt: clock.now, priority: priority, dead: dead)
  }

  func dead(_ code: String = "thread.illegal") -> DeadReason {
    clock.advance(milliseconds: 1)
    return DeadReason(code: code, detail: "thread.kind,thread.party", at: clock.now)
  }

  func journalEntry(_ seq: UInt64, epoch: UInt32 = 1) -> StoredJournalEntry {
    StoredJournalEntry(epoch: epoch, seq: seq, bytes: random.bytes(80))
  }
}
