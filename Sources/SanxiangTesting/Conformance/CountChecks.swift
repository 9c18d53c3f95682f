import Exchange
import RecordModel

extension StoreConformance {
  static let counts: [Check] = actCounts + stateCounts

  private static let actCounts: [Check] = [
    Check("Acts are counted apart by everything that tells them apart") { fixture in
      let thread = fixture.id()
      let variants: [(peer: AgencyCode, opened: Bool, ours: Bool, kind: String, detail: String?)] =
        [
          (fixture.peer, true, true, "lead.return", "01"),
          (fixture.other, true, true, "lead.return", "01"),
          (fixture.peer, false, true, "lead.return", "01"),
          (fixture.peer, true, false, "lead.return", "01"),
          (fixture.peer, true, true, "lead.refuse", "01"),
          (fixture.peer, true, true, "lead.return", "02"),
          (fixture.peer, true, true, "lead.return", ""),
          (fixture.peer, true, true, "lead.return", nil),
        ]
      var acts: [KeptAct] = []
      for (index, variant) in variants.enumerated() {
        for _ in 0...index {
          acts.append(
            fixture.act(
              Int64(acts.count) + 1, thread: thread, id: fixture.id(), peer: variant.peer,
              opened: variant.opened, ours: variant.ours, kind: variant.kind,
              detail: variant.detail))
        }
      }
      try fixture.keep(acts: acts)
      let expected = variants.enumerated().map { index, variant in
        ActCount(
          peer: variant.peer, opened: variant.opened, ours: variant.ours, kind: variant.kind,
          detail: variant.detail, count: index + 1)
      }
      let found = try fixture.store.read { try $0.actCounts(fixture.moment(0)..<fixture.moment(1)) }
      try expectEqual(found.count, expected.count, "sorts")
      try expectEqual(Set(found), Set(expected), "counts")
    },
    Check("A period holds its first moment and not its last") { fixture in
      let threads = (0..<5).map { _ in fixture.id() }
      try fixture.keep(
        acts: threads.enumerated().map { index, thread in
          fixture.act(Int64(index) + 1, thread: thread, at: index - 1, docNo: "号\(index)")
        },
        clocks: threads.enumerated().map { index, thread in
          fixture.clock(thread, due: index - 1)
        })
      let cases: [(from: Int, to: Int, count: Int)] = [
        (0, 3, 3), (-1, 4, 5), (0, 0, 0), (3, 4, 1), (4, 9, 0), (-9, -1, 0), (-9, 0, 1),
      ]
      for (from, to, count) in cases {
        let period = fixture.moment(from)..<fixture.moment(to)
        try fixture.store.read { reader in
          let acts = try reader.actCounts(period).map(\.count)
          try expectEqual(acts, count == 0 ? [] : [count], "acts in \(from)..<\(to)")
          let documents = try reader.documentNumbers(period, opened: true)
          try expectEqual(documents.count, count, "document numbers in \(from)..<\(to)")
          let clocks = try reader.clockCounts(period, at: fixture.moment(99)).map(\.count)
          try expectEqual(clocks, count == 0 ? [] : [count], "clocks in \(from)..<\(to)")
        }
      }
    },
    Check("Acts that were replaced or removed are not counted") { fixture in
      let (thread, other) = (fixture.id(), fixture.id())
      let period = fixture.moment(0)..<fixture.moment(9)
      try fixture.keep(acts: [
        fixture.act(1, thread: thread, detail: "01"), fixture.act(2, thread: other, detail: "01"),
      ])
      try fixture.keep(acts: [fixture.act(1, thread: thread, detail: "02")])
      try fixture.store.write {
        try $0.put(ThreadProjection(thread: other, acts: [], clocks: [], links: []))
      }
      let found = try fixture.store.read { try $0.actCounts(period) }
      try expectEqual(found.map(\.detail), ["02"], "details")
      try expectEqual(found.map(\.count), [1], "counts")
    },
    Check("Document numbers come from the end that was asked for, as often as they occur") {
      fixture in
      let threads = (0..<5).map { _ in fixture.id() }
      try fixture.keep(acts: [
        fixture.act(1, thread: threads[0], docNo: "一"),
        fixture.act(2, thread: threads[1], peer: fixture.other, docNo: "一"),
        fixture.act(3, thread: threads[2], docNo: "一"), fixture.act(4, thread: threads[3]),
        fixture.act(5, thread: threads[4], opened: false, ours: false, docNo: "二"),
      ])
      let period = fixture.moment(0)..<fixture.moment(1)
      try fixture.store.read { reader in
        let sent = try reader.documentNumbers(period, opened: true)
        let expected = [fixture.other, fixture.peer, fixture.peer].map { "\($0) 一" }.sorted()
        try expectEqual(sent.map { "\($0.peer) \($0.docNo)" }.sorted(), expected, "sent")
        let received = try reader.documentNumbers(period, opened: false)
        try expectEqual(received.map(\.docNo), ["二"], "received")
      }
    },
    Check("Opening acts are found by their detail, the newest first") { fixture in
      let threads = (0..<6).map { _ in fixture.id() }
      let acts = [
        fixture.act(9, thread: threads[0], at: 0, detail: "assigned"),
        fixture.act(3, thread: threads[1], at: 7, detail: "assigned"),
        fixture.act(5, thread: threads[2], peer: fixture.other, kind: "x", detail: "assigned"),
        fixture.act(6, thread: threads[3], opened: false, detail: "assigned"),
        fixture.act(7, thread: threads[4], detail: "other"), fixture.act(8, thread: threads[5]),
        fixture.act(10, thread: threads[5], id: fixture.id(), detail: "assigned"),
      ]
      try fixture.keep(acts: acts)
      try fixture.store.read { reader in
        for limit in 0...4 {
          let found = try reader.openingActs(detail: "assigned", opened: true, limit: limit)
          let expected = Array([acts[0], acts[2], acts[1]].prefix(limit))
          try expectEqual(found, expected, "sent, \(limit)")
        }
        let received = try reader.openingActs(detail: "assigned", opened: false, limit: 9)
        try expectEqual(received, [acts[3]], "received")
        let none = try reader.openingActs(detail: "no such", opened: true, limit: 9)
        try expectEqual(none, [], "none")
      }
    },
  ]

  private static let stateCounts: [Check] = [
    Check("Threads are counted by channel and state; acts and refused records are none") {
      fixture in
      let first = try fixture.channel()
      let second = try fixture.channel(from: fixture.peer, to: fixture.own)
      try expectEqual(try fixture.store.read { try $0.stateCounts() }, [], "in an empty store")
      let opened = try fixture.append(4, to: first)
      try fixture.append(2, to: second, state: .signed)
      try fixture.append(3, to: second, from: 2, state: nil)
      try fixture.store.write { transaction in
        let (refused, late) = (fixture.id(), fixture.record(4, refused: true))
        _ = try transaction.append(
          late, to: first, id: refused, thread: refused, state: .transferred)
        try transaction.setRefused(RecordPosition(channel: first, seq: 0))
        try transaction.setState(.signed, thread: opened[1].id)
      }
      let expected: Set = [
        StateCount(channel: first, state: .transferred, count: 2),
        StateCount(channel: first, state: .signed, count: 1),
        StateCount(channel: second, state: .signed, count: 2),
      ]
      let found = try fixture.store.read { try $0.stateCounts() }
      try expectEqual(found.count, expected.count, "counts of their own")
      try expectEqual(Set(found), expected, "counts")
    }
  ]
}
