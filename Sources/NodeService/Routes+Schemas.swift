import Exchange
import HTTPTypes
import Hummingbird
import RecordModel
import RecordSchema

/// The record schemas that this node reads, and judging a payload without sending it: for systems
/// in whose language there is no copy of the schemas' engine.
struct SchemaRoutes: Sendable {
  let node: any NodeOperations

  var routes: [Route] {
    [
      Route(.get, "/v1/schemas") { _ in
        JSONAnswer.make(ListBody(items: node.schemas.entries.map(SchemaBody.init), next: nil))
      },
      Route(.post, "/v1/schemas/check", query: ["kind", "schema"], handler: check),
    ]
  }

  @Sendable private func check(_ request: APIRequest) async throws -> Response {
    let schema = try name(request)
    let payload = try await request.body(limit: APILimits.payloadBytes)
    switch node.check(payload, schema: schema, limit: APILimits.checkViolations) {
    case .valid: return JSONAnswer.make(CheckBody(schema: schema, valid: true, violations: []))
    case .invalid(let broken):
      let offset = SchemaRegistry.offset(of: broken, in: payload)
      return JSONAnswer.make(
        CheckBody(
          schema: schema, valid: false,
          violations: broken.map { ViolationBody($0, offset: offset) }))
    case .unknownSchema: throw Self.unknown(schema)
    }
  }

  /// The schema that the query names; of a kind alone, its highest version.
  private func name(_ request: APIRequest) throws -> String {
    if let schema = request.query["schema"] {
      if let kind = request.query["kind"], SchemaName(schema)?.kind != kind {
        throw APIProblem.request("parameter", "schema must be a version of kind.")
      }
      return schema
    }
    let kind = request.query["kind"] ?? KindName.leadTransfer
    guard let newest = node.schemas.versions(of: kind).first else { throw Self.unknown(kind) }
    return newest
  }

  private static func unknown(_ name: String) -> APIProblem {
    // A name that is none is not repeated: it may be anything.
    let isName = SchemaName(name) != nil || SchemaName(name + "/1") != nil
    return APIProblem(
      status: .unprocessableContent, code: ExchangeError.Code.unknownSchema.rawValue,
      detail: isName ? "This node has no schema \(name)." : "This node has no such schema.")
  }
}

struct SchemaBody: Encodable {
  var name: String
  var kind: String
  var version: Int
  var title: String
  var titleZh: String
  var summary: String
  var summaryZh: String

  init(_ entry: SchemaRegistry.Entry) {
    name = entry.name.description
    kind = entry.name.kind
    version = entry.name.version
    title = entry.title.english
    titleZh = entry.title.chinese
    summary = entry.summary.english
    summaryZh = entry.summary.chinese
  }
}

private struct CheckBody: Encodable {
  var schema: String
  var valid: Bool
  var violations: [ViolationBody]
}

/// A broken rule; never the value that breaks it.
struct ViolationBody: Encodable {
  var pointer: String
  var rule: String
  var message: String
  var messageZh: String
  /// Left out for rules that stand in no schema.
  var schemaPointer: String?
  /// The byte, for what is not strict JSON.
  var offset: Int?

  init(_ violation: Violation, offset: Int? = nil) {
    pointer = violation.pointer
    rule = violation.rule
    message = violation.message
    messageZh = violation.messageZH
    schemaPointer = violation.schemaPointer.isEmpty ? nil : violation.schemaPointer
    self.offset = offset
  }
}
