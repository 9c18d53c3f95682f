public import Exchange
import Logging
public import RecordModel
public import RecordSchema
import Synchronization

/// One real node of a world, with everything around it that a test may touch.
public final class TestNode {
  /// Its place in the world.
  public let number: Int
  /// Its agency and its keys.
  public let member: ThrowawayFederation.Member
  /// Its clock.
  public let clock: ManualClock
  /// Its randomness, which a restart does not begin anew.
  public let random: SeededRandom
  /// The limits that the next start uses.
  public var limits: ExchangeLimits
  /// Whether the next start is told that the store is an older copy.
  public var isRestored = false
  /// The schemas that the next start reads.
  public var registry = SchemaRegistry.builtIn
  /// The store that the node runs on now, with faults to script.
  public internal(set) var store: FaultyStore<AnyStore>
  /// The running node.
  public internal(set) var node: Node
  /// The running node's queues.
  public internal(set) var work: ManualQueues
  private let deaths: Deaths

  /// The agency's code.
  public var code: AgencyCode { member.code }
  /// How often a node here has asked for its process to end.
  public var fatalErrors: Int { deaths.count.withLock { $0 } }

  init(
    number: Int, federation: ThrowawayFederation, store: any Store, limits: ExchangeLimits,
    seed: UInt64
  ) throws {
    self.number = number
    member = federation.members[number]
    clock = ManualClock()
    random = SeededRandom(seed: seed &* 1_000_003 &+ UInt64(number))
    self.limits = limits
    self.store = FaultyStore(AnyStore(store))
    work = ManualQueues()
    deaths = Deaths()
    node = try Self.open(
      member, federation, self.store, limits, registry, clock.environment(random: random),
      work, deaths)
  }

  /// Opens a node on `store`, in place of the one before, which must not be used any more.
  func reopen(on store: any Store, _ federation: ThrowawayFederation) throws {
    self.store = FaultyStore(AnyStore(store))
    work = ManualQueues()
    node = try Self.open(
      member, federation, self.store, limits, registry, clock.environment(random: random),
      work, deaths, isRestored: isRestored)
  }

  private static func open(
    _ member: ThrowawayFederation.Member, _ federation: ThrowawayFederation,
    _ store: FaultyStore<AnyStore>, _ limits: ExchangeLimits, _ registry: SchemaRegistry,
    _ environment: Environment, _ work: ManualQueues, _ deaths: Deaths,
    isRestored: Bool = false
  ) throws -> Node {
    try Node(
      identity: member.identity, directoryNote: federation.note, pinned: federation.pinned,
      store: store, registry: registry, limits: limits, environment: environment,
      software: "sanxiang-test", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      operators: federation.operators(of: member.code), isRestored: isRestored, queues: work.queues,
      onFatal: { _ in deaths.count.withLock { $0 += 1 } })
  }

  /// What the store under the faults holds now.
  public func snapshot() throws -> StoreSnapshot { try StoreSnapshot(of: store.base) }

  /// The texts of the journal's entries, of every epoch, oldest first.
  public func journal() throws -> [String] {
    try store.base.read { reader in
      let newest = try reader.journalState()?.epoch ?? 1
      return try (1...newest).flatMap { epoch in
        try reader.journal(epoch: epoch, from: 0, limit: Int.max)
          .map { String(decoding: $0.bytes, as: UTF8.self) }
      }
    }
  }
}

/// Counts calls of `onFatal`, which come from a node's writing queue.
private final class Deaths: Sendable {
  let count = Mutex(0)
}
