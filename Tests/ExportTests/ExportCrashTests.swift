import Auditor
import Foundation
import SanxiangTesting
import Synchronization
import Testing

@testable import sanxiang

@Suite("An export that is cut short")
struct ExportCrashTests {
  private struct Cut: Error {}

  /// Steps of each kind are counted together; the one with this number does not happen.
  private final class Script {
    private(set) var count = 0
    private let end: Int?
    init(cutAt end: Int?) { self.end = end }

    func step(_ step: ExportFolder.Step, _ name: String) throws {
      count += 1
      if let end, count > end { throw Cut() }
    }
  }

  /// A first export, then what comes later, then a second export into the same folder.
  private struct Stage {
    let history: SampleHistory
    let folder: TemporaryFolder
    let first: String
    let whole: [String: [UInt8]]

    init(isIncremental: Bool) throws {
      history = try SampleHistory.usual(isLong: !isIncremental)
      folder = try TemporaryFolder()
      first = folder.path + "/first"
      if isIncremental {
        try history.export(to: first)
        try history.send(heads: 12, each: 24)
        try history.rest()
      } else {
        try FileManager.default.createDirectory(atPath: first, withIntermediateDirectories: true)
      }
      let fresh = folder.path + "/fresh"
      try history.export(to: fresh)
      whole = try contents(of: fresh)
    }
  }

  @Test(
    "at any step is never taken for a finished one, and the next run makes it what it must be",
    arguments: [false, true])
  func everyStep(isIncremental: Bool) throws {
    let stage = try Stage(isIncremental: isIncremental)
    let script = Script(cutAt: nil)
    try stage.history.export(to: stage.folder.copy(stage.first, as: "count"), step: script.step)
    #expect(script.count > 100)
    for end in 0..<script.count {
      let name = "cut-\(end)"
      let path = try stage.folder.copy(stage.first, as: name)
      let before = try contents(of: path)
      let (disk, script) = (try DiskModel(path: path), Script(cutAt: end))
      #expect(throws: Cut.self) {
        try stage.history.export(to: path) { step, name in
          try script.step(step, name)
          try disk.next(step, name)
        }
      }
      // What a reader finds: the export as it was or will be, or none.
      if try contents(of: path) != before, let report = try? auditExport(path) {
        #expect(report.all == [], "step \(end)")
      }
      try stage.history.export(to: path, step: disk.next)
      #expect(try contents(of: path) == stage.whole, "step \(end)")
      // Nor can a loss of power take any of that any more: at most what was swept is there again.
      try disk.finish()
      #expect(disk.pending.map(\.change).filter(\.isAddition) == [], "step \(end)")
      try FileManager.default.removeItem(atPath: path)
    }
  }

  @Test(
    "by a loss of power at any step is mended, whatever names that keeps and loses",
    arguments: [false, true])
  func lossOfPower(isIncremental: Bool) throws {
    let stage = try Stage(isIncremental: isIncremental)
    let path = try stage.folder.copy(stage.first, as: "running")
    let disk = try DiskModel(path: path)
    let random = SeededRandom(seed: 19)
    var left: [[String: Int]: String] = [:]
    var count = 0
    try stage.history.export(to: path) { step, name in
      try disk.finish()
      for loss in DiskModel.Loss.allCases {
        left[disk.left(by: loss) { random.below(2) == 0 }] = "\(loss) before \(step) \(name)"
      }
      try disk.next(step, name)
      count += 1
    }
    #expect(count > 100)
    for (files, when) in left {
      let path = stage.folder.path + "/left"
      try write(files.mapValues { disk.contents[$0] }, to: path)
      // What a reader finds: the export as it was or will be, or none.
      if let report = try? auditExport(path) { #expect(report.all == [], "\(when)") }
      do { try stage.history.export(to: path) } catch { Issue.record("\(when): \(error)") }
      #expect(try contents(of: path) == stage.whole, "\(when)")
      try FileManager.default.removeItem(atPath: path)
    }
  }

  private func write(_ files: [String: [UInt8]], to path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, bytes) in files {
      let file = URL(filePath: "\(path)/\(name)")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: file)
    }
  }

  @Test("again and again gets on all the same, while the node goes on")
  func again() throws {
    let history = try SampleHistory.usual()
    let folder = try TemporaryFolder()
    let path = folder.path + "/export"
    for round in 1...8 {
      try history.send(heads: 2, each: 20)
      try history.rest()
      #expect(throws: Cut.self) {
        try history.export(to: path, step: Script(cutAt: 10 * round).step)
      }
      #expect(throws: Failure.self) { try auditExport(path) }
    }
    try history.export(to: path)
    #expect(try auditExport(path).all == [])
    try history.export(to: folder.path + "/fresh")
    #expect(try contents(of: path) == (try contents(of: folder.path + "/fresh")))
  }

  @Test("by a loss of power that kept later names and lost earlier ones is mended")
  func lostNames() throws {
    let stage = try Stage(isIncremental: false)
    let path = try stage.folder.copy(stage.first, as: "cut")
    let complete = stage.whole.keys.filter {
      $0.hasSuffix("/tile/entries/000") || $0.hasSuffix("/payload/000")
    }.sorted()
    #expect(complete.count == 3, "a channel's two bundles and a journal's one")
    for lost in complete {
      try? FileManager.default.removeItem(atPath: path)
      try stage.history.export(to: path)
      // As the run before its end leaves it.
      try FileManager.default.moveItem(
        atPath: path + "/export.json", toPath: path + "/unfinished.json")
      var manifest = try ExportManifest(parsing: Files.read(path + "/unfinished.json"))
      manifest.logs = []
      try Data(manifest.encoded).write(to: URL(filePath: path + "/unfinished.json"))
      try FileManager.default.removeItem(atPath: "\(path)/\(lost)")
      try stage.history.export(to: path)
      #expect(try contents(of: path) == stage.whole, "\(lost)")
    }
  }
}
