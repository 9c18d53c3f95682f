import Cryptography
import RecordModel
import RecordSchema
import TransparencyLog

/// What a record of an erasure names: read from the members that every version of it has, so that
/// one which breaks its schema, which is another finding, still explains what is gone.
struct ErasureTarget: Sendable {
  var id: RecordID
  /// The channel, where it says.
  var channel: String?
  /// Its place there; nil when the record does not say.
  var seq: UInt64?
  /// The whole payload, as far as it can be had.
  private(set) var payload: Payload

  enum Payload: Sendable {
    /// It is gone, or was left out.
    case unknown
    /// It is no payload of its schema.
    case malformed
    /// Apart, for records are many and erasures few.
    case whole(Whole)
  }

  final class Whole: Sendable {
    let erasure: SystemErasure
    init(_ erasure: SystemErasure) { self.erasure = erasure }
  }

  /// Reads a record of an erasure: its payload, or what its header answers when that is gone.
  init?(_ header: RecordHeader, payload: [UInt8]?) {
    let root = payload.flatMap { try? JSONDocument(parsing: $0).root }
    let target = root?["target"]?.string.flatMap { try? RecordID(parsing: $0) }
    guard let id = target ?? header.replyTo else { return nil }
    self.id = id
    channel = root?["channel"]?.string
    seq = root?["seq"]?.integer.flatMap { UInt64(exactly: $0) }
    self.payload =
      payload.map { bytes in
        SystemErasure(reading: bytes).map { .whole(Whole($0)) } ?? .malformed
      } ?? .unknown
  }

  /// Whether this names the record of that id at a place of a channel.
  func names(_ id: RecordID, _ origin: Origin, _ seq: UInt64) -> Bool {
    self.id == id && (self.seq.map { $0 == seq } ?? true)
      && (channel.map { $0.utf8.elementsEqual(origin.description.utf8) } ?? true)
  }
}

/// The erasures between two agencies: records that have lost their payload, and the records that say
/// why, which come later and in either direction.
struct ErasureBook {
  /// A record without its payload.
  struct Erased {
    var id: RecordID
    var origin: Origin
    var seq: UInt64
  }

  /// A record of an erasure.
  struct Erasure {
    var target: ErasureTarget
    /// Where the record stands, and with it whose word it is.
    var origin: Origin
    var seq: UInt64
    /// Whether the audited node itself says that it has erased.
    var isOwn: Bool
  }

  private(set) var erased: [Erased] = []
  private(set) var erasures: [Erasure] = []

  mutating func add(_ erased: Erased) { self.erased.append(erased) }
  mutating func add(_ erasure: Erasure) { erasures.append(erasure) }

  /// Each erased payload with the first record that explains it: the node's own before its peer's.
  var explained: [(erased: Erased, by: Erasure?)] {
    let byTarget = Dictionary(grouping: erasures, by: \.target.id)
    return erased.map { erased in
      let naming = (byTarget[erased.id] ?? []).filter {
        $0.target.names(erased.id, erased.origin, erased.seq)
      }
      return (erased, naming.first(where: \.isOwn) ?? naming.first)
    }
  }
}

extension ErasureBook.Erasure {
  /// Whether the record lacks the signatures of two operators' keys over what it says, for the record
  /// with that header. Whose keys they are is the sender's word; of a payload that is gone nothing can
  /// be told.
  func isUnapproved(of header: [UInt8], suite: Suite) -> Bool {
    guard case .whole(let payload) = target.payload else { return false }
    let statement = ErasureStatement(
      payload.erasure, of: origin.direction.from, leaf: Merkle.leaf(header, suite: suite))
    return statement?.verifies(payload.erasure.approvals, suite: suite) != true
  }
}
