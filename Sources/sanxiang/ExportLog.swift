import Auditor
import Cryptography
import Exchange
import RecordModel
import TransparencyLog

/// Writes one log into an export: bundles and tiles that are not there yet, heads, then what is only
/// good until the log grows.
///
/// The complete level 0 tile of a bundle is written after everything else that belongs to the bundle:
/// where it is, all of that is, and none of it is looked at again.
final class ExportLog {
  private let log: ExportPlan.Log
  private let reader: any StoreReader
  private let folder: ExportFolder
  private let payloads: Bool
  private let progress: (AuditProgress) -> Void
  private var edge: TileEdge
  /// The partial files of this state of the log; all others are superseded.
  private var current: Set<String> = []
  /// What has been read: the verdicts of these entries are known.
  private let note: (ExportPlan.Log, ExportEntry) throws -> Void
  /// Entries before this one were not read.
  private(set) var readFrom: UInt64 = 0

  init(
    _ log: ExportPlan.Log, reader: any StoreReader, folder: ExportFolder, payloads: Bool,
    progress: @escaping (AuditProgress) -> Void,
    note: @escaping (ExportPlan.Log, ExportEntry) throws -> Void
  ) {
    self.log = log
    self.reader = reader
    self.folder = folder
    self.payloads = payloads
    self.progress = progress
    self.note = note
    edge = TileEdge(suite: log.suite)
  }

  /// Exports the log from the bundle that holds `from` on; entries before `base` are there already.
  func run(from: UInt64, base: UInt64) throws -> ExportManifest.Log {
    let width = UInt64(Tile.fullWidth)
    let whole = log.size / width
    var start = max(from, base) / width
    while start < whole, try isWhole(start) { start += 1 }
    try checkAgreement(start)
    readFrom = start * width
    edge = try TileEdge(suite: log.suite, size: readFrom, fullTile: completeTile)
    for bundle in start..<max(whole, start) { try writeComplete(bundle) }
    if log.size % width > 0 { try writeLast(whole, Int(log.size % width)) }
    var writer = ExportHeads(log.path, folder)
    let heads = try writer.write(log, reader)
    current.formUnion(heads.partials)
    try writeTree(heads.newest)
    try removeSuperseded()
    return ExportManifest.Log(
      kind: log.kind, origin: log.origin, size: log.size, root: edge.root,
      checkpoint: heads.newest, checkpoints: heads.others,
      from: from / width * width)
  }

  /// Whether everything that belongs to a complete bundle is there. Each file is on disk before it has
  /// its name; but after a loss of power a later name may be there without an earlier one.
  private func isWhole(_ bundle: UInt64) throws -> Bool {
    let leaves = try place(bundle)
    var names = [leaves.path(under: log.path), leaves.bundle(under: log.path)]
    if log.channel != nil { names.append("\(log.path)/\(leaves.path(in: "payload"))") }
    var (index, level) = (bundle, 0)
    while index % 256 == 255, level < Tile.levelLimit {
      (index, level) = (index / 256, level + 1)
      names.append(try Tile(level: level, index: index).path(under: log.path))
    }
    return names.allSatisfy(folder.exists)
  }

  /// The tile of leaf hashes of a bundle.
  private func place(_ bundle: UInt64, width: Int = Tile.fullWidth) throws -> Tile {
    try Tile(level: 0, index: bundle, width: width)
  }

  // MARK: Bundles

  private func writeComplete(_ bundle: UInt64) throws {
    let tile = try place(bundle)
    let entries = try writeEntries(tile)
    var completed: [(tile: Tile, bytes: [UInt8])] = []
    for entry in entries {
      completed += edge.append(leaf: Merkle.leaf(entry, suite: log.suite))
    }
    for (tile, bytes) in completed.reversed() {
      try folder.write(try held(tile) ?? bytes, to: tile.path(under: log.path))
    }
    progress(AuditProgress(log: log.origin, done: edge.size, total: log.size))
  }

  private func writeLast(_ bundle: UInt64, _ width: Int) throws {
    let tile = try place(bundle, width: width)
    let name = tile.bundle(under: log.path)
    let payload = "\(log.path)/\(tile.path(in: "payload"))"
    let entries: [[UInt8]]
    if log.channel == nil || folder.exists(payload),
      let there = try folder.read(name, limit: EntryBundle.byteLimit)
    {
      entries = try EntryBundle.decode(there, count: width).map(Array.init)
      readFrom = log.size
    } else {
      entries = try writeEntries(tile)
    }
    current.formUnion([name, payload])
    for entry in entries { _ = edge.append(leaf: Merkle.leaf(entry, suite: log.suite)) }
    progress(AuditProgress(log: log.origin, done: edge.size, total: log.size))
  }

  /// Writes the payloads, then the entries that belong to a tile of leaf hashes.
  private func writeEntries(_ tile: Tile) throws -> [[UInt8]] {
    var entries: [[UInt8]] = []
    let first = tile.index * UInt64(Tile.fullWidth)
    func read(_ body: ([UInt8]) throws -> Void) throws {
      while entries.count < tile.width {
        let place = first + UInt64(entries.count)
        let chunk = try log.entries(
          reader, from: place, limit: UInt64(tile.width - entries.count), payloads: payloads)
        guard !chunk.isEmpty else { throw log.damaged("entry \(place) is missing") }
        var bytes: [UInt8] = []
        for entry in chunk {
          guard entry.seq == first + UInt64(entries.count) else {
            throw log.damaged("entry \(first + UInt64(entries.count)) is missing")
          }
          entries.append(entry.bytes)
          try note(log, entry)
          guard let payload = entry.payload else { continue }
          do { try PayloadBundle.append(payload, to: &bytes) } catch {
            throw log.damaged("the payload of entry \(entry.seq) has no salt or is too long")
          }
        }
        try body(bytes)
      }
    }
    if log.channel != nil {
      let name = "\(log.path)/\(tile.path(in: "payload"))"
      try folder.write(to: name) { file in try read { try file.write($0) } }
    } else {
      try read { _ in }
    }
    do {
      try folder.write(try EntryBundle.encode(entries), to: tile.bundle(under: log.path))
    } catch let error as TransparencyLogError {
      throw log.damaged(error.message)
    }
    return entries
  }

  /// What was exported before must be what the node holds now: the last entries there are, which hang
  /// on all those before them, are compared.
  private func checkAgreement(_ start: UInt64) throws {
    let partials = folder.names(in: "\(log.path)/\(try place(start).path(in: "tile/entries")).p")
      .compactMap { Int($0) }.filter { (1..<Tile.fullWidth).contains($0) }
    let tile: Tile
    if let width = partials.max() {
      tile = try place(start, width: width)
    } else if start > 0 {
      tile = try place(start - 1)
    } else {
      return
    }
    guard
      let bundle = try folder.read(tile.bundle(under: log.path), limit: EntryBundle.byteLimit)
    else { return }
    let there = try EntryBundle.decode(bundle, count: tile.width)
    var place = tile.index * UInt64(Tile.fullWidth)
    if folder.exists(try self.place(log.size / 256).path(under: log.path)) {
      throw conflict(at: log.size)
    }
    var rest = there[...]
    while !rest.isEmpty {
      let held = try log.entries(
        reader, from: place, limit: UInt64(rest.count), payloads: payloads)
      guard !held.isEmpty else { throw conflict(at: place) }
      for entry in held {
        guard entry.seq == place, rest.popFirst() == entry.bytes[...] else {
          throw conflict(at: place)
        }
        place += 1
      }
    }
    guard place <= log.size else { throw conflict(at: log.size) }
  }

  private func conflict(at place: UInt64) -> Failure { .exportConflict(log.origin, at: place) }

  // MARK: Tiles

  /// A complete tile as the node keeps it; nil for a journal, which has none.
  private func held(_ tile: Tile) throws -> [UInt8]? {
    guard let channel = log.channel else { return nil }
    return try reader.tile(channel.number, level: tile.level, index: tile.index)
  }

  /// A complete tile: of the export, of the node, or made from entries.
  private func completeTile(_ tile: Tile) throws -> [UInt8] {
    if let there = try folder.read(tile.path(under: log.path), limit: tile.byteCount) {
      return there
    }
    if let held = try held(tile) { return held }
    let first = tile.index * UInt64(Tile.fullWidth)
    var hashes: [UInt8] = []
    for offset in 0..<UInt64(Tile.fullWidth) where tile.level > 0 {
      let below = try completeTile(Tile(level: tile.level - 1, index: first + offset))
      hashes += try TileEdge.root(of: below, suite: log.suite).bytes
    }
    while hashes.count < tile.byteCount {
      let place = first + UInt64(hashes.count / Digest.byteCount)
      let entries = try log.entries(
        reader, from: place, limit: first + UInt64(Tile.fullWidth) - place, payloads: false)
      guard !entries.isEmpty else { throw log.damaged("entry \(place) is missing") }
      for entry in entries { hashes += Merkle.leaf(entry.bytes, suite: log.suite).bytes }
    }
    return hashes
  }

  /// Writes what a reader of the newest head looks for: the last tiles of its tree, and the last
  /// bundle of entries where the log has grown since.
  private func writeTree(_ size: UInt64) throws {
    guard size > 0 else { return }
    var tree = edge
    if size != log.size {
      let width = Int(size % UInt64(Tile.fullWidth))
      let start = size - UInt64(width)
      tree = try TileEdge(suite: log.suite, size: start, fullTile: completeTile)
      if width > 0 {
        let tile = try place(start / UInt64(Tile.fullWidth), width: width)
        let left = log.size - start
        let wider = try place(tile.index, width: Int(min(left, UInt64(Tile.fullWidth))))
        let bundle =
          try folder.read(wider.bundle(under: log.path), limit: EntryBundle.byteLimit) ?? []
        for entry in try EntryBundle.decode(bundle, count: width) {
          _ = tree.append(leaf: Merkle.leaf(Array(entry), suite: log.suite))
        }
        let name = tile.bundle(under: log.path)
        try folder.write(Array(EntryBundle.prefix(bundle, count: width)), to: name)
        current.insert(name)
      }
    }
    for (tile, bytes) in tree.partials {
      try folder.write(bytes, to: tile.path(under: log.path))
      current.insert(tile.path(under: log.path))
    }
  }

  // MARK: Sweeping

  private func removeSuperseded() throws {
    for name in ["tile", "payload", "checkpoints"] {
      try folder.sweep("\(log.path)/\(name)", keeping: current)
    }
    for name in folder.names(in: log.path) where name.hasSuffix(".new") {
      try folder.remove("\(log.path)/\(name)")
    }
  }
}

extension ExportFolder {
  /// Takes away the partial files below a folder of bundles or tiles that are not among `current`, and
  /// what a crash has left there.
  func sweep(_ name: String, keeping current: Set<String>) throws {
    for item in names(in: name) {
      let path = "\(name)/\(item)"
      if item.hasSuffix(".new") {
        try remove(path)
      } else if item.hasSuffix(".p") {
        for width in names(in: path) where !current.contains("\(path)/\(width)") {
          try remove("\(path)/\(width)")
        }
        if names(in: path).isEmpty { try removeFolder(path) }
      } else if item.hasPrefix("x") || name.hasSuffix("/tile") {
        try sweep(path, keeping: current)
      }
    }
  }
}

extension Tile {
  /// The tile's file in a log's folder.
  func path(under folder: String) -> String { "\(folder)/\(path)" }

  /// The file of its entries, of a level 0 tile.
  func bundle(under folder: String) -> String {
    "\(folder)/\(path(in: "tile/entries"))"
  }
}

extension Failure {
  /// The folder holds what the node does not.
  static func exportConflict(_ origin: String, at place: UInt64) -> Failure {
    Failure(
      .verificationFailed, "export.conflict",
      say(
        "\(origin)：第 \(place) 条与先前导出的不同或已不在节点中；保留该文件夹，另行导出",
        "\(origin): entry \(place) is not the one exported before, or is gone; keep the folder and "
          + "export into another"))
  }
}
