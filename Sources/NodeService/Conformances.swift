public import Exchange
public import PeerLink
public import RecordModel

extension Node: NodeOperations {
  /// The directory in force, as the API shows it.
  public func directorySummary() throws -> DirectorySummary {
    let directory = directory()
    return DirectorySummary(
      version: directory.version, federation: directory.federation,
      notBefore: directory.notBefore, notAfter: directory.notAfter,
      digest: "\(directory.digest)",
      members: directory.nodes.values.sorted { $0.code < $1.code }.map {
        .init(code: $0.code, name: $0.name, role: $0.role, endpoint: $0.endpoint)
      },
      note: directory.bytes)
  }
}

extension PeerLinkService: PeerLinkOperations {
  /// What the sockets say of each peer.
  public func linkStatus() -> [LinkStatus] {
    status().map { peer, status in
      let trouble = status.lastTrouble.map { trouble in
        "\(trouble.side.rawValue)"
          + (trouble.code.map { " \($0)" } ?? "") + ": \(trouble.text)"
      }
      let state =
        status.isConnected
        ? "connected"
        : status.nextAttempt != nil ? "waiting" : status.opening != nil ? "dialling" : "idle"
      return LinkStatus(
        peer: peer, state: state, address: status.address, lastFault: trouble,
        lastFaultAt: status.lastTrouble?.time, nextAttempt: status.nextAttempt)
    }
  }

  /// Dials a peer now; without effect on one that cannot be dialled.
  public func retryNow(_ peer: AgencyCode) {
    let _: Bool = retryNow(peer)
  }
}
