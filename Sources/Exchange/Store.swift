public import Cryptography
public import RecordModel

/// Where a node keeps everything: records, checkpoints, outbox, journal.
///
/// The contract, which `SanxiangTesting`'s conformance suite checks on every backend:
/// - **Atomicity**: `write` makes all of the body's changes, or, when the body or the commit throws,
///   none of them.
/// - **Durability**: when `write` returns, what it changed outlives the loss of power. A commit that
///   may or may not have reached the disk throws `StoreFailure.uncertain`, and the process must end.
/// - **Order**: writes happen one after another; a read sees one state between two writes, and every
///   write that returned before the read began.
/// - One process at a time: opening a store that another process holds throws.
public protocol Store: Sendable {
  /// Reads one consistent state. Blocks the calling thread; any number may run at once.
  func read<R>(_ body: (any StoreReader) throws -> R) throws -> R
  /// Runs one durable transaction. Blocks the calling thread until it is on disk.
  func write<R>(_ body: (any StoreTransaction) throws -> R) throws -> R
  /// Bytes that can still be written where the store lies, and the bytes that it takes now.
  func space() throws -> StoreSpace
  /// Finishes running work and releases the store. Later calls throw.
  func close() throws
}

/// Room on the store's medium, in bytes.
public struct StoreSpace: Sendable, Hashable {
  public var free: UInt64
  public var used: UInt64
  public init(free: UInt64, used: UInt64) {
    self.free = free
    self.used = used
  }
}

/// How a store fails.
public enum StoreFailure: Error, Sendable {
  /// Nothing was changed: no room left (SQLITE_FULL and its kind).
  case full(String)
  /// Nothing was changed; the operation may work later.
  case failed(String)
  /// A sync to disk failed: nobody knows what is on disk. The process must end.
  case uncertain(String)
  /// What was read contradicts itself.
  case corrupt(String)
  /// Another process holds the store, or its format is newer than this program.
  case unusable(String)
}

/// A channel's small number inside one store; given by the store, never reused.
public struct ChannelNumber: RawRepresentable, Hashable, Sendable, Comparable {
  public let rawValue: Int64
  public init(rawValue: Int64) { self.rawValue = rawValue }
  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// A place in a channel's log.
public struct RecordPosition: Hashable, Sendable {
  public var channel: ChannelNumber
  public var seq: UInt64
  public init(channel: ChannelNumber, seq: UInt64) {
    self.channel = channel
    self.seq = seq
  }
}

/// A record as stored.
public struct StoredRecord: Sendable, Hashable {
  public var seq: UInt64
  public var header: [UInt8]
  public var leaf: Digest
  /// Nil when erased.
  public var payload: [UInt8]?
  public var salt: [UInt8]
  /// The receiver's verdict: refused records are in the log but are no leads.
  public var refused: Bool

  public init(
    seq: UInt64, header: [UInt8], leaf: Digest, payload: [UInt8]?, salt: [UInt8], refused: Bool
  ) {
    self.seq = seq
    self.header = header
    self.leaf = leaf
    self.payload = payload
    self.salt = salt
    self.refused = refused
  }
}

/// An index entry: every record that was ever appended under an id of its own has one, in the order
/// in which this node came to hold it.
public struct IndexEntry: Sendable, Hashable {
  /// 1, 2, 3, … in the order of appending; a cursor for lists, hooks and watchers.
  public var number: Int64
  public var id: RecordID
  public var thread: RecordID
  public var position: RecordPosition
  /// Of an opening record: the state of its thread. Nil for the others.
  public var state: ThreadState?

  public init(
    number: Int64, id: RecordID, thread: RecordID, position: RecordPosition, state: ThreadState?
  ) {
    self.number = number
    self.id = id
    self.thread = thread
    self.position = position
    self.state = state
  }
}

/// A checkpoint as stored: the sender's signed note, with the receiver's cosignature once there.
public struct StoredCheckpoint: Sendable, Hashable {
  public var size: UInt64
  public var root: Digest
  public var note: [UInt8]
  /// The cosignature's time in Unix seconds; nil while there is no cosignature.
  public var receiptTime: UInt64?
  public init(size: UInt64, root: Digest, note: [UInt8], receiptTime: UInt64?) {
    self.size = size
    self.root = root
    self.note = note
    self.receiptTime = receiptTime
  }
}

/// What has been submitted and is not sealed yet: the outbox. A dead letter is one that can never be.
public struct Submission: Sendable, Hashable {
  public var id: RecordID
  public var to: AgencyCode
  public var kind: String
  public var schema: String
  public var thread: RecordID
  public var replyTo: RecordID?
  public var urgency: Urgency
  public var payload: [UInt8]
  public var salt: [UInt8]
  public var submittedAt: Timestamp
  /// Sealed before everything else: the node's own refusals.
  public var priority: Bool
  /// Why this can never be sealed: the rules broken. Nil while it is queued.
  public var dead: DeadReason?

  public init(
    id: RecordID, to: AgencyCode, kind: String, schema: String, thread: RecordID,
    replyTo: RecordID?, urgency: Urgency, payload: [UInt8], salt: [UInt8],
    submittedAt: Timestamp, priority: Bool = false, dead: DeadReason? = nil
  ) {
    self.id = id
    self.to = to
    self.kind = kind
    self.schema = schema
    self.thread = thread
    self.replyTo = replyTo
    self.urgency = urgency
    self.payload = payload
    self.salt = salt
    self.submittedAt = submittedAt
    self.priority = priority
    self.dead = dead
  }
}

/// Why a submission died.
public struct DeadReason: Sendable, Hashable {
  public var code: String
  /// Rule names joined by single spaces; never values.
  public var detail: String
  public var at: Timestamp
  public init(code: String, detail: String, at: Timestamp) {
    self.code = code
    self.detail = detail
    self.at = at
  }
}

/// Somebody works on an inbox entry until `until`.
public struct Lease: Sendable, Hashable {
  public var id: RecordID
  public var holder: String
  public var until: Timestamp
  public init(id: RecordID, holder: String, until: Timestamp) {
    self.id = id
    self.holder = holder
    self.until = until
  }
}

/// Signed bytes that prove a fault, kept for auditors.
public struct Evidence: Sendable, Hashable {
  public var origin: String
  public var code: String
  public var time: Timestamp
  /// The offending bytes: a header, a checkpoint, or a note. Never a payload.
  public var bytes: [UInt8]
  public init(origin: String, code: String, time: Timestamp, bytes: [UInt8]) {
    self.origin = origin
    self.code = code
    self.time = time
    self.bytes = bytes
  }
}

/// One entry of the node's journal.
public struct StoredJournalEntry: Sendable, Hashable {
  public var epoch: UInt32
  public var seq: UInt64
  public var bytes: [UInt8]
  public init(epoch: UInt32, seq: UInt64, bytes: [UInt8]) {
    self.epoch = epoch
    self.seq = seq
    self.bytes = bytes
  }
}

/// Whom a list of leads is about.
public struct IndexFilter: Sendable, Hashable {
  /// Only entries on these channels; nil for all.
  public var channels: [ChannelNumber]?
  /// Only opening records whose thread is in one of these states; nil for every record.
  public var states: [ThreadState]?
  /// Leave out what the receiver refused.
  public var omitRefused: Bool
  /// Newest first instead of oldest first.
  public var descending: Bool
  public init(
    channels: [ChannelNumber]? = nil, states: [ThreadState]? = nil, omitRefused: Bool = false,
    descending: Bool = false
  ) {
    self.channels = channels
    self.states = states
    self.omitRefused = omitRefused
    self.descending = descending
  }
}

/// Reading one consistent state of the store.
public protocol StoreReader: StoreLogReader, StoreOutboxReader {
  /// A small named value (`node.code`, `hook.cursor`, …); nil if never set.
  func setting(_ name: String) throws -> [UInt8]?
  /// The newest federation directory's note; nil before the first.
  func directoryNote() throws -> [UInt8]?
  /// All directory notes ever in force, oldest first.
  func directoryNotes() throws -> [[UInt8]]
  /// The lease on an entry, also when it has run out; nil if there never was one.
  func lease(_ id: RecordID) throws -> Lease?
  /// Kept evidence, newest first, at most `limit`.
  func evidence(limit: Int) throws -> [Evidence]
}

/// The logs: channels, records, checkpoints, tiles, journal.
public protocol StoreLogReader {
  /// Every channel ever opened, oldest first.
  func channels() throws -> [ChannelState]
  func record(at position: RecordPosition) throws -> StoredRecord?
  /// Records `from` ..., in order, until `maximumCount` or until their bytes (header, payload, salt)
  /// pass `maximumBytes`; always at least one if there is one.
  func records(
    _ channel: ChannelNumber, from: UInt64, maximumCount: Int, maximumBytes: Int
  ) throws -> [StoredRecord]
  /// Leaf hashes of records `range`, in order.
  func leaves(_ channel: ChannelNumber, _ range: Range<UInt64>) throws -> [Digest]
  /// The last record at or before `seq` that was not refused.
  func lastUnrefused(_ channel: ChannelNumber, before seq: UInt64) throws -> StoredRecord?
  /// The index entry of a record id; nil if no record has it.
  func entry(_ id: RecordID) throws -> IndexEntry?
  /// The index entries of a thread, in the order of `number`, opening record first.
  func thread(_ id: RecordID) throws -> [IndexEntry]
  /// Index entries beyond `cursor` (exclusive; in descending order, below it; nil from the end).
  func entries(after cursor: Int64?, filter: IndexFilter, limit: Int) throws -> [IndexEntry]
  /// A complete tile: 256 hashes of `level` (8 KiB), C2SP tlog-tiles; nil while incomplete.
  func tile(_ channel: ChannelNumber, level: Int, index: UInt64) throws -> [UInt8]?
  /// The smallest checkpoint with a receipt whose size is at least `size`.
  func receipt(_ channel: ChannelNumber, covering size: UInt64) throws -> StoredCheckpoint?
  /// The newest checkpoint with a receipt.
  func newestReceipt(_ channel: ChannelNumber) throws -> StoredCheckpoint?
  /// Checkpoints with sizes in `sizes`, ascending, at most `limit`, cosigned or not.
  func checkpoints(
    _ channel: ChannelNumber, sizes: ClosedRange<UInt64>, cosignedOnly: Bool, limit: Int
  ) throws -> [StoredCheckpoint]
  /// The journal's state; nil before the first entry.
  func journalState() throws -> JournalState?
  /// Journal entries of an epoch from `from` on.
  func journal(epoch: UInt32, from: UInt64, limit: Int) throws -> [StoredJournalEntry]
  /// The newest signed checkpoint of a journal epoch; nil if none was signed.
  func journalCheckpoint(epoch: UInt32) throws -> StoredCheckpoint?
}

/// The outbox.
public protocol StoreOutboxReader {
  func submission(_ id: RecordID) throws -> Submission?
  /// Queued ones for an agency: priority first, then in the order of submission; dead ones left out.
  func queued(to: AgencyCode, limit: Int) throws -> [Submission]
  /// Queued ones of a thread, in the order of submission; dead ones left out.
  func queued(thread: RecordID) throws -> [Submission]
  /// Per agency: how many are queued (priority ones included), how many of them have priority,
  /// the bytes, the oldest's time, and how many are dead.
  func outboxCounts() throws -> [AgencyCode: OutboxCount]
  /// Dead letters, newest first.
  func deadLetters(limit: Int) throws -> [Submission]
  /// What an Idempotency-Key stands for.
  func idempotency(_ key: String) throws -> IdempotencyEntry?
}

/// An Idempotency-Key's first use.
public struct IdempotencyEntry: Sendable, Hashable {
  public var key: String
  public var id: RecordID
  /// Digest of the first request: another request under the same key is refused.
  public var request: Digest
  public var time: Timestamp
  public init(key: String, id: RecordID, request: Digest, time: Timestamp) {
    self.key = key
    self.id = id
    self.request = request
    self.time = time
  }
}

/// How full one agency's outbox is.
public struct OutboxCount: Sendable, Hashable {
  public var queued: Int
  public var priority: Int
  public var bytes: Int
  public var oldest: Timestamp?
  public var dead: Int
  public init(
    queued: Int = 0, priority: Int = 0, bytes: Int = 0, oldest: Timestamp? = nil, dead: Int = 0
  ) {
    self.queued = queued
    self.priority = priority
    self.bytes = bytes
    self.oldest = oldest
    self.dead = dead
  }
}

/// One durable transaction. Every change is seen by the later reads of the same transaction.
public protocol StoreTransaction: StoreReader {
  /// Adds a channel; `state.number` is ignored. Returns the number that the store gave it.
  func openChannel(_ state: ChannelState) throws -> ChannelNumber
  /// Replaces a channel's state.
  func update(_ state: ChannelState) throws
  /// Appends a record at its position, which must be the channel's next. When `id` is new, also adds
  /// its index entry (with `state` if it opens a thread) and returns true; when the id is taken,
  /// stores the record without an index entry and returns false. A caller that must mark a repeated
  /// id as refused asks `entry(id)` first.
  func append(
    _ record: StoredRecord, to channel: ChannelNumber, id: RecordID, thread: RecordID,
    state: ThreadState?
  ) throws -> Bool
  /// Sets the verdict of a stored record.
  func setRefused(_ position: RecordPosition) throws
  /// Sets the state of a thread on its opening record's index entry.
  func setState(_ state: ThreadState, thread: RecordID) throws
  /// Stores a complete tile, 256 hashes.
  func putTile(_ channel: ChannelNumber, level: Int, index: UInt64, hashes: [UInt8]) throws
  /// Inserts or replaces the checkpoint of its size.
  func put(_ checkpoint: StoredCheckpoint, channel: ChannelNumber) throws
  func insert(_ submission: Submission) throws
  func removeSubmission(_ id: RecordID) throws
  func kill(_ id: RecordID, reason: DeadReason) throws
  func put(_ entry: IdempotencyEntry) throws
  func removeIdempotency(before: Timestamp) throws
  func put(_ lease: Lease) throws
  func appendJournal(_ entry: StoredJournalEntry, leaf: Digest) throws
  func update(_ journal: JournalState) throws
  func putJournalCheckpoint(_ checkpoint: StoredCheckpoint, epoch: UInt32) throws
  func keep(_ evidence: Evidence) throws
  func set(_ name: String, to value: [UInt8]) throws
  /// Adds a directory note; the newest version is the one in force.
  func addDirectory(version: UInt64, note: [UInt8]) throws
}
