import Auditor
import Foundation
import NIOCore
import NIOPosix
import RecordModel
import SanxiangTesting
import Synchronization
import Testing

@testable import AuditService
@testable import sanxiang

/// Who may read a node's logs over HTTP, and how much.
@Suite("The door to a node's logs")
struct AuditGateTests {
  private static let token = "0123456789abcdef0123456789abcdef"
  private static let access = """
    # auditors
    full \(AuditAccess.digest(of: token)) payloads

    headers \(AuditAccess.digest(of: token + "x"))
    """

  /// A server that is asked without a socket, at a time that stands still.
  private func server(
    _ served: ServedWorld, perSecond: Int = 100, time: Moment
  ) throws -> AuditServer {
    AuditServer(
      configuration: .init(host: "127.0.0.1", port: 0, requestsPerSecond: perSecond),
      files: served.files, access: try AuditAccess(parsing: Array(Self.access.utf8)),
      group: MultiThreadedEventLoopGroup.singleton, logger: quiet,
      monotonic: { time.value.withLock { $0 } }, onDenied: { time.denied.withLock { $0 += 1 } })
  }

  private final class Moment: Sendable {
    let value = Mutex<UInt64>(0)
    let denied = Mutex(0)
  }

  private func ask(
    _ server: AuditServer, _ token: String?, method: String = "GET",
    _ target: String = "/outbox.txt"
  ) async throws -> HTTPReply {
    try await server.answer(
      HTTPQuestion(
        method, target, headers: token.map { [("Authorization", "Bearer \($0)")] } ?? []))
  }

  @Test("opens to tokens that it knows, for reading only")
  func tokens() async throws {
    let served = try ServedWorld(leads: 1)
    let time = Moment()
    let server = try server(served, time: time)
    #expect(try await ask(server, Self.token).status == 200)
    #expect(try await ask(server, Self.token, method: "HEAD").status == 200)
    #expect(try await ask(server, nil).status == 401)
    #expect(try await ask(server, "").status == 401)
    #expect(try await ask(server, Self.token + "y").status == 401)
    #expect(try await ask(server, String(repeating: "a", count: 600)).status == 401)
    #expect(time.denied.withLock { $0 } == 4)
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
      #expect(try await ask(server, Self.token, method: method).status == 405)
    }
    server.reload(try AuditAccess(parsing: []))
    #expect(try await ask(server, Self.token).status == 401)
  }

  @Test("lets each auditor ask so often a second, and no more")
  func rate() async throws {
    let served = try ServedWorld(leads: 1)
    let time = Moment()
    let server = try server(served, perSecond: 3, time: time)
    for _ in 0..<3 { #expect(try await ask(server, Self.token).status == 200) }
    let refused = try await ask(server, Self.token)
    #expect(refused.status == 429)
    #expect(refused.headers.contains { $0.name == "retry-after" })
    #expect(try await ask(server, Self.token + "x").status == 200, "another auditor")
    time.value.withLock { $0 += 400_000_000 }
    #expect(try await ask(server, Self.token).status == 200)
    #expect(try await ask(server, Self.token).status == 429)
    time.value.withLock { $0 += 60_000_000_000 }
    for _ in 0..<3 { #expect(try await ask(server, Self.token).status == 200) }
    #expect(try await ask(server, Self.token).status == 429)
  }

  @Test(
    "takes no file of auditors that is not what it should be",
    arguments: [
      "name", "name 00", "name \(String(repeating: "G", count: 64))",
      "name \(String(repeating: "A", count: 64))",
      "name \(String(repeating: "a", count: 64)) all",
      "name \(String(repeating: "a", count: 64)) payloads x",
      "a \(String(repeating: "a", count: 64))\na \(String(repeating: "b", count: 64))",
      "a \(String(repeating: "a", count: 64))\nb \(String(repeating: "a", count: 64))",
      "\(String(repeating: "n", count: 65)) \(String(repeating: "a", count: 64))",
    ])
  func badAccess(_ text: String) {
    #expect(throws: AuditAccessError.self) { try AuditAccess(parsing: Array(text.utf8)) }
  }

  /// Serves on a port of the kernel's choice while `body` runs.
  static func serving<R: Sendable>(
    _ server: (@escaping @Sendable (Int) async throws -> Void) -> AuditServer,
    _ body: (String) async throws -> R
  ) async throws -> R {
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    let running = server { continuation.yield($0) }
    let task = Task { try await running.run() }
    var iterator = ports.makeAsyncIterator()
    let port = try #require(await iterator.next())
    let result: Result<R, any Error>
    do { result = .success(try await body("http://127.0.0.1:\(port)")) } catch {
      result = .failure(error)
    }
    task.cancel()
    _ = await task.result
    return try result.get()
  }

  @Test("an audit over HTTP finds what an audit of the store finds, and nothing without a token")
  func overHTTP() async throws {
    let served = try ServedWorld(leads: 7)
    let (files, pinned) = (served.files, served.world.federation.pinned)
    let access = try AuditAccess(parsing: Array(Self.access.utf8))
    try await Self.serving {
      AuditServer(
        configuration: .init(host: "127.0.0.1", port: 0), files: files, access: access,
        group: MultiThreadedEventLoopGroup.singleton, logger: quiet, monotonic: { 0 },
        onListening: $0)
    } _: { url in
      try await withFolder { folder in
        let tokens = folder + "/tokens"
        try Data("\(url) \(Self.token)\n".utf8).write(to: URL(filePath: tokens))
        let reports = try await blocking {
          try [WebTokens(reading: tokens)].map { tokens in
            try AuditInput.with(url, tokens: tokens) {
              try StoreAudit(pinned: pinned).verify($0.source)
            }
          }
        }
        #expect(reports[0].isClean, "\(reports[0])")
        #expect(reports[0].channels.map(\.entries).reduce(0, +) == 14)
        await #expect(throws: Failure.self) {
          try await blocking { try AuditInput.with(url) { _ in } }
        }
      }
    }
  }
}
