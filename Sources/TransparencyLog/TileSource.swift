public import Cryptography

/// A subtree source over the tiles (full and partial) of a C2SP tlog-tiles log.
///
/// The tiles' bytes are not trusted by themselves: a root or proof made from them means something
/// only once it is checked against a signed checkpoint. One source remembers the last tiles it
/// read; it belongs to one task and is made anew for another tree size.
public final class TileSource: SubtreeSource {
  /// Hands over the bytes of the tile of a tile level, index and width (in hashes): 32 × width
  /// bytes. A partial tile is asked for with the width that it has in the source's tree.
  public typealias Fetch = (_ level: Int, _ index: UInt64, _ width: Int) throws -> [UInt8]

  /// How many tiles (of at most 8 KiB) a source remembers.
  public static let rememberedTileLimit = 32

  /// The suite whose digest the tree is made with.
  public let suite: Suite
  /// The size of the tree that the tiles are read as of.
  public let size: UInt64
  private let fetch: Fetch
  private var remembered: [Tile: [UInt8]] = [:]

  /// A source over the tiles of the tree of `size` leaves.
  public init(suite: Suite, size: UInt64, fetch: @escaping Fetch) {
    self.suite = suite
    self.size = size
    self.fetch = fetch
  }

  /// The root of the complete subtree, hashed from the tile that holds it or its lower nodes.
  ///
  /// Throws `log.subtree.range` where the tree of `size` leaves has no such complete subtree,
  /// `log.tile.length` where a tile has another number of bytes than its width asks for, and
  /// what `fetch` throws.
  public func subtree(level: Int, index: UInt64) throws -> Digest {
    let (tileLevel, inner) = level.quotientAndRemainder(dividingBy: Tile.height)
    guard (0..<UInt64.bitWidth).contains(level), index < size >> UInt64(level),
      let tile = Tile(holding: index << UInt64(inner), level: tileLevel, size: size)
    else {
      throw TransparencyLogError(
        code: .subtreeRange,
        message: "no complete subtree \(index) on level \(level) of \(size) leaves")
    }
    let bytes = try read(tile)
    let first = Int((index << UInt64(inner)) % UInt64(Tile.fullWidth))
    return bytes.withUnsafeBytes { root(of: $0, first: first, count: 1 << inner) }
  }

  private func read(_ tile: Tile) throws -> [UInt8] {
    if let bytes = remembered[tile] { return bytes }
    let bytes = try fetch(tile.level, tile.index, tile.width)
    guard bytes.count == tile.byteCount else {
      throw TransparencyLogError(
        code: .tileLength, message: "\(tile) has \(bytes.count) bytes, not \(tile.byteCount)")
    }
    if remembered.count >= Self.rememberedTileLimit { remembered.removeAll(keepingCapacity: true) }
    remembered[tile] = bytes
    return bytes
  }

  /// The root over `count` (a power of two) hashes of a tile, at most eight levels deep.
  private func root(of tile: UnsafeRawBufferPointer, first: Int, count: Int) -> Digest {
    guard count > 1 else {
      let range = first * Digest.byteCount..<(first + 1) * Digest.byteCount
      return Digest(unsafeBytes: UnsafeRawBufferPointer(rebasing: tile[range]))
    }
    let half = count / 2
    return Merkle.node(
      root(of: tile, first: first, count: half),
      root(of: tile, first: first + half, count: half), suite: suite)
  }
}
