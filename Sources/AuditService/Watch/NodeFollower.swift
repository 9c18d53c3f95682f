public import Auditor
import Cryptography
public import RecordModel
import Synchronization
import TransparencyLog

/// Follows the logs of one node as it serves them: every new head must go on from the last, every new
/// entry must be among what the heads cover. Blocks the thread it runs on.
public struct NodeFollower: Sendable {
  /// Most bundles of entries of one log that are hashed in one round.
  public static let bundlesPerRound = 64

  let code: AgencyCode
  let witness: Witness
  let staleSeconds: Int64
  /// Opens what is served, anew for each round: one state from first to last.
  let open: @Sendable () throws -> any ExportBytes
  /// What other nodes serve, by code: for a head that is behind what they have shown.
  let others: @Sendable (AgencyCode) throws -> (any ExportBytes)?

  /// A follower of one node.
  public init(
    code: AgencyCode, witness: Witness, staleAfter seconds: Int,
    open: @escaping @Sendable () throws -> any ExportBytes,
    others: @escaping @Sendable (AgencyCode) throws -> (any ExportBytes)? = { _ in nil }
  ) {
    self.code = code
    self.witness = witness
    staleSeconds = Int64(seconds)
    self.open = open
    self.others = others
  }

  /// One round. What is wrong with the node is an alarm, what keeps the round from its end is noted and
  /// tried again with the next.
  /// - Returns: whether it came to its end.
  @discardableResult
  public func round() -> Bool {
    do {
      try follow(try open())
      witness.note(round: code, trouble: nil)
      return true
    } catch {
      witness.note(round: code, trouble: "\(error)")
      return false
    }
  }

  private func follow(_ bytes: any ExportBytes) throws {
    guard let file = try bytes.read(ExportSource.manifestName, limit: ExportManifest.byteLimit)
    else { throw WatchError(.node, "\(ExportSource.manifestName) is missing") }
    let manifest = try ExportManifest(parsing: file)
    guard manifest.code == code else {
      throw WatchError(.node, "the URL serves the logs of \(manifest.code)")
    }
    try learnDirectories(manifest, bytes)
    guard witness.directoryVersion > 0 else {
      throw WatchError(.node, "no directory that follows from the authority's keys is served")
    }
    let age = witness.now().milliseconds - manifest.time.milliseconds
    guard age <= staleSeconds * 1000 else {
      throw WatchError(.node, "what is served is of \(manifest.time)")
    }
    // Before anything is cosigned: is the state as new as what this node holds?
    for log in manifest.logs where log.kind == .journal { try compareHeld(log, bytes) }
    witness.finishComparing(code)
    for log in manifest.logs { try LogFollower(self, log, bytes).follow() }
    try checkMissing(manifest)
  }

  private func learnDirectories(_ manifest: ExportManifest, _ bytes: any ExportBytes) throws {
    let known = witness.directoryVersion
    for version in manifest.directories where version > known {
      guard
        let note = try bytes.read(
          ExportNames.directory(version), limit: FederationDirectory.noteByteLimit)
      else { throw WatchError(.node, "\(ExportNames.directory(version)) is missing") }
      do {
        try witness.learn(note)
      } catch let error as WatchError {
        throw error
      } catch {
        witness.raise(.directory, node: code, "directory \(version): \(error)")
        return
      }
    }
    witness.clear(.directory, node: code)
  }

  /// Compares the cosignatures of this witness that a node holds on its own journal.
  private func compareHeld(_ log: ExportManifest.Log, _ bytes: any ExportBytes) throws {
    var notes: [[UInt8]] = []
    if let newest = try bytes.read(
      "\(log.path)/checkpoint", limit: CheckpointBundle.noteByteLimit)
    {
      notes.append(newest)
    }
    let width = UInt64(CheckpointBundle.fullWidth)
    for bundle in 0..<(log.checkpoints + width - 1) / width {
      let count = Int(min(width, log.checkpoints - bundle * width))
      let place = try Tile(level: 0, index: bundle, width: count)
      guard
        let content = try bytes.read(
          "\(log.path)/\(place.path(in: "checkpoints"))", limit: CheckpointBundle.byteLimit)
      else { throw WatchError(.node, "\(log.path): a bundle of checkpoints is missing") }
      notes += CheckpointBundle.readable(content, count: count)
    }
    for note in notes {
      guard let (note, head) = witness.compare(note, from: code) else { continue }
      try LogFollower(self, log, bytes).bringForward(note, head)
    }
  }

  /// A log that was shown once is shown for ever.
  private func checkMissing(_ manifest: ExportManifest) throws {
    let served = Set(manifest.logs.map(\.origin))
    for log in witness.state.withLock({ Array($0.logs.values) })
    where log.shown[code.rawValue] ?? 0 > 0 && !served.contains(log.origin) {
      witness.raise(
        .rollback, node: code, origin: log.origin, "\(code) no longer shows \(log.origin)")
    }
  }
}
