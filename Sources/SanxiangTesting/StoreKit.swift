public import Exchange

/// Any store behind one type, so that `FaultyStore` can stand before whatever backend a test runs on.
public final class AnyStore: Store {
  /// The store itself.
  public let base: any Store

  /// Wraps a store.
  public init(_ base: any Store) { self.base = base }

  /// Reads from the store.
  public func read<R>(_ body: (any StoreReader) throws -> R) throws -> R { try base.read(body) }

  /// Writes to the store.
  public func write<R>(_ body: (any StoreTransaction) throws -> R) throws -> R {
    try base.write(body)
  }

  /// Scrubs the store.
  public func scrub() throws { try base.scrub() }

  /// The store's space.
  public func space() throws -> StoreSpace { try base.space() }

  /// Closes the store.
  public func close() throws { try base.close() }
}

/// How a world makes its nodes' stores, opens them again after a crash, and takes backups.
public struct StoreKit: Sendable {
  /// A new store for the node with this number.
  public var make: @Sendable (_ node: Int) throws -> any Store
  /// What a restarted process finds where the given store was, which is no longer used.
  public var reopen: @Sendable (any Store) throws -> any Store
  /// A copy of what the given store holds now, as a backup would hold it.
  public var copy: @Sendable (any Store) throws -> any Store

  /// A kit of three functions.
  public init(
    make: @escaping @Sendable (_ node: Int) throws -> any Store,
    reopen: @escaping @Sendable (any Store) throws -> any Store,
    copy: @escaping @Sendable (any Store) throws -> any Store
  ) {
    self.make = make
    self.reopen = reopen
    self.copy = copy
  }

  /// Stores in memory.
  public static let memory = StoreKit(
    make: { _ in MemoryStore() }, reopen: { try copyInMemory($0) },
    copy: { try copyInMemory($0) })

  private static func copyInMemory(_ store: any Store) throws -> any Store {
    guard let store = store as? MemoryStore else {
      throw StoreFailure.unusable("not a store in memory")
    }
    return MemoryStore(copyOf: store)
  }
}
