import Exchange
import RecordModel

extension StoreConformance {
  static let index: [Check] = [
    Check("Entries are numbered 1, 2, 3 in the order of appending, across channels") { fixture in
      let first = try fixture.channel()
      let second = try fixture.channel(from: fixture.peer, to: fixture.own)
      let ids = [
        try fixture.append(1, to: second)[0].id, try fixture.append(1, to: first)[0].id,
        try fixture.append(1, to: second, from: 1)[0].id,
      ]
      let entries = try fixture.store.read {
        try $0.entries(after: nil, filter: IndexFilter(), limit: 10)
      }
      try expectEqual(entries.map(\.number), [1, 2, 3], "numbers")
      try expectEqual(entries.map(\.id), ids, "ids")
      try expectEqual(entries.map(\.position.channel), [second, first, second], "channels")
      try expectEqual(entries.map(\.position.seq), [0, 0, 1], "positions")
    },
    Check("A repeated id is stored without an entry and answers false") { fixture in
      let channel = try fixture.channel()
      let first = try fixture.append(1, to: channel)[0]
      let repeated = fixture.record(1, refused: true)
      let isNew = try fixture.store.write {
        try $0.append(repeated, to: channel, id: first.id, thread: first.id, state: .signed)
      }
      try expect(!isNew, "a repeated id answered true")
      try fixture.store.read { reader in
        try expectEqual(
          try reader.record(at: RecordPosition(channel: channel, seq: 1)), repeated, "stored")
        let entries = try reader.entries(after: nil, filter: IndexFilter(), limit: 10)
        try expectEqual(entries.count, 1, "entries")
        try expectEqual(try reader.entry(first.id)?.position.seq, 0, "the first one's entry")
        try expectEqual(try reader.entry(first.id)?.state, .transferred, "the first one's state")
      }
      let next = try fixture.append(1, to: channel, from: 2)[0]
      try expectEqual(
        try fixture.store.read { try $0.entry(next.id)?.number }, 2, "the next entry's number")
    },
    Check("A repeated id is noticed within one transaction and across channels") { fixture in
      let first = try fixture.channel()
      let second = try fixture.channel(from: fixture.peer, to: fixture.own)
      let id = fixture.id()
      let answers = try fixture.store.write { transaction in
        try [(first, 0), (first, 1), (second, 0)].map { channel, seq in
          try transaction.append(
            fixture.record(UInt64(seq)), to: channel, id: id, thread: id, state: nil)
        }
      }
      try expectEqual(answers, [true, false, false], "answers")
    },
    Check("An entry is found by its id with every field, and only then") { fixture in
      let channel = try fixture.channel()
      let opening = try fixture.append(1, to: channel)[0].id
      let reply = fixture.id()
      _ = try fixture.store.write {
        try $0.append(fixture.record(1), to: channel, id: reply, thread: opening, state: nil)
      }
      let expected = IndexEntry(
        number: 2, id: reply, thread: opening,
        position: RecordPosition(channel: channel, seq: 1), state: nil)
      try expectEqual(try fixture.store.read { try $0.entry(reply) }, expected, "the entry")
      try expect(try fixture.store.read { try $0.entry(fixture.id()) } == nil, "no entry")
    },
    Check("A thread's entries come in order, the opening record first") { fixture in
      let first = try fixture.channel()
      let second = try fixture.channel(from: fixture.peer, to: fixture.own)
      let opening = try fixture.append(2, to: first)[0].id
      let replies = try (0..<3).map { index in
        let id = fixture.id()
        let (channel, seq) = index == 1 ? (first, UInt64(2)) : (second, UInt64(index / 2))
        _ = try fixture.store.write {
          try $0.append(fixture.record(seq), to: channel, id: id, thread: opening, state: nil)
        }
        return id
      }
      let thread = try fixture.store.read { try $0.thread(opening) }
      try expectEqual(thread.map(\.id), [opening] + replies, "the thread")
      try expect(thread.allSatisfy { $0.thread == opening }, "all of one thread")
      try expectEqual(try fixture.store.read { try $0.thread(replies[0]) }, [], "no thread")
    },
    Check("A thread's state is set on its opening record, which must be there") { fixture in
      let channel = try fixture.channel()
      let ids = try fixture.append(2, to: channel).map(\.id)
      let reply = fixture.id()
      _ = try fixture.store.write {
        try $0.append(fixture.record(2), to: channel, id: reply, thread: ids[0], state: nil)
      }
      for state in ThreadState.allCases {
        try fixture.store.write { try $0.setState(state, thread: ids[0]) }
        let states = try fixture.store.read {
          try $0.entries(after: nil, filter: IndexFilter(), limit: 9).map(\.state)
        }
        try expectEqual(states, [state, .transferred, nil], "states")
      }
      for missing in [reply, fixture.id()] {
        try expectFailure("the state of no thread") {
          try fixture.store.write { try $0.setState(.signed, thread: missing) }
        }
      }
    },
    Check("Cursors walk the index in both directions without a gap or a repeat") { fixture in
      let channel = try fixture.channel()
      let second = try fixture.channel(from: fixture.peer, to: fixture.own)
      try fixture.append(7, to: channel)
      try fixture.append(4, to: second)
      for limit in [1, 3, 11, 50] {
        for descending in [false, true] {
          let walked = try walk(fixture, IndexFilter(descending: descending), limit: limit)
          let expected = Array(1...11 as ClosedRange<Int64>)
          try expectEqual(
            walked, descending ? expected.reversed() : expected, "by \(limit), \(descending)")
        }
      }
      try expectEqual(
        try fixture.store.read {
          try $0.entries(after: 11, filter: IndexFilter(), limit: 5).count
        }, 0, "beyond the last")
      try expectEqual(
        try fixture.store.read {
          try $0.entries(after: 1, filter: IndexFilter(descending: true), limit: 5).count
        }, 0, "below the first")
    },
    Check("Filters choose by channel, state and verdict, alone and together") { fixture in
      let model = try populateForFilters(fixture)
      let channelSets: [[ChannelNumber]?] =
        [nil, [], [model.channels[0]], [model.channels[1], model.channels[2]], model.channels]
      let stateSets: [[ThreadState]?] =
        [nil, [], [.signed], [.transferred, .signed, .accepted], ThreadState.allCases]
      for channels in channelSets {
        for states in stateSets {
          for omitRefused in [false, true] {
            for descending in [false, true] {
              let filter = IndexFilter(
                channels: channels, states: states, omitRefused: omitRefused,
                descending: descending)
              let expected = model.entries.filter { model.matches($0, filter) }.map(\.number)
              try expectEqual(
                try walk(fixture, filter, limit: 4),
                descending ? expected.reversed() : expected, "\(filter)")
            }
          }
        }
      }
    },
  ]

  /// The numbers of all entries that a filter lets through, fetched page by page.
  private static func walk(
    _ fixture: StoreFixture, _ filter: IndexFilter, limit: Int
  ) throws -> [Int64] {
    var numbers: [Int64] = []
    while true {
      let page = try fixture.store.read {
        try $0.entries(after: numbers.last, filter: filter, limit: limit)
      }
      try expect(page.count <= limit, "a page holds at most \(limit)")
      numbers += page.map(\.number)
      if page.count < limit { return numbers }
    }
  }

  private struct FilterModel {
    var channels: [ChannelNumber]
    var entries: [IndexEntry]
    var refused: Set<RecordPosition>

    func matches(_ entry: IndexEntry, _ filter: IndexFilter) -> Bool {
      if let channels = filter.channels, !channels.contains(entry.position.channel) {
        return false
      }
      if let states = filter.states {
        guard let state = entry.state, states.contains(state) else { return false }
      }
      return !filter.omitRefused || !refused.contains(entry.position)
    }
  }

  /// Sixty records over six channels in a mixed order, of all states and verdicts.
  private static func populateForFilters(_ fixture: StoreFixture) throws -> FilterModel {
    let agencies = (10..<16).map { SampleAgency.code($0) }
    var model = FilterModel(
      channels: try agencies.map { try fixture.channel(to: $0) }, entries: [], refused: [])
    var sizes: [ChannelNumber: UInt64] = [:]
    var openings: [RecordID] = []
    for number in 1...60 as ClosedRange<Int64> {
      let channel = model.channels[fixture.random.below(model.channels.count)]
      let position = RecordPosition(channel: channel, seq: sizes[channel, default: 0])
      sizes[channel, default: 0] += 1
      let isReply = !openings.isEmpty && fixture.random.below(3) == 0
      let id = fixture.id()
      let states = ThreadState.allCases
      let entry = IndexEntry(
        number: number, id: id, thread: isReply ? openings[0] : id, position: position,
        state: isReply ? nil : states[fixture.random.below(states.count)])
      let isRefused = fixture.random.below(4) == 0
      if isRefused { model.refused.insert(position) }
      if !isReply { openings.append(id) }
      _ = try fixture.store.write {
        try $0.append(
          fixture.record(position.seq, refused: isRefused), to: channel, id: id,
          thread: entry.thread, state: entry.state)
      }
      model.entries.append(entry)
    }
    return model
  }
}
