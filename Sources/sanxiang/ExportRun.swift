import AuditService
import Auditor
import Cryptography
import Exchange
import RecordModel
import TransparencyLog

/// Writes a node's holdings into a folder, or what has come since it was written last.
///
/// The order makes a crash harmless. `unfinished.json` is there, and `export.json` is not, on disk,
/// from before the first change until after the last; what cannot be taken back (complete bundles) is
/// written once, the rest is replaced whole. A run that finds an unfinished export goes on with it.
struct ExportRun {
  /// What an export is to have.
  struct Choice: Equatable {
    var payloads = true
    /// Per origin: how many entries an earlier export has. Nil: whatever this folder was made with.
    var since: [String: UInt64]?
  }

  /// What came of it.
  struct Summary {
    var manifest: ExportManifest
    var files: Int
    var bytes: UInt64
  }

  static let unfinishedName = "unfinished.json"

  let folder: ExportFolder
  let choice: Choice
  /// The bytes of the node's `authority.json`.
  let authority: [UInt8]
  let software: String
  let time: Timestamp
  var progress: (AuditProgress) -> Void = { _ in }

  /// Exports one consistent state.
  func run(_ reader: any StoreReader) throws -> Summary {
    let plan = try ExportPlan(reader)
    let unknown = (choice.since ?? [:]).keys.filter { origin in
      !plan.logs.contains { $0.origin == origin }
    }
    if let origin = unknown.min() {
      throw Failure(
        .usage, "argument.origin",
        say("\(origin)：本节点没有该日志", "\(origin): the node has no such log"))
    }
    let (before, isFinished) = try opened(plan)
    try check(before, plan)
    if isFinished {
      try folder.move(ExportSource.manifestName, to: Self.unfinishedName)
    } else {
      try folder.write(before.encoded, to: Self.unfinishedName)
    }
    // A crash before this returns leaves the export as it was; one after it an unfinished one.
    try folder.settle()
    let directories = try writeCommon(reader)
    var verdicts = ExportVerdicts(reader, plan)
    let told = try toldVerdicts(before, plan)
    var logs: [ExportManifest.Log] = []
    for log in plan.logs {
      let earlier = before.logs.first { $0.origin == log.origin }
      let writer = ExportLog(
        log, reader: reader, folder: folder, payloads: choice.payloads, progress: progress,
        note: { try verdicts.take($1, of: $0) })
      let from = earlier?.from ?? choice.since?[log.origin] ?? 0
      logs.append(try writer.run(from: from, base: earlier?.size ?? 0))
      guard let channel = log.channel else { continue }
      let known = told?[log.origin]
      verdicts.take(known?.refused ?? [], of: channel.number)
      let first = min(known?.size ?? 0, writer.readFrom)
      try verdicts.take(first..<writer.readFrom, of: channel)
    }
    for (log, written) in zip(plan.logs, logs) {
      try folder.write(
        claims(of: log, written, verdicts).encoded, to: "\(log.path)/claims.json")
    }
    var manifest = before
    manifest.software = software
    manifest.time = time
    manifest.directories = directories
    manifest.logs = logs
    manifest.witnessed = try writeWitnessed(reader, plan)
    // Nothing that the manifest names may be lost once it is there.
    try folder.settle()
    try folder.write(manifest.encoded, to: ExportSource.manifestName)
    // A crash before this returns leaves an unfinished export or, with its name beside it, a whole one.
    try folder.settle()
    try folder.remove(Self.unfinishedName)
    try folder.settle()
    return Summary(manifest: manifest, files: folder.written.files, bytes: folder.written.bytes)
  }

  // MARK: What is there

  /// The manifest of what the folder holds, and whether that was finished; an empty one for a new
  /// folder.
  private func opened(_ plan: ExportPlan) throws -> (ExportManifest, isFinished: Bool) {
    for (name, isFinished) in [(ExportSource.manifestName, true), (Self.unfinishedName, false)] {
      guard let bytes = try folder.read(name, limit: ExportManifest.byteLimit) else { continue }
      do { return (try ExportManifest(parsing: bytes), isFinished) } catch {
        throw Failure(.failed, "export.folder", "\(folder.path): \(error.message)")
      }
    }
    guard folder.names(in: ".").allSatisfy({ $0 == "\(Self.unfinishedName).new" }) else {
      throw Failure(
        .failed, "export.folder",
        say(
          "\(folder.path)：文件夹不为空，也不是导出文件夹",
          "\(folder.path): the folder is not empty, and is no export"))
    }
    let logs = (choice.since ?? [:]).sorted { $0.key < $1.key }.compactMap { origin, size in
      plan.logs.first { $0.origin == origin }.map { log in
        // Nothing of it is here yet, but what is left out is settled from the beginning.
        ExportManifest.Log(
          kind: log.kind, origin: origin, size: size, root: .zero, checkpoint: 0, checkpoints: 0,
          from: size / 256 * 256)
      }
    }
    return (
      ExportManifest(
        federation: plan.federation, code: plan.code, software: software, time: time,
        payloads: choice.payloads, files: false, directories: [], logs: logs,
        witnessed: []), false
    )
  }

  private func check(_ before: ExportManifest, _ plan: ExportPlan) throws {
    guard before.federation == plan.federation, before.code == plan.code else {
      throw Failure(
        .failed, "export.folder",
        say(
          "\(folder.path)：该文件夹是另一节点的导出", "\(folder.path): the folder is another node's export"))
    }
    let since = (choice.since ?? [:]).mapValues { $0 / 256 * 256 }.filter { $0.value > 0 }
    let from = before.logs.reduce(into: [:]) { $0[$1.origin] = $1.from }.filter { $0.value > 0 }
    guard before.payloads == choice.payloads, choice.since == nil || since == from else {
      throw Failure(
        .failed, "export.options",
        say(
          "\(folder.path)：先前的导出使用了不同的选项",
          "\(folder.path): what is there was exported with other options"))
    }
    for earlier in before.logs {
      let size = plan.logs.first { $0.origin == earlier.origin }?.size ?? 0
      guard earlier.size <= size else {
        throw Failure.exportConflict(earlier.origin, at: size)
      }
    }
  }

  // MARK: Beside the logs

  /// Writes what goes with no log; gives the versions of the directories.
  private func writeCommon(_ reader: any StoreReader) throws -> [UInt64] {
    try folder.write(authority, to: ExportNames.authority)
    let versions = try writeDirectories(reader)
    try writeOutbox(reader)
    for name in ["directories", "files", "certificates", "."] {
      for item in folder.names(in: name) where item.hasSuffix(".new") {
        try folder.remove(name == "." ? item : "\(name)/\(item)")
      }
    }
    return versions
  }

  private func writeDirectories(_ reader: any StoreReader) throws -> [UInt64] {
    var versions: [UInt64] = []
    for note in try reader.directoryNotes() {
      let contents: DirectoryContents
      let suite: Suite
      do {
        contents = try DirectoryDraft(parsing: SignedNote(parsing: note).text).contents
        suite = contents.suite
      } catch {
        throw Failure(.failed, "export.damaged", "a directory cannot be read: \(error)")
      }
      try folder.write(note, to: ExportNames.directory(contents.version))
      for digest in ExportNames.files(of: contents) {
        guard let file = try reader.directoryFile(digest) else { continue }
        try folder.write(file, to: ExportNames.file(digest))
      }
      for anchor in ExportNames.anchors(of: contents) {
        try folder.write(anchor, to: ExportNames.certificate(suite.digest(anchor)))
      }
      versions.append(contents.version)
    }
    return versions.sorted()
  }

  /// Writes the heads of other nodes' journals that this node holds.
  private func writeWitnessed(
    _ reader: any StoreReader, _ plan: ExportPlan
  ) throws -> [ExportManifest.Witnessed] {
    let held = try WitnessedJournals(reader, own: Set(plan.logs.map(\.origin)))
    return try held.journals.map { held in
      var journal = ExportManifest.Witnessed(origin: held.origin, checkpoints: 0)
      var writer = ExportHeads(journal.path, folder)
      let written = try writer.write(held.notes)
      try folder.sweep("\(journal.path)/checkpoints", keeping: written.partials)
      journal.checkpoints = written.others
      return journal
    }
  }

  private func writeOutbox(_ reader: any StoreReader) throws {
    try folder.write(to: ExportSource.outboxName) { file in
      var last: RecordID?
      while true {
        let page = try reader.outboxItems(after: last, limit: 1000)
        guard let end = page.last else { return }
        try file.write(page.flatMap { ExportOutbox.line($0) })
        last = end.id
      }
    }
  }

  // MARK: Claims

  /// What the last finished run has told of each channel; nil where a run that was cut short has
  /// replaced some of it.
  private func toldVerdicts(
    _ before: ExportManifest, _ plan: ExportPlan
  ) throws -> [String: ExportClaims]? {
    var told: [String: ExportClaims] = [:]
    for log in before.logs where log.kind != .journal && log.root != .zero {
      guard
        let bytes = try folder.read("\(log.path)/claims.json", limit: ExportClaims.byteLimit),
        let claims = try? ExportClaims(parsing: bytes), claims.size == log.size
      else { return nil }
      told[log.origin] = claims
    }
    return told
  }

  private func claims(
    of log: ExportPlan.Log, _ written: ExportManifest.Log, _ verdicts: ExportVerdicts
  ) -> ExportClaims {
    ExportClaims(
      size: log.size, root: log.root ?? written.root,
      refused: log.channel.map { verdicts.refused(of: $0.number) } ?? [], channel: log.channel)
  }
}
