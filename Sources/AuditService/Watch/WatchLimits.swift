import RecordModel

/// Every limit of a watch, by name, with its default; `docs/audit.md` lists them. Whoever holds a key
/// of a node, or serves one, can make a watch read and keep so much and no more.
public struct WatchLimits: Sendable, Hashable {
  /// The largest head that is taken: every reader of JSON, and of the state, reads it exactly.
  public static let logSize: UInt64 = (1 << 53) - 1

  /// Logs that one node may show, and logs of one signer that are kept.
  public var logs = 4096
  /// Epochs that are kept of one journal, and of one direction of a pair.
  public var epochs = 256
  /// Pieces of evidence that are kept of one kind about one log.
  public var evidence = 64
  /// Pieces of evidence that are kept of what one node has shown.
  public var nodeEvidence = 1024
  /// Alarms of one node about single logs that stand at once, beside those that stay.
  public var alarms = 1024
  /// Heads beside the newest that a node may show of one journal of its own.
  public var heldHeads: UInt64 = 4096
  /// Bytes that are read of one node in a round. Half of them are not for entries.
  public var roundBytes = 1 << 30
  /// Bundles of entries of one node that are hashed in a round, of all its logs together.
  public var roundBundles = 4096
  /// Bundles of entries of one log that are hashed in a round.
  public var logBundles = 64

  /// The defaults.
  public init() {}
}

/// How much is kept for whom, counted as it comes: nothing is ever given up but by an operator.
struct WatchHoldings: Sendable {
  private var logs: [AgencyCode: Int] = [:]
  /// By a log's origin without its epoch.
  private var epochs: [Substring: (signer: AgencyCode, count: Int)] = [:]
  private var evidence: Set<String> = []
  /// By the names of evidence without their digests: a kind and a log.
  private var evidenceOfLog: [Substring: Int] = [:]
  private var evidenceOfNode: [AgencyCode: Int] = [:]

  /// Who signs a log; nil where the origin is none.
  static func signer(of origin: String) -> AgencyCode? {
    (try? JournalOrigin(parsing: origin))?.code
      ?? (try? Origin(parsing: origin))?.direction.from
  }

  private static func line(of origin: String) -> Substring {
    origin[..<(origin.lastIndex(of: "/") ?? origin.endIndex)]
  }

  private static func subject(of name: String) -> Substring {
    name[..<(name.lastIndex(of: "-") ?? name.endIndex)]
  }

  // MARK: Logs

  /// Whether one more log may be kept.
  func hasRoom(for origin: String, _ limits: WatchLimits) -> Bool {
    guard let signer = Self.signer(of: origin) else { return false }
    return logs[signer, default: 0] < limits.logs
      && epochs[Self.line(of: origin)]?.count ?? 0 < limits.epochs
  }

  /// Counts a log that is kept from now on.
  mutating func add(log origin: String) {
    guard let signer = Self.signer(of: origin) else { return }
    logs[signer, default: 0] += 1
    epochs[Self.line(of: origin), default: (signer, 0)].count += 1
  }

  /// Whether anything more of a node could be turned away.
  func isFull(_ node: AgencyCode, _ limits: WatchLimits) -> Bool {
    logs[node, default: 0] >= limits.logs
      || evidenceOfNode[node, default: 0] >= limits.nodeEvidence
      || epochs.values.contains { $0.signer == node && $0.count >= limits.epochs }
  }

  // MARK: Evidence

  /// Whether a piece of evidence is kept already.
  func has(evidence name: String) -> Bool { evidence.contains(name) }

  /// Whether the evidence of one kind about one log is all that is kept of it.
  func isEnough(evidence name: String, _ limits: WatchLimits) -> Bool {
    evidenceOfLog[Self.subject(of: name), default: 0] >= limits.evidence
  }

  /// Whether one more piece may be kept of what a node has shown.
  func hasRoom(forEvidenceOf node: AgencyCode?, _ limits: WatchLimits) -> Bool {
    node.map { evidenceOfNode[$0, default: 0] < limits.nodeEvidence } ?? true
  }

  /// Counts a piece of evidence that is kept from now on.
  mutating func add(evidence name: String, of node: AgencyCode?) {
    guard evidence.insert(name).inserted else { return }
    evidenceOfLog[Self.subject(of: name), default: 0] += 1
    if let node { evidenceOfNode[node, default: 0] += 1 }
  }
}
