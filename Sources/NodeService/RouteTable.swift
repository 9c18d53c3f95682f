import HTTPTypes
import Hummingbird
import HummingbirdCore

/// One route: what it is called, what it may be asked, what it does.
struct Route: Sendable {
  var method: HTTPRequest.Method
  /// As OpenAPI writes it, `/v1/leads/{id}`.
  var path: String
  /// The query parameters that it knows; any other is refused.
  var query: Set<String>
  var handler: @Sendable (APIRequest) async throws -> Response

  init(
    _ method: HTTPRequest.Method, _ path: String, query: Set<String> = [],
    handler: @escaping @Sendable (APIRequest) async throws -> Response
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.handler = handler
  }

  /// True when a request's path has this route's shape.
  func matches(_ path: String) -> Bool {
    let have = path.split(separator: "/", omittingEmptySubsequences: false)
    let want = self.path.split(separator: "/", omittingEmptySubsequences: false)
    return have.count == want.count
      && zip(have, want).allSatisfy { $1.hasPrefix("{") ? !$0.isEmpty : $0 == $1 }
  }

  /// The query of a request, every name known and said once.
  func parse(_ uri: URI) throws -> [String: String] {
    var result: [String: String] = [:]
    for (name, value) in uri.queryParameters {
      let name = String(name)
      guard query.contains(name) else {
        let known =
          query.isEmpty ? "it knows none" : "it knows \(query.sorted().joined(separator: ", "))"
        throw APIProblem.request(
          "parameter", "The request has a query parameter that this route does not know; \(known).")
      }
      guard result.updateValue(String(value), forKey: name) == nil else {
        throw APIProblem.request("parameter", "The query parameter \(name) is given twice.")
      }
    }
    return result
  }
}

/// All routes; `schemas/openapi.yaml` tells exactly these, and a test compares the two.
struct RouteTable: Sendable {
  let routes: [Route]

  init(node: any NodeOperations, link: any PeerLinkOperations) {
    routes =
      HealthRoutes(node: node).routes + LeadRoutes(node: node).routes
      + InboxRoutes(node: node).routes + RecordRoutes(node: node).routes
      + ErasureRoutes(node: node).routes
      + SchemaRoutes(node: node).routes
      + DeadlineRoutes(node: node).routes
      + StatisticsRoutes(node: node).routes
      + QueueRoutes(node: node, link: link).routes
      + OperatorRoutes(node: node, link: link).routes
  }

  /// The methods that a path takes, for `Allow`; nil when there is no such path.
  func allowed(at path: String) -> String? {
    let methods = routes.filter { $0.matches(path) }.map(\.method.rawValue)
    return methods.isEmpty ? nil : methods.sorted().joined(separator: ", ")
  }
}
