public import Cryptography
public import RecordModel

// What the exchange tells its users: plain values, made from one consistent state of the store.

/// A lead or an act that an agency wants to send.
public struct SubmissionRequest: Sendable {
  /// The agency that it goes to.
  public var to: AgencyCode
  /// `lead.transfer`, `lead.sign`, …
  public var kind: String
  /// The payload, verbatim: it is stored, hashed and sent exactly so.
  public var payload: [UInt8]
  /// The version that the payload was written for, such as `lead.transfer/1`; where nil, the
  /// highest that both nodes read. Where the peer turns out not to read it, the highest that it
  /// does read and that the payload keeps is taken.
  public var schema: String?
  /// The record that this one answers; nil for an opening record.
  public var replyTo: RecordID?
  /// 平件, 急件 or 特急; told to the receiver, changes no order.
  public var urgency: Urgency
  /// Repeating a request under the same key gives the first one's id; at most 128 bytes.
  public var idempotencyKey: String?

  /// A request; `payload` is taken as it is.
  public init(
    to: AgencyCode, kind: String, payload: [UInt8], schema: String? = nil,
    replyTo: RecordID? = nil, urgency: Urgency = .normal, idempotencyKey: String? = nil
  ) {
    self.to = to
    self.kind = kind
    self.payload = payload
    self.schema = schema
    self.replyTo = replyTo
    self.urgency = urgency
    self.idempotencyKey = idempotencyKey
  }
}

/// The answer to a submission: durable from now on.
public struct SubmissionReceipt: Sendable, Hashable {
  /// The record's id, given now and kept when it is sealed.
  public var id: RecordID
  /// The thread 移送链: the id of its opening record.
  public var thread: RecordID
  /// True when the Idempotency-Key had been used for the same request before.
  public var repeated: Bool
}

/// How far a record of ours has come, in this order.
public enum DeliveryState: String, Sendable, Hashable, CaseIterable {
  /// In the outbox; can still be cancelled.
  case queued
  /// Never to be sealed; see the reason.
  case dead
  /// In the log, under a signed head.
  case sealed
  /// The receiver's receipt is stored.
  case receipted
  /// Receipted, and refused by the receiver's validation.
  case refused
  /// Received from another agency.
  case received
}

/// One record or submission as a list shows it.
public struct RecordSummary: Sendable, Hashable {
  /// UUIDv7 of the record or submission.
  public var id: RecordID
  /// Id of the opening record of its thread 移送链.
  public var thread: RecordID
  /// `lead.transfer`, `lead.sign`, …
  public var kind: String
  /// The agency that sends it.
  public var from: AgencyCode
  /// The agency that it goes to.
  public var to: AgencyCode
  /// 平件, 急件 or 特急.
  public var urgency: Urgency
  /// Header time, or the time of submission while unsealed.
  public var time: Timestamp
  /// Nil while unsealed.
  public var seq: UInt64?
  /// Epoch of the channel that holds it; nil while unsealed.
  public var epoch: UInt32?
  /// How far it has come.
  public var delivery: DeliveryState
  /// Of an opening record: how far its thread has come.
  public var state: ThreadState?
  /// 线索名称 and 移送文号 of a lead; nil where the payload has none or is erased.
  public var title: String?
  /// 移送文号 of a lead, under the same condition.
  public var docNo: String?
  /// Cosignature time in Unix seconds of the receipt that covers it.
  public var receiptTime: UInt64?
  /// Cursor of this row in its list; nil while unsealed.
  public var number: Int64?
  /// Why it will never be sealed; nil unless `delivery` is `dead` in the outbox.
  public var dead: DeadReason?
  /// Whether its payload has been destroyed here by law.
  public var isErased = false
}

/// A page of a list.
public struct Page<Element: Sendable>: Sendable {
  /// The rows, in the list's order; at most `Node.pageLimit` sealed ones.
  public var items: [Element]
  /// Give it back to get the next page; nil at the end.
  public var next: Int64?
}

/// A record whole.
public struct RecordView: Sendable {
  /// The row that lists show of it.
  public var summary: RecordSummary
  /// The exact header bytes; empty while unsealed.
  public var header: [UInt8]
  /// Digest of 0x00 and the header: its leaf in the tree; zero while unsealed.
  public var leaf: Digest
  /// Nil when erased.
  public var payload: [UInt8]?
  /// 32 bytes: commitment = digest(salt ‖ payload). Empty when erased.
  public var salt: [UInt8]
  /// Which end has erased it; nil while neither has.
  public var erasure: ErasureView?
}

/// The 送达回证 of one record: everything a third party needs to check it.
public struct ReceiptView: Sendable {
  /// The row that lists show of the record.
  public var summary: RecordSummary
  /// A C2SP tlog-proof file: header bytes, inclusion proof, checkpoint, signature, cosignature.
  public var proof: [UInt8]
  /// The channel that holds the record.
  public var origin: Origin
  /// Size of the smallest cosigned checkpoint that covers the record.
  public var checkpointSize: UInt64
  /// The channel's Merkle root at that size.
  public var root: Digest
  /// The record's leaf hash.
  public var leaf: Digest
  /// vkeys of the sender's record key and the receiver's receipt key that the proof verifies with.
  public var senderKey: String
  /// vkey of the receiver's receipt key, likewise.
  public var receiptKey: String
}

/// One peer's queue.
public struct QueueStatus: Sendable, Hashable {
  /// The other agency.
  public var peer: AgencyCode
  /// In the outbox, not sealed.
  public var queued: Int
  /// Dead letters to this agency.
  public var dead: Int
  /// Sealed and without a receipt.
  public var unreceipted: UInt64
  /// Their headers, payloads and salts in bytes; an estimate between receipts.
  public var unreceiptedBytes: UInt64
  /// Time of the oldest that waits, queued or unreceipted.
  public var oldest: Timestamp?
  /// The channel out of here and the channel into here.
  public var outbound: ChannelStatus?
  /// The channel into here; nil before it was opened.
  public var inbound: ChannelStatus?
  /// Whether a greeted connection is up now.
  public var connected: Bool
  /// Open clocks in threads with this agency.
  public var clocks: ClockPressure
  /// Why nothing is sealed just now: `hello`, `clock`, `directory`, `recovering`, `halted`, `key`.
  public var sealingBlocked: String?
}

/// How pressing the open clocks are, as far as they have been worked off.
public struct ClockPressure: Sendable, Hashable {
  /// 超期: ours that have run out.
  public var overdue = 0
  /// 即将到期: ours that have reached a warning.
  public var dueSoon = 0
  /// The peer's that have run out.
  public var peerOverdue = 0
  /// Of either, those whose end cannot be told.
  public var uncomputable = 0

  /// Nothing presses.
  public init() {}
}

/// One channel.
public struct ChannelStatus: Sendable, Hashable {
  /// Federation, direction and epoch.
  public var origin: Origin
  /// Which end this node is.
  public var role: ChannelState.Role
  /// How many records are held.
  public var size: UInt64
  /// Merkle root over them.
  public var root: Digest
  /// How many of them a stored receipt covers.
  public var receiptedSize: UInt64
  /// Unix seconds; 0 when none.
  public var receiptTime: UInt64
  /// Why it stands still; nil while all is well.
  public var halt: Halt?
  /// Inbound: an operator has stopped the intake.
  public var paused: Bool
  /// A restored node's log is on its way back; nothing new is signed meanwhile.
  public var recovering: Bool
  /// The window in force: outbound, what the peer granted; inbound, what we grant.
  public var windowRecords: UInt32
  /// The same in bytes of headers, payloads and salts.
  public var windowBytes: UInt64
  /// Since start: when the first push left and the last receipt was stored (monotonic ns), how many
  /// records were receipted, and the push-to-receipt latency in microseconds.
  public var flow: FlowStatistics?
}

/// Throughput of an outbound channel since the node started.
public struct FlowStatistics: Sendable, Hashable {
  /// Monotonic nanoseconds.
  public var firstPush: UInt64
  /// Monotonic nanoseconds; 0 before the first receipt.
  public var lastReceipt: UInt64
  /// Records that receipts have covered since start.
  public var receipted: UInt64
  /// Median time from push to receipt of a record, in microseconds, rounded up by at most 6 %.
  public var p50Micros: UInt64
  /// The same for the slowest hundredth.
  public var p99Micros: UInt64
}

/// One peer as the exchange sees it (the socket's side is `PeerLink`'s).
public struct PeerExchangeStatus: Sendable, Hashable {
  /// The peer's agency.
  public var code: AgencyCode
  /// Its name in the directory.
  public var name: String
  /// Its role in the directory.
  public var role: AgencyRole
  /// Whether a greeted connection is up now.
  public var connected: Bool
  /// What it calls its software; nil before its first `Hello` since start.
  public var software: String?
  /// The directory that it had in force at its last `Hello`; nil before the first.
  public var directoryVersion: UInt64?
  /// Its clock minus ours in milliseconds; nil before its first `Hello` since start.
  public var clockDifference: Int64?
  /// The schema versions that it last announced, sorted.
  public var schemas: [String]
  /// How far each has witnessed the other's journal.
  public var journal = PeerWitnessing()
}

/// How far a peer has witnessed our journal, and we its.
public struct PeerWitnessing: Sendable, Hashable {
  /// A head that was cosigned.
  public struct Mark: Sendable, Hashable {
    /// The journal's epoch.
    public var epoch: UInt32
    /// How many of its entries the head covers.
    public var size: UInt64
    /// When it was cosigned, by the witness's clock.
    public var time: Timestamp

    init?(_ head: WitnessedHead?) {
      guard let head, let origin = try? JournalOrigin(parsing: head.origin) else { return nil }
      epoch = origin.epoch
      size = head.size
      time = Timestamp(milliseconds: Int64(clamping: head.time) * 1000)
    }
  }

  /// Our journal's epoch.
  public var epoch: UInt32 = 1
  /// How many entries our newest head covers that was signed since start; 0 before the first.
  public var signedSize: UInt64 = 0
  /// Our newest head that the peer cosigned; nil for none.
  public var witnessed: Mark?
  /// How old that cosignature is while something is signed that it does not cover; 0 while all is
  /// covered, nil where nothing is.
  public var staleSeconds: Int64?
  /// The peer's newest head that we cosigned; nil for none.
  public var held: Mark?

  /// Nothing is witnessed.
  public init() {}
}

/// Why a node is not ready.
public struct ReadinessProblem: Sendable, Hashable {
  /// Stable: `key.locked`, `key.invalid`, `storage.low`, `channel.halted`, `directory.expired`, `directory.files`, `node.starting`.
  public var code: String
  /// What it is about: an origin, free bytes, a version. For operators; not stable.
  public var detail: String
}
