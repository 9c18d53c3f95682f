import Logging
import Cryptography
import RecordModel
import TransparencyLog

// Witnessing other nodes' journals, as a C2SP tlog-witness does: what this node has cosigned of a
// journal is all that it goes by, and nothing that contradicts that is ever cosigned.

/// A head that a peer has shown of its own journal, its signature checked off the writer's thread.
struct CheckedJournalHead: Sendable {
  var origin: JournalOrigin
  var checkpoint: Checkpoint
  /// The note with the signatures of the journal's node alone.
  var note: SignedNote
  /// The size that the proof begins at; 0 for none.
  var oldSize: UInt64
  var proof: [Digest]

  /// Checks form, origin and signature.
  /// - Throws: a `Fault` that says why the head is not looked at.
  static func check(
    _ head: Head, from peer: AgencyCode, directory: FederationDirectory, now: Timestamp,
    tolerance: Int64
  ) throws(Fault) -> CheckedJournalHead {
    let note: SignedNote
    let checkpoint: Checkpoint
    do {
      (note, checkpoint) = try Checkpoint.signed(parsing: head.note)
    } catch {
      throw Fault(.badCheckpoint, "\(error.code)")
    }
    guard let origin = try? JournalOrigin(parsing: checkpoint.origin), origin.code == peer,
      origin.federation.utf8.elementsEqual(directory.federation.utf8)
    else { throw Fault(.badOrigin, "not a journal of the one who shows it") }
    // Size 0 is every log's beginning: to cosign it would say nothing.
    guard checkpoint.size > 0, head.oldSize <= checkpoint.size,
      head.oldSize > 0 || head.proof.isEmpty
    else { throw Fault(.badCheckpoint, "sizes or proof that make no sense") }
    let keys = directory.journalVerifiers(
      origin: origin, from: now.advanced(byMilliseconds: -tolerance),
      through: now.advanced(byMilliseconds: tolerance))
    let kept = note.keeping(keys)
    guard !kept.signatures.isEmpty else {
      throw Fault(.unknownKey, "signed with a key that is not listed here for now")
    }
    do {
      _ = try kept.verified(by: keys)
    } catch {
      throw Fault(.badSignature, "\(error.code)")
    }
    return CheckedJournalHead(
      origin: origin, checkpoint: checkpoint, note: kept, oldSize: head.oldSize,
      proof: head.proof)
  }
}

/// What a witness does with a head, by what it holds: pure.
enum WitnessVerdict: Equatable {
  /// The head follows from what is held, or is the first of its journal.
  case cosign
  /// It is the one that is held: the stored cosignature answers it.
  case held
  /// The proof begins at another size than the one that is held (0: none is).
  case conflict(UInt64)
  /// It cannot be cosigned beside what is held, which is given back.
  case contradiction(HeadConflict.Kind)
  /// No further epoch of this journal is witnessed.
  case tooManyEpochs

  /// - Parameters:
  ///   - sameEpoch: what is held of the very journal epoch.
  ///   - newest: what is held of the newest epoch of that journal, with its number.
  static func judge(
    _ head: CheckedJournalHead, sameEpoch: WitnessedHead?,
    newest: (epoch: UInt32, head: WitnessedHead)?, epochsAreFull: Bool, suite: Suite
  ) -> WitnessVerdict {
    let (size, root) = (head.checkpoint.size, head.checkpoint.root)
    // Before anything else: two heads of one size need no more to prove a fork.
    if let held = sameEpoch, held.size == size, held.root != root {
      return .contradiction(.fork)
    }
    if let newest, head.origin.epoch < newest.epoch { return .contradiction(.rollback) }
    guard let held = sameEpoch else {
      if epochsAreFull { return .tooManyEpochs }
      return head.oldSize == 0 ? .cosign : .conflict(0)
    }
    if size == held.size { return .held }
    if size < held.size { return .contradiction(.rollback) }
    guard head.oldSize == held.size else { return .conflict(held.size) }
    do {
      try Merkle.verifyConsistency(
        oldSize: held.size, oldRoot: held.root, newSize: size, newRoot: root, proof: head.proof,
        suite: suite)
      return .cosign
    } catch {
      return .contradiction(.inconsistent)
    }
  }
}

/// Cosigns the journals of peers.
struct Witness {
  let runtime: Runtime

  var name: String {
    KeyName.witness(federation: runtime.identity.federation, code: runtime.identity.code)
  }

  /// Judges a head and stores what follows; the answer may leave after the commit.
  ///
  /// The full signed head is stored in the transaction that makes its cosignature, so a crash before
  /// the commit has cosigned nothing, and one after it leaves a cosignature that a repeat of the head
  /// is answered with, byte for byte.
  func take(
    _ head: CheckedJournalHead, from peer: AgencyCode, _ turn: inout Turn
  ) throws -> HeadCosigned {
    let origin = head.origin.description
    let held = try turn.store.witnessedHead(origin: origin, witness: name)
    let newest = turn.ledger.held[peer]
    let verdict = WitnessVerdict.judge(
      head, sameEpoch: held, newest: try newest.map { (try Self.epoch($0), $0) },
      epochsAreFull: turn.ledger.heldEpochs[peer, default: 0] >= runtime.limits.witnessEpochs,
      suite: turn.ledger.directory.suite)
    switch verdict {
    case .cosign: return try cosign(head, held: held, newest: newest, from: peer, &turn)
    case .held: return try repeated(held, head)
    case .conflict(let size):
      return HeadCosigned(origin: head.origin, size: size, refusal: .headConflict)
    case .tooManyEpochs: return HeadCosigned(origin: head.origin, size: 0, refusal: .headEpochs)
    case .contradiction(let kind):
      // Of a journal that went back behind an epoch, the head of the newest one says so.
      let known = kind == .rollback ? newest ?? held : held
      return try refuse(head, kind, known, from: peer, &turn)
    }
  }

  private func cosign(
    _ head: CheckedJournalHead, held: WitnessedHead?, newest: WitnessedHead?,
    from peer: AgencyCode, _ turn: inout Turn
  ) throws -> HeadCosigned {
    let key = runtime.identity.witnessKey
    guard
      turn.ledger.directory.witnessKeys(of: runtime.identity.code, at: turn.now)
        .contains(key.verificationKey)
    else {
      // Nobody could verify it.
      return HeadCosigned(origin: head.origin, size: held?.size ?? 0, refusal: .unknownKey)
    }
    let time = max(UInt64(max(turn.now.seconds, 0)), held?.time ?? 0)
    let line = try Cosignature.cosign(
      checkpointText: head.note.text, name: name, key: key, time: time)
    var note = head.note
    note.add(line)
    let stored = WitnessedHead(
      origin: head.origin.description, witness: name, size: head.checkpoint.size,
      root: head.checkpoint.root, note: note.encoded, time: time)
    try turn.store.put(stored)
    turn.ledger.adopt(held: stored)
    if held == nil {
      turn.ledger.heldEpochs[peer, default: 0] += 1
      // What the peer's journal said before can only be read in the former epoch from here on.
      if newest != nil {
        try turn.alarm(
          "journal.reopened", from: peer, subject: stored.origin, ["peer": "\(peer)"], runtime)
      }
    }
    return HeadCosigned(origin: head.origin, size: stored.size, cosignature: line.encoded)
  }

  /// The answer to a head that is held: its cosignature as it was given.
  private func repeated(_ held: WitnessedHead?, _ head: CheckedJournalHead) throws -> HeadCosigned {
    guard let held, let note = try? SignedNote(parsing: held.note),
      let line = note.signatures.last(where: { $0.name.utf8.elementsEqual(name.utf8) })
    else { throw StoreFailure.corrupt("a witnessed head without its cosignature") }
    return HeadCosigned(origin: head.origin, size: held.size, cosignature: line.encoded)
  }

  /// Keeps both notes, tells of them once, and answers with the one that is held.
  private func refuse(
    _ head: CheckedJournalHead, _ kind: HeadConflict.Kind, _ held: WitnessedHead?,
    from peer: AgencyCode, _ turn: inout Turn
  ) throws -> HeadCosigned {
    let code = kind == .rollback ? FaultCode.headRollback : .headFork
    let isNew = try HeadConflicts.keep(
      HeadConflict(
        origin: head.origin.description, kind: kind, held: held?.note ?? [],
        shown: head.note.encoded, time: turn.now), runtime, &turn)
    if isNew {
      try turn.alarm(
        code.name, from: peer, subject: head.origin.description,
        ["peer": "\(peer)", "shown": "\(head.checkpoint.size)", "held": "\(held?.size ?? 0)"],
        runtime)
    }
    return HeadCosigned(
      origin: head.origin, size: held?.size ?? 0, refusal: code, held: held?.note)
  }

  static func epoch(_ head: WitnessedHead) throws -> UInt32 {
    guard let origin = try? JournalOrigin(parsing: head.origin) else {
      throw StoreFailure.corrupt("a witnessed head of no journal")
    }
    return origin.epoch
  }
}

/// Keeping pairs of heads that do not go together.
enum HeadConflicts {
  /// False when this one is kept already, or so many are kept of its journal that one more would prove
  /// nothing new.
  static func keep(
    _ conflict: HeadConflict, _ runtime: Runtime, _ turn: inout Turn
  ) throws -> Bool {
    guard
      try turn.store.headConflictCount(origin: conflict.origin) < runtime.limits.witnessConflicts
    else { return false }
    return try turn.store.keep(conflict)
  }
}

extension Ledger {
  /// Takes in what a witness has cosigned of this node's journal: the newest epoch's counts.
  mutating func adopt(cosigned head: WitnessedHead) {
    if Self.isNewer(head, than: cosigned[head.witness]) { cosigned[head.witness] = head }
  }

  /// Takes in what this node has cosigned of another's journal.
  mutating func adopt(held head: WitnessedHead) {
    guard let code = (try? JournalOrigin(parsing: head.origin))?.code else { return }
    if Self.isNewer(head, than: held[code]) { held[code] = head }
  }

  private static func isNewer(_ head: WitnessedHead, than other: WitnessedHead?) -> Bool {
    guard let other, let mine = try? JournalOrigin(parsing: head.origin).epoch,
      let theirs = try? JournalOrigin(parsing: other.origin).epoch
    else { return true }
    return (mine, head.size) >= (theirs, other.size)
  }
}
