import Exchange
import RecordModel

extension StoreConformance {
  static let projections: [Check] = keptRows + replacedRows + keptTies

  private static let keptRows: [Check] = [
    Check("What is kept of a thread comes back with every field and in order") { fixture in
      let expected = fixture.fullProjection()
      let shuffled = ThreadProjection(
        thread: expected.thread, acts: expected.acts.reversed(),
        clocks: expected.clocks.reversed(), links: expected.links.reversed())
      try fixture.store.write { try $0.put(shuffled) }
      let found = try fixture.store.read { try $0.projection(of: expected.thread) }
      try expectEqual(found?.acts, expected.acts, "acts")
      try expectEqual(found?.clocks, expected.clocks, "clocks")
      try expectEqual(found?.links, expected.links, "ties")
      try expectEqual(found?.thread, expected.thread, "the thread")
      try expect(try fixture.store.read { try $0.projection(of: fixture.id()) } == nil, "no other")
    },
    Check("Any one row is enough for a thread to be kept") { fixture in
      let (first, second, third) = (fixture.id(), fixture.id(), fixture.id())
      try fixture.keep(
        acts: [fixture.act(1, thread: first)], clocks: [fixture.clock(second)],
        links: [LinkRow(thread: third, relation: .about, other: first)])
      try fixture.store.read { reader in
        try expectEqual(try reader.projection(of: first)?.acts.count, 1, "acts")
        try expectEqual(try reader.projection(of: second)?.clocks.count, 1, "clocks")
        try expectEqual(try reader.projection(of: third)?.links.count, 1, "ties")
      }
    },
    Check("Changes to what is kept are seen in their transaction, and kept by none that throws") {
      fixture in
      let kept = fixture.fullProjection()
      let other = fixture.fullProjection(numbers: 8)
      try fixture.store.write { try $0.put(kept) }
      let before = try fixture.store.read { try ProjectionPicture($0, [kept, other]) }
      for isRemoved in [false, true] {
        do {
          try fixture.store.write { transaction in
            if isRemoved { try transaction.removeProjections() }
            try transaction.put(other)
            var changed = kept
            changed.acts.removeLast()
            try transaction.put(changed)
            let acts = try transaction.projection(of: kept.thread)?.acts
            try expectEqual(acts, changed.acts, "seen inside")
            try expectEqual(try transaction.projection(of: other.thread), other, "seen inside")
            throw StoreFixture.Aborted()
          }
        } catch is StoreFixture.Aborted {}
        let after = try fixture.store.read { try ProjectionPicture($0, [kept, other]) }
        try expectEqual(after, before, "everything")
      }
    },
    Check("Reopening keeps what is kept of threads") { subject in
      guard let reopen = subject.reopen else { return }
      let fixture = StoreFixture(try subject.make())
      let kept = [fixture.fullProjection(), fixture.fullProjection(numbers: 8)]
      try fixture.store.write { transaction in for one in kept { try transaction.put(one) } }
      let before = try fixture.store.read { try ProjectionPicture($0, kept) }
      try expect(before.isFull, "the check fills every part")
      let reopened = try reopen(fixture.store)
      try expectEqual(try reopened.read { try ProjectionPicture($0, kept) }, before, "everything")
      try reopened.write { try $0.put(kept[0]) }
      try expectEqual(try reopened.read { try ProjectionPicture($0, kept) }, before, "put again")
      try reopened.close()
    },
  ]

  private static let replacedRows: [Check] = [
    Check("Putting a thread again replaces all of it and nothing else") { fixture in
      let (kept, other) = (fixture.fullProjection(), fixture.fullProjection(numbers: 8))
      try fixture.store.write { transaction in
        try transaction.put(other)
        try transaction.put(kept)
      }
      let before = try fixture.store.read { try ProjectionPicture($0, [kept, other]) }
      try fixture.store.write { try $0.put(kept) }
      let again = try fixture.store.read { try ProjectionPicture($0, [kept, other]) }
      try expectEqual(again, before, "the same put again")
      var next = kept
      next.acts[0].detail = nil
      next.acts.append(fixture.act(7, thread: kept.thread, id: fixture.id()))
      next.clocks.removeFirst()
      next.clocks[0].clock.outcome = .late
      next.links.removeLast(3)
      try fixture.store.write { try $0.put(next) }
      try fixture.store.read { reader in
        try expectEqual(try reader.projection(of: kept.thread), next, "the newer rows")
        try expectEqual(try reader.projection(of: other.thread), other, "the other thread")
      }
    },
    Check("An empty projection leaves nothing of its thread") { fixture in
      let kept = fixture.fullProjection()
      try fixture.store.write { transaction in
        try transaction.put(kept)
        try transaction.put(
          ThreadProjection(thread: kept.thread, acts: [], clocks: [], links: []))
      }
      let picture = try fixture.store.read { try ProjectionPicture($0, [kept]) }
      try expect(picture.isEmpty, "something is left: \(picture)")
    },
    Check("What was removed can be put again and is the same; nothing else is removed") { fixture in
      let channel = try fixture.channel()
      try fixture.append(2, to: channel)
      let kept = [fixture.fullProjection(), fixture.fullProjection(numbers: 8)]
      try fixture.store.write { transaction in for one in kept { try transaction.put(one) } }
      let before = try fixture.store.read { try ProjectionPicture($0, kept) }
      let contents = try fixture.store.read { try Contents($0, channel) }
      try fixture.store.write { try $0.removeProjections() }
      let picture = try fixture.store.read { try ProjectionPicture($0, kept) }
      try expect(picture.isEmpty, "something is left: \(picture)")
      try expectEqual(try fixture.store.read { try Contents($0, channel) }, contents, "the rest")
      try fixture.store.write { transaction in
        for one in kept.reversed() { try transaction.put(one) }
      }
      try expectEqual(try fixture.store.read { try ProjectionPicture($0, kept) }, before, "rebuilt")
    },
    Check("A projection that contradicts itself is refused, and what was kept stays") { fixture in
      let kept = fixture.fullProjection()
      try fixture.store.write { try $0.put(kept) }
      let stranger = fixture.id()
      let cases: [(String, (inout ThreadProjection) -> Void)] = [
        ("an act of another thread", { $0.acts[1].thread = stranger }),
        ("a clock of another thread", { $0.clocks[1].thread = stranger }),
        ("a tie of another thread", { $0.links[1].thread = stranger }),
        ("one number twice", { $0.acts[1].number = $0.acts[0].number }),
        ("one rule and start twice", { $0.clocks[1].clock.start = $0.clocks[0].clock.start }),
      ]
      for (what, change) in cases {
        var broken = kept
        change(&broken)
        try expectFailure(what) { try fixture.store.write { try $0.put(broken) } }
        let found = try fixture.store.read { try $0.projection(of: kept.thread) }
        try expectEqual(found, kept, "after \(what)")
        try expect(try fixture.store.read { try $0.projection(of: stranger) } == nil, what)
      }
    },
  ]

  private static let keptTies: [Check] = [
    Check("Ties are found from both ends, by thread and relation") { fixture in
      let (first, second, third) = (fixture.id(), fixture.id(), fixture.id())
      let links = [
        LinkRow(thread: first, relation: .about, other: third),
        LinkRow(thread: first, relation: .forwarded, other: third),
        LinkRow(thread: second, relation: .about, other: third),
        LinkRow(thread: second, relation: .previous, other: third),
        LinkRow(thread: second, relation: .previous, other: first),
        LinkRow(thread: third, relation: .about, other: third),
      ]
      try fixture.keep(links: links.reversed())
      try fixture.store.read { reader in
        let toThird = links.filter { $0.other == third }
        try expectEqual(try reader.links(to: third), toThird, "to the third")
        try expectEqual(try reader.links(to: first), [links[4]], "to the first")
        try expectEqual(try reader.links(to: second), [], "to the second")
        let fromSecond = try reader.projection(of: second)?.links
        try expectEqual(fromSecond, [links[2], links[4], links[3]], "from the second")
      }
      try fixture.store.write { transaction in
        try transaction.put(ThreadProjection(thread: first, acts: [], clocks: [], links: []))
      }
      let left = try fixture.store.read { try $0.links(to: third) }
      try expectEqual(left, Array(links[2...3]) + [links[5]], "once the first is gone")
    },
    Check("A tie that is stated twice is kept once") { fixture in
      let thread = fixture.id()
      let link = LinkRow(thread: thread, relation: .previous, other: fixture.id())
      try fixture.keep(links: [link, link])
      let found = try fixture.store.read { try $0.projection(of: thread)?.links }
      try expectEqual(found, [link], "ties")
    },
  ]
}

/// All that a reader can say of some threads, whatever is said in no order in one.
struct ProjectionPicture: Equatable {
  var kept: [ThreadProjection?]
  var links: [LinkRow]
  var acts: Set<ActCount>
  var openings: [KeptAct]
  var documents: [String]
  var due: Set<ClockCount>
  var standing: Set<ClockCount>
  var open: [ClockRow]

  init(_ reader: any StoreReader, _ threads: [ThreadProjection]) throws {
    let ever = Timestamp(milliseconds: .min)..<Timestamp(milliseconds: .max)
    let now = Timestamp(milliseconds: 5)
    kept = try threads.map { try reader.projection(of: $0.thread) }
    links = try threads.flatMap { try reader.links(to: $0.thread) }
    acts = Set(try reader.actCounts(ever))
    openings = try reader.openingActs(detail: "02", opened: false, limit: 100)
    documents = try reader.documentNumbers(ever, opened: false)
      .map { "\($0.peer) \($0.docNo)" }.sorted()
    due = Set(try reader.clockCounts(ever, at: now))
    standing = Set(try reader.clockStates(at: now))
    open = try reader.openClocks(ClockFilter(), after: nil, limit: 100)
  }

  private var counts: [Int] {
    [
      links.count, acts.count, openings.count, documents.count, due.count, standing.count,
      open.count, kept.compactMap(\.self).count,
    ]
  }

  var isFull: Bool { !counts.contains(0) }
  var isEmpty: Bool { counts.allSatisfy { $0 == 0 } }
}
