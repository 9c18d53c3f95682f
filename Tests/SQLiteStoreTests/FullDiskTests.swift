import Exchange
import GRDB
import RecordModel
import SanxiangTesting
import Testing

@testable import SQLiteStore

@Suite struct FullDiskTests {
  let folder = TemporaryFolder()

  @Test func `A full disk is told as such, takes the write back and lets small writes go on`()
    throws
  {
    let store = try SQLiteStore(
      folder: folder.path, options: SQLiteStore.Options(maximumPages: 60))
    let batches = Batches(store)
    try batches.open()
    var number = 0
    var failure: StoreFailure?
    while failure == nil, number < 100 {
      do {
        try batches.write(number)
        number += 1
      } catch let error as StoreFailure { failure = error }
    }
    guard case .full = try #require(failure) else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(number > 2)
    // The same again: nothing of the failed batch stayed, so its positions are still the next ones.
    #expect(throws: StoreFailure.self) { try batches.write(number) }
    try store.write { try $0.set("small", to: [1]) }
    #expect(try store.read { try $0.setting("small") } == [1])
    try store.close()
    #expect(try Batches.count(in: folder, SQLiteStore.Options()) == number)
  }

  @Test func `A body that swallows the full disk's error cannot commit the rest`() throws {
    let store = try SQLiteStore(
      folder: folder.path, options: SQLiteStore.Options(maximumPages: 60))
    let failure = #expect(throws: StoreFailure.self) {
      try store.write { transaction in
        try transaction.set("before", to: [1])
        try? transaction.set("large", to: [UInt8](repeating: 1, count: 4 << 20))
        try? transaction.set("after", to: [2])
      }
    }
    guard case .full = try #require(failure) else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(try store.read { try $0.setting("before") } == nil)
    #expect(try store.read { try $0.setting("after") } == nil)
    try store.write { try $0.set("later", to: [3]) }
    #expect(try store.read { try $0.setting("later") } == [3])
  }

  static let codes: [(code: ResultCode, moment: Health.Moment, expected: String, isLost: Bool)] = [
    (.SQLITE_FULL, .beforeCommit, "full", false),
    (.SQLITE_FULL, .whilePersisting, "full", false),
    (.SQLITE_IOERR_FSYNC, .whilePersisting, "uncertain", true),
    (.SQLITE_IOERR_FSYNC, .beforeCommit, "uncertain", true),
    (.SQLITE_IOERR_DIR_FSYNC, .beforeCommit, "uncertain", true),
    (.SQLITE_IOERR_WRITE, .whilePersisting, "uncertain", true),
    (.SQLITE_IOERR_SHMSIZE, .whilePersisting, "uncertain", true),
    (.SQLITE_IOERR_READ, .beforeCommit, "failed", false),
    (.SQLITE_CORRUPT, .beforeCommit, "corrupt", false),
    (.SQLITE_NOTADB, .beforeCommit, "unusable", false),
    (.SQLITE_BUSY, .beforeCommit, "failed", false),
    (.SQLITE_CONSTRAINT_UNIQUE, .beforeCommit, "failed", false),
  ]

  @Test(arguments: FullDiskTests.codes)
  func `SQLite's errors become the store's, and a failed sync loses the store`(
    item: (code: ResultCode, moment: Health.Moment, expected: String, isLost: Bool)
  ) {
    let health = Health()
    let failure = health.failure(DatabaseError(resultCode: item.code), at: item.moment)
    #expect("\(failure)".hasPrefix(item.expected), "\(failure)")
    if item.isLost {
      #expect(throws: StoreFailure.self) { try health.check() }
    } else {
      #expect(throws: Never.self) { try health.check() }
    }
  }
}
