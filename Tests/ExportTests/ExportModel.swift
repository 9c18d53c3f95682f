import Auditor
import Cryptography
import Exchange
import Foundation
import RecordModel
import TransparencyLog

@testable import sanxiang

/// One log of an export taken apart, to be changed and put together again by somebody who knows the
/// format as well as we do.
struct LogModel {
  /// The files of a log that can be written each by itself.
  enum Part: CaseIterable { case entries, payloads, tiles, heads, claims, manifest }

  var log: ExportManifest.Log
  var entries: [[UInt8]] = []
  var payloads: [PayloadBundle.State] = []
  /// Every signed head, the newest too, by size.
  var heads: [[UInt8]] = []
  var claims: ExportClaims

  static let suite = Suite.sha256Ed25519

  func header(_ index: Int) throws -> RecordHeader { try RecordHeader(parsing: entries[index]) }

  /// Changes a header, and nothing that follows from it.
  mutating func edit(_ index: Int, _ change: (inout RecordHeader) throws -> Void) throws {
    var header = try header(index)
    try change(&header)
    entries[index] = header.encoded()
  }

  /// Gives every entry from `index` on the place that it now has, behind the entry that now is there.
  mutating func chain(from index: Int) throws {
    for place in index..<entries.count {
      let prev = place == 0 ? Digest.zero : Merkle.leaf(entries[place - 1], suite: Self.suite)
      if log.kind == .journal {
        var entry = try JournalEntry(parsing: entries[place])
        (entry.seq, entry.prev) = (UInt64(place), prev)
        entries[place] = entry.encoded()
      } else {
        try edit(place) { ($0.seq, $0.prev) = (UInt64(place), prev) }
      }
    }
  }

  /// Another payload, and a header that commits to it.
  mutating func replacePayload(_ index: Int, _ payload: [UInt8]) throws {
    let salt = [UInt8](repeating: 5, count: Commitment.saltBytes)
    payloads[index] = .held(salt: salt, payload: payload)
    try edit(index) { header in
      header.payload = PayloadReference(
        commitment: Commitment.make(salt: salt, payload: payload, suite: Self.suite),
        size: payload.count)
    }
  }

  /// The root of the first entries.
  func root(_ size: Int) -> Digest {
    var frontier = Frontier(suite: Self.suite)
    for entry in entries.prefix(size) {
      frontier.append(leaf: Merkle.leaf(entry, suite: Self.suite))
    }
    return frontier.root
  }

  /// A head over the first entries.
  func head(
    _ size: Int, record: SigningKey, receipt: (key: SigningKey, name: String, time: UInt64)? = nil
  ) throws -> [UInt8] {
    let checkpoint = Checkpoint(origin: log.origin, size: UInt64(size), root: root(size))
    var note = try checkpoint.signed(by: record)
    if let receipt {
      note.add(
        try Cosignature.cosign(
          checkpointText: note.text, name: receipt.name, key: receipt.key, time: receipt.time))
    }
    return note.encoded
  }

  /// Signs every head over more than `size` entries anew, with its receipt where there was one and
  /// `receipt` is a key. Heads beyond the end go; the last entry gets one.
  mutating func sign(above size: Int, record: SigningKey, receipt: SigningKey? = nil) throws {
    var signed: [[UInt8]] = []
    for note in heads {
      let (held, checkpoint) = try Checkpoint.signed(parsing: note)
      guard checkpoint.size > size else {
        signed.append(note)
        continue
      }
      guard checkpoint.size <= entries.count else { continue }
      let cosigned = held.signatures.first { $0.name != log.origin }
      signed.append(
        try head(
          Int(checkpoint.size), record: record,
          receipt: try receipt.flatMap { key in
            try cosigned.map { (key, $0.name, try Cosignature.time(of: $0)) }
          }))
    }
    heads = signed
    let last = try heads.last.map { try Checkpoint.signed(parsing: $0).checkpoint.size } ?? 0
    if last < entries.count { heads.append(try head(entries.count, record: record)) }
  }

  /// Takes away the last entries, and says so in everything that is nobody's signature.
  mutating func cut(to size: Int, heads isCut: Bool) throws {
    entries.removeSubrange(size...)
    if log.kind != .journal { payloads.removeSubrange(size...) }
    claims.refused.removeAll { $0 >= size }
    if isCut {
      try heads.removeAll { try Checkpoint.signed(parsing: $0).checkpoint.size > size }
    }
  }
}

/// An export in a folder, to be tampered with.
struct ExportModel {
  let path: String

  var manifest: ExportManifest {
    get throws { try ExportManifest(parsing: read("export.json")) }
  }

  func read(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: "\(path)/\(name)")))
  }

  func write(_ bytes: [UInt8], _ name: String) throws {
    let file = URL(filePath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: "\(path)/\(name)")
  }

  /// Changes a file's bytes.
  func edit(_ name: String, _ change: (inout [UInt8]) throws -> Void) throws {
    var bytes = try read(name)
    try change(&bytes)
    try write(bytes, name)
  }

  /// Changes a file's text.
  func replace(_ old: String, with new: String, in name: String) throws {
    try edit(name) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      guard text.contains(old) else { throw Unchanged(name: name) }
      bytes = Array(text.replacing(old, with: new).utf8)
    }
  }

  struct Unchanged: Error { var name: String }

  func editManifest(_ change: (inout ExportManifest) throws -> Void) throws {
    var manifest = try manifest
    try change(&manifest)
    try write(manifest.encoded, "export.json")
  }

  /// Takes a log apart.
  func load(_ origin: String) throws -> LogModel {
    guard let log = try manifest.logs.first(where: { $0.origin == origin }) else {
      throw Unchanged(name: origin)
    }
    var model = LogModel(
      log: log, claims: try ExportClaims(parsing: read("\(log.path)/claims.json")))
    for tile in try Self.tiles(Int(log.size)) {
      let bundle = try read("\(log.path)/\(tile.path(in: "tile/entries"))")
      model.entries += try EntryBundle.decode(bundle, count: tile.width).map(Array.init)
      guard log.kind != .journal else { continue }
      model.payloads += try PayloadBundle.decode(
        read("\(log.path)/\(tile.path(in: "payload"))"), count: tile.width)
    }
    for tile in try Self.tiles(Int(log.checkpoints)) {
      let bundle = try read("\(log.path)/\(tile.path(in: "checkpoints"))")
      model.heads += CheckpointBundle.readable(bundle, count: tile.width)
    }
    if log.checkpoint > 0 { model.heads.append(try read("\(log.path)/checkpoint")) }
    model.heads = try model.heads.map {
      (try Checkpoint.signed(parsing: $0).checkpoint.size, $0)
    }.sorted { $0.0 < $1.0 }.map(\.1)
    return model
  }

  /// Puts parts of a log together again; the others stay as they are.
  func save(
    _ changed: LogModel, _ parts: Set<LogModel.Part> = Set(LogModel.Part.allCases)
  ) throws {
    var model = changed
    let path = model.log.path
    let newest = model.heads.lastIndex { note in
      ((try? Checkpoint.signed(parsing: note))?.checkpoint.size ?? 0) <= model.entries.count
    }
    let newestSize = try newest.map {
      try Checkpoint.signed(parsing: model.heads[$0]).checkpoint.size
    }
    let size = model.entries.count
    if parts.contains(.entries) { try saveBundles(model, "tile/entries") }
    if parts.contains(.payloads), model.log.kind != .journal { try saveBundles(model, "payload") }
    if parts.contains(.tiles) { try saveTiles(model, Int(newestSize ?? 0)) }
    if parts.contains(.heads) {
      var others = model.heads
      try? remove("\(path)/checkpoint")
      if let newest { try write(others.remove(at: newest), "\(path)/checkpoint") }
      try? remove("\(path)/checkpoints")
      for tile in try Self.tiles(others.count) {
        var bundle: [UInt8] = []
        let first = Int(tile.index) * 256
        for note in others[first..<first + tile.width] {
          try CheckpointBundle.append(note, to: &bundle)
        }
        try write(bundle, "\(path)/\(tile.path(in: "checkpoints"))")
      }
    }
    (model.claims.size, model.claims.root) = (UInt64(size), model.root(size))
    if parts.contains(.claims) { try write(model.claims.encoded, "\(path)/claims.json") }
    guard parts.contains(.manifest) else { return }
    model.log.size = UInt64(size)
    model.log.root = model.root(size)
    model.log.checkpoint = newestSize ?? 0
    model.log.checkpoints = UInt64(model.heads.count - (newest == nil ? 0 : 1))
    try editManifest { manifest in
      for place in manifest.logs.indices where manifest.logs[place].origin == model.log.origin {
        manifest.logs[place] = model.log
      }
    }
  }

  private func saveBundles(_ model: LogModel, _ name: String) throws {
    try? remove("\(model.log.path)/\(name)")
    for tile in try Self.tiles(model.entries.count) {
      let range = Int(tile.index) * 256..<Int(tile.index) * 256 + tile.width
      var bundle: [UInt8] = []
      if name == "payload" {
        for payload in model.payloads[range] { try PayloadBundle.append(payload, to: &bundle) }
      } else {
        bundle = try EntryBundle.encode(model.entries[range])
      }
      try write(bundle, "\(model.log.path)/\(tile.path(in: name))")
    }
  }

  /// The tiles of a size, and the last bundle of that size.
  private func saveTiles(_ model: LogModel, _ size: Int) throws {
    for level in 0...7 { try? remove("\(model.log.path)/tile/\(level)") }
    var edge = TileEdge(suite: LogModel.suite)
    for (place, entry) in model.entries.enumerated() {
      if place == size { try saveLast(model, edge) }
      for (tile, bytes) in edge.append(leaf: Merkle.leaf(entry, suite: LogModel.suite)) {
        try write(bytes, "\(model.log.path)/\(tile.path)")
      }
    }
    if size == model.entries.count { try saveLast(model, edge) }
  }

  private func saveLast(_ model: LogModel, _ edge: TileEdge) throws {
    for (tile, bytes) in edge.partials { try write(bytes, "\(model.log.path)/\(tile.path)") }
  }

  /// The places of so many things, 256 of them in each.
  private static func tiles(_ count: Int) throws -> [Tile] {
    try stride(from: 0, to: count, by: 256).map { first in
      try Tile(level: 0, index: UInt64(first / 256), width: min(256, count - first))
    }
  }

  /// The log with the most entries of all channels.
  func longest() throws -> LogModel {
    let logs = try manifest.logs.filter { $0.kind != .journal }
    guard let log = logs.max(by: { $0.size < $1.size }) else { throw Unchanged(name: path) }
    return try load(log.origin)
  }

  /// Takes a log apart, changes it, and puts parts of it together again.
  func change(
    _ origin: String, _ parts: Set<LogModel.Part> = Set(LogModel.Part.allCases),
    _ body: (inout LogModel) throws -> Void
  ) throws {
    var model = try load(origin)
    try body(&model)
    try save(model, parts)
  }
}
