import Cryptography
import RecordSchema

@testable import RecordModel

/// Two logs between two agencies, written act by act.
struct ThreadWorld {
  enum Side { case opener, receiver }

  private(set) var entries: [ThreadEntry] = []
  private(set) var headers: [RecordHeader] = []
  private var random = SeededRandom(77)
  private let outbound: Direction
  private var sizes: [Direction: UInt64] = [:]
  let thread: RecordID

  /// `isSwapped` gives the opener the higher of the two agency codes instead of the lower.
  init(isSwapped: Bool = false) throws {
    let codes = [try Samples.enforcement(), try Samples.procuratorate()].sorted()
    outbound = Direction(from: codes[isSwapped ? 1 : 0], to: codes[isSwapped ? 0 : 1])
    thread = Samples.id(&random)
  }

  /// How many records each end has sealed.
  var counts: (opener: UInt64, receiver: UInt64) {
    (sizes[outbound, default: 0], sizes[outbound.reversed, default: 0])
  }

  /// A record that is not appended yet. `seen` is all of the other log unless told otherwise.
  mutating func header(
    _ kind: String, by side: Side, replyTo: RecordID? = nil, seen: UInt64? = nil,
    thread other: RecordID? = nil, id: RecordID? = nil
  ) -> RecordHeader {
    let direction = side == .opener ? outbound : outbound.reversed
    let thread = other ?? self.thread
    let isOpening =
      kind == KindName.leadTransfer || (replyTo == nil && ThreadRules.openings.contains(kind))
    return RecordHeader(
      id: id ?? (isOpening ? thread : Samples.id(&random)), from: direction.from, to: direction.to,
      seq: sizes[direction, default: 0], prev: .zero, time: Samples.time,
      seen: Seen(epoch: 1, size: seen ?? sizes[direction.reversed, default: 0]), directory: 1,
      kind: kind, schema: "\(kind)/1", thread: thread, replyTo: replyTo, urgency: .normal,
      payload: PayloadReference(commitment: .zero, size: 2))
  }

  /// Appends a record, and returns its id.
  @discardableResult
  mutating func append(_ header: RecordHeader, refused: Bool = false) -> RecordID {
    sizes[header.direction, default: 0] += 1
    headers.append(header)
    entries.append(ThreadEntry(header, epoch: 1, refused: refused))
    return header.id
  }

  /// The rules that a record breaks.
  func rules(_ header: RecordHeader) -> [String] {
    ThreadRules.judge(header, epoch: 1, entries: entries).map(\.rule)
  }
}
