import Cryptography
import RecordModel
import TransparencyLog

/// A signed head of a journal with everything that can be said of it without the entries that it
/// covers.
struct CheckedJournalHead: Sendable {
  /// Form and signature of the journal's node; it has no receipt.
  var head: CheckedHead
  /// The names of those who cosigned it well, in the note's order, and when.
  var witnesses: [(name: String, time: UInt64)] = []
  /// What is wrong with cosignatures of those whose keys the directories list.
  var witnessFaults: [FindingDetail] = []

  /// The earliest moment at which it was cosigned.
  var firstTime: Timestamp? { witnesses.map(\.time).min().map(Timestamp.init(unixSeconds:)) }
}

/// Checks heads of one journal on their own: pure, so that many can be checked at once.
struct JournalHeadCheck: Sendable {
  let origin: String
  let signers: [DatedVerifier]
  let witnesses: [DatedVerifier]

  init(_ origin: JournalOrigin, _ directories: DirectoryHistory) {
    self.origin = origin.description
    signers = directories.journalKeys(origin)
    witnesses = directories.witnessKeys
  }

  func callAsFunction(_ stored: [AuditCheckpoint]) -> [CheckedJournalHead] { stored.map(check) }

  func check(_ stored: AuditCheckpoint) -> CheckedJournalHead {
    let (head, note) = CheckedHead.form(of: stored, origin: origin, senders: signers)
    var checked = CheckedJournalHead(head: head)
    guard let note else { return checked }
    for signature in note.signatures {
      let named = witnesses.filter { $0.key.name.utf8.elementsEqual(signature.name.utf8) }
      // Whoever is in no directory proves nothing here, and harms nothing.
      guard !named.isEmpty else { continue }
      guard let witness = named.first(where: { $0.key.keyID == signature.keyID }) else {
        checked.witnessFaults.append(.unknownKey.of(signature.name))
        continue
      }
      do {
        let time = try Cosignature.verify(
          signature, checkpointText: note.text, by: witness.key)
        if witness.isValid(at: Timestamp(unixSeconds: time)) {
          checked.witnesses.append((signature.name, time))
        } else {
          checked.witnessFaults.append(.keyNotValid.of(signature.name))
        }
      } catch {
        checked.witnessFaults.append(
          FindingDetail(error.code.rawValue).of(signature.name))
      }
    }
    return checked
  }
}
