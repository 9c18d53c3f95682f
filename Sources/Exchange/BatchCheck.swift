import Cryptography
import RecordModel
import RecordSchema
import TransparencyLog

/// Why a batch was not taken.
enum BatchProblem: Error, Sendable {
  /// It cannot be true: the channel halts and keeps the offending signed bytes.
  case impossible(FaultCode, String, evidence: [UInt8])
  /// Something is missing here, or late: fault, reconnect, try again.
  case later(FaultCode, String)
}

/// A record whose bytes have been checked as far as that needs no state.
struct CheckedRecord: Sendable {
  var header: RecordHeader
  var wire: WireRecord
  var leaf: Digest
  /// Rules that the payload breaks; empty for a valid one.
  var violations: [Violation]
  /// What a valid payload says of other records.
  var ties: ThreadTies

  func stored(refused: Bool) -> StoredRecord {
    StoredRecord(
      seq: header.seq, header: wire.header, leaf: leaf, payload: wire.payload, salt: wire.salt,
      refused: refused)
  }
}

/// A batch whose signature, headers, links and commitments hold together.
struct CheckedBatch: Sendable {
  var origin: Origin
  var start: UInt64
  var records: [CheckedRecord]
  var checkpoint: Checkpoint
  var note: SignedNote
  /// The time in the receiver's own cosignature, if the note carries one that verifies.
  var cosignedAt: UInt64?

  var end: UInt64 { start + UInt64(records.count) }
}

/// Checks a batch as far as that needs no store: on another thread than the writer's.
struct BatchCheck {
  let registry: SchemaRegistry
  let suite: Suite
  /// The sender's record keys, under the origin's name, that are valid at a time; nil for all.
  let senderKeys: @Sendable (Timestamp?) -> [VerifierKey]
  /// The receiver's receipt keys that are valid at a time; nil for all.
  let receiptKeys: @Sendable (Timestamp?) -> [VerifierKey]
  /// The directories known here, by version.
  let directories: [UInt64: FederationDirectory]

  /// - Throws: `BatchProblem`.
  func check(_ batch: Batch, expecting origin: Origin) throws(BatchProblem) -> CheckedBatch {
    guard !batch.origin.isFormerEpoch(of: origin) else {
      throw .later(.notReady, "a batch of a former epoch")
    }
    guard batch.origin == origin else {
      throw .impossible(.badOrigin, "a batch for another channel", evidence: batch.checkpoint)
    }
    guard !batch.records.isEmpty else {
      throw .impossible(.badCheckpoint, "an empty batch", evidence: batch.checkpoint)
    }
    // The head first: what is wrong behind it is then evidence that the sender has signed for.
    let last = batch.records.last.flatMap { try? RecordHeader(parsing: $0.header) }
    let (note, checkpoint) = try head(batch, signedAt: last?.time)
    var records: [CheckedRecord] = []
    records.reserveCapacity(batch.records.count)
    for (offset, record) in batch.records.enumerated() {
      let checked = try check(
        record, seq: batch.start + UInt64(offset), previous: records.last?.leaf,
        direction: origin.direction, head: batch.checkpoint)
      records.append(checked)
    }
    return CheckedBatch(
      origin: origin, start: batch.start, records: records, checkpoint: checkpoint, note: note,
      cosignedAt: cosignatureTime(note))
  }

  /// The signed head at the batch's end.
  private func head(
    _ batch: Batch, signedAt time: Timestamp?
  ) throws(BatchProblem) -> (SignedNote, Checkpoint) {
    let note: SignedNote
    let checkpoint: Checkpoint
    do {
      (note, checkpoint) = try Checkpoint.signed(parsing: batch.checkpoint)
    } catch {
      throw .impossible(.badCheckpoint, "\(error.code)", evidence: batch.checkpoint)
    }
    guard checkpoint.origin == batch.origin.description else {
      throw .impossible(.badOrigin, "the head names another origin", evidence: batch.checkpoint)
    }
    guard checkpoint.size >= batch.start,
      checkpoint.size - batch.start == UInt64(batch.records.count)
    else {
      throw .impossible(.badCheckpoint, "the head is not at the end", evidence: batch.checkpoint)
    }
    let senderKeys = senderKeys(time)
    guard !senderKeys.isEmpty else { throw .later(.unknownKey, "no record key of the sender") }
    do {
      _ = try note.verified(by: senderKeys)
    } catch  where error.code == .noteUnverified {
      throw .later(.unknownKey, "the head is signed by a key unknown here")
    } catch {
      throw .impossible(
        .badSignature, "the signature on the head is wrong", evidence: batch.checkpoint)
    }
    guard checkpoint.extensions.isEmpty else {
      throw .impossible(
        .badCheckpoint, "a channel's head has no extension lines", evidence: batch.checkpoint)
    }
    return (note.keeping(senderKeys + receiptKeys(nil)), checkpoint)
  }

  private func check(
    _ record: WireRecord, seq: UInt64, previous: Digest?, direction: Direction, head: [UInt8]
  ) throws(BatchProblem) -> CheckedRecord {
    // A head that covers the header, and the header.
    let evidence = head + record.header
    let header: RecordHeader
    do {
      header = try RecordHeader(parsing: record.header)
    } catch {
      throw .impossible(.badHeader, "seq \(seq): \(error.code)", evidence: evidence)
    }
    guard header.direction == direction else {
      throw .impossible(.badOrigin, "seq \(seq): other agencies", evidence: evidence)
    }
    guard header.seq == seq else {
      throw .impossible(.badSequence, "seq \(seq): another number", evidence: evidence)
    }
    if let previous, header.prev != previous {
      throw .impossible(.badPrevious, "seq \(seq): prev", evidence: evidence)
    }
    guard let directory = directories[header.directory] else {
      throw .later(.unknownDirectory, "seq \(seq): directory \(header.directory)")
    }
    let violations = try payloadViolations(record, header, evidence: evidence)
    var ties = ThreadTies.none
    if violations.isEmpty, let payload = record.payload {
      ties = ThreadTies(header, payload: payload, directory: directory, registry: registry)
    }
    return CheckedRecord(
      header: header, wire: record, leaf: Merkle.leaf(record.header, suite: suite),
      violations: violations, ties: ties)
  }

  private func payloadViolations(
    _ record: WireRecord, _ header: RecordHeader, evidence: [UInt8]
  ) throws(BatchProblem) -> [Violation] {
    guard let payload = record.payload else {
      // Verdicts at both ends depend on what nodes say themselves: nobody can erase it.
      if KindName.isSystem(header.kind) {
        throw .impossible(
          .badCommitment, "seq \(header.seq): a node's own record without its payload",
          evidence: evidence)
      }
      return [.header("", "payload:erased", "the payload has been erased", "内容已清除")]
    }
    guard payload.count == header.payload.size, record.salt.count == Commitment.saltBytes,
      Commitment.make(salt: record.salt, payload: payload, suite: suite)
        == header.payload.commitment
    else {
      throw .impossible(.badCommitment, "seq \(header.seq)", evidence: evidence)
    }
    switch registry.check(schema: header.schema, payload: payload, asOf: header.time.day) {
    case .valid: return []
    case .invalid(let violations): return violations
    case .unknownSchema:
      return [.header("/schema", "schema:unknown", "no such schema here", "未知的模式")]
    }
  }

  /// The newest time among the receiver's own cosignatures; nil when there is none that verifies.
  private func cosignatureTime(_ note: SignedNote) -> UInt64? {
    Self.cosignatureTime(note, keys: receiptKeys)
  }

  /// The newest time among the cosignatures by `keys` (those valid at the time they state); nil when there is none that verifies.
  static func cosignatureTime(
    _ note: SignedNote, keys: (Timestamp) -> [VerifierKey]
  ) -> UInt64? {
    note.signatures.compactMap { signature in
      guard let time = try? Cosignature.time(of: signature), time < UInt64(Int64.max / 1000)
      else { return nil }
      return keys(Timestamp(milliseconds: Int64(time) * 1000)).lazy
        .filter { $0.name == signature.name && $0.keyID == signature.keyID }
        .compactMap { try? Cosignature.verify(signature, checkpointText: note.text, by: $0) }
        .first
    }.max()
  }
}
