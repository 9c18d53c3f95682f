public import Exchange
import Synchronization
import RecordModel

// The wire between the nodes of a world, and crashes.

extension TestWorld {
  /// Connects two nodes: each makes its `Hello` now; they arrive when delivered. An older connection
  /// between the two stays until a node closes it.
  public func connect(_ one: Int = 0, _ other: Int = 1) {
    let pair = Pair(one, other)
    if let old = wires[pair], !old.isOver { former.append((pair, old)) }
    let wire = TestWire()
    wires[pair] = wire
    let (low, high) = (nodes[pair.low], nodes[pair.high])
    wire.send(.hello(low.node.hello(to: high.code)), from: 0)
    wire.send(.hello(high.node.hello(to: low.code)), from: 1)
  }

  /// Connects every two nodes that are not connected.
  public func connectAll() throws {
    for low in nodes.indices {
      for high in nodes.indices where low < high {
        if wires[Pair(low, high)]?.isOver ?? true { connect(low, high) }
      }
    }
  }

  var allConnected: Bool {
    wires.count == nodes.count * (nodes.count - 1) / 2 && wires.values.allSatisfy { !$0.isOver }
  }

  var liveWires: [(pair: Pair, wire: TestWire)] {
    former.removeAll { $0.wire.isOver }
    return former + wires.sorted { $0.key < $1.key }.map { (pair: $0.key, wire: $0.value) }
  }

  /// Delivers the next message on the way from one node to another; false when there is none.
  @discardableResult
  public func deliver(from: Int, to: Int) -> Bool {
    let pair = Pair(from, to)
    guard let wire = wires[pair], wire.waiting(for: pair.side(to)) > 0 else { return false }
    take(pair, wire, pair.side(to))
    work()
    return true
  }

  /// Delivers everything that is on its way now and all that follows from it; no reconnecting.
  public func deliverAll() {
    work()
    while deliverAny() { work() }
  }

  func deliverAny() -> Bool {
    for (pair, wire) in liveWires {
      for side in 0...1 where wire.waiting(for: side) > 0 {
        take(pair, wire, side)
        return true
      }
    }
    return false
  }

  func take(_ pair: Pair, _ wire: TestWire, _ side: Int) {
    guard let event = wire.next(for: side) else { return }
    let (from, to) = (pair.node(1 - side), pair.node(side))
    switch event {
    case .end:
      let inlet = wire.sides.withLock { sides in
        sides[side].shut = true
        sides[side].over = true
        sides[side].arriving = []
        return sides[side].inlet
      }
      inlet?.disconnected()
    case .message(let sent):
      guard let message = tamper(sent, from, to) else { return }
      transcript.append(Sent(from: from, to: to, message: message))
      if case .hello = message {
        let session = nodes[to].node.openSession(
          with: nodes[from].code, outlet: wire.outlet(side))
        wire.sides.withLock { $0[side].inlet = session }
      }
      wire.sides.withLock { $0[side].inlet }?.receive(message)
    }
  }

  /// Breaks the connection between two nodes; what is on its way is lost.
  public func cut(_ one: Int = 0, _ other: Int = 1) {
    let pair = Pair(one, other)
    wires[pair]?.cut()
    for (old, wire) in former where old == pair { wire.cut() }
  }

  /// Whether two nodes have a connection that neither has closed.
  public func isConnected(_ one: Int = 0, _ other: Int = 1) -> Bool {
    wires[Pair(one, other)]?.sides.withLock { $0.allSatisfy { !$0.shut } } ?? false
  }

  /// Every message that arrived at `to` from `from`, in order.
  public func received(by to: Int, from: Int) -> [PeerMessage] {
    transcript.filter { $0.to == to && $0.from == from }.map(\.message)
  }

  /// Forgets the messages that have arrived.
  public func clearTranscript() { transcript = [] }

  // MARK: Crashes

  /// The node's process ends here: everything that is not on disk is gone, its connections break,
  /// and every call that waits fails.
  public func crash(_ number: Int) {
    let victim = nodes[number]
    for (pair, wire) in liveWires where pair.low == number || pair.high == number {
      wire.abandon(pair.side(number))
    }
    // Nothing reaches the disk any more; what waits in memory fails, as callers of a dead process
    // would see it.
    for offset in 0..<64 { victim.store.fail(.uncertainBeforePersist, after: offset) }
    while victim.work.run() || executor.step() {}
  }

  /// Starts the node again, on what its store held, or on a copy taken before.
  public func restart(_ number: Int, on backup: (any Store)? = nil) throws {
    let revived = nodes[number]
    let base = revived.store.base.base
    try? base.close()
    try revived.reopen(on: try backup ?? kit.reopen(base), federation)
    let node = revived.node
    try call { try await node.start() }
  }

  /// Ends and starts a node.
  public func crashAndRestart(_ number: Int, on backup: (any Store)? = nil) throws {
    crash(number)
    try restart(number, on: backup)
  }

  /// What a backup of the node's store would hold now.
  public func backup(of number: Int) throws -> any Store {
    try kit.copy(nodes[number].store.base.base)
  }
}
