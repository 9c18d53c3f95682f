/// Every fixed statement of the store, prepared once per connection. Parameters are numbered in the
/// order of the columns where there are no numbers.
enum StatementName: Int, CaseIterable {
  case begin, commit
  case channels, channelExists, insertChannel, updateChannel
  case insertRecord, lastPosition, record, header, records, leaves, setRefused
  case insertEntry, entry, threadOpening, threadRest, setState
  case insertTile, tile
  case putCheckpoint, receiptCovering, newestReceipt, checkpoints, cosignedCheckpoints
  case insertSubmission, submission, removeSubmission, killSubmission
  case queuedTo, queuedThread, outboxItems, outboxCounts, deadLetters
  case putIdempotency, idempotency, removeIdempotency, putLease, lease
  case journalState, putJournalState, insertJournal, lastJournalPosition, journal
  case putJournalCheckpoint, journalCheckpoint
  case insertEvidence, evidence, insertDirectory, newestDirectory, directories
  case putSetting, setting
  case removeThreadActs, insertAct, removeThreadClocks, insertClock, removeThreadLinks, insertLink
  case actSort, insertSort, removeSorts, removeActs, removeClocks, removeLinks
  case threadActs, threadClocks, threadLinks, linksTo
  case putWitnessedHead, witnessedOrigins, witnessedHeads, witnessedHead
  case insertHeadConflict, headConflicts, headConflictCount
  case journalLeaves, insertJournalTile, journalTile
  case erasePayload, forgetRequest, putErasure, erasure, erasures
  case actCounts, openingActs, documentNumbers, clockCounts, clockStates, stateCounts
}

extension StatementName {
  /// The statement's text.
  var sql: String {
    switch self {
    case .begin: "BEGIN DEFERRED TRANSACTION"
    case .commit: "COMMIT TRANSACTION"
    default:
      logSQL ?? indexSQL ?? outboxSQL ?? projectionSQL ?? witnessSQL ?? erasureSQL ?? restSQL
    }
  }

  private static let channelColumns = """
    origin, role, suite, size, nodes, last_leaf, last_time, seen_epoch, seen_size, receipted_size, \
    receipt_time, unreceipted_bytes, oldest_unreceipted, halt_code, halt_detail, halt_at, \
    halt_needs_epoch, paused, restore_size, restore_root, restore_note, restore_receipt_time, \
    opened_at
    """

  /// The columns of an index entry, in the order that `Columns.entry` reads.
  static let entryColumns = "number, id, thread, position, state"

  private static let checkpointColumns = "size, root, note, receipt_time"

  private static let submissionColumns = """
    id, recipient, dead, priority, size, submitted_at, thread, reply_to, kind, schema, urgency, \
    dead_code, dead_detail, dead_at, salt, payload
    """

  private static func parameters(_ columns: String) -> String {
    columns.split(separator: ",").map { _ in "?" }.joined(separator: ", ")
  }

  private var logSQL: String? {
    switch self {
    case .channels: "SELECT number, \(Self.channelColumns) FROM channel ORDER BY number"
    case .channelExists: "SELECT 1 FROM channel WHERE number = ?"
    case .insertChannel:
      """
      INSERT INTO channel (\(Self.channelColumns)) VALUES (\(Self.parameters(Self.channelColumns)))
      """
    case .updateChannel:
      """
      UPDATE channel SET (\(Self.channelColumns)) = (\(Self.parameters(Self.channelColumns)))
      WHERE number = ?
      """
    case .insertRecord:
      "INSERT INTO record (position, refused, leaf, header, salt, payload) VALUES (?, ?, ?, ?, ?, ?)"
    case .lastPosition: "SELECT max(position) FROM record WHERE position BETWEEN ? AND ?"
    case .record:
      "SELECT position, refused, leaf, header, salt, payload FROM record WHERE position = ?"
    case .header: "SELECT refused, header FROM record WHERE position = ?"
    case .records:
      """
      SELECT position, refused, leaf, header, salt, payload FROM record
      WHERE position BETWEEN ? AND ? ORDER BY position
      """
    case .leaves: "SELECT leaf FROM record WHERE position BETWEEN ? AND ? ORDER BY position"
    case .setRefused: "UPDATE record SET refused = 1 WHERE position = ?"
    default: nil
    }
  }

  private var indexSQL: String? {
    switch self {
    case .insertEntry:
      """
      INSERT INTO entry (id, thread, position, state) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
      """
    case .entry: "SELECT \(Self.entryColumns) FROM entry WHERE id = ?"
    case .threadOpening:
      "SELECT \(Self.entryColumns) FROM entry WHERE id = ? AND thread IS NULL"
    case .threadRest:
      "SELECT \(Self.entryColumns) FROM entry WHERE thread = ? ORDER BY number"
    case .setState: "UPDATE entry SET state = ? WHERE id = ? AND thread IS NULL"
    case .insertTile:
      "INSERT OR REPLACE INTO tile (channel, level, number, hashes) VALUES (?, ?, ?, ?)"
    case .tile: "SELECT hashes FROM tile WHERE channel = ? AND level = ? AND number = ?"
    case .putCheckpoint:
      """
      INSERT OR REPLACE INTO checkpoint (channel, \(Self.checkpointColumns)) VALUES (?, ?, ?, ?, ?)
      """
    case .receiptCovering:
      """
      SELECT \(Self.checkpointColumns) FROM checkpoint
      WHERE channel = ? AND size >= ? AND receipt_time IS NOT NULL ORDER BY size LIMIT 1
      """
    case .newestReceipt:
      """
      SELECT \(Self.checkpointColumns) FROM checkpoint
      WHERE channel = ? AND receipt_time IS NOT NULL ORDER BY size DESC LIMIT 1
      """
    case .checkpoints:
      """
      SELECT \(Self.checkpointColumns) FROM checkpoint
      WHERE channel = ? AND size BETWEEN ? AND ? ORDER BY size LIMIT ?
      """
    case .cosignedCheckpoints:
      """
      SELECT \(Self.checkpointColumns) FROM checkpoint
      WHERE channel = ? AND size BETWEEN ? AND ? AND receipt_time IS NOT NULL ORDER BY size LIMIT ?
      """
    default: nil
    }
  }

  private var outboxSQL: String? {
    switch self {
    case .insertSubmission:
      """
      INSERT INTO submission (\(Self.submissionColumns))
      VALUES (\(Self.parameters(Self.submissionColumns)))
      """
    case .submission: "SELECT \(Self.submissionColumns) FROM submission WHERE id = ?"
    case .removeSubmission: "DELETE FROM submission WHERE id = ?"
    case .killSubmission:
      "UPDATE submission SET dead = 1, dead_code = ?, dead_detail = ?, dead_at = ? WHERE id = ?"
    case .queuedTo:
      """
      SELECT \(Self.submissionColumns) FROM submission
      WHERE recipient = ? AND dead = 0 ORDER BY priority DESC, number LIMIT ?
      """
    case .queuedThread:
      """
      SELECT \(Self.submissionColumns) FROM submission
      WHERE dead = 0 AND (id = ?1 AND thread IS NULL OR thread = ?1) ORDER BY number
      """
    case .outboxItems:
      """
      SELECT id, thread, reply_to, kind, dead FROM submission WHERE id > ? ORDER BY id LIMIT ?
      """
    case .outboxCounts:
      """
      SELECT recipient, dead, count(*), sum(priority), sum(size), min(submitted_at)
      FROM submission GROUP BY recipient, dead
      """
    case .deadLetters:
      """
      SELECT \(Self.submissionColumns) FROM submission
      WHERE dead = 1 ORDER BY dead_at DESC, number DESC LIMIT ?
      """
    case .putIdempotency:
      "INSERT OR REPLACE INTO idempotency (key, id, request, time) VALUES (?, ?, ?, ?)"
    case .idempotency: "SELECT key, id, request, time FROM idempotency WHERE key = ?"
    case .removeIdempotency: "DELETE FROM idempotency WHERE time < ?"
    case .putLease: "INSERT OR REPLACE INTO lease (id, holder, until) VALUES (?, ?, ?)"
    case .lease: "SELECT id, holder, until FROM lease WHERE id = ?"
    default: nil
    }
  }

  private var restSQL: String {
    switch self {
    case .journalState:
      "SELECT epoch, suite, size, nodes, last_leaf, last_time FROM journal_state"
    case .putJournalState:
      """
      INSERT OR REPLACE INTO journal_state (one, epoch, suite, size, nodes, last_leaf, last_time)
      VALUES (1, ?, ?, ?, ?, ?, ?)
      """
    case .insertJournal: "INSERT INTO journal (position, leaf, bytes) VALUES (?, ?, ?)"
    case .lastJournalPosition: "SELECT max(position) FROM journal WHERE position BETWEEN ? AND ?"
    case .journal:
      "SELECT position, bytes FROM journal WHERE position BETWEEN ? AND ? ORDER BY position LIMIT ?"
    case .putJournalCheckpoint:
      """
      INSERT INTO journal_checkpoint (epoch, \(Self.checkpointColumns)) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (epoch) DO UPDATE SET size = excluded.size, root = excluded.root,
        note = excluded.note, receipt_time = excluded.receipt_time
      WHERE excluded.size >= size
      """
    case .journalCheckpoint:
      "SELECT \(Self.checkpointColumns) FROM journal_checkpoint WHERE epoch = ?"
    case .insertEvidence: "INSERT INTO evidence (origin, code, time, bytes) VALUES (?, ?, ?, ?)"
    case .evidence:
      "SELECT origin, code, time, bytes FROM evidence ORDER BY number DESC LIMIT ?"
    case .insertDirectory: "INSERT INTO directory (version, note) VALUES (?, ?)"
    case .newestDirectory: "SELECT note FROM directory ORDER BY version DESC LIMIT 1"
    case .directories: "SELECT note FROM directory ORDER BY version"
    case .putSetting: "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)"
    case .setting: "SELECT value FROM setting WHERE name = ?"
    default:
      // Every case stands in one of the seven tables; a test prepares them all.
      preconditionFailure("the statement \(self) has no text")
    }
  }
}
