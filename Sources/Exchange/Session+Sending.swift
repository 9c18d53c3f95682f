import RecordModel
import Synchronization

// Pushing: what was just sealed leaves at once, everything else is read from the store, as far as the
// peer's window goes.

extension Session {
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

  func granted(_ window: Window) {
    guard window.origin == node.committer.durable({ $0.outboundBook(peer)?.state.origin }) else {
      return
    }
    state.withLock { state in
      state.window = window
      state.sender?.granted(window)
    }
    node.runtime.change(peer) { $0.granted = window }
    pumpLater()
  }

  func receipted(_ size: UInt64) {
    let now = node.environment.monotonic()
    let covered = state.withLock { $0.sender?.receipted(size, at: now) ?? [] }
    node.runtime.change(peer) { known in
      for part in covered { known.flow.receipted(part.count, latency: part.latency, at: now) }
    }
    pumpLater()
  }

  func pumpLater() {
    let start = state.withLock { state -> Bool in
      guard state.sender != nil else { return false }
      // The running pump looks once more before it ends.
      if state.pumping {
        state.pumpAgain = true
        return false
      }
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
        state.pumpAgain = false
        return (demand, sender.number)
      }
      guard let (demand, number) = next else { return }
      if push(demand, number) { continue }
      // What came in between (a receipt, a window) may have made room: then once more.
      let again = state.withLock { state in
        state.pumping = state.pumpAgain && state.sender != nil
        return state.pumping
      }
      if !again { return }
    }
  }

  private func push(_ demand: ChannelSender.Demand, _ number: ChannelNumber) -> Bool {
    guard let channel = node.committer.durable({ $0.channels[number]?.state }) else { return false }
    do {
      let batch = try node.store.read { reader in
        try LogReading.batch(
          channel, from: demand.start, records: demand.records, bytes: demand.bytes,
          cosignedUpTo: channel.receiptedSize, eachReceipt: true, store: reader)
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
      // A new connection tries again; this one would wait for something that never comes.
      outlet.close(Fault(.storage, "reading failed"))
      return false
    }
  }

  func sendReceipts(above size: UInt64) {
    guard let state = node.committer.durable({ $0.inboundBook(peer)?.state }),
      size < state.receiptedSize
    else { return }
    var next = size + 1
    do {
      while next <= state.receiptedSize, !self.state.withLock({ $0.ended }) {
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
      outlet.close(Fault(.storage, "reading failed"))
    }
  }
}
