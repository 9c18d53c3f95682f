import Cryptography
import Exchange
import RecordModel

extension StoreConformance {
  static let records: [Check] = [
    Check("A record comes back byte for byte") { fixture in
      let channel = try fixture.channel()
      let records = [
        fixture.record(0), fixture.record(1, payload: nil), fixture.record(2, payload: 0),
        fixture.record(3, refused: true), fixture.record(4, header: 16_384, payload: 1 << 20),
        fixture.record(5, header: 1, payload: 1),
      ]
      try fixture.store.write { transaction in
        for record in records {
          let id = fixture.id()
          let isNew = try transaction.append(
            record, to: channel, id: id, thread: id, state: nil)
          try expect(isNew, "a new id")
        }
      }
      try fixture.store.read { reader in
        for record in records {
          let position = RecordPosition(channel: channel, seq: record.seq)
          try expect(try reader.record(at: position) == record, "record \(record.seq)")
          let header = try reader.header(at: position)
          try expectEqual(header?.header, record.header, "header \(record.seq)")
          try expectEqual(header?.refused, record.refused, "verdict \(record.seq)")
        }
        let end = RecordPosition(channel: channel, seq: 6)
        try expect(try reader.record(at: end) == nil, "nothing beyond the end")
        try expect(try reader.header(at: end) == nil, "no header beyond the end")
        let elsewhere = RecordPosition(channel: ChannelNumber(rawValue: 9), seq: 0)
        try expect(try reader.record(at: elsewhere) == nil, "nothing on another channel")
      }
    },
    Check("A transaction's reads see what it has appended") { fixture in
      let channel = try fixture.channel()
      try fixture.store.write { transaction in
        let (id, record) = (fixture.id(), fixture.record(0))
        _ = try transaction.append(record, to: channel, id: id, thread: id, state: .transferred)
        let position = RecordPosition(channel: channel, seq: 0)
        try expectEqual(try transaction.record(at: position), record, "the record")
        try expectEqual(try transaction.entry(id)?.position, position, "its entry")
        try transaction.setState(.signed, thread: id)
        try expectEqual(try transaction.entry(id)?.state, .signed, "its new state")
        try transaction.setRefused(position)
        try expectEqual(try transaction.record(at: position)?.refused, true, "its verdict")
        try expectEqual(try transaction.leaves(channel, 0..<1), [record.leaf], "its leaf")
      }
    },
    Check("A record goes to the channel's next position and nowhere else") { fixture in
      let channel = try fixture.channel()
      try fixture.append(3, to: channel)
      for seq in [0, 2, 4, 1 << 39] as [UInt64] {
        try expectFailure("an append at \(seq)") {
          try fixture.store.write { transaction in
            let id = fixture.id()
            _ = try transaction.append(
              fixture.record(seq), to: channel, id: id, thread: id, state: nil)
          }
        }
      }
      try expectFailure("an append to no channel") {
        try fixture.store.write { transaction in
          let id = fixture.id()
          _ = try transaction.append(
            fixture.record(0), to: ChannelNumber(rawValue: 55), id: id, thread: id, state: nil)
        }
      }
      try fixture.append(1, to: channel, from: 3)
    },
    Check("Channels count their records apart, also within one transaction") { fixture in
      let first = try fixture.channel()
      let second = try fixture.channel(from: fixture.peer, to: fixture.own)
      try fixture.store.write { transaction in
        for seq in 0..<3 as Range<UInt64> {
          for channel in [second, first] {
            let id = fixture.id()
            _ = try transaction.append(
              fixture.record(seq), to: channel, id: id, thread: id, state: nil)
          }
        }
      }
      for channel in [first, second] {
        try expectEqual(
          try fixture.store.read { try $0.leaves(channel, 0..<3).count }, 3, "records")
      }
    },
    Check("Runs of records are in order and end at the count and at the bytes") { fixture in
      let channel = try fixture.channel()
      _ = try fixture.channel(from: fixture.peer, to: fixture.own)
      let records = try fixture.append(10, to: channel).map(\.record)
      let size = 300 + 500 + 32
      let cases: [(from: UInt64, count: Int, bytes: Int, expected: Range<Int>)] = [
        (0, 100, 1 << 30, 0..<10), (0, 4, 1 << 30, 0..<4), (7, 4, 1 << 30, 7..<10),
        (0, 100, 3 * size, 0..<3), (0, 100, 3 * size + 1, 0..<3), (0, 100, 3 * size - 1, 0..<2),
        (2, 100, 0, 2..<3), (9, 1, 0, 9..<10), (10, 5, 1 << 30, 10..<10), (99, 5, 1, 10..<10),
      ]
      for item in cases {
        let found = try fixture.store.read {
          try $0.records(
            channel, from: item.from, maximumCount: item.count, maximumBytes: item.bytes)
        }
        try expect(
          found == Array(records[item.expected]),
          "from \(item.from), \(item.count) records, \(item.bytes) bytes: \(found.map(\.seq))")
      }
    },
    Check("Leaves come in order; asking for ones not held throws") { fixture in
      let channel = try fixture.channel()
      let leaves = try fixture.append(20, to: channel).map(\.record.leaf)
      for range in [0..<20, 0..<0, 5..<9, 19..<20, 20..<20] {
        let found = try fixture.store.read {
          try $0.leaves(channel, UInt64(range.lowerBound)..<UInt64(range.upperBound))
        }
        try expectEqual(found, Array(leaves[range]), "leaves \(range)")
      }
      try expectFailure("leaves beyond the end") {
        _ = try fixture.store.read { try $0.leaves(channel, 10..<21) }
      }
    },
    Check("A verdict is set on one record, and on one that is there") { fixture in
      let channel = try fixture.channel()
      try fixture.append(3, to: channel)
      try fixture.store.write { try $0.setRefused(RecordPosition(channel: channel, seq: 1)) }
      let verdicts = try fixture.store.read {
        try $0.records(channel, from: 0, maximumCount: 9, maximumBytes: 1 << 20).map(\.refused)
      }
      try expectEqual(verdicts, [false, true, false], "verdicts")
      try expectFailure("a verdict on nothing") {
        try fixture.store.write { try $0.setRefused(RecordPosition(channel: channel, seq: 3)) }
      }
    },
  ]
}
