import Exchange
import HTTPTypes
import Hummingbird
import RecordModel
import RecordSchema

/// What is due when, and by which rules.
struct DeadlineRoutes: Sendable {
  let node: any NodeOperations

  var routes: [Route] {
    [
      Route(
        .get, "/v1/deadlines", query: ["before", "owner", "peer", "limit", "cursor"],
        handler: list),
      Route(.get, "/v1/deadlines/rules") { _ in
        JSONAnswer.make(ClockRulesBody(node.clockRules()))
      },
      Route(.post, "/v1/deadlines/rebuild") { request in
        try await node.rebuildProjections(by: request.caller())
        return Response(status: .accepted)
      },
    ]
  }

  @Sendable private func list(_ request: APIRequest) async throws -> Response {
    let ours: Bool? =
      switch request.query["owner"] {
      case nil: nil
      case "ours": true
      case "theirs": false
      default: throw APIProblem.request("parameter", "owner must be ours or theirs.")
      }
    let filter = ClockFilter(
      dueBefore: try request.day("before").map(Timestamp.init(startOf:)), ours: ours,
      peer: try request.agency("peer"))
    let page = try await node.deadlines(
      filter, after: cursor(request.query["cursor"]), limit: request.limit())
    return JSONAnswer.make(
      DeadlineListBody(
        items: page.items.map(DeadlineBody.init), asOf: page.asOf.description,
        next: page.next.map(Self.text)))
  }

  // MARK: The cursor, which is a page's business alone

  private static func text(_ cursor: ClockCursor) -> String {
    "\(cursor.due.milliseconds).\(cursor.thread).\(cursor.start).\(cursor.rule)"
  }

  private func cursor(_ text: String?) throws -> ClockCursor? {
    guard let text else { return nil }
    let parts = text.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, let due = Int64(parts[0]),
      let thread = try? RecordID(parsing: String(parts[1])),
      let start = try? RecordID(parsing: String(parts[2]))
    else {
      throw APIProblem.request("parameter", "cursor must be one that a page gave.")
    }
    return ClockCursor(
      due: Timestamp(milliseconds: due), thread: thread, rule: String(parts[3]), start: start)
  }
}

struct DeadlineListBody: Encodable {
  var items: [DeadlineBody]
  var asOf: String
  var next: String?
}
