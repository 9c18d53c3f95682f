import Auditor
import Cryptography
import RecordModel
import RecordSchema
import Testing
import TransparencyLog

@Suite("An audit of everything that a node holds")
struct StoreAuditTests {
  @Test("finds nothing in a true history", arguments: [1, 3, 256])
  func clean(chunk: Int) throws {
    var world = try SampleWorld.usual()
    var source = try world.source()
    source.chunk = chunk
    let report = try StoreAudit(pinned: world.authority).verify(source)
    #expect(report.all == [])
    #expect(report.isClean)
    let sent = try #require(report.channels.first { $0.isOutbound })
    #expect((sent.entries, sent.receipted, sent.refused, sent.erased) == (4, 4, 1, 0))
    #expect(sent.root == world.logs[0].frontier.root)
    #expect(sent.checkpoints == 3)
    #expect(report.journals.map(\.entries) == [7])
    #expect(report.journals.map(\.signed) == [7])
    #expect(report.directories.version == 2)
  }

  @Test("finds nothing in a log of more than a tile")
  func long() throws {
    var world = try SampleWorld.long()
    let report = try StoreAudit(pinned: world.authority).verify(try world.source())
    #expect(report.all == [])
  }

  @Test(
    "names what was done, where, and nothing else",
    arguments: AuditCase.all)
  func damage(_ damage: AuditCase) throws {
    var world = try damage.world.make()
    var source = try world.source()
    try damage.tamper(&source, world)
    let report = try StoreAudit(pinned: world.authority).verify(source)
    let named = report.findings(damage.place).contains {
      $0.kind == damage.kind && $0.index == damage.index
    }
    #expect(named, "found \(report.all)")
    #expect(Set(report.all.map(\.kind)) == damage.also.union([damage.kind]))
    #expect(!report.isClean)
  }

  @Test("every kind of finding is the point of at least one case")
  func coverage() {
    #expect(Set(FindingKind.all).subtracting(AuditCase.all.map(\.kind)) == [])
    #expect(Set(FindingKind.all.map(\.rawValue)).count == FindingKind.all.count)
  }

  @Test("an authority that was not pinned proves nothing")
  func otherAuthority() throws {
    var world = try SampleWorld.usual()
    let stranger = try SampleWorld()
    let report = try StoreAudit(pinned: stranger.authority).verify(try world.source())
    #expect(report.directories.findings.kept.map(\.kind) == [.directoryChain, .directoryChain])
    #expect(report.findings(.out).contains { $0.kind == .checkpointSignature })
  }

  @Test("a refusal that is still in the outbox is no finding")
  func pendingRefusal() throws {
    var world = try SampleWorld.usual()
    world.seal(.back, KindName.leadTransfer, "{}", isRefused: true)
    try world.sign(.back)
    var source = try world.source()
    source.pendingRefusals = [world.id(8)]
    #expect(try StoreAudit(pinned: world.authority).verify(source).all == [])
    source.pendingRefusals = []
    let report = try StoreAudit(pinned: world.authority).verify(source)
    #expect(report.all.map(\.kind) == [.refusalMissing])
  }

  @Test(
    "a submission that is queued, cancelled or dead is not gone",
    arguments: [JournalEvent.submissionCancelled, .submissionDead, nil])
  func settledSubmissions(event: JournalEvent?) throws {
    var world = try SampleWorld.usual()
    let id = world.id(99)
    world.journal(
      .submission,
      [.id("id", id), .agency("to", world.parties[1].code), .digest("commitment", .zero)])
    if let event { world.journal(event, [.id("id", id)]) }
    var source = try world.source()
    if event == nil { source.submissions = [id] }
    #expect(try StoreAudit(pinned: world.authority).verify(source).all == [])
  }

  @Test("a new epoch goes on where threads stood, and its own record is journalled and sealed")
  func epochs() throws {
    var world = try SampleWorld.usual()
    let first = try world.source()
    let old = world.logs[0]
    world.logs[0] = SampleWorld.Log(
      origin: Origin(
        federation: SampleWorld.federation, direction: old.origin.direction, epoch: 2))
    let root = CanonicalBase64.encode(old.frontier.root)
    world.seal(
      .out, KindName.systemEpoch, #"{"previous":"\#(old.origin)","size":4,"root":"\#(root)"}"#)
    world.journal(
      .submission,
      [
        .id("id", world.id(8)), .agency("to", world.parties[1].code),
        .digest(
          "commitment",
          try RecordHeader(parsing: world.logs[0].entries[0].header).payload.commitment),
      ])
    let lead = world.seal(.out, KindName.leadTransfer, SamplePayload.transfer)
    try world.sign(.out)
    world.seal(.back, KindName.leadSign, SamplePayload.sign, thread: lead, replyTo: lead) {
      $0.seen = Seen(epoch: 2, size: 2)
    }
    try world.sign(.back)
    var source = try world.source()
    var held = first.held[0]
    held.channel.number = 7
    source.held.append(held)
    let report = try StoreAudit(pinned: world.authority).verify(source)
    #expect(report.all == [])
    #expect(report.channels.map(\.origin.epoch) == [1, 1, 2])
    // Nobody in the new epoch can have seen what the old one no longer holds.
    source.held.removeLast()
    let without = try StoreAudit(pinned: world.authority).verify(source)
    #expect(without.findings(.journal).contains { $0.kind == .journalHead })
    #expect(without.findings(.back).contains { $0.kind == .threadRule })
  }

  @Test("the first bad entry of a channel is named, and findings have a limit")
  func firstBad() throws {
    var world = try SampleWorld.long()
    var source = try world.source()
    for entry in 17..<260 { source.held[0].entries[entry].payload?[0] = 0x20 }
    let report = try StoreAudit(pinned: world.authority).verify(source)
    let findings = try #require(report.channels.first { $0.isOutbound }).findings
    #expect(findings.firstBadEntry == 17)
    #expect(findings.kept.count == FindingList.limit)
    #expect(findings.count == 243)
  }

  @Test("progress is told log by log")
  func progress() throws {
    var world = try SampleWorld.usual()
    let source = try world.source()
    var logs: [String] = []
    let audit = StoreAudit(pinned: world.authority) { progress in
      if logs.last != progress.log { logs.append(progress.log) }
    }
    _ = try audit.verify(source)
    #expect(
      Set(logs) == Set(world.logs.map(\.origin.description) + [source.journal.origin.description]))
  }
}
