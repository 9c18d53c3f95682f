import Cryptography
import Exchange
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

@Suite("A journal restored from an old copy")
struct WitnessRestoreTests {
  @Test("It begins its next epoch, naming the witnessed head, before it signs anything")
  func restored() throws {
    let world = try WitnessTests.world()
    try world.witness()
    let backup = try world.backup(of: 0)
    try world.grow(0, by: 40)
    try world.witness()
    let lost = try #require(try world.held(by: 1, of: 0))
    try world.crashAndRestart(0, on: backup)
    try world.settle()
    try world.witness()
    let first = try #require(
      try world.nodes[0].store.base.read { reader in
        try reader.journal(epoch: 2, from: 0, limit: 1).first
      })
    let entry = try JournalEntry(parsing: first.bytes)
    #expect(entry.event == .journalOpened && entry["previousEpoch"] == .integer(1))
    #expect(entry["size"] == .integer(lost.size))
    #expect(entry["root"] == .string(CanonicalBase64.encode(lost.root)))
    #expect(try world.alarms("node.rollback", at: 0) == 1)
    // The old epoch got no second history, and the new one is witnessed.
    #expect(try world.held(by: 1, of: 0) == lost)
    #expect(try world.held(by: 1, of: 0, epoch: 2)?.size == (try world.signed(0, epoch: 2)?.size))
    #expect(try world.alarms("journal.reopened", at: 1) == 1)
    #expect(try world.conflicts(at: 0).isEmpty && world.conflicts(at: 1).isEmpty)
  }

  @Test("Restored twice from one backup, it begins an epoch of its own each time")
  func restoredTwice() throws {
    let world = try WitnessTests.world()
    try world.witness()
    let backup = try world.backup(of: 0)
    try world.grow(0, by: 9)
    for epoch in [2, 3, 4] as [UInt32] {
      try world.witness()
      try world.crashAndRestart(0, on: StoreKit.memory.copy(backup))
      try world.settle()
      try world.witness()
      let head = try #require(try world.held(by: 1, of: 0, epoch: epoch))
      #expect(try world.signed(0, epoch: epoch)?.root == head.root)
    }
    #expect(try world.conflicts(at: 0).isEmpty && world.conflicts(at: 1).isEmpty)
  }

  @Test("It waits for all its peers, since only one may know; for one that stays away, two minutes")
  func waits() throws {
    let world = try WitnessTests.world(3)
    try world.witness()
    let before = try #require(try world.signed(0)).size
    try world.crashAndRestart(0)
    world.reconnects = false
    world.connect(0, 1)
    world.deliverAll()
    for (milliseconds, isSigned) in [(0, false), (119_000, false), (1000, true)] {
      world.advance(milliseconds: UInt32(milliseconds))
      try world.tick(0)
      let size = try #require(try world.signed(0)).size
      #expect((size > before) == isSigned, "\(milliseconds)")
    }
  }

  @Test("A copied store that signed a second history is found by the witness of the first")
  func forked() throws {
    let world = try WitnessTests.world(3)
    try world.witness()
    let copy = try world.backup(of: 0)
    // The first history is seen by one peer alone.
    world.reconnects = false
    world.cut(0, 2)
    world.deliverAll()
    try world.grow(0, by: 5)
    world.advance(milliseconds: 10_000)
    try world.tick(0)
    world.deliverAll()
    let first = try #require(try world.held(by: 1, of: 0))
    // The second one by the other, which has no way to know.
    try world.crashAndRestart(0, on: copy)
    world.connect(0, 2)
    world.deliverAll()
    try world.grow(0, by: 30)
    world.advance(milliseconds: 120_000)
    try world.tick(0)
    world.deliverAll()
    let second = try #require(try world.held(by: 2, of: 0))
    #expect(second.size > first.size)
    world.reconnects = true
    try world.settle()
    #expect(try world.alarms("journal.fork", at: 0) == 1)
    let kept = try #require(try world.conflicts(at: 0).first)
    #expect(kept.kind == .inconsistent && kept.held == first.note)
    #expect(try Checkpoint.signed(parsing: kept.shown).checkpoint.size == second.size)
    // Neither witness has given up what it cosigned, and the new epoch is cosigned by both.
    try world.witness()
    #expect(try world.held(by: 1, of: 0) == first)
    #expect(try world.held(by: 2, of: 0) == second)
    for by in 1...2 {
      #expect(
        try world.held(by: by, of: 0, epoch: 2)?.size == (try world.signed(0, epoch: 2)?.size))
    }
  }
}
