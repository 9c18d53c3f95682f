package import Auditor
package import Cryptography
package import Exchange
import RecordModel

// What an export says of a store. A folder and a URL must say the same: both ask here.

extension StoreReader {
  /// How many entries a former epoch of the journal has: none is missing from its middle.
  package func size(ofFormerJournal epoch: UInt32) throws -> UInt64 {
    func holds(_ seq: UInt64) throws -> Bool {
      try !journal(epoch: epoch, from: seq, limit: 1).isEmpty
    }
    var high: UInt64 = 1
    while try holds(high - 1) { high *= 2 }
    var low = high / 2
    while low + 1 < high {
      let middle = low + (high - low) / 2
      if try holds(middle - 1) { low = middle } else { high = middle }
    }
    return low
  }

  /// The entries that are marked as refused and that an entry of an inbound channel names: none but
  /// where that is a refusal.
  ///
  /// An entry is marked when it is appended, or when the refusal that names it arrives on the reverse
  /// channel. So what is new since a moment are the marks of entries that came later, and these.
  package func refused(
    by header: [UInt8], at place: RecordPosition, of channel: ChannelState,
    among channels: @autoclosure () -> [ChannelState]
  ) throws -> [RecordPosition] {
    guard channel.role == .inbound, let header = try? RecordHeader(parsing: header),
      header.kind == KindName.systemRefusal
    else { return [] }
    var seqs: Set<UInt64> = []
    if let target = header.replyTo, let entry = try entry(target) {
      seqs.insert(entry.position.seq)
    }
    // An id may be repeated: the payload names the place.
    if let payload = try record(at: place)?.payload,
      let refusal = SystemRefusal(reading: payload), let named = UInt64(exactly: refusal.seq)
    {
      seqs.insert(named)
    }
    let reversed = channel.origin.direction.reversed
    let places = channels().filter { $0.origin.direction == reversed }.flatMap { reverse in
      seqs.map { RecordPosition(channel: reverse.number, seq: $0) }
    }
    return try places.filter { try self.header(at: $0)?.refused == true }
  }
}

extension ExportClaims {
  /// What a node says of one of its logs; `channel` is nil where that is a journal.
  package init(size: UInt64, root: Digest, refused: [UInt64], channel: ChannelState?) {
    self.init(
      size: size, root: root, refused: refused,
      halt: channel?.halt.map { Halt(code: $0.code, detail: $0.detail, at: $0.at) },
      isRestoring: channel?.restore != nil)
  }
}

extension ExportOutbox {
  /// The line of what waits in the outbox.
  package static func line(_ item: OutboxItem) -> [UInt8] {
    let isRefusal = item.kind == KindName.systemRefusal && !item.isDead
    return line(
      item.id,
      refuses: isRefusal
        ? item.replyTo.map { Refusal(target: $0, thread: item.thread) } : nil)
  }
}
