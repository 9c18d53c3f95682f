import Exchange
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import RecordModel
import RecordSchema

/// A refusal as HTTP says it: problem+json, RFC 9457. Never carries a value of a payload.
struct APIProblem: Error, Sendable {
  var status: HTTPResponse.Status
  /// Stable, dotted; listed in `docs/errors.md`.
  var code: String
  var detail: String
  var violations: [Violation] = []
  var reasons: [ReadinessProblem] = []
  /// Seconds.
  var retryAfter: Int?
  /// The methods that the path does take.
  var allow: String?

  /// A request that is not what the API understands, before a node has seen it.
  static func request(_ code: String, _ detail: String) -> APIProblem {
    APIProblem(status: .badRequest, code: "request.\(code)", detail: detail)
  }
}

extension APIProblem {
  /// What each code is in HTTP. A code that is not here is a fault of the node's: 500.
  static let statuses: [ExchangeError.Code: HTTPResponse.Status] = [
    .invalidRecord: .unprocessableContent,
    .unknownSchema: .unprocessableContent,
    .unknownAgency: .unprocessableContent,
    .policy: .forbidden,
    .directoryExpired: .serviceUnavailable,
    .directoryOlder: .conflict,
    .directoryFiles: .conflict,
    .statisticsPeriod: .badRequest,
    .deadReminder: .conflict,
    .notFound: .notFound,
    .alreadySealed: .conflict,
    .idempotencyMismatch: .conflict,
    .outboxFull: .tooManyRequests,
    .storageFull: HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage"),
    .storage: .serviceUnavailable,
    .storageUncertain: .serviceUnavailable,
    .storageCorrupt: .internalServerError,
    .stopping: .serviceUnavailable,
    .keyLocked: .serviceUnavailable,
    .leased: .conflict,
    .channelHalted: .conflict,
    .channelState: .conflict,
    .approvals: .forbidden,
    .notReceipted: .conflict,
    .unreadSchema: .unprocessableContent,
    .forwardOriginal: .conflict,
    .forwardErased: .conflict,
    .erasureApprovals: .forbidden,
    .erasureDone: .conflict,
    .erasureTarget: .conflict,
    .recovering: .serviceUnavailable,
    .forwardSize: .contentTooLarge,
  ]

  /// After how many seconds it makes sense to come back, where it does.
  static let retryAfter: [ExchangeError.Code: Int] = [
    .outboxFull: 5, .storageFull: 60, .storage: 5, .storageUncertain: 10, .stopping: 10,
    .recovering: 5,
  ]

  /// The problem that an error is; `pathNamesAgency` when an unknown agency means an unknown path.
  static func describing(_ error: any Error, pathNamesAgency: Bool = false) -> APIProblem {
    switch error {
    case let problem as APIProblem:
      return problem
    case let error as ExchangeError:
      let unknownPath = pathNamesAgency && error.code == .unknownAgency
      return APIProblem(
        status: unknownPath ? .notFound : statuses[error.code] ?? .internalServerError,
        code: error.code.rawValue, detail: error.message, violations: error.violations,
        retryAfter: retryAfter[error.code])
    case let error as RecordModelError:
      return APIProblem(
        status: .unprocessableContent, code: error.code.rawValue, detail: error.message)
    case is NIOTooManyBytesError:
      return APIProblem(
        status: .contentTooLarge, code: "request.tooLarge",
        detail: "The request's body is longer than this route takes.")
    case let error as HTTPError where error.status == .notFound:
      return APIProblem(
        status: .notFound, code: "request.path", detail: "There is nothing at this path.")
    case is CancellationError:
      return APIProblem(
        status: .serviceUnavailable, code: ExchangeError.Code.stopping.rawValue,
        detail: "The node is stopping.", retryAfter: 10)
    default:
      return APIProblem(
        status: .internalServerError, code: "node.internal",
        detail: "The node failed in a way that it does not know; its log has the reason.")
    }
  }

  /// The answer.
  func response() -> Response {
    var headers = HTTPFields()
    headers[.contentType] = "application/problem+json"
    headers[.cacheControl] = "no-store"
    headers[.retryAfter] = retryAfter.map(String.init)
    headers[.allow] = allow
    let body = ProblemBody(
      type: "urn:sanxiang:problem:\(code)", title: status.reasonPhrase, status: status.code,
      detail: detail, code: code,
      violations: violations.isEmpty
        ? nil
        : violations.map { ViolationBody($0) },
      problems: reasons.isEmpty ? nil : reasons.map { .init(code: $0.code, detail: $0.detail) })
    return Response(
      status: status, headers: headers, body: ResponseBody(byteBuffer: JSONAnswer.encode(body)))
  }
}

private struct ProblemBody: Encodable {
  struct Reason: Encodable {
    var code: String
    var detail: String
  }
  var type: String
  var title: String
  var status: Int
  var detail: String
  var code: String
  var violations: [ViolationBody]?
  var problems: [Reason]?
}

/// JSON answers.
enum JSONAnswer {
  /// The JSON of a view. Views are closed structs of strings, numbers and arrays, which JSON can
  /// always say; should one ever not be, an empty object is sent rather than half of one.
  static func encode(_ value: some Encodable) -> ByteBuffer {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
    guard let data = try? encoder.encode(value) else { return ByteBuffer(string: "{}") }
    return ByteBuffer(bytes: data)
  }

  /// An answer with a JSON body.
  static func make(
    _ value: some Encodable, status: HTTPResponse.Status = .ok, location: String? = nil
  ) -> Response {
    raw(encode(value), type: "application/json", status: status, location: location)
  }

  /// An answer with bytes as they are.
  static func raw(
    _ body: ByteBuffer, type: String, status: HTTPResponse.Status = .ok, location: String? = nil
  ) -> Response {
    var headers = HTTPFields()
    headers[.contentType] = type
    headers[.cacheControl] = "no-store"
    headers[.location] = location
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
  }
}
