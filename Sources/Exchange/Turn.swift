import Cryptography
import Logging
import RecordModel
import TransparencyLog

/// One transaction in the making: the store's side, the ledger's copy, and what is to happen after
/// the commit. Everything that waits together shares one turn (group commit).
struct Turn {
  let store: any StoreTransaction
  var ledger: Ledger
  let now: Timestamp
  /// Run in order after the commit; never when it fails.
  private(set) var effects: [@Sendable () -> Void] = []
  /// Submissions of this very turn, sealed at its end without a detour through the outbox table.
  var fresh: [AgencyCode: [Submission]] = [:]
  /// Channels whose state changed and is to be written at the end of the turn.
  private var touched: Set<ChannelNumber> = []
  private var journalTouched = false
  /// Threads read in this turn, each with what was appended to it since. A run of acts in one
  /// thread reads it once, not once for each act.
  private var threads: [RecordID: [ThreadEntry]] = [:]
  private var threadEntries = 0
  /// How many entries are kept before all are forgotten: a few megabytes.
  private static let threadEntryLimit = 20_000

  init(store: any StoreTransaction, ledger: Ledger, now: Timestamp) {
    self.store = store
    self.ledger = ledger
    self.now = now
  }

  mutating func afterCommit(_ effect: @escaping @Sendable () -> Void) { effects.append(effect) }

  /// Changes a channel's book. The state is written once, at the end of the turn.
  mutating func change<R>(_ number: ChannelNumber, _ body: (inout ChannelBook) throws -> R) throws
    -> R
  {
    guard var book = ledger.channels.removeValue(forKey: number) else {
      throw StoreFailure.corrupt("no channel \(number.rawValue)")
    }
    defer { ledger.channels[number] = book }
    touched.insert(number)
    return try body(&book)
  }

  /// Opens a channel of epoch `origin.epoch`.
  mutating func open(_ origin: Origin, role: ChannelState.Role) throws -> ChannelNumber {
    let suite = ledger.directory.suite
    var state = ChannelState(
      number: ChannelNumber(rawValue: 0), origin: origin, role: role, suite: suite, openedAt: now)
    state.number = try store.openChannel(state)
    ledger.adopt(ChannelBook(state: state, tiles: TileBuilder(suite: suite)))
    // What stood at the end of the former epoch may count no more.
    forgetThreads()
    return state.number
  }

  /// Appends a record to a channel's log: row, tree, tiles, and the fields that the next one must
  /// follow. Returns false when its id is taken already.
  ///
  /// Only what counts as an act of a thread is found under that thread: what we refuse, and nodes'
  /// own kinds, may be many, and every later act would be judged against them.
  mutating func append(
    _ record: StoredRecord, header: RecordHeader, to number: ChannelNumber, state: ThreadState?
  ) throws -> Bool {
    let store = store
    let (fresh, epoch) = try change(number) { book in
      let thread = Self.indexed(record, header, book.state)
      let fresh = try store.append(
        record, to: number, id: header.id, thread: thread, state: state)
      book.state.frontier.append(leaf: record.leaf)
      for tile in book.tiles.append(leaf: record.leaf) {
        try store.putTile(number, level: tile.level, index: tile.index, hashes: tile.hashes)
      }
      book.state.lastLeaf = record.leaf
      book.state.lastSeen = max(book.state.lastSeen, header.seen)
      if !record.refused { book.state.lastTime = max(book.state.lastTime, header.time) }
      return (fresh, book.state.origin.epoch)
    }
    if fresh, !record.refused, !KindName.isSystem(header.kind) {
      threads[header.thread]?.append(ThreadEntry(header, epoch: epoch, refused: false))
    }
    return fresh
  }

  /// A thread's records in both logs, those of this turn included.
  mutating func entries(of thread: RecordID) throws -> [ThreadEntry] {
    if let known = threads[thread] { return known }
    let read = try Judge.threadEntries(thread, store: store, ledger: ledger)
    if threadEntries + read.count > Self.threadEntryLimit { forgetThreads() }
    threads[thread] = read
    threadEntries += read.count
    return read
  }

  /// Forgets what was read of threads: one of their records counts no more.
  mutating func forgetThreads() {
    threads = [:]
    threadEntries = 0
  }

  /// What a record's index entry is found under.
  private static func indexed(
    _ record: StoredRecord, _ header: RecordHeader, _ channel: ChannelState
  ) -> RecordID {
    if record.refused { return header.id }
    guard KindName.isSystem(header.kind) else { return header.thread }
    guard channel.role == .outbound, header.kind == KindName.systemRefusal,
      let target = record.payload.flatMap(Refusals.parse)
    else { return header.id }
    return Refusals.key(target: target.id, seq: target.seq)
  }

  /// Adds an entry to the node's journal.
  mutating func journal(_ event: JournalEvent, _ fields: [JournalField]) throws {
    let time = max(now, ledger.journal.lastTime)
    let entry = JournalEntry(
      seq: ledger.journal.size, prev: ledger.journal.lastLeaf, time: time, event: event,
      fields: fields)
    let bytes = entry.encoded()
    let leaf = Merkle.leaf(bytes, suite: ledger.directory.suite)
    try store.appendJournal(
      StoredJournalEntry(epoch: ledger.journal.epoch, seq: ledger.journal.size, bytes: bytes),
      leaf: leaf)
    ledger.journal.frontier.append(leaf: leaf)
    for (tile, hashes) in ledger.journalTiles.append(leaf: leaf) {
      try store.putJournalTile(
        epoch: ledger.journal.epoch, level: tile.level, index: tile.index, hashes: hashes)
    }
    ledger.journal.lastLeaf = leaf
    ledger.journal.lastTime = time
    journalTouched = true
  }

  /// Raises an alarm: an entry in the journal, and, once that is durable, a line for operators.
  mutating func alarm(
    _ code: String, origin: Origin? = nil, from: AgencyCode? = nil, subject: String? = nil,
    _ metadata: Logger.Metadata, _ runtime: Runtime
  ) throws {
    var fields: [JournalField] = [.text("code", code)]
    var told = metadata
    if let origin {
      fields.append(.text("origin", origin.description))
      told["origin"] = "\(origin)"
    }
    if let from { fields.append(.text("from", from.rawValue)) }
    if let subject { fields.append(.text("subject", subject)) }
    try journal(.alarm, fields)
    afterCommit { [told] in runtime.alarm(code, told) }
  }

  /// Writes what changed. Called once, as the last act inside the transaction.
  mutating func finish() throws {
    for number in touched {
      if let book = ledger.channels[number] { try store.update(book.state) }
    }
    if journalTouched { try store.update(ledger.journal) }
  }
}
