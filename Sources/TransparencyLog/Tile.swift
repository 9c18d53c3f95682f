import Cryptography

/// The address of a tile of a C2SP tlog-tiles log: up to 256 consecutive hashes of tree level
/// `8 × level`, starting with hash `index × 256`.
public struct Tile: Hashable, Sendable, CustomStringConvertible {
  /// How many tree levels a tile spans.
  public static let height = 8
  /// The number of hashes in a full tile.
  public static let fullWidth = 256
  /// The highest tile level that a path can name.
  public static let levelLimit = 63

  /// The tile level: 0 holds leaf hashes, 1 the roots of full level 0 tiles, and so on.
  public let level: Int
  /// The tile's place within its level.
  public let index: UInt64
  /// The number of hashes: 256, or 1 to 255 for a partial tile.
  public let width: Int

  /// Makes an address; throws `log.tile.range` unless level is 0...63, width 1...256.
  public init(level: Int, index: UInt64, width: Int = fullWidth) throws(TransparencyLogError) {
    guard (0...Self.levelLimit).contains(level), (1...Self.fullWidth).contains(width) else {
      throw TransparencyLogError(
        code: .tileRange, message: "no tile of level \(level) and width \(width)")
    }
    self.init(unchecked: level, index: index, width: width)
  }

  private init(unchecked level: Int, index: UInt64, width: Int) {
    self.level = level
    self.index = index
    self.width = width
  }

  /// The tile that holds the hash `hashIndex` of tile level `level` in the tree of `size`
  /// leaves, as wide as it is in that tree; nil where that tree does not have the hash.
  public init?(holding hashIndex: UInt64, level: Int, size: UInt64) {
    guard (0...Self.levelLimit).contains(level) else { return nil }
    let hashes = size >> UInt64(level * Self.height)
    guard hashIndex < hashes else { return nil }
    let tileIndex = hashIndex / UInt64(Self.fullWidth)
    let left = hashes - tileIndex * UInt64(Self.fullWidth)
    self.init(
      unchecked: level, index: tileIndex, width: Int(min(left, UInt64(Self.fullWidth))))
  }

  /// Whether the tile has all of its 256 hashes.
  public var isFull: Bool { width == Self.fullWidth }

  /// The number of the tile's bytes: 32 a hash.
  public var byteCount: Int { width * 32 }

  /// The places of the tile's hashes within their level, of which there are `count`; nil where
  /// the level does not reach so far. The index may be anybody's word, up to 2^64 − 1.
  public func places(below count: UInt64) -> Range<UInt64>? {
    let (first, isBeyond) = index.multipliedReportingOverflow(by: UInt64(Self.fullWidth))
    guard !isBeyond, first < count, count - first >= UInt64(width) else { return nil }
    return first..<first + UInt64(width)
  }

  /// The full tile at the same place.
  public var full: Tile { Tile(unchecked: level, index: index, width: Self.fullWidth) }

  // MARK: Paths

  /// The path below a log's prefix: `tile/<L>/<N>[.p/<W>]`.
  public var path: String { "tile/\(level)/\(Self.groups(index))\(suffix)" }

  /// The path of the bundle of the tile's entries, where this is a level 0 tile:
  /// `tile/entries/<N>[.p/<W>]`.
  public var entriesPath: String? {
    level == 0 ? "tile/entries/\(Self.groups(index))\(suffix)" : nil
  }

  /// The path of something else that goes with the tile: `<N>[.p/<W>]` behind a folder's name.
  public func path(in folder: String) -> String { "\(folder)/\(Self.groups(index))\(suffix)" }

  /// The path.
  public var description: String { path }

  /// Reads a path; throws `log.tile.path` unless it is the one that `path` would write.
  public init(parsing path: String) throws(TransparencyLogError) {
    let wrong = TransparencyLogError(
      code: .tilePath, message: "not the canonical path of a tile")
    guard path.utf8.count <= Self.pathByteLimit else { throw wrong }
    var parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[0].elementsEqual("tile".utf8),
      let level = parseDecimal(parts[1]), level <= Self.levelLimit
    else { throw wrong }
    parts.removeFirst(2)

    var width = UInt64(Self.fullWidth)
    if parts.count >= 2, parts[parts.count - 2].suffix(2).elementsEqual(".p".utf8) {
      guard let parsed = parseDecimal(parts.removeLast()), (1...255).contains(parsed) else {
        throw wrong
      }
      width = parsed
      parts[parts.count - 1] = parts[parts.count - 1].dropLast(2)
    }
    var index: UInt64 = 0
    for (place, part) in parts.enumerated() {
      let digits = place == parts.count - 1 ? part : part.dropFirst()
      guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
        throw wrong
      }
      let group = digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1 - 0x30) }
      let (shifted, overflowed) = index.multipliedReportingOverflow(by: 1000)
      let (sum, carried) = shifted.addingReportingOverflow(group)
      guard !overflowed, !carried else { throw wrong }
      index = sum
    }
    self.init(unchecked: Int(level), index: index, width: Int(width))
    // One tile has one path: no surplus groups of zeros, no other letter than x.
    guard sameBytes(self.path, path) else { throw wrong }
  }

  /// Longer than the path of any tile.
  private static let pathByteLimit = 64

  private var suffix: String { isFull ? "" : ".p/\(width)" }

  private static func groups(_ index: UInt64) -> String {
    func padded(_ group: UInt64) -> String {
      let digits = String(group)
      return String(repeating: "0", count: 3 - digits.utf8.count) + digits
    }
    var text = padded(index % 1000)
    var rest = index / 1000
    while rest > 0 {
      text = "x\(padded(rest % 1000))/\(text)"
      rest /= 1000
    }
    return text
  }

  // MARK: A growing log

  /// The tiles to write when a tree grows from `oldSize` to `newSize` leaves: on every level
  /// those whose hashes changed, the last one partial unless it is full. Partial tiles of the
  /// old tree are not named again once the full one is. Nothing unless `oldSize` is smaller.
  public static func written(growingFrom oldSize: UInt64, to newSize: UInt64) -> [Tile] {
    guard oldSize < newSize else { return [] }
    var tiles: [Tile] = []
    for level in 0..<height {
      let old = oldSize >> UInt64(level * height)
      let new = newSize >> UInt64(level * height)
      guard old < new else { break }
      var hash = old - old % UInt64(fullWidth)
      while hash < new, let tile = Tile(holding: hash, level: level, size: newSize) {
        tiles.append(tile)
        let (next, overflowed) = hash.addingReportingOverflow(UInt64(fullWidth))
        if overflowed { break }
        hash = next
      }
    }
    return tiles
  }

  /// The tile's bytes, read hash by hash from `source`; throws `log.tile.range` where no tree
  /// reaches so far, and what the source throws.
  public func bytes(from source: some SubtreeSource) throws -> [UInt8] {
    guard let places = places(below: .max) else {
      throw TransparencyLogError(code: .tileRange, message: "no tree has the tile \(self)")
    }
    var out: [UInt8] = []
    out.reserveCapacity(byteCount)
    for place in places {
      let hash = try source.subtree(level: level * Self.height, index: place)
      hash.withUnsafeBytes { out.append(contentsOf: $0) }
    }
    return out
  }
}
