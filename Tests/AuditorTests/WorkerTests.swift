import Auditor
import RecordModel
import Synchronization
import Testing

@Suite("Workers that check ahead")
struct WorkerTests {
  /// Each begins a piece at another moment: at once, when it is waited for, in the reverse order of
  /// handing in, never (so that the audit does it itself), or on threads of its own.
  private static let ways: [(name: String, workers: AuditWorkers)] = [
    (
      "at once",
      AuditWorkers(count: 2) { work in
        work(); return {}
      }
    ),
    ("late", AuditWorkers(count: 3) { work in work }),
    ("last first", backwards),
    ("never", AuditWorkers(count: 4) { _ in {} }),
    ("one thread", .threads(1)), ("two threads", .threads(2)), ("five threads", .threads(5)),
  ]

  private static let backwards: AuditWorkers = {
    let waiting = Stack()
    return AuditWorkers(count: 4) { work in
      waiting.push(work)
      return { while let work = waiting.pop() { work() } }
    }
  }()

  private final class Stack: Sendable {
    private let works = Mutex<[@Sendable () -> Void]>([])
    func push(_ work: @escaping @Sendable () -> Void) { works.withLock { $0.append(work) } }
    func pop() -> (@Sendable () -> Void)? { works.withLock { $0.popLast() } }
  }

  private func expectOneReport(
    _ source: SampleSource, _ world: SampleWorld, _ names: Set<String>
  ) throws -> AuditReport {
    let alone = try StoreAudit(pinned: world.authority).verify(source)
    for (name, workers) in Self.ways where names.contains(name) {
      let report = try StoreAudit(pinned: world.authority, workers: workers).verify(source)
      #expect(report == alone, "workers: \(name)")
      #expect(report.json == alone.json, "workers: \(name)")
    }
    return alone
  }

  @Test("find in every damaged history what is found without them", arguments: AuditCase.all)
  func damage(_ damage: AuditCase) throws {
    var world = try damage.world.make()
    var source = try world.source()
    try damage.tamper(&source, world)
    #expect(try !expectOneReport(source, world, ["last first", "five threads"]).isClean)
  }

  @Test("find in a long history with damage everywhere what is found without them")
  func everything() throws {
    var world = try SampleWorld.long()
    world.seal(.back, KindName.leadTransfer, "{}", isRefused: true)
    try world.sign(.back)
    var source = try world.source()
    source.chunk = 7
    for seq in stride(from: 11, to: 250, by: 13) { source.held[0].entries[seq].payload?[3] ^= 1 }
    for seq in stride(from: 5, to: 250, by: 31) { source.held[0].entries[seq].header.removeLast() }
    for seq in stride(from: 8, to: 250, by: 29) { source.held[0].entries[seq].claimedLeaf = nil }
    source.held[0].entries.remove(at: 200)
    source.held[0].entries[140].isRefused = true
    source.held[0].entries[77].payload = nil
    source.held[0].checkpoints[1].note.removeLast()
    source.journalEntries[44].bytes[30] ^= 1
    source.journalEntries.remove(at: 99)
    let report = try expectOneReport(source, world, Set(Self.ways.map(\.name)))
    let sent = try #require(report.channels.first { $0.isOutbound })
    #expect(sent.findings.firstBadEntry == 5)
    let kinds = Set(report.all.map(\.kind))
    #expect(
      kinds.isSuperset(of: [
        .payloadCommitment, .headerMalformed, .entryMissing, .payloadMissing, .refusalMissing,
        .checkpointMalformed, .journalMissing,
      ]))
  }

  @Test("a source that fails fails the audit, however many there are")
  func failure() throws {
    for (name, workers) in Self.ways {
      var world = try SampleWorld.long()
      var source = try world.source()
      source.breaksAt = 100
      #expect(throws: SampleSource.Broken.self, "workers: \(name)") {
        try StoreAudit(pinned: world.authority, workers: workers).verify(source)
      }
    }
  }
}
