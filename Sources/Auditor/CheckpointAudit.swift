import Cryptography
import RecordModel
import TransparencyLog

/// Checks a channel's checkpoints while its entries are read: root, signature, receipt of each.
struct CheckpointAudit<Source: AuditSource> {
  private static var chunk: Int { 256 }

  private let channel: AuditChannel
  private let source: Source
  private let directories: DirectoryHistory
  private var waiting: ArraySlice<AuditCheckpoint> = []
  private var isExhausted = false
  private var readUpTo: UInt64 = 0
  /// A root that did not match: what follows cannot match either, and is not reported again.
  private(set) var rootIsBroken = false
  private(set) var verified: UInt64 = 0
  /// The largest size with a good sender's signature and root, and with a good receipt.
  private(set) var signedSize: UInt64 = 0
  private(set) var receiptedSize: UInt64 = 0
  private var lastReceiptTime: UInt64 = 0

  init(_ channel: AuditChannel, _ source: Source, _ directories: DirectoryHistory) {
    self.channel = channel
    self.source = source
    self.directories = directories
  }

  /// Checks what is signed at the size that the log has reached. `root` gives the root of all
  /// entries so far, nil once one is missing; `time` is that of the last entry.
  mutating func reached(
    _ size: UInt64, root: () -> Digest?, time: Timestamp?, _ findings: inout FindingList
  ) throws {
    while let next = try peek(), next.size <= size {
      waiting.removeFirst()
      let root = root()
      if root == nil { rootIsBroken = true }
      guard next.size == size || root == nil else {
        findings.add(.checkpointMalformed, at: next.size, "two of one size, or of size 0")
        continue
      }
      check(next, root: root, time: time, &findings)
    }
  }

  /// Checks what is left after the last entry.
  mutating func finish(_ size: UInt64, time: Timestamp?, _ findings: inout FindingList) throws {
    while let next = try peek() {
      waiting.removeFirst()
      findings.add(.checkpointBeyond, at: next.size, "\(size) entries are held")
    }
    if signedSize < size, !channel.isRestoring, !rootIsBroken {
      findings.add(.checkpointMissing, at: size, "signed up to \(signedSize)")
    }
    // A receiver cosigns in the transaction that stores the entries.
    if !channel.isOutbound, !channel.isRestoring, receiptedSize < size, !rootIsBroken {
      findings.add(.receiptMissing, at: size, "receipted up to \(receiptedSize)")
    }
  }

  private mutating func peek() throws -> AuditCheckpoint? {
    if waiting.isEmpty, !isExhausted {
      waiting = try source.checkpoints(channel, above: readUpTo, limit: Self.chunk)[...]
      readUpTo = max(readUpTo, waiting.last?.size ?? readUpTo)
      isExhausted = waiting.isEmpty
    }
    return waiting.first
  }

  private mutating func check(
    _ stored: AuditCheckpoint, root: Digest?, time: Timestamp?, _ findings: inout FindingList
  ) {
    let size = stored.size
    let note: SignedNote
    let checkpoint: Checkpoint
    do {
      (note, checkpoint) = try Checkpoint.signed(parsing: stored.note)
    } catch {
      return findings.add(.checkpointMalformed, at: size, error.code.rawValue)
    }
    guard checkpoint.origin.utf8.elementsEqual(channel.origin.description.utf8),
      checkpoint.size == size, checkpoint.root == stored.root
    else {
      return findings.add(.checkpointMalformed, at: size, "it names another log, size or root")
    }
    verified += 1
    if !rootIsBroken, checkpoint.root != root {
      rootIsBroken = true
      findings.add(
        .checkpointRoot, at: size, "the difference lies in entries \(signedSize) to \(size - 1)")
    }
    let isSigned = checkSignature(note, size, time, &findings)
    if isSigned, !rootIsBroken { signedSize = size }
    checkReceipt(note, stored, &findings)
  }

  private func checkSignature(
    _ note: SignedNote, _ size: UInt64, _ time: Timestamp?, _ findings: inout FindingList
  ) -> Bool {
    do {
      _ = try note.verified(by: directories.senderKeys(channel.origin, at: time))
      return true
    } catch {
      findings.add(.checkpointSignature, at: size, error.code.rawValue)
      return false
    }
  }

  private mutating func checkReceipt(
    _ note: SignedNote, _ stored: AuditCheckpoint, _ findings: inout FindingList
  ) {
    let size = stored.size
    let name = KeyName.receipt(
      federation: channel.origin.federation, code: channel.origin.direction.to)
    guard let signature = note.signatures.first(where: { $0.name.utf8.elementsEqual(name.utf8) })
    else {
      if stored.receiptTime != nil { findings.add(.receiptMissing, at: size) }
      return
    }
    let keys = directories.receiverKeys(channel.origin, at: nil)
    guard let key = keys.first(where: { $0.keyID == signature.keyID }) else {
      return findings.add(.receiptSignature, at: size, "by a key that is in no directory")
    }
    let time: UInt64
    do {
      time = try Cosignature.verify(signature, checkpointText: note.text, by: key)
    } catch {
      return findings.add(.receiptSignature, at: size, error.code.rawValue)
    }
    let moment = Timestamp(milliseconds: Int64(clamping: time.multipliedClamped(by: 1000)))
    guard directories.receiverKeys(channel.origin, at: moment).contains(key) else {
      return findings.add(.receiptSignature, at: size, "by a key not valid at its time")
    }
    if stored.receiptTime != time {
      findings.add(.receiptTime, at: size, "another time is stored")
    }
    if time < lastReceiptTime {
      findings.add(.receiptTime, at: size, "earlier than the one before")
    }
    lastReceiptTime = max(lastReceiptTime, time)
    if !rootIsBroken { receiptedSize = size }
  }
}

extension UInt64 {
  /// The product, or the largest value where it does not fit.
  func multipliedClamped(by factor: UInt64) -> UInt64 {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? .max : product
  }
}
