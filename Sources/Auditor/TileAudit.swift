import Cryptography
import TransparencyLog

/// Builds a log's tiles from its entries and compares each with the stored one: the complete ones,
/// and where the log says of which size its last tiles are, those too.
struct TileAudit {
  /// Hands over a stored tile: level, index, width.
  typealias Fetch = (_ level: Int, _ index: UInt64, _ width: Int) throws -> [UInt8]?
  /// The most entries that are kept as suspects.
  private static let suspectLimit = 16

  private let fetch: Fetch
  private let tiledSize: UInt64?
  /// Per tile level: the hashes since its last complete tile.
  private var edges: [[Digest]] = []
  /// The nodes of whole tiles that an append completed: kept here for its room.
  private var completed: [(level: Int, hash: Digest)] = []
  private var complete: [UInt64] = []
  /// Entries whose hash is not the one in their tile, the first of each tile: where the root is not
  /// the signed one, it is they that are wrong; else it is the tile.
  private(set) var suspects: [UInt64] = []

  init(tiledSize: UInt64?, fetch: @escaping Fetch) {
    self.tiledSize = tiledSize
    self.fetch = fetch
  }

  /// Appends the leaf of the entry before `size` to the log's tree, and takes the nodes that it
  /// completes.
  mutating func grow(
    _ frontier: inout Frontier, _ leaf: Digest, size: UInt64, _ findings: inout FindingList
  ) throws {
    completed.removeAll(keepingCapacity: true)
    frontier.append(leaf: leaf) { level, _, hash in
      if level % Tile.height == 0 { completed.append((level / Tile.height, hash)) }
    }
    for (level, hash) in completed {
      while edges.count <= level {
        edges.append([])
        complete.append(0)
      }
      edges[level].append(hash)
      guard edges[level].count == Tile.fullWidth else { continue }
      try compare(level, &findings)
      complete[level] += 1
      edges[level].removeAll(keepingCapacity: true)
    }
    guard size == tiledSize else { return }
    for level in edges.indices where !edges[level].isEmpty { try compare(level, &findings) }
  }

  /// Compares the tile that now is the last of its level.
  private mutating func compare(_ level: Int, _ findings: inout FindingList) throws {
    let (row, index) = (edges[level], complete[level])
    let stored = try fetch(level, index, row.count)
    if let stored, stored.count == row.count * Digest.byteCount {
      let held = TileEdge.hashes(stored)
      guard let different = row.indices.first(where: { row[$0] != held[$0] }) else { return }
      if level == 0, suspects.count < Self.suspectLimit {
        suspects.append(index * UInt64(Tile.fullWidth) + UInt64(different))
      }
    }
    let first = index << UInt64(Tile.height * (level + 1))
    findings.add(
      .tileMismatch, at: first,
      stored == nil ? "level \(level) is missing" : "level \(level) differs",
      zh: stored == nil ? "第 \(level) 层缺失" : "第 \(level) 层不符")
  }
}
