import Cryptography
public import RecordModel
public import RecordSchema
import TransparencyLog

/// Makes evidence files of what sources hold.
///
/// Nothing is put into a file that would not be verified there: whatever is made has been checked as
/// its reader will check it.
public struct EvidenceMaker {
  /// A record where a source holds it.
  private struct Held {
    var place: AuditPlace
    var source: any AuditSource
    var entry: AuditEntry
  }

  /// One place of one log, wherever it is held.
  private struct Position: Hashable {
    var origin: Origin
    var seq: UInt64
  }

  /// A record that goes into the file.
  private struct Made {
    var evidence: EvidenceRecord
    var proven: EvidencedRecord
  }

  private let authority: AuthorityFile
  private let hasPayloads: Bool
  private let registry: SchemaRegistry

  /// Trusts `authority`, whose keys the file will name. `hasPayloads` says whether what records say
  /// goes into the file.
  public init(
    authority: AuthorityFile, hasPayloads: Bool, registry: SchemaRegistry = .builtIn
  ) {
    self.authority = authority
    self.hasPayloads = hasPayloads
    self.registry = registry
  }

  /// Evidence of one record, and of its refusal or erasure if there was one.
  /// - Throws: `EvidenceError`, and what the sources throw.
  public func record(
    _ id: RecordID, from sources: [any AuditSource]
  ) throws -> EvidenceFile {
    let directories = try EvidenceDirectories(sources, authority)
    var found = try held(sources) { try $0.places(ofRecord: id) }
    guard let header = try found.values.first.map(Self.header) else {
      throw EvidenceError(.notFound, "no source holds the record")
    }
    let verdicts = try held(sources) { try $0.places(ofThread: header.thread) }
      .filter { _, copies in copies.contains { Self.undoes($0.entry, id) } }
    found.merge(verdicts) { first, _ in first }
    return try file(.record(id), try make(found, directories), directories)
  }

  /// Evidence of every record of a case: its thread, and the threads that its records name.
  /// - Throws: `EvidenceError`, and what the sources throw.
  public func thread(
    _ id: RecordID, from sources: [any AuditSource]
  ) throws -> EvidenceFile {
    let directories = try EvidenceDirectories(sources, authority)
    var made: [Made] = []
    var seen: Set<RecordID> = [id]
    var waiting = [id]
    while let next = waiting.popLast() {
      let found = try held(sources) { try $0.places(ofThread: next) }
      guard !found.isEmpty || next != id else {
        throw EvidenceError(.notFound, "no source holds a record of the thread")
      }
      let records = try make(found, directories)
      for other in records.flatMap(\.proven.ties) where seen.insert(other).inserted {
        waiting.append(other)
      }
      made += records
    }
    return try file(.thread(id), made, directories)
  }

  /// Evidence that two histories of a log were signed.
  /// - Throws: `EvidenceError` where the fork cannot be proven, and what the sources throw.
  public func fork(
    _ fork: EvidenceFork, of origin: String, from sources: [any AuditSource]
  ) throws -> EvidenceFile {
    let directories = try EvidenceDirectories(sources, authority)
    var file = emptyFile(.log(origin), directories)
    file.forks = [fork]
    return try checked(file)
  }

  // MARK: Finding

  private func held(
    _ sources: [any AuditSource], _ find: (any AuditSource) throws -> [AuditPlace]
  ) throws -> [Position: [Held]] {
    var found: [Position: [Held]] = [:]
    for source in sources {
      for place in try find(source) {
        guard let entry = try source.entries(place.channel, from: place.seq, limit: 1).first,
          entry.seq == place.seq
        else { continue }
        found[Position(origin: place.channel.origin, seq: place.seq), default: []].append(
          Held(place: place, source: source, entry: entry))
      }
    }
    return found
  }

  private static func header(_ copies: [Held]) throws -> RecordHeader {
    for copy in copies {
      if let header = try? RecordHeader(parsing: copy.entry.header) { return header }
    }
    throw EvidenceError(.header, "it does not parse in any source")
  }

  /// Whether an entry refuses a record, or erases its payload.
  private static func undoes(_ entry: AuditEntry, _ id: RecordID) -> Bool {
    guard let header = try? RecordHeader(parsing: entry.header) else { return false }
    switch header.kind {
    case KindName.systemRefusal: return RefusalTarget(header, payload: entry.payload)?.id == id
    case KindName.systemErasure: return ErasureTarget(header, payload: entry.payload)?.id == id
    default: return false
    }
  }

  // MARK: Proving

  private func make(
    _ found: [Position: [Held]], _ directories: EvidenceDirectories
  ) throws -> [Made] {
    let check = RecordEvidence(
      federation: authority.federation, directories: directories.history, registry: registry)
    return try found.sorted {
      ($0.key.origin.description, $0.key.seq) < ($1.key.origin.description, $1.key.seq)
    }.map { _, copies in try make(copies, check) }
  }

  /// The best proof that any copy gives: one with a receipt rather than one without.
  private func make(_ copies: [Held], _ check: RecordEvidence) throws -> Made {
    var best: Made?
    var failure: EvidenceError?
    for copy in copies where best?.proven.record.receipt == nil {
      do {
        let made = try make(copy, check)
        if best == nil || made.proven.record.receipt != nil { best = made }
      } catch let error as EvidenceError {
        failure = error
      }
    }
    guard var made = best else {
      throw failure ?? EvidenceError(.unprovable, "no source holds it")
    }
    let payload = copies.lazy.compactMap { copy -> EvidenceRecord.Payload? in
      copy.entry.payload.map { EvidenceRecord.Payload(bytes: $0, salt: copy.entry.salt) }
    }
    guard let payload = payload.first else { return made }
    let whole = EvidenceRecord(proof: made.evidence.proof, payload: payload)
    if hasPayloads {
      made.proven = try check.check(whole)
      made.evidence = whole
    } else if let proven = try? check.check(whole) {
      // Where the payload is not what it committed to, the record is proven all the same.
      made.proven = proven
    }
    return made
  }

  private func make(_ copy: Held, _ check: RecordEvidence) throws -> Made {
    let note = try head(over: copy, check.directories)
    do {
      return try make(copy, note, check, usesTiles: true)
    } catch is EvidenceError {
      return try make(copy, note, check, usesTiles: false)
    } catch is TransparencyLogError {
      return try make(copy, note, check, usesTiles: false)
    }
  }

  private func make(
    _ copy: Held, _ head: (note: SignedNote, size: UInt64), _ check: RecordEvidence,
    usesTiles: Bool
  ) throws -> Made {
    let tiles = LogTiles(
      source: copy.source, channel: copy.place.channel, suite: authority.suite,
      usesTiles: usesTiles)
    let proof = LogProof(
      extra: copy.entry.header, index: copy.place.seq,
      proof: try Merkle.inclusionProof(
        index: copy.place.seq, size: head.size, source: tiles.tree(head.size)),
      checkpoint: head.note)
    let evidence = EvidenceRecord(proof: proof.encoded, payload: nil)
    return Made(evidence: evidence, proven: try check.check(evidence))
  }

  /// The smallest receipted head that covers the entry, else the smallest signed one, with no
  /// signatures but those of the two agencies.
  private func head(
    over copy: Held, _ directories: DirectoryHistory
  ) throws -> (note: SignedNote, size: UInt64) {
    let channel = copy.place.channel
    let keys =
      (directories.senderKeys(channel.origin) + directories.receiverKeys(channel.origin)).map(\.key)
    var signed: (note: SignedNote, size: UInt64)?
    var size = copy.place.seq
    while true {
      let heads = try copy.source.checkpoints(channel, above: size, limit: 256)
      for head in heads {
        guard var note = try? SignedNote(parsing: head.note) else { continue }
        note.signatures.removeAll { line in
          !keys.contains { $0.name == line.name && $0.keyID == line.keyID }
        }
        if note.signatures.count > 1, head.receiptTime != nil { return (note, head.size) }
        if signed == nil, !note.signatures.isEmpty { signed = (note, head.size) }
      }
      guard let last = heads.last, last.size > size else { break }
      size = last.size
    }
    guard let signed else {
      throw EvidenceError(.unprovable, "no signed head covers the record yet")
    }
    return signed
  }

  // MARK: Putting together

  private func emptyFile(
    _ subject: EvidenceFile.Subject, _ directories: EvidenceDirectories
  ) -> EvidenceFile {
    EvidenceFile(
      federation: authority.federation, suite: authority.suite, authority: authority.authority,
      subject: subject, directories: directories.notes)
  }

  private func file(
    _ subject: EvidenceFile.Subject, _ made: [Made], _ directories: EvidenceDirectories
  ) throws -> EvidenceFile {
    var file = emptyFile(subject, directories)
    let inOrder = made.sorted {
      let (one, two) = ($0.proven.record, $1.proven.record)
      return (one.header.time, one.origin.description, one.header.seq)
        < (two.header.time, two.origin.description, two.header.seq)
    }
    file.records = inOrder.map(\.evidence)
    file.certificates = directories.certificates(of: inOrder.map(\.proven.record.header))
    return try checked(file)
  }

  private func checked(_ file: EvidenceFile) throws -> EvidenceFile {
    let report = EvidenceCheck(authority: authority, registry: registry)(file.encoded)
    if let fault = report.faults.first {
      throw EvidenceError(fault.code, "\(fault)")
    }
    return file
  }
}
