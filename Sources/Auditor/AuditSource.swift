public import Cryptography
public import RecordModel

/// What an audit reads: a node's holdings as plain bytes, whatever they are kept in. The command line
/// makes one of a store; exported files can be another.
///
/// Nothing that a source says is believed. What can be computed is computed from `header`, `payload`,
/// `salt`, notes and journal bytes; the other values are claims that the audit compares.
///
/// A source must show one consistent state from its first call to its last. Calls come one after
/// another, in ascending order within a channel, except the few that look a single thing up.
public protocol AuditSource {
  /// Every directory note that was ever in force, oldest first.
  func directoryNotes() throws -> [[UInt8]]
  /// Whose holdings they are said to be; nil where only the logs tell.
  var holder: AgencyCode? { get }
  /// Every channel held, in any order.
  func channels() throws -> [AuditChannel]
  /// Entries of a channel whose `seq` is `from` or more, in order; at most `limit`, fewer only at
  /// the end or to stay within some megabytes, none only at the end.
  func entries(_ channel: AuditChannel, from: UInt64, limit: Int) throws -> [AuditEntry]
  /// Checkpoints of a channel whose size is more than `size`, ascending, at most `limit`; all of one
  /// size in one answer, even if that makes it longer.
  func checkpoints(
    _ channel: AuditChannel, above size: UInt64, limit: Int
  ) throws -> [AuditCheckpoint]
  /// Whether complete tiles are held at all.
  var holdsTiles: Bool { get }
  /// A complete tile of 256 hashes (8 KiB); nil if it is not held.
  func tile(_ channel: AuditChannel, level: Int, index: UInt64) throws -> [UInt8]?
  /// A tile of fewer hashes at the end of the tree of `channel.tiledSize` entries; nil if it is not
  /// held. Asked for only where a channel has such a size.
  func partialTile(
    _ channel: AuditChannel, level: Int, index: UInt64, width: Int
  ) throws -> [UInt8]?
  /// The node's journals by epoch, ascending.
  func journals() throws -> [AuditJournal]
  /// Journal entries of an epoch whose number is `from` or more, in order, at most `limit`.
  func journalEntries(epoch: UInt32, from: UInt64, limit: Int) throws -> [AuditJournalEntry]
  /// Signed heads of one of the node's own journals besides `AuditJournal.checkpoint`, as for
  /// `checkpoints`: with the cosignatures of whoever witnessed them.
  func journalCheckpoints(
    epoch: UInt32, above size: UInt64, limit: Int
  ) throws -> [AuditCheckpoint]
  /// The journals of other nodes of which heads are held.
  func witnessedOrigins() throws -> [JournalOrigin]
  /// The heads held of another node's journal, as for `checkpoints`; those too that prove a fork.
  func witnessedHeads(
    _ origin: JournalOrigin, above size: UInt64, limit: Int
  ) throws -> [AuditCheckpoint]
  /// Whether the files that directories name by digest (clocks, calendars) are held at all.
  var holdsDirectoryFiles: Bool { get }
  /// The file of that digest; nil if it is not held.
  func directoryFile(_ digest: Digest) throws -> [UInt8]?
  /// Whether the directories' trust anchors are held as files too.
  var holdsTrustAnchors: Bool { get }
  /// The trust anchor of that digest; nil if it is not held.
  func trustAnchor(_ digest: Digest) throws -> [UInt8]?
  /// A tile of a journal, complete or not; nil if it is not held. Asked for only where a journal has
  /// a `tiledSize`.
  func journalTile(epoch: UInt32, level: Int, index: UInt64, width: Int) throws -> [UInt8]?
  /// Whether a submission of that id is still held: queued, or dead.
  func holdsSubmission(_ id: RecordID) throws -> Bool
  /// Whether a refusal of `target` is queued and not sealed yet.
  func holdsPendingRefusal(of target: RecordID, thread: RecordID) throws -> Bool
  /// Where the record of an id stands; at several places where an id was repeated.
  func places(ofRecord id: RecordID) throws -> [AuditPlace]
  /// Where the records of a thread stand, refusals of them among them, in any order.
  func places(ofThread id: RecordID) throws -> [AuditPlace]
  /// What is wrong with the form in which all this is kept, as far as it has come to light in what
  /// was read. Asked for last.
  func faults() throws -> [AuditFault]
}

extension AuditSource {
  /// The logs tell.
  public var holder: AgencyCode? { nil }

  /// None: a store keeps complete tiles alone.
  public func partialTile(
    _ channel: AuditChannel, level: Int, index: UInt64, width: Int
  ) throws -> [UInt8]? { nil }

  /// None: a store keeps no tiles of its journal.
  public func journalTile(
    epoch: UInt32, level: Int, index: UInt64, width: Int
  ) throws -> [UInt8]? { nil }

  /// None besides the journal's own newest head.
  public func journalCheckpoints(
    epoch: UInt32, above size: UInt64, limit: Int
  ) throws -> [AuditCheckpoint] { [] }

  /// None.
  public func witnessedOrigins() throws -> [JournalOrigin] { [] }

  /// None.
  public func witnessedHeads(
    _ origin: JournalOrigin, above size: UInt64, limit: Int
  ) throws -> [AuditCheckpoint] { [] }

  /// They are not.
  public var holdsDirectoryFiles: Bool { false }

  /// None.
  public func directoryFile(_ digest: Digest) throws -> [UInt8]? { nil }

  /// They are not: the directories have them.
  public var holdsTrustAnchors: Bool { false }

  /// None.
  public func trustAnchor(_ digest: Digest) throws -> [UInt8]? { nil }

  /// None.
  public func faults() throws -> [AuditFault] { [] }
}

/// A file of an export that is missing, malformed, or not what its name says.
public struct AuditFault: Sendable, Hashable {
  /// The origin of the log that it belongs to; nil where it belongs to none.
  public var origin: String?
  /// The first entry that it is about; nil where it is about none.
  public var index: UInt64?
  /// Which file, and what is wrong with it.
  public var detail: FindingDetail

  /// A fault from its parts.
  public init(origin: String?, index: UInt64?, detail: FindingDetail) {
    self.origin = origin
    self.index = index
    self.detail = detail
  }
}

/// A channel as a source holds it.
public struct AuditChannel: Sendable, Hashable {
  /// The source's own number for it.
  public var number: Int64
  /// Which log it is.
  public var origin: Origin
  /// Whether the audited node is the sender (else it is the receiver).
  public var isOutbound: Bool
  /// How many entries the source says it holds.
  public var claimedSize: UInt64
  /// The root that the source says they have.
  public var claimedRoot: Digest
  /// Whether the node is on its way back from a backup, so that its log may end without a receipt.
  public var isRestoring: Bool
  /// The size of the tree whose last tiles, of fewer than 256 hashes, are held too; nil where only
  /// complete tiles are.
  public var tiledSize: UInt64?

  /// A channel with the source's claims.
  public init(
    number: Int64, origin: Origin, isOutbound: Bool, claimedSize: UInt64, claimedRoot: Digest,
    isRestoring: Bool = false, tiledSize: UInt64? = nil
  ) {
    self.tiledSize = tiledSize
    self.number = number
    self.origin = origin
    self.isOutbound = isOutbound
    self.claimedSize = claimedSize
    self.claimedRoot = claimedRoot
    self.isRestoring = isRestoring
  }
}

/// One log entry as a source holds it.
public struct AuditEntry: Sendable, Hashable {
  /// Its place in the log.
  public var seq: UInt64
  /// The exact header bytes.
  public var header: [UInt8]
  /// The leaf hash that the source keeps beside it; nil where none is kept.
  public var claimedLeaf: Digest?
  /// Nil when erased, or left out.
  public var payload: [UInt8]?
  /// Whether the payload was left out of what the audit reads, and may be held elsewhere.
  public var isLeftOut: Bool
  /// 32 bytes; empty when erased.
  public var salt: [UInt8]
  /// Whether its receiver refused it.
  public var isRefused: Bool

  /// An entry from its parts.
  public init(
    seq: UInt64, header: [UInt8], claimedLeaf: Digest?, payload: [UInt8]?, salt: [UInt8],
    isRefused: Bool, isLeftOut: Bool = false
  ) {
    self.isLeftOut = isLeftOut
    self.seq = seq
    self.header = header
    self.claimedLeaf = claimedLeaf
    self.payload = payload
    self.salt = salt
    self.isRefused = isRefused
  }
}

/// A signed head as a source holds it.
public struct AuditCheckpoint: Sendable, Hashable {
  /// The size under which the source keeps it.
  public var size: UInt64
  /// The root under which the source keeps it.
  public var root: Digest
  /// The signed note.
  public var note: [UInt8]
  /// The receipt's time in Unix seconds as the source keeps it; nil while there is no receipt.
  public var receiptTime: UInt64?

  /// A checkpoint from its parts.
  public init(size: UInt64, root: Digest, note: [UInt8], receiptTime: UInt64?) {
    self.size = size
    self.root = root
    self.note = note
    self.receiptTime = receiptTime
  }
}

/// One epoch of the node's journal.
public struct AuditJournal: Sendable, Hashable {
  /// Which log it is.
  public var origin: JournalOrigin
  /// How many entries the source says it has; nil where it does not say.
  public var claimedSize: UInt64?
  /// The root that the source says they have; nil where it does not say.
  public var claimedRoot: Digest?
  /// The newest signed head; nil before the first.
  public var checkpoint: AuditCheckpoint?
  /// The size of the tree whose tiles are held; nil where none are.
  public var tiledSize: UInt64?

  /// An epoch of a journal.
  public init(
    origin: JournalOrigin, claimedSize: UInt64?, checkpoint: AuditCheckpoint?,
    claimedRoot: Digest? = nil, tiledSize: UInt64? = nil
  ) {
    self.claimedRoot = claimedRoot
    self.tiledSize = tiledSize
    self.origin = origin
    self.claimedSize = claimedSize
    self.checkpoint = checkpoint
  }
}

/// One journal entry as a source holds it.
public struct AuditJournalEntry: Sendable, Hashable {
  /// Its place in the journal.
  public var seq: UInt64
  /// The exact bytes.
  public var bytes: [UInt8]

  /// An entry from its parts.
  public init(seq: UInt64, bytes: [UInt8]) {
    self.seq = seq
    self.bytes = bytes
  }
}
