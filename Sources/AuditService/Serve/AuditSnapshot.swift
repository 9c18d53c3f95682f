import Auditor
import Cryptography
import Exchange
import RecordModel
import TransparencyLog

/// What an auditor sees of a node from their first question to their last: the sizes of its logs at
/// one moment, and all that changes otherwise than by growing.
struct AuditSnapshot: Sendable {
  /// One log.
  struct Log: Sendable {
    var served: ServedLog
    var root: Digest
    /// The newest head that the entries reach; nil where there is none.
    var newest: [UInt8]?
    var newestSize: UInt64 = 0
    /// Its place among all heads, which are otherwise bundled.
    var newestPlace: UInt64?
    /// How many other heads there are.
    var others: UInt64 = 0
    /// Those of a journal: the newest of each witness.
    var witnessed: [[UInt8]] = []
    var refused: [UInt64] = []
  }

  var logs: [String: Log]
  /// The heads of other nodes' journals, by origin: ascending by size.
  var witnessed: [String: [[UInt8]]]
  var directories: [UInt64]
  var outbox: [UInt8]
  var time: Timestamp

  /// The manifest for one who may or may not have payloads.
  func manifest(
    federation: String, code: AgencyCode, software: String, payloads: Bool
  ) -> ExportManifest {
    ExportManifest(
      federation: federation, code: code, software: software, time: time, payloads: payloads,
      files: false, directories: directories,
      logs: logs.values.sorted { $0.served.origin < $1.served.origin }.map { log in
        ExportManifest.Log(
          kind: log.served.kind, origin: log.served.origin, size: log.served.size, root: log.root,
          checkpoint: log.newestSize, checkpoints: log.others, from: 0)
      },
      witnessed: witnessed.sorted { $0.key < $1.key }.compactMap { name, notes in
        (try? JournalOrigin(parsing: name)).map {
          ExportManifest.Witnessed(origin: $0, checkpoints: UInt64(notes.count))
        }
      })
  }

  /// `claims.json` of a log.
  func claims(_ log: Log) -> ExportClaims {
    ExportClaims(
      size: log.served.size, root: log.root, refused: log.refused, channel: log.served.state)
  }
}

extension AuditSnapshot {
  /// The store's state, whose index is caught up with it.
  static func take(
    _ reader: any StoreReader, _ logs: [ServedLog], _ index: ExportIndex, time: Timestamp
  ) throws -> AuditSnapshot {
    var snapshot = AuditSnapshot(
      logs: [:], witnessed: try witnessed(reader, own: Set(logs.map(\.origin))),
      directories: [], outbox: try outbox(reader), time: time)
    snapshot.directories = try reader.directoryNotes().map { note in
      try DirectoryDraft(parsing: SignedNote(parsing: note).text).contents.version
    }.sorted()
    for log in logs { snapshot.logs[log.origin] = try entry(log, reader, index) }
    return snapshot
  }

  private static func entry(
    _ log: ServedLog, _ reader: any StoreReader, _ index: ExportIndex
  ) throws -> Log {
    switch log.place {
    case .journal(let epoch):
      let head = try reader.journalCheckpoint(epoch: epoch)
      let fits = head.map { $0.size <= log.size } ?? false
      let witnessed = try reader.witnessedHeads(origin: log.origin).map(\.note)
      return Log(
        served: log, root: try journalRoot(log, epoch, reader),
        newest: fits ? head?.note : nil, newestSize: fits ? head?.size ?? 0 : 0,
        others: UInt64(witnessed.count), witnessed: witnessed)
    case .channel(let number):
      let heads = index.heads(number)
      var entry = Log(
        served: log, root: log.state?.frontier.root ?? Merkle.emptyRoot(suite: log.suite),
        others: heads.count, refused: index.refused(number))
      guard let newest = try newest(log, number, heads, reader) else { return entry }
      entry.newest = newest.head.note
      entry.newestSize = newest.head.size
      entry.newestPlace = newest.place
      entry.others -= 1
      return entry
    }
  }

  /// The newest head that the entries reach. Only a node on its way back from a backup holds others
  /// beyond them.
  private static func newest(
    _ log: ServedLog, _ number: ChannelNumber, _ heads: ExportIndex.Heads,
    _ reader: any StoreReader
  ) throws -> (head: StoredCheckpoint, place: UInt64)? {
    guard let bundle = heads.starts.lastIndex(where: { $0 <= log.size }) else { return nil }
    let page = try reader.checkpoints(
      number, sizes: heads.starts[bundle]...max(log.size, heads.starts[bundle]),
      cosignedOnly: false, limit: CheckpointBundle.fullWidth)
    guard let head = page.last, head.size <= log.size else { return nil }
    return (head, UInt64(bundle * CheckpointBundle.fullWidth + page.count - 1))
  }

  private static func journalRoot(
    _ log: ServedLog, _ epoch: UInt32, _ reader: any StoreReader
  ) throws -> Digest {
    if let state = try reader.journalState(), state.epoch == epoch { return state.frontier.root }
    return try Merkle.root(size: log.size, source: log.subtrees(size: log.size, reader))
  }

  private static func witnessed(
    _ reader: any StoreReader, own: Set<String>
  ) throws -> [String: [[UInt8]]] {
    try WitnessedJournals(reader, own: own).journals
      .reduce(into: [:]) { $0["\($1.origin)"] = $1.notes }
  }

  private static func outbox(_ reader: any StoreReader) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var last: RecordID?
    while true {
      let page = try reader.outboxItems(after: last, limit: 1000)
      guard let end = page.last else { return bytes }
      for item in page { bytes += ExportOutbox.line(item) }
      last = end.id
    }
  }
}

/// The snapshots that auditors are reading, each under the digest of the manifest that they were
/// shown.
///
/// Whoever begins many loses their own: a watch begins one each round, and an audit that reads for
/// hours beside it keeps its own by asking.
struct SnapshotBook: Sendable {
  /// How many are kept for one auditor.
  static let auditorLimit = 8
  /// How many are kept for all of them.
  static let limit = 64
  /// How many bytes of what is not sealed yet are kept for them.
  static let byteLimit = 64 << 20
  /// How long one is kept that nobody asks for.
  static let keptMilliseconds: Int64 = 3_600_000

  private struct Use {
    var time: Timestamp
    /// Counts uses: in one millisecond there may be many.
    var turn: UInt64
  }
  private struct Kept {
    var snapshot: AuditSnapshot
    /// When each auditor asked for it last; nobody keeps one without.
    var uses: [String: Use] = [:]
  }
  private var kept: [String: Kept] = [:]
  private var turn: UInt64 = 0

  /// Keeps one for an auditor.
  mutating func add(_ snapshot: AuditSnapshot, id: String, for auditor: String, now: Timestamp) {
    for (id, entry) in kept {
      for (auditor, use) in entry.uses
      where now.milliseconds - use.time.milliseconds > Self.keptMilliseconds {
        drop(id, of: auditor)
      }
    }
    kept[id] = kept[id] ?? Kept(snapshot: snapshot)
    use(id, by: auditor, now)
    // The newest use is never the one that goes: there is an older one as long as there are two.
    while kept.count > Self.limit || kept.count > 1 && outboxBytes > Self.byteLimit {
      guard let (auditor, oldest) = greediest else { return }
      drop(oldest, of: auditor)
    }
  }

  /// The one of an id, which lives on by being asked for.
  mutating func snapshot(_ id: String, for auditor: String, now: Timestamp) -> AuditSnapshot? {
    guard let snapshot = kept[id]?.snapshot else { return nil }
    use(id, by: auditor, now)
    return snapshot
  }

  private mutating func use(_ id: String, by auditor: String, _ now: Timestamp) {
    turn += 1
    let time = max(kept[id]?.uses[auditor]?.time ?? now, now)
    kept[id]?.uses[auditor] = Use(time: time, turn: turn)
    let held = kept.compactMap { id, entry in entry.uses[auditor].map { (id, $0.turn) } }
    if held.count > Self.auditorLimit, let oldest = held.min(by: { $0.1 < $1.1 }) {
      drop(oldest.0, of: auditor)
    }
  }

  private mutating func drop(_ id: String, of auditor: String) {
    kept[id]?.uses[auditor] = nil
    if kept[id]?.uses.isEmpty == true { kept[id] = nil }
  }

  private var outboxBytes: Int { kept.values.reduce(0) { $0 + $1.snapshot.outbox.count } }

  /// Who holds the most, and of that what was used longest ago; among equals, who waited longest.
  private var greediest: (auditor: String, oldest: String)? {
    var held: [String: [(id: String, turn: UInt64)]] = [:]
    for (id, entry) in kept {
      for (auditor, use) in entry.uses { held[auditor, default: []].append((id, use.turn)) }
    }
    let candidates = held.compactMap { auditor, ids in
      ids.min { $0.turn < $1.turn }.map { (auditor, oldest: $0, count: ids.count) }
    }
    return candidates.max {
      $0.count != $1.count ? $0.count < $1.count : $0.oldest.turn > $1.oldest.turn
    }.map { ($0.0, $0.oldest.id) }
  }
}
