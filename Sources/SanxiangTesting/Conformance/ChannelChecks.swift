import Cryptography
import Exchange
import RecordModel
import TransparencyLog

extension StoreConformance {
  static let channels: [Check] = [
    Check("A fresh store is empty") { fixture in
      try fixture.store.read { reader in
        try expectEqual(try reader.channels(), [], "channels")
        try expectEqual(
          try reader.entries(after: nil, filter: IndexFilter(), limit: 10), [], "entries")
        try expect(try reader.outboxCounts().isEmpty, "no outbox")
        try expect(try reader.journalState() == nil, "no journal")
        try expect(try reader.directoryNote() == nil, "no directory")
        try expectEqual(try reader.directoryNotes(), [], "directories")
        try expectEqual(try reader.evidence(limit: 10), [], "evidence")
        try expectEqual(try reader.deadLetters(limit: 10), [], "dead letters")
      }
    },
    Check("Channels come back oldest first, under the numbers that the store gave") { fixture in
      let store = fixture.store
      var states = [
        fixture.state(), fixture.state(from: fixture.peer, to: fixture.own),
        fixture.state(epoch: 2),
      ]
      for index in states.indices {
        states[index].number = try store.write { try $0.openChannel(states[index]) }
      }
      try expectEqual(Set(states.map(\.number)).count, 3, "different numbers")
      try expectEqual(try store.read { try $0.channels() }, states, "channels")
    },
    Check("Opening a channel a second time throws") { fixture in
      _ = try fixture.channel()
      try expectFailure("opening again") { _ = try fixture.channel() }
      try expectEqual(try fixture.store.read { try $0.channels().count }, 1, "channels")
    },
    Check("An update of a channel that is not there throws") { fixture in
      _ = try fixture.channel()
      var state = fixture.state()
      state.number = ChannelNumber(rawValue: 77)
      try expectFailure("the update") { try fixture.store.write { try $0.update(state) } }
    },
    Check("Every field of a channel's state comes back as it was put") { fixture in
      var state = fixture.state()
      state.number = try fixture.channel()
      for variant in variants(of: state, fixture) {
        try fixture.store.write { try $0.update(variant) }
        try expectEqual(try fixture.store.read { try $0.channels() }, [variant], "the channel")
      }
    },
    Check("A channel's update changes no other channel") { fixture in
      var first = fixture.state()
      first.number = try fixture.channel()
      _ = try fixture.channel(from: fixture.peer, to: fixture.own)
      let second = try element(1, of: try fixture.store.read { try $0.channels() })
      first.paused = true
      try fixture.store.write { try $0.update(first) }
      try expectEqual(try fixture.store.read { try $0.channels() }, [first, second], "channels")
    },
  ]

  /// States that between them fill every field, with the extremes that a field can hold.
  private static func variants(
    of state: ChannelState, _ fixture: StoreFixture
  ) -> [ChannelState] {
    var full = state
    for _ in 0..<1000 { full.frontier.append(leaf: fixture.digest()) }
    full.lastLeaf = fixture.digest()
    full.lastTime = fixture.clock.now
    full.lastSeen = Seen(epoch: 3, size: 17)
    full.receiptedSize = 999
    full.receiptTime = 1_795_396_500
    full.unreceiptedBytes = 123_456
    full.oldestUnreceipted = fixture.clock.now
    full.halt = Halt(
      code: "channel.fork", detail: "分叉 at 17", at: fixture.clock.now, needsNewEpoch: true)
    full.paused = true
    full.restore = RestoreTarget(
      size: 1200, root: fixture.digest(), note: fixture.random.bytes(300), receiptTime: 99)
    var extreme = full
    extreme.lastSeen = Seen(epoch: .max, size: .max)
    extreme.receiptedSize = .max
    extreme.receiptTime = .max
    extreme.unreceiptedBytes = .max
    extreme.lastTime = Timestamp(milliseconds: .max)
    extreme.oldestUnreceipted = Timestamp(milliseconds: .min)
    extreme.halt = Halt(
      code: "", detail: "", at: Timestamp(milliseconds: 0), needsNewEpoch: false)
    extreme.restore = RestoreTarget(size: 0, root: .zero, note: [], receiptTime: 0)
    var onlyHalted = state
    onlyHalted.halt = full.halt
    var onlyRestoring = state
    onlyRestoring.restore = full.restore
    return [full, extreme, onlyHalted, onlyRestoring, state]
  }
}
