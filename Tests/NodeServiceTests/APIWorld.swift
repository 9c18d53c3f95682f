import FoundationEssentials
import Logging
import NIOCore
import NIOPosix
import NodeClient
import ServiceLifecycle

@testable import NodeService

/// A server on a real Unix socket in a folder of its own, with a fake node behind it.
struct APIWorld: Sendable {
  let node: FakeNode
  let link: FakeLink
  let client: NodeClient
  let socketPath: String

  /// Starts, runs the body, stops gracefully and removes everything.
  static func run(_ body: (APIWorld) async throws -> Void) async throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let world = APIWorld(
      node: try FakeNode(), link: try FakeLink(),
      client: NodeClient(socketPath: folder + "/s", timeout: .seconds(10)),
      socketPath: folder + "/s")
    try await serve(node: world.node, link: world.link, at: world.socketPath) {
      try await body(world)
    }
    await world.client.shutdown()
  }

  /// Serves while the body runs; returns when the server has stopped.
  static func serve(
    node: FakeNode, link: FakeLink, at path: String, onlyFor users: Set<UInt32>? = nil,
    for group: UInt32? = nil, body: () async throws -> Void
  ) async throws {
    try await serve(node: node, link: link, at: path, onlyFor: users, for: group) { _ in
      try await body()
    }
  }

  /// The same, with the denials that the server counts.
  static func serve(
    node: FakeNode, link: FakeLink, at path: String, onlyFor users: Set<UInt32>? = nil,
    for group: UInt32? = nil, body: (DenialCounter) async throws -> Void
  ) async throws {
    let (listening, continuation) = AsyncStream<Void>.makeStream()
    var server = APIServer(
      node: node, link: link, configuration: .init(socketPath: path, group: group),
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: silent,
      onListening: { continuation.finish() })
    if let users { server.standingUsers = users }
    let group = ServiceGroup(
      configuration: .init(services: [.init(service: server)], logger: silent))
    let running = Task {
      defer { continuation.finish() }
      try await group.run()
    }
    for await _ in listening {}
    do {
      try await body(server.denials)
    } catch {
      await group.triggerGracefulShutdown()
      _ = await running.result
      throw error
    }
    await group.triggerGracefulShutdown()
    try await running.value
  }

  static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// Short, for a socket's path has 107 bytes at most.
  static func temporaryFolder() throws -> String {
    let path = "/tmp/sx-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    return path
  }

  /// The problem that a call is refused with.
  func refusal(_ call: APICall) async throws -> Problem? {
    do {
      _ = try await client.call(call)
      return nil
    } catch let error as ClientError {
      return error.problem
    }
  }
}
