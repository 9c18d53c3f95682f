import Cryptography
import RecordModel
import TransparencyLog

/// Takes back the tail of our own log from the peer that holds it.
struct Recovery {
  let runtime: Runtime

  /// Appends records that we once sealed. Their heads carry our own signature and the peer's receipt,
  /// both checked before; the roots must agree. Nothing is signed here. A crash before the commit
  /// leaves the tail as short as it was, and it is fetched again.
  func take(_ batch: CheckedBatch, from peer: AgencyCode, _ turn: inout Turn) throws
    -> BatchProblem?
  {
    guard let number = turn.ledger.outbound[peer], let state = turn.ledger.channels[number]?.state
    else { return .later(.notReady, "no channel") }
    guard batch.origin == state.origin else { return .later(.notReady, "a former epoch") }
    guard batch.start == state.size else { return .later(.gap, "not the tail that was asked for") }
    guard let time = batch.cosignedAt else {
      return .later(.notReady, "entries without the holder's receipt")
    }
    guard batch.records.first?.header.prev == state.lastLeaf else {
      return .impossible(.fork, "another history", evidence: batch.note.encoded)
    }
    let early = try turn.store.checkpoints(
      number, sizes: (batch.start + 1)...batch.end, cosignedOnly: true, limit: batch.records.count)
    let roots = Dictionary(uniqueKeysWithValues: early.map { ($0.size, $0) })
    var frontier = state.frontier
    for record in batch.records {
      frontier.append(leaf: record.leaf)
      if let receipt = roots[frontier.size], receipt.root != frontier.root {
        return .impossible(.fork, "a receipt for another history", evidence: receipt.note)
      }
    }
    guard frontier.root == batch.checkpoint.root else {
      return .impossible(.fork, "another history", evidence: batch.note.encoded)
    }
    for record in batch.records { try append(record, number, peer, &turn) }
    try turn.store.put(
      StoredCheckpoint(
        size: batch.end, root: batch.checkpoint.root, note: batch.note.encoded,
        receiptTime: time),
      channel: number)
    try turn.change(number) { book in
      book.state.receiptedSize = batch.end
      book.state.receiptTime = max(book.state.receiptTime, time)
      book.state.unreceiptedBytes = 0
      book.state.oldestUnreceipted = nil
    }
    return nil
  }

  private func append(
    _ record: CheckedRecord, _ number: ChannelNumber, _ peer: AgencyCode, _ turn: inout Turn
  ) throws {
    let header = record.header
    let opened = ThreadRules.firstState(header)
    _ = try turn.append(
      record.stored(refused: false), header: header, to: number,
      state: opened)
    if opened == nil { try Threads.refresh(header, &turn) }
    let erasing = Erasing(runtime)
    let position = RecordPosition(channel: number, seq: header.seq)
    if record.wire.payload == nil { try erasing.cameErased(position, &turn) }
    try erasing.cameBack(position, &turn)
    if header.kind == KindName.systemErasure, let payload = record.wire.payload {
      try erasing.sealed(header, payload, number, isBack: true, &turn)
    }
    // The old copy may still hold the submission that became this record.
    if let waiting = try turn.store.submission(header.id) {
      try turn.store.removeSubmission(header.id)
      if waiting.dead == nil {
        turn.ledger.outbox[peer, default: OutboxCount()].remove(waiting)
      }
    }
  }
}
