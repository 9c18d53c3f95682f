import Auditor
import Cryptography
import RecordModel
import RecordSchema
import Testing
import TransparencyLog

@Suite("A reconciliation")
struct ReconcileFindingTests {
  /// What the other party holds of this world, with a journal of its own clock that goes to `end`.
  private func other(_ world: SampleWorld, asOf end: Timestamp? = nil) throws -> SampleSource {
    var world = world
    if let end { world.now = end }
    world.journal(.nodeStart, [.text("software", "test")])
    var source = try world.source()
    for index in source.held.indices { source.held[index].channel.isOutbound.toggle() }
    source.journal.origin = JournalOrigin(
      federation: SampleWorld.federation, code: world.parties[1].code, epoch: 1)
    return source
  }

  private func findings(
    _ world: SampleWorld, _ left: SampleSource, _ right: SampleSource?, limit: Int64 = 3_600_000
  ) throws -> ReconciliationReport {
    var sources: [(name: String, source: any AuditSource)] = [("A", left)]
    if let right { sources.append(("B", right)) }
    return try Reconciliation(pinned: world.authority, receiptLimit: limit).compare(sources)
  }

  private func later(_ world: SampleWorld, _ milliseconds: Int64) -> Timestamp {
    world.now.advanced(byMilliseconds: milliseconds)
  }

  @Test("finds what was sent and has had no receipt past the limit, and nothing before it")
  func overdue() throws {
    var world = try SampleWorld()
    world.seal(.out, KindName.leadTransfer, SamplePayload.transfer)
    try world.sign(.out)
    for _ in 0..<3 { world.seal(.out, KindName.leadTransfer, SamplePayload.transfer) }
    try world.sign(.out, isReceipted: false)
    let sealed = world.now.advanced(byMilliseconds: -2000)
    world.now = later(world, 3_600_000)
    world.journal(.nodeStart, [.text("software", "test")])
    let late = try findings(world, world.source(), nil)
    let found = try #require(late.findings.first)
    #expect(found.kind == .overdue)
    #expect(found.index == 1)
    // The last was sealed exactly the limit ago: that is not past it.
    #expect(found.count == 2)
    #expect(found.time == sealed)
    #expect(!late.isClean)
    #expect(late.text(.en).contains("without a receipt for longer"))
    #expect(late.text(.zh).contains("超过时限"))
    let patient = try findings(world, world.source(), nil, limit: 7_200_000)
    #expect(patient.findings.filter { $0.kind == .overdue } == [])
    let explained = try findings(world, world.source(), other(world))
    let detail = try #require(explained.findings.first { $0.kind == .overdue }?.detail)
    #expect(detail.en.contains("says that it holds 4 entries"))
  }

  @Test("finds a receipt that the receiver does not hold any more, unless its copy is older")
  func denied() throws {
    var world = try SampleWorld.usual()
    let left = try world.source()
    var right = try other(world, asOf: later(world, 60_000))
    right.held[0].entries.removeLast()
    let dropped = right.held[0].checkpoints.removeLast()
    let report = try findings(world, left, right)
    let denied = try #require(report.findings.first { $0.kind == .denied })
    #expect(denied.index == dropped.size)
    #expect(denied.holders == ["A", "B"])
    #expect(!report.isClean)
    // The same, kept before the receipt was given.
    var older = right
    older.journalEntries = []
    older.journal.claimedSize = 0
    #expect(try findings(world, left, older).findings.filter { $0.kind == .denied } == [])
    // A forged receipt accuses nobody.
    var forged = left
    forged.held[0].checkpoints[2].note[forged.held[0].checkpoints[2].note.count - 20] ^= 1
    #expect(try findings(world, forged, right).findings.filter { $0.kind == .denied } == [])
  }

  @Test("finds that a sender lost what it signed")
  func shortened() throws {
    var world = try SampleWorld.usual()
    let right = try other(world)
    world.now = later(world, 60_000)
    world.journal(.nodeStart, [.text("software", "test")])
    var left = try world.source()
    left.held[0].entries.removeLast()
    left.held[0].checkpoints.removeLast()
    let report = try findings(world, left, right)
    let found = try #require(report.findings.first { $0.kind == .shortened })
    #expect(found.index == 3)
    #expect(found.count == 1)
    #expect(found.holders == ["B", "A"])
    // That it is coming back from a copy is its word, and takes nothing away.
    left.held[0].channel.isRestoring = true
    let said = try findings(world, left, right).findings.first { $0.kind == .shortened }
    #expect(said?.detail.en.contains("coming back from a copy") == true)
  }

  @Test(
    "one holder's bad directories take nothing away from what the others prove",
    arguments: [0, 1], [false, true])
  func directories(bad: Int, isNew: Bool) throws {
    var world = try SampleWorld.usual()
    let whole = try other(world)
    world.now = later(world, 60_000)
    world.journal(.nodeStart, [.text("software", "test")])
    var cut = try world.source()
    cut.held[0].entries.removeLast()
    cut.held[0].checkpoints.removeLast()
    var sources = [cut, whole]
    if isNew {
      // One more version, which nobody of the authority signed.
      let stranger = try SampleWorld()
      var third = stranger.contents
      third.version = 3
      sources[bad].notes.append(
        try DirectoryDraft(third).sign(with: [stranger.authorityKey]).encoded)
    } else {
      for index in sources[bad].notes.indices {
        sources[bad].notes[index][sources[bad].notes[index].count - 20] ^= 1
      }
    }
    let report = try findings(world, sources[0], sources[1])
    let kinds = report.findings.filter { !$0.kind.isNotice }.map(\.kind)
    #expect(kinds == [.shortened, .directory])
    let found = try #require(report.findings.first { $0.kind == .directory })
    #expect(found.holders == [["A", "B"][bad]])
    #expect(found.detail.en.hasPrefix("directory.chain: "))
    let maker = EvidenceMaker(authority: world.authorityFile, hasPayloads: true)
    #expect(try maker.record(world.id(1), from: sources).records.count == 1)
  }

  @Test(
    "tells of a journal shorter than others witnessed, and accuses one that was kept after that")
  func journalShorter() throws {
    var world = try SampleWorld.usual()
    let left = try world.source()
    let origin = left.journal.origin
    func report(witnessedAt time: Timestamp) throws -> ReconciliationReport {
      var right = try other(world)
      right.witnessed = (
        origin,
        [
          try world.journalHead(
            of: 0, size: 20, root: .zero, witness: world.witness(1), time: UInt64(time.seconds))
        ]
      )
      return try findings(world, left, right)
    }
    let soon = try report(witnessedAt: world.now)
    #expect(soon.findings.map(\.kind) == [.journalBehind, .numberRepeated])
    #expect(soon.findings[0].count == 20 - UInt64(left.journalEntries.count))
    #expect(soon.isClean)
    let late = try report(witnessedAt: world.now.advanced(byMilliseconds: -600_000))
    #expect(late.findings.map(\.kind) == [.journalShortened, .numberRepeated])
    #expect(!late.isClean)
  }

  @Test("whoever shows nothing of a log is one of its ends all the same")
  func nothingShown() throws {
    var world = try SampleWorld.usual()
    var right = try other(world, asOf: later(world, 60_000))
    right.held = []
    let report = try findings(world, world.source(), right)
    let kinds = Set(report.findings.map(\.kind))
    #expect(kinds == [.denied, .shortened, .numberRepeated])
    #expect(report.comparisons.map(\.verdict) == [.onlyIn(side: 0), .onlyIn(side: 0)])
  }

  @Test("finds gaps and repetitions in document numbers, as notices", arguments: [true, false])
  func numbers(isSender: Bool) throws {
    var world = try SampleWorld()
    for number in [18, 20, 21, 25, 20] {
      let payload = SamplePayload.transfer.replacing("18号", with: "\(number)号")
      world.seal(.out, KindName.leadTransfer, payload)
    }
    let again = SamplePayload.transfer.replacing(
      #""docNo""#, with: #""previous":"\#(world.id(1))","docNo""#)
    world.seal(.out, KindName.leadTransfer, again)
    world.seal(.out, KindName.leadTransfer, #"{"docNo":"示市监移〔2026〕900号"}"#, isRefused: true)
    try world.sign(.out)
    let source = isSender ? try world.source() : try other(world)
    let report = try findings(world, source, nil)
    let series = try #require(report.numbers.first)
    #expect(report.numbers.count == 1)
    #expect(series.prefix == "示市监移" && series.year == 2026)
    #expect((series.first, series.last, series.count) == (18, 25, 4))
    #expect(series.missing == [19, 22, 23, 24])
    #expect(series.repeated == [20])
    #expect(series.isWhole == isSender)
    #expect(report.findings.map(\.kind) == [.numberGap, .numberRepeated])
    #expect(report.isClean)
    #expect(report.text(.zh).contains("缺 19, 22-24"))
    let json = try JSONDocument(parsing: report.json).root
    #expect(json["numbers"]?[0]?["missing"]?.count == 4)
    #expect(json["findings"]?[0]?["notice"]?.bool == true)
  }
}

@Suite("A fork")
struct ForkTests {
  /// One history in `size` entries, and another that leaves it after the first and goes on for `more`.
  private func forked(_ size: Int, _ more: Int) throws -> (SampleWorld, SampleWorld) {
    var one = try SampleWorld()
    one.seal(.out, KindName.leadTransfer, SamplePayload.transfer)
    try one.sign(.out)
    var two = one
    for _ in 1..<size { one.seal(.out, KindName.leadTransfer, SamplePayload.transfer) }
    try one.sign(.out)
    for _ in 0..<more {
      two.seal(.out, KindName.leadTransfer, SamplePayload.transfer) { $0.urgency = .urgent }
    }
    try two.sign(.out)
    return (one, two)
  }

  private func found(
    _ one: SampleWorld, _ two: SampleWorld
  ) throws -> (report: ReconciliationReport, file: EvidenceFile?) {
    var (one, two) = (one, two)
    let left = try one.source()
    var right = try two.source()
    for index in right.held.indices { right.held[index].channel.isOutbound.toggle() }
    let report = try Reconciliation(pinned: one.authority).compare([("A", left), ("B", right)])
    let maker = EvidenceMaker(authority: one.authorityFile, hasPayloads: false)
    let file = try report.forks.first.map {
      try maker.fork($0.evidence, of: $0.origin, from: [left, right])
    }
    return (report, file)
  }

  @Test(
    "is found and proven to anyone", arguments: [(3, 2), (4, 1), (2, 5), (9, 300), (300, 7)])
  func proven(size: Int, more: Int) throws {
    let (one, two) = try forked(size, more)
    let (report, file) = try found(one, two)
    #expect(
      report.findings.filter { !$0.kind.isNotice }.map(\.kind).prefix(2) == [.different, .forked])
    #expect(report.findings.first?.index == 1)
    #expect(!report.isClean)
    let bytes = try #require(file).encoded
    let checked = EvidenceCheck(authority: one.authorityFile)(bytes)
    #expect(checked.faults == [])
    let fork = try #require(checked.forks.first)
    #expect(fork.signer == one.parties[0].code)
    #expect(fork.heads.map(\.size) == [size, more + 1].sorted().map(UInt64.init))
    #expect(fork.heads.allSatisfy { $0.receiptTime != nil })
    #expect((fork.prefixRoot == nil) == (size == more + 1))
    #expect(checked.text(.zh).contains("两个互相矛盾的历史"))
    #expect(try JSONDocument(parsing: checked.json).root["forks"]?.count == 1)
  }

  @Test("is refused where the heads agree, are not signed, or are of two logs", arguments: 0..<7)
  func refused(number: Int) throws {
    let (one, two) = try forked(4, 1)
    let file = try #require(try found(one, two).file)
    let origin = one.logs[0].origin.description
    let honest = one.logs[0].checkpoints
    let stranger = try SampleWorld()
    let changed = try file.changed { file in
      switch number {
      case 0: file.forks[0].notes[1] = file.forks[0].notes[0]
      case 1: file.forks[0].notes.swapAt(0, 1)
      case 2: file.forks[0].prefix?.proof[0] = .zero
      case 3: file.forks[0].prefix = nil
      case 4:
        // Two heads of one history, with the true proof between them.
        let leaves = one.logs[0].entries.map { Merkle.leaf($0.header, suite: SampleWorld.suite) }
        file.forks[0] = EvidenceFork(
          notes: honest.map(\.note),
          prefix: EvidenceFork.Prefix(
            root: honest[0].root,
            proof: try Merkle.consistencyProof(
              oldSize: 1, newSize: 4,
              source: MemorySource(suite: SampleWorld.suite, leaves: leaves))))
      case 5:
        let head = Checkpoint(origin: origin, size: 2, root: .zero)
        file.forks[0].notes[0] = try head.signed(by: stranger.parties[0].record).encoded
      default:
        let head = Checkpoint(origin: stranger.logs[1].origin.description, size: 2, root: .zero)
        file.forks[0].notes[0] = try head.signed(by: one.parties[0].record).encoded
      }
    }
    let report = EvidenceCheck()(changed)
    #expect(report.codes.first == (number == 5 ? .signature : .fork))
  }

  @Test("of a journal is found by what a peer witnessed", arguments: [0, 1])
  func journal(later: Int) throws {
    var world = try SampleWorld.usual()
    // The same journal without what the operator did.
    var rewritten = world
    world.journal(.administration, [.text("act", "channel.resume")])
    let origin = JournalOrigin(
      federation: SampleWorld.federation, code: world.parties[0].code, epoch: 1)
    let shown = try Checkpoint(origin: origin.description, frontier: world.journalFrontier)
      .signed(by: world.parties[0].record).encoded
    let witnessed = AuditCheckpoint(
      size: world.journalFrontier.size, root: world.journalFrontier.root, note: shown,
      receiptTime: nil)
    rewritten.journal(.intakeResumed, [])
    if later > 0 { rewritten.journal(.intakeResumed, []) }
    let left = try rewritten.source()
    var right = try world.source()
    for index in right.held.indices { right.held[index].channel.isOutbound.toggle() }
    right.witnessed = (origin, [witnessed])
    right.journalEntries = []
    let report = try Reconciliation(pinned: world.authority).compare([("A", left), ("B", right)])
    let finding = try #require(report.findings.first { $0.kind == .journalForked })
    #expect(finding.index == witnessed.size)
    #expect(finding.holders == ["B", "A"])
    let fork = try #require(report.forks.first { $0.origin == origin.description })
    let file = try EvidenceMaker(authority: world.authorityFile, hasPayloads: false)
      .fork(fork.evidence, of: fork.origin, from: [left, right])
    let checked = EvidenceCheck(authority: world.authorityFile)(file.encoded)
    #expect(checked.faults == [])
    #expect(checked.forks.first?.signer == world.parties[0].code)
    #expect(checked.forks.first?.receiver == nil)
    // The true journal accuses nobody.
    let honest = try world.source()
    let clean = try Reconciliation(pinned: world.authority)
      .compare([("A", honest), ("B", right)])
    #expect(clean.findings.filter { $0.kind == .journalForked } == [])
  }

  @Test("is not proven by a side that did not sign what it holds")
  func unsigned() throws {
    let (one, two) = try forked(3, 2)
    var left = one
    left.logs[0].checkpoints.removeLast()
    let (report, file) = try found(left, two)
    #expect(report.findings.contains { $0.kind == .different })
    #expect(file == nil)
  }
}
