public import Exchange
import Synchronization

/// A store in memory: one value, copied before each write and put back whole after it. Slow for
/// large contents and obviously right, which is what the other backends are compared with.
public final class MemoryStore: Store {
  /// Where in a write the hook is called.
  public enum Moment: Sendable, Hashable, CaseIterable {
    /// Before the body runs.
    case beforeBody
    /// After the body, before anything is kept.
    case beforePersist
    /// After everything was kept, before the caller hears of it.
    case afterPersist
  }

  /// Called at each moment of each write with the write's number (0 is the first). What it throws
  /// is what the write throws; at `afterPersist` the changes stay.
  public typealias Hook = @Sendable (_ moment: Moment, _ write: Int) throws -> Void

  private struct Contents {
    var state: MemoryState
    var free: UInt64
    var isClosed = false
    var scrubs = 0
  }

  private let contents: Mutex<Contents>
  /// Held by one write at a time; counts them. Never taken while `contents` is held.
  private let writes = Mutex(0)
  private let hook: Hook

  /// An empty store on a medium with `free` bytes to spare.
  public init(free: UInt64 = 1 << 40, hook: @escaping Hook = { _, _ in }) {
    contents = Mutex(Contents(state: MemoryState(), free: free))
    self.hook = hook
  }

  /// A store that begins with what `other` holds now, closed or not: a restart, or a backup.
  public init(copyOf other: MemoryStore, hook: @escaping Hook = { _, _ in }) {
    let copy = other.contents.withLock { ($0.state, $0.free) }
    contents = Mutex(Contents(state: copy.0, free: copy.1))
    self.hook = hook
  }

  /// Sets what `space()` reports as free.
  public func setFree(_ bytes: UInt64) {
    contents.withLock { $0.free = bytes }
  }

  /// Reads the state after the last write that was kept.
  public func read<R>(_ body: (any StoreReader) throws -> R) throws -> R {
    try body(MemoryReader(state: try current().state))
  }

  /// Runs the body on a copy of the state and keeps the copy unless something threw.
  public func write<R>(_ body: (any StoreTransaction) throws -> R) throws -> R {
    var result: R?
    try writes.withLock { count in
      let number = count
      count += 1
      let transaction = MemoryTransaction(state: try current().state)
      try hook(.beforeBody, number)
      result = try body(transaction)
      try hook(.beforePersist, number)
      let state = transaction.state
      contents.withLock { $0.state = state }
      try hook(.afterPersist, number)
    }
    guard let result else { preconditionFailure("the closure above returned without a result") }
    return result
  }

  /// How often `scrub` was called: in memory nothing is left to overwrite.
  public var scrubs: Int { contents.withLock { $0.scrubs } }

  /// Counts the call.
  public func scrub() throws {
    _ = try current()
    contents.withLock { $0.scrubs += 1 }
  }

  /// Puts a payload back into a record's row, past every rule: as somebody might, out of a copy.
  public func putBack(payload: [UInt8]?, salt: [UInt8], at position: RecordPosition) {
    contents.withLock { contents in
      contents.state.records[position.channel]?[Int(position.seq)].payload = payload
      contents.state.records[position.channel]?[Int(position.seq)].salt = salt
    }
  }

  /// The free bytes that were set, and the bytes of records held.
  public func space() throws -> StoreSpace {
    let contents = try current()
    return StoreSpace(free: contents.free, used: contents.state.recordBytes)
  }

  /// Ends the use of this object; `init(copyOf:)` opens its contents again.
  public func close() throws {
    contents.withLock { $0.isClosed = true }
  }

  private func current() throws -> Contents {
    let now = contents.withLock { $0 }
    if now.isClosed { throw StoreFailure.failed("the store is closed") }
    return now
  }
}
