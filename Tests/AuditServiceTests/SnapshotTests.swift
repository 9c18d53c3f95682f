import Auditor
import Exchange
import Foundation
import NIOPosix
import RecordModel
import SanxiangTesting
import Synchronization
import Testing
import TransparencyLog

@testable import AuditService
@testable import sanxiang

/// The states that auditors are shown, and how long each is kept for whom.
@Suite("A state that an auditor was shown")
struct SnapshotTests {
  @Test("is gone when nobody has asked for it and the auditor began eight others")
  func gone() async throws {
    let served = try ServedWorld(leads: 2)
    let first = try await served.shownSnapshot()
    #expect(try await served.get("/outbox.txt?snapshot=\(first)").status == 200)
    for _ in 0..<SnapshotBook.auditorLimit { _ = try await served.shownSnapshot() }
    let names = [
      "outbox.txt", "export.json", "authority.json", "logs/a/b/c/d/1/tile/0/000",
      "logs/a/b/c/d/1/payload/000", "logs/a/b/c/d/1/tile/entries/000",
    ]
    for name in names {
      #expect(try await served.get("/\(name)?snapshot=\(first)").status == 410, "\(name)")
      #expect(try await served.get("/\(name)?snapshot=0123").status == 410, "\(name)")
    }
  }

  @Test(
    "is kept as long as anything is asked as of it, however many others are begun",
    arguments: ["tile/0/000.p/1", "tile/entries/000.p/1", "payload/000.p/1", "claims.json"],
    ["one", "another"])
  func kept(_ name: String, _ beginner: String) async throws {
    let served = try ServedWorld(leads: 3)
    let first = try await served.shownSnapshot()
    let log = try #require(
      try await ExportManifest(parsing: served.bytes("/export.json") ?? []).logs
        .first { $0.kind == .channelOut })
    for _ in 0..<3 * SnapshotBook.auditorLimit {
      _ = try await served.shownSnapshot(to: beginner)
      #expect(try await served.get("/\(log.path)/\(name)?snapshot=\(first)").status == 200)
    }
    #expect(try await served.get("/outbox.txt?snapshot=\(first)").status == 200)
  }

  @Test("is kept while it rests, whatever others begin; who begins most loses their own first")
  func others() async throws {
    let served = try ServedWorld(leads: 2)
    let first = try await served.shownSnapshot()
    var held = [first]
    for number in 4..<SnapshotBook.limit {
      _ = try await served.shownSnapshot(to: "watch")
      held.append(try await served.shownSnapshot(to: "auditor \(number)"))
    }
    #expect(held.count + SnapshotBook.auditorLimit > SnapshotBook.limit)
    for id in held {
      #expect(try await served.get("/outbox.txt?snapshot=\(id)").status == 200)
    }
  }

  @Test("costs nothing but what is asked for where no manifest was read")
  func withoutManifest() async throws {
    let served = try ServedWorld(leads: 2)
    let first = try await served.shownSnapshot()
    for _ in 0..<2 * SnapshotBook.auditorLimit {
      served.pass(seconds: 2)
      #expect(try await served.get("/outbox.txt").status == 200)
    }
    #expect(try await served.get("/outbox.txt?snapshot=\(first)").status == 200)
  }

  @Test("is named by an audit over HTTP with every question but the first")
  func named() async throws {
    let served = try ServedWorld(leads: 5)
    let (files, pinned) = (served.files, served.world.federation.pinned)
    let asked = Asked()
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    let listener = HTTPListener(
      host: "127.0.0.1", port: 0, limits: HTTPLimits(),
      group: MultiThreadedEventLoopGroup.singleton, logger: quiet,
      onListening: { continuation.yield($0) }
    ) { question in
      asked.questions.withLock { $0.append(question) }
      return try await files.reply(question, for: .init(name: "one", payloads: true))
    }
    let task = Task { try await listener.run() }
    var iterator = ports.makeAsyncIterator()
    let port = try #require(await iterator.next())
    let isClean = try await blocking {
      try AuditInput.with("http://127.0.0.1:\(port)", tokens: WebTokens()) {
        try StoreAudit(pinned: pinned).verify($0.source).isClean
      }
    }
    task.cancel()
    _ = await task.result
    #expect(isClean)
    let questions = asked.questions.withLock { $0 }
    let firstNamed = questions.firstIndex { $0.value(of: "snapshot") != nil } ?? 0
    #expect(questions[..<firstNamed].allSatisfy { $0.path == "/export.json" })
    #expect(questions[firstNamed...].allSatisfy { $0.value(of: "snapshot") != nil })
    for part in ["/tile/0/", "/tile/entries/", "/payload/"] {
      #expect(questions.contains { $0.path.contains(part) }, "\(part)")
    }
  }

  private final class Asked: Sendable {
    let questions = Mutex<[HTTPQuestion]>([])
  }
}
