import Cryptography
import RecordModel
import TransparencyLog

/// A checkpoint with everything that can be said of it without the entries that it covers.
struct CheckedHead: Sendable {
  /// What the receiver's cosignature is.
  enum Receipt: Sendable {
    /// There is none; `isClaimed` where the source says that there is.
    case none(isClaimed: Bool)
    case bad(FindingDetail)
    /// `isStored` where the source says the same time.
    case good(time: UInt64, isStored: Bool)

    /// Whether there is one by a key valid at its time.
    var isGood: Bool { if case .good = self { true } else { false } }
  }

  /// Which keys of the sender, of any time, signed the note.
  enum Signers: Sendable {
    case keys([DatedVerifier])
    /// One of the signatures does not verify: by which keys decides the time.
    case disputed(SignedNote)
  }

  /// The size under which the source keeps it.
  var size: UInt64
  /// Nil where it is no checkpoint of its log, size and root; `fault` says why.
  var root: Digest?
  var fault = FindingDetail()
  /// Whether the checkpoint has more lines than origin, size and root.
  var hasExtensions = false
  var signers = Signers.keys([])
  var receipt = Receipt.none(isClaimed: false)

  /// Why the sender's keys that are valid at a time did not sign it; nil where one did. At any time
  /// when it is nil.
  func signatureFault(at time: Timestamp?, among keys: [DatedVerifier]) -> String? {
    switch signers {
    case .keys(let signers):
      return signers.contains { $0.isValid(at: time) }
        ? nil : TransparencyLogError.Code.noteUnverified.rawValue
    case .disputed(let note):
      do {
        _ = try note.verified(by: keys.filter { $0.isValid(at: time) }.map(\.key))
        return nil
      } catch {
        return error.code.rawValue
      }
    }
  }
}

extension CheckedHead {
  /// Reads a checkpoint of a log, and who signed it; the note where it is one.
  static func form(
    of stored: AuditCheckpoint, origin: String, senders: [DatedVerifier]
  ) -> (CheckedHead, SignedNote?) {
    var checked = CheckedHead(size: stored.size)
    let note: SignedNote
    let checkpoint: Checkpoint
    do {
      (note, checkpoint) = try Checkpoint.signed(parsing: stored.note)
    } catch {
      checked.fault = FindingDetail(error.code.rawValue)
      return (checked, nil)
    }
    guard checkpoint.origin.utf8.elementsEqual(origin.utf8), checkpoint.size == stored.size,
      checkpoint.root == stored.root
    else {
      checked.fault = FindingDetail(
        "it names another log, size or root", zh: "所载日志、长度或根不同")
      return (checked, nil)
    }
    checked.root = checkpoint.root
    checked.hasExtensions = !checkpoint.extensions.isEmpty
    checked.signers = signers(of: note, among: senders)
    return (checked, note)
  }

  private static func signers(of note: SignedNote, among senders: [DatedVerifier]) -> Signers {
    do {
      let signers = try note.verified(by: senders.map(\.key))
      return .keys(senders.filter { signers.contains($0.key) })
    } catch  where error.code == .noteUnverified {
      return .keys([])
    } catch {
      return .disputed(note)
    }
  }
}

/// Checks checkpoints of one channel on their own: pure, so that many can be checked at once. The
/// signatures are by far the most of the work.
struct HeadCheck: Sendable {
  let origin: String
  let receiptName: String
  let senders: [DatedVerifier]
  let receivers: [DatedVerifier]

  init(_ origin: Origin, _ directories: DirectoryHistory) {
    self.origin = origin.description
    receiptName = KeyName.receipt(federation: origin.federation, code: origin.direction.to)
    senders = directories.senderKeys(origin)
    receivers = directories.receiverKeys(origin)
  }

  func callAsFunction(_ stored: [AuditCheckpoint]) -> [CheckedHead] {
    stored.map { stored in
      var (checked, note) = CheckedHead.form(of: stored, origin: origin, senders: senders)
      guard let note else { return checked }
      // No receiver takes such a head.
      if checked.hasExtensions {
        checked.root = nil
        checked.fault = FindingDetail("a channel's head has no extension lines", zh: "通道的签名头不得有扩展行")
      }
      checked.receipt = receipt(of: note, stored)
      return checked
    }
  }

  private func receipt(of note: SignedNote, _ stored: AuditCheckpoint) -> CheckedHead.Receipt {
    var times: [UInt64] = []
    for signature in note.signatures where signature.name.utf8.elementsEqual(receiptName.utf8) {
      guard let receiver = receivers.first(where: { $0.key.keyID == signature.keyID }) else {
        return .bad(.unknownKey)
      }
      do {
        let time = try Cosignature.verify(signature, checkpointText: note.text, by: receiver.key)
        guard receiver.isValid(at: Timestamp(unixSeconds: time)) else { return .bad(.keyNotValid) }
        times.append(time)
      } catch {
        return .bad(FindingDetail(error.code.rawValue))
      }
    }
    guard let first = times.min() else { return .none(isClaimed: stored.receiptTime != nil) }
    return .good(time: first, isStored: stored.receiptTime.map { times.contains($0) } ?? false)
  }
}

extension Timestamp {
  /// The moment that a cosignature names; the last one where it does not fit.
  init(unixSeconds: UInt64) {
    let (product, overflow) = unixSeconds.multipliedReportingOverflow(by: 1000)
    self.init(milliseconds: overflow ? .max : Int64(clamping: product))
  }
}
