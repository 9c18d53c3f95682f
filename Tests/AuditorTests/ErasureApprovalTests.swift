import Auditor
import RecordModel
import Testing

@Suite("An audit of who approved an erasure")
struct ErasureApprovalTests {
  /// How an erasure record's approvals were made.
  enum Approvals: CaseIterable {
    case good, oneKeyTwice, otherRecord, otherAgency, changedBasis
  }

  @Test("an erasure stands on two operators' signatures over it", arguments: Approvals.allCases)
  func approvals(how: Approvals) throws {
    var world = try SampleWorld.usual()
    var erasure = try SampleErasure(world, of: .out, 1, by: how == .otherAgency ? .back : .out)
    switch how {
    case .good, .otherAgency: break
    case .oneKeyTwice: erasure.repeatsApproval = true
    case .otherRecord: erasure.header = world.logs[0].entries[0].header
    case .changedBasis: erasure.statedArticle = "第四十八条"
    }
    try world.seal(erasure, .out)
    world.erase(.out, 1)
    let source = try world.source()
    let report = try StoreAudit(pinned: world.authority, checksSchemas: false).verify(source)
    #expect(report.all.map(\.kind) == (how == .good ? [] : [.erasureApprovals]))
    let sent = try #require(report.channels.first { $0.isOutbound })
    #expect(sent.findings.firstBadEntry == (how == .good ? nil : 4))
    #expect(sent.erasures.map(\.seq) == [1])
    guard how == .good else { return }
    #expect(try StoreAudit(pinned: world.authority).verify(source).isClean)
  }
}
