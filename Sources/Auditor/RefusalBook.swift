import RecordModel

/// What a refusal names.
struct RefusalTarget: Sendable {
  var id: RecordID
  /// Its place in the refused channel; nil when the refusal does not say.
  var seq: UInt64?

  /// Reads a refusal: its payload, or what its header answers when the payload says nothing.
  init?(_ header: RecordHeader, payload: [UInt8]?) {
    let refusal = payload.flatMap(SystemRefusal.init(reading:))
    guard let id = refusal?.target ?? header.replyTo else { return nil }
    self.id = id
    seq = refusal.flatMap { UInt64(exactly: $0.seq) }
  }
}

/// The refused records of one channel, each waiting for the refusal that names it.
struct RefusalBook {
  /// A refused record.
  struct Refused {
    var id: RecordID
    var thread: RecordID
    var epoch: UInt32
    var seq: UInt64
    var isAnswered = false
  }

  private var refused: [RecordID: [Refused]] = [:]

  /// Takes a record that is marked as refused.
  mutating func add(_ entry: WalkedEntry) {
    refused[entry.header.id, default: []].append(
      Refused(
        id: entry.header.id, thread: entry.header.thread, epoch: entry.epoch,
        seq: entry.seq))
  }

  /// Notes that a refusal names `target`; false when no such record is marked.
  mutating func answer(_ target: RefusalTarget) -> Bool {
    guard let places = refused[target.id],
      let place = places.firstIndex(where: { target.seq == nil || $0.seq == target.seq })
    else { return false }
    refused[target.id]?[place].isAnswered = true
    return true
  }

  /// The refused records that no refusal names, in order.
  var unanswered: [Refused] {
    refused.values.flatMap { $0 }.filter { !$0.isAnswered }
      .sorted { ($0.epoch, $0.seq) < ($1.epoch, $1.seq) }
  }
}
