import Cryptography
import TransparencyLog

/// Builds a log's complete tiles from its entries and compares each with the stored one.
struct TileAudit<Source: AuditSource> {
  private let channel: AuditChannel
  private let source: Source
  /// Per tile level: the hashes since its last complete tile.
  private var edges: [[Digest]] = []
  private var complete: [UInt64] = []

  init(_ channel: AuditChannel, _ source: Source) {
    self.channel = channel
    self.source = source
  }

  /// Takes one node of the tree as an append completes it.
  mutating func add(level: Int, _ hash: Digest, _ findings: inout FindingList) throws {
    let (tileLevel, inner) = level.quotientAndRemainder(dividingBy: Tile.height)
    guard inner == 0 else { return }
    while edges.count <= tileLevel {
      edges.append([])
      complete.append(0)
    }
    edges[tileLevel].append(hash)
    guard edges[tileLevel].count == Tile.fullWidth else { return }
    let index = complete[tileLevel]
    complete[tileLevel] += 1
    let computed = edges[tileLevel].flatMap(\.bytes)
    edges[tileLevel].removeAll(keepingCapacity: true)
    let stored = try source.tile(channel, level: tileLevel, index: index)
    if stored != computed {
      let first = index << UInt64(Tile.height * (tileLevel + 1))
      findings.add(
        .tileMismatch, at: first,
        stored == nil ? "level \(tileLevel) is missing" : "level \(tileLevel) differs")
    }
  }
}
