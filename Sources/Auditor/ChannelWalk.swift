import Cryptography
import RecordModel
import RecordSchema
import TransparencyLog

/// An entry whose header parses, at its place.
struct WalkedEntry {
  var checked: CheckedEntry
  var header: RecordHeader
  /// The epoch of the log that it stands in.
  var epoch: UInt32

  /// Its place in the log, whatever its header says.
  var seq: UInt64 { checked.seq }
  var isRefused: Bool { checked.isRefused }
}

/// What a walk needs besides its channel.
struct AuditContext {
  let source: any AuditSource
  let directories: DirectoryHistory
  let entryCheck: EntryCheck
  let journal: JournalFacts
  let ids: IdentifierBook
  let workers: AuditWorkers
  let progress: (AuditProgress) -> Void
}

/// Reads one channel from its first entry to its last and recomputes everything that it can see
/// without its reverse channel.
struct ChannelWalk {
  /// Entries read at a time: as many as a full bundle has.
  private static var chunk: Int { 256 }

  let channel: AuditChannel
  private let context: AuditContext
  private var entries: ReadAhead<AuditEntry, CheckedEntry>

  private var frontier: Frontier
  private var lastLeaf = Digest.zero
  private var lastTime: Timestamp?
  private var lastUnrefusedTime: Timestamp?
  private var lastSeen = Seen(epoch: 1, size: 0)
  private var checkpoints: CheckpointAudit
  private var tiles: TileAudit
  private var heads: ArraySlice<JournalFacts.Head>
  /// An entry is missing: no root and no tile can be computed from here on.
  private var hasGap = false
  private var headIsBroken = false
  /// The largest size that the journal names.
  private let journalled: UInt64

  private(set) var read: UInt64 = 0
  private var refused: UInt64 = 0
  private var erased: UInt64 = 0
  private var leftOut: UInt64 = 0
  private var erasures: [ErasedPayload] = []
  /// Whether the source keeps a leaf hash beside each entry.
  private var hasLeaves = false
  /// The place after the last entry read.
  private(set) var position: UInt64 = 0
  var findings = FindingList()

  init(_ channel: AuditChannel, _ context: AuditContext) {
    self.channel = channel
    self.context = context
    let source = context.source
    let check = context.entryCheck
    entries = ReadAhead(
      context.workers,
      .init(
        read: { try source.entries(channel, from: $0, limit: Self.chunk) },
        next: { $0.seq == .max ? nil : $0.seq + 1 },
        weight: { $0.header.count + ($0.payload?.count ?? 0) }, check: { check($0) }))
    frontier = Frontier(suite: context.directories.suite)
    checkpoints = CheckpointAudit(
      channel, source, context.directories, context.workers,
      journalledUntil: context.journal.isComplete ? context.journal.newestTime : nil)
    tiles = TileAudit(tiledSize: channel.tiledSize) { level, index, width in
      width == Tile.fullWidth
        ? try source.tile(channel, level: level, index: index)
        : try source.partialTile(channel, level: level, index: index, width: width)
    }
    heads = context.journal.heads(of: channel.origin)[...]
    journalled = heads.last?.size ?? 0
  }

  /// The next entry whose header parses; nil after the last.
  mutating func next() throws -> WalkedEntry? {
    while true {
      if entries.isAtPiece {
        context.progress(
          AuditProgress(
            log: channel.origin.description, done: read, total: channel.claimedSize))
      }
      guard let entry = try entries.next() else { return nil }
      if let walked = try walk(entry) { return walked }
    }
  }

  private mutating func walk(_ entry: CheckedEntry) throws -> WalkedEntry? {
    let index = entry.seq
    if index != position {
      findings.add(
        .entryMissing, at: position, "the next one held is \(index)",
        zh: "现存的下一条为第 \(index) 条")
      hasGap = true
    }
    position = index == .max ? index : index + 1
    count(entry)
    if let claimed = entry.claimedLeaf {
      hasLeaves = true
      if claimed != entry.leaf { findings.add(.entryLeaf, at: index) }
    }
    if let header = entry.header {
      checkPlace(header, index)
      checkOrder(header, entry)
      addPayloadFinding(entry)
    } else {
      findings.add(.headerMalformed, at: index, entry.headerFault)
    }
    lastLeaf = entry.leaf
    lastTime = entry.header?.time
    try grow()
    return entry.header.map {
      WalkedEntry(checked: entry, header: $0, epoch: channel.origin.epoch)
    }
  }

  private mutating func count(_ entry: CheckedEntry) {
    read += 1
    if entry.isRefused { refused += 1 }
    if entry.isLeftOut { leftOut += 1 }
    if entry.isErased { erased += 1 }
  }

  private mutating func grow() throws {
    if context.source.holdsTiles, !hasGap {
      try tiles.grow(&frontier, lastLeaf, size: position, &findings)
    } else {
      frontier.append(leaf: lastLeaf)
    }
    try checkpoints.reached(
      position, root: { hasGap ? nil : frontier.root }, time: lastTime, &findings)
    while let head = heads.first, head.size <= position {
      heads.removeFirst()
      guard head.size == position, !hasGap, !headIsBroken, !head.names(frontier.root) else {
        continue
      }
      headIsBroken = true
      findings.add(
        .journalHead, at: head.size, "journal entry \(head.entry)", zh: "日志簿第 \(head.entry) 条")
    }
  }

  private mutating func checkPlace(_ header: RecordHeader, _ index: UInt64) {
    if header.direction != channel.origin.direction { findings.add(.headerDirection, at: index) }
    if header.seq != index { findings.add(.headerSequence, at: index) }
    if header.prev != lastLeaf { findings.add(.headerPrevious, at: index) }
  }

  /// What a receiver must have refused.
  private mutating func checkOrder(_ header: RecordHeader, _ entry: CheckedEntry) {
    let seenBefore = lastSeen
    lastSeen = max(lastSeen, header.seen)
    guard !entry.isRefused else { return }
    let index = entry.seq
    if header.seen < seenBefore { findings.add(.headerSeen, at: index) }
    if let last = lastUnrefusedTime, header.time < last { findings.add(.headerTime, at: index) }
    lastUnrefusedTime = max(lastUnrefusedTime ?? header.time, header.time)
    if !entry.schemaFitsKind { findings.add(.headerSchema, at: index) }
    let beginsEpoch = index == 0 && channel.origin.epoch > 1
    if (header.kind == KindName.systemEpoch) != beginsEpoch {
      findings.add(.headerEpoch, at: index)
    }
    switch entry.permission {
    case .granted: break
    case .denied: findings.add(.policyDenied, at: index)
    case .unknownDirectory:
      findings.add(
        .headerDirectory, at: index, "version \(header.directory)", zh: "第 \(header.directory) 版")
    }
  }

  private mutating func addPayloadFinding(_ entry: CheckedEntry) {
    switch entry.payload {
    case .unjudged, .good: break
    case .uncommitted: findings.add(.payloadCommitment, at: entry.seq)
    case .invalid(let rules): findings.add(.payloadInvalid, at: entry.seq, rules)
    }
  }

  /// Notes a payload that was erased as it may be; as many as there may be findings.
  mutating func note(_ erased: ErasedPayload) {
    if erasures.count < FindingList.limit { erasures.append(erased) }
  }

  /// Checks the end of the log and sums up.
  mutating func finish() throws -> ChannelReport {
    try checkpoints.finish(position, &findings)
    // Of an entry and its tile that differ, the signed root says which is wrong.
    if checkpoints.rootIsBroken {
      if !hasLeaves {
        for suspect in tiles.suspects {
          findings.add(
            .entryLeaf, at: suspect, "its hash is not the one in the tile",
            zh: "其哈希与哈希块所载不符")
        }
      }
      findings.noteBadEntry(notBefore: checkpoints.signedSize)
    }
    // The first bad entry of a log that was cut short is the first that is gone.
    if checkpoints.isCutShort || !heads.isEmpty || channel.claimedSize > position {
      findings.noteBadEntry(notBefore: position)
    }
    if let head = heads.first {
      findings.add(
        .journalHead, at: head.size,
        "journal entry \(head.entry) saw more entries than the \(position) held",
        zh: "日志簿第 \(head.entry) 条所见多于现存的 \(position) 条")
    }
    if checkpoints.duty > journalled {
      findings.add(
        .journalHead, at: checkpoints.duty, "the journal names \(journalled) entries at most",
        zh: "日志簿至多记载到 \(journalled) 条")
    }
    if channel.claimedSize != position || (!hasGap && channel.claimedRoot != frontier.root) {
      findings.add(
        .stateHead, at: channel.claimedSize, "\(position) entries are held",
        zh: "现存 \(position) 条")
    }
    return ChannelReport(
      origin: channel.origin, isOutbound: channel.isOutbound, entries: read, root: frontier.root,
      receipted: checkpoints.receiptedSize, refused: refused, erased: erased,
      erasures: erasures, leftOut: leftOut, checkpoints: checkpoints.verified, findings: findings)
  }
}
