import Cryptography
import RecordModel
import RecordSchema
import TransparencyLog

/// A record that is proven by itself, with what its payload says of others.
struct EvidencedRecord {
  var record: ProvenRecord
  /// The threads that it ties its own to.
  var ties: Set<RecordID> = []
  /// What it refuses.
  var refusal: RefusalTarget?
  /// What it erases.
  var erasure: ErasureTarget?
}

/// Checks single records of an evidence file.
struct RecordEvidence {
  /// Two agencies' clocks may differ by so much: a receipt that is earlier still is none of that
  /// record.
  static let tolerance: Int64 = 300_000

  let federation: String
  let directories: DirectoryHistory
  let registry: SchemaRegistry

  func check(_ evidence: EvidenceRecord) throws(EvidenceError) -> EvidencedRecord {
    let (proof, header, origin) = try parts(evidence)
    guard let directory = directories.versions[header.directory],
      let sender = directory.nodes[header.from], let receiver = directory.nodes[header.to]
    else {
      throw EvidenceError(
        .directory, "no directory here is of the version that the header names, with both agencies")
    }
    let receipts = try receipts(of: proof.checkpoint, origin, header)
    // Where nobody has received it, nothing but this bounds the time that the sender gives.
    guard !receipts.isEmpty || directory.isValid(at: header.time) else {
      throw EvidenceError(
        .directory, "the directory that the header names is not valid at its time")
    }
    let verified = try verify(proof, header, origin, receipts)
    var found = EvidencedRecord(
      record: ProvenRecord(
        header: header, origin: origin,
        leaf: Merkle.leaf(proof.extra ?? [], suite: directories.suite),
        size: verified.checkpoint.size, root: verified.checkpoint.root,
        senderKey: verified.logKey,
        receipt: receipts.min { $0.time < $1.time },
        senderName: sender.name, receiverName: receiver.name, content: .absent))
    if let payload = evidence.payload {
      try read(payload, directory, &found)
    }
    if header.kind == KindName.systemRefusal {
      found.refusal = RefusalTarget(header, payload: evidence.payload?.bytes)
    }
    if header.kind == KindName.systemErasure {
      found.erasure = ErasureTarget(header, payload: evidence.payload?.bytes)
    }
    return found
  }

  private func parts(
    _ evidence: EvidenceRecord
  ) throws(EvidenceError) -> (LogProof, RecordHeader, Origin) {
    let proof: LogProof
    let head: Checkpoint
    do {
      proof = try LogProof(parsing: evidence.proof)
      head = try Checkpoint(parsing: proof.checkpoint.text)
    } catch {
      throw EvidenceError(.proof, error.code.rawValue)
    }
    guard let bytes = proof.extra else {
      throw EvidenceError(.header, "the proof does not carry it")
    }
    let header: RecordHeader
    let origin: Origin
    do {
      header = try RecordHeader(parsing: bytes)
      origin = try Origin(parsing: head.origin)
    } catch {
      throw EvidenceError(.header, error.code.rawValue)
    }
    guard origin.federation == federation, origin.direction == header.direction,
      proof.index == header.seq
    else {
      throw EvidenceError(.header, "it names other agencies or another place than its proof")
    }
    return (proof, header, origin)
  }

  /// The receipts on a checkpoint. Every signature line must be the sender's or the receiver's: one
  /// that nobody can verify has no place in evidence.
  private func receipts(
    of note: SignedNote, _ origin: Origin, _ header: RecordHeader
  ) throws(EvidenceError) -> [ProvenRecord.Receipt] {
    let senders = directories.senderKeys(origin).map(\.key)
    let receivers = directories.receiverKeys(origin)
    var receipts: [ProvenRecord.Receipt] = []
    for line in note.signatures {
      if senders.contains(where: { $0.name == line.name && $0.keyID == line.keyID }) { continue }
      guard
        let receiver = receivers.first(where: {
          $0.key.name == line.name && $0.key.keyID == line.keyID
        })
      else { throw EvidenceError(.signature, "a signature is by neither of the two agencies") }
      receipts.append(try receipt(line, note, receiver, header))
    }
    return receipts
  }

  private func receipt(
    _ line: NoteSignature, _ note: SignedNote, _ receiver: DatedVerifier, _ header: RecordHeader
  ) throws(EvidenceError) -> ProvenRecord.Receipt {
    let seconds: UInt64
    do {
      seconds = try Cosignature.verify(line, checkpointText: note.text, by: receiver.key)
    } catch {
      throw EvidenceError(.receipt, error.code.rawValue)
    }
    let (milliseconds, overflow) = Int64(clamping: seconds).multipliedReportingOverflow(by: 1000)
    let time = Timestamp(milliseconds: milliseconds)
    guard !overflow, receiver.isValid(at: time) else {
      throw EvidenceError(.receipt, "by a key not valid at its time")
    }
    guard time >= header.time.advanced(byMilliseconds: -Self.tolerance) else {
      throw EvidenceError(.receipt, "it is older than the record")
    }
    return ProvenRecord.Receipt(key: receiver.key, time: time)
  }

  /// Verifies the sender's signature by a key valid at some moment from the record's time to its
  /// receipt, and the place in the log.
  private func verify(
    _ proof: LogProof, _ header: RecordHeader, _ origin: Origin, _ receipts: [ProvenRecord.Receipt]
  ) throws(EvidenceError) -> VerifiedLogProof {
    let last = receipts.map(\.time).max() ?? Timestamp(milliseconds: .max)
    let all = directories.senderKeys(origin)
    let valid = all.filter {
      $0.dated.isValid(from: header.time, through: max(header.time, last))
    }
    guard !valid.isEmpty else {
      throw EvidenceError(.signature, "no key of the sender was valid then")
    }
    do {
      _ = try proof.checkpoint.verified(by: all.map(\.key))
      return try proof.verify(
        entry: proof.extra ?? [], origin: origin.description, logKeys: valid.map(\.key),
        cosigners: receipts.map(\.key), threshold: Set(receipts.map(\.key)).count)
    } catch {
      let isSignature = [.noteSignature, .noteUnverified, .noteAmbiguousKey, .proofUnsigned]
        .contains(error.code)
      throw EvidenceError(isSignature ? .signature : .proof, error.code.rawValue)
    }
  }

  private func read(
    _ payload: EvidenceRecord.Payload, _ directory: FederationDirectory,
    _ found: inout EvidencedRecord
  ) throws(EvidenceError) {
    let header = found.record.header
    guard payload.salt.count == Commitment.saltBytes, payload.bytes.count == header.payload.size,
      Commitment.make(salt: payload.salt, payload: payload.bytes, suite: directories.suite)
        == header.payload.commitment
    else { throw EvidenceError(.payload, "payload and salt do not give the commitment") }
    let verdict = registry.check(
      schema: header.schema, payload: payload.bytes, asOf: header.time.day)
    let keepsSchema: Bool? =
      switch verdict {
      case .valid: header.schemaFitsKind
      case .invalid: false
      case .unknownSchema: nil
      }
    found.record.content = .proven(payload.bytes, keepsSchema: keepsSchema)
    let root = (try? JSONDocument(parsing: payload.bytes, limits: SchemaRegistry.payloadLimits))?
      .root
    found.record.docNo = root?["docNo"]?.string
    found.record.title = root?["title"]?.string
    guard keepsSchema == true else { return }
    let ties = ThreadTies(
      header, payload: payload.bytes, directory: directory, registry: registry)
    let named = [ties.previous, ties.about, ties.forwarded?.linkedThread, ties.original?.thread]
    found.ties = Set(named.compactMap { $0 })
  }
}
