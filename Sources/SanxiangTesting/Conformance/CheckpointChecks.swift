import Cryptography
import Exchange

extension StoreConformance {
  static let checkpoints: [Check] = [
    Check("A checkpoint takes the place of the one of its size") { fixture in
      let channel = try fixture.channel()
      let other = try fixture.channel(from: fixture.peer, to: fixture.own)
      let first = fixture.checkpoint(5)
      let second = fixture.checkpoint(5, receiptTime: 70)
      let elsewhere = fixture.checkpoint(5)
      try fixture.store.write { transaction in
        try transaction.put(first, channel: channel)
        try transaction.put(elsewhere, channel: other)
      }
      try expectEqual(try all(fixture, channel), [first], "the first")
      try fixture.store.write { try $0.put(second, channel: channel) }
      try expectEqual(try all(fixture, channel), [second], "the second")
      try expectEqual(try all(fixture, other), [elsewhere], "another channel's")
    },
    Check("A checkpoint of no channel throws") { fixture in
      try expectFailure("the checkpoint") {
        try fixture.store.write {
          try $0.put(fixture.checkpoint(1), channel: ChannelNumber(rawValue: 4))
        }
      }
    },
    Check("The receipt that covers a size is the smallest cosigned one that large") { fixture in
      let channel = try fixture.channel()
      try populate(fixture, channel)
      let expected: [(size: UInt64, found: UInt64?)] = [
        (0, 10), (1, 10), (10, 10), (11, 30), (29, 30), (30, 30), (31, nil), (40, nil),
        (.max, nil),
      ]
      for item in expected {
        let found = try fixture.store.read { try $0.receipt(channel, covering: item.size)?.size }
        try expectEqual(found, item.found, "covering \(item.size)")
      }
    },
    Check("The newest receipt is the largest cosigned checkpoint, whole") { fixture in
      let channel = try fixture.channel()
      let none = try fixture.store.read { try $0.newestReceipt(channel) }
      try expect(none == nil, "none yet")
      try populate(fixture, channel)
      let newest = fixture.checkpoint(30, receiptTime: .max)
      try fixture.store.write { try $0.put(newest, channel: channel) }
      try expectEqual(
        try fixture.store.read { try $0.newestReceipt(channel) }, newest, "the newest")
    },
    Check("Checkpoints are listed by size, cosigned or all, up to the limit") { fixture in
      let channel = try fixture.channel()
      try populate(fixture, channel)
      let cases: [(ClosedRange<UInt64>, Bool, Int, [UInt64])] = [
        (0...UInt64.max, false, 9, [5, 10, 20, 30, 40]), (0...UInt64.max, true, 9, [10, 30]),
        (10...30, false, 9, [10, 20, 30]), (11...29, false, 9, [20]), (11...29, true, 9, []),
        (0...UInt64.max, false, 2, [5, 10]), (6...UInt64.max, true, 1, [10]),
        (UInt64.max...UInt64.max, false, 9, []),
      ]
      for (sizes, cosignedOnly, limit, expected) in cases {
        let found = try fixture.store.read {
          try $0.checkpoints(
            channel, sizes: sizes, cosignedOnly: cosignedOnly, limit: limit)
        }
        try expectEqual(found.map(\.size), expected, "\(sizes) \(cosignedOnly) \(limit)")
      }
    },
    Check("A tile comes back by channel, level and index; nil while it is not there") { fixture in
      let channel = try fixture.channel()
      let other = try fixture.channel(from: fixture.peer, to: fixture.own)
      let keys: [(ChannelNumber, Int, UInt64)] =
        [(channel, 0, 0), (channel, 0, 1), (channel, 1, 0), (other, 0, 0), (channel, 2, 1 << 40)]
      let tiles = keys.map { _ in fixture.random.bytes(256 * Digest.byteCount) }
      try fixture.store.write { transaction in
        for (key, tile) in zip(keys, tiles) {
          try transaction.putTile(key.0, level: key.1, index: key.2, hashes: tile)
        }
        let seen = try transaction.tile(channel, level: 0, index: 1)
        try expect(seen == tiles[1], "seen in its transaction")
      }
      try fixture.store.read { reader in
        for (key, tile) in zip(keys, tiles) {
          let found = try reader.tile(key.0, level: key.1, index: key.2)
          try expect(found == tile, "the tile \(key)")
        }
        try expect(try reader.tile(channel, level: 0, index: 2) == nil, "no tile")
        try expect(try reader.tile(other, level: 1, index: 0) == nil, "no tile there")
      }
    },
    Check("A tile that is not whole, or of no channel, throws") { fixture in
      let channel = try fixture.channel()
      for count in [0, 255 * Digest.byteCount, 257 * Digest.byteCount] {
        try expectFailure("a tile of \(count) bytes") {
          try fixture.store.write {
            try $0.putTile(
              channel, level: 0, index: 0, hashes: [UInt8](repeating: 0, count: count))
          }
        }
      }
      try expectFailure("a tile of no channel") {
        try fixture.store.write {
          try $0.putTile(
            ChannelNumber(rawValue: 9), level: 0, index: 0,
            hashes: [UInt8](repeating: 0, count: 256 * Digest.byteCount))
        }
      }
    },
  ]

  /// 5, 10, 20, 30, 40, of which 10 and 30 are cosigned, and one of another channel.
  private static func populate(_ fixture: StoreFixture, _ channel: ChannelNumber) throws {
    let other = try fixture.channel(to: fixture.other)
    try fixture.store.write { transaction in
      for size in [40, 5, 30, 20, 10] as [UInt64] {
        try transaction.put(
          fixture.checkpoint(size, receiptTime: size % 20 == 10 ? 1000 + size : nil),
          channel: channel)
      }
      try transaction.put(fixture.checkpoint(35, receiptTime: 9), channel: other)
    }
  }

  private static func all(
    _ fixture: StoreFixture, _ channel: ChannelNumber
  ) throws -> [StoredCheckpoint] {
    try fixture.store.read {
      try $0.checkpoints(channel, sizes: 0...UInt64.max, cosignedOnly: false, limit: 99)
    }
  }
}
