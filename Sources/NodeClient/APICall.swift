/// One request to the API.
public struct APICall: Sendable {
  /// The methods that the API knows.
  public enum Method: String, Sendable {
    /// Reads.
    case get = "GET"
    /// Does.
    case post = "POST"
    /// Takes back.
    case delete = "DELETE"
  }
  /// The method.
  public var method: Method
  /// The path, without a query.
  public var path: String
  /// The query; values are percent-encoded when sent.
  public var query: [(name: String, value: String)]
  /// Further headers.
  public var headers: [(name: String, value: String)]
  /// The body.
  public var body: [UInt8]?
  /// What the body is.
  public var contentType: String
  /// What the answer should be.
  public var accept: String
  /// Instead of the client's timeout.
  public var timeout: Duration?

  /// Makes a call. Query parameters that are nil are left out.
  public init(
    _ method: Method, _ path: String, query: [(String, String?)] = [],
    headers: [(String, String?)] = [], body: [UInt8]? = nil,
    contentType: String = "application/json", accept: String = "application/json",
    timeout: Duration? = nil
  ) {
    self.method = method
    self.path = path
    self.query = query.compactMap { name, value in value.map { (name, $0) } }
    self.headers = headers.compactMap { name, value in value.map { (name, $0) } }
    self.body = body
    self.contentType = contentType
    self.accept = accept
    self.timeout = timeout
  }

  /// Path and query as they stand in the request line.
  var target: String {
    guard !query.isEmpty else { return path }
    return path + "?"
      + query.map { "\($0.name)=\(Self.encode($0.value))" }.joined(separator: "&")
  }

  /// True when it does no harm to say it twice.
  var repeats: Bool {
    method == .get || headers.contains { $0.name.lowercased() == "idempotency-key" }
  }

  /// RFC 3986: everything but the unreserved characters.
  static func encode(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e:
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return result
  }
}

/// An answer that is no refusal.
public struct APIAnswer: Sendable {
  /// The HTTP status, 200 to 299.
  public var status: Int
  /// The body whole.
  public var body: [UInt8]
  /// Names in lower case.
  public var headers: [(name: String, value: String)]
  /// The first header of that name, given in lower case.
  public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// A decoded answer together with the bytes that it was decoded from.
public struct Decoded<Value: Sendable>: Sendable {
  /// The value.
  public var value: Value
  /// The JSON as the node sent it.
  public var json: [UInt8]
}
