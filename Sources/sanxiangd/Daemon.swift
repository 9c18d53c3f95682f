import Cryptography
import Exchange
import Logging
import NIOCore
import NIOPosix
import NodeService
import PeerLink
import RecordModel
import RecordSchema
import SQLiteStore
import ServiceLifecycle

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One node: the exchange, its store, its sockets, wired together.
struct Daemon {
  let settings: Settings
  let materials: Materials
  let environment: [String: String]
  /// Judged already.
  let socket: APIServer.Configuration
  /// Whether an operator says that the store is an older copy.
  let isRestored: Bool
  let logger: Logger

  private var world: Environment {
    let (folder, logger) = (settings.clocksFolder, logger)
    let ahead = Int64(settings.clockAheadHours) * 3_600_000
    return Environment(
      now: { WallClock.now().advanced(byMilliseconds: ahead) },
      monotonic: { WallClock.monotonic() },
      random: { SecureRandom.bytes($0) },
      clockFiles: { ClockFolder.read(folder, logger: logger) })
  }

  /// Runs until a signal. Throws `DaemonError`.
  func run() async throws {
    let store = try openStore()
    let node = try makeNode(store)
    try materials.check(node.directory())
    try await named("the node", .software) { try await node.start() }
    if let note = materials.directoryNote {
      do {
        try await node.loadDirectory(note)
      } catch {
        // An older file beside a newer stored directory stops nobody from working.
        logger.error("directory not loaded", metadata: ["reason": "\(error)"])
      }
    }
    let link = PeerLinkService(
      configuration: linkConfiguration, host: node, tls: materials.tls,
      environment: world, logger: logger)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let api = APIServer(
      node: node, link: link, configuration: socket, eventLoopGroup: group, logger: logger)
    let audit = try AuditParts(
      settings, materials, node: node, store: store, environment: world, denials: api.denials,
      logger: logger)
    let services = makeRuntime(node: node, link: link, api: api, audit: audit).makeGroup()
    let reloader = Reloader(
      node: node, link: link, audit: audit, settings: settings, environment: environment,
      logger: logger)
    let signals = Signals(
      stop: { Task { await services.triggerGracefulShutdown() } },
      reload: { Task { await reloader.reload() } })
    defer { withExtendedLifetime(signals) {} }
    if settings.clockAheadHours > 0 {
      logger.warning(
        "the clock runs ahead: for rehearsals only",
        metadata: ["hours": "\(settings.clockAheadHours)"])
    }
    logger.notice(
      "node started",
      metadata: ["code": "\(settings.code)", "version": "\(Version.text)"])
    do {
      try await services.run()
    } catch {
      await node.stop()
      try? store.close()
      throw DaemonError(.unavailable, "the node stopped: \(error)")
    }
    try? store.close()
    try? await group.shutdownGracefully()
    await audit.end()
    logger.notice("node stopped", metadata: ["code": "\(settings.code)"])
  }

  /// Lines the node's parts up. The API has a thread of its own, so that no peer can slow it down.
  private func makeRuntime(
    node: Node, link: PeerLinkService, api: APIServer, audit: AuditParts
  ) -> NodeRuntime {
    let logger = logger
    let portFile = settings.dataFolder + "/peer.port"
    let linkService = StartStopService(
      "peers", logger: logger,
      start: {
        let port = try await link.start()
        try FileBytes.write("\(port)\n", to: portFile)
        logger.info("peers listening", metadata: ["port": "\(port)"])
        Memory.releaseStartPages()
      },
      stop: {
        unlink(portFile)
        await link.stop()
      })
    return NodeRuntime(
      node: node, stopNode: { await node.stop() }, link: linkService, api: api,
      hook: settings.hook.map { hook in
        ArrivalHook(
          node: node,
          configuration: .init(
            executable: hook.command, timeLimit: .seconds(hook.seconds), attempts: hook.attempts,
            environment: [
              "PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8",
              "SANXIANG_SOCKET=\(settings.socketPath)",
            ]),
          logger: logger)
      }, others: audit.services, stopWithin: .seconds(settings.stopSeconds), logger: logger)
  }

  private var linkConfiguration: PeerLinkConfiguration {
    var configuration = PeerLinkConfiguration()
    configuration.host = settings.peerHost
    configuration.port = settings.peerPort
    configuration.acceptOnly = settings.acceptOnly
    configuration.eventLoops = settings.eventLoops
    return configuration
  }

  private var limits: ExchangeLimits {
    var limits = ExchangeLimits()
    if let records = settings.outboxRecords { limits.outboxRecords = records }
    if let bytes = settings.outboxBytes { limits.outboxBytes = bytes }
    if let bytes = settings.storageReserveBytes { limits.storageReserveBytes = UInt64(bytes) }
    if let records = settings.windowRecords { limits.windowRecords = UInt32(records) }
    if let bytes = settings.windowBytes { limits.windowBytes = UInt64(bytes) }
    return limits
  }

  private func openStore() throws -> SQLiteStore {
    do {
      return try SQLiteStore(folder: settings.dataFolder)
    } catch StoreFailure.unusable(let reason) {
      throw DaemonError(.unavailable, "store in \(settings.dataFolder): \(reason)")
    } catch {
      throw DaemonError(.software, "store in \(settings.dataFolder): \(error)")
    }
  }

  /// What this node calls itself. A clock that runs ahead stands in the journal and before every
  /// peer's eyes.
  private var software: String {
    let name = "sanxiang/\(Version.text)"
    let hours = settings.clockAheadHours
    return hours == 0 ? name : name + " (rehearsal: clock \(hours) h ahead)"
  }

  private func makeNode(_ store: SQLiteStore) throws -> Node {
    let logger = logger
    do {
      return try Node(
        identity: materials.identity, directoryNote: materials.directoryNote,
        pinned: materials.authority.authority, store: store, registry: .builtIn, limits: limits,
        environment: world, software: software, logger: logger,
        operators: materials.operators, isRestored: isRestored,
        onFatal: { error in
          logger.critical("the node must end", metadata: ["reason": "\(error)"])
          // At once: nothing that is still running may write on.
          _exit(DaemonError.Status.software.rawValue)
        })
    } catch let error as ExchangeError where error.code == .notFound {
      throw DaemonError.key(
        "directory",
        "no federation directory is stored, and there is none at \(settings.directoryPath)")
    } catch let error as ExchangeError where error.code == .storageCorrupt {
      throw DaemonError(.software, "\(error)")
    } catch {
      throw DaemonError(.configuration, "\(error)")
    }
  }

  private func named<Value>(
    _ what: String, _ status: DaemonError.Status, _ body: () async throws -> Value
  ) async throws -> Value {
    do {
      return try await body()
    } catch {
      throw DaemonError(status, "\(what): \(error)")
    }
  }
}

/// Reads again what may change while a node runs: the directory, the TLS files.
struct Reloader: Sendable {
  let node: Node
  let link: PeerLinkService
  let audit: AuditParts
  let settings: Settings
  let environment: [String: String]
  let logger: Logger

  /// What fails is logged and leaves what was in force.
  func reload() async {
    do {
      if let note = try Materials.readDirectory(settings) {
        try await node.loadDirectory(note)
        link.directoryChanged()
      }
      logger.notice("directory reloaded", metadata: ["version": "\(node.directory().version)"])
    } catch {
      logger.error("directory not reloaded", metadata: ["reason": "\(error)"])
    }
    do {
      let passphrase = try Passphrase.find(
        file: settings.passphraseFile, environment: environment, mayAsk: false)
      try link.reload(
        tls: Materials.readTLS(settings, passphrase: passphrase, environment: environment))
      logger.notice("tls reloaded")
    } catch {
      logger.error("tls not reloaded", metadata: ["reason": "\(error)"])
    }
    do {
      try audit.reload(settings)
    } catch {
      logger.error("auditors not reloaded", metadata: ["reason": "\(error)"])
    }
  }
}
