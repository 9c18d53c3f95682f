import Exchange
import HTTPTypes
import Hummingbird
import NIOCore
import RecordModel

/// Is the process alive; can it do its work.
struct HealthRoutes: Sendable {
  let node: any NodeOperations

  var routes: [Route] {
    [
      Route(.get, "/health/live") { _ in
        JSONAnswer.make(HealthBody(status: "live", code: node.code.rawValue))
      },
      Route(.get, "/health/ready") { _ in
        let problems = node.problems()
        guard problems.isEmpty else {
          throw APIProblem(
            status: .serviceUnavailable, code: "node.notReady",
            detail: "The node is not ready: \(problems.map(\.code).joined(separator: ", ")).",
            reasons: problems)
        }
        return JSONAnswer.make(HealthBody(status: "ready", code: node.code.rawValue))
      },
    ]
  }
}

/// Peers, channels, journal, arrivals, directory.
struct OperatorRoutes: Sendable {
  let node: any NodeOperations
  let link: any PeerLinkOperations

  var routes: [Route] {
    [
      Route(.get, "/v1/peers") { _ in
        let links = Dictionary(
          link.linkStatus().map { ($0.peer, $0) }, uniquingKeysWith: { first, _ in first })
        return JSONAnswer.make(
          ListBody(
            items: node.peers().map { PeerBody($0, link: links[$0.code]) }, next: nil))
      },
      Route(.get, "/v1/channels") { _ in
        JSONAnswer.make(ListBody(items: node.channels().map(ChannelBody.init), next: nil))
      },
      Route(.get, "/v1/journal", query: ["from", "limit"], handler: journal),
      Route(.get, "/v1/arrivals", query: ["after"], handler: arrivals),
      Route(.get, "/v1/directory") { request in
        let summary = try node.directorySummary()
        if request.prefers("text/plain") {
          return JSONAnswer.raw(ByteBuffer(bytes: summary.note), type: "text/plain; charset=utf-8")
        }
        return JSONAnswer.make(DirectoryBody(summary))
      },
      Route(.post, "/v1/directory") { request in
        let note = try await request.body(limit: APILimits.directoryBytes)
        try await node.loadDirectory(note)
        link.directoryChanged()
        return JSONAnswer.make(DirectoryBody(try node.directorySummary()))
      },
    ]
  }

  /// Entries stand in the answer as they stand in the log, so that a reader can hash them again.
  @Sendable private func journal(_ request: APIRequest) async throws -> Response {
    let from = UInt64(try request.number("from", in: 0...Int64.max) ?? 0)
    let limit = try request.limit()
    let entries = try await node.journal(from: from, limit: limit)
    var body = ByteBuffer(string: "{\"items\":[")
    for (index, entry) in entries.enumerated() {
      body.writeString(
        "\(index == 0 ? "" : ",")\n{\"epoch\":\(entry.epoch),\"seq\":\(entry.seq),\"entry\":")
      body.writeBytes(entry.bytes)
      body.writeString("}")
    }
    body.writeString("]")
    if entries.count == limit, let last = entries.last {
      body.writeString(",\"next\":\(last.seq + 1)")
    }
    body.writeString("}")
    return JSONAnswer.raw(body, type: "application/json")
  }

  @Sendable private func arrivals(_ request: APIRequest) async throws -> Response {
    var after = try request.number("after", in: 0...Int64.max) ?? 0
    if let name = HTTPField.Name("Last-Event-ID"), let text = request.request.headers[name] {
      guard let number = Int64(text), number >= 0 else {
        throw APIProblem.request("header", "Last-Event-ID must be an id of this stream.")
      }
      after = number
    }
    var headers = HTTPFields()
    headers[.contentType] = "text/event-stream"
    headers[.cacheControl] = "no-store"
    let stream = ArrivalStream(node: node, cursor: after)
    return Response(
      status: .ok, headers: headers, body: ResponseBody { try await stream.write(to: &$0) })
  }
}
