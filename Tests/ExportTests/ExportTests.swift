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
  @Test("of a real node is found clean, and holds what the store holds", arguments: 0...2)
  func clean(number: Int) throws {
    let history = try SampleHistory.usual()
    let folder = try TemporaryFolder()
    try history.export(number, to: folder.path + "/export")
    let report = try audit(folder.path + "/export")
    #expect(report.all == [])
    let store = try history.world.nodes[number].store.base.read {
      try StoreAudit(pinned: history.world.federation.pinned).verify(StoreAuditSource(reader: $0))
    }
    #expect(report == store)
    #expect(report.channels.count == 4)
    #expect(report.channels.reduce(0) { $0 + $1.refused } == (number < 2 ? 1 : 0))
  }
}
