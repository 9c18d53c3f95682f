import Cryptography
import RecordModel
import SanxiangTesting
import Testing
import TransparencyLog

@testable import Exchange

@Suite("Pure state machines")
struct StateMachineTests {
  static let origin = Origin(
    federation: "test.example",
    direction: Direction(from: SampleAgency.code(1), to: SampleAgency.code(2)), epoch: 1)

  static func sender(
    next: UInt64 = 0, size: UInt64 = 10, records: UInt32 = 4, bytes: UInt64 = 1000
  ) -> ChannelSender {
    ChannelSender(
      number: ChannelNumber(rawValue: 1), next: next, size: size,
      window: Window(origin: origin, records: records, bytes: bytes))
  }

  struct Want: CustomTestStringConvertible, Sendable {
    var name: String
    var next: UInt64 = 0
    var size: UInt64 = 10
    var records: UInt32 = 4
    var bytes: UInt64 = 1000
    var demand: ChannelSender.Demand?
    var testDescription: String { name }
  }

  @Test(
    "A sender asks for no more than the log and the window have",
    arguments: [
      Want(name: "the window", demand: .init(start: 0, records: 4, bytes: 100)),
      Want(name: "the log's end", next: 8, demand: .init(start: 8, records: 2, bytes: 100)),
      Want(name: "nothing left", next: 10, demand: nil),
      Want(name: "no records granted", records: 0, demand: nil),
      Want(name: "no bytes granted", bytes: 0, demand: nil),
      Want(name: "few bytes", bytes: 7, demand: .init(start: 0, records: 4, bytes: 7)),
      Want(name: "a batch", records: 99, demand: .init(start: 0, records: 5, bytes: 100)),
    ])
  func demand(_ want: Want) {
    let sender = Self.sender(
      next: want.next, size: want.size, records: want.records, bytes: want.bytes)
    #expect(sender.demand(batchRecords: 5, batchBytes: 100) == want.demand)
  }

  @Test("What is in flight counts against the window until its receipt")
  func flight() {
    var sender = Self.sender()
    let first = sender.push(start: 0, count: 3, bytes: 950, at: 5)
    let again = sender.push(start: 0, count: 1, bytes: 1, at: 5)
    #expect(first && !again)
    #expect(sender.demand(batchRecords: 5, batchBytes: 100) == nil)
    let tooMany = sender.push(start: 3, count: 2, bytes: 1, at: 6)
    let fitting = sender.push(start: 3, count: 1, bytes: 10, at: 6)
    #expect(!tooMany && fitting)
    let covered = [2, 3].map { sender.receipted($0, at: 9) }
    #expect(covered == [[], [.init(count: 3, latency: 4)]])
    #expect(
      sender.demand(batchRecords: 5, batchBytes: 100) == .init(start: 4, records: 3, bytes: 100))
    let rest = [4, 4].map { sender.receipted($0, at: 9) }
    #expect(rest == [[.init(count: 1, latency: 3)], []])
  }

  @Test("A signed head beyond the window travels alone, and a stopped sender sends nothing")
  func alone() {
    var sender = Self.sender(records: 2)
    let large = sender.push(start: 0, count: 5, bytes: 10, at: 1)
    #expect(large)
    #expect(sender.demand(batchRecords: 5, batchBytes: 100) == nil)
    _ = sender.receipted(5, at: 2)
    sender.granted(Window(origin: Self.origin, records: 9, bytes: 9))
    sender.grown(to: 7)
    #expect(
      sender.demand(batchRecords: 9, batchBytes: 100) == .init(start: 5, records: 5, bytes: 9))
    sender.stop()
    #expect(sender.demand(batchRecords: 9, batchBytes: 100) == nil)
    let stopped = sender.push(start: 5, count: 1, bytes: 1, at: 3)
    #expect(!stopped)
  }

  @Test("A latency falls into a bucket that bounds it within 6.3 percent")
  func buckets() {
    var micros: UInt64 = 0
    var last = -1
    while micros < 1 << 54 {
      let bucket = FlowRecorder.bucket(micros)
      let bound = FlowRecorder.upperBound(bucket)
      #expect(bucket >= last)
      #expect(bound >= micros)
      #expect(bound - micros <= micros / 16)
      last = bucket
      micros += max(1, micros / 7)
    }
  }

  @Test("Percentiles count records, not pushes")
  func percentiles() throws {
    var flow = FlowRecorder()
    #expect(flow.statistics == nil)
    flow.pushed(at: 5)
    flow.pushed(at: 9)
    flow.receipted(98, latency: 10_000, at: 20)
    flow.receipted(2, latency: 900_000, at: 30)
    let statistics = try #require(flow.statistics)
    #expect(statistics.firstPush == 5)
    #expect(statistics.lastReceipt == 30)
    #expect(statistics.receipted == 100)
    #expect(statistics.p50Micros == 10)
    #expect(statistics.p99Micros >= 900)
  }

  @Test("Tiles hold the tree's own hashes", arguments: [1, 255, 256, 257, 600])
  func tiles(_ count: Int) throws {
    let suite = Suite.sha256Ed25519
    var builder = TileBuilder(suite: suite)
    var source = MemorySource(suite: suite)
    var completed: [TileBuilder.Completed] = []
    for number in 0..<count {
      let leaf = Merkle.leaf(Array("\(number)".utf8), suite: suite)
      source.append(leaf: leaf)
      completed += builder.append(leaf: leaf)
    }
    #expect(completed.count == count / 256)
    #expect(builder.edge[0].count == count % 256)
    for tile in completed {
      let hashes = try #require(TileBuilder.hashes(of: tile.hashes))
      #expect(tile.level == 0)
      for (offset, hash) in hashes.enumerated() {
        #expect(try source.subtree(level: 0, index: tile.index * 256 + UInt64(offset)) == hash)
      }
      #expect(
        try TileBuilder.root(of: hashes, suite: suite)
          == source.subtree(level: 8, index: tile.index))
    }
    #expect(TileBuilder.hashes(of: [1, 2, 3]) == nil)
  }
}
