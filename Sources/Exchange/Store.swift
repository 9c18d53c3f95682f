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
  /// Overwrites what erased payloads have left behind in the store's own files, as far as the medium
  /// allows; blocks the calling thread, and writes, for as long as the whole store takes to copy.
  /// Throws where it could not, with nothing lost: it may be called again.
  func scrub() throws
  /// Bytes that can still be written where the store lies, and the bytes that it takes now.
  func space() throws -> StoreSpace
  /// Finishes running work and releases the store. Later calls throw.
  func close() throws
}

/// Room on the store's medium, in bytes.
public struct StoreSpace: Sendable, Hashable {
  /// Bytes that the process may still write there.
  public var free: UInt64
  /// Bytes that the store's own files take.
  public var used: UInt64
  /// Room in bytes.
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
  /// The number as stored.
  public let rawValue: Int64
  /// Wraps a stored number.
  public init(rawValue: Int64) { self.rawValue = rawValue }
  /// In the order of opening.
  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// A place in a channel's log.
public struct RecordPosition: Hashable, Sendable {
  /// The log.
  public var channel: ChannelNumber
  /// From 0.
  public var seq: UInt64
  /// The place `seq` of a channel.
  public init(channel: ChannelNumber, seq: UInt64) {
    self.channel = channel
    self.seq = seq
  }
}

/// A record as stored.
public struct StoredRecord: Sendable, Hashable {
  /// Its place in the log, from 0.
  public var seq: UInt64
  /// The exact bytes that are hashed and signed.
  public var header: [UInt8]
  /// Digest of 0x00 and the header.
  public var leaf: Digest
  /// Nil when erased.
  public var payload: [UInt8]?
  /// 32 bytes; empty once erased.
  public var salt: [UInt8]
  /// The receiver's verdict: refused records are in the log but are no leads.
  public var refused: Bool

  /// A row of a log; it never changes but for `refused`.
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
  /// Unique over all channels of the store.
  public var id: RecordID
  /// What the entry is found under: of an act, its thread's opening record; equals `id` for an
  /// opening record, and for whatever the node keeps out of the thread that it names.
  public var thread: RecordID
  /// Where the record stands.
  public var position: RecordPosition
  /// Of an opening record: the state of its thread. Nil for the others.
  public var state: ThreadState?

  /// An entry as the store numbered it.
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
  /// How many records it covers; never 0.
  public var size: UInt64
  /// The Merkle root over them.
  public var root: Digest
  /// The signed note: the sender's signature, and the cosignature once there.
  public var note: [UInt8]
  /// The cosignature's time in Unix seconds; nil while there is no cosignature.
  public var receiptTime: UInt64?
  /// A checkpoint; `receiptTime` goes with a cosignature in `note`.
  public init(size: UInt64, root: Digest, note: [UInt8], receiptTime: UInt64?) {
    self.size = size
    self.root = root
    self.note = note
    self.receiptTime = receiptTime
  }
}

/// Signed bytes that prove a fault, kept for auditors.
public struct Evidence: Sendable, Hashable {
  /// The channel, by its origin line.
  public var origin: String
  /// The fault's name.
  public var code: String
  /// This node's clock when it was kept.
  public var time: Timestamp
  /// The offending bytes: a header, a checkpoint, or a note. Never a payload.
  public var bytes: [UInt8]
  /// Evidence; the caller cuts `bytes` to its limit.
  public init(origin: String, code: String, time: Timestamp, bytes: [UInt8]) {
    self.origin = origin
    self.code = code
    self.time = time
    self.bytes = bytes
  }
}

/// One entry of the node's journal.
public struct StoredJournalEntry: Sendable, Hashable {
  /// The journal's epoch, from 1.
  public var epoch: UInt32
  /// Place in that epoch, from 0.
  public var seq: UInt64
  /// One JSON entry, hashed exactly so.
  public var bytes: [UInt8]
  /// An entry as it is hashed.
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
  /// Every index entry, oldest first, unless told otherwise.
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
public protocol StoreReader: StoreLogReader, StoreOutboxReader, StoreProjectionReader,
  StoreWitnessReader, StoreErasureReader
{
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
  /// The record at a place; nil beyond the end.
  func record(at position: RecordPosition) throws -> StoredRecord?
  /// Header and verdict of the record at a place, without reading its payload; nil beyond the end.
  func header(at position: RecordPosition) throws -> (header: [UInt8], refused: Bool)?
  /// Records `from` ..., in order, until `maximumCount` or until their bytes (header, payload, salt)
  /// pass `maximumBytes`; always at least one if there is one.
  func records(
    _ channel: ChannelNumber, from: UInt64, maximumCount: Int, maximumBytes: Int
  ) throws -> [StoredRecord]
  /// Leaf hashes of records `range`, in order.
  func leaves(_ channel: ChannelNumber, _ range: Range<UInt64>) throws -> [Digest]
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
  /// A submission, queued or dead; nil once sealed, cancelled or discarded.
  func submission(_ id: RecordID) throws -> Submission?
  /// Queued ones for an agency: priority first, then in the order of submission; dead ones left out.
  /// At most `limit`, and until their payloads pass `maximumBytes`; always at least one if there is
  /// one.
  func queued(to: AgencyCode, limit: Int, maximumBytes: Int) throws -> [Submission]
  /// Queued ones of a thread, in the order of submission; dead ones left out.
  func queued(thread: RecordID) throws -> [Submission]
  /// All of them, queued and dead, in the order of their ids, from the one after `id` on (nil from the
  /// first), at most `limit`, without their payloads.
  func outboxItems(after id: RecordID?, limit: Int) throws -> [OutboxItem]
  /// Per agency: how many are queued (priority ones included), how many of them have priority,
  /// the bytes, the oldest's time, and how many are dead.
  func outboxCounts() throws -> [AgencyCode: OutboxCount]
  /// Dead letters, newest first.
  func deadLetters(limit: Int) throws -> [Submission]
  /// What an Idempotency-Key stands for.
  func idempotency(_ key: String) throws -> IdempotencyEntry?
}

extension StoreOutboxReader {
  /// Queued ones for an agency, however large.
  public func queued(to agency: AgencyCode, limit: Int) throws -> [Submission] {
    try queued(to: agency, limit: limit, maximumBytes: .max)
  }
}

/// One durable transaction. Every change is seen by the later reads of the same transaction.
public protocol StoreTransaction: StoreReader, StoreProjectionWriter, StoreWitnessWriter,
  StoreErasureWriter
{
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
  /// Adds a submission behind those that wait; its id must be new to the outbox.
  func insert(_ submission: Submission) throws
  /// Takes a submission out, queued or dead.
  func removeSubmission(_ id: RecordID) throws
  /// Makes a submission a dead letter.
  func kill(_ id: RecordID, reason: DeadReason) throws
  /// Remembers a key's first use.
  func put(_ entry: IdempotencyEntry) throws
  /// Forgets the keys first used before a time.
  func removeIdempotency(before: Timestamp) throws
  /// Inserts or replaces the lease on its entry.
  func put(_ lease: Lease) throws
  /// Appends a journal entry at its place, which must be its epoch's next; `leaf` is its leaf hash.
  func appendJournal(_ entry: StoredJournalEntry, leaf: Digest) throws
  /// Replaces the journal's state.
  func update(_ journal: JournalState) throws
  /// Keeps the newest signed checkpoint of a journal epoch; a smaller one changes nothing.
  func putJournalCheckpoint(_ checkpoint: StoredCheckpoint, epoch: UInt32) throws
  /// Adds evidence; it is never changed or removed.
  func keep(_ evidence: Evidence) throws
  /// Sets a small named value.
  func set(_ name: String, to value: [UInt8]) throws
  /// Adds a directory note; the newest version is the one in force.
  func addDirectory(version: UInt64, note: [UInt8]) throws
}
