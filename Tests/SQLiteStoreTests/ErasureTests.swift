import Cryptography
import Exchange
import Foundation
import RecordModel
import SanxiangTesting
import Testing

@testable import SQLiteStore

/// Whether erased bytes are in the files, not whether the store still tells them.
@Suite struct ErasureTests {
  let folder = TemporaryFolder()
  private static let files = ["store.sqlite", "store.sqlite-wal", "store.sqlite-shm"]

  /// Which of the marks stand in the store's files.
  private func found(_ marks: [[UInt8]]) throws -> [String] {
    try Self.files.flatMap { file -> [String] in
      guard FileManager.default.fileExists(atPath: folder.path + "/" + file) else { return [] }
      let bytes = Data(try folder.bytes(file))
      return marks.filter { bytes.range(of: Data($0)) != nil }
        .map { "\(file) \(String(decoding: $0, as: UTF8.self))" }
    }
  }

  private struct Row {
    var id: RecordID
    var position: RecordPosition
    /// Stands in the payload again and again, and nowhere else.
    var mark: [UInt8]
    var salt: [UInt8]
  }

  /// Records of several channels, one after the other and of every size, so that SQLite splits pages
  /// and moves rows between them; each was in the outbox before.
  private func fill(_ store: SQLiteStore, _ random: SeededRandom) throws -> [Row] {
    let suite = Suite.sha256Ed25519
    let channels = try store.write { transaction in
      try (1...5).map { number in
        try transaction.openChannel(
          ChannelState(
            number: ChannelNumber(rawValue: 0),
            origin: Origin(
              federation: "f",
              direction: Direction(
                from: SampleAgency.code(number), to: SampleAgency.code(number + 1)), epoch: 1),
            role: .outbound, suite: suite, openedAt: Timestamp(milliseconds: 0)))
      }
    }
    var next = channels.map { _ in UInt64(0) }
    var rows: [Row] = []
    for _ in 0..<60 {
      try store.write { transaction in
        for _ in 0..<10 {
          let place = random.below(channels.count)
          let number = rows.count
          let id = RecordID.generate(
            at: Timestamp(milliseconds: Int64(number)), random: { random.bytes($0) })
          let mark = Array("mark-\(1_000_000 + number)-".utf8)
          let size = [90, 300, 700, 2500, 9000, 40_000][random.below(6)]
          let payload = Array((0..<(size / mark.count)).map { _ in mark }.joined())
          let salt = random.bytes(32)
          try transaction.insert(
            Submission(
              id: id, to: SampleAgency.code(9), kind: "lead.transfer", schema: "lead.transfer/1",
              thread: id, replyTo: nil, urgency: .normal, payload: payload, salt: salt,
              submittedAt: Timestamp(milliseconds: 0)))
          try transaction.put(
            IdempotencyEntry(
              key: "key \(number)", id: id, request: suite.digest(payload),
              time: Timestamp(milliseconds: 0)))
          _ = try transaction.append(
            StoredRecord(
              seq: next[place], header: random.bytes(400), leaf: .zero, payload: payload,
              salt: salt, refused: false), to: channels[place], id: id, thread: id, state: nil)
          rows.append(
            Row(
              id: id, position: RecordPosition(channel: channels[place], seq: next[place]),
              mark: mark, salt: salt))
          next[place] += 1
        }
      }
      try store.write { transaction in
        for row in rows.suffix(10) { try transaction.removeSubmission(row.id) }
      }
    }
    return rows
  }

  @Test(arguments: 1..<4)
  func `Nothing of an erased payload or its salt is left in any file`(seed: UInt64) throws {
    let random = SeededRandom(seed: seed)
    let store = try SQLiteStore(
      folder: folder.path, options: .init(checkpointPages: 16))
    let rows = try fill(store, random)
    let erased = rows.filter { _ in random.below(4) == 0 }
    #expect(try found(erased.map(\.mark)).isEmpty == false, "they are there before")
    let answers = try store.write { transaction in
      try erased.flatMap { row in
        try [0, 1].map { _ in try transaction.erase(row.position, id: row.id) }
      }
    }
    #expect(answers == erased.flatMap { _ in [true, false] })
    try store.scrub()
    #expect(try found(erased.map(\.mark)) == [])
    #expect(try found(erased.map(\.salt)) == [])
    try expect(store, erased: erased, rows)
    #expect(try store.pragma("secure_delete") == "1")
    // What comes after, and another process's look at the files, changes nothing of that.
    try store.write { try $0.set("x", to: [1]) }
    try store.close()
    #expect(try found(erased.map(\.mark)) == [])
    let kept = rows.filter { row in !erased.contains { $0.id == row.id } }
    #expect(try found(kept.map(\.mark)).count == kept.count)
    try expect(SQLiteStore(folder: folder.path), erased: erased, rows)
  }

  private func expect(_ store: SQLiteStore, erased: [Row], _ rows: [Row]) throws {
    let gone = Set(erased.map(\.id))
    try store.read { reader in
      for (number, row) in rows.enumerated() {
        let record = try #require(try reader.record(at: row.position))
        #expect((record.payload == nil) == gone.contains(row.id))
        #expect(record.salt == (gone.contains(row.id) ? [] : row.salt))
        let request = try reader.idempotency("key \(number)")?.request
        #expect((request == .zero) == gone.contains(row.id))
      }
    }
  }

  @Test func `A reader in the way fails the scrub and loses nothing; the next one succeeds`() throws
  {
    let store = try SQLiteStore(folder: folder.path)
    let rows = try fill(store, SeededRandom(seed: 9))
    try store.write { _ = try $0.erase(rows[3].position, id: rows[3].id) }
    try store.read { reader in
      _ = try reader.record(at: rows[4].position)
      // Whatever is written now is in the log, which the reader's snapshot holds back.
      try store.write { try $0.set("x", to: [1]) }
      #expect(throws: StoreFailure.self) { try store.scrub() }
    }
    try expect(store, erased: [rows[3]], rows)
    try store.scrub()
    #expect(try found([rows[3].mark]) == [])
    try expect(store, erased: [rows[3]], rows)
  }

  @Test func `A full disk fails the scrub and loses nothing`() throws {
    let made = try SQLiteStore(folder: folder.path)
    let rows = try fill(made, SeededRandom(seed: 5))
    try made.close()
    let store = try SQLiteStore(folder: folder.path, options: .init(maximumPages: 1))
    try store.write { _ = try $0.erase(rows[3].position, id: rows[3].id) }
    _ = try? store.scrub()
    try expect(store, erased: [rows[3]], rows)
  }
}
