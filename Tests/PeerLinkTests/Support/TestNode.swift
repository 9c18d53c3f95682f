import Cryptography
import Exchange
import NIOCore
import RecordModel
import SanxiangTesting

@testable import PeerLink

/// One node's service on a port of the loopback interface that the kernel chose.
struct TestNode {
  let host: FakeHost
  let service: PeerLinkService
  let logs: Mailbox<LogLine>

  init(
    _ code: AgencyCode, in federation: PeerFederation, directory: FederationDirectory? = nil,
    identity: TLSIdentity? = nil, lists: [RevocationList] = [],
    configure: (inout PeerLinkConfiguration) -> Void = { _ in }
  ) throws {
    var configuration = PeerLinkConfiguration()
    configuration.host = "127.0.0.1"
    configuration.port = 0
    // Attempts follow each other at once, or not while a test lasts.
    configuration.backoff = BackoffPolicy(baseMillis: 600_000, capMillis: 600_000)
    configure(&configuration)
    host = FakeHost(code: code, directory: try directory ?? federation.directory())
    logs = Mailbox<LogLine>()
    service = PeerLinkService(
      configuration: configuration, host: host,
      tls: PeerTLS(
        identity: try identity ?? federation.identity(code), revocationLists: lists),
      environment: federation.environment, logger: logs.logger)
  }

  func status(of peer: AgencyCode) -> PeerLinkStatus? { service.status()[peer] }

  /// Waits until a connection has ended or could not be made, and the status says why.
  @discardableResult
  func connectionOver() async throws -> LogLine {
    try await logs.first { ["A connection is over.", "Dialling failed."].contains($0.message) }
  }

  func change(directory: FederationDirectory) {
    host.replace(directory: directory)
    service.directoryChanged()
  }
}

/// Two nodes of which the first dials the second.
struct TestPair {
  let federation: PeerFederation
  let low: TestNode
  let middle: TestNode
  let port: Int

  static let lowCode = PeerFederation.low
  static let middleCode = PeerFederation.middle

  /// - Parameter dialler: changes the configuration of the node that dials.
  init(
    in federation: PeerFederation? = nil, identity: TLSIdentity? = nil,
    dialler: (inout PeerLinkConfiguration) -> Void = { _ in }
  ) async throws {
    let federation = try federation ?? PeerFederation()
    self.federation = federation
    middle = try TestNode(Self.middleCode, in: federation, identity: identity)
    port = try await middle.service.start()
    low = try TestNode(
      Self.lowCode, in: federation,
      directory: federation.directory(endpoints: [Self.middleCode: "127.0.0.1:\(port)"]),
      configure: dialler)
    _ = try await low.service.start()
  }

  /// The outlets of both ends, once both sessions are open.
  func opened() async throws -> (low: any PeerOutlet, middle: any PeerOutlet) {
    (try await low.host.opened(Self.middleCode), try await middle.host.opened(Self.lowCode))
  }

  func stop() async {
    await low.service.stop()
    await middle.service.stop()
  }
}
