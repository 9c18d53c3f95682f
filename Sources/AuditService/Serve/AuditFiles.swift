import Auditor
import Cryptography
import Exchange
public import RecordModel
import Synchronization
import TransparencyLog

/// The files of a node's export, made as they are asked for.
///
/// What only grows (tiles, bundles) is answered from the store as it is. What changes (manifest,
/// heads, claims, what is not sealed) belongs to a snapshot: the manifest begins one, and whoever asks
/// for a file with `?snapshot=<digest of the manifest>` is answered as of it, and keeps it alive.
/// Without that, the state of the moment is answered.
public final class AuditFiles: Sendable {
  /// Whose node it is, and what its export says of itself.
  public struct Node: Sendable {
    /// The federation's name.
    public var federation: String
    /// Whose node.
    public var code: AgencyCode
    /// The bytes of its `authority.json`.
    public var authority: [UInt8]
    /// Which program serves it.
    public var software: String
    /// Whether payloads are served at all.
    public var payloads: Bool

    /// A node.
    public init(
      federation: String, code: AgencyCode, authority: [UInt8], software: String, payloads: Bool
    ) {
      self.federation = federation
      self.code = code
      self.authority = authority
      self.software = software
      self.payloads = payloads
    }
  }

  /// A snapshot so young is shown to the next auditor too.
  static let freshMilliseconds: Int64 = 1000
  /// The most bytes of one answer to a request for part of a file.
  static let rangeLimit = 8 << 20

  let node: Node
  let store: StoreQueue
  let now: @Sendable () -> Timestamp
  let index = ExportIndex()
  private let book = Mutex(SnapshotBook())
  private let newest = Mutex<AuditSnapshot?>(nil)

  /// Files of `node`, read from `store`.
  public init(node: Node, store: StoreQueue, now: @escaping @Sendable () -> Timestamp) {
    self.node = node
    self.store = store
    self.now = now
  }

  // MARK: Snapshots

  /// The state of the moment.
  func current() async throws -> AuditSnapshot {
    let moment = now()
    if let known = newest.withLock({ $0 }), known.time <= moment,
      moment.milliseconds - known.time.milliseconds < Self.freshMilliseconds
    {
      return known
    }
    // A long way to catch up with is gone in pieces, so that others are answered between them.
    while try await !store.read({ reader in try self.index.advance(self.logs(reader), reader) }) {}
    let snapshot = try await store.read { [index, now] reader in
      let logs = try self.logs(reader)
      while try !index.advance(logs, reader) {}
      return try AuditSnapshot.take(reader, logs, index, time: now())
    }
    newest.withLock { $0 = snapshot }
    return snapshot
  }

  /// The snapshot that a request has named, or the state of the moment.
  private func state(_ named: AuditSnapshot?) async throws -> AuditSnapshot {
    if let named { return named }
    return try await current()
  }

  func manifest(_ snapshot: AuditSnapshot, payloads: Bool) -> ExportManifest {
    snapshot.manifest(
      federation: node.federation, code: node.code, software: node.software,
      payloads: payloads && node.payloads)
  }

  /// The name of a snapshot: the digest of its manifest's bytes.
  static func id(of manifest: [UInt8]) -> String {
    Suite.sha256Ed25519.digest(manifest).description
  }

  private func logs(_ reader: any StoreReader) throws -> [ServedLog] {
    try ServedLog.all(
      reader, federation: node.federation, code: node.code,
      formerSize: { try index.formerSize($0, reader) })
  }

  /// The log of an origin as it is now; nil where there is none.
  func log(_ origin: String, _ reader: any StoreReader) throws -> ServedLog? {
    if let origin = try? Origin(parsing: origin) {
      return try reader.channels().first { $0.origin == origin }.map(ServedLog.init)
    }
    guard let origin = try? JournalOrigin(parsing: origin), origin.code == node.code,
      origin.federation == node.federation, let state = try reader.journalState(),
      origin.epoch <= state.epoch
    else { return nil }
    let size =
      origin.epoch == state.epoch ? state.size : try index.formerSize(origin.epoch, reader)
    return ServedLog(
      state, epoch: origin.epoch, size: size, federation: node.federation, code: node.code)
  }
}

// MARK: - Files

extension AuditFiles {
  /// Answers an auditor's request for a file. Whatever names a snapshot keeps it alive, tiles and
  /// bundles too, of which there may be hours between two others.
  func reply(
    _ question: HTTPQuestion, for auditor: AuditAccess.Auditor
  ) async throws -> HTTPReply {
    let path = question.path
    guard path.hasPrefix("/"), path.utf8.count <= 1024 else { return Self.notFound }
    var named: AuditSnapshot?
    if let id = question.value(of: "snapshot") {
      let moment = now()
      named = book.withLock { $0.snapshot(id, for: auditor.name, now: moment) }
      guard named != nil else { return Self.gone }
    }
    let name = String(path.dropFirst())
    if let (origin, rest) = Self.logPath(name, under: "witnessed") {
      return try await witnessedReply(origin, rest, question, named)
    }
    if let (origin, rest) = Self.logPath(name, under: "logs") {
      return try await logReply(
        origin, rest, question, named, payloads: auditor.payloads && node.payloads)
    }
    switch name {
    case ExportNames.authority: return .file(node.authority, type: "application/json", question)
    case ExportSource.manifestName: return try await manifestReply(question, named, auditor)
    case ExportSource.outboxName:
      return .file(
        try await state(named).outbox, type: "text/plain; charset=utf-8", question)
    default: return try await commonReply(name, question)
    }
  }

  /// The manifest. One of the state of the moment begins a snapshot.
  private func manifestReply(
    _ question: HTTPQuestion, _ named: AuditSnapshot?, _ auditor: AuditAccess.Auditor
  ) async throws -> HTTPReply {
    let snapshot = try await state(named)
    let bytes = manifest(snapshot, payloads: auditor.payloads).encoded
    if named == nil {
      let moment = now()
      book.withLock {
        $0.add(snapshot, id: Self.id(of: bytes), for: auditor.name, now: moment)
      }
    }
    return .file(bytes, type: "application/json", question)
  }

  /// Directories, and the files that they name.
  private func commonReply(_ name: String, _ question: HTTPQuestion) async throws -> HTTPReply {
    let found = try await store.read { reader -> [UInt8]? in
      for note in try reader.directoryNotes() {
        let contents = try DirectoryDraft(parsing: SignedNote(parsing: note).text).contents
        if ExportNames.directory(contents.version) == name { return note }
        if let digest = ExportNames.files(of: contents).first(where: {
          ExportNames.file($0) == name
        }) {
          return try reader.directoryFile(digest)
        }
        if let anchor = ExportNames.anchors(of: contents).first(where: {
          ExportNames.certificate(contents.suite.digest($0)) == name
        }) {
          return anchor
        }
      }
      return nil
    }
    guard let found else { return Self.notFound }
    let type = name.hasSuffix(".json") ? "application/json" : "text/plain; charset=utf-8"
    return .file(found, type: type, question)
  }

  private func logReply(
    _ origin: String, _ rest: String, _ question: HTTPQuestion, _ named: AuditSnapshot?,
    payloads: Bool
  ) async throws -> HTTPReply {
    if rest == "checkpoint" || rest == "claims.json" {
      let snapshot = try await state(named)
      guard let log = snapshot.logs[origin] else { return Self.notFound }
      if rest == "claims.json" {
        return .file(snapshot.claims(log).encoded, type: "application/json", question)
      }
      guard let note = log.newest else { return Self.notFound }
      return .file(note, type: "text/plain; charset=utf-8", question)
    }
    if let tile = Self.place(rest, under: "checkpoints/") {
      let snapshot = try await state(named)
      guard let log = snapshot.logs[origin] else { return Self.notFound }
      let bytes = try await store.read { [index] in try log.heads(tile, $0, index) }
      return bytes.map { .file($0, type: "application/octet-stream", question) } ?? Self.notFound
    }
    if let tile = Self.place(rest, under: "payload/") {
      return try await payloadReply(origin, tile, question, allowed: payloads)
    }
    let bytes: [UInt8]?
    if let tile = Self.place(rest, under: "tile/entries/") {
      bytes = try await store.read { reader in
        try self.log(origin, reader)?.entries(tile, reader).map { try EntryBundle.encode($0) }
      }
    } else if let tile = try? Tile(parsing: rest) {
      bytes = try await store.read { reader in
        try self.log(origin, reader)?.tile(tile, reader)
      }
    } else {
      return Self.notFound
    }
    guard let bytes else { return Self.notFound }
    return .file(bytes, type: "application/octet-stream", question, neverChanges: true)
  }

  /// Heads of another node's journal.
  private func witnessedReply(
    _ origin: String, _ rest: String, _ question: HTTPQuestion, _ named: AuditSnapshot?
  ) async throws -> HTTPReply {
    guard let tile = Self.place(rest, under: "checkpoints/") else { return Self.notFound }
    let snapshot = try await state(named)
    guard let notes = snapshot.witnessed[origin], let bytes = try Self.bundle(notes, tile) else {
      return Self.notFound
    }
    return .file(bytes, type: "application/octet-stream", question)
  }

  /// Some of these heads as a bundle; nil where there are not so many.
  static func bundle(_ notes: [[UInt8]], _ tile: Tile) throws -> [UInt8]? {
    // A bundle of heads has as many as a tile has hashes.
    guard let places = tile.places(below: UInt64(notes.count)) else { return nil }
    var bytes: [UInt8] = []
    for note in notes.dropFirst(Int(places.lowerBound)).prefix(tile.width) {
      try CheckpointBundle.append(note, to: &bytes)
    }
    return bytes
  }

  /// `<folder>/<five parts of the origin>/<rest>`.
  static func logPath(
    _ name: String, under folder: String
  ) -> (origin: String, rest: String)? {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count >= 7, parts[0] == folder else { return nil }
    return (parts[1...5].joined(separator: "/"), parts[6...].joined(separator: "/"))
  }

  /// The bundle that a path below a log names; nil for another.
  static func place(_ rest: String, under prefix: String) -> Tile? {
    guard rest.hasPrefix(prefix) else { return nil }
    return try? Tile(parsing: "tile/0/" + rest.dropFirst(prefix.count))
  }

  static let notFound = HTTPReply.problem(
    404, code: "audit.notFound", "There is no such file in this export.")
  static let gone = HTTPReply.problem(
    410, code: "audit.snapshot",
    "That state is no longer kept: read export.json again and begin anew.")
}

extension AuditSnapshot.Log {
  /// A bundle of the heads beside the newest, as many as the snapshot has.
  func heads(
    _ tile: Tile, _ reader: any StoreReader, _ index: ExportIndex
  ) throws -> [UInt8]? {
    guard case .channel(let number) = served.place else {
      return try AuditFiles.bundle(witnessed, tile)
    }
    guard let newestPlace, let first = tile.places(below: others)?.lowerBound else { return nil }
    // The place among all heads, of which the newest is one.
    let place = first + (first >= newestPlace ? 1 : 0)
    let starts = index.heads(number).starts
    let start = Int(place / UInt64(CheckpointBundle.fullWidth))
    guard start < starts.count else { return nil }
    var page = try reader.checkpoints(
      number, sizes: starts[start]...UInt64(Int64.max), cosignedOnly: false,
      limit: CheckpointBundle.fullWidth + 2)
    if page.count > CheckpointBundle.fullWidth, start + 1 < starts.count,
      page[CheckpointBundle.fullWidth].size != starts[start + 1]
    {
      index.forgetHeads(number)
      throw StoreFailure.failed("the heads of \(served.origin) have changed their places")
    }
    page.removeFirst(Int(place) - start * CheckpointBundle.fullWidth)
    var bytes: [UInt8] = []
    for head in page.filter({ $0.size != newestSize }).prefix(tile.width) {
      try CheckpointBundle.append(head.note, to: &bytes)
    }
    return bytes
  }
}
