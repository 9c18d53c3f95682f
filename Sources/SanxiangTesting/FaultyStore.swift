public import Exchange
import Synchronization

/// A store that fails when its script says so: the table of failures that every invariant of the
/// exchange is tested against.
public final class FaultyStore<Base: Store>: Store {
  /// What happens to one write.
  public enum Fault: Sendable, Hashable, CaseIterable {
    /// The body runs, nothing is kept, the write may work later: `StoreFailure.failed`.
    case failsBeforePersist
    /// The body runs, everything is kept, but the caller is told that nobody knows:
    /// `StoreFailure.uncertain`. From then on every call throws that, as the process must end.
    case failsAfterPersist
    /// As `failsAfterPersist`, but nothing was kept: the other half of what "uncertain" means.
    case uncertainBeforePersist
    /// The body runs, nothing is kept for want of room: `StoreFailure.full`.
    case full
  }

  private struct Script {
    var faults: [Int: Fault]
    var writes = 0
    var isLost = false
    var scrubFaults = 0
  }

  /// The store underneath; open it again through this to see what a restarted process would find.
  public let base: Base
  private let script: Mutex<Script>

  /// Fails the writes whose numbers (0 is the first) are in `faults`; the others pass through.
  public init(_ base: Base, faults: [Int: Fault] = [:]) {
    self.base = base
    script = Mutex(Script(faults: faults))
  }

  /// How many writes have been attempted.
  public var writeCount: Int { script.withLock { $0.writes } }

  /// Whether a write was uncertain, so that this store answers nothing any more.
  public var isLost: Bool { script.withLock { $0.isLost } }

  /// Adds a fault for the write that comes after `offset` others from now: 0 is the next one.
  public func fail(_ fault: Fault, after offset: Int = 0) {
    script.withLock { $0.faults[$0.writes + offset] = fault }
  }

  /// Reads from the base, unless an earlier write was uncertain.
  public func read<R>(_ body: (any StoreReader) throws -> R) throws -> R {
    try checkNotLost()
    return try base.read(body)
  }

  /// Writes to the base as the script says.
  public func write<R>(_ body: (any StoreTransaction) throws -> R) throws -> R {
    try checkNotLost()
    let fault = script.withLock { script in
      defer { script.writes += 1 }
      return script.faults.removeValue(forKey: script.writes)
    }
    switch fault {
    case nil:
      return try base.write(body)
    case .failsBeforePersist:
      return try abort(body, with: .failed("scripted failure before persisting"))
    case .full:
      return try abort(body, with: .full("scripted: no room left"))
    case .uncertainBeforePersist:
      script.withLock { $0.isLost = true }
      return try abort(body, with: Self.uncertain)
    case .failsAfterPersist:
      _ = try base.write(body)
      script.withLock { $0.isLost = true }
      throw Self.uncertain
    }
  }

  /// Makes the next scrubs fail, as on a full disk, until this is called again with 0.
  public func failScrubs(_ count: Int) { script.withLock { $0.scrubFaults = count } }

  /// Scrubs the base, unless the script has it fail; a scrub is no write and has no number.
  public func scrub() throws {
    try checkNotLost()
    let fails = script.withLock { script in
      defer { script.scrubFaults = max(0, script.scrubFaults - 1) }
      return script.scrubFaults > 0
    }
    if fails { throw StoreFailure.full("scripted: no room to scrub") }
    try base.scrub()
  }

  /// The base's space.
  public func space() throws -> StoreSpace {
    try checkNotLost()
    return try base.space()
  }

  /// Closes the base, also after an uncertain write.
  public func close() throws {
    try base.close()
  }

  private static var uncertain: StoreFailure { .uncertain("scripted failure while persisting") }

  /// Runs the body, then fails inside the transaction so that the base takes everything back.
  private func abort<R>(
    _ body: (any StoreTransaction) throws -> R, with failure: StoreFailure
  ) throws -> R {
    try base.write { transaction in
      _ = try body(transaction)
      throw failure
    }
  }

  private func checkNotLost() throws {
    if isLost { throw Self.uncertain }
  }
}
