import Auditor
import Exchange
import Foundation
import RecordModel
import SanxiangTesting
import Synchronization
import Testing
import TransparencyLog

@testable import AuditService

/// Keys that end, and what they signed last.
@Suite("A watch, where a node's key ends")
struct WatchKeyTests {
  /// Ends the first node's record key in five minutes.
  private func endKey(_ watch: WatchWorld) throws {
    let (code, now) = (watch.world.nodes[0].code, watch.clock.now)
    try watch.world.federation.publish { contents in
      contents.nodes[code]?.recordKeys[0].notAfter = now.advanced(byMilliseconds: 300_000)
    }
    try watch.world.publish()
  }

  /// Lets the key end, and what clocks may differ pass.
  private func wait(_ watch: WatchWorld) {
    watch.clock.time.withLock { $0 = $0.advanced(byMilliseconds: 700_000) }
  }

  @Test("says nothing of its last head, which is held")
  func held() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try endKey(watch)
      try watch.exchange(1)
      try watch.round()
      let size = try watch.journal().size
      #expect(watch.witness.log(try watch.journal().origin).size == size)
      wait(watch)
      #expect(try watch.round() == [true, true])
      try watch.reopen()
      #expect(try watch.round() == [true, true])
      #expect(watch.kinds == [])
    }
  }

  @Test("cosigns no larger head that it first sees afterwards, and says so until a key is valid")
  func late() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.round()
      let origin = try watch.journal().origin
      let held = watch.witness.log(origin)
      try endKey(watch)
      try watch.exchange(2)
      wait(watch)
      try watch.round()
      // The journal, and the channel that both nodes show.
      #expect(watch.kinds == [.signature, .signature, .signature])
      #expect(watch.witness.log(origin) == held)
      let request = try watch.request(old: held.size)
      #expect(watch.witness.answer(request.encoded) == .unknownKey)
      let code = watch.world.nodes[0].code
      try watch.world.federation.publish { $0.nodes[code]?.recordKeys[0].notAfter = nil }
      try watch.world.publish()
      try watch.round()
      #expect(watch.kinds == [])
      #expect(watch.witness.log(origin).size > held.size)
    }
  }

  @Test("cosigns a larger head afterwards that it first saw while the key was valid")
  func seen() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.round()
      try endKey(watch)
      try watch.exchange(2)
      try watch.export()
      let journal = try watch.journal()
      let tile = "\(watch.logFolder(journal.origin))/tile/0/000.p/\(journal.size)"
      let bytes = try watch.read(tile)
      try watch.write([UInt8](repeating: 0, count: bytes.count), to: tile)
      try watch.round(exporting: false)
      #expect(watch.kinds == [.tiles])
      wait(watch)
      try watch.write(bytes, to: tile)
      for number in 0...1 { try watch.editManifest(of: number) { $0.time = watch.clock.now } }
      #expect(try watch.round(exporting: false) == [true, true])
      #expect(watch.kinds == [])
      #expect(watch.witness.log(journal.origin).size == journal.size)
    }
  }

  @Test("passes over a log of which it holds nothing, and counts it, until a key is valid")
  func unheld() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try endKey(watch)
      try watch.exchange(1)
      wait(watch)
      #expect(try watch.round() == [true, true])
      #expect(watch.kinds == [])
      let origin = try watch.journal().origin
      #expect(watch.witness.log(origin).size == 0)
      for (number, count) in [(0, 2), (1, 1)] {
        let node = watch.world.nodes[number].code
        #expect(
          watch.witness.metrics.contains(
            "sanxiang_watch_logs_passed_over{node=\"\(node)\"} \(count)\n"))
      }
    }
  }
}
