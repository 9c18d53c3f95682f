import Cryptography
import Testing
import TransparencyLog

@Suite("Entry bundles and the edge of tiles")
struct BundleTests {
  @Test("An entry stands behind its length in two bytes, big-endian")
  func encoding() throws {
    #expect(try EntryBundle.encode([[7], [], [1, 2]]) == [0, 1, 7, 0, 0, 0, 2, 1, 2])
    let long = [UInt8](repeating: 9, count: 0x1234)
    #expect(try Array(EntryBundle.encode([long]).prefix(3)) == [0x12, 0x34, 9])
    #expect(try EntryBundle.encode([]) == [])
  }

  @Test("Only an entry of up to 65,535 bytes fits into a bundle")
  func longest() throws {
    let longest = [UInt8](repeating: 1, count: 65_535)
    #expect(try EntryBundle.decode(EntryBundle.encode([longest]), count: 1) == [longest[...]])
    #expect(failureCode { _ = try EntryBundle.encode([longest + [1]]) } == .bundleEntry)
  }

  @Test("A bundle gives back what went in, and begins with every narrower one", arguments: 0..<40)
  func roundTrip(seed: UInt64) throws {
    var random = Shuffle(seed: seed)
    let entries = (0..<random.below(257)).map { _ in
      (0..<random.below(90)).map { _ in UInt8(random.below(256)) }
    }
    let bundle = try EntryBundle.encode(entries)
    #expect(try EntryBundle.decode(bundle, count: entries.count).map(Array.init) == entries)
    for width in [0, 1, entries.count / 2, entries.count] where width <= entries.count {
      #expect(
        try Array(EntryBundle.prefix(bundle, count: width))
          == EntryBundle.encode(entries.prefix(width)))
    }
    #expect(
      failureCode { _ = try EntryBundle.decode(bundle, count: entries.count + 1) }
        == .bundleMalformed)
  }

  @Test("Of a bundle cut anywhere, the entries before the cut can be read")
  func cut() throws {
    let entries: [[UInt8]] = [[1, 2, 3], [], [4], [5, 6]]
    let bundle = try EntryBundle.encode(entries)
    let ends = [5, 7, 10, 14]
    for length in 0..<bundle.count {
      let whole = ends.prefix { $0 <= length }.count
      let cut = Array(bundle[..<length])
      #expect(EntryBundle.readable(cut, count: 4).map(Array.init) == Array(entries[..<whole]))
      #expect(failureCode { _ = try EntryBundle.decode(cut, count: 4) } == .bundleMalformed)
    }
  }

  @Test("What goes with a tile has the tile's index and width in its path")
  func otherPaths() throws {
    #expect(try Tile(level: 0, index: 1_234_067).path(in: "payload") == "payload/x001/x234/067")
    #expect(
      try Tile(level: 0, index: 7, width: 9).path(in: "checkpoints") == "checkpoints/007.p/9")
  }

  @Test(
    "The edge writes exactly the tiles of its tree, from the start or from complete tiles on",
    arguments: [0, 1, 2, 255, 256, 257, 511, 512, 700, 65_535, 65_536, 65_537, 66_049])
  func edge(size: Int) throws {
    let leaves = (0..<size).map { leaf($0) }
    let memory = MemorySource(suite: .sha256Ed25519, leaves: leaves)
    var edge = TileEdge(suite: .sha256Ed25519)
    var written: [Tile: [UInt8]] = [:]
    for leaf in leaves {
      for (tile, bytes) in edge.append(leaf: leaf) {
        #expect(tile.isFull && written.updateValue(bytes, forKey: tile) == nil)
      }
    }
    let complete = written
    for (tile, bytes) in edge.partials { written[tile] = bytes }
    #expect(Set(written.keys) == Set(Tile.written(growingFrom: 0, to: UInt64(size))))
    for (tile, bytes) in written { #expect(try tile.bytes(from: memory) == bytes, "\(tile)") }
    #expect(edge.root == (try Merkle.root(size: UInt64(size), source: memory)))

    let whole = size / 256 * 256
    var later = try TileEdge(suite: .sha256Ed25519, size: UInt64(whole)) { tile in
      try #require(complete[tile])
    }
    for leaf in leaves[whole...] { _ = later.append(leaf: leaf) }
    #expect(later.root == edge.root)
    #expect(later.partials.map(\.tile) == edge.partials.map(\.tile))
    #expect(later.partials.map(\.bytes) == edge.partials.map(\.bytes))
  }

  @Test("An edge begins only behind complete tiles of 256 hashes")
  func badEdge() throws {
    #expect(
      failureCode { _ = try TileEdge(suite: .sha256Ed25519, size: 255) { _ in [] } } == .tileRange)
    #expect(
      failureCode { _ = try TileEdge(suite: .sha256Ed25519, size: 256) { _ in [1] } }
        == .tileLength)
  }

  private func leaf(_ number: Int) -> Digest {
    Merkle.leaf(Array("\(number)".utf8), suite: .sha256Ed25519)
  }
}

/// The same numbers in every run.
private struct Shuffle {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 2 &+ 1 }

  mutating func below(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(limit))
  }
}
