public import Cryptography
public import RecordModel
import TransparencyLog

/// An export as an audit reads it: one more node's holdings, of which nothing is believed.
///
/// What is missing, malformed or not what its name says is a fault and never an error; what is left is
/// read all the same. One object for one audit, on one thread.
public final class ExportSource: AuditSource {
  /// The name of the manifest.
  public static let manifestName = "export.json"
  /// The name of the list of what is not sealed yet.
  public static let outboxName = "outbox.txt"
  /// The most faults that are kept.
  private static let faultLimit = 1000
  /// The most bytes of entries that are read at once; one entry may be larger.
  private static let chunkBytes = 8 << 20
  /// The most bytes of directory notes that are read.
  private static let directoriesByteLimit = 64 << 20
  /// The most bytes that are read of a clocks or calendar file.
  private static let directoryFileLimit = 16 << 20
  /// Readers that are kept, those used last: for each direction of a pair one that goes on and one for
  /// what is looked up, and as many again.
  private static let cursorLimit = 8

  /// What the export says that it holds.
  public let manifest: ExportManifest
  private let bytes: any ExportBytes
  private let outbox: ExportOutbox
  private let journalLogs: [(log: ExportManifest.Log, origin: JournalOrigin)]
  private let journalPlaces: [UInt32: Int]
  private let witnessedPlaces: [JournalOrigin: Int]
  /// The one used last at the end.
  private var cursors: [(origin: String, cursor: ExportCursor)] = []
  private var heads: [String: ExportHeadReader] = [:]
  private var refused: [Int64: [UInt64]] = [:]
  private let faultBook = FaultBook(limit: ExportSource.faultLimit)

  /// Opens an export.
  /// - Throws: `ExportError` with `.unfinished` where there is no manifest, `.malformed` or `.tooLong`
  ///   where it is none; and what reading throws.
  public init(_ bytes: any ExportBytes) throws {
    self.bytes = bytes
    guard let file = try bytes.read(Self.manifestName, limit: ExportManifest.byteLimit) else {
      throw ExportError(.unfinished, "\(Self.manifestName) is missing: no finished export")
    }
    manifest = try ExportManifest(parsing: file)
    journalLogs = manifest.logs.compactMap { log in log.journal.map { (log, $0) } }
      .sorted { $0.origin.epoch < $1.origin.epoch }
    journalPlaces = Dictionary(
      journalLogs.enumerated().map { ($1.origin.epoch, $0) },
      uniquingKeysWith: { first, _ in first })
    witnessedPlaces = Dictionary(
      manifest.witnessed.enumerated().map { ($1.origin, $0) },
      uniquingKeysWith: { first, _ in first })
    let book = faultBook
    outbox =
      try book.reading(Self.outboxName, bytes, limit: ExportOutbox.byteLimit) {
        bytes throws(ExportError) in try ExportOutbox(parsing: bytes)
      } ?? ExportOutbox()
  }

  /// The agency of the manifest.
  public var holder: AgencyCode? { manifest.code }

  // MARK: Directories

  /// The notes, by version; one whose file is missing is left out, and what comes after so many bytes.
  public func directoryNotes() throws -> [[UInt8]] {
    var notes: [[UInt8]] = []
    var bytes = 0
    for version in manifest.directories {
      let name = ExportNames.directory(version)
      guard let note = try file(name, limit: SignedNote.byteLimit) else { continue }
      bytes += note.count
      guard bytes <= Self.directoriesByteLimit else {
        faultBook.add(nil, nil, .tooLong(name))
        break
      }
      notes.append(note)
    }
    return notes
  }

  // MARK: Channels

  /// The channels of the manifest.
  public func channels() throws -> [AuditChannel] {
    try manifest.logs.enumerated().compactMap { number, log in
      guard let origin = log.channel else { return nil }
      let number = Int64(number)
      let claims = try claims(of: log)
      refused[number] = claims?.refused ?? []
      return AuditChannel(
        number: number, origin: origin, isOutbound: log.kind == .channelOut,
        claimedSize: log.size, claimedRoot: log.root,
        isRestoring: claims?.isRestoring ?? false, tiledSize: try newest(of: log)?.size)
    }
  }

  /// Entries with what the claims say of their verdicts.
  public func entries(
    _ channel: AuditChannel, from: UInt64, limit: Int
  ) throws -> [AuditEntry] {
    let refused = refused[channel.number] ?? []
    return try read(log(channel.number), from: from, limit: limit).map { entry in
      var held = AuditEntry(
        seq: entry.seq, header: entry.bytes, claimedLeaf: nil, payload: nil, salt: [],
        isRefused: refused.holds(entry.seq))
      switch entry.payload {
      case .held(let salt, let payload): (held.salt, held.payload) = (salt, payload)
      // Of an export that was made with payloads none is left out.
      case .leftOut: held.isLeftOut = !manifest.payloads
      case .erased, nil: break
      }
      return held
    }
  }

  /// Heads of the bundles and the newest, by size.
  public func checkpoints(
    _ channel: AuditChannel, above size: UInt64, limit: Int
  ) throws -> [AuditCheckpoint] {
    let log = log(channel.number)
    return try heads(of: log.origin, above: size, limit: limit) {
      ExportHeadReader.Place(
        folder: log.path, count: log.checkpoints,
        newest: try newest(of: log).map { ($0.note, $0.size) },
        receiptName: KeyName.receipt(
          federation: channel.origin.federation, code: channel.origin.direction.to))
    }
  }

  /// Goes on where the last call for the same log ended, or begins anew.
  private func heads(
    of origin: String, above size: UInt64, limit: Int, _ place: () throws -> ExportHeadReader.Place
  ) throws -> [AuditCheckpoint] {
    let reader: ExportHeadReader
    if let there = heads[origin], there.position <= size {
      reader = there
    } else {
      reader = ExportHeadReader(try place(), bytes) { [faultBook] in
        faultBook.add(origin, nil, $0)
      }
      heads[origin] = reader
    }
    return try reader.next(above: size, limit: limit)
  }

  // MARK: Tiles

  /// Complete tiles are part of every export.
  public var holdsTiles: Bool { true }

  /// A complete tile.
  public func tile(_ channel: AuditChannel, level: Int, index: UInt64) throws -> [UInt8]? {
    try tile(of: log(channel.number), level, index, Tile.fullWidth)
  }

  /// A tile at the end of the tree of the newest head.
  public func partialTile(
    _ channel: AuditChannel, level: Int, index: UInt64, width: Int
  ) throws -> [UInt8]? {
    try tile(of: log(channel.number), level, index, width)
  }

  private func tile(
    of log: ExportManifest.Log, _ level: Int, _ index: UInt64, _ width: Int
  ) throws -> [UInt8]? {
    let tile = try Tile(level: level, index: index, width: width)
    return try bytes.read("\(log.path)/\(tile.path)", from: 0, limit: tile.byteCount + 1)
  }

  // MARK: The journal

  /// The journals of the manifest, by epoch.
  public func journals() throws -> [AuditJournal] {
    let epochs = journalLogs.map(\.origin.epoch)
    if epochs.isEmpty || !epochs.elementsEqual(1...UInt32(epochs.count)) {
      faultBook.add(
        nil, nil,
        FindingDetail(
          "a journal of the node is missing: the manifest has \(epochs.count)",
          zh: "缺少本节点的日志簿：清单所列为 \(epochs.count) 个"))
    }
    return try journalLogs.map { log, origin in
      _ = try claims(of: log)
      let head = try newest(of: log)
      return AuditJournal(
        origin: origin, claimedSize: log.size,
        checkpoint: head.map {
          AuditCheckpoint(size: $0.size, root: $0.root, note: $0.note, receiptTime: nil)
        }, claimedRoot: log.root, tiledSize: head?.size)
    }
  }

  /// Entries of a journal.
  public func journalEntries(
    epoch: UInt32, from: UInt64, limit: Int
  ) throws -> [AuditJournalEntry] {
    guard let log = journalPlaces[epoch].map({ journalLogs[$0].log }) else { return [] }
    return try read(log, from: from, limit: limit).map {
      AuditJournalEntry(seq: $0.seq, bytes: $0.bytes)
    }
  }

  /// A tile of a journal.
  public func journalTile(
    epoch: UInt32, level: Int, index: UInt64, width: Int
  ) throws -> [UInt8]? {
    guard let log = journalPlaces[epoch].map({ journalLogs[$0].log }) else { return nil }
    return try tile(of: log, level, index, width)
  }

  /// Heads of a journal with the cosignatures of those who witnessed them.
  public func journalCheckpoints(
    epoch: UInt32, above size: UInt64, limit: Int
  ) throws -> [AuditCheckpoint] {
    guard let log = journalPlaces[epoch].map({ journalLogs[$0].log }) else { return [] }
    return try heads(of: log.origin, above: size, limit: limit) {
      ExportHeadReader.Place(folder: log.path, count: log.checkpoints)
    }
  }

  // MARK: What this node witnessed

  /// The journals of other nodes of which heads are there.
  public func witnessedOrigins() -> [JournalOrigin] { manifest.witnessed.map(\.origin) }

  /// Heads of another node's journal.
  public func witnessedHeads(
    _ origin: JournalOrigin, above size: UInt64, limit: Int
  ) throws -> [AuditCheckpoint] {
    guard let journal = witnessedPlaces[origin].map({ manifest.witnessed[$0] }) else { return [] }
    return try heads(of: journal.path, above: size, limit: limit) {
      ExportHeadReader.Place(folder: journal.path, count: journal.checkpoints)
    }
  }

  // MARK: Clocks and calendars

  /// They are part of an export.
  public var holdsDirectoryFiles: Bool { true }

  /// They are part of an export.
  public var holdsTrustAnchors: Bool { true }

  /// The file of a trust anchor.
  public func trustAnchor(_ digest: Digest) throws -> [UInt8]? {
    try bytes.read(ExportNames.certificate(digest), from: 0, limit: SignedNote.byteLimit + 1)
  }

  /// A clocks or calendar file.
  public func directoryFile(_ digest: Digest) throws -> [UInt8]? {
    try bytes.read(ExportNames.file(digest), from: 0, limit: Self.directoryFileLimit + 1)
  }

  // MARK: The outbox

  /// Whether the outbox lists it.
  public func holdsSubmission(_ id: RecordID) -> Bool { outbox.submissions.contains(id) }

  /// Whether the outbox lists such a refusal.
  public func holdsPendingRefusal(of target: RecordID, thread: RecordID) -> Bool {
    outbox.refusals.contains(.init(target: target, thread: thread))
  }

  /// What came to light.
  public func faults() -> [AuditFault] { faultBook.faults }

  // MARK: Reading

  private func log(_ number: Int64) -> ExportManifest.Log { manifest.logs[Int(number)] }

  private func read(
    _ log: ExportManifest.Log, from: UInt64, limit: Int
  ) throws -> [ExportedEntry] {
    // The one that is just there; else one that need not open another bundle.
    let place =
      cursors.lastIndex { $0.origin == log.origin && $0.cursor.position == from }
      ?? cursors.lastIndex { $0.origin == log.origin && $0.cursor.isNear(from) }
    let cursor: ExportCursor
    if let place {
      cursor = cursors.remove(at: place).cursor
    } else {
      if cursors.count == Self.cursorLimit { cursors.removeFirst() }
      cursor = ExportCursor(log, bytes) { [faultBook] in faultBook.add(log.origin, $0, $1) }
    }
    cursors.append((log.origin, cursor))
    return try cursor.read(from: from, limit: limit, byteLimit: Self.chunkBytes)
  }

  /// The file `checkpoint` and what it says; where it does not parse, what the manifest says of it.
  private func newest(
    of log: ExportManifest.Log
  ) throws -> (size: UInt64, root: Digest, note: [UInt8])? {
    let name = "\(log.path)/checkpoint"
    guard let note = try bytes.read(name, from: 0, limit: CheckpointBundle.noteByteLimit) else {
      if log.checkpoint > 0 { faultBook.add(log.origin, nil, .missing(name)) }
      return nil
    }
    guard let head = try? Checkpoint.signed(parsing: note).checkpoint else {
      return (log.checkpoint, .zero, note)
    }
    if head.size != log.checkpoint {
      faultBook.add(log.origin, nil, .disagrees(name))
    }
    return (head.size, head.root, note)
  }

  private func claims(of log: ExportManifest.Log) throws -> ExportClaims? {
    let name = "\(log.path)/claims.json"
    let claims = try faultBook.reading(
      name, bytes, limit: ExportClaims.byteLimit, origin: log.origin
    ) { bytes throws(ExportError) in try ExportClaims(parsing: bytes) }
    if let claims, claims.size != log.size || claims.root != log.root {
      faultBook.add(log.origin, nil, .disagrees(name))
    }
    return claims
  }

  private func file(_ name: String, limit: Int) throws -> [UInt8]? {
    try faultBook.reading(name, bytes, limit: limit) { bytes throws(ExportError) in bytes }
  }
}

extension [UInt64] {
  /// Whether an ascending list has a number.
  fileprivate func holds(_ number: UInt64) -> Bool {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == number
  }
}

/// The faults of one export, each once.
final class FaultBook {
  private let limit: Int
  private(set) var faults: [AuditFault] = []
  private var known: Set<AuditFault> = []

  init(limit: Int) { self.limit = limit }

  func add(_ origin: String?, _ index: UInt64?, _ detail: FindingDetail) {
    let fault = AuditFault(origin: origin, index: index, detail: detail)
    guard known.count < limit, known.insert(fault).inserted else { return }
    faults.append(fault)
  }

  /// Reads a file that must be there; nil, and a fault, where it is missing or malformed.
  func reading<R>(
    _ name: String, _ bytes: any ExportBytes, limit: Int, origin: String? = nil,
    _ parse: ([UInt8]) throws(ExportError) -> R
  ) throws -> R? {
    guard let content = try bytes.read(name, from: 0, limit: limit + 1) else {
      add(origin, nil, .missing(name))
      return nil
    }
    guard content.count <= limit else {
      add(origin, nil, .tooLong(name))
      return nil
    }
    do { return try parse(content) } catch {
      add(origin, nil, FindingDetail(error.message))
      return nil
    }
  }
}
