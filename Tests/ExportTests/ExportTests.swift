import Auditor
import Exchange
import Foundation
import RecordModel
import SQLiteStore
import SanxiangTesting
import Testing
import TransparencyLog

@testable import sanxiang

@Suite("An export")
struct ExportTests {
  @Test("of a real node is found clean, and as its store is", arguments: 0...2)
  func clean(number: Int) throws {
    let history = try SampleHistory.usual()
    let folder = try TemporaryFolder()
    try history.export(number, to: folder.path + "/export")
    let report = try auditExport(folder.path + "/export")
    #expect(report.all == [])
    let store = try history.world.nodes[number].store.base.read {
      try StoreAudit(pinned: history.world.federation.pinned).verify(StoreAuditSource(reader: $0))
    }
    #expect(report == store)
    #expect(report.channels.count == 4)
    #expect(report.channels.reduce(0) { $0 + $1.refused } == (number < 2 ? 1 : 0))
  }

  @Test("written while the log grew is, file by file, the one that is written at once")
  func incremental() throws {
    let history = try SampleHistory.usual()
    let folder = try TemporaryFolder()
    let (grown, fresh) = (folder.path + "/grown", folder.path + "/fresh")
    for heads in [0, 5, 5, 6] {
      try history.send(heads: heads, each: 24)
      try history.rest()
      try history.export(to: grown)
      #expect(try auditExport(grown).all == [])
    }
    try history.export(to: fresh)
    #expect(try contents(of: grown) == (try contents(of: fresh)))
    let before = try contents(of: grown)
    let again = try history.export(to: grown)
    #expect(again.files == 2, "the manifest and the outbox")
    #expect(try contents(of: grown) == before)
    let report = try auditExport(grown)
    #expect(report.channels.map(\.entries).max() == 389)
    let names = before.keys
    #expect(names.contains { $0.hasSuffix("/tile/entries/000") })
    #expect(names.contains { $0.hasSuffix("/tile/1/000.p/1") })
  }

  @Test("that begins at a size goes on the one before it, of files or laid over it")
  func since() throws {
    let history = try SampleHistory.usual(isLong: true)
    let folder = try TemporaryFolder()
    let (first, second) = (folder.path + "/first", folder.path + "/second")
    let sizes = try history.export(to: first).manifest.logs.reduce(into: [:]) {
      $0[$1.origin] = $1.size
    }
    try history.send(heads: 3, each: 20)
    try history.rest()
    try history.export(to: second, .init(since: sizes))
    #expect(throws: Failure.self) { try auditExport(second) }
    #expect(try auditExport(second, over: [first]).all == [])
    let bundles = try contents(of: second).keys.filter { $0.contains("/tile/entries/") }
    #expect(!bundles.contains { $0.hasSuffix("/1/tile/entries/000") && $0.contains("A/") })
    // It is a folder to copy over the other one, too.
    for (name, bytes) in try contents(of: second) {
      let path = URL(filePath: "\(first)/\(name)")
      try FileManager.default.createDirectory(
        at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: path)
    }
    #expect(try auditExport(first).all == [])
    // And may grow like any other, with the same sizes or without a word of them.
    try history.handle(leads: 2)
    try history.export(to: second, .init(since: sizes))
    try history.export(to: second)
    #expect(try auditExport(second, over: [first]).all == [])
  }

  @Test("without payloads verifies all the same, and says what was left out")
  func withoutPayloads() throws {
    let history = try SampleHistory.usual()
    let folder = try TemporaryFolder()
    let summary = try history.export(to: folder.path + "/export", .init(payloads: false))
    #expect(!summary.manifest.payloads)
    let report = try auditExport(folder.path + "/export")
    #expect(report.all == [])
    #expect(report.channels.allSatisfy { $0.leftOut == $0.entries })
    let text = try contents(of: folder.path).values
      .map { String(decoding: $0, as: UTF8.self) }.joined()
    #expect(!text.contains("示例线索"))
  }

  @Test("holds submissions that wait, and refusals that are not sealed, without their payloads")
  func outbox() throws {
    let history = try SampleHistory.usual()
    // After a start sealing waits for the peer.
    try history.world.crashAndRestart(0)
    let waiting = try history.world.submit(1, from: 0, to: 1)
    let folder = try TemporaryFolder()
    try history.export(to: folder.path + "/export")
    #expect(try auditExport(folder.path + "/export").all == [])
    let outbox = try ExportOutbox(
      parsing: Files.read(folder.path + "/export/outbox.txt"))
    #expect(outbox.submissions == [waiting])
    #expect(outbox.refusals == [])
  }

  @Test("is not mixed: another node's, one with other options, another truth, what is no export")
  func conflicts() throws {
    let history = try SampleHistory.usual()
    let folder = try TemporaryFolder()
    let path = folder.path + "/export"
    try history.export(to: path)
    let before = try contents(of: path)
    func code(_ body: () throws -> Void) -> String? {
      do { try body() } catch { return (error as? Failure)?.code }
      return nil
    }
    #expect(code { try history.export(1, to: path) } == "export.folder")
    #expect(code { try history.export(to: path, .init(payloads: false)) } == "export.options")
    #expect(code { try history.export(to: path, .init(since: ["x": 512])) } == "argument.origin")
    // The same federation, told differently from some entry on.
    let copy = try history.world.backup(of: 0)
    try history.handle(leads: 3)
    try history.export(to: path)
    try history.world.crashAndRestart(0, on: copy)
    #expect(code { try history.export(to: path) } == "export.conflict")
    let other = folder.path + "/other"
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    try Data("x".utf8).write(to: URL(filePath: other + "/notes.txt"))
    #expect(code { try history.export(to: other) } == "export.folder")
    let held = try ExportFolder(path: path)
    #expect(code { try history.export(to: path) } == "export.busy")
    withExtendedLifetime(held) {}
    #expect(before.count > 20)
  }

  @Test("of a store on disk is written while its node works, and shows one state")
  func besideANode() throws {
    let folder = try TemporaryFolder()
    let kit = StoreKit(
      make: { try SQLiteStore(folder: "\(folder.path)/\($0)") },
      reopen: { _ in throw StoreFailure.unusable("not in this test") },
      copy: { _ in throw StoreFailure.unusable("not in this test") })
    let history = try SampleHistory(kit: kit)
    try history.handle(leads: 4)
    let summary = try SQLiteStore.inspect(folder: "\(folder.path)/0") { reader in
      var isFirst = true
      return try ExportRun(
        folder: ExportFolder(path: folder.path + "/export"), choice: .init(),
        authority: history.authority, software: "test", time: history.world.nodes[0].clock.now,
        progress: { _ in
          // The node goes on while the first log is written.
          if isFirst { try? history.handle(leads: 3) }
          isFirst = false
        }
      ).run(reader)
    }
    let report = try auditExport(folder.path + "/export")
    #expect(report.all == [])
    let entries = summary.manifest.logs.filter { $0.kind != .journal }.reduce(0) { $0 + $1.size }
    #expect(entries == 8, "what came later is not in it")
    try SQLiteStore.inspect(folder: "\(folder.path)/0") { reader in
      let later = try reader.channels().reduce(0) { $0 + $1.size }
      #expect(later > entries)
    }
  }
}
