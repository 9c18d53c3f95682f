import Cryptography
import TransparencyLog

/// Proofs over one log of a source: from its tiles where it holds them, else from its headers.
///
/// What comes of tiles is worth nothing until it has led to a signed root. Where it does not, the
/// tiles may be what is wrong: then `usesTiles: false` makes everything from headers.
struct LogTiles {
  let source: any AuditSource
  let channel: AuditChannel
  let suite: Suite
  let usesTiles: Bool

  /// The subtrees of the tree of the first `size` entries.
  func tree(_ size: UInt64) -> TileSource {
    TileSource(suite: suite, size: size) { level, index, width in
      try tile(level, index, width)
    }
  }

  private func tile(_ level: Int, _ index: UInt64, _ width: Int) throws -> [UInt8] {
    if usesTiles, source.holdsTiles, width == Tile.fullWidth,
      let held = try source.tile(channel, level: level, index: index),
      held.count == Tile.fullWidth * Digest.byteCount
    {
      return held
    }
    guard level > 0 else { return try leaves(index, width) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(width * Digest.byteCount)
    for place in 0..<UInt64(width) {
      let below = try tile(level - 1, index << UInt64(Tile.height) + place, Tile.fullWidth)
      bytes += try TileEdge.root(of: below, suite: suite).bytes
    }
    return bytes
  }

  private func leaves(_ index: UInt64, _ width: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(width * Digest.byteCount)
    var next = index << UInt64(Tile.height)
    let end = next + UInt64(width)
    while next < end {
      let entries = try source.entries(channel, from: next, limit: Int(end - next))
      for entry in entries where next < end {
        guard entry.seq == next else { break }
        bytes += Merkle.leaf(entry.header, suite: suite).bytes
        next += 1
      }
      guard entries.last.map({ $0.seq + 1 }) == next else {
        throw EvidenceError(.unprovable, "entry \(next) of the log is missing")
      }
    }
    return bytes
  }
}
