public import Cryptography
public import RecordModel

/// What two nodes say to each other, free of its encoding. `PeerLink` carries each of these as one
/// protobuf frame (`schemas/wire.proto`); `Ping` and `Pong` stay inside `PeerLink`.
public enum PeerMessage: Sendable {
  case hello(Hello)
  case push(Batch)
  case receipt(Receipt)
  case window(Window)
  case fetch(Fetch)
  case entries(Batch)
  case fault(Fault)
  case head(Head)
  case headCosigned(HeadCosigned)
}

/// The first message on a connection, in both directions.
public struct Hello: Sendable, Hashable {
  /// The speaker; must be the agency that its certificate names.
  public var code: AgencyCode
  /// The version and the digest of the federation directory that the speaker has in force.
  public var directoryVersion: UInt64
  /// Digest of that directory's text.
  public var directoryDigest: Digest
  /// Name and version of the software, for operators to read; at most 128 bytes.
  public var software: String
  /// The speaker's clock when it sent this.
  public var clock: Timestamp
  /// The schema versions that the speaker reads, sorted, e.g. `lead.transfer/1`.
  public var schemas: [String]
  /// The channels between the two nodes as the speaker holds them, newest epochs only.
  public var channels: [ChannelReport]
  /// What the speaker holds of the other node's journal; nil from one that witnesses no journals and
  /// must not be sent a `Head`.
  public var journal: JournalReport?

  /// A greeting made from what is durable now.
  public init(
    code: AgencyCode, directoryVersion: UInt64, directoryDigest: Digest, software: String,
    clock: Timestamp, schemas: [String], channels: [ChannelReport],
    journal: JournalReport? = nil
  ) {
    self.code = code
    self.directoryVersion = directoryVersion
    self.directoryDigest = directoryDigest
    self.software = software
    self.clock = clock
    self.schemas = schemas
    self.channels = channels
    self.journal = journal
  }
}

/// One channel as one end holds it.
public struct ChannelReport: Sendable, Hashable {
  /// The channel's origin line, with its epoch.
  public var origin: Origin
  /// How many records the speaker holds, and the Merkle root over them.
  public var size: UInt64
  /// Merkle root over them; of the empty tree at size 0.
  public var root: Digest
  /// The newest cosigned checkpoint that the speaker holds, as a signed note; nil if none.
  public var cosigned: [UInt8]?
  /// Of the receiving end only: how much the sender may have in flight.
  public var window: Window?

  /// A report; `window` is given by the receiving end only.
  public init(origin: Origin, size: UInt64, root: Digest, cosigned: [UInt8]?, window: Window?) {
    self.origin = origin
    self.size = size
    self.root = root
    self.cosigned = cosigned
    self.window = window
  }
}

/// A contiguous run of records that ends at a signed checkpoint: the body of `Push` and `Entries`.
public struct Batch: Sendable, Hashable {
  /// The channel; must be the one between the two ends, in its newest epoch.
  public var origin: Origin
  /// `seq` of the first record.
  public var start: UInt64
  /// At least one, without gaps.
  public var records: [WireRecord]
  /// The signed note (sender's signature; in `Entries` the cosignature too) whose size is
  /// `start + records.count`.
  public var checkpoint: [UInt8]

  /// A batch; the sender sees to it that the checkpoint stands at its end.
  public init(origin: Origin, start: UInt64, records: [WireRecord], checkpoint: [UInt8]) {
    self.origin = origin
    self.start = start
    self.records = records
    self.checkpoint = checkpoint
  }

  /// The number of bytes of headers, payloads and salts: what a window counts.
  public var byteCount: Int { records.reduce(0) { $0 + $1.byteCount } }
}

/// A record as it travels: the exact header bytes, and the payload beside them.
public struct WireRecord: Sendable, Hashable {
  /// At most 16 KiB of JSON, never re-serialised.
  public var header: [UInt8]
  /// Nil when the payload has been erased.
  public var payload: [UInt8]?
  /// 32 bytes; empty when the payload has been erased.
  public var salt: [UInt8]

  /// A record; payload nil and salt empty, or neither.
  public init(header: [UInt8], payload: [UInt8]?, salt: [UInt8]) {
    self.header = header
    self.payload = payload
    self.salt = salt
  }

  /// Bytes of header, payload and salt.
  public var byteCount: Int { header.count + (payload?.count ?? 0) + salt.count }
}

/// The receiver's cosigned checkpoint: its receipt 送达回执 for every record before it.
public struct Receipt: Sendable, Hashable {
  /// The channel that is signed for.
  public var origin: Origin
  /// The signed note: checkpoint text, the sender's signature, the receiver's cosignature/v1.
  public var note: [UInt8]

  /// A receipt as stored; a repeat sends the same bytes.
  public init(origin: Origin, note: [UInt8]) {
    self.origin = origin
    self.note = note
  }
}

/// How much the sender of a channel may have pushed and not yet receipted.
public struct Window: Sendable, Hashable {
  /// The channel that the window is for.
  public var origin: Origin
  /// Zero stops the sender.
  public var records: UInt32
  /// Bytes of headers, payloads and salts; zero stops the sender.
  public var bytes: UInt64

  /// A window; it replaces the one granted before.
  public init(origin: Origin, records: UInt32, bytes: UInt64) {
    self.origin = origin
    self.records = records
    self.bytes = bytes
  }
}

/// Asks the receiver of a channel for the sender's own records from `start` on.
public struct Fetch: Sendable, Hashable {
  /// The channel from the asking node to the asked one.
  public var origin: Origin
  /// `seq` of the first record wanted: the size that the asking node still has.
  public var start: UInt64

  /// A request for the tail from `start` on.
  public init(origin: Origin, start: UInt64) {
    self.origin = origin
    self.start = start
  }
}

/// Why something was not done. The number is stable; the text is for operators.
public struct Fault: Sendable, Hashable, Error {
  /// What went wrong.
  public var code: FaultCode
  /// One English sentence without values; cut to what a frame allows.
  public var text: String
  /// The channel that it is about; nil when it is about the connection.
  public var origin: Origin?
  /// The offending signed bytes of a halt, so that both ends keep them; at most 64 KiB.
  public var evidence: [UInt8]

  /// A fault; leave `origin` out when the connection itself is at fault.
  public init(_ code: FaultCode, _ text: String, origin: Origin? = nil, evidence: [UInt8] = []) {
    self.code = code
    self.text = text
    self.origin = origin
    self.evidence = evidence
  }
}

/// The stable numbers of faults, listed in `docs/errors.md`.
public struct FaultCode: Hashable, Sendable, CustomStringConvertible {
  /// Stable on the wire: 1xx connection, 2xx wait and retry, 3xx halt.
  public let number: UInt32
  /// The dotted name; `fault.<number>` for a number that this version does not know.
  public let name: String

  init(_ number: UInt32, _ name: String) {
    self.number = number
    self.name = name
  }

  /// A code received from a peer: a number that this version does not know keeps its number.
  public init(number: UInt32) {
    self = Self.all.first { $0.number == number } ?? Self(number, "fault.\(number)")
  }

  /// The dotted name.
  public var description: String { name }

  /// A code by its name; `channel.halted` for a name that this version does not know.
  init(name: String) { self = Self.all.first { $0.name == name } ?? .halted }

  // Connection: 1xx. The connection closes; the dialler tries again.
  /// A frame does not parse, or carries a message that breaks its rules.
  public static let frame = Self(100, "peer.frame")
  /// A frame's length is beyond the limit of its phase.
  public static let frameTooLarge = Self(101, "peer.frameTooLarge")
  /// The first message was not a `Hello`, or none came in time.
  public static let helloExpected = Self(102, "peer.helloExpected")
  /// The `Hello` names another agency than the certificate.
  public static let wrongCode = Self(103, "peer.wrongCode")
  /// The directory in force does not name the agency.
  public static let unknownPeer = Self(104, "peer.unknown")
  /// The certificate chain or its name was not accepted.
  public static let certificate = Self(105, "peer.certificate")
  /// Another connection with the same peer is the one to keep.
  public static let duplicateConnection = Self(106, "peer.duplicateConnection")
  /// The node is stopping.
  public static let stopping = Self(107, "peer.stopping")
  /// Nothing was heard for too long.
  public static let idle = Self(108, "peer.idle")
  // Wait and retry: 2xx.
  /// A batch begins beyond what is held.
  public static let gap = Self(200, "channel.gap")
  /// Signed with a key that the directory here does not list, or not for that time.
  public static let unknownKey = Self(201, "channel.unknownKey")
  /// A header names a directory version that is not known here yet.
  public static let unknownDirectory = Self(202, "channel.unknownDirectory")
  /// Two directories under one version: the authority must look into it.
  public static let directoryFork = Self(203, "directory.fork")
  /// More was in flight than twice the window.
  public static let windowExceeded = Self(204, "channel.windowExceeded")
  /// Greet again: resumed, recovered, or another epoch is in use.
  public static let notReady = Self(205, "channel.notReady")
  /// The store could not take the change; nothing of it is held.
  public static let storage = Self(206, "storage.full")
  // A journal's head is not cosigned. No channel halts for it.
  /// Another size is held than the head's proof begins at.
  public static let headConflict = Self(220, "journal.conflict")
  /// A larger head of this journal, or one of a later epoch, has been witnessed.
  public static let headRollback = Self(221, "journal.rollback")
  /// Heads come faster than they are taken.
  public static let headTooSoon = Self(222, "journal.tooSoon")
  /// The journal has begun anew too often.
  public static let headEpochs = Self(223, "journal.epochs")
  // What cannot be true: 3xx. The channel halts at both ends.
  /// The sender's signature on a head does not verify.
  public static let badSignature = Self(300, "channel.badSignature")
  /// The records do not lead to the signed root.
  public static let badRoot = Self(301, "channel.badRoot")
  /// `prev` is not the leaf hash of the record before.
  public static let badPrevious = Self(302, "channel.badPrevious")
  /// Another channel or other agencies than those of the connection.
  public static let badOrigin = Self(303, "channel.badOrigin")
  /// A header is malformed.
  public static let badHeader = Self(304, "channel.badHeader")
  /// Payload and salt do not match the header's commitment or size.
  public static let badCommitment = Self(305, "channel.badCommitment")
  /// A held index was pushed with other bytes. Needs a new epoch.
  public static let otherBytes = Self(306, "channel.otherBytes")
  /// A header's `seq` is not its place.
  public static let badSequence = Self(307, "channel.badSequence")
  /// Two histories of one channel are signed. Needs a new epoch.
  public static let fork = Self(308, "channel.fork")
  /// The peer holds more than can be proved, or has seen more than is held. Needs a new epoch
  /// when it halts a channel.
  public static let rollback = Self(309, "channel.rollback")
  /// A receipt without a valid cosignature, or without our own signature.
  public static let badReceipt = Self(310, "channel.badReceipt")
  /// The channel is halted at the speaker's end.
  public static let halted = Self(311, "channel.halted")
  /// A batch is empty, its head does not parse, or does not stand at its end.
  public static let badCheckpoint = Self(312, "channel.badCheckpoint")
  /// Two histories of one journal are signed. No channel halts for it.
  public static let headFork = Self(320, "journal.fork")

  static let all: [FaultCode] = [
    .frame, .frameTooLarge, .helloExpected, .wrongCode, .unknownPeer, .certificate,
    .duplicateConnection, .stopping, .idle, .gap, .unknownKey, .unknownDirectory, .directoryFork,
    .windowExceeded, .notReady, .storage, .badSignature, .badRoot, .badPrevious, .badOrigin,
    .badHeader, .badCommitment, .otherBytes, .badSequence, .fork, .rollback, .badReceipt,
    .halted, .badCheckpoint, .headConflict, .headRollback, .headTooSoon, .headEpochs, .headFork,
  ]
}
