public import NIOCore
public import RecordModel

/// How a node speaks to its peers. Every default is documented in `docs/operations.md`.
public struct PeerLinkConfiguration: Sendable {
  /// The address to listen on.
  public var host = "0.0.0.0"
  /// The port to listen on; 0 lets the kernel choose.
  public var port = 7443
  /// Peers that are never dialled, though the directory has an endpoint for them: they dial us.
  public var acceptOnly: Set<AgencyCode> = []
  /// The waits between attempts.
  public var backoff = BackoffPolicy()
  /// A connection that lasted this long (milliseconds) held: the waits start again from the base.
  public var stableAfterMillis: Int64 = 10_000
  /// For the transport to come up.
  public var connectTimeout = TimeAmount.seconds(10)
  /// For the TLS handshake.
  public var handshakeTimeout = TimeAmount.seconds(10)
  /// From the transport being up to the peer's Hello being in.
  public var helloTimeout = TimeAmount.seconds(20)
  /// Between Pings.
  public var pingInterval = TimeAmount.seconds(15)
  /// A peer from which nothing came for this long is dead.
  public var silenceLimit = TimeAmount.seconds(45)
  /// After our last frame, for the peer to close its way too.
  public var lingerTimeout = TimeAmount.seconds(2)
  /// For all connections to close when the service stops.
  public var stopTimeout = TimeAmount.seconds(5)
  /// Accepted connections that have not shown who they are; more are closed at once.
  public var strangersLimit = 128
  /// Threads that carry the connections.
  public var eventLoops = 1

  /// The defaults above.
  public init() {}
}
