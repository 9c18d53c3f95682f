import Cryptography
import Exchange
import RecordModel

extension StoreConformance {
  static let erasures: [Check] = [
    Check("An erased record keeps all but payload and salt, and its key stays used") {
      (fixture: StoreFixture) in
      let channel = try fixture.channel()
      let appended = try fixture.append(3, to: channel)
      let (id, records) = (appended[1].id, appended.map(\.record))
      let place = RecordPosition(channel: channel, seq: 1)
      let entry = IdempotencyEntry(
        key: "k", id: id, request: fixture.digest(),
        time: Timestamp(milliseconds: 5))
      try fixture.store.write { transaction in
        try transaction.put(entry)
        try expect(try transaction.erase(place, id: id), "there was a payload")
        try expect(try !transaction.erase(place, id: id), "and then there was none")
      }
      var gone = records[1]
      gone.payload = nil
      gone.salt = []
      let held = try fixture.store.read {
        try $0.records(channel, from: 0, maximumCount: 9, maximumBytes: 1 << 20)
      }
      try expectEqual(held, [records[0], gone, records[2]], "the log")
      let kept = try fixture.store.read { try $0.idempotency("k") }
      try expectEqual(kept?.id, id, "the key's id")
      try expectEqual(kept?.request, .zero, "the key's request")
      try fixture.store.scrub()
      try expectEqual(
        try fixture.store.read { try $0.record(at: place) }, gone, "after the scrub")
    },
    Check("What is not there is not erased") { (fixture: StoreFixture) in
      let channel = try fixture.channel()
      let records = try fixture.append(1, to: channel).map(\.record)
      try expectFailure("erasing beyond the end") {
        try fixture.store.write {
          _ = try $0.erase(RecordPosition(channel: channel, seq: 1), id: fixture.id())
        }
      }
      try expectEqual(
        try fixture.store.read { try $0.record(at: RecordPosition(channel: channel, seq: 0)) },
        records[0], "what is there")
    },
    Check("Erasures come back in the order of their places, page by page") {
      (fixture: StoreFixture) in
      let channel = try fixture.channel()
      func place(_ seq: UInt64) -> RecordPosition { RecordPosition(channel: channel, seq: seq) }
      let all = [
        StoredErasure(target: place(0), own: place(7)),
        StoredErasure(target: place(3)),
        StoredErasure(target: place(9), own: place(11), peers: place(2)),
      ]
      try fixture.store.write { transaction in
        try transaction.put(StoredErasure(target: place(0)))
        for erasure in all.reversed() { try transaction.put(erasure) }
        try expectEqual(try transaction.erasure(of: place(3)), all[1], "in its transaction")
      }
      for limit in [1, 2, 9] {
        var found: [StoredErasure] = []
        while true {
          let page = try fixture.store.read { [after = found.last?.target] in
            try $0.erasures(after: after, limit: limit)
          }
          if page.isEmpty { break }
          found += page
        }
        try expectEqual(found, all, "in pages of \(limit)")
      }
      try expect(try fixture.store.read { try $0.erasure(of: place(1)) } == nil, "no other")
    },
  ]
}
