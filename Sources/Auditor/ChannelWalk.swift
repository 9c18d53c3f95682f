import Cryptography
import RecordModel
import RecordSchema
import TransparencyLog

/// An entry that was read and checked on its own.
struct WalkedEntry {
  /// Its place in the log, whatever its header says.
  var seq: UInt64
  var header: RecordHeader
  var payload: [UInt8]?
  /// Whether there is a payload, the one committed to, that keeps its schema.
  var hasGoodPayload: Bool
  var isRefused: Bool
  /// The epoch of the log that it stands in.
  var epoch: UInt32
}

/// What a walk needs besides its channel.
struct AuditContext<Source: AuditSource> {
  let source: Source
  let directories: DirectoryHistory
  let registry: SchemaRegistry
  let journal: JournalFacts
  let ids: IdentifierBook
  let progress: (AuditProgress) -> Void
}

/// Reads one channel from its first entry to its last and recomputes everything that it can see
/// without its reverse channel.
struct ChannelWalk<Source: AuditSource> {
  /// Entries read at a time.
  private static var chunk: Int { 256 }

  let channel: AuditChannel
  private let context: AuditContext<Source>
  private var waiting: ArraySlice<AuditEntry> = []
  private var isExhausted = false

  private var frontier: Frontier
  private var lastLeaf = Digest.zero
  private var lastTime: Timestamp?
  private var lastUnrefusedTime: Timestamp?
  private var lastSeen = Seen(epoch: 1, size: 0)
  private var checkpoints: CheckpointAudit<Source>
  private var tiles: TileAudit
  private var heads: ArraySlice<JournalFacts.Head>
  /// An entry is missing: no root and no tile can be computed from here on.
  private var hasGap = false
  private var headIsBroken = false

  private(set) var read: UInt64 = 0
  private var refused: UInt64 = 0
  private var erased: UInt64 = 0
  private var leftOut: UInt64 = 0
  /// Whether the source keeps a leaf hash beside each entry.
  private var hasLeaves = false
  /// The place after the last entry read.
  private(set) var position: UInt64 = 0
  var findings = FindingList()

  init(_ channel: AuditChannel, _ context: AuditContext<Source>) {
    self.channel = channel
    self.context = context
    frontier = Frontier(suite: context.directories.suite)
    checkpoints = CheckpointAudit(channel, context.source, context.directories)
    let source = context.source
    tiles = TileAudit(tiledSize: channel.tiledSize) { level, index, width in
      width == Tile.fullWidth
        ? try source.tile(channel, level: level, index: index)
        : try source.partialTile(channel, level: level, index: index, width: width)
    }
    heads = context.journal.heads(of: channel.origin)[...]
  }

  /// The next entry whose header parses; nil after the last.
  mutating func next() throws -> WalkedEntry? {
    while let entry = try take() {
      if let walked = try walk(entry) { return walked }
    }
    return nil
  }

  private mutating func take() throws -> AuditEntry? {
    if waiting.isEmpty, !isExhausted {
      waiting = try context.source.entries(channel, from: position, limit: Self.chunk)[...]
      isExhausted = waiting.isEmpty
      context.progress(
        AuditProgress(
          log: channel.origin.description, done: read, total: channel.claimedSize))
    }
    return waiting.popFirst()
  }

  private mutating func walk(_ entry: AuditEntry) throws -> WalkedEntry? {
    if entry.seq != position {
      findings.add(.entryMissing, at: position, "the next one held is \(entry.seq)")
      hasGap = true
    }
    let index = entry.seq
    position = index + 1
    read += 1
    if entry.isRefused { refused += 1 }
    if entry.isLeftOut {
      leftOut += 1
    } else if entry.payload == nil {
      erased += 1
    }
    let leaf = Merkle.leaf(entry.header, suite: frontier.suite)
    if let claimed = entry.claimedLeaf {
      hasLeaves = true
      if claimed != leaf { findings.add(.entryLeaf, at: index) }
    }
    let header: RecordHeader?
    do {
      header = try RecordHeader(parsing: entry.header)
    } catch {
      findings.add(.headerMalformed, at: index, error.code.rawValue)
      header = nil
    }
    var hasGoodPayload = false
    if let header {
      checkPlace(header, index)
      checkOrder(header, isRefused: entry.isRefused, index)
      hasGoodPayload = checkPayload(entry, header, index)
    }
    lastLeaf = leaf
    lastTime = header?.time
    try grow(leaf)
    return header.map {
      WalkedEntry(
        seq: index, header: $0, payload: entry.payload, hasGoodPayload: hasGoodPayload,
        isRefused: entry.isRefused,
        epoch: channel.origin.epoch)
    }
  }

  private mutating func grow(_ leaf: Digest) throws {
    var completed: [(level: Int, hash: Digest)] = []
    frontier.append(leaf: leaf) { level, _, hash in completed.append((level, hash)) }
    if context.source.holdsTiles, !hasGap {
      try tiles.add(completed, size: position, &findings)
    }
    try checkpoints.reached(
      position, root: { [frontier, hasGap] in hasGap ? nil : frontier.root }, time: lastTime,
      &findings)
    while let head = heads.first, head.size <= position {
      heads.removeFirst()
      guard head.size == position, !hasGap, !headIsBroken, head.root != frontier.root else {
        continue
      }
      headIsBroken = true
      findings.add(.journalHead, at: head.size, "journal entry \(head.entry)")
    }
  }

  private mutating func checkPlace(_ header: RecordHeader, _ index: UInt64) {
    if header.direction != channel.origin.direction { findings.add(.headerDirection, at: index) }
    if header.seq != index { findings.add(.headerSequence, at: index) }
    if header.prev != lastLeaf { findings.add(.headerPrevious, at: index) }
  }

  /// What a receiver must have refused.
  private mutating func checkOrder(_ header: RecordHeader, isRefused: Bool, _ index: UInt64) {
    let seenBefore = lastSeen
    lastSeen = max(lastSeen, header.seen)
    guard !isRefused else { return }
    if header.seen < seenBefore { findings.add(.headerSeen, at: index) }
    if let last = lastUnrefusedTime, header.time < last { findings.add(.headerTime, at: index) }
    lastUnrefusedTime = max(lastUnrefusedTime ?? header.time, header.time)
    if !header.schemaFitsKind { findings.add(.headerSchema, at: index) }
    let beginsEpoch = index == 0 && channel.origin.epoch > 1
    if (header.kind == KindName.systemEpoch) != beginsEpoch {
      findings.add(.headerEpoch, at: index)
    }
    guard let directory = context.directories.versions[header.directory] else {
      return findings.add(.headerDirectory, at: index, "version \(header.directory)")
    }
    if !directory.maySend(kind: header.kind, from: header.from, to: header.to) {
      findings.add(.policyDenied, at: index)
    }
  }

  /// Whether the payload is good, as far as that is looked at: of a refused record and of a refusal
  /// it does not matter.
  private mutating func checkPayload(
    _ entry: AuditEntry, _ header: RecordHeader, _ index: UInt64
  ) -> Bool {
    guard let payload = entry.payload else { return false }
    guard entry.salt.count == Commitment.saltBytes, payload.count == header.payload.size,
      Commitment.make(salt: entry.salt, payload: payload, suite: frontier.suite)
        == header.payload.commitment
    else {
      findings.add(.payloadCommitment, at: index)
      return false
    }
    // Whatever a refusal says, it is taken: only its form decides whether it can be understood.
    if entry.isRefused || header.kind == KindName.systemRefusal { return false }
    let verdict = context.registry.check(
      schema: header.schema, payload: payload, asOf: header.time.day)
    switch verdict {
    case .valid: return true
    case .unknownSchema: findings.add(.payloadInvalid, at: index, "no such schema is known")
    case .invalid(let violations):
      let rules = violations.prefix(3).map { "\($0.pointer) \($0.rule)" }
      findings.add(.payloadInvalid, at: index, rules.joined(separator: ", "))
    }
    return false
  }

  /// Checks the end of the log and sums up.
  mutating func finish() throws -> ChannelReport {
    try checkpoints.finish(position, time: lastTime, &findings)
    // Of an entry and its tile that differ, the signed root says which is wrong.
    if checkpoints.rootIsBroken, !hasLeaves {
      for suspect in tiles.suspects {
        findings.add(.entryLeaf, at: suspect, "its hash is not the one in the tile")
      }
    }
    if let head = heads.first {
      findings.add(
        .journalHead, at: head.size,
        "journal entry \(head.entry) saw more entries than the \(position) held")
    }
    if channel.claimedSize != position || (!hasGap && channel.claimedRoot != frontier.root) {
      findings.add(.stateHead, at: channel.claimedSize, "\(position) entries are held")
    }
    return ChannelReport(
      origin: channel.origin, isOutbound: channel.isOutbound, entries: read, root: frontier.root,
      receipted: checkpoints.receiptedSize, refused: refused, erased: erased,
      leftOut: leftOut, checkpoints: checkpoints.verified, findings: findings)
  }
}
