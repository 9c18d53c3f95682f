import Cryptography
import Exchange
import RecordModel

extension StoreConformance {
  static let witness: [Check] = [
    Check("Of each witness the largest head of an origin is held, and the last of its size") {
      fixture in
      let held = { (origin: String) in
        try fixture.store.read { try $0.witnessedHeads(origin: origin) }
      }
      try expect(try held("a").isEmpty, "none yet")
      let (five, ten) = (fixture.head("a", "w", 5), fixture.head("a", "w", 10))
      let again = fixture.head("a", "w", 10)
      let steps: [(put: WitnessedHead, held: WitnessedHead)] =
        [(five, five), (ten, ten), (five, ten), (again, again)]
      for step in steps {
        try fixture.store.write { transaction in
          try transaction.put(step.put)
          try expectEqual(
            try transaction.witnessedHead(origin: "a", witness: "w"), step.held, "at once")
        }
        try expectEqual(try held("a"), [step.held], "after \(step.put.size)")
      }
    },
    Check("Heads are told apart by the bytes of origin and witness, and listed by size") {
      fixture in
      let names = ["caf\u{E9}", "cafe\u{301}", "a", ""]
      let heads = names.enumerated().map { number, origin in
        names.enumerated().map { place, witness in
          fixture.head(origin, witness, UInt64(20 - place / 2 * 7 + number))
        }
      }
      for head in heads.joined() { try fixture.store.write { try $0.put(head) } }
      try fixture.store.read { reader in
        let origins = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        try expectEqual(
          try reader.witnessedOrigins().map { Array($0.utf8) }, origins.map { Array($0.utf8) },
          "all origins")
        for (origin, heads) in zip(names, heads) {
          let expected = heads.sorted { one, other in
            one.size == other.size
              ? one.witness.utf8.lexicographicallyPrecedes(other.witness.utf8)
              : one.size < other.size
          }
          try expectEqual(try reader.witnessedHeads(origin: origin), expected, "\(origin)")
          for head in expected {
            try expectEqual(
              try reader.witnessedHead(origin: origin, witness: head.witness), head, "one")
          }
        }
        try expect(try reader.witnessedHead(origin: "a", witness: "b") == nil, "not one of them")
      }
    },
    Check("Conflicting heads are kept once, in their order, and never changed") { fixture in
      let kinds = HeadConflict.Kind.allCases
      let kept = (0..<6).map { fixture.conflict("log \($0 % 2)", kinds[$0 % kinds.count]) }
      for conflict in kept {
        try expect(try fixture.store.write { try $0.keep(conflict) }, "a new one")
      }
      var repeated = kept[2]
      repeated.held = [1]
      repeated.time = fixture.clock.now.advanced(byMilliseconds: 9)
      let again = repeated
      try expect(try !fixture.store.write { try $0.keep(again) }, "the same note shown again")
      var elsewhere = kept[2]
      elsewhere.origin = "another"
      let other = elsewhere
      try expect(try fixture.store.write { try $0.keep(other) }, "of another origin")
      try fixture.store.read { reader in
        let all = kept + [other]
        try expectEqual(try reader.headConflicts(skipping: 0, limit: 99), all, "all")
        try expectEqual(try reader.headConflicts(skipping: 2, limit: 3), Array(all[2..<5]), "some")
        try expectEqual(try reader.headConflicts(skipping: 7, limit: 3), [], "beyond")
        for (origin, count) in [("log 0", 3), ("log 1", 3), ("another", 1), ("none", 0)] {
          try expectEqual(try reader.headConflictCount(origin: origin), count, origin)
        }
      }
    },
    Check("A journal's leaves come back in order, per epoch") { fixture in
      let leaves = (0..<7).map { _ in fixture.digest() }
      let second = fixture.digest()
      try fixture.store.write { transaction in
        for (seq, leaf) in leaves.enumerated() {
          try transaction.appendJournal(fixture.journalEntry(UInt64(seq)), leaf: leaf)
        }
        try transaction.appendJournal(fixture.journalEntry(0, epoch: 2), leaf: second)
      }
      try fixture.store.read { reader in
        try expectEqual(try reader.journalLeaves(epoch: 1, 0..<7), leaves, "all")
        try expectEqual(try reader.journalLeaves(epoch: 1, 2..<5), Array(leaves[2..<5]), "some")
        try expectEqual(try reader.journalLeaves(epoch: 1, 9..<9), [], "none")
        try expectEqual(try reader.journalLeaves(epoch: 2, 0..<1), [second], "the second epoch's")
      }
      for range in [5..<8, 7..<9] as [Range<UInt64>] {
        try expectFailure("leaves that are not held") {
          _ = try fixture.store.read { try $0.journalLeaves(epoch: 1, range) }
        }
      }
    },
    Check("A journal's complete tiles are held for each epoch, level and place") { fixture in
      let places: [(UInt32, Int, UInt64)] = [(1, 0, 0), (1, 0, 1), (1, 1, 0), (2, 0, 0)]
      let tiles = places.map { _ in fixture.random.bytes(256 * 32) }
      for (place, tile) in zip(places, tiles) {
        try fixture.store.write {
          try $0.putJournalTile(epoch: place.0, level: place.1, index: place.2, hashes: tile)
        }
      }
      for (place, tile) in zip(places, tiles) {
        let held = try fixture.store.read {
          try $0.journalTile(epoch: place.0, level: place.1, index: place.2)
        }
        try expectEqual(held, tile, "\(place)")
      }
      let none = try fixture.store.read { try $0.journalTile(epoch: 2, level: 1, index: 0) }
      try expect(none == nil, "not one of them")
      try expectFailure("half a tile") {
        try fixture.store.write {
          try $0.putJournalTile(
            epoch: 1, level: 0, index: 9, hashes: fixture.random.bytes(128 * 32))
        }
      }
    },
  ]
}

extension StoreFixture {
  func head(_ origin: String, _ witness: String, _ size: UInt64) -> WitnessedHead {
    WitnessedHead(
      origin: origin, witness: witness, size: size, root: digest(), note: random.bytes(300),
      time: 1_795_396_500 + size)
  }

  func conflict(_ origin: String, _ kind: HeadConflict.Kind) -> HeadConflict {
    HeadConflict(
      origin: origin, kind: kind, held: random.bytes(300), shown: random.bytes(200),
      time: clock.now)
  }
}
