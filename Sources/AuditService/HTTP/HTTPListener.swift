public import Logging
public import NIOCore
import NIOHTTP1
import NIOPosix
public import ServiceLifecycle
import Synchronization

/// A small HTTP/1.1 server for auditors and witnesses: whole requests in, answers out, one at a time
/// on each connection. Everything has a limit, of size and of time, since strangers may reach it.
public struct HTTPListener: Service {
  /// Answers a request; what it throws becomes a 500 that says nothing of the reason.
  public typealias Answering = @Sendable (HTTPQuestion) async throws -> HTTPReply

  let host: String
  let port: Int
  let limits: HTTPLimits
  let group: any EventLoopGroup
  let logger: Logger
  let onListening: @Sendable (Int) async throws -> Void
  let answer: Answering

  /// Makes a listener; it listens in `run()`. `onListening` is told the port, which the kernel
  /// chooses where `port` is 0.
  public init(
    host: String, port: Int, limits: HTTPLimits, group: any EventLoopGroup, logger: Logger,
    onListening: @escaping @Sendable (Int) async throws -> Void = { _ in },
    answer: @escaping Answering
  ) {
    self.host = host
    self.port = port
    self.limits = limits
    self.group = group
    self.logger = logger
    self.onListening = onListening
    self.answer = answer
  }

  /// Serves until a graceful shutdown; then what is being answered may end, for a while.
  public func run() async throws {
    let open = OpenConnections(limit: limits.connections)
    let (limits, logger, answer) = (limits, logger, answer)
    let server = try await ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 128)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.maxMessagesPerRead, value: 4)
      .childChannelInitializer { channel in
        guard open.add(channel) else {
          logger.debug("connection refused: too many are open")
          return channel.close()
        }
        return channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
          try pipeline.addHandler(
            HTTPQuestionHandler(limits: limits, logger: logger, open: open, answer: answer))
        }
      }
      .bind(host: host, port: port).get()
    logger.info("listening", metadata: ["address": "\(server.localAddress?.description ?? "")"])
    do {
      try await onListening(server.localAddress?.port ?? port)
      try? await gracefulShutdown()
    } catch {
      try? await server.close()
      throw error
    }
    try? await server.close()
    await open.drain(within: .seconds(limits.stopSeconds))
    logger.info("stopped listening")
  }
}

/// The connections of one listener.
final class OpenConnections: Sendable {
  private struct State {
    var channels: [ObjectIdentifier: any Channel] = [:]
    /// Those that are being answered.
    var busy: Set<ObjectIdentifier> = []
    var isClosing = false
    var drained: [CheckedContinuation<Void, Never>] = []
  }
  private let limit: Int
  private let state = Mutex(State())

  init(limit: Int) { self.limit = limit }

  /// Whether answers end their connections from now on.
  var isClosing: Bool { state.withLock { $0.isClosing } }

  /// Takes one in; false where there are as many as may be.
  func add(_ channel: any Channel) -> Bool {
    let key = ObjectIdentifier(channel)
    let taken = state.withLock { state in
      guard state.channels.count < limit, !state.isClosing else { return false }
      state.channels[key] = channel
      return true
    }
    if taken { channel.closeFuture.whenComplete { [weak self] _ in self?.remove(key) } }
    return taken
  }

  /// Notes that one is being answered, or no longer.
  func note(_ channel: any Channel, isBusy: Bool) {
    let key = ObjectIdentifier(channel)
    state.withLock { state in
      if isBusy { state.busy.insert(key) } else { state.busy.remove(key) }
    }
    finishIfDrained()
  }

  /// Closes the idle ones now, the others when they have their answer or when time is up.
  func drain(within limit: Duration) async {
    let idle = state.withLock { state in
      state.isClosing = true
      return state.channels.filter { !state.busy.contains($0.key) }.map(\.value)
    }
    for channel in idle { channel.close(promise: nil) }
    let killer = Task {
      try await Task.sleep(for: limit)
      for channel in self.state.withLock({ Array($0.channels.values) }) {
        channel.close(promise: nil)
      }
    }
    await withCheckedContinuation { continuation in
      state.withLock { $0.drained.append(continuation) }
      finishIfDrained()
    }
    killer.cancel()
  }

  private func remove(_ key: ObjectIdentifier) {
    state.withLock { state in
      state.channels[key] = nil
      state.busy.remove(key)
    }
    finishIfDrained()
  }

  private func finishIfDrained() {
    let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      guard state.isClosing, state.channels.isEmpty else { return [] }
      defer { state.drained = [] }
      return state.drained
    }
    for continuation in waiting { continuation.resume() }
  }
}
