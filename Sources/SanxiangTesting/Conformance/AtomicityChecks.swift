import Exchange
import RecordModel
import Synchronization

extension StoreConformance {
  static let atomicity: [Check] = [
    Check("A write whose body throws changes nothing and passes the error on") { fixture in
      let store = fixture.store
      let channel = try fixture.channel()
      let first = try fixture.append(2, to: channel)
      let before = try store.read { try Contents($0, channel) }
      let submission = fixture.submission()
      var reached = false
      do {
        try store.write { transaction in
          let id = fixture.id()
          _ = try transaction.append(
            fixture.record(2), to: channel, id: id, thread: id, state: .transferred)
          try transaction.setRefused(RecordPosition(channel: channel, seq: 0))
          try transaction.setState(.signed, thread: first[1].id)
          try transaction.insert(submission)
          try transaction.put(fixture.checkpoint(3), channel: channel)
          try transaction.appendJournal(fixture.journalEntry(0), leaf: fixture.digest())
          try transaction.set("name", to: [1])
          try transaction.keep(
            Evidence(origin: "o", code: "c", time: fixture.clock.now, bytes: [1]))
          try transaction.put(fixture.head("journal", "witness", 1))
          _ = try transaction.keep(fixture.conflict("journal", .fork))
          _ = try transaction.openChannel(fixture.state(from: fixture.peer, to: fixture.own))
          reached = true
          throw StoreFixture.Aborted()
        }
        throw Failure(description: "the body's error did not reach the caller")
      } catch is StoreFixture.Aborted {
        try expect(reached, "the body ran to its end")
      }
      try expectEqual(try store.read { try Contents($0, channel) }, before, "everything")
      try expect(try store.read { try $0.submission(submission.id) } == nil, "no submission")
      try expect(try store.read { try $0.witnessedOrigins().isEmpty }, "no witnessed head")
      let conflicts = try store.read { try $0.headConflictCount(origin: "journal") }
      try expectEqual(conflicts, 0, "conflicting heads")
    },
    Check("After a write that threw, the next one works and numbers go on without a gap") {
      fixture in
      let channel = try fixture.channel()
      try fixture.append(1, to: channel)
      try? fixture.store.write { transaction in
        let id = fixture.id()
        _ = try transaction.append(
          fixture.record(1), to: channel, id: id, thread: id, state: nil)
        throw StoreFixture.Aborted()
      }
      try fixture.append(1, to: channel, from: 1)
      let numbers = try fixture.store.read {
        try $0.entries(after: nil, filter: IndexFilter(), limit: 10).map(\.number)
      }
      try expectEqual(numbers, [1, 2], "index numbers")
    },
    Check("A failing append inside a write takes back what came before it") { fixture in
      let channel = try fixture.channel()
      try expectFailure("an append beyond the end") {
        try fixture.store.write { transaction in
          try transaction.set("name", to: [1])
          let id = fixture.id()
          _ = try transaction.append(
            fixture.record(7), to: channel, id: id, thread: id, state: nil)
        }
      }
      try expect(try fixture.store.read { try $0.setting("name") } == nil, "no setting")
    },
    Check("A write returns what its body returns, a read what its body returns") { fixture in
      try expectEqual(try fixture.store.write { _ in "written" }, "written", "write")
      try expectEqual(try fixture.store.read { _ in [1, 2] }, [1, 2], "read")
    },
    Check("A read passes its body's error on and the store goes on") { fixture in
      do {
        try fixture.store.read { _ in throw StoreFixture.Aborted() }
        throw Failure(description: "the body's error did not reach the caller")
      } catch is StoreFixture.Aborted {}
      try expect(try fixture.store.read { try $0.setting("name") } == nil, "no setting")
    },
    Check("After close every call throws, and closing again does nothing") { fixture in
      try fixture.store.close()
      try expectFailure("read") { try fixture.store.read { _ in } }
      try expectFailure("write") { try fixture.store.write { _ in } }
      try expectFailure("space") { _ = try fixture.store.space() }
      try fixture.store.close()
    },
  ]

  static let order: [Check] = [
    Check("A read sees every write that returned before it began") { fixture in
      for value in 0..<20 as Range<UInt8> {
        try fixture.store.write { try $0.set("value", to: [value]) }
        try expectEqual(
          try fixture.store.read { try $0.setting("value") }, [value], "the last write")
      }
    },
    Check("A read sees one state even while a write returns beside it") { fixture in
      try fixture.store.write { try $0.set("value", to: [1]) }
      try fixture.store.read { reader in
        try expectEqual(try reader.setting("value"), [1], "before")
        try fixture.store.write { try $0.set("value", to: [2]) }
        try expectEqual(try reader.setting("value"), [1], "the same state after the write")
      }
      try expectEqual(try fixture.store.read { try $0.setting("value") }, [2], "the next read")
    },
    Check("A read during a write sees nothing of it") { fixture in
      try fixture.store.write { transaction in
        try transaction.set("value", to: [1])
        try expect(try fixture.store.read { try $0.setting("value") } == nil, "no setting yet")
      }
      try expectEqual(try fixture.store.read { try $0.setting("value") }, [1], "afterwards")
    },
    Check("Reads run inside reads") { fixture in
      try fixture.store.write { try $0.set("value", to: [1]) }
      let values = try fixture.store.read { outer in
        [try outer.setting("value"), try fixture.store.read { try $0.setting("value") }]
      }
      try expectEqual(values, [[1], [1]], "both")
    },
    Check("Writes from many threads happen one after another") { fixture in
      let failures = Mutex<[String]>([])
      concurrently(8) { _ in
        for _ in 0..<10 {
          do {
            try fixture.store.write { transaction in
              let count = try transaction.setting("count")?.first ?? 0
              try transaction.set("count", to: [count + 1])
            }
          } catch { failures.withLock { $0.append("\(error)") } }
        }
      }
      try expectEqual(failures.withLock { $0 }, [], "failures")
      try expectEqual(try fixture.store.read { try $0.setting("count") }, [80], "the count")
    },
    Check("Reads on many threads beside writes see whole transactions only") { fixture in
      try fixture.store.write { transaction in
        try transaction.set("a", to: [0])
        try transaction.set("b", to: [0])
      }
      let failures = Mutex<[String]>([])
      concurrently(9) { thread in
        do {
          for value in 1...40 as ClosedRange<UInt8> {
            if thread == 0 {
              try fixture.store.write { transaction in
                try transaction.set("a", to: [value])
                try transaction.set("b", to: [value])
              }
            } else {
              let (a, b) = try fixture.store.read { (try $0.setting("a"), try $0.setting("b")) }
              try expectEqual(a, b, "two values of one transaction")
            }
          }
        } catch { failures.withLock { $0.append("\(error)") } }
      }
      try expectEqual(failures.withLock { $0 }, [], "failures")
    },
  ]
}

/// What the checks compare to say that nothing changed.
struct Contents: Equatable {
  var channels: [ChannelState]
  var records: [StoredRecord]
  var entries: [IndexEntry]
  var checkpoints: [StoredCheckpoint]
  var counts: [String: OutboxCount]
  var journal: [StoredJournalEntry]
  var evidence: [Evidence]
  var setting: [UInt8]?

  init(_ reader: any StoreReader, _ channel: ChannelNumber) throws {
    channels = try reader.channels()
    records = try reader.records(channel, from: 0, maximumCount: 1000, maximumBytes: 1 << 30)
    entries = try reader.entries(after: nil, filter: IndexFilter(), limit: 1000)
    checkpoints = try reader.checkpoints(
      channel, sizes: 0...UInt64(Int64.max), cosignedOnly: false, limit: 1000)
    counts = Dictionary(
      uniqueKeysWithValues: try reader.outboxCounts().map { ($0.key.rawValue, $0.value) })
    journal = try reader.journal(epoch: 1, from: 0, limit: 1000)
    evidence = try reader.evidence(limit: 1000)
    setting = try reader.setting("name")
  }
}
