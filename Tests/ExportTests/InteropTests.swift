import Auditor
import Cryptography
import Foundation
import RecordModel
import Testing
import TransparencyLog

@testable import sanxiang

/// Our half of `make interop`, which names the folder where both halves leave what the other reads. Run
/// alone, it only looks at what it has written.
@Suite("Between this code and verifiers that are not ours")
struct InteropTests {
  private static let place = ProcessInfo.processInfo.environment["SANXIANG_INTEROP"]
  private static var published: String { "\(place ?? "")/published.json" }
  private static let suite = LogModel.suite

  @Test("exports and proofs are written, for programs that know the formats alone")
  func written() throws {
    let folder = try TemporaryFolder()
    let place = Self.place ?? folder.path
    let history = try SampleHistory.usual(isLong: true)
    for number in 0...2 { try history.export(number, to: "\(place)/\(number)") }
    let model = try ExportModel(path: "\(place)/0").longest()
    try proofs(of: model).write(to: URL(filePath: "\(place)/proofs.json"))
    #expect(model.entries.count > 256)
    #expect(try auditExport("\(place)/0").all == [])
  }

  /// An inclusion proof of every entry and a consistency proof from every size, as JSON.
  private func proofs(of log: LogModel) throws -> Data {
    let source = MemorySource(
      suite: Self.suite, leaves: log.entries.map { Merkle.leaf($0, suite: Self.suite) })
    func text(_ digest: Digest) -> String { CanonicalBase64.encode(digest) }
    let root = try Merkle.root(size: source.size, source: source)
    let inclusion = try (0..<source.size).map { index -> [String: Any] in
      let proof = try Merkle.inclusionProof(index: index, size: source.size, source: source)
      return [
        "Index": index, "Leaf": text(try source.subtree(level: 0, index: index)),
        "Proof": proof.map(text),
      ]
    }
    let consistency = try (1...source.size).map { old -> [String: Any] in
      let proof = try Merkle.consistencyProof(
        oldSize: old, newSize: source.size, source: source)
      return [
        "Old": old, "Root": text(try Merkle.root(size: old, source: source)),
        "Proof": proof.map(text),
      ]
    }
    return try JSONSerialization.data(
      withJSONObject: [
        "Size": source.size, "Root": text(root), "Inclusion": inclusion,
        "Consistency": consistency,
      ], options: [.withoutEscapingSlashes])
  }

  private struct Published: Decodable {
    struct Record: Decodable {
      var Index: UInt64
      var Proof: [String]?
    }
    struct Tree: Decodable {
      var Old: UInt64
      var Proof: [String]?
    }
    struct TileData: Decodable {
      var Path: String
      var Data: String
    }
    var VKey: String
    var Size: UInt64
    var Roots: [String]
    var Inclusion: [Record]
    var Consistency: [Tree]
    var Tiles: [TileData]
    var Notes: [String]
  }

  @Test(
    "notes, trees, proofs and tiles that x/mod makes are accepted, and changed ones are not",
    .enabled(
      if: FileManager.default.fileExists(atPath: published),
      "x/mod has published nothing: make interop does so"))
  func accepted() throws {
    let made = try JSONDecoder().decode(
      Published.self, from: Data(contentsOf: URL(filePath: Self.published)))
    let roots = try made.Roots.map(digest)
    let leaves = (0..<made.Size).map { Merkle.leaf(Array("leaf \($0)".utf8), suite: Self.suite) }
    var edge = TileEdge(suite: Self.suite)
    var tiles: [String: [UInt8]] = [:]
    for (place, leaf) in leaves.enumerated() {
      for (tile, bytes) in edge.append(leaf: leaf) { tiles[tile.path] = bytes }
      #expect(edge.root == roots[place])
    }
    for (tile, bytes) in edge.partials { tiles[tile.path] = bytes }
    #expect(made.Tiles.count == tiles.count)
    for tile in made.Tiles {
      let path = tile.Path.replacing("tile/8/", with: "tile/")
      #expect(try Tile(parsing: path).path == path)
      let isSame = tiles[path] == CanonicalBase64.decode(tile.Data)
      #expect(isSame, "\(path)")
    }
    try acceptProofs(made, roots, leaves)
    let key = try VerifierKey(parsing: made.VKey, suite: Self.suite)
    #expect(made.Notes.count == 12)
    for text in made.Notes {
      let (note, head) = try Checkpoint.signed(parsing: Array(text.utf8))
      #expect(try note.verified(by: [key]) == [key])
      #expect(head.root == roots[Int(head.size) - 1])
      #expect(note.encoded == Array(text.utf8))
      let other = try SignedNote(parsing: Array(text.replacing("example", with: "sample").utf8))
      #expect(throws: TransparencyLogError.self) { try other.verified(by: [key]) }
    }
  }

  private func acceptProofs(_ made: Published, _ roots: [Digest], _ leaves: [Digest]) throws {
    let root = roots[roots.count - 1]
    for record in made.Inclusion {
      var proof = try (record.Proof ?? []).map(digest)
      func verify() throws {
        try Merkle.verifyInclusion(
          leaf: leaves[Int(record.Index)], index: record.Index, size: made.Size, proof: proof,
          root: root, suite: Self.suite)
      }
      try verify()
      proof[0] = .zero
      #expect(throws: TransparencyLogError.self) { try verify() }
    }
    for tree in made.Consistency {
      var proof = try (tree.Proof ?? []).map(digest)
      func verify() throws {
        try Merkle.verifyConsistency(
          oldSize: tree.Old, oldRoot: roots[Int(tree.Old) - 1], newSize: made.Size, newRoot: root,
          proof: proof, suite: Self.suite)
      }
      try verify()
      proof = [.zero] + proof
      #expect(throws: TransparencyLogError.self) { try verify() }
    }
  }

  private func digest(_ text: String) throws -> Digest {
    try #require(CanonicalBase64.decode(text).flatMap { Digest($0) })
  }
}
