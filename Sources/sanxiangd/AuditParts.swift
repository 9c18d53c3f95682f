import AuditService
import Exchange
import Logging
import NIOCore
import NIOPosix
import NodeClient
import NodeService
import RecordModel
import SQLiteStore
import ServiceLifecycle

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What a node does for auditors beside its own work: its logs to read, where that is configured, and
/// its journal's heads offered to the directory's witnesses.
struct AuditParts: Sendable {
  let services: [any Service]
  private let server: AuditServer?
  private let group: MultiThreadedEventLoopGroup
  private let transport: WitnessTransport
  private let logger: Logger

  init(
    _ settings: Settings, _ materials: Materials, node: Node, store: SQLiteStore,
    environment: Environment, denials: DenialCounter, logger: Logger
  ) throws {
    self.logger = logger
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    self.group = group
    let queue = StoreQueue(store)
    let transport = WitnessTransport {
      WebClient($0, timeout: .seconds(15), byteLimit: 64 << 10, eventLoopGroup: group)
    }
    self.transport = transport
    let poster = WitnessPoster(
      node: .init(
        code: settings.code, store: queue, directory: { node.directory() },
        keep: { try await node.keepCosigned($0, by: $1) }),
      now: environment.now,
      jitter: { Double(environment.random(1).first ?? 0) / 256 }, logger: logger,
      transport: { try await transport.send($0, $1) })
    guard let audit = settings.audit else {
      (services, server) = ([poster], nil)
      return
    }
    let portFile = settings.dataFolder + "/audit.port"
    let server = AuditServer(
      configuration: .init(
        host: audit.host, port: audit.port, requestsPerSecond: audit.requestsPerSecond,
        connections: audit.connections),
      files: AuditFiles(
        node: .init(
          federation: settings.federation, code: settings.code,
          authority: materials.authority.encoded, software: "sanxiang/\(Version.text)",
          payloads: audit.payloads),
        store: queue, now: environment.now),
      access: try Self.access(audit.tokens), group: group, logger: logger,
      monotonic: environment.monotonic, onDenied: { denials.add(1) },
      onListening: { try FileBytes.write("\($0)\n", to: portFile) })
    self.server = server
    // Stopped the other way round: the file goes when the port has gone.
    services = [
      StartStopService("auditors", logger: logger, start: {}, stop: { unlink(portFile) }), server,
      poster,
    ]
  }

  /// Reads the auditors' file; it must not be anybody's to change.
  static func access(_ path: String) throws -> AuditAccess {
    try FileBytes.checkUnchangeable(path)
    do {
      return try AuditAccess(parsing: FileBytes.read(path, limit: AuditAccess.byteLimit))
    } catch let error as AuditAccessError {
      throw DaemonError(.configuration, "configuration key audit.tokens: \(path): \(error)")
    }
  }

  /// Reads the auditors' file again.
  func reload(_ settings: Settings) throws {
    guard let audit = settings.audit, let server else { return }
    server.reload(try Self.access(audit.tokens))
    logger.notice("auditors reloaded")
  }

  /// After everything has stopped.
  func end() async {
    transport.close()
    try? await group.shutdownGracefully()
  }
}
