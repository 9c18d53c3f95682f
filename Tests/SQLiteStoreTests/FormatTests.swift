import Cryptography
import Exchange
import Foundation
import GRDB
import RecordModel
import SanxiangTesting
import Testing

@testable import SQLiteStore

@Suite struct FormatTests {
  let folder = TemporaryFolder()

  @Test func `A newer format is refused and left as it is`() throws {
    try SQLiteStore(folder: folder.path).close()
    try edit { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('2099')") }
    let before = try folder.bytes("store.sqlite")
    try expectUnusable("newer")
    #expect(try folder.bytes("store.sqlite") == before)
  }

  @Test func `A database of another program is refused and left as it is`() throws {
    try folder.write([], to: "store.sqlite")
    try edit { try $0.execute(sql: "CREATE TABLE customer (name TEXT)") }
    try expectUnusable("not a Sanxiang store")
    try edit { database in
      let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema")
      #expect(tables == 1)
    }
  }

  @Test func `A file that is no database is refused`() throws {
    try folder.write(Array("This is a letter, not a database. ".utf8) * 100, to: "store.sqlite")
    #expect(throws: StoreFailure.self) { try SQLiteStore(folder: folder.path) }
  }

  @Test func `A store of format 1 opens with everything in it`() throws {
    try makeVersion1()
    let store = try SQLiteStore(folder: folder.path)
    try store.read { reader in
      let channel = try #require(try reader.channels().first)
      #expect(channel.origin.description == Version1.origin)
      #expect(channel.role == .outbound)
      #expect(channel.openedAt == Timestamp(milliseconds: 1_795_396_500_000))
      #expect(channel.halt?.code == "channel.fork")
      let records = try reader.records(
        channel.number, from: 0, maximumCount: 9, maximumBytes: 1 << 20)
      #expect(records.map(\.header) == [Array("{}".utf8), Array("[]".utf8)])
      #expect(records.map(\.payload) == [[1, 2], nil])
      #expect(records.map(\.refused) == [false, true])
      let id = try RecordID(parsing: "0199c1c2-0000-7000-8000-000000000001")
      let reply = try RecordID(parsing: "0199c1c2-0000-7000-8000-000000000002")
      #expect(try reader.thread(id).map(\.id) == [id, reply])
      #expect(try reader.entry(id)?.state == .accepted)
      #expect(try reader.newestReceipt(channel.number)?.receiptTime == 1_795_396_501)
      #expect(try reader.queued(to: SampleAgency.code(2), limit: 9).map(\.payload) == [[7, 8]])
      #expect(try reader.journalState()?.epoch == 1)
      #expect(try reader.journal(epoch: 1, from: 0, limit: 9).map(\.bytes) == [[0x7B, 0x7D]])
      #expect(try reader.directoryNote() == [9])
      #expect(try reader.setting("node.code") == [5])
      #expect(try reader.lease(id)?.holder == "clerk")
      #expect(try reader.idempotency("key")?.id == id)
      #expect(try reader.evidence(limit: 9).map(\.code) == ["channel.fork"])
    }
  }

  @Test func `A store of format 1 takes new records where it left off`() throws {
    try makeVersion1()
    let store = try SQLiteStore(folder: folder.path)
    let id = try RecordID(parsing: "0199c1c2-0000-7000-8000-000000000003")
    let number = try store.write { transaction in
      let channel = try #require(try transaction.channels().first).number
      let record = StoredRecord(
        seq: 2, header: [1], leaf: .zero, payload: [2], salt: [], refused: false)
      #expect(try transaction.append(record, to: channel, id: id, thread: id, state: .transferred))
      return try transaction.entry(id)?.number
    }
    #expect(number == 3)
  }

  @Test func `A store of format 1 keeps of its threads what is worked out once it is migrated`()
    throws
  {
    try makeVersion1()
    let id = try RecordID(parsing: "0199c1c2-0000-7000-8000-000000000001")
    let ever = Timestamp(milliseconds: 0)..<Timestamp(milliseconds: .max)
    let clock = ThreadClock(
      rule: "accept", start: id, owner: .receiver, isDuty: true,
      startedAt: Timestamp(milliseconds: 1), due: Timestamp(milliseconds: 9), outcome: .open)
    let peer = SampleAgency.code(2)
    let projection = ThreadProjection(
      thread: id,
      acts: [
        KeptAct(
          number: 1, id: id, thread: id, peer: peer, opened: true, ours: true,
          kind: "lead.transfer", time: Timestamp(milliseconds: 1), detail: nil, docNo: nil)
      ], clocks: [ClockRow(thread: id, peer: peer, ours: false, clock: clock)], links: [])
    let store = try SQLiteStore(folder: folder.path)
    try store.read { reader in
      #expect(try reader.projection(of: id) == nil)
      #expect(try reader.actCounts(ever).isEmpty)
      #expect(try reader.clockStates(at: ever.lowerBound).isEmpty)
      #expect(try reader.openClocks(ClockFilter(), after: nil, limit: 9).isEmpty)
      let channel = try #require(try reader.channels().first).number
      let counts = [StateCount(channel: channel, state: .accepted, count: 1)]
      #expect(try reader.stateCounts() == counts)
    }
    try store.write { try $0.put(projection) }
    try store.close()
    let again = try SQLiteStore(folder: folder.path)
    #expect(try again.read { try $0.projection(of: id) } == projection)
  }

  @Test func `A store of format 1 gets the tiles of the journals that it has`() throws {
    try makeVersion1()
    let suite = Suite.sha256Ed25519
    let leaves = (0..<600).map { suite.digest([UInt8($0 % 256), UInt8($0 / 256)]) }
    try edit { database in
      for (epoch, count) in [(1, 600), (2, 256), (3, 255)] {
        for seq in 0..<count where epoch > 1 || seq > 0 {
          try database.execute(
            sql: "INSERT INTO journal (position, leaf, bytes) VALUES (?, ?, ?)",
            arguments: [epoch << 40 | seq, Data(leaves[seq].bytes), Data([1])])
        }
      }
      try database.execute(
        sql: "UPDATE journal SET leaf = ? WHERE position = ?",
        arguments: [Data(leaves[0].bytes), 1 << 40])
    }
    let store = try SQLiteStore(folder: folder.path)
    try store.read { reader in
      for (epoch, index, start) in [(1, 0, 0), (1, 1, 256), (2, 0, 0)] {
        let tile = try reader.journalTile(
          epoch: UInt32(epoch), level: 0, index: UInt64(index))
        #expect(tile == leaves[start..<start + 256].flatMap(\.bytes))
      }
      #expect(try reader.journalTile(epoch: 1, level: 0, index: 2) == nil)
      #expect(try reader.journalTile(epoch: 3, level: 0, index: 0) == nil)
      #expect(try reader.journalTile(epoch: 1, level: 1, index: 0) == nil)
    }
  }

  @Test func `A store of format 1 whose journal has a broken leaf gets no part of the new format`()
    throws
  {
    try makeVersion1()
    try edit { try $0.execute(sql: "UPDATE journal SET leaf = x'00'") }
    #expect(throws: (any Error).self) { try SQLiteStore(folder: folder.path) }
    try edit { database in
      let made = try Int.fetchOne(
        database, sql: "SELECT count(*) FROM sqlite_schema WHERE name = 'journal_tile'")
      #expect(made == 0)
    }
  }

  @Test func `A store of format 1 is migrated to the very schema of a new one`() throws {
    try makeVersion1()
    try SQLiteStore(folder: folder.path).close()
    let fresh = TemporaryFolder()
    try SQLiteStore(folder: fresh.path).close()
    #expect(try schema(folder) == schema(fresh))
    #expect(try schema(folder).count > 30)
  }

  @Test func `An inspector leaves a store of format 1 as it is`() throws {
    try makeVersion1()
    let before = try folder.bytes("store.sqlite")
    try expectUnusable("older") { try SQLiteStore.inspect(folder: folder.path) { _ in } }
    #expect(try folder.bytes("store.sqlite") == before)
  }

  @Test func `An inspector reads a store beside its node, and sees one state`() throws {
    let store = try SQLiteStore(folder: folder.path)
    try store.write { try $0.set("a", to: [1]) }
    try SQLiteStore.inspect(folder: folder.path) { reader in
      #expect(try reader.setting("a") == [1])
      try store.write { try $0.set("a", to: [2]) }
      #expect(try reader.setting("a") == [1])
    }
    #expect(try SQLiteStore.inspect(folder: folder.path) { try $0.setting("a") } == [2])
  }

  @Test(arguments: [
    ("PRAGMA user_version = 1", "not a Sanxiang store"),
    ("CREATE TABLE customer (name TEXT)", "not a Sanxiang store"),
    ("PRAGMA application_id = \(Format.applicationID)", "older"),
    (
      """
      PRAGMA application_id = \(Format.applicationID);
      CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
      INSERT INTO grdb_migrations VALUES ('1'), ('2099');
      """, "newer"
    ),
  ])
  func `An inspector refuses what is not a store of this very format`(
    sql: String, message: String
  ) throws {
    try folder.write([], to: "store.sqlite")
    try edit { try $0.execute(sql: sql) }
    try expectUnusable(message) { try SQLiteStore.inspect(folder: folder.path) { _ in } }
  }

  @Test func `An inspector makes no store where there is none`() throws {
    try expectUnusable("cannot read") { try SQLiteStore.inspect(folder: folder.path) { _ in } }
    #expect(!folder.exists("store.sqlite"))
  }

  @Test func `A store whose making was cut off is made when it is next opened`() throws {
    try folder.write([], to: "store.sqlite")
    try edit {
      try $0.execute(
        sql: """
          PRAGMA application_id = \(Format.applicationID);
          CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
          """)
    }
    let store = try SQLiteStore(folder: folder.path)
    try store.write { try $0.set("a", to: [1]) }
    #expect(try store.read { try $0.setting("a") } == [1])
  }

  private func makeVersion1() throws {
    try folder.write([], to: "store.sqlite")
    try edit { database in
      try database.execute(sql: Version1.schema)
      try database.execute(sql: Version1.rows)
    }
  }

  private func edit(_ body: (Database) throws -> Void) throws {
    let queue = try DatabaseQueue(path: folder.file("store.sqlite"))
    try queue.inDatabase(body)
    try queue.close()
  }

  /// Every table and index, by name, as SQLite keeps its text.
  private func schema(_ folder: TemporaryFolder) throws -> [String] {
    let queue = try DatabaseQueue(path: folder.file("store.sqlite"))
    defer { try? queue.close() }
    return try queue.inDatabase { database in
      try String.fetchAll(
        database, sql: "SELECT name || ': ' || ifnull(sql, '') FROM sqlite_schema ORDER BY name")
    }
  }

  private func expectUnusable(_ part: String, _ body: (() throws -> Void)? = nil) throws {
    let failure = #expect(throws: StoreFailure.self) {
      if let body { try body() } else { _ = try SQLiteStore(folder: folder.path) }
    }
    guard case .unusable(let message) = try #require(failure) else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(message.contains(part))
  }
}

private func * (bytes: [UInt8], count: Int) -> [UInt8] {
  (0..<count).flatMap { _ in bytes }
}
