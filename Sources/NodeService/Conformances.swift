public import Exchange
public import PeerLink
public import RecordModel

extension Node: NodeOperations {
  /// Waits until a record of ours has its receipt or has died, at most `timeout`.
  public func waitForReceipt(_ id: RecordID, timeout: Duration) async throws -> RecordSummary {
    try await limited(to: timeout) { try await self.waitForReceipt(id) }
  }

  /// Waits until something has arrived after `cursor`, at most `timeout`.
  public func waitForArrival(after cursor: Int64, timeout: Duration) async -> Bool {
    (try? await limited(to: timeout) { await self.waitForArrival(after: cursor) }) ?? false
  }

  /// Cancels `body` at the timeout; it then returns what it has.
  private func limited<R: Sendable>(
    to timeout: Duration, _ body: @escaping @Sendable () async throws -> R
  ) async throws -> R {
    let work = Task { try await body() }
    let timer = Task {
      try await Task.sleep(for: timeout)
      work.cancel()
    }
    defer { timer.cancel() }
    return try await withTaskCancellationHandler {
      try await work.value
    } onCancel: {
      work.cancel()
    }
  }

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
