public import Exchange
public import RecordModel

/// What is known of the connection to one peer, for operators.
public struct PeerLinkStatus: Sendable, Hashable {
  /// Who opened a connection.
  public enum Opening: String, Sendable, Hashable {
    /// This node dialled.
    case dialled
    /// The peer dialled.
    case accepted
  }

  /// Hello received and checked, and not closed since.
  public var isConnected = false
  /// Since when it has been as `isConnected` says; nil before the first connection.
  public var since: Timestamp?
  /// Who opened the connection; nil when there is none.
  public var opening: Opening?
  /// The peer's address as the socket has it; nil when there is none.
  public var address: String?
  /// Where the directory says that the peer can be dialled; nil when it cannot.
  public var endpoint: String?
  /// What the peer's last Hello said about its software.
  public var software: String?
  /// What last went wrong; stays after the next success.
  public var lastTrouble: PeerTrouble?
  /// Failed attempts to reach the peer since the last connection that held.
  public var attempts = 0
  /// When it will be dialled next; nil when no attempt is planned.
  public var nextAttempt: Timestamp?
  /// Of the last Ping and its Pong.
  public var roundTripMillis: Double?
  /// The peer's clock minus ours in milliseconds, corrected by half the round trip.
  public var clockDifference: Int64?
  /// Bytes of frames since this node started, over all connections that got as far as a Hello.
  public var bytesIn: UInt64 = 0
  /// As `bytesIn`.
  public var bytesOut: UInt64 = 0

  /// The status of a peer never heard of.
  public init() {}
}

/// What went wrong between two nodes, and who said so.
public struct PeerTrouble: Sendable, Hashable {
  /// Who noticed.
  public enum Side: String, Sendable, Hashable {
    /// This node refused the peer.
    case ours
    /// The peer sent a fault.
    case theirs
    /// Neither: dialling, TLS or the network failed.
    case network
  }

  /// Who noticed.
  public var side: Side
  /// The fault's code; nil for the network's.
  public var code: FaultCode?
  /// One sentence for an operator.
  public var text: String
  /// When.
  public var time: Timestamp

  /// A trouble of a moment.
  public init(side: Side, code: FaultCode?, text: String, time: Timestamp) {
    self.side = side
    self.code = code
    self.text = text
    self.time = time
  }
}
