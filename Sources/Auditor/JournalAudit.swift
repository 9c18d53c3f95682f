import Cryptography
import RecordModel
import TransparencyLog

/// Reads one epoch of the journal: its chain, its root, its newest signed head.
struct JournalAudit<Source: AuditSource> {
  /// Entries read at a time.
  private static var chunk: Int { 1024 }

  private let journal: AuditJournal
  private let source: Source
  private let directories: DirectoryHistory
  private let progress: (AuditProgress) -> Void
  private var frontier: Frontier
  private var lastLeaf = Digest.zero
  private var lastTime = Timestamp(milliseconds: 0)
  private var position: UInt64 = 0
  private var read: UInt64 = 0
  private var signed: UInt64 = 0
  private var hasGap = false
  private var rootIsBroken = false
  private var tiles: TileAudit
  private var findings = FindingList()

  init(
    _ journal: AuditJournal, _ source: Source, _ directories: DirectoryHistory,
    _ progress: @escaping (AuditProgress) -> Void
  ) {
    self.journal = journal
    self.source = source
    self.directories = directories
    self.progress = progress
    frontier = Frontier(suite: directories.suite)
    tiles = TileAudit(tiledSize: journal.tiledSize) { level, index, width in
      try source.journalTile(
        epoch: journal.origin.epoch, level: level, index: index, width: width)
    }
  }

  mutating func run(_ facts: JournalFacts) throws -> JournalReport {
    while true {
      let chunk = try source.journalEntries(
        epoch: journal.origin.epoch, from: position, limit: Self.chunk)
      progress(
        AuditProgress(
          log: journal.origin.description, done: read, total: journal.claimedSize))
      if chunk.isEmpty { break }
      for entry in chunk { try take(entry, facts) }
    }
    if rootIsBroken {
      for suspect in tiles.suspects {
        findings.add(.journalChain, at: suspect, "its hash is not the one in the tile")
      }
    }
    if let claimed = journal.claimedRoot, !hasGap, claimed != frontier.root {
      findings.add(.stateHead, at: position, "\(position) entries are held")
    }
    if let checkpoint = journal.checkpoint, checkpoint.size > frontier.size || hasGap {
      findings.add(.journalCheckpoint, at: checkpoint.size, "\(position) entries are held")
    }
    if let claimed = journal.claimedSize, claimed != position {
      findings.add(.journalMissing, at: position, "the node counts \(claimed)")
    }
    if !findings.isEmpty { facts.markIncomplete() }
    return JournalReport(
      origin: journal.origin, entries: read, root: frontier.root, signed: signed,
      findings: findings)
  }

  private mutating func take(_ stored: AuditJournalEntry, _ facts: JournalFacts) throws {
    if stored.seq != position {
      findings.add(.journalMissing, at: position, "the next one held is \(stored.seq)")
      hasGap = true
    }
    let index = stored.seq
    position = index + 1
    read += 1
    do {
      let entry = try JournalEntry(parsing: stored.bytes)
      if entry.seq != index || entry.prev != lastLeaf { findings.add(.journalChain, at: index) }
      if entry.time < lastTime { findings.add(.journalTime, at: index) }
      lastTime = max(lastTime, entry.time)
      // An epoch that follows another was opened because entries had been lost.
      if entry.event == .journalOpened, entry["previousEpoch"] != nil { facts.markIncomplete() }
      facts.take(entry, epoch: journal.origin.epoch)
    } catch {
      findings.add(.journalMalformed, at: index, error.code.rawValue)
    }
    lastLeaf = Merkle.leaf(stored.bytes, suite: frontier.suite)
    var completed: [(level: Int, hash: Digest)] = []
    frontier.append(leaf: lastLeaf) { level, _, hash in completed.append((level, hash)) }
    if journal.tiledSize != nil, !hasGap {
      try tiles.add(completed, size: position, &findings)
    }
    if let checkpoint = journal.checkpoint, checkpoint.size == frontier.size, !hasGap {
      check(checkpoint)
    }
  }

  private mutating func check(_ stored: AuditCheckpoint) {
    do {
      let (note, checkpoint) = try Checkpoint.signed(parsing: stored.note)
      _ = try note.verified(by: directories.journalKeys(journal.origin, at: lastTime))
      guard checkpoint.origin.utf8.elementsEqual(journal.origin.description.utf8),
        checkpoint.size == frontier.size, checkpoint.root == frontier.root
      else {
        rootIsBroken = true
        return findings.add(.journalCheckpoint, at: stored.size, "another log, size or root")
      }
      signed = checkpoint.size
    } catch {
      findings.add(.journalCheckpoint, at: stored.size, error.code.rawValue)
    }
  }
}

/// Reads every epoch of the journal.
struct JournalsAudit<Source: AuditSource> {
  let facts = JournalFacts()
  private(set) var reports: [JournalReport] = []

  init(
    _ source: Source, _ directories: DirectoryHistory,
    _ progress: @escaping (AuditProgress) -> Void
  ) throws {
    let journals = try source.journals()
    if journals.isEmpty || journals[0].origin.epoch != 1 { facts.markIncomplete() }
    for journal in journals {
      var audit = JournalAudit(journal, source, directories, progress)
      reports.append(try audit.run(facts))
    }
    facts.close()
  }
}
