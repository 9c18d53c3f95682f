import Foundation
import Testing

/// Replays what the fuzzer starts from, and what it has ever found, through the same properties.
@Suite("The fuzzer's corpus")
struct FuzzCorpusTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fuzz/corpus")

  private static func files(_ target: String) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(
      at: folder.appending(path: target), includingPropertiesForKeys: nil
    ).sorted { $0.lastPathComponent < $1.lastPathComponent }
  }

  private static func replay(_ target: String, _ breach: ([UInt8]) -> String?) throws {
    let files = try files(target)
    #expect(files.count >= 40)
    for file in files {
      let bytes = Array(try Data(contentsOf: file))
      #expect(breach(bytes) == nil, "\(target)/\(file.lastPathComponent)")
      // Whatever is cut short must not trap either.
      #expect(breach(Array(bytes.dropLast(bytes.count / 3))) == nil)
    }
  }

  @Test("breaks nothing in the parser")
  func parser() throws { try Self.replay("json", ParserProperties.breach) }

  @Test("breaks nothing in the schema engine")
  func engine() throws { try Self.replay("engine", EngineProperties.breach) }
}
