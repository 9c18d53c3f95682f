import Exchange
import NodeClient
import RecordModel
import RecordSchema
import Synchronization
import Testing

@testable import NodeService

@Suite("The API's leads")
struct LeadRouteTests {
  private let payload = Array(#"{ "title" : "示例" ,"b":1}"#.utf8)

  @Test("A submission reaches the node byte for byte and is answered with 202 and its place")
  func submits() async throws {
    try await APIWorld.run { world in
      let answer = try await world.client.call(
        APICall(
          .post, "/v1/leads", query: [("to", FakeNode.peer), ("urgency", "critical")],
          headers: [("idempotency-key", "k-1")], body: payload))
      #expect(answer.status == 202)
      #expect(answer.header("location") == "/v1/leads/\(FakeNode.id(1))")
      let request = try #require(world.node.state.withLock { $0.submitted.first })
      #expect(request.payload == payload)
      #expect(request.kind == "lead.transfer")
      #expect(request.urgency == .critical)
      #expect(request.idempotencyKey == "k-1")
      #expect(request.to.rawValue == FakeNode.peer)
    }
  }

  @Test("Lists pass their cursor, limit and filters on and give the next cursor back")
  func lists() async throws {
    try await APIWorld.run { world in
      let page = try await world.client.leads(
        cursor: 12, limit: 5, to: FakeNode.peer, states: ["signed", "accepted"])
      #expect(page.value.next == 9)
      #expect(page.value.items.first?.title == "示例线索")
      #expect(page.value.items.first?.receiptedAt != nil)
      #expect(world.node.calls == ["leads 12 5 \(FakeNode.peer) 2"])
    }
  }

  @Test("Tracking, cancelling and waiting ask for the id of the path")
  func tracks() async throws {
    try await APIWorld.run { world in
      let id = FakeNode.id(7)
      let thread = try await world.client.thread("\(id)").value
      #expect(thread.allowedNext == ["lead.sign"])
      try await world.client.cancel("\(id)")
      let waited = try await world.client.wait("\(id)", seconds: 5).value
      #expect(waited.delivery == "receipted")
      #expect(world.node.calls == ["thread \(id)", "cancel \(id)", "wait \(id)"])
    }
  }

  @Test("A receipt comes as JSON, or as the proof file alone when plain text is asked for")
  func receipts() async throws {
    try await APIWorld.run { world in
      let id = "\(FakeNode.id(7))"
      let receipt = try await world.client.receipt(id).value
      #expect(receipt.proof == "c2sp.org/tlog-proof@v1\n")
      #expect(receipt.origin == "t/sanxiang/\(FakeNode.peer)/\(FakeNode.own)/1")
      #expect(try await world.client.receiptProof(id) == Array(receipt.proof.utf8))
    }
  }

  @Test("A record's payload and header are given verbatim, an erased payload as gone")
  func parts() async throws {
    try await APIWorld.run { world in
      let id = "\(FakeNode.id(7))"
      #expect(try await world.client.part("payload", of: id) == Array(#"{"title":"示例"}"#.utf8))
      #expect(try await world.client.part("header", of: id) == Array(#"{"v":1}"#.utf8))
      world.node.state.withLock { $0.payload = nil }
      #expect(try await world.client.record(id).value.payload == nil)
      let gone = try await world.refusal(
        APICall(.get, "/v1/records/\(id)", query: [("part", "payload")]))
      #expect(gone?.status == 410)
    }
  }

  @Test("A payload of exactly 1 MiB is taken, one byte more is refused")
  func limits() async throws {
    try await APIWorld.run { world in
      let exact = [UInt8](repeating: 0x20, count: 1 << 20)
      _ = try await world.client.submit(exact, to: FakeNode.peer)
      #expect(world.node.state.withLock { $0.submitted.first?.payload.count } == 1 << 20)
      let refused = try await world.refusal(
        APICall(.post, "/v1/leads", query: [("to", FakeNode.peer)], body: exact + [0x20]))
      #expect(refused?.status == 413)
      #expect(refused?.code == "request.tooLarge")
    }
  }

  @Test(
    "The version that is asked for reaches the node, and decides the kind where none is named",
    arguments: [
      (nil, nil, "lead.transfer", nil), ("lead.none", nil, "lead.none", nil),
      (nil, "consult.open/1", "consult.open", "consult.open/1"),
      ("lead.transfer", "lead.sign/1", "lead.transfer", "lead.sign/1"),
      (nil, "no schema", "lead.transfer", "no schema"),
    ] as [(String?, String?, String, String?)])
  func version(_ kind: String?, _ schema: String?, _ wanted: String, _ asked: String?) async throws
  {
    try await APIWorld.run { world in
      _ = try await world.client.submit(payload, to: FakeNode.peer, kind: kind, schema: schema)
      let request = try #require(world.node.state.withLock { $0.submitted.first })
      #expect(request.kind == wanted)
      #expect(request.schema == asked)
    }
  }

  @Test("Every violation is told by pointer and rule in both languages")
  func violations() async throws {
    try await APIWorld.run { world in
      world.node.fail(
        ExchangeError(
          .invalidRecord, "The payload breaks a rule.",
          violations: [
            Violation(
              pointer: "/docNo", rule: "format:docno", message: "not a document number",
              messageZH: "不是发文字号", schemaPointer: "urn:x#/format"),
            Violation(
              pointer: "", rule: "thread:successor", message: "not now", messageZH: "次序不对"),
          ]))
      let problem = try await world.refusal(
        APICall(.post, "/v1/leads", query: [("to", FakeNode.peer)], body: payload))
      #expect(problem?.status == 422)
      #expect(problem?.type == "urn:sanxiang:problem:record.invalid")
      let violation = try #require(problem?.violations?.first)
      #expect(violation.pointer == "/docNo")
      #expect(violation.rule == "format:docno")
      #expect(violation.messageZh == "不是发文字号")
      #expect(violation.schemaPointer == "urn:x#/format")
      // A rule of no schema has no place in one.
      #expect(problem?.violations?.last?.schemaPointer == nil)
    }
  }
}
