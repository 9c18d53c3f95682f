import Auditor
import Exchange
import Foundation
import Logging
import NIOPosix
import RecordModel
import SanxiangTesting
import Synchronization
import TransparencyLog

@testable import AuditService
@testable import sanxiang

/// A node's history, and its files as auditors are served them.
final class ServedWorld {
  let world: TestWorld
  let files: AuditFiles
  private let clock: Clock
  static let authority = Array("{\"v\":1}\n".utf8)

  /// Leads in both directions between two nodes; served is the first.
  init(leads: Int, payloads: Bool = true) throws {
    world = try TestWorld()
    let node = world.nodes[0]
    let clock = Clock(node.clock.now)
    self.clock = clock
    files = AuditFiles(
      node: .init(
        federation: ThrowawayFederation.name, code: node.code, authority: Self.authority,
        software: "test", payloads: payloads),
      store: StoreQueue(node.store.base), now: { clock.time.withLock { $0 } })
    try exchange(leads)
  }

  /// Holds the time that the files see.
  private final class Clock: Sendable {
    let time: Mutex<Timestamp>
    init(_ now: Timestamp) { time = Mutex(now) }
  }

  /// More leads; some are signed and accepted, one of three is refused by its receiver.
  func exchange(_ leads: Int) throws {
    for number in 0..<leads {
      let receiver = 1 - number % 2
      let id = try world.submit(number, from: 1 - receiver, to: receiver)
      try world.settle()
      try world.act(KindName.leadSign, on: id, by: receiver)
      world.advance(milliseconds: 1100)
      for node in world.nodes.indices { try world.tick(node) }
    }
    try world.settle()
    for node in world.nodes.indices { try world.tick(node) }
    pass(seconds: 60)
  }

  /// Lets time pass for the files.
  func pass(seconds: Int64) {
    clock.time.withLock { $0 = $0.advanced(byMilliseconds: seconds * 1000) }
  }

  /// What a request for a file is answered with.
  func get(
    _ target: String, payloads: Bool = true, range: String? = nil, by auditor: String = "one"
  ) async throws -> HTTPReply {
    try await files.reply(
      HTTPQuestion("GET", target, headers: range.map { [("Range", $0)] } ?? []),
      for: .init(name: auditor, payloads: payloads))
  }

  /// The bytes of a file; nil where there is none.
  func bytes(
    _ target: String, payloads: Bool = true, by auditor: String = "one"
  ) async throws -> [UInt8]? {
    let reply = try await get(target, payloads: payloads, by: auditor)
    return reply.status == 200 ? try await reply.whole() : nil
  }

  /// The digest that names the state that is shown to an auditor, a while after the one before.
  func shownSnapshot(to auditor: String = "one") async throws -> String {
    pass(seconds: 2)
    return AuditFiles.id(of: try await bytes("/export.json", by: auditor) ?? [])
  }

  /// The same store as a folder.
  func export(into folder: String) throws {
    let time = clock.time.withLock { $0 }
    _ = try world.nodes[0].store.base.read { reader in
      try ExportRun(
        folder: ExportFolder(path: folder), choice: .init(), authority: Self.authority,
        software: "test", time: time
      ).run(reader)
    }
  }
}

extension HTTPReply {
  /// The body, however it comes.
  func whole() async throws -> [UInt8] {
    switch body {
    case .bytes(let bytes): return bytes
    case .parts(let next):
      var all: [UInt8] = []
      while let part = try await next() { all += part }
      return all
    }
  }
}

/// A folder of a test's own.
func withFolder<R>(_ body: (String) async throws -> R) async throws -> R {
  let path = "/tmp/sx-audit-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try await body(path)
}

/// Runs what blocks its thread away from those that others wait for.
func blocking<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue.global().async { continuation.resume(with: Result(catching: body)) }
  }
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
