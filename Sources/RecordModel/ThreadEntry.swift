/// What the thread rules need to know of one record that was appended to either log.
public struct ThreadEntry: Hashable, Sendable {
  /// The record's id.
  public var id: RecordID
  /// The log that it stands in.
  public var direction: Direction
  /// That log's epoch.
  public var epoch: UInt32
  /// Its place in that log.
  public var seq: UInt64
  /// Its kind.
  public var kind: String
  /// The record that it answers.
  public var replyTo: RecordID?
  /// Its header's time.
  public var time: Timestamp
  /// Whether its receiver refused it: such a record does not exist for a thread.
  public var refused: Bool
  /// The cut at which it was sealed.
  public var seen: Seen

  /// An entry from its parts.
  public init(
    id: RecordID, direction: Direction, epoch: UInt32, seq: UInt64, kind: String,
    replyTo: RecordID?, time: Timestamp, refused: Bool, seen: Seen
  ) {
    self.id = id
    self.direction = direction
    self.epoch = epoch
    self.seq = seq
    self.kind = kind
    self.replyTo = replyTo
    self.time = time
    self.refused = refused
    self.seen = seen
  }

  /// The entry of a record that stands in `epoch` of its channel.
  public init(_ header: RecordHeader, epoch: UInt32, refused: Bool) {
    self.init(
      id: header.id, direction: header.direction, epoch: epoch, seq: header.seq,
      kind: header.kind, replyTo: header.replyTo, time: header.time, refused: refused,
      seen: header.seen)
  }

  /// Whether this record was known at `other`'s cut, so that it came before it.
  func precedes(_ other: ThreadEntry) -> Bool {
    if direction == other.direction { return (epoch, seq) < (other.epoch, other.seq) }
    return Cut(epoch: epoch, size: seq) < Cut(epoch: other.seen.epoch, size: other.seen.size)
  }

  /// Whether neither was known to the sender of the other: they crossed on the way.
  func crosses(_ other: ThreadEntry) -> Bool {
    direction == other.direction.reversed && !precedes(other) && !other.precedes(self)
  }

  /// A length of one log, counted over its epochs: it holds the position `seq` of `epoch` when
  /// (epoch, seq) is less.
  typealias Cut = Seen
}

/// The two ends of a thread.
public enum ThreadParty: String, Hashable, Sendable, CaseIterable {
  /// Who sent the thread's first record.
  case opener
  /// To whom it was sent.
  case receiver

  /// The other end.
  public var other: ThreadParty { self == .opener ? .receiver : .opener }

  var title: String { self == .opener ? "the sender" : "the receiver" }
  var titleZH: String { self == .opener ? "移送方" : "接收方" }
}

/// Where a lead stands.
public enum ThreadState: String, Hashable, Sendable, CaseIterable {
  /// 已移送: sent, not signed for.
  case transferred
  /// 已签收: a named unit signed for it.
  case signed
  /// 已受理
  case accepted
  /// 不予受理; nothing follows.
  case refused
  /// 已退回; nothing follows in this thread.
  case returned

  /// The state's Chinese name.
  public var titleZH: String {
    switch self {
    case .transferred: "已移送"
    case .signed: "已签收"
    case .accepted: "已受理"
    case .refused: "不予受理"
    case .returned: "已退回"
    }
  }

  /// Whether the thread awaits an act of its receiver: neither accepted, refused nor returned.
  public var isOpen: Bool { self == .transferred || self == .signed }
}
