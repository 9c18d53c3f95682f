import Auditor
import Cryptography
import Foundation
import RecordModel
import Testing
import TransparencyLog

@testable import sanxiang

@Suite("Tampering with an export")
struct TamperTests {
  @Test("is found, and the first bad entry is named", arguments: TamperTable.all)
  func found(_ tamper: TamperCase) throws {
    let scene = try TamperScene()
    try tamper.act(scene)
    switch tamper.light {
    case .finding(let kind, let place, let index, let entry):
      let report = try audit(scene)
      let findings = try findings(report, scene, place)
      let isFound = findings.kept.contains { $0.kind == kind && $0.index == index }
      #expect(isFound, "\(report.all)")
      #expect(findings.firstBadEntry == entry, "\(report.all)")
    case .refused(let code):
      let failure = #expect(throws: Failure.self) { try audit(scene) }
      #expect(failure?.code == code)
    case .difference(let place):
      try expectHidden(scene, .different(at: place))
    case .behind:
      try expectHidden(scene, .behind(side: 0))
    case .ahead:
      try expectHidden(scene, .behind(side: 1))
    case .witness:
      try expectHidden(scene, .equal)
      let isWitnessed = try scene.isWitnessed(0)
      #expect(!isWitnessed)
      let found = try reconcile(scene, [scene.own, scene.peer, scene.third]).findings
      #expect(
        Set(found.filter { $0.kind == .journalForked }.map(\.subject))
          == [scene.journal(0), scene.journal(1)])
    case .nothing:
      try expectHidden(scene, .equal)
      #expect(try scene.isWitnessed(0))
    }
  }

  /// The export alone is as good as a true one.
  private func expectHidden(
    _ scene: TamperScene, _ expected: ChannelComparison.Verdict
  ) throws {
    #expect(try audit(scene).all == [])
    #expect(try verdict(scene) == expected)
  }

  @Test("sizes are known to the table")
  func sizes() throws {
    let scene = try TamperScene()
    let sizes = try [scene.out, scene.back, scene.journal()].map { try scene.own.load($0).log.size }
    #expect(sizes == [TamperTable.outSize, TamperTable.backSize, TamperTable.journalSize])
  }

  @Test("has a table of at least forty kinds, each with a name of its own")
  func table() {
    #expect(TamperTable.all.count >= 40)
    #expect(Set(TamperTable.all.map(\.name)).count == TamperTable.all.count)
  }

  @Test("is listed for auditors, with what finds it and what nothing finds")
  func documented() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let text = try String(decoding: Files.read("\(root)/docs/audit.md"), as: UTF8.self)
    for tamper in TamperTable.all {
      #expect(text.contains("| \(tamper.name) | "), "\(tamper.name)")
      switch tamper.light {
      case .finding(let kind, _, _, _):
        #expect(text.contains("| \(tamper.name) | `\(kind)`"), "\(tamper.name)")
      case .refused(let code):
        #expect(text.contains("| \(tamper.name) | refused: `\(code)`"), "\(tamper.name)")
      case .difference, .behind, .ahead, .witness, .nothing:
        // With its reason, in the table of what one export cannot show.
        #expect(text.components(separatedBy: "| \(tamper.name) | ").count == 3, "\(tamper.name)")
      }
    }
  }

  @Test("is what makes the difference: untouched, all three exports are good in every respect")
  func untouched() throws {
    let scene = try TamperScene()
    for export in [scene.own, scene.peer, scene.third] {
      #expect(try auditExport(export.path, pinned: scene.stage.pinned).all == [])
      // Taken apart and put together again they are as they were.
      let before = try contents(of: export.path)
      for log in try export.manifest.logs { try export.change(log.origin) { _ in } }
      #expect(try auditExport(export.path, pinned: scene.stage.pinned).all == [])
      let after = try contents(of: export.path)
      let tiles = after.keys.filter { $0.contains("/tile/") }
      #expect(tiles.allSatisfy { before[$0] == after[$0] })
    }
    let report = try reconcile(scene, [scene.own, scene.peer, scene.third])
    #expect(report.findings.filter { $0.kind == .journalForked } == [])
    #expect(try verdict(scene) == .equal)
    #expect(try scene.isWitnessed(0))
  }

  private func audit(_ scene: TamperScene) throws -> AuditReport {
    // The auditor has the authority's keys from elsewhere.
    try auditExport(scene.own.path, pinned: scene.stage.pinned)
  }

  private func findings(
    _ report: AuditReport, _ scene: TamperScene, _ place: TamperCase.Place
  ) throws -> FindingList {
    func channel(_ origin: String) throws -> FindingList {
      try #require(report.channels.first { $0.origin.description == origin }).findings
    }
    return switch place {
    case .out: try channel(scene.out)
    case .back: try channel(scene.back)
    case .journal: try #require(report.journals.first).findings
    case .directories: report.directories.findings
    }
  }

  private func reconcile(
    _ scene: TamperScene, _ exports: [ExportModel]
  ) throws -> ReconciliationReport {
    try AuditInput.with(all: exports.map(\.path)) { inputs in
      try Reconciliation(pinned: scene.stage.pinned).compare(inputs.map { ($0.path, $0.source) })
    }
  }

  /// How the export and the peer's compare in the long channel.
  private func verdict(_ scene: TamperScene) throws -> ChannelComparison.Verdict? {
    try reconcile(scene, [scene.own, scene.peer]).comparisons.first {
      $0.origin.description == scene.out
    }?.verdict
  }
}
