public import Cryptography
public import RecordModel
import Synchronization
import TransparencyLog

/// A witness that trusts no node: it cosigns a head only where a proof leads to it from the head that
/// it cosigned last, and it has that on disk before the cosignature leaves.
///
/// One lock round everything, held while the disk is written: comparing with the newest head and
/// replacing it must be one step, else a smaller head could come to stand for a larger one.
public final class Witness: Sendable {
  /// What a witness is made from.
  public struct Setting: Sendable {
    /// The name under which it cosigns.
    public var name: String
    /// Its key.
    public var key: SigningKey
    /// The authority's keys as the auditor knows them.
    public var pinned: Authority
    /// The nodes that are followed, whose holdings are compared with the state before anything of
    /// theirs is cosigned.
    public var followed: Set<AgencyCode>
    /// Whether the operator has said that a state older than its cosignatures is to be brought
    /// forward.
    public var resumes: Bool
    /// How much of one node is read and kept.
    public var limits: WatchLimits

    /// A setting.
    public init(
      name: String, key: SigningKey, pinned: Authority, followed: Set<AgencyCode>,
      resumes: Bool = false, limits: WatchLimits = WatchLimits()
    ) {
      self.name = name
      self.key = key
      self.pinned = pinned
      self.followed = followed
      self.resumes = resumes
      self.limits = limits
    }
  }

  struct State: Sendable {
    var directories: [FederationDirectory] = []
    var logs: [String: WatchedLog] = [:]
    var alarms = AlarmBook()
    /// Why nothing is cosigned; nil while all is well.
    var refusing: String?
    /// The nodes whose holdings were compared since the start.
    var compared: Set<AgencyCode> = []
    /// The digests of the heads' texts that each node shows and that a valid key signed when they were
    /// first seen, by origin; of no more logs than the node's last round had.
    var seen: [AgencyCode: [String: Digest]] = [:]
    /// What is kept for whom.
    var holdings = WatchHoldings()
    /// The time of the newest cosignature on any log.
    var newestCosignature: UInt64 = 0
    var counters = WatchCounters()

    /// Puts what is on disk of a log in the place of what was known of it.
    mutating func put(_ log: WatchedLog) {
      if logs.updateValue(log, forKey: log.origin) == nil { holdings.add(log: log.origin) }
      newestCosignature = max(newestCosignature, log.cosignedAt)
    }
  }

  static let refusingName = "refusing"

  let setting: Setting
  let folder: WatchFolder
  let now: @Sendable () -> Timestamp
  let verifier: VerifierKey
  let state: Mutex<State>
  private let onAlarm: @Sendable (WatchAlarm) -> Void

  /// Opens the state folder.
  /// - Parameter onAlarm: told of each alarm as it is raised, on the thread that raised it.
  /// - Throws: `WatchError` where the folder is damaged; `RecordModelError` where a stored directory
  ///   does not follow from the pinned keys.
  public init(
    _ setting: Setting, folder: WatchFolder, now: @escaping @Sendable () -> Timestamp,
    onAlarm: @escaping @Sendable (WatchAlarm) -> Void = { _ in }
  ) throws {
    self.setting = setting
    self.folder = folder
    self.now = now
    self.onAlarm = onAlarm
    let suite = setting.key.suite
    verifier = try VerifierKey(
      name: setting.name, key: setting.key.verificationKey, type: suite.cosignatureType)
    var state = State()
    for name in try folder.names(in: "directories") {
      guard let note = try folder.read("directories/\(name)") else { continue }
      state.directories.append(try Self.verify(note, after: state.directories.last, setting))
    }
    for name in try folder.names(in: "logs") {
      guard let bytes = try folder.read("logs/\(name)") else { continue }
      let log = try WatchedLog(parsing: bytes, suite: suite)
      guard log.fileName == "logs/\(name)", log.size == 0 || Self.holds(log, by: verifier) else {
        throw WatchError(.state, "logs/\(name) is damaged, or was not cosigned by this witness")
      }
      state.put(log)
    }
    for name in try folder.names(in: "evidence") {
      let alarm = try folder.read("evidence/\(name)").flatMap(WatchEvidence.alarm(parsing:))
      state.holdings.add(evidence: name, of: alarm?.node)
      if let alarm { _ = state.alarms.raise(alarm) }
    }
    if setting.resumes {
      try folder.remove(Self.refusingName)
    } else if let reason = try folder.read(Self.refusingName) {
      state.refusing = String(decoding: reason, as: UTF8.self)
      _ = state.alarms.raise(
        WatchAlarm(
          kind: .state, node: nil, origin: nil, detail: state.refusing ?? "", since: now()))
    }
    self.state = Mutex(state)
  }

  /// Whether a log's note carries a cosignature of this witness.
  private static func holds(_ log: WatchedLog, by key: VerifierKey) -> Bool {
    guard let note = try? SignedNote(parsing: log.note) else { return false }
    return note.signatures.contains {
      (try? Cosignature.verify($0, checkpointText: note.text, by: key)) == log.cosignedAt
    }
  }

  private static func verify(
    _ note: [UInt8], after former: FederationDirectory?, _ setting: Setting
  ) throws -> FederationDirectory {
    if let former { return try FederationDirectory(verifying: note, successorOf: former) }
    return try FederationDirectory(verifying: note, pinned: setting.pinned)
  }

  // MARK: Directories and keys

  /// The version of the newest directory; 0 before the first.
  public var directoryVersion: UInt64 { state.withLock { $0.directories.last?.version ?? 0 } }

  /// Takes a directory that follows the newest, durably.
  func learn(_ note: [UInt8]) throws {
    try state.withLock { state in
      let next = try Self.verify(note, after: state.directories.last, setting)
      guard next.version > state.directories.last?.version ?? 0 else { return }
      let digits = String(next.version)
      let zeros = String(repeating: "0", count: max(0, 20 - digits.utf8.count))
      try folder.write(note, to: "directories/\(zeros)\(digits).note")
      state.directories.append(next)
    }
  }

  /// The digest of each directory's text, by its version.
  var directoryDigests: [UInt64: Digest] {
    state.withLock {
      Dictionary($0.directories.map { ($0.version, $0.digest) }, uniquingKeysWith: { $1 })
    }
  }

  /// Whose log it is, and the keys that may sign it at a time by the newest directory, as far as clocks
  /// may differ; or, without one, that any directory has listed: what is served may have been signed
  /// before a key ran out. Nil of a log of no node known.
  static func keys(
    of origin: String, _ state: State, at time: Timestamp?
  ) -> (owner: AgencyCode, keys: [VerifierKey])? {
    guard let newest = state.directories.last else { return nil }
    let directories = time == nil ? state.directories : [newest]
    let tolerance = Int64(clockSeconds) * 1000
    let span = time.map {
      (
        first: $0.advanced(byMilliseconds: -tolerance),
        last: $0.advanced(byMilliseconds: tolerance)
      )
    }
    if let journal = try? JournalOrigin(parsing: origin) {
      guard newest.nodes[journal.code] != nil, journal.federation == newest.federation else {
        return nil
      }
      return (
        journal.code,
        directories.flatMap { directory in
          span.map { directory.journalVerifiers(origin: journal, from: $0.first, through: $0.last) }
            ?? directory.journalVerifiers(origin: journal)
        }
      )
    }
    guard let channel = try? Origin(parsing: origin), channel.federation == newest.federation,
      newest.nodes[channel.direction.from] != nil, newest.nodes[channel.direction.to] != nil
    else { return nil }
    return (
      channel.direction.from,
      directories.flatMap { directory in
        span.map { directory.recordVerifiers(origin: channel, from: $0.first, through: $0.last) }
          ?? directory.recordVerifiers(origin: channel)
      }
    )
  }

  /// Whether one of a log's keys signed a note.
  static func isSigned(_ note: SignedNote, by keys: [VerifierKey]) -> Bool {
    keys.contains { key in ((try? note.verified(by: [key])) ?? []).isEmpty == false }
  }

  // MARK: Alarms

  /// Raises an alarm, once.
  func raise(
    _ kind: WatchAlarm.Kind, node: AgencyCode? = nil, origin: String? = nil, _ detail: String
  ) {
    let alarm = WatchAlarm(kind: kind, node: node, origin: origin, detail: detail, since: now())
    let isNew = state.withLock { $0.alarms.raise(alarm, limit: setting.limits.alarms) }
    if isNew { onAlarm(alarm) }
  }

  /// What an alarm was about has come right.
  func clear(_ kind: WatchAlarm.Kind, node: AgencyCode? = nil, origin: String? = nil) {
    _ = state.withLock { $0.alarms.clear(kind, node: node, origin: origin) }
  }

  /// The alarms that stand, oldest first.
  public var alarms: [WatchAlarm] { state.withLock { $0.alarms.all } }

  private enum Keeping { case kept, isEnough, isFull, failed(String) }

  /// Keeps two heads that cannot both be true, or one that is no longer shown, durably, and raises the
  /// alarm, which is the same however much of its kind is kept already.
  func keep(_ evidence: WatchEvidence) {
    let digest = setting.key.suite.digest(evidence.held, evidence.shown ?? [])
    let origin = evidence.origin.split(separator: "/").joined(separator: "_")
    let name = "\(evidence.kind.rawValue)-\(origin)-\(digest.description.prefix(16)).json"
    let outcome = state.withLock { state -> Keeping in
      // A rollback that stands is only said again, with whatever head is held by now.
      let isRepeated =
        evidence.kind == .rollback
        && state.alarms.stands(.rollback, node: evidence.node, origin: evidence.origin)
      if isRepeated || state.holdings.has(evidence: name) { return .kept }
      if state.holdings.isEnough(evidence: name, setting.limits) { return .isEnough }
      guard state.holdings.hasRoom(forEvidenceOf: evidence.node, setting.limits) else {
        return .isFull
      }
      do {
        try folder.write(evidence.encoded, to: "evidence/\(name)")
        state.holdings.add(evidence: name, of: evidence.node)
        return .kept
      } catch {
        return .failed("\(error)")
      }
    }
    raise(evidence.kind, node: evidence.node, origin: evidence.origin, evidence.detail)
    switch outcome {
    case .kept, .isEnough: break
    case .isFull:
      raise(
        .limit, node: evidence.node,
        "\(setting.limits.nodeEvidence) pieces of evidence of one node are kept, and no more")
    case .failed(let reason): raise(.storage, reason)
    }
  }
}
