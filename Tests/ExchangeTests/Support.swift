import Cryptography
import Exchange
import RecordModel
import SanxiangTesting
import Synchronization
import Testing
import TransparencyLog

/// Expects that both ends of every channel hold the same, once all is quiet.
func expectEqualEnds(
  _ world: TestWorld, _ when: String = "", location: SourceLocation = #_sourceLocation
) throws {
  for difference in try world.unequalEnds() {
    Issue.record("\(when) \(difference)", sourceLocation: location)
  }
}

extension TestWorld {
  /// The first push that is still on its way between two nodes, taken a look at.
  func pushOnTheWay(from: Int, to: Int) -> Batch? {
    work()
    var found: Batch?
    let former = tamper
    tamper = { message, sender, receiver in
      if case .push(let batch) = message, sender == from, receiver == to, found == nil {
        found = batch
      }
      return former(message, sender, receiver)
    }
    while found == nil, deliver(from: from, to: to) {}
    tamper = former
    return found
  }

  /// The newest receipt that arrived at `at` from `from`.
  func lastReceipt(at: Int, from: Int) -> Receipt? {
    received(by: at, from: from).compactMap {
      if case .receipt(let receipt) = $0 { receipt } else { nil }
    }.last
  }

  /// The faults that arrived at `at` from `from`.
  func faults(at: Int, from: Int) -> [Fault] {
    received(by: at, from: from).compactMap {
      if case .fault(let fault) = $0 { fault } else { nil }
    }
  }

  func direction(_ from: Int = 0, _ to: Int = 1) -> Direction {
    Direction(from: nodes[from].code, to: nodes[to].code)
  }

  func origin(_ from: Int = 0, _ to: Int = 1) -> Origin {
    Origin(federation: ThrowawayFederation.name, direction: direction(from, to), epoch: 1)
  }

  /// The code of the error that a submission is refused with; nil when it is taken.
  func refusal(
    to: AgencyCode, kind: String = KindName.leadTransfer, payload: [UInt8]? = nil,
    replyTo: RecordID? = nil, key: String? = nil
  ) -> ExchangeError? {
    let node = nodes[0].node
    let request = SubmissionRequest(
      to: to, kind: kind, payload: payload ?? SamplePayload.transfer(), replyTo: replyTo,
      idempotencyKey: key)
    do {
      try call { _ = try await node.submit(request) }
      return nil
    } catch { return error as? ExchangeError }
  }
}

/// A peer played by hand, with the real keys of one of the world's nodes: it says what the test
/// says, true or not.
final class HandPeer {
  let world: TestWorld
  let own: TestNode
  let victim: TestNode
  private(set) var session: any PeerInlet
  private let outlet: Recorder

  final class Recorder: PeerOutlet {
    let messages = Mutex<[PeerMessage]>([])
    let closed = Mutex(false)
    func send(_ message: PeerMessage) { messages.withLock { $0.append(message) } }
    func close(_ fault: Fault?) {
      if let fault { send(.fault(fault)) }
      closed.withLock { $0 = true }
    }
  }

  /// Connects in the place of node `number` and says a true Hello, unless another is given.
  init(
    _ world: TestWorld, as number: Int, to victim: Int, works: Bool = true,
    hello change: (inout Hello) -> Void = { _ in }
  ) throws {
    self.world = world
    own = world.nodes[number]
    self.victim = world.nodes[victim]
    world.cut(number, victim)
    world.deliverAll()
    outlet = Recorder()
    session = self.victim.node.openSession(with: own.code, outlet: outlet)
    var hello = own.node.hello(to: self.victim.code)
    change(&hello)
    session.receive(.hello(hello))
    if works { world.work() }
  }

  /// Connects and says, before the victim has done anything with it, a Hello with a shut window for
  /// `origin`, and then this window.
  convenience init(
    _ world: TestWorld, as number: Int, to victim: Int, breathless window: Window, origin: Origin
  ) throws {
    try self.init(world, as: number, to: victim, works: false) { hello in
      for index in hello.channels.indices where hello.channels[index].origin == origin {
        hello.channels[index].window = Window(origin: origin, records: 0, bytes: 0)
      }
    }
    say(.window(window))
  }

  func say(_ message: PeerMessage) {
    session.receive(message)
    world.work()
  }

  func push(_ batch: Batch) { say(.push(batch)) }

  var heard: [PeerMessage] { outlet.messages.withLock { $0 } }
  var isClosed: Bool { outlet.closed.withLock { $0 } }
  var receipts: [Receipt] {
    heard.compactMap { if case .receipt(let receipt) = $0 { receipt } else { nil } }
  }
  var faults: [Fault] {
    heard.compactMap { if case .fault(let fault) = $0 { fault } else { nil } }
  }

  /// The end of the connection, as the victim learns of it.
  func hangUp() {
    session.disconnected()
    world.work()
  }
}
