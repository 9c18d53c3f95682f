public import Cryptography

/// How much of the reverse channel the sender held when it sealed a record: the cut at which both
/// ends judge it. Never decreases over a channel.
public struct Seen: Hashable, Comparable, Sendable {
  /// The reverse channel's epoch, from 1.
  public var epoch: UInt32
  /// How many of that epoch's records were held.
  public var size: UInt64

  /// A position in the reverse channel.
  public init(epoch: UInt32, size: UInt64) {
    self.epoch = epoch
    self.size = size
  }

  /// Epoch first, then size.
  public static func < (left: Seen, right: Seen) -> Bool {
    (left.epoch, left.size) < (right.epoch, right.size)
  }
}

/// What the log says of a payload: a commitment that reveals nothing once its salt is erased.
public struct PayloadReference: Hashable, Sendable {
  /// Digest of salt ‖ payload bytes (`Commitment.make`).
  public var commitment: Digest
  /// The payload's size in bytes, at most `RecordHeader.payloadByteLimit`.
  public var size: Int

  /// A reference to a payload of `size` bytes.
  public init(commitment: Digest, size: Int) {
    self.commitment = commitment
    self.size = size
  }
}

/// The salted commitment to a payload.
public enum Commitment {
  /// Length of every salt: fresh random bytes for each record.
  public static let saltBytes = 32

  /// Digest of salt ‖ payload. The salt has a fixed length, so that the two cannot be shifted.
  /// - Precondition: `salt.count == saltBytes`; callers check salts that come from outside.
  public static func make(salt: [UInt8], payload: [UInt8], suite: Suite) -> Digest {
    precondition(salt.count == saltBytes, "a salt has \(saltBytes) bytes")
    return suite.digest(salt, payload)
  }
}

/// How urgently a record wants handling.
public enum Urgency: String, Hashable, Sendable, CaseIterable {
  /// 平件
  case normal
  /// 急件
  case urgent
  /// 特急
  case critical
}

/// A record's header: the entry in the channel's log. Names no person, says nothing of the case.
///
/// What is hashed and signed are the bytes as they came; keep them beside the parsed value. They
/// need not be in canonical key order, so `encoded()` of a parsed header may differ from them.
public struct RecordHeader: Hashable, Sendable {
  /// Most bytes that a header may have.
  public static let byteLimit = 16 * 1024
  /// Most bytes that a payload may have.
  public static let payloadByteLimit = 1024 * 1024
  /// Most bytes that a kind or a schema may have.
  public static let nameByteLimit = 64
  /// The one version of this format, field `v`.
  public static let version = 1

  /// The record's own identifier.
  public var id: RecordID
  /// Who sends.
  public var from: AgencyCode
  /// Who receives.
  public var to: AgencyCode
  /// Its place in the log, from 0.
  public var seq: UInt64
  /// Leaf hash of the entry before; `Digest.zero` at 0.
  public var prev: Digest
  /// When it was sealed, by the sender's clock.
  public var time: Timestamp
  /// The cut at which it is judged.
  public var seen: Seen
  /// The directory version under which policy and clocks are judged, from 1.
  public var directory: UInt64
  /// What it is, such as `lead.transfer`: words of `a-z 0-9 -` joined by dots.
  public var kind: String
  /// The payload's schema: a kind, a slash and a version, such as `lead.transfer/1`.
  public var schema: String
  /// The id of the thread's first record.
  public var thread: RecordID
  /// The id of the record that it answers.
  public var replyTo: RecordID?
  /// How urgently it wants handling.
  public var urgency: Urgency
  /// The payload beside it.
  public var payload: PayloadReference

  /// A header from its fields, which are not checked here: `encoded()` of a field outside its
  /// limits is bytes that `init(parsing:)` refuses.
  public init(
    id: RecordID, from: AgencyCode, to: AgencyCode, seq: UInt64, prev: Digest, time: Timestamp,
    seen: Seen, directory: UInt64, kind: String, schema: String, thread: RecordID,
    replyTo: RecordID?, urgency: Urgency, payload: PayloadReference
  ) {
    self.id = id
    self.from = from
    self.to = to
    self.seq = seq
    self.prev = prev
    self.time = time
    self.seen = seen
    self.directory = directory
    self.kind = kind
    self.schema = schema
    self.thread = thread
    self.replyTo = replyTo
    self.urgency = urgency
    self.payload = payload
  }

  /// Parses a log entry: one strict JSON object, every field known, present once and in its form.
  /// - Throws: `RecordModelError` with a `header.*` code that names the field, never its value.
  public init(parsing bytes: [UInt8]) throws(RecordModelError) {
    self = try HeaderParser.parse(bytes)
  }

  /// The channel that it travels.
  public var direction: Direction { Direction(from: from, to: to) }

  /// Whether the schema is one of this kind's: what stands before the slash is the kind.
  public var schemaFitsKind: Bool {
    schema.utf8.count > kind.utf8.count && schema.utf8.starts(with: kind.utf8)
      && schema.utf8.dropFirst(kind.utf8.count).first == 0x2F
  }
}

extension RecordHeader {
  /// The canonical bytes: keys in the format's order, no spaces.
  public func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(768)
    bytes.append(static: #"{"v":1,"id":""#)
    id.append(to: &bytes)
    bytes.append(static: #"","from":""#)
    from.append(to: &bytes)
    bytes.append(static: #"","to":""#)
    to.append(to: &bytes)
    bytes.append(static: #"","seq":"#)
    bytes.append(digits: seq)
    bytes.append(static: #","prev":""#)
    bytes.append(base64: prev)
    bytes.append(static: #"","time":""#)
    time.append(to: &bytes)
    bytes.append(static: #"","seen":{"epoch":"#)
    bytes.append(digits: UInt64(seen.epoch))
    bytes.append(static: #","size":"#)
    bytes.append(digits: seen.size)
    bytes.append(static: #"},"directory":"#)
    bytes.append(digits: directory)
    bytes.append(static: #","kind":"#)
    bytes.append(quoted: kind)
    bytes.append(static: #","schema":"#)
    bytes.append(quoted: schema)
    bytes.append(static: #","thread":""#)
    thread.append(to: &bytes)
    if let replyTo {
      bytes.append(static: #"","replyTo":""#)
      replyTo.append(to: &bytes)
    }
    bytes.append(static: #"","urgency":""#)
    bytes.append(contentsOf: urgency.rawValue.utf8)
    bytes.append(static: #"","payload":{"commitment":""#)
    bytes.append(base64: payload.commitment)
    bytes.append(static: #"","size":"#)
    bytes.append(digits: UInt64(payload.size.magnitude))
    bytes.append(static: "}}")
    return bytes
  }
}
