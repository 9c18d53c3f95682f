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
