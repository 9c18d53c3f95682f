import Cryptography
import RecordModel
import TransparencyLog

/// Checks a journal's signed heads while its entries are read: root, the node's signature, and the
/// cosignatures of those who witnessed it.
struct JournalHeadAudit {
  private static var chunk: Int { 32 }

  private let newest: CheckedJournalHead?
  private let signers: [DatedVerifier]
  private let ownName: String
  private var isNewestTaken = false
  private var heads: ReadAhead<AuditCheckpoint, CheckedJournalHead>
  /// Whether the newest root compared did not match.
  private(set) var rootIsBroken = false
  private(set) var verified: UInt64 = 0
  /// The largest size with a good signature and root, and that somebody else cosigned.
  private(set) var signedSize: UInt64 = 0
  private(set) var witnessedSize: UInt64 = 0
  /// Who else cosigned any of them.
  private(set) var witnesses: Set<String> = []

  init(
    _ journal: AuditJournal, _ source: any AuditSource, _ directories: DirectoryHistory,
    _ workers: AuditWorkers
  ) {
    let check = JournalHeadCheck(journal.origin, directories)
    let epoch = journal.origin.epoch
    signers = check.signers
    newest = journal.checkpoint.map(check.check)
    ownName = KeyName.witness(federation: journal.origin.federation, code: journal.origin.code)
    heads = ReadAhead(
      workers,
      .init(
        read: { try source.journalCheckpoints(epoch: epoch, above: $0, limit: Self.chunk) },
        next: \.size, weight: \.note.count, check: { check($0) }))
  }

  /// Checks what is signed at the size that the journal has reached; `time` is that of its last
  /// entry.
  mutating func reached(
    _ size: UInt64, root: () -> Digest, time: Timestamp, _ findings: inout FindingList
  ) throws {
    while let head = try heads.peek(), head.head.size <= size {
      _ = try heads.next()
      take(head, head.head.size == size ? root() : nil, time, &findings)
    }
    if let newest, newest.head.size == size, !isNewestTaken {
      isNewestTaken = true
      take(newest, root(), time, &findings)
    }
  }

  /// Tells of the heads that could not be compared: beyond the last entry, or after a gap.
  mutating func finish(
    _ size: UInt64, hasGap: Bool, _ findings: inout FindingList
  ) throws {
    let detail = FindingDetail(
      "\(size) entries are held" + (hasGap ? ", with a gap" : ""),
      zh: "现存 \(size) 条" + (hasGap ? "，中间有缺" : ""))
    while let head = try heads.next() {
      findings.add(.journalCheckpoint, at: head.head.size, detail)
    }
    if let newest, !isNewestTaken {
      findings.add(.journalCheckpoint, at: newest.head.size, detail)
    }
  }

  private mutating func take(
    _ checked: CheckedJournalHead, _ root: Digest?, _ time: Timestamp,
    _ findings: inout FindingList
  ) {
    let head = checked.head
    guard let signedRoot = head.root, let root else {
      return findings.add(
        .journalCheckpoint, at: head.size,
        head.root == nil ? head.fault : FindingDetail("out of order", zh: "次序有误"))
    }
    verified += 1
    let wasBroken = rootIsBroken
    rootIsBroken = signedRoot != root
    if rootIsBroken, !wasBroken {
      findings.add(
        .journalCheckpoint, at: head.size, "the entries held have another root",
        zh: "现存条目的根不同")
    }
    if let fault = head.signatureFault(at: time, among: signers) {
      findings.add(.journalCheckpoint, at: head.size, fault)
    } else if !rootIsBroken {
      signedSize = max(signedSize, head.size)
    }
    for fault in checked.witnessFaults { findings.add(.journalWitness, at: head.size, fault) }
    let others = checked.witnesses.map(\.name).filter { !$0.utf8.elementsEqual(ownName.utf8) }
    if !others.isEmpty, !rootIsBroken {
      witnessedSize = max(witnessedSize, head.size)
      witnesses.formUnion(others)
    }
  }
}
