import Cryptography
import Testing
import TransparencyLog

@Suite("Tiles")
struct TileTests {
  @Test(
    "A tile has one path",
    arguments: [
      (0, 0, 256, "tile/0/000"), (0, 5, 256, "tile/0/005"), (3, 999, 256, "tile/3/999"),
      (0, 1000, 256, "tile/0/x001/000"), (1, 1_234_067, 256, "tile/1/x001/x234/067"),
      (0, 7, 5, "tile/0/007.p/5"), (2, 1_234_067, 255, "tile/2/x001/x234/067.p/255"),
      (63, 0, 1, "tile/63/000.p/1"),
      (0, UInt64.max, 256, "tile/0/x018/x446/x744/x073/x709/x551/615"),
    ])
  func paths(level: Int, index: UInt64, width: Int, path: String) throws {
    let tile = try Tile(level: level, index: index, width: width)
    #expect(tile.path == path)
    #expect(tile.description == path)
    #expect(try Tile(parsing: path) == tile)
    #expect(tile.isFull == (width == 256))
    #expect(tile.full == (try Tile(level: level, index: index)))
    #expect(
      tile.entriesPath
        == (level == 0 ? path.replacing("tile/0/", with: "tile/entries/") : nil))
  }

  @Test(
    "Any other path is refused",
    arguments: [
      "", "tile", "tile/", "tile/0", "tile/0/", "tile/0/0", "tile/0/00", "tile/0/0000",
      "tile/00/000", "tile/64/000", "tile/-1/000", "tile/0/x000/000", "tile/0/001/000",
      "tile/0/x001", "tile/0/X001/000", "tile/0/y001/000", "tile/0/x001/x000",
      "tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0", "tile/0/000.p/05", "tile/0/000.p/256",
      "tile/0/000.p/1/", "tile/0/000.p/1/2", "tile/0/000/p/1", "/tile/0/000", "tile/0/000/",
      "tile//000", "tiles/0/000", "tile/0/0a0", "tile/0/x001/x234/067.p/1.p/1",
      "tile/0/.p/1", "tile/entries/000", "tile/0/x018/x446/x744/x073/x709/x551/616",
      "tile/0/x999/x018/x446/x744/x073/x709/x551/615", "tile/0/００0",
      "tile/0/" + String(repeating: "x000/", count: 1000) + "000",
    ])
  func refusedPaths(path: String) {
    #expect(failureCode { _ = try Tile(parsing: path) } == .tilePath)
  }

  @Test(
    "A tile's hashes have places where the level reaches so far, and nowhere else",
    arguments: [
      (0, 1, 0, nil), (0, 1, 1, 0..<1), (0, 256, 255, nil), (0, 256, 256, 0..<256),
      (1, 4, 260, 256..<260), (1, 5, 260, nil), (1, 1, 256, nil),
      (1 << 56, 1, .max, nil), (1 << 56, 256, 0, nil), (.max, 1, .max, nil),
      (.max, 256, .max, nil), ((1 << 56) - 1, 255, .max, (UInt64.max - 255)..<(.max)),
      ((1 << 56) - 1, 256, .max, nil),
    ] as [(UInt64, Int, UInt64, Range<UInt64>?)])
  func places(index: UInt64, width: Int, count: UInt64, places: Range<UInt64>?) throws {
    let tile = try Tile(level: 0, index: index, width: width)
    #expect(tile.places(below: count) == places)
  }

  @Test(
    "The bytes of a tile that no tree has are not looked for",
    arguments: [UInt64(1) << 56, .max], [0, 7, 63])
  func endlessTile(index: UInt64, level: Int) throws {
    let source = TileSource(suite: .sha256Ed25519, size: .max) { _, _, _ in [] }
    let tile = try Tile(level: level, index: index)
    #expect(failureCode { _ = try tile.bytes(from: source) } == .tileRange)
  }

  @Test("A tile's level and width are bounded")
  func bounds() {
    for (level, width) in [(-1, 1), (64, 1), (0, 0), (0, 257), (0, -1)] {
      #expect(
        failureCode { _ = try Tile(level: level, index: 0, width: width) } == .tileRange)
    }
  }

  @Test("A tree of 70,000 leaves has the tiles that the specification counts")
  func specifiedTiles() throws {
    let tiles = Tile.written(growingFrom: 0, to: 70_000)
    #expect(tiles.filter { $0.level == 0 && $0.isFull }.count == 273)
    #expect(tiles.filter { $0.level == 1 && $0.isFull }.count == 1)
    #expect(
      tiles.filter { !$0.isFull }.map(\.path)
        == ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"])
    #expect(tiles.count == 277)
    #expect(
      Tile.written(growingFrom: 0, to: 256).map(\.path) == ["tile/0/000", "tile/1/000.p/1"])
  }

  @Test("A growing tree writes only the tiles that changed")
  func growth() {
    #expect(Tile.written(growingFrom: 0, to: 1).map(\.path) == ["tile/0/000.p/1"])
    #expect(Tile.written(growingFrom: 1, to: 3).map(\.path) == ["tile/0/000.p/3"])
    #expect(
      Tile.written(growingFrom: 255, to: 257).map(\.path)
        == ["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"])
    #expect(Tile.written(growingFrom: 256, to: 300).map(\.path) == ["tile/0/001.p/44"])
    for (old, new) in [(UInt64(0), UInt64(0)), (5, 5), (6, 5)] {
      #expect(Tile.written(growingFrom: old, to: new) == [])
    }
    let last = Tile.written(growingFrom: .max - 1, to: .max)
    #expect(last.map(\.width) == [255])
    #expect(last.map(\.index) == [UInt64.max / 256])
  }

  @Test(
    "A tile source gives what the memory source gives, partial tiles included",
    arguments: [1, 2, 70, 255, 256, 257, 511, 512, 700])
  func tileSource(size: Int) throws {
    let world = try TileWorld(size: size)
    let size = UInt64(size)
    let tiles = world.source(size: size)
    #expect(try Merkle.root(size: size, source: tiles) == naiveRoot(world.hashes[...]))
    for level in 0..<11 {
      for index in 0..<(size >> UInt64(level)) {
        #expect(
          try tiles.subtree(level: level, index: index)
            == world.memory.subtree(level: level, index: index))
      }
    }
    for index in stride(from: 0, to: size, by: 13) {
      #expect(
        try Merkle.inclusionProof(index: index, size: size, source: tiles)
          == Merkle.inclusionProof(index: index, size: size, source: world.memory))
      #expect(
        try Merkle.consistencyProof(oldSize: index + 1, newSize: size, source: tiles)
          == Merkle.consistencyProof(oldSize: index + 1, newSize: size, source: world.memory))
    }
  }

  @Test("Two tile levels up, 256 full tiles are one hash of a level 2 tile")
  func thirdLevel() throws {
    let world = try TileWorld(size: 65_536 + 300)
    let size = UInt64(world.hashes.count)
    let tiles = world.source(size: size)
    #expect(
      try tiles.subtree(level: 16, index: 0) == world.memory.subtree(level: 16, index: 0))
    #expect(
      try tiles.subtree(level: 15, index: 1) == world.memory.subtree(level: 15, index: 1))
    #expect(
      try Merkle.root(size: size, source: tiles)
        == Merkle.root(size: size, source: world.memory))
  }

  @Test("A source asks for each tile once and with the width of its own tree")
  func fetches() throws {
    let world = try TileWorld(size: 300)
    var asked: [Tile] = []
    let source = TileSource(suite: suite, size: 300) { level, index, width in
      let tile = try Tile(level: level, index: index, width: width)
      asked.append(tile)
      return try tile.bytes(from: world.memory)
    }
    _ = try Merkle.inclusionProof(index: 290, size: 300, source: source)
    #expect(Set(asked.map(\.path)) == ["tile/0/001.p/44", "tile/1/000.p/1"])
    #expect(asked.count == 2)
  }

  @Test("What the tree does not have, and tiles of a wrong length, are refused")
  func refusedSubtrees() throws {
    let world = try TileWorld(size: 300)
    let source = world.source(size: 300)
    for (level, index) in [(0, UInt64(300)), (8, 1), (2, 75), (9, 0), (-1, 0), (64, 0)] {
      #expect(
        failureCode { _ = try source.subtree(level: level, index: index) } == .subtreeRange)
    }
    for count in [0, 31, 44 * 32 - 1, 44 * 32 + 1, 256 * 32] {
      let wrong = TileSource(suite: suite, size: 300) { _, _, _ in
        [UInt8](repeating: 0, count: count)
      }
      #expect(failureCode { _ = try wrong.subtree(level: 0, index: 299) } == .tileLength)
    }
    let size = UInt64(300)
    #expect(Tile(holding: 300, level: 0, size: size) == nil)
    #expect(Tile(holding: 0, level: 64, size: size) == nil)
    #expect(Tile(holding: 299, level: 0, size: size)?.path == "tile/0/001.p/44")
  }
}

/// A log in memory and its tiles, written as a storage would: whenever it grows by some leaves.
private struct TileWorld {
  let hashes: [Digest]
  let memory: MemorySource
  let files: [String: [UInt8]]

  init(size: Int) throws {
    hashes = leaves(size)
    memory = MemorySource(suite: suite, leaves: hashes)
    var files: [String: [UInt8]] = [:]
    var old = UInt64(0)
    while old < UInt64(size) {
      let new = min(UInt64(size), old + max(97, UInt64(size) / 9))
      for tile in Tile.written(growingFrom: old, to: new) {
        files[tile.path] = try tile.bytes(from: memory)
      }
      old = new
    }
    self.files = files
  }

  func source(size: UInt64) -> TileSource {
    TileSource(suite: suite, size: size) { level, index, width in
      let path = try Tile(level: level, index: index, width: width).path
      return try #require(files[path], "\(path) was never written")
    }
  }
}
