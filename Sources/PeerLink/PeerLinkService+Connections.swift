import Cryptography
import Exchange
import Logging
import NIOCore
import NIOPosix
import RecordModel
import Synchronization

// Dialling and accepting.
extension PeerLinkService {
  /// Reads per turn of the event loop, 64 KiB each at most.
  private static let readsPerTurn: UInt = 8

  func listen(_ group: MultiThreadedEventLoopGroup) async throws -> any Channel {
    do {
      return try await ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 256)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .childChannelOption(.maxMessagesPerRead, value: Self.readsPerTurn)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture { try self.accept(channel) }
        }
        .bind(host: configuration.host, port: configuration.port).get()
    } catch {
      throw PeerLinkError(
        .listen, "Cannot listen on \(configuration.host), port \(configuration.port).",
        cause: error)
    }
  }

  private func accept(_ channel: any Channel) throws {
    let number = state.withLock { state -> UInt64? in
      guard case .running = state.phase, state.strangers.count < configuration.strangersLimit
      else { return nil }
      let number = state.table.nextNumber()
      state.strangers.insert(number)
      return number
    }
    // Closed without a word: an answer would cost what the limit is there to save.
    guard let number else { throw ChannelError.ioOnClosedChannel }
    do {
      try adopt(channel, number: number, dialled: nil)
    } catch {
      state.withLock { _ = $0.strangers.remove(number) }
      throw error
    }
  }

  func perform(_ actions: [PeerTable.Action]) {
    for action in actions {
      switch action {
      case .dial(let code, let endpoint, let connection):
        dial(code, endpoint, number: connection)
      case .schedule(let code, let millis, let token):
        guard let loop = nextLoop() else { return }
        loop.scheduleTask(in: .milliseconds(millis)) {
          self.perform(self.state.withLock { $0.table.timerFired(code, token: token) })
        }
      case .admit(let connection):
        state.withLock { $0.connections[connection] }?.post(.admit)
      case .dismiss(let connection, let fault):
        state.withLock { $0.connections[connection] }?.close(fault)
      }
    }
  }

  private func nextLoop() -> (any EventLoop)? {
    state.withLock { state in
      guard case .running(let group, _) = state.phase else { return nil }
      return group.next()
    }
  }

  private func dial(_ code: AgencyCode, _ endpoint: PeerEndpoint, number: UInt64) {
    guard let loop = nextLoop() else { return }
    logger.debug("Dialling.", metadata: ["peer": "\(code)", "endpoint": "\(endpoint)"])
    ClientBootstrap(group: loop)
      .connectTimeout(configuration.connectTimeout)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.maxMessagesPerRead, value: Self.readsPerTurn)
      .connect(host: endpoint.host, port: endpoint.port)
      // On the channel's own loop, in the turn in which it came up; and the client speaks first.
      .flatMapThrowing { channel in
        do {
          try self.adopt(channel, number: number, dialled: code)
        } catch {
          channel.close(promise: nil)
          throw error
        }
      }
      .whenFailure { error in
        let now = self.moment()
        let trouble = PeerTrouble(error, at: now.wall)
        self.finish(number, peer: code, trouble, now)
        self.logger.debug(
          "Dialling failed.", metadata: ["peer": "\(code)", "text": "\(trouble.text)"])
      }
  }

  /// Puts the handlers into a channel's pipeline, on its event loop.
  private func adopt(_ channel: any Channel, number: UInt64, dialled: AgencyCode?) throws {
    let trust = state.withLock { state -> PeerTrust? in
      guard case .running = state.phase else { return nil }
      return state.trust
    }
    guard let trust else { throw ChannelError.ioOnClosedChannel }
    let session = try TLSSession(context: trust.context, role: dialled == nil ? .server : .client)
    let connection = PeerConnection(
      id: number, dialled: dialled, channel: channel, logger: logger)
    var limits = TLSHandlerConfiguration()
    limits.handshakeTimeout = configuration.handshakeTimeout
    limits.closeTimeout = configuration.lingerTimeout
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(
      PeerConnectionHandler(connection: connection, owner: self, configuration: configuration))
    // Known before the first event, which adding the next handler may already bring.
    state.withLock { $0.connections[number] = connection }
    try pipeline.addHandler(TLSHandler(session: session, configuration: limits), position: .first)
  }

  func moment() -> Moment {
    Moment(wall: environment.now(), monotonic: environment.monotonic())
  }

  /// A connection, or an attempt, is over.
  func finish(_ number: UInt64, peer: AgencyCode, _ trouble: PeerTrouble?, _ now: Moment) {
    perform(
      state.withLock { state in
        state.strangers.remove(number)
        return state.table.ended(number, peer: peer, trouble: trouble, now: now)
      })
  }
}

// What the directory says.
extension PeerLinkService {
  /// The others in the directory, each with where to dial it, if it is to be dialled.
  func peersToDial() -> [AgencyCode: PeerEndpoint?] {
    var peers: [AgencyCode: PeerEndpoint?] = [:]
    for node in host.directory().nodes.values where node.code != host.code {
      let endpoint = configuration.acceptOnly.contains(node.code) ? nil : node.endpoint
      peers[node.code] = .some(endpoint.flatMap(PeerEndpoint.init(parsing:)))
      if let endpoint, peers[node.code] == .some(nil) {
        logger.error(
          "An endpoint in the directory is not host:port; the node is not dialled.",
          metadata: ["peer": "\(node.code)", "endpoint": "\(endpoint)"])
      }
    }
    return peers
  }

  func makeTrust(_ tls: PeerTLS) throws -> PeerTrust {
    let name = PeerTrust.namePrefix + host.code.rawValue
    guard tls.identity.chain.first?.uriNames.contains(name) == true else {
      throw PeerLinkError(.identity, "The TLS certificate must name this node: \(name).")
    }
    var anchors: [AgencyCode: [Certificate]] = [:]
    for node in host.directory().nodes.values {
      do {
        anchors[node.code] = try node.tlsAnchors.flatMap {
          try Certificate.list(pem: Array($0.utf8))
        }
      } catch {
        logger.error(
          "A node's TLS anchors in the directory cannot be read; it will not be let in.",
          metadata: ["peer": "\(node.code)", "error": "\(error)"])
      }
    }
    do {
      return try PeerTrust(own: host.code, tls: tls, anchors: anchors, now: environment.now)
    } catch {
      throw PeerLinkError(.identity, "The TLS identity cannot be used.", cause: error)
    }
  }
}

// What connections ask for and report.
extension PeerLinkService: PeerConnectionOwner {
  func now() -> Timestamp { environment.now() }

  func judge(
    _ chain: [Certificate], expected: AgencyCode?, purpose: ChainVerifier.Purpose
  ) -> PeerVerdict {
    guard let trust = state.withLock({ $0.trust }) else {
      return .refused(Fault(.stopping, "The node is not running."))
    }
    return trust.judge(chain, expected: expected, purpose: purpose, at: environment.now())
  }

  func hello(to peer: AgencyCode) -> Hello { host.hello(to: peer) }

  func introduced(_ connection: PeerConnection, as peer: AgencyCode, _ hello: Hello) {
    let now = moment()
    perform(
      state.withLock { state in
        state.strangers.remove(connection.id)
        state.names[connection.id] = peer
        state.software[peer] = hello.software
        return state.table.introduced(
          connection.id, peer: peer, isDialled: connection.dialled != nil, now: now)
      })
  }

  func openSession(with peer: AgencyCode, outlet: any PeerOutlet) -> any PeerInlet {
    logger.info("Connected.", metadata: ["peer": "\(peer)"])
    return host.openSession(with: peer, outlet: outlet)
  }

  func noticed(_ trouble: PeerTrouble, of peer: AgencyCode) {
    logger.warning(
      "The peer reports a fault.",
      metadata: [
        "peer": "\(peer)", "code": "\(trouble.code?.name ?? "")", "text": "\(trouble.text)",
      ])
    state.withLock { $0.table.noticed(trouble, of: peer) }
  }

  func ended(_ connection: PeerConnection, peer: AgencyCode?, _ trouble: PeerTrouble?) {
    if let peer = peer ?? connection.dialled {
      finish(connection.id, peer: peer, trouble, moment())
    } else {
      state.withLock { _ = $0.strangers.remove(connection.id) }
    }
    if trouble?.code == .duplicateConnection {
      logger.debug("Another connection stays.", metadata: ["connection": "\(connection.id)"])
    } else if let trouble {
      log(trouble, of: peer ?? connection.dialled, address: connection.address)
    }
  }

  private func log(_ trouble: PeerTrouble, of peer: AgencyCode?, address: String?) {
    logger.notice(
      "A connection is over.",
      metadata: [
        "peer": "\(peer?.rawValue ?? "unknown")", "address": "\(address ?? "unknown")",
        "side": "\(trouble.side.rawValue)", "code": "\(trouble.code?.name ?? "none")",
        "text": "\(trouble.text)",
      ])
  }

  func closed(_ connection: PeerConnection) {
    let meter = connection.measured()
    state.withLock { state in
      state.connections[connection.id] = nil
      state.strangers.remove(connection.id)
      guard let peer = state.names.removeValue(forKey: connection.id) else { return }
      let past = state.pastBytes[peer] ?? (0, 0)
      state.pastBytes[peer] = (past.in &+ meter.bytesIn, past.out &+ meter.bytesOut)
    }
  }
}
