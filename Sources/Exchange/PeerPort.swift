public import RecordModel

/// One live, authenticated connection as the exchange sees it; `PeerLink` implements it.
public protocol PeerOutlet: Sendable {
  /// Queues a message. Never blocks; messages leave in the order of the calls. After the connection
  /// has gone, it does nothing.
  func send(_ message: PeerMessage)
  /// Sends the fault, if there is one, then closes the connection.
  func close(_ fault: Fault?)
}

/// What `PeerLink` calls for each connection; the exchange implements it.
public protocol PeerInlet: Sendable {
  /// Takes a message. Called in the order of arrival, on the connection's event loop; never blocks.
  /// The first one is the peer's `Hello`, whose code `PeerLink` has compared with the certificate.
  func receive(_ message: PeerMessage)
  /// Takes the peer's clock from a `Pong`, already corrected by half the round trip.
  /// `difference` is the peer's clock minus ours, in milliseconds.
  func clockDifference(_ difference: Int64)
  /// The connection has gone; nothing more will be received on it.
  func disconnected()
}

/// Where `PeerLink` gets its sessions from; the exchange's `Node` implements it.
public protocol PeerHost: Sendable {
  /// This node's own code.
  var code: AgencyCode { get }
  /// The directory in force now.
  func directory() -> FederationDirectory
  /// The `Hello` to open a connection to `peer` with, made from what is durable now.
  func hello(to peer: AgencyCode) -> Hello
  /// Starts a session once the peer's `Hello` is in and the connection is the one to keep.
  /// The `Hello` itself is then given to the inlet as its first message.
  func openSession(with peer: AgencyCode, outlet: any PeerOutlet) -> any PeerInlet
}
