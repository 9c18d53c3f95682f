import Cryptography
import Exchange
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

@Suite("Erased payloads and old copies")
struct ErasureRestoreTests {
  /// A lead that was erased at some nodes after copies of both were made.
  struct Case {
    let world: TestWorld
    let id: RecordID
    let backups: [any Store]

    init(erasedAt numbers: [Int], late: Bool = false) throws {
      var limits = ExchangeLimits()
      limits.batchRecords = 2
      world = try TestWorld(limits: limits)
      let world = world
      try world.settle()
      let early = try [0, 1].map { try world.backup(of: $0) }
      id = try world.submit(1)
      try world.settle()
      backups = late ? try [0, 1].map { try world.backup(of: $0) } : early
      try world.submit(2)
      try world.submit(3, from: 1, to: 0)
      try world.settle()
      for number in numbers { try world.erase(id, at: number) }
      for number in 4..<9 {
        try world.submit(number)
        try world.settle()
      }
    }
  }

  static let cases: [(erased: [Int], restored: Int, late: Bool)] = [[0], [1], [0, 1]]
    .flatMap { erased in
      [0, 1].flatMap { restored in [false, true].map { (erased, restored, $0) } }
    }

  @Test(
    "A restored node ends with what both have said, and shows nothing on the way",
    arguments: cases)
  func restored(_ test: (erased: [Int], restored: Int, late: Bool)) throws {
    let made = try Case(erasedAt: test.erased, late: test.late)
    let (world, id, number) = (made.world, made.id, test.restored)
    try world.crashAndRestart(number, on: made.backups[number])
    // Step by step: from the greeting on, until its own log is whole, no payload is read.
    var looked = 0
    world.connect()
    while world.randomStep({ _ in 0 }) {
      guard test.erased.contains(number) else { continue }
      let held = try world.stored(id, at: number)?.payload != nil
      let node = world.nodes[number].node
      let isRecovering = node.channels().contains { $0.role == .outbound && $0.recovering }
      guard held, isRecovering else { continue }
      // The question itself lets the node's work go on, so that it may be whole when it is answered.
      var shown: [UInt8]?
      let code = world.code { shown = try world.call { try await node.record(id) }.payload }
      #expect(code == "record.recovering" || shown == nil)
      looked += code == nil ? 0 : 1
      let lists = try world.call {
        try await node.leads(cursor: nil, limit: 9).items
          + node.inbox(cursor: nil, limit: 9).items
      }
      #expect(lists.allSatisfy { $0.id != id || ($0.title == nil && $0.docNo == nil) })
    }
    #expect(looked > 0 || !test.late || !test.erased.contains(number))
    try world.settle()
    try world.tick(number)
    try expectEqualEnds(world)
    let own = test.erased.contains(number)
    let peer = test.erased.contains(1 - number)
    // What the peer erased too cannot come back from it.
    let isHeld = !own && (!peer || test.late)
    #expect(try (world.stored(id, at: number)?.payload != nil) == isHeld)
    let state = try world.erasure(of: id, at: number)?.state
    #expect(state == (own ? (peer ? .both : .own) : isHeld ? .peer : .lost))
    #expect(try world.erasureAlarms("erasure.uncovered", at: number) == 0)
    if own, !peer || test.late {
      #expect(try world.erasureAlarms("erasure.restored", at: number) == 1)
      #expect(try world.nodes[number].journal().contains { $0.contains("\"reason\":\"restored\"") })
    }
    #expect(try world.nodes.allSatisfy { try $0.snapshot().channels.allSatisfy { $0.halt == nil } })
  }

  @Test("It comes back so however often the connection breaks and processes die", arguments: 0..<16)
  func interrupted(_ seed: Int) throws {
    let made = try Case(erasedAt: [[0], [1], [0, 1]][seed % 3], late: seed % 4 < 2)
    let (world, number) = (made.world, seed % 2)
    try world.crashAndRestart(number, on: made.backups[number])
    let random = SeededRandom(seed: UInt64(seed))
    for round in 0..<6 {
      world.connect()
      for _ in 0..<random.below(60) { _ = world.randomStep(random.below) }
      world.cut()
      if round % 2 == 1 { try world.crashAndRestart(random.below(2)) }
      #expect(try world.brokenInvariants() == [])
    }
    try world.settle()
    for number in 0...1 { try world.tick(number) }
    try expectEqualEnds(world)
    for erased in 0...1 {
      guard let view = try world.erasure(of: made.id, at: erased), view.own != nil else { continue }
      #expect(try world.stored(made.id, at: erased)?.payload == nil)
    }
    for number in 0...1 { #expect(try world.erasureAlarms("erasure.uncovered", at: number) == 0) }
  }

  @Test("A node that is told that its store is a copy shows nothing before its own log is whole")
  func told() throws {
    let made = try Case(erasedAt: [1], late: true)
    let (world, id) = (made.world, made.id)
    world.reconnects = false
    world.nodes[1].isRestored = true
    try world.crashAndRestart(1, on: made.backups[1])
    #expect(try world.stored(id, at: 1)?.payload != nil)
    let node = world.nodes[1].node
    #expect(world.code { try world.call { _ = try await node.record(id) } } == "record.recovering")
    #expect(
      try world.call { try await node.inbox(cursor: nil, limit: 9) }.items.map(\.title) == [nil])
    world.reconnects = true
    try world.settle()
    #expect(try world.call { try await node.record(id) }.payload == nil)
    let titles = try world.call { try await node.inbox(cursor: nil, limit: 99) }.items.map(\.title)
    #expect(titles.count { $0 != nil } == titles.count - 1)
  }

  @Test("A store whose payload was put back is put right at the next start, with an alarm")
  func putBack() throws {
    let made = try Case(erasedAt: [0])
    let (world, id) = (made.world, made.id)
    // The record's row as an operator might put it back out of a copy, the rest as it is.
    let memory = try #require(world.nodes[0].store.base.base as? MemoryStore)
    let place = try #require(try memory.read { try $0.entry(id)?.position })
    let held = try #require(try world.stored(id, at: 1))
    memory.putBack(payload: held.payload, salt: held.salt, at: place)
    #expect(try world.stored(id, at: 0)?.payload != nil)
    try world.crashAndRestart(0)
    #expect(try world.stored(id, at: 0)?.payload == nil)
    #expect(try world.erasureAlarms("erasure.restored", at: 0) == 1)
    try world.crashAndRestart(0)
    #expect(try world.erasureAlarms("erasure.restored", at: 0) == 1)
  }

  @Test(
    "Every transaction of an erasure may fail or be the last: nothing is half gone",
    arguments: 0..<4)
  func crashes(write: Int) throws {
    for fault in FaultyStore<AnyStore>.Fault.allCases {
      let (world, id) = try ErasureTests.world()
      let text = try world.proposal(id, at: 0).statement.text
      let note = try world.federation.approve(text, at: world.nodes[0].code, by: [0, 1])
      world.nodes[0].store.fail(fault, after: write)
      _ = try? world.erase(approved: note, at: 0)
      _ = try? world.tick(0)
      world.work()
      try world.crashAndRestart(0)
      try world.settle()
      _ = try? world.erase(approved: note, at: 0)
      try world.settle()
      try world.tick(0)
      #expect(try world.stored(id, at: 0)?.payload == nil)
      #expect(try world.erasure(of: id, at: 0)?.own != nil)
      let sealed = try world.nodes[0].snapshot().log(world.direction())
        .filter { try RecordHeader(parsing: $0.header).kind == KindName.systemErasure }
      #expect(sealed.count == 1)
      let applied = try world.nodes[0].journal().count { $0.contains("\"erasure.applied\"") }
      #expect(applied == 1)
      try expectEqualEnds(world)
    }
  }
}
