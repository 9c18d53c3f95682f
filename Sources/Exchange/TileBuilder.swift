import Cryptography
import TransparencyLog

/// The right edge of a log's tiles: up to 255 hashes per level that no complete tile holds yet.
///
/// Complete tiles (C2SP tlog-tiles, 256 hashes) are stored for ever in the transaction that completes
/// them; the edge is rebuilt from leaves and tiles when the node starts.
struct TileBuilder: Sendable, Hashable {
  /// How many hashes a complete tile holds.
  static let width = Tile.fullWidth

  /// `edge[level]`: the hashes of that tile level that follow its last complete tile.
  private(set) var edge: [[Digest]]
  /// How many complete tiles each level has.
  private(set) var complete: [UInt64]
  private let suite: Suite

  init(suite: Suite) {
    self.suite = suite
    edge = [[]]
    complete = [0]
  }

  /// A tile that an append completed.
  struct Completed {
    var level: Int
    var index: UInt64
    var hashes: [UInt8]
  }

  /// Adds a leaf; returns the tiles that it completed, lowest level first. Mostly none.
  mutating func append(leaf: Digest) -> [Completed] {
    var result: [Completed] = []
    var hash = leaf
    var level = 0
    while true {
      if level == edge.count {
        edge.append([])
        complete.append(0)
      }
      edge[level].append(hash)
      guard edge[level].count == Self.width else { return result }
      result.append(
        Completed(level: level, index: complete[level], hashes: edge[level].flatMap(\.bytes)))
      hash = Self.root(of: edge[level], suite: suite)
      edge[level].removeAll(keepingCapacity: true)
      complete[level] += 1
      level += 1
    }
  }

  /// The root over a power of two of hashes.
  static func root(of hashes: [Digest], suite: Suite) -> Digest {
    var row = hashes
    while row.count > 1 {
      row = stride(from: 0, to: row.count, by: 2).map {
        Merkle.node(row[$0], row[$0 + 1], suite: suite)
      }
    }
    return row[0]
  }

  /// Splits a stored tile into its hashes; nil when it is not exactly one complete tile.
  static func hashes(of tile: [UInt8]) -> [Digest]? {
    guard tile.count == width * Digest.byteCount else { return nil }
    return stride(from: 0, to: tile.count, by: Digest.byteCount).compactMap {
      Digest(tile[$0..<($0 + Digest.byteCount)])
    }
  }
}
