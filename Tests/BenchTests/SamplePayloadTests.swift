import RecordSchema
import Testing

@testable import sanxiang_bench

@Suite("The benchmark's payloads")
struct SamplePayloadTests {
  @Test(
    "A payload is a valid lead of exactly the length that was asked for",
    arguments: [1024, 2048, 2049, 2050, 4096, 11_000])
  func exactAndValid(bytes: Int) {
    let payload = SamplePayload(bytes: bytes).make(7)
    #expect(payload.count == bytes)
    let verdict = SchemaRegistry.builtIn.check(
      schema: "lead.transfer/1", payload: payload, asOf: nil)
    #expect(verdict == .valid)
  }

  @Test("No two payloads are the same, and all are equally long")
  func distinct() {
    let maker = SamplePayload(bytes: 2048)
    let made = (0..<1000).map { maker.make($0) }
    #expect(Set(made).count == 1000)
    #expect(Set(made.map(\.count)) == [2048])
  }
}

@Suite("The benchmark's results")
struct BenchResultTests {
  @Test(
    "A percentile is a value of the sorted list",
    arguments: [(0.5, 51.0), (0.99, 100.0), (0.0, 1.0), (1.0, 100.0)])
  func percentiles(share: Double, expected: Double) {
    #expect(BenchResult.percentile((1...100).map(Double.init), share) == expected)
  }

  @Test("Nothing measured has a percentile of zero")
  func empty() { #expect(BenchResult.percentile([], 0.5) == 0) }
}
