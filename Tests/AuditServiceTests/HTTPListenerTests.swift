import Foundation
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOPosix
import NodeClient
import RecordSchema
import Testing

@testable import AuditService

/// The server that strangers may reach.
@Suite("The HTTP listener")
struct HTTPListenerTests {
  private func channel(_ limits: HTTPLimits = HTTPLimits()) throws -> EmbeddedChannel {
    let channel = EmbeddedChannel(
      handler: HTTPQuestionHandler(
        limits: limits, logger: quiet, open: OpenConnections(limit: 1),
        answer: { _ in HTTPReply(type: "text/plain", []) }))
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    return channel
  }

  @Test("waits so long for a head, however it trickles, and no longer for a body")
  func slow() throws {
    let waiting = try channel()
    waiting.embeddedEventLoop.advanceTime(by: .seconds(19))
    #expect(waiting.isActive)
    waiting.embeddedEventLoop.advanceTime(by: .seconds(1))
    #expect(!waiting.isActive)
    let sending = try channel()
    try sending.writeInbound(
      HTTPServerRequestPart.head(HTTPRequestHead(version: .http1_1, method: .POST, uri: "/")))
    for _ in 0..<19 {
      sending.embeddedEventLoop.advanceTime(by: .seconds(1))
      try sending.writeInbound(HTTPServerRequestPart.body(ByteBuffer(bytes: [1])))
    }
    #expect(sending.isActive)
    sending.embeddedEventLoop.advanceTime(by: .seconds(1))
    #expect(!sending.isActive)
  }

  @Test(
    "says why it refuses in JSON, whatever the reason holds",
    arguments: ["plain", "\"quoted\" \\ back", "two\nlines\t\u{1}", "中文 \u{2028}", ""])
  func problems(_ detail: String) async throws {
    let bytes = try await WitnessAnswer.refusing(detail).reply.whole()
    let root = try JSONDocument(parsing: bytes, profile: .general).root
    #expect(root["detail"]?.string == detail)
    #expect(root["code"]?.string == "witness.refusing")
    #expect(root["status"]?.integer == 503)
  }

  /// Serves while `body` runs.
  private func serving<R: Sendable>(
    _ limits: HTTPLimits, answer: @escaping HTTPListener.Answering,
    _ body: (WebAddress) async throws -> R
  ) async throws -> R {
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    let listener = HTTPListener(
      host: "127.0.0.1", port: 0, limits: limits, group: MultiThreadedEventLoopGroup.singleton,
      logger: quiet, onListening: { continuation.yield($0) }, answer: answer)
    let task = Task { try await listener.run() }
    var iterator = ports.makeAsyncIterator()
    let port = try #require(await iterator.next())
    let result: Result<R, any Error>
    do { result = .success(try await body(WebAddress("http://127.0.0.1:\(port)"))) } catch {
      result = .failure(error)
    }
    task.cancel()
    _ = await task.result
    return try result.get()
  }

  @Test("answers whole and piece by piece, and refuses what is too long")
  func answers() async throws {
    var limits = HTTPLimits()
    limits.bodyBytes = 100
    try await serving(limits) { question in
      switch question.path {
      case "/echo": return HTTPReply(type: "text/plain", question.body)
      case "/parts":
        let parts = Parts()
        return HTTPReply(status: 200, headers: [], body: .parts { await parts.next() })
      default: throw HTTPListenerTests.Unwanted()
      }
    } _: { address in
      let client = WebClient(
        address, eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
      let echo = try await client.send(.post, "/echo", body: Array("hello".utf8))
      #expect(echo.status == 200 && echo.body == Array("hello".utf8))
      #expect(try await client.send(.get, "/parts").body == [0, 1, 2, 3, 4])
      #expect(try await client.send(.get, "/other").status == 500)
      #expect(
        try await client.send(.post, "/echo", body: [UInt8](repeating: 65, count: 101)).status
          == 413)
      let long = String(repeating: "a", count: 20_000)
      #expect(try await client.send(.get, "/echo", headers: [("x-long", long)]).status == 431)
      #expect(try await client.send(.get, "/parts").status == 200)
      client.close()
    }
  }

  private struct Unwanted: Error {}

  private actor Parts {
    private var count: UInt8 = 0
    func next() -> [UInt8]? {
      defer { count += 1 }
      return count < 5 ? [count] : nil
    }
  }

  @Test("takes no more connections than it may")
  func crowded() async throws {
    var limits = HTTPLimits()
    limits.connections = 1
    try await serving(limits) { _ in
      HTTPReply(type: "text/plain", [1])
    } _: { address in
      let group = MultiThreadedEventLoopGroup.singleton
      let first = WebClient(address, eventLoopGroup: group)
      let answer = try await first.send(.get, "/")
      #expect(answer.status == 200)
      let second = WebClient(address, eventLoopGroup: group)
      await #expect(throws: ClientError.self) { try await second.send(.get, "/") }
      let again = try await first.send(.get, "/")
      #expect(again.status == 200)
      first.close()
      second.close()
    }
  }

  @Test("lets so many through each second")
  func rate() {
    var limit = RateLimit(perSecond: 2, now: 0)
    let passed = (0..<10).map { limit.passes(now: UInt64($0) * 250_000_000) }
    #expect(passed == [true, true, true, false, true, false, true, false, true, false])
    // A clock that goes back gives nothing and takes nothing.
    let later = [3_600_000_000_000, 0, 0].map { limit.passes(now: $0) }
    #expect(later == [true, true, false])
  }
}
