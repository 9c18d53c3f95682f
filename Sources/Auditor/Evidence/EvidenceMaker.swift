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

  /// How many heads of each sort are tried before a copy proves nothing.
  private static let headTries = 4

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
    let check = ForkEvidence(
      federation: authority.federation, directories: directories.history)
    file.forks = [try check.withoutStrangers(fork)]
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
    var damage: EvidenceError?
    for copy in copies {
      guard let payload = copy.entry.payload else { continue }
      let whole = EvidenceRecord(
        proof: made.evidence.proof,
        payload: EvidenceRecord.Payload(bytes: payload, salt: copy.entry.salt))
      do throws(EvidenceError) {
        made.proven = try check.check(whole)
        if hasPayloads { made.evidence = whole }
        return made
      } catch {
        damage = error
      }
    }
    // Where no copy's payload is what was committed to, the record is proven all the same.
    if let damage, hasPayloads { throw damage }
    return made
  }

  /// By the first head that proves it: first those with a receipt, then those without.
  private func make(_ copy: Held, _ check: RecordEvidence) throws -> Made {
    var failure = EvidenceError(.unprovable, "no signed head covers the record yet")
    for head in try heads(over: copy, check.directories) {
      for usesTiles in [true, false] {
        do {
          return try make(copy, head, check, usesTiles: usesTiles)
        } catch let error as EvidenceError {
          failure = error
        } catch let error as TransparencyLogError {
          failure = EvidenceError(.unprovable, error.code.rawValue)
        }
      }
    }
    throw failure
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

  /// The smallest heads that cover the entry, receipted ones before those that are only signed, with no
  /// signatures but those of the two agencies. None of them has been verified.
  private func heads(
    over copy: Held, _ directories: DirectoryHistory
  ) throws -> [(note: SignedNote, size: UInt64)] {
    let channel = copy.place.channel
    let keys =
      (directories.senderKeys(channel.origin) + directories.receiverKeys(channel.origin)).map(\.key)
    var receipted: [(note: SignedNote, size: UInt64)] = []
    var signed: [(note: SignedNote, size: UInt64)] = []
    var walk = HeadWalk(copy.source, channel, above: copy.place.seq)
    while receipted.count < Self.headTries, let head = try walk.next() {
      guard let note = try? SignedNote(parsing: head.note).keeping(keys) else { continue }
      if note.signatures.count > 1, head.receiptTime != nil {
        receipted.append((note, head.size))
      } else if signed.count < Self.headTries, !note.signatures.isEmpty {
        signed.append((note, head.size))
      }
    }
    return receipted + signed
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
