import Cryptography
import Foundation
import Testing
import TransparencyLog

/// The published proofs of transparency-dev/merkle, read from `../shared/vectors/merkle` beside
/// the package. Where that folder is absent the tests are skipped and say so.
@Suite("Published Merkle proofs", .enabled(if: Vectors.folder != nil, Vectors.absent))
struct VectorTests {
  @Test("Inclusion proofs verify or fail as published")
  func inclusion() throws {
    let cases = try Vectors.read("inclusion.json", as: [InclusionCase].self)
    #expect(cases.count >= 70)
    #expect(cases.contains { $0.wantErr } && cases.contains { !$0.wantErr })
    for one in cases {
      let failure = failureCode {
        try Merkle.verifyInclusion(
          leaf: try Vectors.digest(one.leafHash), index: one.leafIdx, size: one.treeSize,
          proof: try Vectors.digests(one.proof), root: try Vectors.digest(one.root),
          suite: suite)
      }
      #expect((failure != nil) == one.wantErr, "\(one.name): \(failure?.rawValue ?? "verified")")
    }
  }

  @Test("Consistency proofs verify or fail as published")
  func consistency() throws {
    let cases = try Vectors.read("consistency.json", as: [ConsistencyCase].self)
    #expect(cases.count >= 60)
    #expect(cases.contains { $0.wantErr } && cases.contains { !$0.wantErr })
    for one in cases {
      let failure = failureCode {
        try Merkle.verifyConsistency(
          oldSize: one.size1, oldRoot: try Vectors.digest(one.root1), newSize: one.size2,
          newRoot: try Vectors.digest(one.root2), proof: try Vectors.digests(one.proof),
          suite: suite)
      }
      #expect((failure != nil) == one.wantErr, "\(one.name): \(failure?.rawValue ?? "verified")")
    }
  }
}

private struct InclusionCase: Decodable {
  var leafIdx: UInt64
  var treeSize: UInt64
  var root: String
  var leafHash: String
  var proof: [String]?
  var wantErr: Bool
  var name: String
}

private struct ConsistencyCase: Decodable {
  var size1: UInt64
  var size2: UInt64
  var root1: String
  var root2: String
  var proof: [String]?
  var wantErr: Bool
  var name: String
}

private enum Vectors {
  static let absent: Comment = "skipped: ../shared/vectors/merkle is absent"

  /// The folder beside the package that these tests' source files really lie in.
  static let folder: URL? = {
    let package = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let folder = package.deletingLastPathComponent().appending(path: "shared/vectors/merkle")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  static func read<T: Decodable>(_ name: String, as type: T.Type) throws -> T {
    let folder = try #require(folder)
    return try JSONDecoder().decode(type, from: Data(contentsOf: folder.appending(path: name)))
  }

  /// A hash of a vector. An empty one can't even be said in this API and counts as refused. For
  /// other lengths than 32 bytes ("don't care 1") its own digest stands in: equal ones stay
  /// equal, and none becomes right.
  static func digest(_ base64: String) throws -> Digest {
    let bytes = try #require(CanonicalBase64.decode(base64))
    guard !bytes.isEmpty else {
      throw TransparencyLogError(code: .proofMalformed, message: "an empty hash")
    }
    return Digest(bytes) ?? suite.digest(bytes)
  }

  static func digests(_ base64: [String]?) throws -> [Digest] { try (base64 ?? []).map(digest) }
}
