import Auditor
import Cryptography
import Exchange
import RecordModel
import TransparencyLog

/// One log of a node as it is served: which it is, and how far it goes.
struct ServedLog: Sendable {
  /// Where the log is kept.
  enum Place: Sendable, Hashable {
    case channel(ChannelNumber)
    case journal(epoch: UInt32)
  }

  var kind: ExportManifest.Kind
  var origin: String
  var place: Place
  var suite: Suite
  var size: UInt64
  /// The channel's state; nil of a journal.
  var state: ChannelState?
}

extension ServedLog {
  /// Every log of a store.
  static func all(
    _ reader: any StoreReader, federation: String, code: AgencyCode,
    formerSize: (UInt32) throws -> UInt64
  ) throws -> [ServedLog] {
    var logs = try reader.channels().map(ServedLog.init)
    if let journal = try reader.journalState() {
      for epoch in 1...journal.epoch {
        let size = epoch == journal.epoch ? journal.size : try formerSize(epoch)
        logs.append(
          ServedLog(journal, epoch: epoch, size: size, federation: federation, code: code))
      }
    }
    return logs.sorted { $0.origin < $1.origin }
  }

  init(_ state: ChannelState) {
    self.init(
      kind: state.role == .outbound ? .channelOut : .channelIn,
      origin: state.origin.description, place: .channel(state.number),
      suite: state.frontier.suite, size: state.size, state: state)
  }

  init(
    _ journal: JournalState, epoch: UInt32, size: UInt64, federation: String, code: AgencyCode
  ) {
    let origin = JournalOrigin(federation: federation, code: code, epoch: epoch)
    self.init(
      kind: .journal, origin: origin.description, place: .journal(epoch: epoch),
      suite: journal.frontier.suite, size: size)
  }
}

// MARK: - Bytes

extension ServedLog {
  /// The most bytes of records that are read at once; one record may be larger.
  static let chunkBytes = 4 << 20

  /// The entries of a bundle; nil where the log is not that long.
  func entries(_ tile: Tile, _ reader: any StoreReader) throws -> [[UInt8]]? {
    guard let first = tile.places(below: size)?.lowerBound else { return nil }
    var entries: [[UInt8]] = []
    while entries.count < tile.width {
      let next = first + UInt64(entries.count)
      let left = tile.width - entries.count
      let part: [[UInt8]]
      switch place {
      case .journal(let epoch):
        part = try reader.journal(epoch: epoch, from: next, limit: left).map(\.bytes)
      case .channel(let number):
        part = try (0..<UInt64(left)).map { offset in
          let place = RecordPosition(channel: number, seq: next + offset)
          guard let header = try reader.header(at: place)?.header else {
            throw StoreFailure.corrupt("entry \(next + offset) of \(origin) is missing")
          }
          return header
        }
      }
      guard !part.isEmpty else {
        throw StoreFailure.corrupt("entry \(next) of \(origin) is missing")
      }
      entries += part
    }
    return entries
  }

  /// A tile's bytes; nil where the tree has no such tile.
  func tile(_ tile: Tile, _ reader: any StoreReader) throws -> [UInt8]? {
    guard tile.places(below: hashes(of: tile)) != nil else { return nil }
    return try bytes(of: tile, reader)
  }

  /// The subtrees of the log as it was when it had `size` entries.
  func subtrees(size: UInt64, _ reader: any StoreReader) -> TileSource {
    TileSource(suite: suite, size: size) { level, index, width in
      try bytes(of: Tile(level: level, index: index, width: width), reader)
    }
  }

  /// How many hashes the tree has on a tile's level.
  private func hashes(of tile: Tile) -> UInt64 { size >> UInt64(tile.level * Tile.height) }

  /// A tile of the log: as it is held, or of what it is made from.
  private func bytes(of tile: Tile, _ reader: any StoreReader) throws -> [UInt8] {
    let held =
      switch place {
      case .channel(let number):
        try reader.tile(number, level: tile.level, index: tile.index)
      case .journal(let epoch):
        try reader.journalTile(epoch: epoch, level: tile.level, index: tile.index)
      }
    if let held { return Array(held.prefix(tile.byteCount)) }
    guard let places = tile.places(below: hashes(of: tile)) else {
      throw StoreFailure.corrupt("\(origin) of \(size) entries has no \(tile)")
    }
    guard tile.level > 0 else {
      switch place {
      case .channel(let number): return try reader.leaves(number, places).flatMap(\.bytes)
      case .journal(let epoch):
        return try reader.journalLeaves(epoch: epoch, places).flatMap(\.bytes)
      }
    }
    return try places.flatMap { index in
      let below = try bytes(of: Tile(level: tile.level - 1, index: index), reader)
      return try TileEdge.root(of: below, suite: suite).bytes
    }
  }

  /// The payloads of some of a bundle's entries, as the bundle has them, and the entry after them.
  func payloads(
    from seq: UInt64, to end: UInt64, allowed: Bool, _ reader: any StoreReader
  ) throws -> (bytes: [UInt8], next: UInt64) {
    guard case .channel(let number) = place else { return ([], end) }
    guard allowed else { return ([UInt8](repeating: 0, count: Int(end - seq)), end) }
    let records = try reader.records(
      number, from: seq, maximumCount: Int(end - seq), maximumBytes: Self.chunkBytes)
    guard !records.isEmpty else {
      throw StoreFailure.corrupt("entry \(seq) of \(origin) is missing")
    }
    var bytes: [UInt8] = []
    for record in records {
      let state: PayloadBundle.State =
        record.payload.map { .held(salt: record.salt, payload: $0) } ?? .erased
      try PayloadBundle.append(state, to: &bytes)
    }
    return (bytes, seq + UInt64(records.count))
  }
}
