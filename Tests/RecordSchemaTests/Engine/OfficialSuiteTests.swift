import Foundation
import Testing

@testable import RecordSchema

/// The published part of the JSON Schema test suite, read from `../shared/vectors/json-schema`
/// beside the package where it is there.
@Suite("The official test suite of JSON Schema 2020-12")
struct OfficialSuiteTests {
  @Test(
    "is passed in both modes", .enabled(if: Suite.folder != nil, Suite.absent),
    arguments: Suite.files("draft2020-12"))
  func file(name: String) throws {
    let file = try parsed(try Suite.bytes("draft2020-12/" + name))
    var count = 0
    for group in file.root.elements {
      let title = group["description"]?.string ?? ""
      let schema = try compiled(try #require(group["schema"]))
      for test in try #require(group["tests"]).elements {
        let isValid = test["valid"]?.bool == true
        let document = try parsed(try #require(test["data"]).rawBytes)
        let comment: Comment = "\(title): \(test["description"]?.string ?? "")"
        #expect(schema.isValid(document) == isValid, comment)
        #expect(schema.violations(in: document).isEmpty == isValid, comment)
        count += 1
      }
    }
    #expect(count > 0)
  }

  @Test(
    "keeps to its schemas' own meta-schema", .enabled(if: Suite.folder != nil, Suite.absent),
    arguments: Suite.files("draft2020-12"))
  func metaSchema(name: String) throws {
    let standard = "https://json-schema.org/draft/2020-12/schema"
    let meta = try CompiledSchema(standard, in: SchemaLibrary())
    for group in try parsed(try Suite.bytes("draft2020-12/" + name)).root.elements {
      let schema = try #require(group["schema"])
      #expect(meta.violations(in: try parsed(schema.rawBytes)) == [])
    }
  }

  private func compiled(_ schema: JSONNode) throws -> CompiledSchema {
    var library = try Suite.library.get()
    try library.add(schema.rawBytes, at: caseURI)
    return try CompiledSchema(caseURI, in: library)
  }

  private func parsed(_ bytes: [UInt8]) throws(JSONError) -> JSONDocument {
    try JSONDocument(
      parsing: bytes, profile: .general, limits: .init(depth: 128, size: 16 << 20))
  }
}

private enum Suite {
  static let absent: Comment = "skipped: ../shared/vectors/json-schema is absent"

  static let folder: URL? = {
    let folder = repository.deletingLastPathComponent().appending(
      path: "shared/vectors/json-schema")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  /// The documents that the suite's schemas refer to, under the address that it gives them.
  static let library = Result {
    var library = SchemaLibrary()
    for name in files("remotes") {
      try library.add(bytes("remotes/" + name), at: "http://localhost:1234/" + name)
    }
    return library
  }

  static func files(_ part: String) -> [String] {
    guard let folder else { return [] }
    let names = FileManager.default.enumerator(atPath: folder.appending(path: part).path)
    return (names?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".json") }.sorted()
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: try #require(folder).appending(path: path)))
  }
}
