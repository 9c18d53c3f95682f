import Auditor
import Exchange
import RecordModel
import SanxiangTesting
import Testing

@testable import sanxiang

/// Evidence and reconciliation of what real nodes hold after real exchanges.
@Suite("Evidence from real nodes")
struct RealEvidenceTests {
  private func sources<R>(
    _ world: TestWorld, _ numbers: [Int], _ body: ([any AuditSource]) throws -> R
  ) throws -> R {
    func open(_ rest: ArraySlice<Int>, _ opened: [any AuditSource]) throws -> R {
      guard let number = rest.first else { return try body(opened) }
      return try world.nodes[number].store.base.read {
        try open(rest.dropFirst(), opened + [StoreAuditSource(reader: $0)])
      }
    }
    return try open(numbers[...], [])
  }

  private func authority(_ world: TestWorld) -> AuthorityFile {
    AuthorityFile(
      federation: world.federation.directory.federation, suite: world.federation.directory.suite,
      authority: world.federation.pinned)
  }

  /// A lead from 0 to 1 that 1 forwards to 2.
  private func forwarded() throws -> (world: TestWorld, lead: RecordID) {
    let world = try TestWorld(roles: [.enforcement, .discipline, .procuratorate])
    try world.settle()
    let lead = try world.submit(2)
    try world.settle()
    try world.act(KindName.leadSign, on: lead)
    try world.settle()
    let (second, onward) = (world.nodes[1].node, world.nodes[2].code)
    try world.call {
      _ = try await second.forward(
        lead, to: onward, reason: "no-jurisdiction", text: "不属于本机关管辖。")
    }
    try world.settle()
    for number in world.nodes.indices { try world.tick(number) }
    return (world, lead)
  }

  @Test("follows a case from agency to agency", arguments: [[0, 1, 2], [1], [0, 2]])
  func lineage(nodes: [Int]) throws {
    let (world, lead) = try forwarded()
    let authority = authority(world)
    let maker = EvidenceMaker(authority: authority, hasPayloads: true)
    let file = try sources(world, nodes) { try maker.thread(lead, from: $0) }
    let report = EvidenceCheck(authority: authority)(file.encoded)
    #expect(report.faults == [])
    #expect(
      Set(report.records.map(\.header.kind)) == [
        "lead.transfer", "lead.sign", "lead.forward", "lead.forwarded",
      ])
    #expect(report.records.count == 4)
    #expect(Set(report.records.map(\.isOfSubject)) == [true])
    #expect(Set(report.records.map(\.origin.direction)).count == 3)
    #expect(!report.records.contains { $0.receipt == nil })
    // From the onward receiver's end the same records belong together.
    let onward = try #require(report.records.first { $0.header.kind == "lead.forward" })
    let back = try sources(world, nodes) { try maker.thread(onward.header.id, from: $0) }
    #expect(Set(back.records) == Set(file.records))
  }

  @Test("gives the same proof from either end")
  func eitherEnd() throws {
    let (world, lead) = try forwarded()
    let maker = EvidenceMaker(authority: authority(world), hasPayloads: true)
    let one = try sources(world, [0]) { try maker.record(lead, from: $0) }
    let two = try sources(world, [1]) { try maker.record(lead, from: $0) }
    #expect(one == two)
  }

  @Test("has nothing to say against nodes that did nothing wrong")
  func clean() throws {
    let (world, _) = try forwarded()
    let report = try sources(world, [0, 1, 2]) { sources in
      try Reconciliation(pinned: world.federation.pinned, receiptLimit: 0)
        .compare(sources.enumerated().map { ("\($0)", $1) })
    }
    #expect(report.findings.filter { !$0.kind.isNotice } == [])
    #expect(report.isClean)
    #expect(report.numbers.count == 1)
    #expect(report.numbers.first?.isWhole == true)
  }

  @Test("accuses nobody because of an older copy")
  func olderCopy() throws {
    let (world, _) = try forwarded()
    let older = try world.backup(of: 1)
    try world.submit(3)
    try world.settle()
    for number in world.nodes.indices { try world.tick(number) }
    let report = try sources(world, [0]) { sources in
      try older.read { reader in
        try Reconciliation(pinned: world.federation.pinned)
          .compare([("A", sources[0]), ("B, older", StoreAuditSource(reader: reader))])
      }
    }
    #expect(report.comparisons.contains { $0.verdict == .behind(side: 1) })
    #expect(report.findings.filter { !$0.kind.isNotice } == [])
  }

  @Test("accuses nobody after a crash and a return from an old backup", arguments: 0...1)
  func recovered(victim: Int) throws {
    let world = try TestWorld()
    func exchange(_ leads: Int) throws {
      for number in 0..<leads {
        try world.submit(number, from: number % 2, to: 1 - number % 2)
        try world.settle()
        world.advance(milliseconds: 400)
        for node in world.nodes.indices { try world.tick(node) }
      }
    }
    try exchange(4)
    let backup = try world.backup(of: victim)
    try exchange(5)
    try world.crashAndRestart(1 - victim)
    try world.crashAndRestart(victim, on: backup)
    try world.settle()
    try exchange(3)
    let report = try sources(world, [0, 1]) { sources in
      try Reconciliation(pinned: world.federation.pinned, receiptLimit: 0)
        .compare(sources.enumerated().map { ("\($0)", $1) })
    }
    #expect(report.comparisons.map(\.verdict) == [.equal, .equal])
    #expect(report.findings.filter { !$0.kind.isNotice } == [])
    #expect(report.forks == [])
  }
}
