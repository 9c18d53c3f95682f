/// Why the service between nodes could not do what was asked.
public struct PeerLinkError: Error, Sendable, CustomStringConvertible {
  /// A stable, dotted name, listed in `docs/errors.md`.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The name as it is logged and compared.
    public let rawValue: String

    init(_ rawValue: String) { self.rawValue = rawValue }

    /// The dotted name.
    public var description: String { rawValue }

    /// The address cannot be listened on.
    public static let listen = Self("peer.listen")
    /// The TLS identity cannot be used, or does not name this node.
    public static let identity = Self("peer.identity")
    /// The service was started before, or has been stopped.
    public static let state = Self("peer.state")
  }

  /// Which failure this is.
  public var code: Code
  /// One English sentence.
  public var message: String
  /// The error underneath, if there is one.
  public var cause: (any Error)?

  init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  /// `code: message (cause)`.
  public var description: String {
    let tail = cause.map { " (\($0))" } ?? ""
    return "\(code): \(message)\(tail)"
  }
}
