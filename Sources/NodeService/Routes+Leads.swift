import Exchange
import HTTPTypes
import Hummingbird
import NIOCore
import RecordModel
import RecordSchema
import ServiceLifecycle

/// Outgoing: submit, list, track, cancel, receipt.
struct LeadRoutes: Sendable {
  let node: any NodeOperations

  var routes: [Route] {
    [
      Route(.post, "/v1/leads", query: ["to", "kind", "schema", "urgency"], handler: submit),
      Route(.get, "/v1/leads", query: ["cursor", "limit", "to", "state"]) { request in
        JSONAnswer.make(
          ListBody(
            try await node.leads(
              cursor: request.cursor(), limit: request.limit(), to: request.agency("to"),
              states: request.states())))
      },
      Route(.get, "/v1/leads/{id}") { request in
        JSONAnswer.make(ThreadBody(try await node.thread(request.recordID())))
      },
      Route(.delete, "/v1/leads/{id}") { request in
        try await node.cancel(request.recordID())
        return Response(status: .noContent)
      },
      Route(.get, "/v1/leads/{id}/receipt") { request in
        let view = try await node.receipt(request.recordID())
        if request.prefers("text/plain") {
          return JSONAnswer.raw(ByteBuffer(bytes: view.proof), type: "text/plain; charset=utf-8")
        }
        return JSONAnswer.make(ReceiptBody(view))
      },
      Route(.get, "/v1/leads/{id}/wait", query: ["seconds"], handler: wait),
    ]
  }

  @Sendable private func submit(_ request: APIRequest) async throws -> Response {
    guard let to = try request.agency("to") else {
      throw APIProblem.request("parameter", "The query must name the receiving agency as to=CODE.")
    }
    let urgency = try request.urgency()
    let key = try request.idempotencyKey()
    let schema = request.query["schema"]
    let kind = request.query["kind"] ?? schema.flatMap { SchemaName($0)?.kind }
    let receipt = try await node.submit(
      SubmissionRequest(
        to: to, kind: kind ?? KindName.leadTransfer,
        payload: request.body(limit: APILimits.payloadBytes), schema: schema, urgency: urgency,
        idempotencyKey: key))
    return accepted(receipt)
  }

  @Sendable private func wait(_ request: APIRequest) async throws -> Response {
    let id = try request.recordID()
    let seconds = try request.number("seconds", in: APILimits.waitSeconds) ?? 30
    let end = ContinuousClock.now + .seconds(seconds)
    // In short turns, so that a stopping node need not wait for its callers' patience.
    while true {
      let left = ContinuousClock.now.duration(to: end)
      let summary = try await node.waitForReceipt(
        id, timeout: min(max(left, .milliseconds(1)), .seconds(1)))
      let settled = [.receipted, .refused, .dead, .received].contains(summary.delivery)
      if settled || left <= .seconds(1) || Task.isShuttingDownGracefully || Task.isCancelled {
        return JSONAnswer.make(RecordSummaryBody(summary))
      }
    }
  }
}

/// 202: durable here, on its way there.
func accepted(_ receipt: SubmissionReceipt) -> Response {
  JSONAnswer.make(
    SubmissionBody(receipt), status: .accepted, location: "/v1/leads/\(receipt.id)")
}

/// One record, whole or in parts.
struct RecordRoutes: Sendable {
  let node: any NodeOperations

  var routes: [Route] {
    [
      Route(.get, "/v1/records/{id}", query: ["part"]) { request in
        let part = request.query["part"]
        guard part == nil || part == "payload" || part == "header" else {
          throw APIProblem.request("parameter", "part must be payload or header.")
        }
        let view = try await node.record(request.recordID())
        switch part {
        case "header":
          return JSONAnswer.raw(ByteBuffer(bytes: view.header), type: "application/json")
        case "payload":
          guard let payload = view.payload else {
            throw APIProblem(
              status: .gone, code: "record.erased",
              detail: "The payload was erased by law; the record stands in the log.")
          }
          return JSONAnswer.raw(ByteBuffer(bytes: payload), type: "application/json")
        default: return JSONAnswer.make(RecordBody(view))
        }
      }
    ]
  }
}
