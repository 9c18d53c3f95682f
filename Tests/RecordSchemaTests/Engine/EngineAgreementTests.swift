import Testing

@testable import RecordSchema

@Suite("The engine and the specification")
struct EngineAgreementTests {
  struct Run: CustomStringConvertible, Sendable {
    let seed: UInt64
    /// Whether the schema is closed on all sides, so that most depends on what was evaluated.
    let isClosed: Bool

    var description: String { "seed \(seed)\(isClosed ? ", closed" : "")" }
  }

  private static let runs = (0..<4).flatMap { seed in
    [false, true].map { Run(seed: UInt64(seed), isClosed: $0) }
  }

  @Test("agree on thousands of random schemas and documents, in both modes", arguments: runs)
  func agreement(run: Run) throws {
    var generator = SchemaGenerator(seed: run.seed)
    var counts = (valid: 0, invalid: 0, skipped: 0)
    for _ in 0..<120 {
      let text = generator.document(isClosed: run.isClosed)
      let schema = try compile(text, assertsFormats: true)
      let plain = PlainValue(try document(text).root)
      for _ in 0..<10 {
        let instance = run.isClosed ? generator.container(2) : generator.value(3)
        let parsed = try document(instance)
        var evaluator = PlainEvaluator(plain)
        guard let expected = evaluator.isValid(PlainValue(parsed.root)) else {
          counts.skipped += 1
          continue
        }
        if expected { counts.valid += 1 } else { counts.invalid += 1 }
        #expect(schema.isValid(parsed) == expected, "\(text) with \(instance)")
        #expect(schema.violations(in: parsed).isEmpty == expected, "\(text) with \(instance)")
      }
    }
    #expect(counts.valid > 100 && counts.invalid > 100 && counts.skipped < 60, "\(counts)")
  }
}
