import Cryptography
import RecordModel
import TransparencyLog

/// Reads one epoch of the journal: its chain, its root, every signed head that is held.
struct JournalAudit {
  /// Entries read at a time.
  private static var chunk: Int { 1024 }

  private let journal: AuditJournal
  private let progress: (AuditProgress) -> Void
  private var heads: JournalHeadAudit
  private var entries: ReadAhead<AuditJournalEntry, CheckedJournalEntry>
  private var frontier: Frontier
  private var lastLeaf = Digest.zero
  private var lastTime = Timestamp(milliseconds: 0)
  private var position: UInt64 = 0
  private var read: UInt64 = 0
  private var hasGap = false
  private var duty = JournalDuty()
  private var tiles: TileAudit
  private var findings = FindingList()

  init(
    _ journal: AuditJournal, _ source: any AuditSource, _ directories: DirectoryHistory,
    _ workers: AuditWorkers, _ progress: @escaping (AuditProgress) -> Void
  ) {
    self.journal = journal
    self.progress = progress
    let (suite, epoch) = (directories.suite, journal.origin.epoch)
    entries = ReadAhead(
      workers,
      .init(
        read: { try source.journalEntries(epoch: epoch, from: $0, limit: Self.chunk) },
        next: { $0.seq == .max ? nil : $0.seq + 1 }, weight: \.bytes.count,
        check: { CheckedJournalEntry.check($0, suite: suite) }))
    heads = JournalHeadAudit(journal, source, directories, workers)
    frontier = Frontier(suite: suite)
    tiles = TileAudit(tiledSize: journal.tiledSize) { level, index, width in
      try source.journalTile(
        epoch: journal.origin.epoch, level: level, index: index, width: width)
    }
  }

  mutating func run(_ facts: JournalFacts) throws -> JournalReport {
    while true {
      if entries.isAtPiece {
        progress(
          AuditProgress(
            log: journal.origin.description, done: read, total: journal.claimedSize))
      }
      guard let entry = try entries.next() else { break }
      try take(entry, facts)
    }
    try heads.finish(position, hasGap: hasGap, &findings)
    if duty.isNeglected, !heads.rootIsBroken, !hasGap {
      findings.add(
        .journalUnsigned, at: heads.signedSize, "\(position) entries are held",
        zh: "现存 \(position) 条")
    }
    if heads.rootIsBroken {
      for suspect in tiles.suspects {
        findings.add(
          .journalChain, at: suspect, "its hash is not the one in the tile",
          zh: "其哈希与哈希块所载不符")
      }
    }
    if let claimed = journal.claimedRoot, !hasGap, claimed != frontier.root {
      findings.add(
        .stateHead, at: position, "\(position) entries are held",
        zh: "现存 \(position) 条")
    }
    if let claimed = journal.claimedSize, claimed != position {
      findings.add(
        .journalMissing, at: position, "the node counts \(claimed)",
        zh: "节点记为 \(claimed) 条")
    }
    if !findings.isEmpty { facts.markIncomplete() }
    return JournalReport(
      origin: journal.origin, entries: read, root: frontier.root, signed: heads.signedSize,
      heads: heads.verified, witnessed: heads.witnessedSize,
      witnesses: heads.witnesses.sorted(), findings: findings)
  }

  private mutating func take(_ stored: CheckedJournalEntry, _ facts: JournalFacts) throws {
    if stored.seq != position {
      findings.add(
        .journalMissing, at: position, "the next one held is \(stored.seq)",
        zh: "现存的下一条为第 \(stored.seq) 条")
      hasGap = true
    }
    let index = stored.seq
    position = index == .max ? index : index + 1
    read += 1
    if let entry = stored.content {
      if entry.seq != index || entry.prev != lastLeaf { findings.add(.journalChain, at: index) }
      if entry.time < lastTime { findings.add(.journalTime, at: index) }
      lastTime = max(lastTime, entry.time)
      // An epoch that follows another was opened because entries had been lost.
      if entry.followsEpoch { facts.markIncomplete() }
      if let fact = entry.fact {
        facts.take(fact, entry: entry.seq, epoch: journal.origin.epoch)
      }
    } else {
      findings.add(.journalMalformed, at: index, stored.fault)
    }
    lastLeaf = stored.leaf
    if journal.tiledSize != nil, !hasGap {
      try tiles.grow(&frontier, lastLeaf, size: position, &findings)
    } else {
      frontier.append(leaf: lastLeaf)
    }
    if !hasGap {
      try heads.reached(position, root: { frontier.root }, time: lastTime, &findings)
    }
    if let content = stored.content {
      duty.take(content, isSigned: heads.signedSize == position)
      facts.note(content.time)
    }
  }
}

/// Reads every epoch of the journal.
struct JournalsAudit {
  let facts = JournalFacts()
  private(set) var reports: [JournalReport] = []

  init(
    _ source: any AuditSource, _ directories: DirectoryHistory, _ workers: AuditWorkers,
    _ progress: @escaping (AuditProgress) -> Void
  ) throws {
    let journals = try source.journals()
    if journals.isEmpty || journals[0].origin.epoch != 1 { facts.markIncomplete() }
    for journal in journals {
      var audit = JournalAudit(journal, source, directories, workers, progress)
      reports.append(try audit.run(facts))
    }
    facts.close()
  }
}
