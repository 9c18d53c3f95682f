import Exchange
import RecordModel
import TransparencyLog

extension StoreConformance {
  static let journal: [Check] = [
    Check("The journal's state comes back as it was put, newest epoch's") { fixture in
      var state = JournalState(epoch: 1, suite: fixture.suite)
      for _ in 0..<300 { state.frontier.append(leaf: fixture.digest()) }
      state.lastLeaf = fixture.digest()
      state.lastTime = fixture.clock.now
      let fresh = JournalState(epoch: 2, suite: fixture.suite)
      for item in [state, fresh] {
        try fixture.store.write { transaction in
          try transaction.update(item)
          try expectEqual(try transaction.journalState(), item, "in its transaction")
        }
        try expectEqual(try fixture.store.read { try $0.journalState() }, item, "afterwards")
      }
    },
    Check("Journal entries come in order, per epoch, from a position, up to a limit") { fixture in
      let entries = (0..<6).map { fixture.journalEntry(UInt64($0)) }
      let second = (0..<2).map { fixture.journalEntry(UInt64($0), epoch: 2) }
      try fixture.store.write { transaction in
        for entry in entries.prefix(4) {
          try transaction.appendJournal(entry, leaf: fixture.digest())
        }
      }
      try fixture.store.write { transaction in
        for entry in second + entries.suffix(2) {
          try transaction.appendJournal(entry, leaf: fixture.digest())
        }
      }
      let cases: [(epoch: UInt32, from: UInt64, limit: Int, expected: [StoredJournalEntry])] = [
        (1, 0, 99, entries), (1, 0, 2, Array(entries[..<2])), (1, 4, 99, Array(entries[4...])),
        (1, 6, 9, []), (2, 0, 9, second), (2, 1, 9, [second[1]]), (3, 0, 9, []),
        (1, .max, 9, []),
      ]
      for item in cases {
        let found = try fixture.store.read {
          try $0.journal(epoch: item.epoch, from: item.from, limit: item.limit)
        }
        try expectEqual(found, item.expected, "epoch \(item.epoch) from \(item.from)")
      }
    },
    Check("A journal entry goes to its epoch's next position and nowhere else") { fixture in
      try fixture.store.write {
        try $0.appendJournal(fixture.journalEntry(0), leaf: fixture.digest())
      }
      for (epoch, seq) in [(1, 0), (1, 2), (2, 1)] as [(UInt32, UInt64)] {
        try expectFailure("entry \(seq) of epoch \(epoch)") {
          try fixture.store.write {
            try $0.appendJournal(
              fixture.journalEntry(seq, epoch: epoch), leaf: fixture.digest())
          }
        }
      }
    },
    Check("The newest signed checkpoint of a journal epoch is the largest put") { fixture in
      let none = try fixture.store.read { try $0.journalCheckpoint(epoch: 1) }
      try expect(none == nil, "none yet")
      let ten = fixture.checkpoint(10)
      let five = fixture.checkpoint(5)
      let witnessed = fixture.checkpoint(10, receiptTime: 77)
      let second = fixture.checkpoint(1)
      let newest = { (epoch: UInt32) in
        try fixture.store.read { try $0.journalCheckpoint(epoch: epoch) }
      }
      let steps: [(put: StoredCheckpoint, epoch: UInt32, newest: StoredCheckpoint)] =
        [(five, 1, five), (ten, 1, ten), (five, 1, ten), (witnessed, 1, witnessed)]
      for step in steps {
        try fixture.store.write { try $0.putJournalCheckpoint(step.put, epoch: step.epoch) }
        try expectEqual(try newest(1), step.newest, "after \(step.put.size)")
      }
      try fixture.store.write { try $0.putJournalCheckpoint(second, epoch: 2) }
      try expectEqual(try newest(1), witnessed, "the first epoch's")
      try expectEqual(try newest(2), second, "the second epoch's")
    },
  ]

  static let small: [Check] = [
    Check("A setting holds the bytes that were set last, under its exact name") { fixture in
      let values: [(String, [UInt8])] = [
        ("node.code", [1, 0, 2]), ("node.code", []), ("caf\u{E9}", [3]), ("cafe\u{301}", [4]),
        ("", [5]), ("a\u{0}b", [6]), ("a", [7]),
      ]
      for (name, value) in values {
        try fixture.store.write { transaction in
          try transaction.set(name, to: value)
          try expectEqual(try transaction.setting(name), value, "in its transaction")
        }
      }
      for (name, value) in values.dropFirst() {
        try expectEqual(
          try fixture.store.read { try $0.setting(name) }, value, "\(name.utf8.count)")
      }
      try expect(try fixture.store.read { try $0.setting("node") } == nil, "never set")
    },
    Check("The directory in force is the newest version's; all are kept, oldest first") { fixture in
      let notes = (1...3).map { _ in fixture.random.bytes(500) }
      for (version, note) in [(2, notes[0]), (12, notes[2]), (9, notes[1])] {
        try fixture.store.write { try $0.addDirectory(version: UInt64(version), note: note) }
      }
      try fixture.store.read { reader in
        try expectEqual(try reader.directoryNotes(), notes, "all")
        try expectEqual(try reader.directoryNote(), notes[2], "the newest")
      }
      try expectFailure("a version that is there") {
        try fixture.store.write { try $0.addDirectory(version: 12, note: notes[0]) }
      }
    },
    Check("A lease is the one put last, whether or not it has run out") { fixture in
      let id = fixture.id()
      try expect(try fixture.store.read { try $0.lease(id) } == nil, "never leased")
      let leases = [("张三", 100), ("clerk", 50)].map {
        Lease(id: id, holder: $0, until: Timestamp(milliseconds: $1))
      }
      for lease in leases {
        try fixture.store.write { try $0.put(lease) }
        try expectEqual(try fixture.store.read { try $0.lease(id) }, lease, "the lease")
      }
      try expect(try fixture.store.read { try $0.lease(fixture.id()) } == nil, "another's")
    },
    Check("Evidence is kept whole and listed newest first, up to the limit") { fixture in
      let kept = (0..<4).map { index in
        Evidence(
          origin: "test.federation/sanxiang/\(index)", code: "channel.fork",
          time: Timestamp(milliseconds: 100 - Int64(index / 2)), bytes: fixture.random.bytes(50))
      }
      for evidence in kept { try fixture.store.write { try $0.keep(evidence) } }
      for limit in [1, 3, 9] {
        let found = try fixture.store.read { try $0.evidence(limit: limit) }
        try expectEqual(found, Array(kept.reversed().prefix(limit)), "up to \(limit)")
      }
    },
    Check("Space is reported: some is free, and what is stored takes some") { fixture in
      let channel = try fixture.channel()
      try fixture.append(10, to: channel)
      let space = try fixture.store.space()
      try expect(space.free > 0, "some is free")
      try expect(space.used >= 10 * 832, "ten records take their bytes")
    },
  ]
}
