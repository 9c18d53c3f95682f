import Exchange
import HTTPTypes
import Hummingbird
import NIOCore
import RecordModel
import RecordSchema

/// One request as a handler sees it: path and query already judged against the route table.
struct APIRequest: Sendable {
  var request: Request
  var parameters: Parameters
  /// Percent-decoded; each name at most once and known to the route.
  var query: [String: String]
  var channel: any Channel

  /// Who asks, for the journal: the user at the other end of the socket.
  func caller() async throws -> String {
    "uid:\(try await PeerCredentials.of(channel).get().user)"
  }

  // MARK: Path

  /// The record id in the path. What is no id names nothing: 404.
  func recordID() throws -> RecordID {
    guard let text = parameters.get("id"), let id = try? RecordID(parsing: text) else {
      throw APIProblem(
        status: .notFound, code: ExchangeError.Code.notFound.rawValue,
        detail: "The path names no record: an id is a lower-case UUID, version 7.")
    }
    return id
  }

  /// The agency code in the path.
  func peer() throws -> AgencyCode {
    guard let text = parameters.get("code"), let code = try? AgencyCode(text) else {
      throw APIProblem(
        status: .notFound, code: ExchangeError.Code.unknownAgency.rawValue,
        detail: "The path names no agency: a code has 18 characters and a check digit.")
    }
    return code
  }

  // MARK: Query

  /// A whole number in a range.
  func number(_ name: String, in range: ClosedRange<Int64>) throws -> Int64? {
    guard let text = query[name] else { return nil }
    guard let value = Int64(text), range.contains(value) else {
      throw APIProblem.request(
        "parameter",
        "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
    }
    return value
  }

  /// How many items a list may have.
  func limit() throws -> Int {
    Int(try number("limit", in: 1...Int64(APILimits.pageItems)) ?? Int64(APILimits.defaultItems))
  }

  /// Where a list goes on.
  func cursor() throws -> Int64? { try number("cursor", in: 0...Int64.max) }

  /// An agency code.
  func agency(_ name: String) throws -> AgencyCode? {
    guard let text = query[name] else { return nil }
    guard let code = try? AgencyCode(text) else {
      throw APIProblem.request(
        "parameter", "\(name) must be a unified social credit code: its check digit is wrong.")
    }
    return code
  }

  /// Thread states, joined by commas.
  func states() throws -> [ThreadState]? {
    guard let text = query["state"] else { return nil }
    return try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let state = ThreadState(rawValue: String(part)) else {
        throw APIProblem.request("parameter", "state names a state that no thread can be in.")
      }
      return state
    }
  }

  /// A day, as 2026-11-23.
  func day(_ name: String) throws -> CalendarDate? {
    guard let text = query[name] else { return nil }
    guard let day = CalendarDate(parsing: text) else {
      throw APIProblem.request("parameter", "\(name) must be a day, such as 2026-11-23.")
    }
    return day
  }

  /// `normal` where nothing is said.
  func urgency() throws -> Urgency { try Self.urgency(query["urgency"]) }

  /// The urgency of that name.
  static func urgency(_ text: String?) throws -> Urgency {
    guard let text else { return .normal }
    guard let urgency = Urgency(rawValue: text) else {
      throw APIProblem.request("parameter", "urgency must be normal, urgent or critical.")
    }
    return urgency
  }

  // MARK: Headers

  /// The Idempotency-Key: printable ASCII, at most 128 bytes.
  func idempotencyKey() throws -> String? {
    guard let name = HTTPField.Name("Idempotency-Key"), let key = request.headers[name] else {
      return nil
    }
    guard (1...APILimits.idempotencyKeyBytes).contains(key.utf8.count),
      key.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
    else {
      throw APIProblem.request(
        "header", "Idempotency-Key must be 1 to 128 printable ASCII characters without spaces.")
    }
    return key
  }

  /// True when the caller asks for a media type before all others.
  func prefers(_ type: String) -> Bool {
    guard let accept = request.headers[.accept] else { return false }
    let first = accept.split(separator: ",").first ?? ""
    return first.split(separator: ";").first.map { $0.trimmed == type } ?? false
  }

  // MARK: Body

  /// The body whole; longer than `limit` is 413.
  func body(limit: Int) async throws -> [UInt8] {
    if let text = request.headers[.contentLength], let length = Int(text), length > limit {
      throw NIOTooManyBytesError(maxBytes: limit)
    }
    do {
      let buffer = try await request.body.collect(upTo: limit)
      return Array(buffer.readableBytesView)
    } catch let error as NIOTooManyBytesError {
      throw error
    } catch let error as CancellationError {
      throw error
    } catch {
      // The caller went away, or spoke no HTTP: its fault, not the node's.
      throw APIProblem.request("body", "The body ended before its end.")
    }
  }

  /// The body as a strict JSON object with none but these members; an empty body is an empty object.
  func object(allowing names: Set<String>, limit: Int = APILimits.commandBytes) async throws
    -> JSONDocument
  {
    let bytes = try await body(limit: limit)
    do {
      let document = try JSONDocument(
        parsing: bytes.isEmpty ? Array("{}".utf8) : bytes, profile: .general,
        limits: .init(size: max(limit, 2)))
      guard document.root.kind == .object else {
        throw APIProblem.request("body", "The body must be a JSON object.")
      }
      for member in document.root.members where !names.contains(member.key) {
        throw APIProblem.request(
          "body",
          "The body has a member that this route does not know; it knows "
            + names.sorted().joined(separator: ", ") + ".")
      }
      return document
    } catch let error as JSONError {
      throw APIProblem.request(
        "body", "The body is not strict JSON: \(error.message) at byte \(error.offset).")
    }
  }
}

extension Substring {
  /// Without spaces at either end.
  fileprivate var trimmed: Substring {
    drop { $0 == " " }.reversed().drop { $0 == " " }.reversed().reduce(into: "") { $0.append($1) }
  }
}

/// Every limit of the API, documented in docs/operations.md.
enum APILimits {
  /// A payload.
  static let payloadBytes = 1024 * 1024
  /// A command's JSON body.
  static let commandBytes = 16 * 1024
  /// The note that approves a new epoch.
  static let approvalBytes = 64 * 1024
  /// Violations that a check without submission tells at most.
  static let checkViolations = 1000
  /// A federation directory's note.
  static let directoryBytes = 4 * 1024 * 1024
  /// Items of one page at most: what the node gives at once …
  static let pageItems = Node.pageLimit
  /// … and where nothing is said.
  static let defaultItems = 100
  /// An Idempotency-Key.
  static let idempotencyKeyBytes = 128
  /// A lease's holder.
  static let holderBytes = 128
  /// A lease, in seconds.
  static let leaseSeconds: ClosedRange<Int64> = 1...86_400
  /// A wait for a receipt, in seconds.
  static let waitSeconds: ClosedRange<Int64> = 1...600
  /// Header bytes of a request.
  static let headerBytes = 32 * 1024
  /// A connection that says nothing for so long is closed, in seconds.
  static let idleSeconds: Int64 = 300
  /// A comment is sent on an event stream after so many silent seconds.
  static let keepAliveSeconds = 15
}
