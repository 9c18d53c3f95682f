import RecordSchema

/// One request, whole.
public struct HTTPQuestion: Sendable {
  /// GET, HEAD, POST, …, as it was said.
  public var method: String
  /// The path before any `?`, as it was said: nothing is decoded, so that one file has one name.
  public var path: String
  /// What follows the `?`; empty without one.
  public var query: String
  /// The headers' names in lower case and their values, in their order.
  public var headers: [(name: String, value: String)]
  /// The body.
  public var body: [UInt8]

  /// A request from its parts; `target` is path and query.
  public init(
    _ method: String, _ target: String, headers: [(name: String, value: String)] = [],
    body: [UInt8] = []
  ) {
    self.method = method
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = parts.first.map(String.init) ?? ""
    query = parts.count > 1 ? String(parts[1]) : ""
    self.headers = headers.map { ($0.name.lowercased(), $0.value) }
    self.body = body
  }

  /// The value of a header that stands there once; nil where it does not, or twice.
  public func header(_ name: String) -> String? {
    let values = headers.filter { $0.name == name }
    return values.count == 1 ? values[0].value : nil
  }

  /// A value of the query, `name=value`; nil where it is not there.
  public func value(of name: String) -> String? {
    for pair in query.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2, parts[0] == name { return String(parts[1]) }
    }
    return nil
  }
}

/// One answer.
public struct HTTPReply: Sendable {
  /// What follows the head.
  public enum Body: Sendable {
    /// All of it.
    case bytes([UInt8])
    /// Piece by piece, asked for as the reader takes them; nil ends it.
    case parts(@Sendable () async throws -> [UInt8]?)
  }

  /// The status.
  public var status: Int
  /// Headers beside the length.
  public var headers: [(name: String, value: String)]
  /// The body.
  public var body: Body
  /// Whether the connection ends with this answer.
  public var closes = false

  /// An answer from its parts.
  public init(status: Int, headers: [(name: String, value: String)], body: Body) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// An answer of a kind of bytes.
  public init(_ status: Int = 200, type: String, _ bytes: [UInt8]) {
    self.init(status: status, headers: [("content-type", type)], body: .bytes(bytes))
  }

  /// A refusal, told as the API of a node tells its own (RFC 9457).
  public static func problem(_ status: Int, code: String, _ detail: String) -> HTTPReply {
    var json = JSONWriter()
    json.object { json in
      json.member("status", status)
      json.member("code", code)
      json.member("detail", detail)
    }
    var reply = HTTPReply(status, type: "application/problem+json", json.bytes + [0x0A])
    reply.headers.append(("cache-control", "no-store"))
    return reply
  }
}

/// What a listener takes, and how long it waits for whom.
public struct HTTPLimits: Sendable, Hashable {
  /// Connections at once; further ones are closed as they come.
  public var connections = 64
  /// Bytes of a request's body.
  public var bodyBytes = 64 << 10
  /// Bytes of a request's head.
  public var headBytes = 16 << 10
  /// Seconds in which a request's head has to be there, counted from the connection's beginning or
  /// the answer before, however slowly it trickles in.
  public var headSeconds: Int64 = 20
  /// Seconds from a request's head to its end.
  public var bodySeconds: Int64 = 20
  /// Seconds in which a reader has to take each piece of an answer.
  public var writeSeconds: Int64 = 30
  /// Seconds in which running answers may still end when the listener stops.
  public var stopSeconds: Int64 = 5

  /// The defaults.
  public init() {}
}

/// Lets so many through each second, and a burst of as many.
public struct RateLimit: Sendable {
  private let perSecond: UInt64
  private var room: UInt64
  private var last: UInt64

  /// A limit that begins with a full burst; `now` is monotonic, in nanoseconds.
  public init(perSecond: Int, now: UInt64) {
    self.perSecond = UInt64(max(1, perSecond))
    room = self.perSecond * Self.unit
    last = now
  }

  /// Whether one more may pass.
  public mutating func passes(now: UInt64) -> Bool {
    let elapsed = min(now >= last ? now - last : 0, Self.unit)
    last = max(last, now)
    room = min(room + elapsed * perSecond, perSecond * Self.unit)
    guard room >= Self.unit else { return false }
    room -= Self.unit
    return true
  }

  private static let unit: UInt64 = 1_000_000_000
}
