import Cryptography
import RecordModel
import TransparencyLog

/// Checks a channel's checkpoints while its entries are read: root, signature, receipt of each.
struct CheckpointAudit {
  /// Checkpoints read at a time: their signatures cost far more than as many entries.
  private static var chunk: Int { 32 }
  /// How many seconds a receipt may be older than the journal's newest entry while the journal does not
  /// name what it covers: twice what two agencies' clocks may differ, and some.
  private static var journalPatience: Int64 { 900 }

  private let channel: AuditChannel
  private let senders: [DatedVerifier]
  private var heads: ReadAhead<AuditCheckpoint, CheckedHead>
  /// Whether the newest root compared did not match: then an entry is not the one that was signed,
  /// and what follows cannot match either, and is not reported again. A root that matches later shows
  /// that all entries were right, and that it was the checkpoint before that was not.
  private(set) var rootIsBroken = false
  /// Whether the sender has signed more entries than are held.
  private(set) var isCutShort = false
  private(set) var verified: UInt64 = 0
  /// The largest size with a good sender's signature and root, and with a good receipt.
  private(set) var signedSize: UInt64 = 0
  private(set) var receiptedSize: UInt64 = 0
  private var lastReceiptTime: UInt64 = 0
  /// Receipts older than this, in Unix seconds, cover what the node's journal must name.
  private let journalled: UInt64
  /// The largest size with such a receipt.
  private(set) var duty: UInt64 = 0

  init(
    _ channel: AuditChannel, _ source: any AuditSource, _ directories: DirectoryHistory,
    _ workers: AuditWorkers, journalledUntil: Timestamp?
  ) {
    self.channel = channel
    let seconds = journalledUntil.map { $0.seconds - Self.journalPatience } ?? 0
    journalled = UInt64(max(0, seconds))
    let check = HeadCheck(channel.origin, directories)
    senders = check.senders
    heads = ReadAhead(
      workers,
      .init(
        read: { try source.checkpoints(channel, above: $0, limit: Self.chunk) },
        next: \.size, weight: \.note.count, check: { check($0) }))
  }

  /// Checks what is signed at the size that the log has reached. `root` gives the root of all
  /// entries so far, nil once one is missing; `time` is that of the last entry.
  mutating func reached(
    _ size: UInt64, root: () -> Digest?, time: Timestamp?, _ findings: inout FindingList
  ) throws {
    while let head = try heads.peek(), head.size <= size {
      _ = try heads.next()
      let root = root()
      if root == nil { rootIsBroken = true }
      guard head.size == size || root == nil else {
        findings.add(
          .checkpointMalformed, at: head.size, "two of one size, or of size 0",
          zh: "同一长度有两个，或者长度为 0")
        continue
      }
      take(head, root: root, time: time, &findings)
    }
  }

  /// Checks what is left after the last entry.
  mutating func finish(_ size: UInt64, _ findings: inout FindingList) throws {
    while let head = try heads.next() {
      findings.add(.checkpointBeyond, at: head.size, "\(size) entries are held", zh: "现存 \(size) 条")
      if head.signatureFault(at: nil, among: senders) == nil { isCutShort = true }
    }
    // Found as well where the node says that it is coming back from a copy: its word proves nothing.
    let said = channel.isRestoring ? FindingDetail.restoring : FindingDetail()
    if signedSize < size, !rootIsBroken {
      findings.add(
        .checkpointMissing, at: size, "signed up to \(signedSize)\(said.en)",
        zh: "已签名至 \(signedSize)\(said.zh)")
    }
    // A receiver cosigns in the transaction that stores the entries.
    if !channel.isOutbound, receiptedSize < size, !rootIsBroken {
      findings.add(
        .receiptMissing, at: size, "receipted up to \(receiptedSize)\(said.en)",
        zh: "已回执至 \(receiptedSize)\(said.zh)")
    }
  }

  private mutating func take(
    _ head: CheckedHead, root: Digest?, time: Timestamp?, _ findings: inout FindingList
  ) {
    guard let signedRoot = head.root else {
      return findings.add(.checkpointMalformed, at: head.size, head.fault)
    }
    verified += 1
    let fault = head.signatureFault(at: time, among: senders)
    if let fault { findings.add(.checkpointSignature, at: head.size, fault) }
    // What neither end has signed says nothing of the entries.
    var isOther = false
    if let root, fault == nil || head.receipt.isGood {
      if signedRoot != root, signedSize == head.size {
        isOther = true
        findings.add(
          .checkpointRoot, at: head.size, "another head of this size is that of the entries",
          zh: "现存记录与同一长度的另一签名头相符")
      } else {
        if signedRoot != root, !rootIsBroken {
          findings.add(
            .checkpointRoot, at: head.size,
            "the difference lies in entries \(signedSize) to \(head.size - 1)",
            zh: "差异在第 \(signedSize) 至 \(head.size - 1) 条之间")
        }
        rootIsBroken = signedRoot != root
      }
    }
    if fault == nil, !rootIsBroken { signedSize = head.size }
    take(head.receipt, head.size, covers: !isOther, &findings)
  }

  private mutating func take(
    _ receipt: CheckedHead.Receipt, _ size: UInt64, covers: Bool, _ findings: inout FindingList
  ) {
    switch receipt {
    case .none(let isClaimed):
      if isClaimed { findings.add(.receiptMissing, at: size) }
    case .bad(let fault): findings.add(.receiptSignature, at: size, fault)
    case .good(let time, let isStored):
      if !isStored { findings.add(.receiptTime, at: size, "another time is stored", zh: "存储的时间不同") }
      if time < lastReceiptTime {
        findings.add(.receiptTime, at: size, "earlier than the one before", zh: "早于前一回执")
      }
      lastReceiptTime = max(lastReceiptTime, time)
      if covers, !rootIsBroken {
        receiptedSize = size
        if time < journalled { duty = size }
      }
    }
  }
}
