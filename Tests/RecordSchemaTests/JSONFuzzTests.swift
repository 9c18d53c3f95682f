import Foundation
import RecordSchema
import Testing

@Suite("The parser against damaged documents")
struct JSONFuzzTests {
  private static func examples() throws -> [[UInt8]] {
    try exampleFiles("leads").prefix(4).map { Array(try Data(contentsOf: $0)) }
  }

  @Test("survives random damage, with errors inside the document", arguments: 1...8)
  func mutations(seed: UInt64) throws {
    let examples = try Self.examples()
    var mutator = Mutator(seed: seed)
    var refused = 0
    for round in 0..<400 {
      let bytes = mutator.mutate(examples[round % examples.count], times: 1...6)
      for profile in [JSONDocument.Profile.general, .record] {
        guard let error = parseError(bytes, profile) else { continue }
        refused += 1
        #expect((0...bytes.count).contains(error.offset))
        #expect(error.pointer.utf8.count <= JSONPointer.byteLimit)
      }
    }
    #expect(refused > 200)
  }

  @Test("whatever is cut short is refused, at every length")
  func truncation() throws {
    let bytes = try #require(try Self.examples().first)
    let end = bytes.lastIndex(of: UInt8(ascii: "}")) ?? 0
    #expect(parseError(Array(bytes[...end])) == nil)
    for length in 0..<end {
      let error = parseError(Array(bytes[..<length]))
      #expect(error != nil)
      #expect(error.map { $0.offset <= length } == true)
    }
  }
}
