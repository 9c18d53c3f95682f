import Logging
import Cryptography
import RecordModel
import Synchronization
import TransparencyLog

/// One connection with a peer, from its checked `Hello` to its end.
///
/// Messages are taken in their order: what needs much computing goes through the validation queue,
/// what changes the store through the committer, both first-in first-out.
final class Session: PeerInlet, Sendable {
  let peer: AgencyCode
  let outlet: any PeerOutlet
  let node: Node
  /// Guards what both halves of a session decide by: receiving here, sending in `Session+Sending`.
  let state = Mutex(State())

  struct State {
    var sender: ChannelSender?
    var ended = false
    var pumping = false
    /// Something changed while the pump ran.
    var pumpAgain = false
    /// The store failed under something that came on this connection, which is to begin again.
    var broken = false
    /// The newest window that the peer granted on this connection, also before the greeting is done.
    var window: Window?
    /// The peer's `Hello` has been answered with the receipts that it misses.
    var begun = false
    /// A fetch that came before that: the receipts go first.
    var early: Fetch?
    /// A fetch is being answered.
    var serving = false
    /// Asks the peer to cosign our journal; nil where it does not.
    var heads: HeadSender?
    /// Heads of the peer's journal that were received and not answered yet.
    var waitingHeads = 0
    /// Channels of which the peer has said on this connection that it halted them.
    var haltsTold: Set<Origin> = []
    /// Receipts that were received and not worked on yet, and every fault.
    var waitingMessages = 0
    /// Records and bytes that were received and are not committed yet.
    var arrivingRecords = 0
    var arrivingBytes = 0
  }

  init(peer: AgencyCode, outlet: any PeerOutlet, node: Node) {
    self.peer = peer
    self.outlet = outlet
    self.node = node
  }

  // MARK: Inlet

  func receive(_ message: PeerMessage) {
    switch message {
    case .hello(let hello): node.queues.validation.async { [self] in greet(hello) }
    case .push(let batch): arrive(batch, own: false)
    case .entries(let batch): arrive(batch, own: true)
    case .receipt(let receipt):
      guard admitted() else { return }
      node.queues.validation.async { [self] in
        if !state.withLock({ $0.ended }) { take(receipt) }
        state.withLock { $0.waitingMessages -= 1 }
      }
    case .window(let window): granted(window)
    case .fetch(let fetch):
      let ready = state.withLock { state -> Bool in
        guard state.begun else {
          state.early = fetch
          return false
        }
        // One at a time: a peer asks for the next part when it has the last.
        defer { state.serving = true }
        return !state.serving
      }
      if ready { node.queues.sending.async { [self] in serve(fetch) } }
    case .fault(let fault): if admitted() { take(fault) }
    case .head(let head): show(head)
    case .headCosigned(let answer): answered(answer)
    }
  }

  /// Counts a small message that waits to be worked on; false, and the connection closes, when the
  /// peer sends more of them than anyone needs.
  func admitted() -> Bool {
    let fits = state.withLock { state in
      state.waitingMessages += 1
      return state.waitingMessages <= node.runtime.limits.waitingMessages
    }
    if !fits { outlet.close(Fault(.windowExceeded, "too many messages at once")) }
    return fits
  }

  func clockDifference(_ difference: Int64) {
    let tolerance = node.runtime.limits.clockToleranceMilliseconds
    let back = node.runtime.change(peer) { known in
      defer { known.clockDifference = difference }
      return abs(known.clockDifference) > tolerance && abs(difference) <= tolerance
    }
    if back { node.kick() }
  }

  func disconnected() {
    state.withLock { state in
      state.ended = true
      state.sender = nil
    }
    node.runtime.change(peer) { known in
      if known.session === self { known.session = nil }
    }
  }

  // MARK: Greeting

  private func greet(_ hello: Hello) {
    commit { [self] turn in
      let plan = try Greeting(runtime: node.runtime).greet(hello, &turn)
      turn.afterCommit { [self] in begin(plan) }
    }
  }

  private func begin(_ plan: Greeting.Plan) {
    if let refusal = plan.refusal { return outlet.close(refusal) }
    for notice in plan.notices { outlet.send(.fault(notice)) }
    guard !state.withLock({ $0.ended }) else { return }
    let former = node.runtime.change(peer) { known in
      defer { known.session = self }
      return known.session
    }
    if let former, former !== self {
      former.outlet.close(Fault(.duplicateConnection, "a newer connection took over"))
    }
    // The session is known now, so what is sealed from here on is offered to it; what was sealed
    // between the greeting and here shows in the durable size.
    let size = node.committer.durable { $0.outboundBook(peer)?.state.size ?? 0 }
    let ended = state.withLock { state in
      if state.ended { return true }
      if let heads = plan.heads {
        let interval = node.runtime.limits.witnessIntervalMilliseconds
        state.heads = HeadSender(intervalMilliseconds: interval, held: heads.newest)
      }
      state.sender = plan.sender
      state.sender?.grown(to: size)
      if let window = state.window { state.sender?.granted(window) }
      return false
    }
    if ended { return disconnected() }
    // Our Hello told of the window as it was then; what has changed since was told to no one.
    if let inbound = node.committer.durable({ $0.inboundBook(peer)?.state }) {
      outlet.send(.window(node.window(inbound)))
    }
    // On this thread, before any newer receipt: a peer that has a receipt has all before it, and so
    // may ask for those above its newest.
    sendReceipts(above: plan.receiptsAbove)
    let early = state.withLock { state in
      state.begun = true
      defer { state.early = nil }
      return state.early
    }
    if let early { node.queues.sending.async { [self] in serve(early) } }
    if let start = plan.fetchFrom,
      let origin = node.committer.durable({ $0.outboundBook(peer)?.state.origin })
    {
      outlet.send(.fetch(Fetch(origin: origin, start: start)))
    }
    node.logger.info("peer connected", metadata: ["peer": "\(peer)"])
    pumpLater()
    offerHead()
    node.kick()
  }

  /// A channel was halted: it moves no more on this connection.
  func halted(_ origin: Origin) {
    let number = node.committer.durable { $0.book(origin)?.state.number }
    state.withLock { state in
      if state.sender?.number == number { state.sender?.stop() }
    }
  }

  // MARK: Receiving

  /// Notes what arrived against the window, then checks it and commits it.
  private func arrive(_ batch: Batch, own: Bool) {
    let limits = node.runtime.limits
    let (records, bytes) = (batch.records.count, batch.byteCount)
    let exceeded = state.withLock { state -> Bool in
      state.arrivingRecords += records
      state.arrivingBytes += bytes
      // Twice the window: what was under way when a window shrank is no offence.
      return state.arrivingRecords > Int(limits.windowRecords) * 2
        || state.arrivingBytes > Int(limits.windowBytes) * 2
    }
    if exceeded {
      return outlet.close(Fault(.windowExceeded, "more in flight than was granted"))
    }
    node.queues.validation.async { [self] in
      own ? checkOwn(batch) : check(batch)
    }
  }

  private func landed(_ records: Int, _ bytes: Int) {
    state.withLock { state in
      state.arrivingRecords -= records
      state.arrivingBytes -= bytes
    }
  }

  private func check(_ batch: Batch) {
    let peer = peer
    let (records, bytes) = (batch.records.count, batch.byteCount)
    guard let book = node.committer.durable({ $0.inboundBook(peer) }) else { return }
    let check = node.batchCheck(sender: book.state.origin)
    do throws(BatchProblem) {
      let checked = try check.check(batch, expecting: book.state.origin)
      commit(weight: records) { [self] turn in
        let outcome = try Receiver(runtime: node.runtime).receive(checked, from: peer, &turn)
        try settle(outcome, book.state, &turn)
        turn.afterCommit { [self] in landed(records, bytes) }
      }
    } catch {
      landed(records, bytes)
      settleLater(error, book.state.number)
    }
  }

  private func settle(
    _ outcome: Receiver.Outcome, _ channel: ChannelState, _ turn: inout Turn
  ) throws {
    switch outcome {
    case .held(let receipt):
      guard let receipt else { return }
      let message = Receipt(origin: channel.origin, note: receipt)
      turn.afterCommit { [self] in
        // What came on a former connection is receipted on the present one: it sent its stored
        // receipts before this one was stored.
        (node.runtime.peer(peer).session ?? self).outlet.send(.receipt(message))
      }
    case .problem(let problem):
      try settle(problem, channel.number, &turn)
    }
  }

  /// Halts the channel, or faults and closes so that both sides begin again.
  private func settle(
    _ problem: BatchProblem, _ number: ChannelNumber, _ turn: inout Turn
  ) throws {
    let outlet = outlet
    let origin = turn.ledger.channels[number]?.state.origin
    switch problem {
    case .impossible(let code, let detail, let evidence):
      try Halting.halt(number, code, detail, evidence: evidence, node.runtime, &turn)
      let kept = Array(evidence.prefix(Halting.evidenceBytes))
      turn.afterCommit {
        outlet.send(.fault(Fault(code, detail, origin: origin, evidence: kept)))
      }
    case .later(let code, let text):
      let fault = Fault(code, text, origin: origin)
      turn.afterCommit { code == .halted ? outlet.send(.fault(fault)) : outlet.close(fault) }
    }
  }

  private func settleLater(_ problem: BatchProblem, _ number: ChannelNumber) {
    commit { [self] turn in try settle(problem, number, &turn) }
  }

  private func take(_ receipt: Receipt) {
    let peer = peer
    guard let channel = node.committer.durable({ $0.outboundBook(peer)?.state }) else { return }
    let ledger = node.committer.durable { $0 }
    do throws(BatchProblem) {
      let checked = try Receipts.check(receipt, expecting: channel.origin, ledger: ledger)
      commit { [self] turn in
        // A receipt behind one that was lost must not hide the gap: both come again.
        if state.withLock({ $0.broken }) { return }
        if let problem = try Receipts(runtime: node.runtime).take(checked, from: peer, &turn) {
          return try settle(problem, channel.number, &turn)
        }
        turn.afterCommit { [self] in
          receipted(checked.checkpoint.size)
          node.wakeReceipted(channel.number, checked.checkpoint.size)
        }
      }
    } catch {
      settleLater(error, channel.number)
    }
  }

  private func take(_ fault: Fault) {
    node.logger.warning(
      "peer reported a fault",
      metadata: ["peer": "\(peer)", "fault": "\(fault.code)", "text": "\(fault.text)"])
    guard let origin = fault.origin, fault.code.number >= 300,
      let book = node.committer.durable({ $0.book(origin) })
    else { return }
    let direction = origin.direction
    guard direction.from == peer || direction.to == peer else { return }
    if fault.code == .halted { return haltedByPeer(book.state) }
    // Said again by each greeting while it stands; halted here already, it changes nothing.
    if book.state.halt != nil { return }
    commit { [self] turn in
      try Halting.halt(
        book.state.number, fault.code, "reported by the peer: \(fault.text)",
        evidence: fault.evidence, node.runtime, &turn)
    }
  }

  /// The peer has halted a channel that is not halted here: nothing moves until its operators lift
  /// that, and ours should know.
  private func haltedByPeer(_ channel: ChannelState) {
    halted(channel.origin)
    let fresh = state.withLock { $0.haltsTold.insert(channel.origin).inserted }
    guard fresh, channel.halt == nil else { return }
    commit { [self] turn in
      try turn.alarm(
        "channel.haltedByPeer", origin: channel.origin, ["peer": "\(peer)"], node.runtime)
    }
  }

  // MARK: Getting our own log back

  private func checkOwn(_ batch: Batch) {
    let peer = peer
    guard let state = node.committer.durable({ $0.outboundBook(peer)?.state }) else { return }
    let check = node.batchCheck(sender: state.origin)
    do throws(BatchProblem) {
      let checked = try check.check(batch, expecting: state.origin)
      let (records, bytes) = (batch.records.count, batch.byteCount)
      commit(weight: records) { [self] turn in
        if let problem = try Recovery(runtime: node.runtime).take(checked, from: peer, &turn) {
          return try settle(problem, state.number, &turn)
        }
        let size = turn.ledger.outboundBook(peer)?.state.size ?? 0
        turn.afterCommit { [self] in
          landed(records, bytes)
          recovered(to: size, origin: state.origin)
        }
      }
    } catch {
      landed(batch.records.count, batch.byteCount)
      settleLater(error, state.number)
    }
  }

  private func recovered(to size: UInt64, origin: Origin) {
    guard let target = node.runtime.peer(peer).recovering else { return }
    if size < target { return outlet.send(.fetch(Fetch(origin: origin, start: size))) }
    node.runtime.change(peer) { $0.recovering = nil }
    node.logger.notice(
      "own log recovered", metadata: ["peer": "\(peer)", "size": "\(size)"])
    // A new greeting starts everything else from what is held now.
    outlet.close(Fault(.notReady, "recovered; greet again", origin: origin))
  }

  private func serve(_ fetch: Fetch) {
    let limits = node.runtime.limits
    guard let state = node.committer.durable({ $0.inboundBook(peer)?.state }),
      state.origin == fetch.origin
    else { return outlet.close(Fault(.badOrigin, "not a channel of yours")) }
    defer { self.state.withLock { $0.serving = false } }
    do {
      let batch = try node.store.read { reader in
        try LogReading.batch(
          state, from: fetch.start, records: limits.batchRecords * 2,
          bytes: limits.batchBytes, cosignedUpTo: state.size, store: reader)
      }
      // Silence would keep the peer waiting for ever.
      guard let batch else {
        return outlet.close(Fault(.notReady, "nothing receipted from there", origin: state.origin))
      }
      outlet.send(.entries(batch))
    } catch {
      node.storageFailed(error)
      outlet.close(Fault(.storage, "reading failed"))
    }
  }

  func commit(
    weight: Int = 1, _ run: @escaping @Sendable (inout Turn) throws -> Void
  ) {
    node.committer.submit(
      Committer.Job(weight: weight, run: run) { [self] error in
        state.withLock { $0.broken = true }
        outlet.close(Fault(.storage, error.code.rawValue))
      })
  }
}
