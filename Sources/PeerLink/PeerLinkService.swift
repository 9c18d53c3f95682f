public import Exchange
public import Logging
import NIOCore
import NIOPosix
public import RecordModel
import Synchronization

/// The connections between this node and the others of the federation: listens, dials, judges who
/// speaks, and gives each peer one session of the exchange.
///
/// Starts and stops once. Every method may be called from any thread.
public final class PeerLinkService: Sendable {
  enum Phase {
    case new
    case running(group: MultiThreadedEventLoopGroup, listener: (any Channel)?)
    case stopped
  }

  struct State {
    var phase = Phase.new
    var table: PeerTable
    var tls: PeerTLS
    var trust: PeerTrust?
    /// All whose transport is up.
    var connections: [UInt64: PeerConnection] = [:]
    /// Those of them that were accepted and have not shown who they are.
    var strangers: Set<UInt64> = []
    /// What each peer's last Hello said.
    var software: [AgencyCode: String] = [:]
    /// Bytes of each peer's connections that are gone.
    var pastBytes: [AgencyCode: (in: UInt64, out: UInt64)] = [:]
    /// Who is at the other end, as far as the Hellos said.
    var names: [UInt64: AgencyCode] = [:]
  }

  let configuration: PeerLinkConfiguration
  let host: any PeerHost
  let environment: Environment
  let logger: Logger
  let state: Mutex<State>

  /// A service that does nothing yet.
  public init(
    configuration: PeerLinkConfiguration, host: any PeerHost, tls: PeerTLS,
    environment: Environment, logger: Logger
  ) {
    self.configuration = configuration
    self.host = host
    self.environment = environment
    self.logger = logger
    let random = environment.random
    let table = PeerTable(
      own: host.code, backoff: configuration.backoff,
      stableAfter: UInt64(clamping: configuration.stableAfterMillis) &* 1_000_000,
      random: { random(8).reduce(0) { $0 << 8 | UInt64($1) } })
    state = Mutex(State(table: table, tls: tls))
  }

  // MARK: Life

  /// Listens, and begins to dial.
  /// - Returns: the port that it listens on.
  /// - Throws: `PeerLinkError` with `.identity`, `.listen`, or `.state` when it is not new.
  public func start() async throws -> Int {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, configuration.eventLoops))
    let isNew = state.withLock { state in
      guard case .new = state.phase else { return false }
      state.phase = .running(group: group, listener: nil)
      return true
    }
    guard isNew else {
      try await group.shutdownGracefully()
      throw PeerLinkError(.state, "The service was started before.")
    }
    do {
      try adoptTrust()
      let listener = try await listen(group)
      let peers = peersToDial()
      let actions = state.withLock { state -> [PeerTable.Action]? in
        guard case .running = state.phase else { return nil }
        state.phase = .running(group: group, listener: listener)
        return state.table.listed(peers)
      }
      guard let actions else { throw PeerLinkError(.state, "The service was stopped.") }
      perform(actions)
      return listener.localAddress?.port ?? configuration.port
    } catch {
      state.withLock { $0.phase = .stopped }
      // Closes the listener too. Whoever stopped the service meanwhile may have done it already.
      try? await group.shutdownGracefully()
      throw error
    }
  }

  /// Says goodbye to all peers and closes; after `stopTimeout` without their consent.
  public func stop() async {
    let running = state.withLock { state in
      defer { state.phase = .stopped }
      state.table.stop()
      guard case .running(let group, let listener) = state.phase else { return nil as Running? }
      return Running(
        group: group, listener: listener, connections: Array(state.connections.values))
    }
    guard let running else { return }
    try? await running.listener?.close()
    for connection in running.connections {
      connection.close(Fault(.stopping, "The node is stopping."))
    }
    let timer = running.group.any().scheduleTask(in: configuration.stopTimeout) {
      for connection in running.connections { connection.abort() }
    }
    for connection in running.connections { try? await connection.closeFuture.get() }
    timer.cancel()
    do {
      try await running.group.shutdownGracefully()
    } catch {
      logger.error("The event loops did not stop.", metadata: ["error": "\(error)"])
    }
  }

  private struct Running {
    var group: MultiThreadedEventLoopGroup
    var listener: (any Channel)?
    var connections: [PeerConnection]
  }

  // MARK: Changes

  /// The host has another directory in force: endpoints are read again, and every live connection
  /// is judged again.
  public func directoryChanged() {
    do {
      try adoptTrust()
    } catch {
      // The identity worked before and the directory was checked by the host.
      logger.error("The directory's anchors cannot be used.", metadata: ["error": "\(error)"])
    }
    let peers = peersToDial()
    let actions = state.withLock { state -> [PeerTable.Action] in
      guard case .running = state.phase else { return [] }
      return state.table.listed(peers)
    }
    judgeAgain()
    perform(actions)
  }

  /// Takes another identity or other revocation lists: new connections use them, and every live
  /// connection is judged again.
  /// - Throws: `PeerLinkError` with `.identity`; the old ones stay in force then.
  public func reload(tls: PeerTLS) throws {
    let trust = try makeTrust(tls)
    state.withLock { state in
      state.tls = tls
      state.trust = trust
    }
    judgeAgain()
  }

  /// Dials a peer at once if it waits to be dialled. False if the directory does not name it.
  @discardableResult
  public func retryNow(_ peer: AgencyCode) -> Bool {
    let actions = state.withLock { state -> [PeerTable.Action]? in
      guard case .running = state.phase, state.table.overview()[peer] != nil else { return nil }
      return state.table.retryNow(peer)
    }
    perform(actions ?? [])
    return actions != nil
  }

  // MARK: Status

  /// Every peer in the directory, and those that are still connected.
  public func status() -> [AgencyCode: PeerLinkStatus] {
    state.withLock { state in
      var result: [AgencyCode: PeerLinkStatus] = [:]
      for (code, entry) in state.table.overview() {
        var status = entry.status
        status.software = state.software[code]
        let past = state.pastBytes[code] ?? (0, 0)
        (status.bytesIn, status.bytesOut) = (past.in, past.out)
        if let connection = entry.connection.flatMap({ state.connections[$0] }) {
          let meter = connection.measured()
          status.opening = connection.opening
          status.address = connection.address
          status.bytesIn += meter.bytesIn
          status.bytesOut += meter.bytesOut
          status.roundTripMillis = meter.clock.map { Double($0.roundTrip) / 1_000_000 }
          status.clockDifference = meter.clock?.difference
        }
        result[code] = status
      }
      return result
    }
  }

  // MARK: Trust

  private func adoptTrust() throws {
    let trust = try makeTrust(state.withLock { $0.tls })
    state.withLock { $0.trust = trust }
  }

  private func judgeAgain() {
    for connection in state.withLock({ Array($0.connections.values) }) {
      connection.post(.judgeAgain)
    }
  }
}
