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

  public var number: ChannelNumber
  public var origin: Origin
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
  public var openedAt: Timestamp

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
  public var detail: String
  public var at: Timestamp
  /// True when only a new epoch can help: `fork` and `rollback`.
  public var needsNewEpoch: Bool
  public init(code: String, detail: String, at: Timestamp, needsNewEpoch: Bool) {
    self.code = code
    self.detail = detail
    self.at = at
    self.needsNewEpoch = needsNewEpoch
  }
}

/// The cosigned checkpoint at which a restored receiver must arrive again.
public struct RestoreTarget: Sendable, Hashable {
  public var size: UInt64
  public var root: Digest
  public var note: [UInt8]
  public var receiptTime: UInt64
  public init(size: UInt64, root: Digest, note: [UInt8], receiptTime: UInt64) {
    self.size = size
    self.root = root
    self.note = note
    self.receiptTime = receiptTime
  }
}

/// The journal's state: the current epoch's tree.
public struct JournalState: Sendable, Hashable {
  public var epoch: UInt32
  public var frontier: Frontier
  public var lastLeaf: Digest
  public var lastTime: Timestamp
  public init(epoch: UInt32, suite: Suite) {
    self.epoch = epoch
    frontier = Frontier(suite: suite)
    lastLeaf = .zero
    lastTime = Timestamp(milliseconds: 0)
  }
  /// How many entries the epoch has.
  public var size: UInt64 { frontier.size }
}
