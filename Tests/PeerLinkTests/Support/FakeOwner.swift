import Cryptography
import Exchange
import NIOCore
import NIOEmbedded
import RecordModel
import SanxiangTesting
import Synchronization

@testable import PeerLink

/// A service that notes what its one connection asks, and answers as the test says.
final class FakeOwner: PeerConnectionOwner {
  struct Notes: Sendable {
    var introduced: [AgencyCode] = []
    var troubles: [PeerTrouble?] = []
    var noticed: [PeerTrouble] = []
    var closed = 0
  }

  let clock = ManualClock()
  let events = Mailbox<FakeHost.Event>()
  let verdict = Mutex(PeerVerdict.trusted(PeerFederation.middle))
  private let notes = Mutex(Notes())

  var noted: Notes { notes.withLock { $0 } }

  func now() -> Timestamp { clock.now }

  func judge(
    _ chain: [Certificate], expected: AgencyCode?, purpose: ChainVerifier.Purpose
  ) -> PeerVerdict {
    verdict.withLock { $0 }
  }

  func hello(to peer: AgencyCode) -> Hello { PeerFederation.hello(PeerFederation.low, to: peer) }

  func introduced(_ connection: PeerConnection, as peer: AgencyCode, _ hello: Hello) {
    notes.withLock { $0.introduced.append(peer) }
  }

  func openSession(with peer: AgencyCode, outlet: any PeerOutlet) -> any PeerInlet {
    events.post(.opened(peer, outlet))
    return FakeInlet(peer: peer, events: events)
  }

  func noticed(_ trouble: PeerTrouble, of peer: AgencyCode) {
    notes.withLock { $0.noticed.append(trouble) }
  }

  func ended(_ connection: PeerConnection, peer: AgencyCode?, _ trouble: PeerTrouble?) {
    notes.withLock { $0.troubles.append(trouble) }
  }

  func closed(_ connection: PeerConnection) { notes.withLock { $0.closed += 1 } }
}

/// A connection's handler in a pipeline without TLS or sockets; the test is the peer.
final class HandlerWorld {
  let owner = FakeOwner()
  let channel = EmbeddedChannel()
  let connection: PeerConnection
  private var stream = FrameBuffer(limit: WireLimits.frame)

  init(
    outgoingLimit: Int = WireLimits.outgoing,
    configure: (inout PeerLinkConfiguration) -> Void = { _ in }
  ) throws {
    var configuration = PeerLinkConfiguration()
    configure(&configuration)
    connection = PeerConnection(
      id: 1, dialled: PeerFederation.middle, channel: channel,
      logger: Mailbox<LogLine>().logger, outgoingLimit: outgoingLimit)
    let handler = PeerConnectionHandler(
      connection: connection, owner: owner, configuration: configuration)
    try channel.pipeline.syncOperations.addHandler(handler)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 7443)).wait()
  }

  var loop: EmbeddedEventLoop { channel.embeddedEventLoop }

  func secure() {
    channel.pipeline.fireUserInboundEventTriggered(
      TLSHandshakeCompleted(peerChain: [], applicationProtocol: nil))
  }

  /// From nothing to an open session.
  func open() throws {
    secure()
    try say(.message(.hello(PeerFederation.hello(PeerFederation.middle, to: PeerFederation.low))))
    connection.post(.admit)
    loop.run()
  }

  /// The peer says something.
  func say(_ frame: WireFrame) throws {
    try channel.writeInbound(try FrameEncoder.encode(frame))
  }

  /// What has been said to the peer since the last call.
  func heard() throws -> [WireFrame] {
    while let bytes = try channel.readOutbound(as: ByteBuffer.self) { stream.append(bytes) }
    var frames: [WireFrame] = []
    while let body = try stream.next() { frames.append(try FrameDecoder.decode(body)) }
    return frames
  }

  /// The code of the last fault said to the peer.
  func heardFault() throws -> FaultCode? {
    guard case .message(.fault(let fault))? = try heard().last else { return nil }
    return fault.code
  }
}
