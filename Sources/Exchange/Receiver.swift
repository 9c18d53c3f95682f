import Cryptography
import RecordModel
import RecordSchema
import TransparencyLog

/// Takes checked batches into inbound channels: append, compare roots, judge, cosign.
struct Receiver {
  let runtime: Runtime

  /// What came of a batch.
  enum Outcome {
    /// The receipt to send; nil while a restored channel is on its way back to its target.
    case held(receipt: [UInt8]?)
    case problem(BatchProblem)
  }

  /// Appends a batch. Everything happens in one transaction: records, verdicts, the refusals that
  /// answer them, the sender's checkpoint and our cosignature. A crash before the commit leaves
  /// nothing of it, and the sender pushes again; a crash after it leaves a receipt that was never
  /// sent, and the next `Hello` sends it.
  func receive(_ batch: CheckedBatch, from peer: AgencyCode, _ turn: inout Turn) throws -> Outcome {
    guard let number = turn.ledger.inbound[peer], let book = turn.ledger.channels[number] else {
      return .problem(.later(.notReady, "no channel"))
    }
    let state = book.state
    // While our own log's tail is on its way back, nothing else is taken: the verdicts depend on it.
    // The peer pushes again after the greeting that follows.
    if runtime.peer(peer).recovering != nil { return .held(receipt: nil) }
    guard state.origin == batch.origin else {
      return .problem(.later(.notReady, "a batch of a former epoch"))
    }
    if let halt = state.halt { return .problem(.later(.halted, halt.code)) }
    if batch.start > state.size {
      return .problem(.later(.gap, "held \(state.size), pushed from \(batch.start)"))
    }
    if let problem = try compareHeld(batch, state, turn) { return .problem(problem) }
    if batch.end <= state.size {
      // A repeat is answered with the stored receipt, byte for byte.
      return .held(receipt: try turn.store.newestReceipt(number)?.note)
    }
    if let problem = unable(state, turn) { return .problem(problem) }
    let new = Array(batch.records[Int(state.size - batch.start)...])
    if let problem = linkProblem(new, batch, book, turn.ledger) { return .problem(problem) }
    for record in new {
      // Verdicts from before reach as far as what was cosigned before; the rest is judged.
      let restoring = state.restore.map { record.header.seq < $0.size } ?? false
      try append(record, number, restoring: restoring, peer, &turn)
    }
    let runtime = runtime
    turn.afterCommit { runtime.waiters.wakeArrivals() }
    return .held(receipt: try cosign(batch, number, state, &turn))
  }

  /// Why nothing new is taken just now. A window is advice to an honest peer; here it is kept.
  private func unable(_ state: ChannelState, _ turn: Turn) -> BatchProblem? {
    if state.paused || !runtime.hasRoom {
      return .later(.windowExceeded, "no window is granted")
    }
    let time = max(turn.now, Timestamp(milliseconds: Int64(clamping: state.receiptTime) * 1000))
    let own = runtime.identity
    let valid = turn.ledger.directory.receiptKeys(of: own.code, at: time)
    guard valid.contains(own.receiptKey.verificationKey) else {
      return .later(.notReady, "the receiver's receipt key is not valid now")
    }
    return nil
  }

  /// Records at indexes that are held already must be the same bytes.
  private func compareHeld(
    _ batch: CheckedBatch, _ state: ChannelState, _ turn: Turn
  ) throws -> BatchProblem? {
    let end = min(batch.end, state.size)
    guard batch.start < end else { return nil }
    let held = try turn.store.leaves(state.number, batch.start..<end)
    for (leaf, record) in zip(held, batch.records) where leaf != record.leaf {
      return .impossible(
        .otherBytes, "seq \(record.header.seq) is held with other bytes",
        evidence: batch.note.encoded + record.wire.header)
    }
    guard batch.end <= state.size else { return nil }
    let root =
      batch.end == state.size
      ? state.frontier.root
      : try LogReading.root(
        state.number, at: batch.end, suite: turn.ledger.directory.suite, store: turn.store)
    guard batch.checkpoint.root == root else {
      return .impossible(.badRoot, "another root at \(batch.end)", evidence: batch.note.encoded)
    }
    return nil
  }

  /// What must be true of the new records as log entries: the chain, the root, and that they have not
  /// seen more of our log than there is.
  private func linkProblem(
    _ new: [CheckedRecord], _ batch: CheckedBatch, _ book: ChannelBook, _ ledger: Ledger
  ) -> BatchProblem? {
    guard let first = new.first, first.header.prev == book.state.lastLeaf else {
      return .impossible(
        .badPrevious, "seq \(book.state.size): prev",
        evidence: batch.note.encoded + (new.first?.wire.header ?? []))
    }
    var frontier = book.state.frontier
    for record in new {
      frontier.append(leaf: record.leaf)
      if let target = book.state.restore, frontier.size == target.size,
        frontier.root != target.root
      {
        return .impossible(
          .fork, "another root at \(target.size) than once cosigned", evidence: target.note)
      }
    }
    guard frontier.root == batch.checkpoint.root else {
      return .impossible(.badRoot, "another root at \(batch.end)", evidence: batch.note.encoded)
    }
    let ours = ledger.outbound[batch.origin.direction.from].flatMap { ledger.channels[$0]?.state }
    let held = Seen(epoch: ours?.origin.epoch ?? 1, size: ours?.size ?? 0)
    if let ahead = new.first(where: { $0.header.seen > held }) {
      // The peer has seen records of ours that we do not have: we were restored from a backup.
      return .later(.notReady, "seq \(ahead.header.seq) has seen more than is held here")
    }
    return nil
  }

  private func append(
    _ record: CheckedRecord, _ number: ChannelNumber, restoring: Bool, _ peer: AgencyCode,
    _ turn: inout Turn
  ) throws {
    let header = record.header
    var verdict = restoring ? try formerVerdict(header, peer, turn) : []
    let answered = !verdict.isEmpty
    // A refusal that never left is lost with the copy; what it refused is refused again. Of an entry
    // that was erased since it was receipted here, only the header can be judged once more.
    let isErased = record.wire.payload == nil
    if !answered {
      var judged = record
      if restoring, isErased { judged.violations = [] }
      verdict = try judge(judged, number, &turn)
    }
    let refused = !verdict.isEmpty
    let opened = ThreadRules.firstState(header)
    _ = try turn.append(
      record.stored(refused: refused), header: header, to: number,
      state: refused ? nil : opened)
    let position = RecordPosition(channel: number, seq: header.seq)
    if isErased, restoring { try Erasing(runtime).cameErased(position, &turn) }
    try Erasing(runtime).cameBack(position, &turn)
    if refused {
      if !answered { try Refusals.answer(header, verdict, runtime, &turn) }
    } else if header.kind == KindName.systemRefusal {
      try Refusals.take(record, from: peer, runtime, &turn)
    } else if header.kind == KindName.systemErasure {
      try Erasing(runtime).take(record, number, from: peer, &turn)
    } else if opened == nil || restoring {
      // On the way back our own acts may be here before the record that they answer.
      try Threads.refresh(header, &turn)
    }
  }

  /// Every rule that the entry breaks as a record. A refusal is never refused.
  private func judge(
    _ record: CheckedRecord, _ number: ChannelNumber, _ turn: inout Turn
  ) throws -> [Violation] {
    let header = record.header
    if header.kind == KindName.systemRefusal { return [] }
    guard let state = turn.ledger.channels[number]?.state else { return [] }
    let judge = Judge(runtime)
    var found = record.violations
    found += judge.headerViolations(header, after: state, ledger: turn.ledger, now: turn.now)
    if try turn.store.entry(header.id) != nil {
      found.append(.header("/id", "header:id", "the id is taken", "标识重复"))
    }
    if header.kind == KindName.systemErasure, record.violations.isEmpty {
      found += try Erasing(runtime).violations(record, on: state, turn)
    }
    let epoch = state.origin.epoch
    found += try judge.threadViolations(header, epoch: epoch, &turn)
    found += try judge.tieViolations(header, record.ties, epoch: epoch, &turn)
    return found
  }

  /// A restored node takes its verdicts from its own earlier refusals, which it got back first, and
  /// judges what it finds none for by the same facts as before.
  private func formerVerdict(
    _ header: RecordHeader, _ peer: AgencyCode, _ turn: Turn
  ) throws -> [Violation] {
    guard let outbound = turn.ledger.outbound[peer] else { return [] }
    let refused = try Refusals.contains(
      target: header.id, seq: header.seq, in: outbound, turn.store)
    return refused ? [.header("", "refused", "refused before", "此前已拒收")] : []
  }

  /// Signs for what is held now, and stores the receipt; a repeat later is answered with these bytes.
  private func cosign(
    _ batch: CheckedBatch, _ number: ChannelNumber, _ before: ChannelState, _ turn: inout Turn
  ) throws -> [UInt8]? {
    if let target = before.restore, batch.end <= target.size {
      return try adopt(batch, number, target, &turn)
    }
    let key = runtime.identity.receiptKey
    let time = max(UInt64(turn.now.seconds), before.receiptTime, before.restore?.receiptTime ?? 0)
    var note = batch.note
    note.signatures.removeAll { $0.name == runtime.receiptKeyName }
    note.add(
      try Cosignature.cosign(
        checkpointText: note.text, name: runtime.receiptKeyName, key: key, time: time))
    return try keep(note, batch.checkpoint, time: time, number, &turn)
  }

  /// On the way back to a cosigned checkpoint nothing new is signed: the receipts that we gave out
  /// before come back with the records, and only those are stored.
  private func adopt(
    _ batch: CheckedBatch, _ number: ChannelNumber, _ target: RestoreTarget, _ turn: inout Turn
  ) throws -> [UInt8]? {
    if batch.end == target.size {
      try turn.journal(
        .channelResumed,
        [.text("origin", batch.origin.description), .number("size", target.size)])
      let checkpoint = batch.checkpoint
      let note = try SignedNote(parsing: target.note)
      return try keep(note, checkpoint, time: target.receiptTime, number, &turn)
    }
    guard let time = batch.cosignedAt else { return nil }
    return try keep(batch.note, batch.checkpoint, time: time, number, &turn)
  }

  private func keep(
    _ note: SignedNote, _ checkpoint: Checkpoint, time: UInt64, _ number: ChannelNumber,
    _ turn: inout Turn
  ) throws -> [UInt8] {
    let bytes = note.encoded
    try turn.store.put(
      StoredCheckpoint(
        size: checkpoint.size, root: checkpoint.root, note: bytes, receiptTime: time),
      channel: number)
    try turn.change(number) { book in
      book.state.receiptedSize = checkpoint.size
      book.state.receiptTime = max(book.state.receiptTime, time)
      if let target = book.state.restore, checkpoint.size >= target.size {
        book.state.restore = nil
      }
    }
    return bytes
  }
}
