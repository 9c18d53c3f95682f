public import Exchange
public import RecordModel

/// Several real nodes, a wire between each two, and time that stands still: a whole federation on
/// the test's own thread.
///
/// Nothing happens by itself. `work` runs what the nodes have queued, `deliver` moves messages,
/// `settle` does both and reconnects until everything is quiet.
public final class TestWorld {
  /// The federation; publish directories through it.
  public var federation: ThrowawayFederation
  /// The nodes, by number.
  public internal(set) var nodes: [TestNode] = []
  /// Called for each message as it arrives, before its receiver sees it; what it returns is
  /// delivered instead, nothing when nil.
  public var tamper: (_ message: PeerMessage, _ from: Int, _ to: Int) -> PeerMessage? = {
    message, _, _ in message
  }
  /// Whether `settle` connects again what is not connected.
  public var reconnects = true
  /// Runs the world's asynchronous calls.
  public let executor = ManualExecutor()
  let kit: StoreKit
  let seed: UInt64
  let limits: ExchangeLimits
  /// The newest connection between two nodes; the lower number is side 0.
  var wires: [Pair: TestWire] = [:]
  /// Connections before those, that one side may still have to hear the end of.
  var former: [(pair: Pair, wire: TestWire)] = []
  var transcript: [Sent] = []

  /// A message as it arrived.
  public struct Sent {
    /// Who sent it.
    public var from: Int
    /// Who got it.
    public var to: Int
    /// What it was, after any tampering.
    public var message: PeerMessage
  }

  struct Pair: Hashable, Comparable {
    var low: Int
    var high: Int
    init(_ one: Int, _ other: Int) {
      low = min(one, other)
      high = max(one, other)
    }
    func side(_ node: Int) -> Int { node == low ? 0 : 1 }
    func node(_ side: Int) -> Int { side == 0 ? low : high }
    static func < (a: Self, b: Self) -> Bool { (a.low, a.high) < (b.low, b.high) }
  }

  /// A world did not come to rest, or a call in it never ended.
  public struct Stalled: Error {
    /// What did not end.
    public var reason: String
  }

  /// Makes a federation and starts its nodes; nothing is connected yet.
  public init(
    roles: [AgencyRole] = [.enforcement, .discipline], kit: StoreKit = .memory,
    limits: ExchangeLimits = ExchangeLimits(), seed: UInt64 = 1
  ) throws {
    federation = try ThrowawayFederation(roles: roles)
    self.kit = kit
    self.limits = limits
    self.seed = seed
    for number in roles.indices { try addNode(number) }
  }

  private func addNode(_ number: Int) throws {
    let added = try TestNode(
      number: number, federation: federation, store: try kit.make(number), limits: limits,
      seed: seed)
    nodes.append(added)
    let node = added.node
    try call { try await node.start() }
  }

  /// Publishes a directory with one more node in it, and starts that node.
  public func admit(_ role: AgencyRole) throws -> TestNode {
    let member = try federation.admit(role)
    try addNode(nodes.count)
    precondition(nodes[nodes.count - 1].code == member.code, "members are added at the end")
    return nodes[nodes.count - 1]
  }

  // MARK: Calls

  /// Starts an asynchronous call; nothing of it runs before `work`, `settle` or a step.
  public func start<R: Sendable>(
    _ body: @escaping @Sendable () async throws -> R
  ) -> PendingCall<R> {
    PendingCall(on: executor, body)
  }

  /// Makes an asynchronous call and runs the nodes' queues, but no message, until it is done.
  @discardableResult
  public func call<R: Sendable>(_ body: @escaping @Sendable () async throws -> R) throws -> R {
    let pending = start(body)
    while pending.result == nil {
      guard stepExecutor() || stepQueues() else { throw Stalled(reason: "a call never ended") }
    }
    guard let result = pending.result else { throw Stalled(reason: "a call never ended") }
    return try result.get()
  }

  // MARK: Running

  func stepExecutor() -> Bool { executor.step() }

  /// Runs one piece of queued work of the first node that has some.
  func stepQueues() -> Bool {
    for node in nodes {
      for queue in node.work.all where queue.count > 0 { return queue.step() }
    }
    return false
  }

  /// Runs everything that the nodes have queued, and what that queues; no message moves.
  public func work() {
    while stepExecutor() || stepQueues() {}
  }

  /// Lets messages flow and work run until all is quiet, connecting what is not connected; or until
  /// a node has lost its store, and is to be restarted.
  public func settle() throws {
    for _ in 0..<100 {
      if reconnects { try connectAll() }
      var steps = 0
      while true {
        work()
        guard deliverAny() else { break }
        steps += 1
        guard steps < 100_000 else { throw Stalled(reason: "messages without end") }
      }
      if !reconnects || allConnected || nodes.contains(where: \.store.isLost) { return }
    }
    throw Stalled(reason: "connections never stay")
  }

  /// Runs exactly one piece of work or delivers one message, chosen by `choose` (a number below its
  /// argument); false when there is nothing to do.
  public func randomStep(_ choose: (Int) -> Int) -> Bool {
    var lanes: [() -> Void] = []
    if executor.count > 0 { lanes.append { [executor] in executor.step() } }
    for node in nodes {
      for queue in node.work.all where queue.count > 0 { lanes.append { queue.step() } }
    }
    for (pair, wire) in liveWires {
      for side in 0...1 where wire.waiting(for: side) > 0 {
        lanes.append { [self] in take(pair, wire, side) }
      }
    }
    if lanes.isEmpty { return false }
    lanes[choose(lanes.count)]()
    return true
  }
}
