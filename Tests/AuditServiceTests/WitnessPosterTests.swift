import Cryptography
import Exchange
import Foundation
import NodeClient
import RecordModel
import SanxiangTesting
import Synchronization
import Testing
import TransparencyLog

@testable import AuditService

/// How a node offers its journal's heads.
@Suite("A node's posts to witnesses")
struct WitnessPosterTests {
  /// What went over the wire, and what stands at its other end.
  private final class Wire: Sendable {
    let bodies = Mutex<[AddCheckpoint]>([])
    let answer = Mutex<(@Sendable ([UInt8]) throws -> WebAnswer)?>(nil)
    let kept = Mutex<[UInt64]>([])
    let accepts = Mutex(true)
    var count: Int { bodies.withLock { $0.count } }

    func send(_ body: [UInt8]) async throws -> WebAnswer {
      guard let request = AddCheckpoint(parsing: body) else { throw Broken() }
      bodies.withLock { $0.append(request) }
      guard let answer = answer.withLock({ $0 }) else { throw Broken() }
      return try answer(body)
    }
  }
  private struct Broken: Error {}

  private func poster(_ watch: WatchWorld, _ wire: Wire) -> WitnessPoster {
    let (clock, directory) = (watch.clock, watch.world.federation.directory)
    return WitnessPoster(
      node: .init(
        code: watch.world.nodes[0].code, store: StoreQueue(watch.world.nodes[0].store.base),
        directory: { directory },
        keep: { note, name in
          guard name == WatchWorld.name, wire.accepts.withLock({ $0 }) else { return false }
          let size = try Checkpoint(parsing: note.text).size
          wire.kept.withLock { $0.append(size) }
          return note.signatures.count == 2
        }), now: { clock.now }, jitter: { 0 }, logger: quiet,
      transport: { _, body in try await wire.send(body) })
  }

  /// Lets a witness answer.
  private func connect(_ wire: Wire, to witness: Witness) {
    wire.answer.withLock {
      $0 = { body in
        let reply = witness.answer(body).reply
        guard case .bytes(let bytes) = reply.body else { throw Broken() }
        return WebAnswer(status: reply.status, headers: [], body: bytes)
      }
    }
  }

  private func pass(_ watch: WatchWorld, seconds: Int64) {
    watch.clock.time.withLock { $0 = $0.advanced(byMilliseconds: seconds * 1000) }
  }

  @Test("find out what the witness holds, prove what came since, and keep its cosignature")
  func flow() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.round()
      let (wire, first) = (Wire(), try watch.journal().size)
      connect(wire, to: watch.witness)
      let poster = poster(watch, wire)
      await poster.turn()
      #expect(wire.kept.withLock { $0 } == [first])
      #expect(wire.bodies.withLock { $0.map(\.oldSize) } == [0, first], "told, then asked again")
      await poster.turn()
      pass(watch, seconds: 6)
      await poster.turn()
      #expect(wire.count == 2, "nothing new, nothing said")
      try watch.exchange(2)
      pass(watch, seconds: 6)
      await poster.turn()
      #expect(wire.kept.withLock { $0 } == [first, try watch.journal().size])
      #expect(wire.bodies.withLock { $0.last?.oldSize } == first)
      #expect(wire.bodies.withLock { $0.last?.proof.isEmpty } == false)
    }
  }

  @Test("come ever more rarely while nobody answers, and the newest head wins")
  func backOff() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.round()
      let wire = Wire()
      let poster = poster(watch, wire)
      var asked: [Int64] = []
      for second in 0..<1200 as Range<Int64> {
        let before = wire.count
        await poster.turn()
        if wire.count > before { asked.append(second) }
        pass(watch, seconds: 1)
      }
      let pauses = zip(asked, asked.dropFirst()).map { $1 - $0 }
      #expect(pauses == [5, 10, 20, 40, 80, 160, 300, 300])
      try watch.exchange(3)
      try watch.round()
      connect(wire, to: watch.witness)
      pass(watch, seconds: 3000)
      await poster.turn()
      #expect(wire.kept.withLock { $0 } == [try watch.journal().size], "one, the newest")
    }
  }

  @Test(
    "keep nothing of an answer that is none",
    arguments: [
      (200, ""), (200, "nonsense\n"), (200, "— audit.example/w1 AAAAAAAAAAAA\n"), (404, ""),
      (403, ""), (409, "x"), (409, "99999\n"), (422, ""), (500, ""), (503, ""), (301, ""),
    ])
  func strange(status: Int, body: String) async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      let wire = Wire()
      wire.accepts.withLock { $0 = false }
      wire.answer.withLock {
        $0 = { _ in WebAnswer(status: status, headers: [], body: Array(body.utf8)) }
      }
      let poster = poster(watch, wire)
      await poster.turn()
      #expect(wire.kept.withLock { $0 } == [])
      let asked = wire.count
      #expect(asked == 1)
      await poster.turn()
      #expect(wire.count == asked, "not at once again")
    }
  }
}
