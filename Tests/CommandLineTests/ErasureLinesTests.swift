import FoundationEssentials
import RecordModel
import Testing

@testable import NodeClient
@testable import sanxiang

@Suite("Erasures as people read them")
struct ErasureLinesTests {
  static func erasure(_ state: String) -> APIErasure {
    let record = APIErasure.Record(
      id: "019b8a5c-0000-7000-8000-000000000002", from: "11000000MB0000019X", seq: 7,
      time: "2026-11-23T09:15:00.123+08:00", law: "示例法", article: "第一条")
    return APIErasure(
      channel: "f/sanxiang/11000000MB0000019X/11000000MB0000027Q/1", seq: 3,
      id: "019b8a5c-0000-7000-8000-000000000001", state: state,
      own: state == "own" || state == "both" ? record : nil,
      peer: state == "peer" || state == "both" || state == "lost" ? record : nil)
  }

  @Test(
    "Every state has words of its own", arguments: ["both", "own", "peer", "lost", "uncovered"])
  func states(state: String) {
    #expect(ErasureLines.state(state) != state)
    let others = ["both", "own", "peer", "lost", "uncovered"].filter { $0 != state }
    #expect(!others.map(ErasureLines.state).contains(ErasureLines.state(state)))
    let lines = ErasureLines.facts(Self.erasure(state), AgencyNames(), width: 100)
    let text = lines.joined(separator: "\n")
    #expect(text.contains(ErasureLines.state(state)))
    #expect(text.contains("示例法") == (state != "uncovered"))
  }

  @Test("The list fits its terminal and names each record")
  func list() {
    for width in [60, 80, 120] {
      let lines = ErasureLines.list(
        ["both", "peer"].map(Self.erasure), width: width)
      #expect(lines.allSatisfy { DisplayWidth.of($0) <= width })
      #expect(lines.count { $0.contains("019b8a5c-0000-7000-8000-000000000001") } == 2)
    }
  }

  @Test("Where else the content lies is said with what to do about it")
  func carriers() {
    #expect(ErasureLines.carriers([], AgencyNames()).isEmpty)
    let places = ["log", "outbox", "elsewhere"]
    let lines = ErasureLines.carriers(
      places.map {
        APIErasureCarrier(
          id: "019b8a5c-0000-7000-8000-000000000003", kind: "lead.forward",
          from: "11000000MB0000019X", to: "11000000MB0000027Q", place: $0)
      }, AgencyNames())
    #expect(lines.count == 4)
    #expect(Set(lines).count == 4)
  }
}
