import Logging
import Cryptography
import RecordModel
import Synchronization
import TransparencyLog

// Journals on a connection: ours is shown to the peer, which cosigns it, and the peer's to us.

extension Session {
  /// How many heads a peer may show before the first is answered: it needs one.
  static let waitingHeadLimit = 4

  // MARK: Ours

  /// Shows the peer our journal's newest signed head, when it is time to.
  func offerHead() {
    let (epoch, size) = node.committer.durable { ($0.journal.epoch, $0.journalSignedSize) }
    let now = node.environment.monotonic()
    let begins = state.withLock { state in
      !state.ended && state.heads?.begin(epoch: epoch, size: size, now: now) == true
    }
    if begins { node.queues.sending.async { [self] in sendHead(epoch) } }
  }

  /// Reads the head and makes the proof from what the peer holds. It is durable and signed already: a
  /// crash here loses nothing but the question, which is asked again on the next connection.
  private func sendHead(_ epoch: UInt32) {
    let old = state.withLock { $0.heads?.heldSize(epoch) ?? 0 }
    do {
      let head = try node.store.read { reader -> (size: UInt64, head: Head)? in
        guard let signed = try reader.journalCheckpoint(epoch: epoch), signed.size > old else {
          return nil
        }
        let suite = node.committer.durable { $0.journal.frontier.suite }
        let source = LogReading.journal(
          epoch: epoch, size: signed.size, suite: suite, store: reader)
        let proof =
          old == 0
          ? []
          : try Merkle.consistencyProof(oldSize: old, newSize: signed.size, source: source)
        return (signed.size, Head(oldSize: old, proof: proof, note: signed.note))
      }
      guard let head else { return state.withLock { $0.heads?.failed() ?? () } }
      state.withLock { state in
        state.heads?.left(
          HeadSender.Sent(
            origin: node.journalOrigin(epoch), size: head.size, note: head.head.note))
      }
      outlet.send(.head(head.head))
    } catch {
      node.storageFailed(error)
      state.withLock { $0.heads?.failed() ?? () }
    }
  }

  /// The peer's answer to a head of ours.
  func answered(_ answer: HeadCosigned) {
    guard admitted() else { return }
    node.queues.validation.async { [self] in
      if !state.withLock({ $0.ended }) { take(answer) }
      state.withLock { $0.waitingMessages -= 1 }
    }
  }

  private func take(_ answer: HeadCosigned) {
    guard let sent = state.withLock({ $0.heads?.answered(answer.origin) }) else { return }
    if let refusal = answer.refusal { return refused(refusal, answer) }
    let witness = KeyName.witness(federation: node.runtime.identity.federation, code: peer)
    let ledger = node.committer.durable { $0 }
    guard answer.size == sent.size, var note = try? SignedNote(parsing: sent.note),
      let line = try? NoteSignature(parsing: answer.cosignature)
    else { return disbelieved() }
    note.add(line)
    guard let head = JournalWitnesses.check(note, by: witness, ledger) else {
      return disbelieved()
    }
    commit { [self] turn in
      try JournalWitnesses(runtime: node.runtime).keep(head, from: peer, &turn)
      turn.afterCommit { [self] in
        state.withLock { $0.heads?.holds(epoch: sent.origin.epoch, size: sent.size) ?? () }
      }
    }
  }

  /// What came is no cosignature by the peer's witness key. Nothing is stored; the head is shown again
  /// in its time.
  private func disbelieved() { tell("witness.badCosignature", [:]) }

  private func refused(_ code: FaultCode, _ answer: HeadCosigned) {
    let epoch = answer.origin.epoch
    if code == .headConflict {
      state.withLock { $0.heads?.corrected(epoch: epoch, size: answer.size) ?? () }
      return offerHead()
    }
    node.logger.warning(
      "a peer does not cosign the journal",
      metadata: ["peer": "\(peer)", "fault": "\(code)", "held": "\(answer.size)"])
    guard let held = answer.held else { return }
    commit { [self] turn in
      let meeting = try JournalEpochs.meet(held, from: peer, node.runtime, &turn)
      turn.afterCommit { [self] in
        if let held = meeting.held {
          state.withLock { $0.heads?.holds(epoch: held.epoch, size: held.size) ?? () }
        }
        // It has what we have, and says that it does not go together.
        if code == .headFork, case .held = meeting { tell("journal.disputed", [:]) }
      }
    }
  }

  /// Raises an alarm about this peer, once for each start.
  private func tell(_ code: String, _ metadata: Logger.Metadata) {
    guard node.runtime.change(peer, { $0.told.insert(code).inserted }) else { return }
    commit { [self] turn in
      let told = metadata.merging(["peer": "\(peer)"]) { first, _ in first }
      try turn.alarm(code, from: peer, told, node.runtime)
    }
  }

  // MARK: The peer's

  /// The peer shows a head of its journal.
  func show(_ head: Head) {
    let fits = state.withLock { state in
      state.waitingHeads += 1
      return state.waitingHeads <= Self.waitingHeadLimit
    }
    guard fits else {
      return outlet.close(Fault(.windowExceeded, "too many journal heads at once"))
    }
    node.queues.validation.async { [self] in
      if !state.withLock({ $0.ended }) { witness(head) }
    }
  }

  private func witness(_ head: Head) {
    let now = node.environment.monotonic()
    let burst = node.runtime.limits.witnessBurst
    do throws(Fault) {
      guard node.runtime.change(peer, { $0.heads.take(burst: burst, now: now) }) else {
        throw Fault(.headTooSoon, "heads come too fast")
      }
      let checked = try CheckedJournalHead.check(
        head, from: peer, directory: node.directory(), now: node.environment.now(),
        tolerance: node.runtime.limits.clockToleranceMilliseconds)
      commit { [self] turn in
        let answer = try Witness(runtime: node.runtime).take(checked, from: peer, &turn)
        turn.afterCommit { [self] in answerHead(.headCosigned(answer)) }
      }
    } catch {
      if error.code != .headTooSoon {
        node.logger.warning(
          "a peer's journal head is not cosigned",
          metadata: ["peer": "\(peer)", "fault": "\(error.code)", "text": "\(error.text)"])
      }
      let origin = (try? Checkpoint.signed(parsing: head.note)).flatMap {
        try? JournalOrigin(parsing: $0.checkpoint.origin)
      }
      // Without an origin there is nothing that the peer could match an answer with.
      answerHead(
        origin.map { .headCosigned(HeadCosigned(origin: $0, size: 0, refusal: error.code)) }
          ?? .fault(error))
    }
  }

  private func answerHead(_ message: PeerMessage) {
    state.withLock { $0.waitingHeads -= 1 }
    outlet.send(message)
  }
}

/// How many heads a peer may show: some at once, then one a second.
struct HeadAllowance: Sendable {
  private var left: Int?
  private var at: UInt64 = 0

  /// Takes one, if there is one.
  mutating func take(burst: Int, now: UInt64) -> Bool {
    let seconds = left == nil ? 0 : (now &- at) / 1_000_000_000
    at = left == nil ? now : at &+ seconds &* 1_000_000_000
    let available = min(burst, (left ?? burst) + Int(min(seconds, UInt64(burst))))
    left = max(available - 1, 0)
    return available > 0
  }
}
