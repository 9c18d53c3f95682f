/// How a call to a node fails.
public struct ClientError: Error, Sendable, CustomStringConvertible {
  /// A stable, dotted name; for a refusal by the node it is the node's own code.
  public struct Code: Hashable, Sendable {
    /// The name.
    public let rawValue: String
    /// Wraps a name.
    public init(_ rawValue: String) { self.rawValue = rawValue }
    /// Nobody listens on the socket, or it may not be opened.
    public static let unreachable = Self("client.unreachable")
    /// The answer took longer than the timeout.
    public static let timeout = Self("client.timeout")
    /// The connection broke, or what came over it was no HTTP.
    public static let connection = Self("client.connection")
    /// The answer was longer than the client takes, or not the JSON that it should be.
    public static let answer = Self("client.answer")
    /// A URL has not the form that is understood here.
    public static let address = Self("client.address")
  }
  /// The stable code.
  public var code: Code
  /// One English sentence.
  public var message: String
  /// The node's own words, when it was the node that refused.
  public var problem: Problem?

  /// Makes an error.
  public init(_ code: Code, _ message: String, problem: Problem? = nil) {
    self.code = code
    self.message = message
    self.problem = problem
  }
  /// Code and message.
  public var description: String { "\(code.rawValue): \(message)" }
}

/// A refusal, problem+json (RFC 9457).
public struct Problem: Codable, Sendable, Hashable {
  /// One broken rule.
  public struct Violation: Codable, Sendable, Hashable {
    /// JSON Pointer into the payload.
    public var pointer: String
    /// The rule's stable name.
    public var rule: String
    /// What is wrong, in English; never the value.
    public var message: String
    /// The same in Chinese.
    public var messageZh: String
    /// Where the rule stands: schema URI, `#`, JSON Pointer. Nil for rules that no schema has.
    public var schemaPointer: String?
    /// The byte, for what is not strict JSON, where the node says it.
    public var offset: Int?
  }
  /// Why a node is not ready.
  public struct Reason: Codable, Sendable, Hashable {
    /// Stable.
    public var code: String
    /// For a person.
    public var detail: String
  }
  /// A URN made from the code.
  public var type: String
  /// The status in words.
  public var title: String
  /// The HTTP status.
  public var status: Int
  /// One English sentence.
  public var detail: String
  /// Stable, dotted.
  public var code: String
  /// Each broken rule, for an invalid record.
  public var violations: [Violation]?
  /// For a node that is not ready.
  public var problems: [Reason]?
}
