public import Auditor
import Cryptography
public import RecordModel
import Synchronization
import TransparencyLog

/// Follows the logs of one node as it serves them: every new head must go on from the last, every new
/// entry must be among what the heads cover. Blocks the thread it runs on.
public struct NodeFollower: Sendable {
  let code: AgencyCode
  let witness: Witness
  let staleSeconds: Int64
  /// Opens what is served, anew for each round: one state from first to last.
  let open: @Sendable () throws -> any ExportBytes
  /// What other nodes serve, by code: for a head that is behind what they have shown.
  let others: @Sendable (AgencyCode) throws -> (any ExportBytes)?

  private var limits: WatchLimits { witness.setting.limits }

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
    let budget = RoundBudget(limits)
    do {
      try follow(BudgetedExport(base: try open(), budget: budget), budget)
      witness.note(round: code, trouble: nil)
      return true
    } catch {
      if error is RoundBudget.Spent { witness.raise(.limit, node: code, "\(error)") }
      witness.note(round: code, trouble: "\(error)")
      return false
    }
  }

  private func follow(_ bytes: BudgetedExport, _ budget: RoundBudget) throws {
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
    guard manifest.logs.count <= limits.logs else {
      throw exceeds("\(code) shows \(manifest.logs.count) logs; \(limits.logs) are followed")
    }
    // Before anything is cosigned: is the state as new as what this node holds?
    for log in manifest.logs where log.kind == .journal { try compareHeld(log, bytes, budget) }
    witness.finishComparing(code)
    for log in manifest.logs { try LogFollower(self, log, bytes, budget).follow() }
    let served = Set(manifest.logs.map(\.origin))
    checkMissing(served)
    witness.finishRound(code, served: served, passedOver: budget.passedOver)
  }

  /// Raises the alarm, and is what ends the round: nothing is cosigned on half of what a node shows.
  private func exceeds(_ detail: String) -> WatchError {
    witness.raise(.limit, node: code, detail)
    return WatchError(.node, detail)
  }

  // MARK: Directories

  private func learnDirectories(_ manifest: ExportManifest, _ bytes: BudgetedExport) throws {
    guard try agreesOnDirectories(manifest, bytes) else { return }
    let known = witness.directoryVersion
    for version in manifest.directories where version > known {
      do {
        try witness.learn(try directory(version, bytes))
      } catch let error as RecordModelError {
        witness.raise(.directory, node: code, "directory \(version): \(error)")
        return
      }
    }
    witness.clear(.directory, node: code)
  }

  /// Whether the newest directory that this node shows and that is known is the one that is known: the
  /// authority may have signed two of one version, or the node shows what nobody signed.
  private func agreesOnDirectories(
    _ manifest: ExportManifest, _ bytes: BudgetedExport
  ) throws -> Bool {
    let known = witness.directoryDigests
    guard let version = manifest.directories.last(where: { known[$0] != nil }) else { return true }
    let shown = try directory(version, bytes)
    let note = try? SignedNote(parsing: shown)
    let digest = note.map { witness.setting.key.suite.digest(Array($0.text.utf8)) }
    guard digest == known[version] else {
      witness.raise(
        .directory, node: code, "directory \(version) is another text than the one that is held")
      return false
    }
    return true
  }

  private func directory(_ version: UInt64, _ bytes: BudgetedExport) throws -> [UInt8] {
    let name = ExportNames.directory(version)
    guard let note = try bytes.read(name, limit: FederationDirectory.noteByteLimit) else {
      throw WatchError(.node, "\(name) is missing")
    }
    return note
  }

  // MARK: Logs

  /// Compares the cosignatures of this witness that a node holds on its own journal, bundle by bundle:
  /// how many there are is the node's word.
  private func compareHeld(
    _ log: ExportManifest.Log, _ bytes: BudgetedExport, _ budget: RoundBudget
  ) throws {
    guard log.checkpoints <= limits.heldHeads else {
      throw exceeds(
        "\(code) shows \(log.checkpoints) heads of \(log.origin); "
          + "\(limits.heldHeads) are looked at")
    }
    if let newest = try bytes.read(
      "\(log.path)/checkpoint", limit: CheckpointBundle.noteByteLimit)
    {
      try compare(newest, log, bytes, budget)
    }
    let width = UInt64(CheckpointBundle.fullWidth)
    for bundle in 0..<(log.checkpoints + width - 1) / width {
      let count = Int(min(width, log.checkpoints - bundle * width))
      let place = try Tile(level: 0, index: bundle, width: count)
      guard
        let content = try bytes.read(
          "\(log.path)/\(place.path(in: "checkpoints"))", limit: CheckpointBundle.byteLimit)
      else { throw WatchError(.node, "\(log.path): a bundle of checkpoints is missing") }
      for note in CheckpointBundle.readable(content, count: count) {
        try compare(note, log, bytes, budget)
      }
    }
  }

  private func compare(
    _ note: [UInt8], _ log: ExportManifest.Log, _ bytes: BudgetedExport, _ budget: RoundBudget
  ) throws {
    guard let (note, head) = witness.compare(note, from: code) else { return }
    try LogFollower(self, log, bytes, budget).bringForward(note, head)
  }

  /// A log that was shown once is shown for ever.
  private func checkMissing(_ served: Set<String>) {
    for log in witness.state.withLock({ Array($0.logs.values) })
    where log.shown[code.rawValue] ?? 0 > 0 && !served.contains(log.origin) {
      witness.vanish(log.origin, of: code, "\(code) no longer shows \(log.origin)")
    }
  }
}
