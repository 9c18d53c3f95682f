import Cryptography
import RecordModel
import TransparencyLog

/// Checks forks: that one key, or two of one agency, signed two heads of which no log has both.
struct ForkEvidence {
  /// Whose log an origin names, and with which keys its heads are signed and cosigned.
  private struct Log {
    var signer: AgencyCode
    var receiver: AgencyCode?
    var keys: [VerifierKey]
    var cosigners: [VerifierKey]
  }

  let federation: String
  let directories: DirectoryHistory

  func check(_ fork: EvidenceFork) throws(EvidenceError) -> ProvenFork {
    guard fork.notes.count == 2 else { throw EvidenceError(.fork, "there are not two notes") }
    let first = try parse(fork.notes[0])
    let second = try parse(fork.notes[1])
    guard first.checkpoint.origin.utf8.elementsEqual(second.checkpoint.origin.utf8) else {
      throw EvidenceError(.fork, "the two notes are of different logs")
    }
    let log = try log(first.checkpoint.origin)
    try checkContradiction(first.checkpoint, second.checkpoint, fork.prefix)
    return ProvenFork(
      origin: first.checkpoint.origin, signer: log.signer, receiver: log.receiver,
      heads: [
        try head(first.note, first.checkpoint, log), try head(second.note, second.checkpoint, log),
      ],
      prefixRoot: fork.prefix?.root)
  }

  /// The same fork, its notes without the signature lines of whoever is in no directory: nobody could
  /// verify them.
  func withoutStrangers(_ fork: EvidenceFork) throws(EvidenceError) -> EvidenceFork {
    var fork = fork
    for index in fork.notes.indices {
      let (note, checkpoint) = try parse(fork.notes[index])
      let log = try log(checkpoint.origin)
      fork.notes[index] = note.keeping(log.keys + log.cosigners).encoded
    }
    return fork
  }

  private func parse(
    _ bytes: [UInt8]
  ) throws(EvidenceError) -> (note: SignedNote, checkpoint: Checkpoint) {
    do {
      return try Checkpoint.signed(parsing: bytes)
    } catch {
      throw EvidenceError(.fork, error.code.rawValue)
    }
  }

  private func log(_ name: String) throws(EvidenceError) -> Log {
    if let origin = try? Origin(parsing: name), origin.federation == federation {
      return Log(
        signer: origin.direction.from, receiver: origin.direction.to,
        keys: directories.senderKeys(origin).map(\.key),
        cosigners: directories.receiverKeys(origin).map(\.key))
    }
    if let origin = try? JournalOrigin(parsing: name), origin.federation == federation {
      return Log(
        signer: origin.code, receiver: nil,
        keys: directories.journalKeys(origin).map(\.key),
        cosigners: directories.witnessKeys.map(\.key))
    }
    throw EvidenceError(.fork, "the notes are of no log of this federation")
  }

  /// The heads exclude each other: of one size they have two roots; of two sizes, the larger tree
  /// begins with another tree than the smaller head claims. A consistency proof binds that beginning,
  /// so that no other one can be shown.
  private func checkContradiction(
    _ first: Checkpoint, _ second: Checkpoint, _ prefix: EvidenceFork.Prefix?
  ) throws(EvidenceError) {
    guard first.size > 0, first.size <= second.size, (first.size == second.size) == (prefix == nil)
    else { throw EvidenceError(.fork, "the sizes and the consistency proof do not go together") }
    guard let prefix else {
      guard first.root != second.root else {
        throw EvidenceError(.fork, "both heads are the same")
      }
      return
    }
    do {
      try Merkle.verifyConsistency(
        oldSize: first.size, oldRoot: prefix.root, newSize: second.size, newRoot: second.root,
        proof: prefix.proof, suite: directories.suite)
    } catch {
      throw EvidenceError(.fork, error.code.rawValue)
    }
    guard prefix.root != first.root else {
      throw EvidenceError(.fork, "the larger head continues the smaller one")
    }
  }

  private func head(
    _ note: SignedNote, _ checkpoint: Checkpoint, _ log: Log
  ) throws(EvidenceError) -> ProvenFork.Head {
    let key: VerifierKey
    do {
      let signers = try note.verified(by: log.keys)
      // `verified` throws where there is none.
      guard let first = signers.first else { throw EvidenceError(.signature, "no signer") }
      key = first
    } catch let error as TransparencyLogError {
      throw EvidenceError(.signature, error.code.rawValue)
    } catch {
      throw EvidenceError(.signature, "not signed by the log's agency")
    }
    var times: [Timestamp] = []
    for line in note.signatures {
      if log.keys.contains(where: { $0.name == line.name && $0.keyID == line.keyID }) { continue }
      guard
        let cosigner = log.cosigners.first(where: {
          $0.name == line.name && $0.keyID == line.keyID
        })
      else {
        throw EvidenceError(.signature, "a signature is by nobody whom the directories know")
      }
      do {
        let seconds = try Cosignature.verify(line, checkpointText: note.text, by: cosigner)
        let milliseconds = Int64(clamping: seconds).multipliedReportingOverflow(by: 1000)
        guard !milliseconds.overflow else { throw EvidenceError(.receipt, "of no time") }
        times.append(Timestamp(milliseconds: milliseconds.partialValue))
      } catch {
        throw EvidenceError(.receipt, "a cosignature on a head does not verify")
      }
    }
    return ProvenFork.Head(
      size: checkpoint.size, root: checkpoint.root, key: key, receiptTime: times.min())
  }
}
