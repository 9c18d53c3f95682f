import Cryptography
import Exchange
import Foundation
import RecordModel
import SanxiangTesting
import Testing

@testable import SQLiteStore

/// What a killed process leaves behind is the files as they are at that moment; what a loss of power
/// leaves behind may lack the log's tail or tear it. Both are made here by copying and cutting files.
@Suite struct CrashTests {
  let folder = TemporaryFolder()
  let options = SQLiteStore.Options(writerCacheKiB: 64, checkpointPages: 16)

  @Test func `The files at any moment hold every write that has returned, and no part of another`()
    throws
  {
    let store = try SQLiteStore(folder: folder.path, options: options)
    let batches = Batches(store)
    try batches.open()
    for number in 0..<16 {
      var within: [Int] = []
      // The cache holds fewer pages than a batch changes, so by then some are in the log.
      try batches.write(number) { within.append(try countInCopy()) }
      #expect(within == [number, number, number])
      #expect(try countInCopy() == number + 1)
    }
  }

  @Test func `A log cut anywhere leaves whole transactions, a prefix of those written`() throws {
    let (database, log) = try writeWithoutCheckpoint(batches: 6)
    let random = SeededRandom(seed: 4)
    var found: Set<Int> = []
    let cuts =
      [0, 1, 31, 32, log.count - 1, log.count] + (0..<40).map { _ in random.below(log.count) }
    for cut in cuts.sorted() {
      found.insert(try open(database, Array(log.prefix(cut))))
    }
    #expect(found.isSuperset(of: [-1, 6]))
    #expect(found.count > 4, "\(found)")
  }

  @Test func `A log with damaged bytes loses its tail from there on and nothing before`() throws {
    let (database, log) = try writeWithoutCheckpoint(batches: 6)
    let random = SeededRandom(seed: 5)
    var last = -1
    for position in (0..<40).map({ _ in 32 + random.below(log.count - 32) }).sorted() {
      var torn = log
      torn[position] ^= 0x40
      let count = try open(database, torn)
      #expect(count >= last, "damage at \(position) left \(count) after \(last)")
      last = count
    }
    #expect(last >= 3)
  }

  @Test func `A log whose tail is zeros, as after a loss of power, loses only that tail`() throws {
    let (database, log) = try writeWithoutCheckpoint(batches: 6)
    let zeroed = log.prefix(log.count / 2) + [UInt8](repeating: 0, count: log.count - log.count / 2)
    let count = try open(database, Array(zeroed))
    #expect((0..<6).contains(count))
  }

  /// The database and its log after some batches, none of them copied into the database.
  private func writeWithoutCheckpoint(batches count: Int) throws -> ([UInt8], [UInt8]) {
    let store = try SQLiteStore(
      folder: folder.path, options: SQLiteStore.Options(checkpointPages: 1 << 20))
    let batches = Batches(store)
    try batches.open()
    for number in 0..<count { try batches.write(number) }
    return (try folder.bytes("store.sqlite"), try folder.bytes("store.sqlite-wal"))
  }

  /// Opens a copy and says how many batches it holds; -1 when not even the channel is there.
  private func open(_ database: [UInt8], _ log: [UInt8]) throws -> Int {
    let copy = TemporaryFolder()
    try copy.write(database, to: "store.sqlite")
    try copy.write(log, to: "store.sqlite-wal")
    return try Batches.count(in: copy, options)
  }

  /// Opens a copy of the files as they are now and says how many batches it holds. The two files
  /// cannot be copied in one moment: when a checkpoint came in between, copies again.
  private func countInCopy() throws -> Int {
    while true {
      let database = try folder.bytes("store.sqlite")
      let log = try folder.bytes("store.sqlite-wal")
      if try folder.bytes("store.sqlite") == database { return try open(database, log) }
    }
  }
}

/// Transactions that each write to many tables, so that a part of one would show.
struct Batches {
  struct Broken: Error { var text: String }

  static let size = 8
  let store: SQLiteStore
  let random = SeededRandom(seed: 6)

  init(_ store: SQLiteStore) { self.store = store }

  func open() throws {
    let origin = Origin(
      federation: "test",
      direction: Direction(from: SampleAgency.code(1), to: SampleAgency.code(2)), epoch: 1)
    _ = try store.write {
      try $0.openChannel(
        ChannelState(
          number: ChannelNumber(rawValue: 0), origin: origin, role: .outbound,
          suite: .sha256Ed25519, openedAt: Timestamp(milliseconds: 1)))
    }
  }

  /// Writes a batch; calls `pause` before, between and after its records, inside the transaction.
  func write(_ number: Int, pause: () throws -> Void = {}) throws {
    try store.write { transaction in
      try pause()
      var state = try transaction.channels()[0]
      for index in 0..<Self.size {
        let time = Timestamp(milliseconds: Int64(number * Self.size + index))
        let id = RecordID.generate(at: time) { random.bytes($0) }
        let header = random.bytes(700)
        let record = StoredRecord(
          seq: UInt64(number * Self.size + index), header: header,
          leaf: Suite.sha256Ed25519.digest(prefix: 0, header), payload: random.bytes(2048),
          salt: random.bytes(32), refused: false)
        _ = try transaction.append(
          record, to: state.number, id: id, thread: id, state: .transferred)
        if index == Self.size / 2 { try pause() }
      }
      try transaction.put(
        StoredCheckpoint(
          size: UInt64((number + 1) * Self.size), root: .zero, note: [1], receiptTime: 1),
        channel: state.number)
      try transaction.appendJournal(
        StoredJournalEntry(epoch: 1, seq: UInt64(number), bytes: [1]), leaf: .zero)
      state.receiptedSize = UInt64((number + 1) * Self.size)
      try transaction.update(state)
      try pause()
    }
  }

  /// How many batches a copied folder holds; -1 without a channel.
  /// - Throws: `Broken` when a part of one is there.
  static func count(in folder: TemporaryFolder, _ options: SQLiteStore.Options) throws -> Int {
    let store = try SQLiteStore(folder: folder.path, options: options)
    defer { try? store.close() }
    guard try store.pragma("integrity_check") == "ok" else { throw Broken(text: "integrity") }
    return try store.read { reader in
      guard let state = try reader.channels().first else { return -1 }
      let records = try reader.records(
        state.number, from: 0, maximumCount: 9999, maximumBytes: 1 << 30)
      let entries = try reader.entries(after: nil, filter: IndexFilter(), limit: 9999)
      let journal = try reader.journal(epoch: 1, from: 0, limit: 9999)
      let receipt = try reader.newestReceipt(state.number)?.size ?? 0
      let isWhole =
        records.count == journal.count * size && entries.count == records.count
        && receipt == UInt64(records.count) && state.receiptedSize == receipt
      guard isWhole else {
        throw Broken(text: "\(records.count) records, \(journal.count) batches, receipt \(receipt)")
      }
      return journal.count
    }
  }
}
