import Cryptography
import Exchange
import RecordModel

extension StoreConformance {
  static let reopening: [Check] = [
    Check("Reopening keeps everything") { subject in
      guard let reopen = subject.reopen else { return }
      let fixture = StoreFixture(try subject.make())
      let world = try World(fixture)
      let before = try fixture.store.read { try Picture($0, world) }
      let reopened = try reopen(fixture.store)
      let after = try reopened.read { try Picture($0, world) }
      try expectEqual(after, before, "everything")
      try expect(before.isFull, "the check fills every part of the store")
      try reopened.close()
    },
    Check("After reopening, numbers and positions go on where they were") { subject in
      guard let reopen = subject.reopen else { return }
      let fixture = StoreFixture(try subject.make())
      let world = try World(fixture)
      let next = StoreFixture(try reopen(fixture.store))
      let second = try next.channel(to: next.other)
      try expect(second != world.channel, "a number of its own")
      let id = RecordID.generate(at: Timestamp(milliseconds: 1)) { next.random.bytes($0) }
      try next.store.write { transaction in
        let isNew = try transaction.append(
          next.record(3), to: world.channel, id: id, thread: id, state: .transferred)
        try expect(isNew, "a new id")
        let isNewAgain = try transaction.append(
          next.record(4), to: world.channel, id: world.ids[0], thread: id, state: nil)
        try expect(!isNewAgain, "an id from before")
        try transaction.appendJournal(next.journalEntry(2), leaf: next.digest())
      }
      try expectEqual(try next.store.read { try $0.entry(id)?.number }, 4, "the next number")
      try next.store.close()
    },
    Check("Reopening again and again changes nothing") { subject in
      guard let reopen = subject.reopen else { return }
      let fixture = StoreFixture(try subject.make())
      let world = try World(fixture)
      let before = try fixture.store.read { try Picture($0, world) }
      var store = fixture.store
      for _ in 0..<3 { store = try reopen(store) }
      try expectEqual(try store.read { try Picture($0, world) }, before, "everything")
      try store.close()
    },
  ]

  /// A store with something in every part.
  private struct World {
    let channel: ChannelNumber
    let ids: [RecordID]
    let submissions: [Submission]
    let holder: AgencyCode

    init(_ fixture: StoreFixture) throws {
      let channel = try fixture.channel()
      let ids = try fixture.append(3, to: channel).map(\.id)
      let submissions = [
        fixture.submission(), fixture.submission(priority: true),
        fixture.submission(dead: fixture.dead()),
      ]
      try fixture.store.write { transaction in
        var state = try element(0, of: try transaction.channels())
        state.halt = Halt(
          code: "channel.fork", detail: "", at: fixture.clock.now, needsNewEpoch: true)
        try transaction.update(state)
        try transaction.setRefused(RecordPosition(channel: channel, seq: 1))
        try transaction.setState(.accepted, thread: ids[2])
        try transaction.putTile(
          channel, level: 0, index: 0, hashes: fixture.random.bytes(256 * Digest.byteCount))
        try transaction.put(fixture.checkpoint(3, receiptTime: 5), channel: channel)
        for submission in submissions { try transaction.insert(submission) }
        try transaction.put(
          IdempotencyEntry(
            key: "key", id: ids[0], request: fixture.digest(), time: fixture.clock.now))
        try transaction.put(Lease(id: ids[0], holder: "clerk", until: fixture.clock.now))
        for seq in 0..<2 as Range<UInt64> {
          try transaction.appendJournal(fixture.journalEntry(seq), leaf: fixture.digest())
        }
        try transaction.update(JournalState(epoch: 1, suite: fixture.suite))
        try transaction.putJournalCheckpoint(fixture.checkpoint(2), epoch: 1)
        try transaction.keep(
          Evidence(origin: "o", code: "c", time: fixture.clock.now, bytes: [1]))
        try transaction.put(fixture.head("journal", "witness", 2))
        _ = try transaction.keep(fixture.conflict("journal", .fork))
        try transaction.putJournalTile(
          epoch: 1, level: 0, index: 0, hashes: fixture.random.bytes(256 * Digest.byteCount))
        try transaction.addDirectory(version: 3, note: [1, 2, 3])
        try transaction.set("name", to: [4])
      }
      self.channel = channel
      self.ids = ids
      self.submissions = submissions
      holder = fixture.peer
    }
  }

  /// All that a reader can say of that store.
  private struct Picture: Equatable {
    var contents: Contents
    var entries: [IndexEntry?]
    var thread: [IndexEntry]
    var tile: [UInt8]?
    var receipt: StoredCheckpoint?
    var submissions: [Submission?]
    var queue: [Submission]
    var deadLetters: [Submission]
    var idempotency: IdempotencyEntry?
    var lease: Lease?
    var journalState: JournalState?
    var journalCheckpoint: StoredCheckpoint?
    var directories: [[UInt8]]
    var heads: [WitnessedHead]
    var conflicts: [HeadConflict]
    var journalTile: [UInt8]?

    init(_ reader: any StoreReader, _ world: World) throws {
      contents = try Contents(reader, world.channel)
      entries = try world.ids.map { try reader.entry($0) }
      thread = try reader.thread(world.ids[0])
      tile = try reader.tile(world.channel, level: 0, index: 0)
      receipt = try reader.newestReceipt(world.channel)
      submissions = try world.submissions.map { try reader.submission($0.id) }
      queue = try reader.queued(to: world.holder, limit: 9)
      deadLetters = try reader.deadLetters(limit: 9)
      idempotency = try reader.idempotency("key")
      lease = try reader.lease(world.ids[0])
      journalState = try reader.journalState()
      journalCheckpoint = try reader.journalCheckpoint(epoch: 1)
      directories = try reader.directoryNotes()
      heads = try reader.witnessedHeads(origin: "journal")
      conflicts = try reader.headConflicts(skipping: 0, limit: 9)
      journalTile = try reader.journalTile(epoch: 1, level: 0, index: 0)
    }

    var isFull: Bool {
      let lists = [
        contents.channels.count, contents.records.count, contents.entries.count,
        contents.checkpoints.count, contents.counts.count, contents.journal.count,
        contents.evidence.count, thread.count, queue.count, deadLetters.count, directories.count,
        heads.count, conflicts.count,
      ]
      let isWhole =
        contents.setting != nil && tile != nil && receipt != nil && idempotency != nil
        && lease != nil && journalState != nil && journalCheckpoint != nil && journalTile != nil
      return isWhole && !lists.contains(0) && !entries.contains(nil) && !submissions.contains(nil)
    }
  }
}
