public import Cryptography
public import RecordModel

// What the exchange tells its users: plain values, made from one consistent state of the store.

/// A lead or an act that an agency wants to send.
public struct SubmissionRequest: Sendable {
  public var to: AgencyCode
  /// `lead.transfer`, `lead.sign`, …
  public var kind: String
  /// The payload, verbatim: it is stored, hashed and sent exactly so.
  public var payload: [UInt8]
  /// The record that this one answers; nil for an opening record.
  public var replyTo: RecordID?
  public var urgency: Urgency
  /// Repeating a request under the same key gives the first one's id; at most 128 bytes.
  public var idempotencyKey: String?

  public init(
    to: AgencyCode, kind: String, payload: [UInt8], replyTo: RecordID? = nil,
    urgency: Urgency = .normal, idempotencyKey: String? = nil
  ) {
    self.to = to
    self.kind = kind
    self.payload = payload
    self.replyTo = replyTo
    self.urgency = urgency
    self.idempotencyKey = idempotencyKey
  }
}

/// The answer to a submission: durable from now on.
public struct SubmissionReceipt: Sendable, Hashable {
  public var id: RecordID
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
  public var id: RecordID
  public var thread: RecordID
  public var kind: String
  public var from: AgencyCode
  public var to: AgencyCode
  public var urgency: Urgency
  /// Header time, or the time of submission while unsealed.
  public var time: Timestamp
  /// Nil while unsealed.
  public var seq: UInt64?
  public var epoch: UInt32?
  public var delivery: DeliveryState
  /// Of an opening record: how far its thread has come.
  public var state: ThreadState?
  /// 线索名称 and 移送文号 of a lead; nil where the payload has none or is erased.
  public var title: String?
  public var docNo: String?
  /// Cosignature time in Unix seconds of the receipt that covers it.
  public var receiptTime: UInt64?
  /// Cursor of this row in its list; nil while unsealed.
  public var number: Int64?
  public var dead: DeadReason?
}

/// A page of a list.
public struct Page<Element: Sendable>: Sendable {
  public var items: [Element]
  /// Give it back to get the next page; nil at the end.
  public var next: Int64?
}

/// A record whole.
public struct RecordView: Sendable {
  public var summary: RecordSummary
  public var header: [UInt8]
  public var leaf: Digest
  /// Nil when erased.
  public var payload: [UInt8]?
  public var salt: [UInt8]
}

/// A thread 移送链 as a timeline, submissions that wait included.
public struct ThreadView: Sendable {
  public var id: RecordID
  public var state: ThreadState?
  public var records: [RecordSummary]
  /// The kinds that this node may send next.
  public var allowedNext: [String]
}

/// The 送达回证 of one record: everything a third party needs to check it.
public struct ReceiptView: Sendable {
  public var summary: RecordSummary
  /// A C2SP tlog-proof file: header bytes, inclusion proof, checkpoint, signature, cosignature.
  public var proof: [UInt8]
  public var origin: Origin
  public var checkpointSize: UInt64
  public var root: Digest
  public var leaf: Digest
  /// vkeys of the sender's record key and the receiver's receipt key that the proof verifies with.
  public var senderKey: String
  public var receiptKey: String
}

/// One peer's queue.
public struct QueueStatus: Sendable, Hashable {
  public var peer: AgencyCode
  /// In the outbox, not sealed.
  public var queued: Int
  public var dead: Int
  /// Sealed and without a receipt.
  public var unreceipted: UInt64
  public var unreceiptedBytes: UInt64
  /// Time of the oldest that waits, queued or unreceipted.
  public var oldest: Timestamp?
  /// The channel out of here and the channel into here.
  public var outbound: ChannelStatus?
  public var inbound: ChannelStatus?
  public var connected: Bool
  /// Why nothing is sealed just now: `hello`, `clock`, `directory`, `recovering`, `halted`, `key`.
  public var sealingBlocked: String?
}

/// One channel.
public struct ChannelStatus: Sendable, Hashable {
  public var origin: Origin
  public var role: ChannelState.Role
  public var size: UInt64
  public var root: Digest
  public var receiptedSize: UInt64
  /// Unix seconds; 0 when none.
  public var receiptTime: UInt64
  public var halt: Halt?
  public var paused: Bool
  public var recovering: Bool
  /// The window in force: outbound, what the peer granted; inbound, what we grant.
  public var windowRecords: UInt32
  public var windowBytes: UInt64
  /// Since start: when the first push left and the last receipt was stored (monotonic ns), how many
  /// records were receipted, and the push-to-receipt latency in microseconds.
  public var flow: FlowStatistics?
}

/// Throughput of an outbound channel since the node started.
public struct FlowStatistics: Sendable, Hashable {
  public var firstPush: UInt64
  public var lastReceipt: UInt64
  public var receipted: UInt64
  public var p50Micros: UInt64
  public var p99Micros: UInt64
}

/// One peer as the exchange sees it (the socket's side is `PeerLink`'s).
public struct PeerExchangeStatus: Sendable, Hashable {
  public var code: AgencyCode
  public var name: String
  public var role: AgencyRole
  public var connected: Bool
  public var software: String?
  public var directoryVersion: UInt64?
  public var clockDifference: Int64?
  public var schemas: [String]
}

/// Why a node is not ready.
public struct ReadinessProblem: Sendable, Hashable {
  /// Stable: `key.locked`, `storage.low`, `channel.halted`, `directory.expired`, `node.starting`.
  public var code: String
  public var detail: String
}
