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
  private let node: Node
  private let state = Mutex(State())

  private struct State {
    var sender: ChannelSender?
    var ended = false
    var pumping = false
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
    case .receipt(let receipt): node.queues.validation.async { [self] in take(receipt) }
    case .window(let window): granted(window)
    case .fetch(let fetch): node.queues.sending.async { [self] in serve(fetch) }
    case .fault(let fault): take(fault)
    }
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
    if let fault = plan.fault {
      // What concerns one channel leaves the other one running.
      if fault.code == .fork || fault.code == .notReady {
        outlet.send(.fault(fault))
      } else {
        return outlet.close(fault)
      }
    }
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
    state.withLock { state in
      state.sender = plan.sender
      state.sender?.grown(to: size)
    }
    node.queues.sending.async { [self] in sendReceipts(above: plan.receiptsAbove) }
    if let start = plan.fetchFrom,
      let origin = node.committer.durable({ $0.outboundBook(peer)?.state.origin })
    {
      outlet.send(.fetch(Fetch(origin: origin, start: start)))
    }
    node.logger.info("peer connected", metadata: ["peer": "\(peer)"])
    pumpLater()
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
      let (outlet, message) = (outlet, Receipt(origin: channel.origin, note: receipt))
      turn.afterCommit { outlet.send(.receipt(message)) }
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
    guard let state = node.committer.durable({ $0.outboundBook(peer)?.state }) else { return }
    let directory = node.directory()
    do throws(BatchProblem) {
      let checked = try Receipts.check(
        receipt, expecting: state.origin, directory: directory)
      commit { [self] turn in
        if let problem = try Receipts(runtime: node.runtime).take(checked, from: peer, &turn) {
          return try settle(problem, state.number, &turn)
        }
        turn.afterCommit { [self] in receipted(checked.checkpoint.size) }
      }
    } catch {
      settleLater(error, state.number)
    }
  }

  private func take(_ fault: Fault) {
    node.logger.warning(
      "peer reported a fault",
      metadata: ["peer": "\(peer)", "fault": "\(fault.code)", "text": "\(fault.text)"])
    guard let origin = fault.origin, fault.code.number >= 300,
      let book = node.committer.durable({ $0.book(origin) })
    else { return }
    if fault.code == .halted { return halted(origin) }
    let direction = origin.direction
    guard direction.from == peer || direction.to == peer else { return }
    commit { [self] turn in
      try Halting.halt(
        book.state.number, fault.code, "reported by the peer: \(fault.text)",
        evidence: fault.evidence, node.runtime, &turn)
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
    do {
      let batch = try node.store.read { reader in
        try LogReading.batch(
          state, from: fetch.start, records: limits.batchRecords * 2,
          bytes: limits.batchBytes, cosignedUpTo: state.size, store: reader)
      }
      if let batch { outlet.send(.entries(batch)) }
    } catch {
      node.storageFailed(error)
    }
  }

  // MARK: Sending

  /// A batch was just sealed: when it is the next one, it leaves without being read again.
  func offer(_ batch: Batch) {
    let now = node.environment.monotonic()
    let bytes = batch.byteCount
    let limits = node.runtime.limits
    let left = state.withLock { state -> Bool in
      state.sender?.grown(to: batch.start + UInt64(batch.records.count))
      guard !state.pumping,
        let demand = state.sender?.demand(
          batchRecords: limits.batchRecords, batchBytes: limits.batchBytes),
        demand.start == batch.start, demand.records >= batch.records.count,
        state.sender?.push(
          start: batch.start, count: batch.records.count, bytes: bytes, at: now) == true
      else { return false }
      // Queued under the lock: pushes must leave in the order in which they were decided.
      outlet.send(.push(batch))
      return true
    }
    if left { return node.runtime.change(peer) { $0.flow.pushed(at: now) } }
    pumpLater()
  }

  private func granted(_ window: Window) {
    state.withLock { $0.sender?.granted(window) }
    node.runtime.change(peer) { $0.granted = window }
    pumpLater()
  }

  private func receipted(_ size: UInt64) {
    let now = node.environment.monotonic()
    let covered = state.withLock { $0.sender?.receipted(size, at: now) ?? [] }
    node.runtime.change(peer) { known in
      for part in covered { known.flow.receipted(part.count, latency: part.latency, at: now) }
    }
    pumpLater()
  }

  private func pumpLater() {
    let start = state.withLock { state -> Bool in
      guard state.sender != nil, !state.pumping else { return false }
      let limits = node.runtime.limits
      guard
        state.sender?.demand(
          batchRecords: limits.batchRecords, batchBytes: limits.batchBytes) != nil
      else { return false }
      state.pumping = true
      return true
    }
    if start { node.queues.sending.async { [self] in pump() } }
  }

  /// Reads and pushes while the window lasts. Only one pump runs at a time.
  private func pump() {
    let limits = node.runtime.limits
    while true {
      let next = state.withLock { state -> (ChannelSender.Demand, ChannelNumber)? in
        guard let sender = state.sender,
          let demand = sender.demand(
            batchRecords: limits.batchRecords, batchBytes: limits.batchBytes)
        else {
          state.pumping = false
          return nil
        }
        return (demand, sender.number)
      }
      guard let (demand, number) = next else { return }
      guard push(demand, number) else { return state.withLock { $0.pumping = false } }
    }
  }

  private func push(_ demand: ChannelSender.Demand, _ number: ChannelNumber) -> Bool {
    guard let channel = node.committer.durable({ $0.channels[number]?.state }) else { return false }
    do {
      let batch = try node.store.read { reader in
        try LogReading.batch(
          channel, from: demand.start, records: demand.records, bytes: demand.bytes,
          cosignedUpTo: channel.receiptedSize, store: reader)
      }
      guard let batch else { return false }
      let now = node.environment.monotonic()
      let left = state.withLock { state -> Bool in
        guard
          state.sender?.push(
            start: batch.start, count: batch.records.count, bytes: batch.byteCount, at: now)
            == true
        else { return false }
        outlet.send(.push(batch))
        return true
      }
      if left { node.runtime.change(peer) { $0.flow.pushed(at: now) } }
      return left
    } catch {
      node.storageFailed(error)
      return false
    }
  }

  private func sendReceipts(above size: UInt64) {
    guard let state = node.committer.durable({ $0.inboundBook(peer)?.state }) else { return }
    var next = size + 1
    do {
      while next <= state.receiptedSize {
        let stored = try node.store.read { reader in
          try reader.checkpoints(
            state.number, sizes: next...state.receiptedSize, cosignedOnly: true, limit: 256)
        }
        guard let last = stored.last else { return }
        for checkpoint in stored {
          outlet.send(.receipt(Receipt(origin: state.origin, note: checkpoint.note)))
        }
        next = last.size + 1
      }
    } catch {
      node.storageFailed(error)
    }
  }

  private func commit(
    weight: Int = 1, _ run: @escaping @Sendable (inout Turn) throws -> Void
  ) {
    let outlet = outlet
    node.committer.submit(
      Committer.Job(weight: weight, run: run) { error in
        outlet.close(Fault(.storage, error.code.rawValue))
      })
  }
}
