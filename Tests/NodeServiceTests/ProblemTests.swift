import HTTPTypes
import HummingbirdCore
import NodeClient
import Synchronization
import Testing

@testable import Exchange
@testable import NodeService

@Suite("The API's refusals")
struct ProblemTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var call: APICall
    var status: Int
    var code: String
    var testDescription: String { "\(call.method.rawValue) \(call.path) → \(status) \(code)" }

    init(_ status: Int, _ code: String, _ call: APICall) {
      self.call = call
      self.status = status
      self.code = code
    }
  }

  private static let id = "\(FakeNode.id(7))"

  static let cases: [Case] = [
    Case(404, "request.path", APICall(.get, "/v1/nothing")),
    Case(404, "request.path", APICall(.get, "/")),
    Case(405, "request.method", APICall(.delete, "/v1/queues")),
    Case(405, "request.method", APICall(.post, "/v1/leads/\(id)")),
    Case(400, "request.parameter", APICall(.get, "/v1/leads", query: [("limt", "5")])),
    Case(400, "request.parameter", APICall(.get, "/v1/leads", query: [("limit", "0")])),
    Case(400, "request.parameter", APICall(.get, "/v1/leads", query: [("limit", "1001")])),
    Case(400, "request.parameter", APICall(.get, "/v1/leads", query: [("cursor", "-1")])),
    Case(
      400, "request.parameter",
      APICall(.get, "/v1/leads", query: [("limit", "1"), ("limit", "2")])),
    Case(400, "request.parameter", APICall(.get, "/v1/leads", query: [("state", "lost")])),
    Case(400, "request.parameter", APICall(.get, "/v1/leads", query: [("to", "1234")])),
    Case(400, "request.parameter", APICall(.post, "/v1/leads", body: [])),
    Case(
      400, "request.parameter",
      APICall(.post, "/v1/leads", query: [("to", FakeNode.peer), ("urgency", "now")], body: [])),
    Case(
      400, "request.header",
      APICall(
        .post, "/v1/leads", query: [("to", FakeNode.peer)],
        headers: [("Idempotency-Key", String(repeating: "k", count: 129))], body: [])),
    Case(404, "record.notFound", APICall(.get, "/v1/leads/no-id")),
    Case(404, "agency.unknown", APICall(.get, "/v1/queues/123")),
    Case(404, "agency.unknown", APICall(.get, "/v1/queues/\(FakeNode.own)")),
    Case(400, "request.parameter", APICall(.get, "/v1/records/\(id)", query: [("part", "salt")])),
    Case(400, "request.body", APICall(.post, "/v1/inbox/take", body: Array("[]".utf8))),
    Case(400, "request.body", APICall(.post, "/v1/inbox/take", body: Array("{".utf8))),
    Case(
      400, "request.body",
      APICall(.post, "/v1/inbox/take", body: Array(#"{"seconds":5,"holder":"a","x":1}"#.utf8))),
    Case(
      400, "request.body",
      APICall(
        .post, "/v1/inbox/take", body: Array(#"{"seconds":5,"seconds":6,"holder":"a"}"#.utf8))),
    Case(
      400, "request.body",
      APICall(.post, "/v1/inbox/take", body: Array(#"{"seconds":0,"holder":"a"}"#.utf8))),
    Case(400, "request.body", APICall(.post, "/v1/inbox/\(id)/acts", body: Array("{}".utf8))),
    Case(
      400, "request.body",
      APICall(
        .post, "/v1/inbox/\(id)/acts",
        body: Array(#"{"kind":"lead.sign","payload":{},"schema":1}"#.utf8))),
    Case(422, "record.schemaUnknown", APICall(.post, "/v1/schemas/check", query: [("kind", "x")])),
    Case(
      422, "record.schemaUnknown",
      APICall(.post, "/v1/schemas/check", query: [("schema", "lead.none/1")], body: [])),
    Case(
      400, "request.parameter",
      APICall(
        .post, "/v1/schemas/check", query: [("kind", "lead.sign"), ("schema", "lead.accept/1")])),
    Case(
      413, "request.tooLarge",
      APICall(
        .post, "/v1/schemas/check", body: [UInt8](repeating: 0x20, count: (1 << 20) + 1))),
    Case(
      400, "request.body",
      APICall(
        .post, "/v1/queues/\(FakeNode.peer)/intake", body: Array(#"{"paused":"yes"}"#.utf8))),
    Case(
      400, "request.header",
      APICall(.get, "/v1/arrivals", headers: [("Last-Event-ID", "x")])),
  ]

  @Test("A request that the API does not understand is refused by name", arguments: cases)
  func refuses(_ example: Case) async throws {
    try await APIWorld.run { world in
      let problem = try await world.refusal(example.call)
      #expect(problem?.status == example.status)
      #expect(problem?.code == example.code)
      #expect(world.node.calls.isEmpty)
    }
  }

  @Test(
    "Each of the node's codes has its status",
    arguments: [
      (ExchangeError.Code.invalidRecord, 422), (.unknownSchema, 422), (.unknownAgency, 422),
      (.policy, 403), (.directoryExpired, 503), (.directoryOlder, 409), (.notFound, 404),
      (.alreadySealed, 409), (.idempotencyMismatch, 409), (.outboxFull, 429),
      (.storageFull, 507), (.storage, 503), (.storageCorrupt, 500), (.stopping, 503),
      (.keyLocked, 503), (.leased, 409), (.channelHalted, 409), (.channelState, 409),
      (.approvals, 403), (.notReceipted, 409), (ExchangeError.Code("new.code"), 500),
    ])
  func statuses(_ code: ExchangeError.Code, _ status: Int) {
    #expect(APIProblem.describing(ExchangeError(code, "m")).status.code == status)
  }

  @Test("Overload says when to come back")
  func retryAfter() async throws {
    for code in [ExchangeError.Code.outboxFull, .storageFull] {
      let headers = APIProblem.describing(ExchangeError(code, "m")).response().headers
      #expect(headers[.retryAfter].flatMap { Int($0) } ?? 0 > 0)
    }
  }

  @Test("An error that nobody expected says nothing of itself")
  func unexpected() {
    struct Odd: Error, CustomStringConvertible { var description = "secret" }
    let problem = APIProblem.describing(Odd())
    #expect(problem.status.code == 500)
    #expect(!problem.detail.contains("secret"))
  }

  @Test("A node that is not ready says why, one that is says so")
  func readiness() async throws {
    try await APIWorld.run { world in
      #expect(try await world.client.live().value.status == "live")
      #expect(try await world.client.ready().value.code == FakeNode.own)
      world.node.state.withLock {
        $0.problems = [ReadinessProblem(code: "key.locked", detail: "d")]
      }
      let problem = try await world.refusal(APICall(.get, "/health/ready"))
      #expect(problem?.status == 503)
      #expect(problem?.problems?.map(\.code) == ["key.locked"])
      #expect(try await world.client.live().value.status == "live")
    }
  }
}
