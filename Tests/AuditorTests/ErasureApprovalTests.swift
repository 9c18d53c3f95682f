import Auditor
import Cryptography
import RecordModel
import Testing
import TransparencyLog

@Suite("An audit of who approved an erasure")
struct ErasureApprovalTests {
  /// How an erasure record's approvals were made.
  enum Approvals: CaseIterable {
    case good, oneKeyTwice, otherRecord, otherAgency, changedBasis
  }

  @Test("an erasure stands on two operators' signatures over it", arguments: Approvals.allCases)
  func approvals(how: Approvals) throws {
    var world = try SampleWorld.usual()
    let target = world.logs[SampleWorld.Way.out.rawValue].entries[1]
    let id = try RecordHeader(parsing: target.header).id
    let payload = try Self.payload(world, id, target.header, how)
    world.seal(
      .out, KindName.systemErasure, String(decoding: payload, as: UTF8.self), thread: id,
      replyTo: id)
    try world.sign(.out)
    world.erase(.out, 1)
    let report = try StoreAudit(pinned: world.authority).verify(try world.source())
    #expect(report.all.map(\.kind) == (how == .good ? [] : [.erasureApprovals]))
    let sent = try #require(report.channels.first { $0.isOutbound })
    #expect(sent.findings.firstBadEntry == (how == .good ? nil : 4))
    #expect(sent.erasures.map(\.seq) == [1])
  }

  private static func payload(
    _ world: SampleWorld, _ id: RecordID, _ header: [UInt8], _ how: Approvals
  ) throws -> [UInt8] {
    let log = world.logs[SampleWorld.Way.out.rawValue].origin
    let other = world.logs[SampleWorld.Way.out.rawValue].entries[0].header
    let suite = SampleWorld.suite
    let statement = ErasureStatement(
      agency: how == .otherAgency ? log.direction.to : log.direction.from, channel: log, seq: 1,
      target: id, leaf: Merkle.leaf(how == .otherRecord ? other : header, suite: suite),
      legalBasis: Common.LegalBasis(law: "中华人民共和国个人信息保护法", article: "第四十七条"))
    var note = SignedNote(text: statement.text, signatures: [])
    let operators = try ["one", "two"].map { name in
      let key = try suite.generateSigningKey()
      note.add(try SignedNote.sign(text: note.text, name: name, key: key))
      return try VerifierKey(name: name, key: key.verificationKey, type: suite.noteSignatureType)
    }
    let made = try #require(statement.payload(approved: note, by: operators))
    let article = how == .changedBasis ? "第四十八条" : made.legalBasis.article
    let erasure = SystemErasure(
      channel: made.channel, target: made.target, seq: made.seq,
      legalBasis: Common.LegalBasis(law: made.legalBasis.law, article: article),
      approvals: how == .oneKeyTwice ? [made.approvals[0], made.approvals[0]] : made.approvals)
    return erasure.json
  }
}
