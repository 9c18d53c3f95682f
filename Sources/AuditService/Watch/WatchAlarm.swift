public import RecordModel
import RecordSchema

/// Something that a person must look at.
public struct WatchAlarm: Sendable, Hashable {
  /// What kind of thing it is; names are stable.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Two signed heads of one log that cannot both be true; both are kept as evidence.
    case fork
    /// A node shows less of a log than it has shown before.
    case rollback
    /// A head is not signed by its log's key.
    case signature
    /// Tiles do not lead to the signed root that they are served with.
    case tiles
    /// Entries do not lead to the signed root that they are served with, or are missing.
    case entries
    /// A directory is not signed by those who may, is older, or another under a version known.
    case directory
    /// A node could not be followed for too long, or shows an old state.
    case stale
    /// This watch's own state is older than what nodes hold of its cosignatures.
    case state
    /// This watch's own clock went back.
    case clock
    /// This watch's state could not be written.
    case storage
    /// A node shows, or its key signs, more than is read or kept of it.
    case limit

    /// Whether it stays, whatever is seen later: what it tells of has happened. Across restarts too,
    /// but for `storage`: where nothing can be written, nothing can say so.
    var stays: Bool { [.fork, .rollback, .state, .storage].contains(self) }
  }

  /// The kind.
  public var kind: Kind
  /// The node that it is about; nil where it is about none.
  public var node: AgencyCode?
  /// The log that it is about; nil where it is about none.
  public var origin: String?
  /// What was seen, in English.
  public var detail: String
  /// Since when.
  public var since: Timestamp
}

/// The alarms that stand.
struct AlarmBook: Sendable {
  private struct Key: Hashable {
    var kind: WatchAlarm.Kind
    var node: AgencyCode?
    var origin: String?
  }
  private var standing: [Key: WatchAlarm] = [:]
  /// How many of them are about single logs of a node and do not stay.
  private var passing: [AgencyCode: Int] = [:]
  /// Raised since this process began, by kind.
  private(set) var raised: [WatchAlarm.Kind: UInt64] = [:]

  /// Every alarm, oldest first.
  var all: [WatchAlarm] {
    standing.values.sorted {
      ($0.since, $0.kind.rawValue, $0.origin ?? "") < ($1.since, $1.kind.rawValue, $1.origin ?? "")
    }
  }

  /// Whether one stands.
  func stands(_ kind: WatchAlarm.Kind, node: AgencyCode?, origin: String?) -> Bool {
    standing[Key(kind: kind, node: node, origin: origin)] != nil
  }

  /// Raises one; true when it is new. Of those that do not stay and are about single logs of one node,
  /// `limit` stand at once: how many logs there are is the node's word.
  mutating func raise(_ alarm: WatchAlarm, limit: Int = .max) -> Bool {
    let key = Key(kind: alarm.kind, node: alarm.node, origin: alarm.origin)
    guard standing[key] == nil else { return false }
    if let node = Self.counted(key) {
      guard passing[node, default: 0] < limit else { return false }
      passing[node, default: 0] += 1
    }
    standing[key] = alarm
    raised[alarm.kind, default: 0] += 1
    return true
  }

  /// Takes one back that was about what has come right; true when it stood.
  mutating func clear(_ kind: WatchAlarm.Kind, node: AgencyCode?, origin: String?) -> Bool {
    remove(Key(kind: kind, node: node, origin: origin))
  }

  /// Takes back what was about logs that a node does not show, unless it stays.
  mutating func clearOthers(of node: AgencyCode, than served: Set<String>) {
    for key in standing.keys where key.node == node && key.origin.map(served.contains) == false {
      _ = remove(key)
    }
  }

  private mutating func remove(_ key: Key) -> Bool {
    guard !key.kind.stays, standing.removeValue(forKey: key) != nil else { return false }
    if let node = Self.counted(key) { passing[node, default: 1] -= 1 }
    return true
  }

  /// The node that an alarm counts for; nil of one that stays, or is about no single log.
  private static func counted(_ key: Key) -> AgencyCode? {
    key.kind.stays || key.origin == nil ? nil : key.node
  }
}

/// Two signed heads of one log that cannot both be true, or one that takes another back: kept as a file
/// that proves it to others.
struct WatchEvidence: Sendable, Hashable {
  var kind: WatchAlarm.Kind
  var origin: String
  var node: AgencyCode?
  var time: Timestamp
  /// The head that was held, a signed note.
  var held: [UInt8]
  /// The head that was shown, a signed note; nil where none is shown any more.
  var shown: [UInt8]?
  /// The consistency proof that failed, in base64; empty where none was shown.
  var proof: [String] = []
  var detail: String

  /// The file's bytes.
  var encoded: [UInt8] {
    var writer = JSONWriter()
    writer.object { json in
      json.member("v", 1)
      json.member("kind", kind.rawValue)
      json.member("origin", origin)
      json.member("node", node?.rawValue)
      json.member("time", time.description)
      json.member("detail", detail)
      json.member("held", String(decoding: held, as: UTF8.self))
      json.member("shown", shown.map { String(decoding: $0, as: UTF8.self) })
      json.array("proof") { json in
        for hash in proof { json.string(hash) }
      }
    }
    return writer.bytes + [0x0A]
  }

  /// What a file of an earlier run tells of; nil where it is none.
  static func alarm(parsing bytes: [UInt8]) -> WatchAlarm? {
    guard let root = try? JSONDocument(parsing: bytes, profile: .general).root,
      let kind = root["kind"]?.string.flatMap(WatchAlarm.Kind.init),
      let detail = root["detail"]?.string,
      let time = root["time"]?.string.flatMap({ try? Timestamp(parsing: $0) })
    else { return nil }
    return WatchAlarm(
      kind: kind, node: root["node"]?.string.flatMap { try? AgencyCode($0) },
      origin: root["origin"]?.string, detail: detail, since: time)
  }
}
