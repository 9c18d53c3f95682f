import Cryptography
import Exchange
import RecordModel
import RecordSchema
import SanxiangTesting
import Testing

@Suite("Deadlines of threads")
struct DeadlineTests {
  private static let day: UInt32 = 86_400_000

  /// Both ends under a directory that names the program's own rules and calendars.
  static func world(
    _ roles: [AgencyRole] = [.enforcement, .police]
  ) throws -> TestWorld {
    let world = try TestWorld(roles: roles)
    try world.federation.publish { contents in
      contents.clocks = ClockRules.builtIn.digest
      contents.calendars = WorkingCalendar.builtIn.mapValues(\.digest)
    }
    try world.publish()
    try world.settle()
    return world
  }

  private func view(_ world: TestWorld, _ id: RecordID, at number: Int) throws -> ThreadView {
    let node = world.nodes[number].node
    return try world.call { try await node.thread(id) }
  }

  private func clock(
    _ rule: String, _ world: TestWorld, _ id: RecordID, at number: Int
  ) throws -> ClockView? {
    try view(world, id, at: number).clocks.first { $0.clock.rule == rule }
  }

  private func deadlines(
    _ world: TestWorld, at number: Int, _ filter: ClockFilter = ClockFilter()
  ) throws -> [DeadlineView] {
    let node = world.nodes[number].node
    return try world.call { try await node.deadlines(filter, after: nil, limit: 100) }.items
  }

  private func signed(_ world: TestWorld) throws -> RecordID {
    let id = try world.submit()
    try world.settle()
    try world.act(KindName.leadSign, on: id)
    try world.settle()
    return id
  }

  @Test("Both ends see the same clocks; nobody runs any where the directory names no rules")
  func bothEnds() throws {
    let world = try Self.world()
    let id = try signed(world)
    let (ours, theirs) = (try view(world, id, at: 0), try view(world, id, at: 1))
    #expect(ours.clocks.map(\.clock) == theirs.clocks.map(\.clock))
    let filing = try #require(try clock("filing-decide", world, id, at: 0))
    // Signed on 23 November: the three days are 24, 25 and 26.
    #expect(filing.clock.lastDay == CalendarDate(year: 2026, month: 11, day: 26))
    #expect(filing.owner == world.nodes[1].code)
    #expect(filing.rule?.titleZH == "作出立案或者不予立案决定")
    let bare = try TestWorld(roles: [.enforcement, .police])
    let other = try signed(bare)
    #expect(try view(bare, other, at: 0).clocks.isEmpty)
  }

  @Test("A clock that runs out is overdue everywhere, and the other end's node reminds once")
  func reminds() throws {
    let world = try Self.world()
    let id = try signed(world)
    world.advance(milliseconds: 3 * Self.day + 54_000_000)
    for number in [0, 1, 0, 1] {
      try world.tick(number)
      try world.settle()
    }
    for number in 0...1 {
      let found = try view(world, id, at: number)
      let reminders = found.records.filter { $0.summary.kind == KindName.noticeRemind }
      #expect(reminders.map(\.summary.from) == [world.nodes[0].code], "at \(number)")
      let filing = try #require(found.clocks.first { $0.clock.rule == "filing-decide" })
      #expect(filing.state == .overdue)
      #expect(filing.clock.reminded == reminders.first?.summary.id)
      let queue = try queue(world, number)
      #expect(queue.clocks.overdue == number)
      #expect(queue.clocks.peerOverdue == 1 - number)
    }
    // Neither a restart nor another day sends it again.
    try world.restart(0)
    world.advance(milliseconds: Self.day)
    for _ in 0..<3 {
      try world.tick(0)
      try world.settle()
    }
    let kinds = try view(world, id, at: 1).records.map(\.summary.kind)
    #expect(kinds.filter { $0 == KindName.noticeRemind }.count == 1)
    try expectEqualEnds(world)
  }

  private func queue(_ world: TestWorld, _ number: Int) throws -> QueueStatus {
    let node = world.nodes[number].node
    return try #require(try world.call { try await node.queues() }.first)
  }

  @Test("A clock that was stopped in time calls for no reminder and is in no list")
  func met() throws {
    let world = try Self.world()
    let id = try signed(world)
    #expect(try deadlines(world, at: 1).map(\.clock.clock.rule).contains("filing-decide"))
    try world.act(KindName.leadAccept, on: id)
    try world.settle()
    world.advance(milliseconds: Self.day)
    try world.act(KindName.leadDecide, on: id)
    try world.settle()
    let filing = try #require(try clock("filing-decide", world, id, at: 0))
    #expect(filing.state == .met)
    world.advance(milliseconds: 9 * Self.day)
    for number in 0...1 {
      try world.tick(number)
      let open = try deadlines(world, at: number).map(\.clock.clock.rule)
      #expect(!open.contains("filing-decide"))
    }
    try world.settle()
    #expect(
      try !view(world, id, at: 0).records.contains { $0.summary.kind == KindName.noticeRemind })
  }

  @Test("Deadlines are listed by due time, by who has to act and by peer, page by page")
  func lists() throws {
    let world = try Self.world()
    let ids = try (0..<3).map { number -> RecordID in
      let id = try world.submit(number + 1)
      try world.settle()
      try world.act(KindName.leadSign, on: id)
      try world.settle()
      return id
    }
    let all = try deadlines(world, at: 1)
    #expect(Set(all.map(\.thread)) == Set(ids))
    #expect(all.map { $0.clock.clock.due } == all.map { $0.clock.clock.due }.sorted { $0! < $1! })
    #expect(all.allSatisfy { $0.title != nil && $0.docNo != nil })
    #expect(try deadlines(world, at: 1, ClockFilter(ours: true)).count == all.count)
    #expect(try deadlines(world, at: 1, ClockFilter(ours: false)).isEmpty)
    #expect(try deadlines(world, at: 0, ClockFilter(ours: false)).count == all.count)
    #expect(try deadlines(world, at: 1, ClockFilter(peer: world.nodes[1].code)).isEmpty)
    var pages: [DeadlineView] = []
    var cursor: ClockCursor?
    repeat {
      let node = world.nodes[1].node
      let page = try world.call { [cursor] in
        try await node.deadlines(ClockFilter(), after: cursor, limit: 2)
      }
      pages += page.items
      cursor = page.next
    } while cursor != nil
    #expect(pages.map(\.clock.clock) == all.map(\.clock.clock))
  }

  @Test(
    "A thread keeps the rules that it began under; a later calendar fills a year that lacked one")
  func versions() throws {
    let world = try Self.world()
    let id = try signed(world)
    let before = try view(world, id, at: 1).clocks.map(\.clock)
    try world.federation.publish { $0.clocks = nil }
    try world.publish()
    try world.settle()
    #expect(try view(world, id, at: 1).clocks.map(\.clock) == before)
    let next = try signed(world)
    #expect(try view(world, next, at: 1).clocks.isEmpty)
    for number in 0...1 { try world.restart(number) }
    try world.settle()
    #expect(try view(world, id, at: 1).clocks.map(\.clock) == before)
  }

  @Test("A calendar that is published later gives clocks of earlier threads their end, everywhere")
  func laterCalendar() throws {
    let world = try Self.world()
    try world.federation.publish { $0.calendars = [:] }
    try world.publish()
    try world.settle()
    let id = try signed(world)
    #expect(try clock("filing-decide", world, id, at: 1)?.state == .uncomputable)
    #expect(try deadlines(world, at: 1).isEmpty)
    try world.federation.publish { contents in
      contents.calendars = WorkingCalendar.builtIn.mapValues(\.digest)
    }
    try world.publish()
    for number in 0...1 {
      #expect(try clock("filing-decide", world, id, at: number)?.state == .running)
      #expect(try deadlines(world, at: number).map(\.thread).contains(id))
    }
  }

  @Test("A directory whose files are not here is not put into force")
  func missingFiles() throws {
    let world = try Self.world()
    let unknown = Suite.sha256Ed25519.digest(Array("another file".utf8))
    try world.federation.publish { $0.clocks = unknown }
    let node = world.nodes[0].node
    let note = world.federation.note
    #expect {
      try world.call { try await node.loadDirectory(note) }
    } throws: { error in
      (error as? ExchangeError)?.code.rawValue == "directory.files"
    }
    #expect(node.directory().version == 2)
  }
}
