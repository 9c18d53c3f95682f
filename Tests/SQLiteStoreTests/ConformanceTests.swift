import Exchange
import SQLiteStore
import SanxiangTesting
import Synchronization
import Testing

@Suite struct ConformanceTests {
  /// Small caches and an eager checkpoint, so that the checks also run over spilled pages and over
  /// a log that starts again and again.
  static let strained = SQLiteStore.Options(
    readers: 2, writerCacheKiB: 64, readerCacheKiB: 64, checkpointPages: 4)

  @Test(arguments: StoreConformance.checks)
  func `The memory store keeps the contract`(check: StoreConformance.Check) throws {
    try check.run(
      StoreConformance.Subject(
        make: { MemoryStore() },
        reopen: { store in
          try store.close()
          return MemoryStore(copyOf: try #require(store as? MemoryStore))
        }))
  }

  @Test(arguments: StoreConformance.checks, [SQLiteStore.Options(), strained])
  func `The SQLite store keeps the contract`(
    check: StoreConformance.Check, options: SQLiteStore.Options
  ) throws {
    let folders = Mutex<[TemporaryFolder]>([])
    let open: @Sendable (TemporaryFolder) throws -> any Store = {
      try SQLiteStore(folder: $0.path, options: options)
    }
    try check.run(
      StoreConformance.Subject(
        make: {
          let folder = TemporaryFolder()
          folders.withLock { $0.append(folder) }
          return try open(folder)
        },
        reopen: { store in
          try store.close()
          return try open(try #require(folders.withLock { $0.last }))
        }))
  }

  @Test(arguments: StoreConformance.checks)
  func `A faulty store without faults keeps the contract`(check: StoreConformance.Check) throws {
    try check.run(StoreConformance.Subject(make: { FaultyStore(MemoryStore()) }))
  }

  @Test func `Every clause has a name of its own`() {
    let names = StoreConformance.checks.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.count > 50)
  }
}
