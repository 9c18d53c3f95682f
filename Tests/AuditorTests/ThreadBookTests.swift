import Cryptography
import RecordModel
import Testing

@testable import Auditor

@Suite("Threads while logs are replayed")
struct ThreadBookTests {
  private static let agencies = ["11000000MB0000019X", "11000000MB0000027Q"]
  private static let time = Timestamp(milliseconds: 1_795_396_500_123)

  private static func id(_ number: UInt8) -> RecordID {
    RecordID.generate(at: time) { Array(repeating: number, count: $0) }
  }

  private static func header(
    _ kind: String, _ number: UInt8, by side: Int, seq: UInt64, seen: UInt64, thread: UInt8 = 1,
    replyTo: UInt8? = nil
  ) throws -> RecordHeader {
    RecordHeader(
      id: id(number), from: try AgencyCode(agencies[side]), to: try AgencyCode(agencies[1 - side]),
      seq: seq, prev: .zero, time: time, seen: Seen(epoch: 1, size: seen), directory: 1,
      kind: kind, schema: "\(kind)/1", thread: id(thread), replyTo: replyTo.map(id),
      urgency: .normal, payload: PayloadReference(commitment: .zero, size: 2))
  }

  /// A lead that its sender withdraws while its receiver accepts it, or only signs for it.
  private static func book(accepting: Bool) throws -> ThreadBook {
    var book = ThreadBook()
    var acts = [
      try header(KindName.leadTransfer, 1, by: 0, seq: 0, seen: 0),
      try header(KindName.recordWithdraw, 2, by: 0, seq: 1, seen: 0, replyTo: 1),
      try header(KindName.leadSign, 3, by: 1, seq: 0, seen: 1, replyTo: 1),
    ]
    if accepting {
      acts.append(try header(KindName.leadAccept, 4, by: 1, seq: 1, seen: 1, replyTo: 3))
    }
    // Another lead, whose receiver has seen the withdrawal.
    acts.append(try header(KindName.leadTransfer, 5, by: 0, seq: 2, seen: 0, thread: 5))
    let seq: UInt64 = accepting ? 2 : 1
    acts.append(
      try header(KindName.leadSign, 6, by: 1, seq: seq, seen: 3, thread: 5, replyTo: 5))
    for act in acts {
      let opens = ThreadRules.firstState(act) != nil
      #expect(book.judge(act, epoch: 1, opens: opens) == [])
      book.add(act, epoch: 1, opens: opens)
    }
    return book
  }

  @Test("A thread is forgotten once both ends know that nothing may follow")
  func forgotten() throws {
    #expect(try Self.book(accepting: false).count == 1)
  }

  @Test("A thread whose withdrawal gave way is not forgotten")
  func revived() throws {
    let book = try Self.book(accepting: true)
    #expect(book.count == 2)
    let decision = try Self.header(KindName.leadDecide, 7, by: 1, seq: 3, seen: 3, replyTo: 4)
    #expect(book.judge(decision, epoch: 1, opens: false) == [])
  }
}
