import Logging
import Cryptography
import RecordModel
import TransparencyLog

/// Compares what the two ends hold, when a peer's `Hello` is in: the moment at which rollbacks and
/// forks come to light, and at which pushing starts.
struct Greeting {
  let runtime: Runtime

  /// What a peer that witnesses journals holds of ours; nil for nothing that says anything.
  struct HeldHeads: Sendable {
    var newest: (epoch: UInt32, size: UInt64)?
  }

  /// What to do on the connection after the commit.
  struct Plan: Sendable {
    var sender: ChannelSender?
    /// Fetch our own log's tail from here on.
    var fetchFrom: UInt64?
    /// Send every stored receipt above this size.
    var receiptsAbove: UInt64 = 0
    /// The peer witnesses journals, and what it holds of ours.
    var heads: HeldHeads?
    /// What concerns one channel: told, while the other one goes on.
    var notices: [Fault] = []
    /// Why this connection cannot be used.
    var refusal: Fault?
  }

  func greet(_ hello: Hello, _ turn: inout Turn) throws -> Plan {
    let peer = hello.code
    if let own = turn.ledger.directories[hello.directoryVersion],
      own.digest != hello.directoryDigest
    {
      // The authority has signed two: no connection, and somebody must look.
      try turn.alarm(
        "directory.fork", from: peer, ["peer": "\(peer)", "version": "\(own.version)"], runtime)
      return Plan(refusal: Fault(.directoryFork, "another directory under the same version"))
    }
    runtime.change(peer) { known in
      known.schemas = Set(hello.schemas)
      known.software = hello.software
      known.directoryVersion = hello.directoryVersion
      known.clockDifference = hello.clock.milliseconds - turn.now.milliseconds
    }
    var plan = Plan()
    if let report = hello.journal {
      // Before the channels: what is witnessed names the journal's old head where they cannot.
      plan.heads = HeldHeads(
        newest: try report.witnessed.flatMap {
          try JournalEpochs.meet($0, from: peer, runtime, &turn).held
        })
    }
    if let number = turn.ledger.outbound[peer] {
      try meetOutbound(number, hello, &plan, &turn)
    }
    if let number = turn.ledger.inbound[peer] { try meetInbound(number, hello, &plan, &turn) }
    let behind = plan.fetchFrom
    let target = behind == nil ? nil : report(hello, turn.ledger.outboundBook(peer))?.size
    let usable = plan.refusal == nil
    let reported = report(hello, turn.ledger.inboundBook(peer))?.size
    // At once, not after the commit: pushes in this very turn must already be turned away.
    runtime.change(peer) { known in
      known.recovering = target
      known.isOwnLogWhole = usable && target == nil
      known.reported = reported ?? known.reported
      known.greeted = known.greeted || usable
    }
    return plan
  }

  private func report(_ hello: Hello, _ book: ChannelBook?) -> ChannelReport? {
    hello.channels.first { $0.origin == book?.state.origin }
  }

  /// Our channel to the peer: does it hold what we signed?
  private func meetOutbound(
    _ number: ChannelNumber, _ hello: Hello, _ plan: inout Plan, _ turn: inout Turn
  ) throws {
    guard let state = turn.ledger.channels[number]?.state else { return }
    if let halt = state.halt { return plan.notices.append(Self.told(halt, state.origin)) }
    let direction = state.origin.direction
    guard let report = hello.channels.first(where: { $0.origin == state.origin }) else {
      if hello.channels.contains(where: { $0.origin.direction == direction }) {
        plan.notices.append(
          Fault(.notReady, "another epoch of \(state.origin)", origin: state.origin))
      }
      return
    }
    if report.size > state.size { return try meetRollback(report, state, &plan, &turn) }
    let root = try LogReading.root(
      number, at: report.size, suite: turn.ledger.directory.suite, store: turn.store)
    guard root == report.root else {
      return try halt(
        number, .fork, "the peer holds another root at \(report.size)", report.cosigned, &plan,
        &turn)
    }
    if report.size < state.receiptedSize {
      try turn.alarm(
        "peer.rollback", origin: state.origin, ["size": "\(report.size)"], runtime)
    }
    let none = Window(origin: state.origin, records: 0, bytes: 0)
    plan.sender = ChannelSender(
      number: number, next: report.size, size: state.size, window: report.window ?? none)
  }

  /// The peer holds more of our log than we do: this node was restored from an old copy. With our own
  /// signature as proof, the tail is fetched back before anything is sealed.
  private func meetRollback(
    _ report: ChannelReport, _ state: ChannelState, _ plan: inout Plan, _ turn: inout Turn
  ) throws {
    let keys = turn.ledger.recordVerifiers(origin: state.origin)
    guard let bytes = report.cosigned,
      let (note, checkpoint) = try? Checkpoint.signed(parsing: bytes),
      checkpoint.origin == state.origin.description, checkpoint.size == report.size,
      checkpoint.root == report.root, (try? note.verified(by: keys)) != nil
    else {
      return try halt(
        state.number, .rollback, "no head of ours proves \(report.size) records",
        report.cosigned, &plan, &turn)
    }
    plan.fetchFrom = state.size
    try restored(state, ["peer": "\(report.size)"], &turn)
  }

  /// The peer's channel to us: have we given out a receipt that we no longer hold?
  private func meetInbound(
    _ number: ChannelNumber, _ hello: Hello, _ plan: inout Plan, _ turn: inout Turn
  ) throws {
    guard let state = turn.ledger.channels[number]?.state else { return }
    guard let report = hello.channels.first(where: { $0.origin == state.origin }) else {
      // The peer uses another epoch: receipts of this one would say nothing there.
      plan.receiptsAbove = state.size
      return
    }
    if let halt = state.halt { return plan.notices.append(Self.told(halt, state.origin)) }
    guard let bytes = report.cosigned else { return }
    guard let (note, checkpoint) = try? Checkpoint.signed(parsing: bytes),
      checkpoint.origin == state.origin.description
    else {
      plan.refusal = Fault(.frame, "the newest receipt does not parse", origin: state.origin)
      return
    }
    plan.receiptsAbove = min(checkpoint.size, state.size)
    guard checkpoint.size > state.size else { return }
    let ledger = turn.ledger
    guard
      let time = BatchCheck.cosignatureTime(
        note, keys: { ledger.receiptVerifiers(of: state.origin.direction.to, at: $0) })
    else {
      return try halt(
        number, .badReceipt, "not our cosignature at \(checkpoint.size)", bytes, &plan, &turn)
    }
    // Known already; and a sender that has itself lost receipts does not lower the target.
    if let target = state.restore, target.size >= checkpoint.size { return }
    let lines =
      ledger.recordVerifiers(origin: state.origin)
      + ledger.receiptVerifiers(of: state.origin.direction.to, at: nil)
    let known = note.keeping(lines).encoded
    try turn.change(number) { book in
      book.state.restore = RestoreTarget(
        size: checkpoint.size, root: checkpoint.root, note: known, receiptTime: time)
    }
    try restored(state, ["cosigned": "\(checkpoint.size)"], &turn)
  }

  /// This node has come back from an old copy: its journal goes on in a new epoch, and operators know.
  private func restored(
    _ state: ChannelState, _ proof: Logger.Metadata, _ turn: inout Turn
  ) throws {
    try JournalEpochs.reopen(reason: "rollback", runtime, &turn)
    try turn.alarm(
      "node.rollback", origin: state.origin,
      proof.merging(["held": "\(state.size)"]) { first, _ in first }, runtime)
  }

  /// How a standing halt is told: the fault that told of it first may have been lost. One that an
  /// operator can lift is not repeated as itself, or two ends that lift it one after the other would
  /// halt each other for ever.
  private static func told(_ halt: Halt, _ origin: Origin) -> Fault {
    Fault(
      halt.needsNewEpoch ? FaultCode(name: halt.code) : .halted, halt.code, origin: origin)
  }

  /// What one end states cannot be true of what the other holds: both ends halt the channel.
  private func halt(
    _ number: ChannelNumber, _ code: FaultCode, _ detail: String, _ evidence: [UInt8]?,
    _ plan: inout Plan, _ turn: inout Turn
  ) throws {
    let origin = turn.ledger.channels[number]?.state.origin
    try Halting.halt(number, code, detail, evidence: evidence ?? [], runtime, &turn)
    plan.notices.append(Fault(code, detail, origin: origin, evidence: evidence ?? []))
  }
}
