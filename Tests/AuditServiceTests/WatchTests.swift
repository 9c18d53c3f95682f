import Auditor
import Cryptography
import Exchange
import Foundation
import RecordModel
import RecordSchema
import SanxiangTesting
import Synchronization
import Testing
import TransparencyLog

@testable import AuditService
@testable import sanxiang

/// A witness that follows what nodes serve.
@Suite("A watch")
struct WatchTests {
  @Test("follows honest nodes without an alarm, to the last entry, across a restart")
  func honest() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      for _ in 0..<3 {
        #expect(try watch.round() == [true, true])
        try watch.exchange(2)
      }
      try watch.reopen()
      #expect(try watch.round() == [true, true])
      #expect(watch.witness.alarms == [])
      #expect(watch.raised.alarms.withLock { $0 } == [])
      let logs = watch.witness.state.withLock { $0.logs }
      // Two journals, and the two channels that both nodes serve.
      #expect(logs.count == 4)
      for log in logs.values {
        #expect(log.hashed.size == log.size && log.size > 0, "\(log.origin)")
        let note = try SignedNote(parsing: log.note)
        #expect(try note.verified(by: [watch.witness.verifier]).count == 1)
      }
      #expect(watch.witness.metrics.contains("sanxiang_watch_alarms{kind=\"fork\"} 0\n"))
      #expect(watch.witness.isHealthy)
    }
  }

  @Test("finds a second root of one size, keeps both heads, and says so again after a restart")
  func fork() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.round()
      let origin = try watch.journal().origin
      let held = watch.witness.log(origin)
      try watch.rewrite(origin, changing: 1)
      try watch.round(exporting: false)
      #expect(watch.kinds == [.fork])
      let name = try #require(try watch.witness.folder.names(in: "evidence").first)
      let text = String(
        decoding: try #require(try watch.witness.folder.read("evidence/\(name)")), as: UTF8.self)
      #expect(text.contains("\"held\"") && text.contains("\"shown\""))
      #expect(watch.witness.log(origin) == held, "the head that was held is kept")
      try watch.round(exporting: false)
      #expect(watch.raised.alarms.withLock { $0.count } == 1, "said once")
      try watch.reopen()
      #expect(watch.kinds == [.fork])
      #expect(!watch.witness.isHealthy)
    }
  }

  @Test("finds a history that was rewritten before it grew on")
  func rewritten() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.round()
      let origin = try watch.journal().origin
      let held = watch.witness.log(origin)
      try watch.exchange(2)
      try watch.export()
      try watch.rewrite(origin, changing: 0)
      try watch.round(exporting: false)
      #expect(watch.kinds == [.fork])
      #expect(watch.witness.log(origin) == held)
    }
  }

  @Test("finds two nodes that show different histories of the channel between them")
  func splitView() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.export()
      let origin = try #require(
        try watch.world.nodes[0].store.base.read { reader in
          try reader.channels().first { $0.role == .outbound }?.origin.description
        })
      // The sender signed both: one for the receiver, one for the auditor who looks at the receiver.
      let path = watch.logFolder(origin, of: 1)
      let head = try Checkpoint.signed(parsing: watch.read("\(path)/checkpoint")).checkpoint
      let other = try watch.forged(origin, size: head.size, root: .zero)
      try watch.write(other.encoded, to: "\(path)/checkpoint")
      try watch.round(exporting: false)
      #expect(watch.kinds == [.fork])
    }
  }

  @Test("lets a receiver be behind, and finds it out when what it has is another beginning")
  func behind() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.export()
      try FileManager.default.copyItem(atPath: "\(folder)/node1", toPath: "\(folder)/old")
      try watch.exchange(2)
      try watch.export([0])
      watch.served[1] = "\(folder)/old"
      #expect(try watch.round(exporting: false) == [true, true])
      #expect(watch.witness.alarms == [])
      let origin = try #require(
        try watch.world.nodes[0].store.base.read { reader in
          try reader.channels().first { $0.role == .outbound }?.origin.description
        })
      let path = "\(folder)/old/logs/\(origin)/checkpoint"
      let head = try Checkpoint.signed(parsing: watch.read(path)).checkpoint
      let other = try watch.forged(origin, size: head.size, root: .zero)
      try watch.write(other.encoded, to: path)
      try watch.round(exporting: false)
      #expect(watch.kinds == [.fork])
    }
  }

  @Test("finds a node that shows less than it has shown")
  func rollback() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.round()
      try FileManager.default.copyItem(atPath: "\(folder)/node0", toPath: "\(folder)/old")
      try watch.exchange(2)
      try watch.round()
      watch.served[0] = "\(folder)/old"
      try watch.round(exporting: false)
      #expect(Set(watch.kinds) == [.rollback])
      // While what is held grows on, nothing is written twice.
      try watch.exchange(1)
      try watch.export([1])
      try watch.round(exporting: false)
      #expect(try watch.witness.folder.names(in: "evidence").count == watch.kinds.count)
      // It has happened, whatever is shown later.
      watch.served[0] = "\(folder)/node0"
      try watch.round()
      #expect(Set(watch.kinds) == [.rollback])
    }
  }

  @Test(
    "keeps the head of a log that is no longer shown, once, across a restart",
    arguments: [true, false])
  func vanished(_ isWhole: Bool) async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.round()
      let origin = try watch.journal().origin
      let held = String(decoding: watch.witness.log(origin).note, as: UTF8.self)
      if isWhole {
        try watch.editManifest { $0.logs.removeAll { $0.origin == origin } }
      } else {
        try FileManager.default.removeItem(atPath: watch.logFolder(origin) + "/checkpoint")
      }
      for _ in 0..<2 {
        try watch.round(exporting: false)
        #expect(watch.kinds == [.rollback])
        let names = try watch.witness.folder.names(in: "evidence")
        #expect(names.count == 1)
        let file = try watch.read("\(folder)/state/evidence/\(try #require(names.first))")
        let root = try JSONDocument(parsing: file, profile: .general).root
        #expect(root["held"]?.string == held)
        #expect(root["shown"] == nil)
        try watch.reopen()
        #expect(watch.kinds == [.rollback])
      }
    }
  }

  @Test(
    "finds another directory under a version that it knows, signed or not, and takes it back",
    arguments: [true, false])
  func otherDirectory(_ isSigned: Bool) async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      let other = try watch.world.federation.draft { contents in
        contents.notAfter = contents.notAfter.advanced(byMilliseconds: 1000)
      }
      try watch.world.federation.publish()
      try watch.world.publish()
      try watch.round()
      #expect(watch.kinds == [])
      let version = watch.world.federation.directory.version
      #expect(watch.witness.directoryVersion == version)
      let path = "\(folder)/node1/\(ExportNames.directory(version))"
      let bytes = try watch.read(path)
      try watch.write(isSigned ? other : Array("{}\n".utf8), to: path)
      try watch.round(exporting: false)
      #expect(watch.kinds == [.directory])
      #expect(watch.witness.alarms.first?.node == watch.world.nodes[1].code)
      try watch.write(bytes, to: path)
      try watch.round(exporting: false)
      #expect(watch.kinds == [])
    }
  }

  @Test("finds entries, tiles and signatures that do not fit, and takes it back once they do")
  func mended() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      try watch.export()
      let journal = try watch.journal()
      let path = watch.logFolder(journal.origin)
      let cases: [(String, WatchAlarm.Kind)] = [
        ("tile/entries/000.p/\(journal.size)", .entries),
        ("tile/0/000.p/\(journal.size)", .tiles), ("checkpoint", .signature),
      ]
      for (name, kind) in cases {
        let watch = watch
        let bytes = try watch.read("\(path)/\(name)")
        var changed = bytes
        changed[changed.count - 8] ^= 1
        try watch.write(changed, to: "\(path)/\(name)")
        try FileManager.default.removeItem(atPath: "\(folder)/state")
        try watch.reopen()
        try watch.round(exporting: false)
        #expect(watch.kinds == [kind], "\(name)")
        try watch.write(bytes, to: "\(path)/\(name)")
        try watch.round(exporting: false)
        #expect(watch.kinds == [], "\(name)")
      }
    }
  }

  @Test("finds a node that is not to be followed for too long, by the clock, and takes it back")
  func stale() async throws {
    try await withFolder { folder in
      let watch = try WatchWorld(in: folder)
      let start = watch.clock.now
      try watch.round()
      watch.witness.lookAtClock(started: start, staleAfter: 300)
      #expect(watch.kinds == [])
      // What is served stands still: its manifest grows old.
      watch.clock.time.withLock { $0 = $0.advanced(byMilliseconds: 301_000) }
      #expect(try watch.round(exporting: false) == [false, false])
      watch.witness.lookAtClock(started: start, staleAfter: 300)
      #expect(watch.kinds == [.stale, .stale])
      #expect(!watch.witness.isHealthy)
      try watch.round()
      watch.witness.lookAtClock(started: start, staleAfter: 300)
      #expect(watch.kinds == [])
    }
  }
}
