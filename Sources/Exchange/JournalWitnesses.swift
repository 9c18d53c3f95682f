import Logging
public import Cryptography
public import RecordModel
public import TransparencyLog

/// Those who cosign this node's journal: other nodes, and auditors.
struct JournalWitnesses {
  let runtime: Runtime

  /// The head on a note, when it carries this node's signature and a cosignature by the witness's key
  /// that is valid at the time that it states; nil otherwise.
  static func check(_ note: SignedNote, by witness: String, _ ledger: Ledger) -> WitnessedHead? {
    guard let checkpoint = try? Checkpoint(parsing: note.text), checkpoint.size > 0,
      let origin = try? JournalOrigin(parsing: checkpoint.origin)
    else { return nil }
    let own = ledger.journalVerifiers(origin)
    let theirs = ledger.witnessVerifiers(named: witness, at: nil)
    guard (try? note.keeping(own).verified(by: own)) != nil,
      let time = BatchCheck.cosignatureTime(
        note.keeping(theirs), keys: { ledger.witnessVerifiers(named: witness, at: $0) })
    else { return nil }
    return WitnessedHead(
      origin: checkpoint.origin, witness: witness, size: checkpoint.size, root: checkpoint.root,
      note: note.keeping(own + theirs).encoded, time: time)
  }

  /// Stores a head that a peer shows with its own cosignature, if it is newer than what is held.
  func keep(shown note: SignedNote, from peer: AgencyCode, _ turn: inout Turn) throws {
    let witness = KeyName.witness(federation: runtime.identity.federation, code: peer)
    guard let head = Self.check(note, by: witness, turn.ledger) else { return }
    let held = try turn.store.witnessedHead(origin: head.origin, witness: witness)
    if held.map({ $0.size < head.size }) ?? true { try keep(head, from: peer, &turn) }
  }

  /// Stores what a witness cosigned. A crash before the commit loses it: the head is shown again, and
  /// is answered with the cosignature that the witness stored.
  func keep(_ head: WitnessedHead, from peer: AgencyCode?, _ turn: inout Turn) throws {
    try turn.store.put(head)
    turn.ledger.adopt(cosigned: head)
    let off = abs(Int64(clamping: head.time) - turn.now.seconds)
    guard off > runtime.limits.clockToleranceMilliseconds / 1000, let peer,
      runtime.change(peer, { $0.told.insert("witness.timeOff").inserted })
    else { return }
    try turn.alarm("witness.timeOff", from: peer, ["peer": "\(peer)"], runtime)
  }
}

/// The newest signed head of this node's journal, with a proof from a smaller size.
public struct JournalProof: Sendable, Hashable {
  /// The journal, with its epoch.
  public var origin: JournalOrigin
  /// How many entries the head covers.
  public var size: UInt64
  /// The signed note, with this node's signature alone.
  public var note: [UInt8]
  /// The size that the proof begins at; 0 for none.
  public var oldSize: UInt64
  /// The consistency proof from there.
  public var proof: [Digest]
}

// For whoever shows this node's journal to witnesses by other ways than a peer's connection.
extension Node {
  func journalOrigin(_ epoch: UInt32) -> JournalOrigin {
    JournalOrigin(
      federation: runtime.identity.federation, code: runtime.identity.code, epoch: epoch)
  }

  /// What a witness has cosigned of this node's journal, newest epoch; nil for nothing.
  public func cosigned(by witness: String) -> WitnessedHead? {
    committer.durable { $0.cosigned[witness] }
  }

  /// The newest signed and durable head of the journal's present epoch, with the proof from what a
  /// witness holds; nil before the first head of the epoch is signed, and where the witness says that
  /// it holds more than was signed.
  public func journalProof(from oldSize: UInt64) async throws -> JournalProof? {
    let (epoch, suite) = committer.durable { ($0.journal.epoch, $0.journal.frontier.suite) }
    let origin = journalOrigin(epoch)
    return try await read { reader in
      guard let signed = try reader.journalCheckpoint(epoch: epoch), signed.size >= oldSize else {
        return nil
      }
      let source = LogReading.journal(
        epoch: epoch, size: signed.size, suite: suite, store: reader)
      let proof =
        oldSize == 0
        ? [] : try Merkle.consistencyProof(oldSize: oldSize, newSize: signed.size, source: source)
      return JournalProof(
        origin: origin, size: signed.size, note: signed.note, oldSize: oldSize, proof: proof)
    }
  }

  /// Stores a head of this node's journal that a witness cosigned: `note` is the signed note with the
  /// witness's cosignature line. Durable when it returns.
  /// - Returns: false, and nothing changes, where the cosignature is not one by a key that a directory
  ///   lists under the witness's name for the time that it states.
  public func keepCosigned(_ note: SignedNote, by witness: String) async throws -> Bool {
    let ledger = committer.durable { $0 }
    guard let head = JournalWitnesses.check(note, by: witness, ledger) else { return false }
    try await commit { [runtime] turn in
      try JournalWitnesses(runtime: runtime).keep(head, from: nil, &turn)
    }
    return true
  }

  /// Meets a head of this node's journal that a witness holds: one that goes beyond the journal, or is
  /// of another history, makes this node begin the journal's next epoch, naming it, with an alarm.
  /// - Returns: false where the head is not signed by this node.
  public func meetJournalHead(_ note: [UInt8]) async throws -> Bool {
    try await commit { [runtime] turn in
      try JournalEpochs.meet(note, from: nil, runtime, &turn) != .strange
    }
  }
}
