import Exchange
import HTTPTypes
import Hummingbird
import RecordModel
import RecordSchema

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
