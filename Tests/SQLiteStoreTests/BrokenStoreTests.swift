import Exchange
import SQLiteStore
import SanxiangTesting
import Synchronization
import Testing

/// The suite itself must be able to fail: stores that break one clause each.
@Suite struct BrokenStoreTests {
  /// Keeps what a write did although its body threw.
  final class KeepsAborted: Store {
    let base = MemoryStore()
    func read<R>(_ body: (any StoreReader) throws -> R) throws -> R { try base.read(body) }
    func write<R>(_ body: (any StoreTransaction) throws -> R) throws -> R {
      var failure: (any Error)?
      let result: R? = try base.write {
        do { return try body($0) } catch {
          failure = error
          return nil
        }
      }
      if let failure { throw failure }
      return try #require(result)
    }
    func scrub() throws { try base.scrub() }
    func space() throws -> StoreSpace { try base.space() }
    func close() throws { try base.close() }
  }

  /// Answers reads from a state one write old.
  final class ReadsLate: Store {
    let base = MemoryStore()
    let late = Mutex(MemoryStore())
    func read<R>(_ body: (any StoreReader) throws -> R) throws -> R {
      try late.withLock { $0 }.read(body)
    }
    func write<R>(_ body: (any StoreTransaction) throws -> R) throws -> R {
      late.withLock { $0 = MemoryStore(copyOf: base) }
      return try base.write(body)
    }
    func scrub() throws { try base.scrub() }
    func space() throws -> StoreSpace { try base.space() }
    func close() throws { try base.close() }
  }

  @Test func `A store that keeps an aborted write fails the suite`() {
    #expect(!failures(of: { KeepsAborted() }).isEmpty)
  }

  @Test func `A store whose reads lag behind fails the suite`() {
    #expect(!failures(of: { ReadsLate() }).isEmpty)
  }

  @Test func `A store that forgets on reopening fails the suite`() {
    let names = failures(of: { MemoryStore() }, reopen: { _ in MemoryStore() })
    #expect(names.contains("Reopening keeps everything"))
  }

  @Test func `A store that never persists fails the suite`() {
    let names = failures {
      MemoryStore { moment, _ in
        if moment == .beforePersist { throw StoreFailure.failed("never") }
      }
    }
    #expect(names.count > 40)
  }

  private func failures(
    of make: @escaping @Sendable () throws -> any Store,
    reopen: (@Sendable (any Store) throws -> any Store)? = nil
  ) -> [String] {
    StoreConformance.checks.compactMap { check in
      do {
        try check.run(StoreConformance.Subject(make: make, reopen: reopen))
        return nil
      } catch { return check.name }
    }
  }
}
