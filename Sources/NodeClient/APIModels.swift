// The API's JSON as its callers read it; schemas/openapi.yaml describes each member.

/// One page of a list.
public struct APIList<Item: Codable & Sendable>: Codable, Sendable {
  /// The items.
  public var items: [Item]
  /// The next page's cursor; nil at the end.
  public var next: Int64?
}

/// The answer to a submission or an act.
public struct APISubmission: Codable, Sendable, Hashable {
  /// The record's id.
  public var id: String
  /// Its thread's id.
  public var thread: String
  /// True when the same Idempotency-Key had been used for the same request.
  public var repeated: Bool
}

/// What a node is asked for to pass a lead on.
public struct APIForwarding: Codable, Sendable, Hashable {
  /// Code of the onward receiver.
  public var to: String
  /// A code of `forward-reason`.
  public var reason: String
  /// The reason in words.
  public var text: String
  /// `normal`, `urgent` or `critical`; `normal` where it is not given.
  public var urgency: String?

  /// Makes an order.
  public init(to: String, reason: String, text: String, urgency: String? = nil) {
    self.to = to
    self.reason = reason
    self.text = text
    self.urgency = urgency
  }
}

/// The two records that passing a lead on makes.
public struct APIForwarded: Codable, Sendable, Hashable {
  /// To the onward receiver; opens a thread.
  public var forward: APISubmission
  /// To the first sender.
  public var notice: APISubmission
}

/// One record or submission as lists show it.
public struct APIRecordSummary: Codable, Sendable, Hashable {
  /// Why a submission died.
  public struct Dead: Codable, Sendable, Hashable {
    /// Stable.
    public var code: String
    /// Rule names.
    public var detail: String
    /// When.
    public var at: String
  }
  /// UUIDv7.
  public var id: String
  /// The thread's opening record.
  public var thread: String
  /// `lead.transfer` and so on.
  public var kind: String
  /// The sender's code.
  public var from: String
  /// The receiver's code.
  public var to: String
  /// `normal`, `urgent`, `critical`.
  public var urgency: String
  /// Header time, or the time of submission.
  public var time: String
  /// The channel's epoch, once sealed.
  public var epoch: UInt32?
  /// The place in the channel, once sealed.
  public var seq: UInt64?
  /// `queued`, `dead`, `sealed`, `receipted`, `refused`, `received`.
  public var delivery: String
  /// Of an opening record: how far its thread has come.
  public var state: String?
  /// 线索名称.
  public var title: String?
  /// 移送文号.
  public var docNo: String?
  /// When the receiver cosigned it.
  public var receiptedAt: String?
  /// Cursor in its list.
  public var number: Int64?
  /// Of a dead letter: why.
  public var dead: Dead?
  /// True where the payload has been destroyed at the node by law.
  public var erased: Bool?
}

/// A record whole; byte strings are base64.
public struct APIRecord: Codable, Sendable, Hashable {
  /// What lists show of it.
  public var summary: APIRecordSummary
  /// The header's bytes.
  public var header: String
  /// The leaf hash.
  public var leaf: String
  /// The payload's bytes; nil when erased.
  public var payload: String?
  /// The commitment's salt; empty when erased.
  public var salt: String
  /// Which end has erased the payload; nil while neither has.
  public var erasure: APIErasure?
}

/// An inbox entry.
public struct APIInboxEntry: Codable, Sendable, Hashable {
  /// The record.
  public var record: APIRecord
  /// Its thread.
  public var thread: APIThread
}

/// An inbox entry taken with a lease.
public struct APITaken: Codable, Sendable, Hashable {
  /// The lease.
  public struct Lease: Codable, Sendable, Hashable {
    /// The record's id.
    public var id: String
    /// Who holds it.
    public var holder: String
    /// Until when.
    public var until: String
  }
  /// The record.
  public var record: APIRecord
  /// The lease on it.
  public var lease: Lease
}

/// A receipt 送达回证.
public struct APIReceipt: Codable, Sendable, Hashable {
  /// The record.
  public var summary: APIRecordSummary
  /// The channel.
  public var origin: String
  /// The cosigned checkpoint's size.
  public var checkpointSize: UInt64
  /// Its root, base64.
  public var root: String
  /// The record's leaf hash, base64.
  public var leaf: String
  /// The sender's vkey.
  public var senderKey: String
  /// The receiver's vkey.
  public var receiptKey: String
  /// The C2SP tlog-proof file.
  public var proof: String
}

/// One channel.
public struct APIChannel: Codable, Sendable, Hashable {
  /// Why it is halted.
  public struct Halt: Codable, Sendable, Hashable {
    /// A fault's name.
    public var code: String
    /// For a person.
    public var detail: String
    /// When.
    public var at: String
    /// True when only a new epoch helps.
    public var needsNewEpoch: Bool
  }
  /// Since the node started.
  public struct Flow: Codable, Sendable, Hashable {
    /// Monotonic nanoseconds of the first push.
    public var firstPush: UInt64
    /// Monotonic nanoseconds of the last receipt.
    public var lastReceipt: UInt64
    /// Records receipted.
    public var receipted: UInt64
    /// Median push-to-receipt latency.
    public var p50Micros: UInt64
    /// 99th percentile of it.
    public var p99Micros: UInt64
  }
  /// `<federation>/sanxiang/<from>/<to>/<epoch>`.
  public var origin: String
  /// `outbound` or `inbound`.
  public var role: String
  /// Records held.
  public var size: UInt64
  /// Root over them, base64.
  public var root: String
  /// Records under a receipt.
  public var receiptedSize: UInt64
  /// The newest receipt's time.
  public var receiptedAt: String?
  /// Nil while all is well.
  public var halt: Halt?
  /// The intake is paused.
  public var paused: Bool
  /// A restored node is fetching its tail.
  public var recovering: Bool
  /// Granted records.
  public var windowRecords: UInt32
  /// Granted bytes.
  public var windowBytes: UInt64
  /// Throughput; nil before the first push.
  public var flow: Flow?
}

/// One peer's queue.
public struct APIQueue: Codable, Sendable, Hashable {
  /// Open time limits.
  public struct Clocks: Codable, Sendable, Hashable {
    /// Ours that have run out.
    public var overdue: Int
    /// Ours that run out soon.
    public var dueSoon: Int
    /// The peer's that have run out.
    public var peerOverdue: Int
    /// Those of either end that cannot be computed.
    public var uncomputable: Int
  }
  /// The peer's code.
  public var peer: String
  /// Not yet sealed.
  public var queued: Int
  /// Never to be sealed.
  public var dead: Int
  /// Sealed, without a receipt.
  public var unreceipted: UInt64
  /// Their bytes.
  public var unreceiptedBytes: UInt64
  /// Time of the oldest that waits.
  public var oldest: String?
  /// The channel out.
  public var outbound: APIChannel?
  /// The channel in.
  public var inbound: APIChannel?
  /// A session stands.
  public var connected: Bool
  /// Time limits in the threads with the peer; nil where the node does not say.
  public var clocks: Clocks?
  /// Why nothing is sealed just now.
  public var sealingBlocked: String?
}

/// What operators approve before a channel's next epoch.
public struct APIEpochStatement: Codable, Sendable, Hashable {
  /// The epoch that would end.
  public var origin: String
  /// Records of it that the node holds.
  public var size: UInt64
  /// Root over them, base64.
  public var root: String
  /// The text to sign.
  public var text: String
}

/// An epoch that was opened.
public struct APIEpochOpened: Codable, Sendable, Hashable {
  /// The new epoch's origin.
  public var origin: String
}

/// One peer.
public struct APIPeer: Codable, Sendable, Hashable {
  /// The socket's side.
  public struct Link: Codable, Sendable, Hashable {
    /// `connected`, `dialling`, `waiting`, `idle`.
    public var state: String
    /// While connected.
    public var address: String?
    /// Code and text.
    public var lastFault: String?
    /// When.
    public var lastFaultAt: String?
    /// When the next dial is due.
    public var nextAttempt: String?
  }
  /// Its code.
  public var code: String
  /// Its name.
  public var name: String
  /// What kind of agency.
  public var role: String
  /// A session stands.
  public var connected: Bool
  /// What it says that it runs.
  public var software: String?
  /// The directory that it has in force.
  public var directoryVersion: UInt64?
  /// Its clock minus ours, milliseconds.
  public var clockDifference: Int64?
  /// Schemas that it reads.
  public var schemas: [String]
  /// How far each has witnessed the other's journal.
  public var journal: APIPeerJournal
  /// The socket's side.
  public var link: Link?
}

/// How far a peer has witnessed our journal, and we its.
public struct APIPeerJournal: Codable, Sendable, Hashable {
  /// A head that was cosigned.
  public struct Mark: Codable, Sendable, Hashable {
    /// The journal's epoch.
    public var epoch: UInt32
    /// How many entries it covers.
    public var size: UInt64
    /// When, by the witness's clock.
    public var at: String
  }
  /// Our journal's epoch.
  public var epoch: UInt32
  /// How many entries our newest head covers that was signed since start.
  public var signed: UInt64
  /// Our newest head that the peer cosigned.
  public var witnessed: Mark?
  /// How old that is while it does not cover all that is signed; else 0.
  public var staleSeconds: Int64?
  /// The peer's newest head that we cosigned.
  public var held: Mark?
}

/// The federation directory in force.
public struct APIDirectory: Codable, Sendable, Hashable {
  /// One member.
  public struct Member: Codable, Sendable, Hashable {
    /// Its code.
    public var code: String
    /// Its name.
    public var name: String
    /// What kind of agency.
    public var role: String
    /// `host:port`.
    public var endpoint: String?
  }
  /// Only goes up.
  public var version: UInt64
  /// The federation's name.
  public var federation: String
  /// In force from …
  public var notBefore: String
  /// … until.
  public var notAfter: String
  /// Of the note, hexadecimal.
  public var digest: String
  /// The members.
  public var nodes: [Member]
}

/// Is it alive, is it ready.
public struct APIHealth: Codable, Sendable, Hashable {
  /// `live` or `ready`.
  public var status: String
  /// The node's code.
  public var code: String
}

/// A record schema that a node reads.
public struct APISchema: Codable, Sendable, Hashable {
  /// `lead.transfer/1` and so on.
  public var name: String
  /// The kind of record.
  public var kind: String
  /// From 1.
  public var version: Int
  /// What the kind is called, in English.
  public var title: String
  /// The same in Chinese.
  public var titleZh: String
  /// What it is for, in English.
  public var summary: String
  /// The same in Chinese.
  public var summaryZh: String
}

/// What a node says of a payload that was not submitted.
public struct APICheck: Codable, Sendable, Hashable {
  /// The schema by which it was judged.
  public var schema: String
  /// Whether it would be taken in, as far as schemas decide.
  public var valid: Bool
  /// Each broken rule.
  public var violations: [Problem.Violation]
}
