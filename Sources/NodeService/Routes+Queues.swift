import Exchange
import HTTPTypes
import Hummingbird
import RecordModel
import RecordSchema
import TransparencyLog

/// Queues and dead letters.
struct QueueRoutes: Sendable {
  let node: any NodeOperations
  let link: any PeerLinkOperations

  var routes: [Route] {
    [
      Route(.get, "/v1/queues") { _ in
        JSONAnswer.make(
          ListBody(items: try await node.queues().map(QueueBody.init), next: nil))
      },
      Route(.get, "/v1/queues/{code}", query: ["limit"]) { request in
        let peer = try known(request.peer())
        return JSONAnswer.make(ListBody(try await node.queue(peer, limit: request.limit())))
      },
      Route(.post, "/v1/queues/{code}/retry") { request in
        let peer = try known(request.peer())
        link.retryNow(peer)
        return Response(status: .accepted)
      },
      Route(.post, "/v1/queues/{code}/resume") { request in
        try await node.resume(known(request.peer()), by: request.caller())
        return Response(status: .noContent)
      },
      Route(.get, "/v1/queues/{code}/epoch") { request in
        let peer = try known(request.peer())
        return JSONAnswer.make(
          ListBody(items: node.epochStatements(peer).map(EpochStatementBody.init), next: nil))
      },
      Route(.post, "/v1/queues/{code}/epoch", handler: openEpoch),
      Route(.post, "/v1/queues/{code}/intake") { request in
        let peer = try known(request.peer())
        let body = try await request.object(allowing: ["paused"])
        guard let paused = body.root["paused"]?.bool else {
          throw APIProblem.request("body", "/paused must be true or false.")
        }
        try await node.setIntake(from: peer, paused: paused, by: request.caller())
        return Response(status: .noContent)
      },
      Route(.get, "/v1/dead-letters", query: ["limit"]) { request in
        JSONAnswer.make(ListBody(try await node.deadLetters(limit: request.limit())))
      },
      Route(.delete, "/v1/dead-letters/{id}") { request in
        try await node.discardDeadLetter(request.recordID(), by: request.caller())
        return Response(status: .noContent)
      },
      Route(.post, "/v1/dead-letters/{id}/requeue") { request in
        try await node.requeueDeadLetter(request.recordID(), by: request.caller())
        return Response(status: .noContent)
      },
    ]
  }

  /// Opens the next epoch of a channel with the peer in the path; answers with its origin.
  @Sendable private func openEpoch(_ request: APIRequest) async throws -> Response {
    let peer = try known(request.peer())
    let note = try await request.body(limit: APILimits.approvalBytes)
    guard let text = try? SignedNote(parsing: note).text else {
      throw APIProblem.request("body", "The body must be a signed note.")
    }
    let statement = try EpochStatement(parsing: text)
    // The path says whom the caller means, the note what was approved: they must agree.
    let direction = statement.origin.direction
    guard [direction.from, direction.to].contains(peer) else {
      throw ExchangeError(.approvals, "what was approved is no channel with this peer")
    }
    try await node.openEpoch(approved: note, by: request.caller())
    let next = Origin(
      federation: statement.origin.federation, direction: direction,
      epoch: statement.origin.epoch + 1)
    return JSONAnswer.make(EpochOpenedBody(origin: next.description))
  }

  /// The peer, if there is one of that code.
  private func known(_ peer: AgencyCode) throws -> AgencyCode {
    guard node.peers().contains(where: { $0.code == peer }) else {
      throw APIProblem(
        status: .notFound, code: ExchangeError.Code.unknownAgency.rawValue,
        detail: "The directory in force names no such peer.")
    }
    return peer
  }
}
