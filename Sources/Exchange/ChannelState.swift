public import Cryptography
public import RecordModel
public import TransparencyLog

/// All that a node keeps of one channel beside its records: a few hundred bytes, replaced whole in
/// every transaction that changes the channel.
public struct ChannelState: Sendable, Hashable {
  /// Which end of the channel this node is.
  public enum Role: String, Sendable, Hashable {
    /// This node seals and pushes.
    case outbound
    /// This node receives and cosigns.
    case inbound
  }

  /// The channel's number in this store.
  public var number: ChannelNumber
  /// Federation, direction and epoch.
  public var origin: Origin
  /// Which end this node is.
  public var role: Role
  /// The tree over every record held.
  public var frontier: Frontier
  /// Leaf hash of the last record; 32 zero bytes when empty.
  public var lastLeaf: Digest
  /// Header time of the last unrefused record; milliseconds 0 when there is none.
  public var lastTime: Timestamp
  /// `seen` of the last record: never decreases.
  public var lastSeen: Seen
  /// Outbound: the largest size with a stored receipt. Inbound: the largest size cosigned.
  public var receiptedSize: UInt64
  /// The cosignature time of that receipt in Unix seconds; never decreases. 0 when there is none.
  public var receiptTime: UInt64
  /// Bytes of headers, payloads and salts of the records beyond `receiptedSize` (outbound only).
  public var unreceiptedBytes: UInt64
  /// Header time of the oldest record beyond `receiptedSize`; nil when all are receipted.
  public var oldestUnreceipted: Timestamp?
  /// Why nothing moves here any more; nil while all is well.
  public var halt: Halt?
  /// Inbound: an operator has paused the intake; the window is zero.
  public var paused: Bool
  /// Inbound: this node was restored from a backup and must arrive at this cosigned checkpoint again.
  public var restore: RestoreTarget?
  /// When this node opened the channel.
  public var openedAt: Timestamp

  /// An empty channel: no records, nothing seen, not halted.
  public init(
    number: ChannelNumber, origin: Origin, role: Role, suite: Suite, openedAt: Timestamp
  ) {
    self.number = number
    self.origin = origin
    self.role = role
    frontier = Frontier(suite: suite)
    lastLeaf = .zero
    lastTime = Timestamp(milliseconds: 0)
    lastSeen = Seen(epoch: 1, size: 0)
    receiptedSize = 0
    receiptTime = 0
    unreceiptedBytes = 0
    oldestUnreceipted = nil
    halt = nil
    paused = false
    restore = nil
    self.openedAt = openedAt
  }

  /// How many records are held.
  public var size: UInt64 { frontier.size }
}

/// Why a channel is halted.
public struct Halt: Sendable, Hashable {
  /// A fault's name: `channel.badRoot`, `channel.fork`, …
  public var code: String
  /// What was found, for operators: places and rules, never values. Not stable.
  public var detail: String
  /// This node's clock at the halt.
  public var at: Timestamp
  /// True when only a new epoch can help: `fork` and `rollback`.
  public var needsNewEpoch: Bool
  /// A halt; `code` is a fault's name.
  public init(code: String, detail: String, at: Timestamp, needsNewEpoch: Bool) {
    self.code = code
    self.detail = detail
    self.at = at
    self.needsNewEpoch = needsNewEpoch
  }
}

/// The cosigned checkpoint at which a restored receiver must arrive again.
public struct RestoreTarget: Sendable, Hashable {
  /// How many records the receiver had signed for.
  public var size: UInt64
  /// The Merkle root over them.
  public var root: Digest
  /// The cosigned checkpoint, byte for byte as the sender showed it.
  public var note: [UInt8]
  /// The cosignature's time in Unix seconds.
  public var receiptTime: UInt64
  /// A target from a cosignature that has been verified as this node's own.
  public init(size: UInt64, root: Digest, note: [UInt8], receiptTime: UInt64) {
    self.size = size
    self.root = root
    self.note = note
    self.receiptTime = receiptTime
  }
}

/// The journal's state: the current epoch's tree.
public struct JournalState: Sendable, Hashable {
  /// From 1; a restored node opens the next one.
  public var epoch: UInt32
  /// The tree over the epoch's entries.
  public var frontier: Frontier
  /// Leaf hash of the last entry; 32 zero bytes before the first.
  public var lastLeaf: Digest
  /// Time of the last entry: never decreases. Milliseconds 0 before the first.
  public var lastTime: Timestamp
  /// An empty journal epoch.
  public init(epoch: UInt32, suite: Suite) {
    self.epoch = epoch
    frontier = Frontier(suite: suite)
    lastLeaf = .zero
    lastTime = Timestamp(milliseconds: 0)
  }
  /// How many entries the epoch has.
  public var size: UInt64 { frontier.size }
}
