import Logging
import Cryptography
import RecordModel
import TransparencyLog

/// Takes receipts 送达回执: the receiver's cosigned checkpoints of our outbound channels.
struct Receipts {
  let runtime: Runtime

  /// A receipt whose signatures have been checked, off the writer's thread.
  struct Checked: Sendable {
    var note: SignedNote
    var checkpoint: Checkpoint
    var time: UInt64

    /// As the store keeps it.
    var stored: StoredCheckpoint {
      StoredCheckpoint(
        size: checkpoint.size, root: checkpoint.root, note: note.encoded, receiptTime: time)
    }
  }

  /// Checks a receipt's form, origin and cosignature.
  /// - Throws: `BatchProblem`.
  static func check(
    _ receipt: Receipt, expecting origin: Origin, ledger: Ledger
  ) throws(BatchProblem) -> Checked {
    guard !receipt.origin.isFormerEpoch(of: origin) else {
      throw .later(.notReady, "a receipt of a former epoch")
    }
    guard receipt.origin == origin else {
      throw .impossible(.badOrigin, "a receipt for another channel", evidence: receipt.note)
    }
    let note: SignedNote
    let checkpoint: Checkpoint
    do {
      (note, checkpoint) = try Checkpoint.signed(parsing: receipt.note)
    } catch {
      throw .impossible(.badReceipt, "\(error.code)", evidence: receipt.note)
    }
    guard checkpoint.origin == origin.description, checkpoint.size > 0 else {
      throw .impossible(.badOrigin, "the receipt names another origin", evidence: receipt.note)
    }
    let receivers = ledger.receiptVerifiers(of: origin.direction.to, at: nil)
    let cosigned = note.keeping(receivers)
    guard !cosigned.signatures.isEmpty else {
      throw .later(.unknownKey, "the receipt is by a key unknown here")
    }
    let kept = note.keeping(receivers + ledger.recordVerifiers(origin: origin))
    guard
      let time = BatchCheck.cosignatureTime(
        cosigned, keys: { ledger.receiptVerifiers(of: origin.direction.to, at: $0) })
    else {
      throw .impossible(.badReceipt, "the cosignature is wrong", evidence: receipt.note)
    }
    return Checked(note: kept, checkpoint: checkpoint, time: time)
  }

  /// Stores a receipt: one cumulative number and one checkpoint, whatever it covers. A crash before
  /// the commit loses it; the next `Hello` asks for it again.
  func take(_ receipt: Checked, from peer: AgencyCode, _ turn: inout Turn) throws -> BatchProblem? {
    guard let number = turn.ledger.outbound[peer], let state = turn.ledger.channels[number]?.state
    else { return .later(.notReady, "no channel") }
    if let halt = state.halt { return .later(.halted, halt.code) }
    let size = receipt.checkpoint.size
    let stored = try turn.store.checkpoints(
      number, sizes: size...size, cosignedOnly: false, limit: 1
    ).first
    // The receipt proves nothing to others without the head that we signed ourselves, and the note
    // replaces ours in the store.
    guard carriesOurSignature(receipt, stored, state.origin, turn.ledger) else {
      return .impossible(
        .badReceipt, "our own signature is missing", evidence: receipt.note.encoded)
    }
    if let target = runtime.peer(peer).recovering, size > state.size, size <= target {
      return try keepEarly(receipt, number, &turn)
    }
    guard size <= state.size else {
      return .later(.notReady, "a receipt for \(size) records, \(state.size) are held")
    }
    let root =
      try stored?.root
      ?? LogReading.root(
        number, at: size, suite: turn.ledger.directory.suite, store: turn.store)
    guard root == receipt.checkpoint.root else {
      return .impossible(
        .fork, "the receiver cosigned another root at \(size)", evidence: receipt.note.encoded)
    }
    if stored?.receiptTime != nil { return nil }
    try store(receipt, number, state, &turn)
    return nil
  }

  /// Whether the head that was cosigned is one that we signed. Mostly it is the stored one, and to
  /// compare its signature's bytes costs nothing beside verifying it once more.
  private func carriesOurSignature(
    _ receipt: Checked, _ stored: StoredCheckpoint?, _ origin: Origin, _ ledger: Ledger
  ) -> Bool {
    if let stored, stored.root == receipt.checkpoint.root,
      let ours = try? SignedNote(parsing: stored.note), ours.text == receipt.note.text,
      ours.signatures.allSatisfy(receipt.note.signatures.contains)
    {
      return true
    }
    return (try? receipt.note.verified(by: ledger.recordVerifiers(origin: origin))) != nil
  }

  /// A receipt for a part of our own log that is still on its way back. Our signature on it has been
  /// checked, so it is one of our heads; its root is compared when the records are here.
  private func keepEarly(
    _ receipt: Checked, _ number: ChannelNumber, _ turn: inout Turn
  ) throws -> BatchProblem? {
    try turn.store.put(receipt.stored, channel: number)
    return nil
  }

  private func store(
    _ receipt: Checked, _ number: ChannelNumber, _ state: ChannelState, _ turn: inout Turn
  ) throws {
    let size = receipt.checkpoint.size
    try turn.store.put(receipt.stored, channel: number)
    guard size > state.receiptedSize else { return }
    try checkTime(receipt.time, state, &turn)
    let oldest = try turn.store.header(at: RecordPosition(channel: number, seq: size))
    let oldestTime = try oldest.map { try Judge.stored($0.header).time }
    try turn.change(number) { book in
      let before = book.state.size - book.state.receiptedSize
      let after = book.state.size - size
      // An estimate while records differ in length; exact again when nothing waits.
      book.state.unreceiptedBytes = UInt64(
        Double(book.state.unreceiptedBytes) * Double(after) / Double(max(before, 1)))
      book.state.receiptedSize = size
      book.state.receiptTime = max(book.state.receiptTime, receipt.time)
      book.state.oldestUnreceipted = oldestTime
    }
  }

  /// A receipt whose time is odd counts all the same, but somebody should look at the clocks.
  private func checkTime(_ time: UInt64, _ state: ChannelState, _ turn: inout Turn) throws {
    let off = abs(Int64(clamping: time) - turn.now.seconds) * 1000
    guard time < state.receiptTime || off > runtime.limits.clockToleranceMilliseconds else {
      return
    }
    let code = time < state.receiptTime ? "receipt.timeWentBack" : "receipt.timeOff"
    try turn.alarm(code, origin: state.origin, [:], runtime)
  }
}
