import Exchange
import HTTPTypes
import Hummingbird
import RecordModel
import RecordSchema

/// Incoming: list, take with a lease, act.
struct InboxRoutes: Sendable {
  let node: any NodeOperations

  var routes: [Route] {
    [
      Route(.get, "/v1/inbox", query: ["cursor", "limit", "from", "state"]) { request in
        JSONAnswer.make(
          ListBody(
            try await node.inbox(
              cursor: request.cursor(), limit: request.limit(), from: request.agency("from"),
              states: request.states())))
      },
      Route(.post, "/v1/inbox/take", handler: take),
      Route(.get, "/v1/inbox/{id}") { request in
        let id = try request.recordID()
        let record = try await node.record(id)
        let thread = try await node.thread(id)
        return JSONAnswer.make(
          InboxEntryBody(record: RecordBody(record), thread: ThreadBody(thread)))
      },
      Route(.post, "/v1/inbox/{id}/acts", query: ["kind", "schema", "urgency"], handler: act),
      Route(.post, "/v1/inbox/{id}/forward", handler: forward),
      Route(.post, "/v1/inbox/{id}/release") { request in
        let id = try request.recordID()
        let body = try await request.object(allowing: ["holder"])
        try await node.release(id, holder: holder(in: body))
        return Response(status: .noContent)
      },
    ]
  }

  @Sendable private func take(_ request: APIRequest) async throws -> Response {
    let body = try await request.object(allowing: ["seconds", "holder", "id"])
    var id: RecordID?
    if let node = body.root["id"] {
      guard let text = node.string, let parsed = try? RecordID(parsing: text) else {
        throw APIProblem.request("body", "/id must be a record id.")
      }
      id = parsed
    }
    guard let seconds = body.root["seconds"]?.integer, APILimits.leaseSeconds.contains(seconds)
    else {
      throw APIProblem.request("body", "/seconds must be a whole number from 1 to 86400.")
    }
    guard
      let (record, lease) = try await node.take(
        id, holder: holder(in: body), seconds: Int(seconds))
    else { return Response(status: .noContent) }
    return JSONAnswer.make(TakenBody(record: record, lease: lease))
  }

  /// Two forms: the payload verbatim with its kind in the query, or one object that holds both. The
  /// second takes the payload's bytes out of the object as they stand there.
  @Sendable private func act(_ request: APIRequest) async throws -> Response {
    let id = try request.recordID()
    let key = try request.idempotencyKey()
    let kind: String
    let payload: [UInt8]
    var schema = request.query["schema"]
    var urgency = try request.urgency()
    if let named = request.query["kind"] {
      kind = named
      payload = try await request.body(limit: APILimits.payloadBytes)
    } else {
      let body = try await request.object(
        allowing: ["kind", "payload", "schema", "urgency"],
        limit: APILimits.payloadBytes + APILimits.commandBytes)
      guard let named = body.root["kind"]?.string else {
        throw APIProblem.request("body", "/kind must name the act, or the query must.")
      }
      guard let node = body.root["payload"], node.kind == .object else {
        throw APIProblem.request("body", "/payload must be an object.")
      }
      kind = named
      payload = node.rawBytes
      guard payload.count <= APILimits.payloadBytes else {
        throw APIProblem(
          status: .contentTooLarge, code: "request.tooLarge",
          detail: "A payload has at most \(APILimits.payloadBytes) bytes.")
      }
      if let text = body.root["urgency"] {
        guard let name = text.string else {
          throw APIProblem.request("body", "/urgency must be normal, urgent or critical.")
        }
        urgency = try APIRequest.urgency(name)
      }
      if let node = body.root["schema"] {
        guard let name = node.string else {
          throw APIProblem.request("body", "/schema must name a version of the kind's schema.")
        }
        schema = name
      }
    }
    return accepted(
      try await node.act(
        kind: kind, on: id, payload: payload, schema: schema, urgency: urgency,
        idempotencyKey: key))
  }

  /// Two records or none: the node makes both.
  @Sendable private func forward(_ request: APIRequest) async throws -> Response {
    let id = try request.recordID()
    let key = try request.idempotencyKey()
    let body = try await request.object(allowing: ["to", "reason", "text", "urgency"])
    func member(_ name: String) throws -> String {
      guard let text = body.root[name]?.string else {
        throw APIProblem.request("body", "/\(name) must be a text.")
      }
      return text
    }
    guard let to = try? AgencyCode(member("to")) else {
      throw APIProblem.request("body", "/to must be a unified social credit code.")
    }
    let urgency = try APIRequest.urgency(
      body.root["urgency"].map { _ in try member("urgency") })
    let receipt = try await node.forward(
      id, to: to, reason: member("reason"), text: member("text"), urgency: urgency,
      idempotencyKey: key)
    return JSONAnswer.make(
      ForwardedBody(
        forward: SubmissionBody(receipt.forward), notice: SubmissionBody(receipt.forwarded)),
      status: .accepted, location: "/v1/leads/\(receipt.forward.id)")
  }

  /// Who works on it: a name of the caller's own choice.
  private func holder(in body: JSONDocument) throws -> String {
    guard let holder = body.root["holder"]?.string,
      (1...APILimits.holderBytes).contains(holder.utf8.count)
    else {
      throw APIProblem.request("body", "/holder must be a text of 1 to 128 bytes.")
    }
    return holder
  }
}
