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
      #expect(throws: Cut.self) {
        try stage.history.export(to: path, step: Script(cutAt: end).step)
      }
      // What a reader finds: the export as it was or will be, or none.
      if try contents(of: path) != before, let report = try? auditExport(path) {
        #expect(report.all == [], "step \(end)")
      }
      try stage.history.export(to: path)
      #expect(try contents(of: path) == stage.whole, "step \(end)")
      try FileManager.default.removeItem(atPath: path)
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
