import Auditor
import RecordModel
import RecordSchema
import Testing

@Suite("What an audit says")
struct AuditOutputTests {
  private func report() throws -> AuditReport {
    var world = try SampleWorld.usual()
    var source = try world.source()
    source.held[0].entries[1].salt[0] ^= 1
    return try StoreAudit(pinned: world.authority).verify(source)
  }

  @Test("the text names log, place and rule in both languages")
  func text() throws {
    let report = try report()
    let chinese = report.text(.zh)
    #expect(chinese.contains("首个有问题的记录：1"))
    #expect(chinese.contains("payload.commitment @1  内容与承诺值不符"))
    #expect(chinese.contains("结论  发现 1 个问题"))
    let english = report.text(.en)
    #expect(english.contains("first bad entry: 1"))
    #expect(english.contains("4 entries, 4 receipted, 1 refused, 0 erased"))
    #expect(english.hasSuffix("result  findings: 1\n"))
  }

  @Test("the JSON is strict and says the same")
  func json() throws {
    let root = try JSONDocument(parsing: try report().json).root
    #expect(root["clean"]?.bool == false)
    #expect(root["findingCount"]?.integer == 1)
    let sent = try #require(root["channels"]?.elements.first { $0["role"]?.string == "outbound" })
    #expect(sent["firstBadEntry"]?.integer == 1)
    #expect(sent["findings"]?[0]?["kind"]?.string == "payload.commitment")
    #expect(sent["findings"]?[0]?["index"]?.integer == 1)
    #expect(root["journals"]?[0]?["size"]?.integer == 7)
    #expect(root["directories"]?["version"]?.integer == 2)
  }
}

@Suite("A comparison of two nodes' stores")
struct ReconciliationTests {
  /// The same history as its other party holds it.
  private func mirrored(_ source: SampleSource) -> SampleSource {
    var other = source
    for index in other.held.indices { other.held[index].channel.isOutbound.toggle() }
    return other
  }

  private func verdicts(
    _ world: SampleWorld, _ left: SampleSource, _ right: SampleSource
  ) throws -> [ChannelComparison.Verdict] {
    try Reconciliation(pinned: world.authority).compare([("A", left), ("B", right)])
      .comparisons.map(\.verdict)
  }

  @Test("equal, behind, different, and held by one side only")
  func verdicts() throws {
    var world = try SampleWorld.usual()
    let left = try world.source()
    // By origin: the enforcement agency's code sorts behind the commission's.
    #expect(try verdicts(world, left, mirrored(left)) == [.equal, .equal])

    var behind = mirrored(left)
    behind.held[0].entries.removeLast(2)
    #expect(try verdicts(world, left, behind) == [.equal, .behind(side: 1)])
    #expect(try verdicts(world, behind, left) == [.equal, .behind(side: 0)])

    var different = mirrored(left)
    different.held[0].entries[2].header.append(0x20)
    #expect(try verdicts(world, left, different) == [.equal, .different(at: 2)])

    var alone = mirrored(left)
    alone.held.removeFirst()
    #expect(try verdicts(world, left, alone) == [.equal, .onlyIn(side: 0)])
  }

  @Test("the roots are those at the size that both hold")
  func roots() throws {
    var world = try SampleWorld.usual()
    let left = try world.source()
    var right = mirrored(left)
    right.held[0].entries.removeLast(3)
    let report = try Reconciliation(pinned: world.authority)
      .compare([("A", left), ("B", right)])
    let sent = try #require(report.comparisons.first { $0.origin == left.held[0].channel.origin })
    #expect(sent.sizes == [4, 1])
    #expect(sent.comparedSize == 1)
    #expect(sent.roots == [left.held[0].checkpoints[0].root, left.held[0].checkpoints[0].root])
    #expect(report.isClean)
    #expect(report.text(.en).contains("equal so far (B is 3 behind)"))
    let root = try JSONDocument(parsing: report.json).root
    #expect(root["comparisons"]?[1]?["verdict"]?.string == "behind")
  }

  @Test("a difference is not clean, and is told")
  func different() throws {
    var world = try SampleWorld.usual()
    let left = try world.source()
    var right = mirrored(left)
    right.held[1].entries[0].header.append(0x20)
    let report = try Reconciliation(pinned: world.authority)
      .compare([("A", left), ("B", right)])
    #expect(!report.isClean)
    #expect(report.text(.zh).contains("不一致：首个不同的记录 0"))
  }
}
