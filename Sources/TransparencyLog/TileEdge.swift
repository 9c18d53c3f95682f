public import Cryptography

/// The right edge of a tree cut into tiles: what is needed to go on writing the tiles of a growing
/// log. On each tile level it holds the hashes since the last complete tile, fewer than 256.
public struct TileEdge: Hashable, Sendable {
  /// The suite whose digest the tree is made with.
  public let suite: Suite
  /// The number of leaves.
  public private(set) var size: UInt64 = 0
  private var levels: [[Digest]] = []

  /// The edge of the tree without leaves.
  public init(suite: Suite) {
    self.suite = suite
  }

  /// The edge of a tree that ends with a complete level 0 tile, made from its complete tiles alone.
  ///
  /// `fullTile` hands over the bytes of a complete tile; it is asked for at most 255 on each level,
  /// and what it throws is thrown on. Throws `log.tile.range` unless `size` is a multiple of 256, and
  /// `log.tile.length` where a tile has not 256 hashes.
  public init(
    suite: Suite, size: UInt64, fullTile: (Tile) throws -> [UInt8]
  ) throws {
    guard size % UInt64(Tile.fullWidth) == 0 else {
      throw TransparencyLogError(
        code: .tileRange, message: "a tree of \(size) leaves does not end with a complete tile")
    }
    self.suite = suite
    self.size = size
    guard size > 0 else { return }
    levels = [[]]
    while size >> UInt64(levels.count * Tile.height) > 0 {
      let hashes = size >> UInt64(levels.count * Tile.height)
      var row: [Digest] = []
      for index in hashes - hashes % UInt64(Tile.fullWidth)..<hashes {
        let tile = try Tile(level: levels.count - 1, index: index)
        row.append(try Self.root(of: try fullTile(tile), suite: suite))
      }
      levels.append(row)
    }
  }

  /// The root of a complete tile's hashes; throws `log.tile.length` unless there are 256.
  public static func root(of tile: [UInt8], suite: Suite) throws(TransparencyLogError) -> Digest {
    guard tile.count == Tile.fullWidth * Digest.byteCount else {
      throw TransparencyLogError(
        code: .tileLength, message: "a complete tile has \(tile.count) bytes")
    }
    return root(of: hashes(tile)[...], suite: suite)
  }

  /// The hashes in a tile's bytes; what is left over at the end is not one.
  public static func hashes(_ tile: [UInt8]) -> [Digest] {
    tile.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count / Digest.byteCount * Digest.byteCount, by: Digest.byteCount)
        .map { Digest(unsafeBytes: UnsafeRawBufferPointer(rebasing: bytes[$0..<$0 + 32])) }
    }
  }

  /// Appends a leaf by its hash and returns the tiles that it completes, lowest level first.
  public mutating func append(leaf: Digest) -> [(tile: Tile, bytes: [UInt8])] {
    precondition(size < .max, "a log of 2^64 − 1 entries can't be reached by appending")
    size += 1
    var completed: [(tile: Tile, bytes: [UInt8])] = []
    var hash = leaf
    for level in 0... {
      if level == levels.count { levels.append([]) }
      levels[level].append(hash)
      guard levels[level].count == Tile.fullWidth else { break }
      let row = levels[level]
      levels[level].removeAll(keepingCapacity: true)
      let index = size >> UInt64((level + 1) * Tile.height) - 1
      // A tree of fewer than 2^64 leaves has eight tile levels.
      if let tile = Tile(
        holding: index * UInt64(Tile.fullWidth), level: level, size: size)
      {
        completed.append((tile, row.flatMap(\.bytes)))
      }
      hash = Self.root(of: row[...], suite: suite)
    }
    return completed
  }

  /// The partial tiles of this tree, lowest level first; none of width 0.
  public var partials: [(tile: Tile, bytes: [UInt8])] {
    levels.enumerated().compactMap { level, row in
      let first = size >> UInt64(level * Tile.height) - UInt64(row.count)
      guard let tile = Tile(holding: first, level: level, size: size), !row.isEmpty else {
        return nil
      }
      return (tile, row.flatMap(\.bytes))
    }
  }

  /// The tree's root.
  public var root: Digest {
    var nodes: [Digest] = []
    for row in levels.reversed() {
      var place = 0
      for width in (0..<Tile.height).reversed().map({ 1 << $0 }) where row.count & width != 0 {
        nodes.append(Self.root(of: row[place..<place + width], suite: suite))
        place += width
      }
    }
    guard var hash = nodes.last else { return Merkle.emptyRoot(suite: suite) }
    for left in nodes.dropLast().reversed() { hash = Merkle.node(left, hash, suite: suite) }
    return hash
  }

  /// The root over a power of two of hashes.
  private static func root(of hashes: ArraySlice<Digest>, suite: Suite) -> Digest {
    var row = Array(hashes)
    while row.count > 1 {
      row = stride(from: 0, to: row.count, by: 2).map {
        Merkle.node(row[$0], row[$0 + 1], suite: suite)
      }
    }
    return row[0]
  }
}
