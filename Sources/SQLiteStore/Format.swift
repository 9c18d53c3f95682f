import Exchange
import GRDB

/// The database's format: its migrations, from the first version on. A migration that has been
/// released is never edited; a change is a new one at the end.
enum Format {
  /// "SXST", so that `file` and a wrong path can tell the database from others.
  static let applicationID = 0x5358_5354

  /// Lets through what the node's own connection may migrate: a store of this format or an older
  /// one, or a database that is still empty. Changes nothing.
  static func checkBeforeMigrating(_ database: Database) throws {
    let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0
    let found = try Int.fetchOne(database, sql: "PRAGMA application_id")
    if found != 0 || !isEmpty { try checkIsStore(database) }
  }

  /// Makes sure, for a reader that changes nothing, that the database has this very format.
  static func check(_ database: Database) throws {
    try checkIsStore(database)
    guard try migrator.hasCompletedMigrations(database) else {
      throw StoreFailure.unusable("the store's format is older; its node migrates it on start")
    }
  }

  private static func checkIsStore(_ database: Database) throws {
    guard try Int.fetchOne(database, sql: "PRAGMA application_id") == applicationID else {
      throw StoreFailure.unusable("the database is not a Sanxiang store")
    }
    guard try !migrator.hasBeenSuperseded(database) else {
      throw StoreFailure.unusable("the store's format is newer than this program")
    }
  }

  /// Brings the database to this program's format. A crash in between leaves a database that
  /// `checkBeforeMigrating` lets through and that the next call goes on with.
  static func migrate(_ queue: DatabaseQueue) throws {
    // First of all, because the migrator's own table is made before the first migration.
    try queue.inDatabase { try $0.execute(sql: "PRAGMA application_id = \(applicationID)") }
    try migrator.migrate(queue)
  }

  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1", foreignKeyChecks: .immediate) { database in
      for part in [logs1, outbox1, journal1, rest1] { try database.execute(sql: part) }
    }
    migrator.registerMigration("2", foreignKeyChecks: .immediate) { database in
      for part in [projections2, states2] { try database.execute(sql: part) }
    }
    migrator.registerMigration("3", foreignKeyChecks: .immediate) { database in
      try database.execute(sql: witness3)
      try JournalTiles.build(database)
    }
    migrator.registerMigration("4", foreignKeyChecks: .immediate) { database in
      try database.execute(sql: erasures4)
    }
    return migrator
  }

  /// A record's position is its channel's number << 40 | seq, so that a channel's records lie side
  /// by side in order. `entry.thread` is null for the record that opens the thread. `state` is null
  /// for all others.
  private static let logs1 = """
    CREATE TABLE channel (
      number INTEGER PRIMARY KEY, origin TEXT NOT NULL UNIQUE, role TEXT NOT NULL,
      suite TEXT NOT NULL, size INTEGER NOT NULL, nodes BLOB NOT NULL, last_leaf BLOB NOT NULL,
      last_time INTEGER NOT NULL, seen_epoch INTEGER NOT NULL, seen_size INTEGER NOT NULL,
      receipted_size INTEGER NOT NULL, receipt_time INTEGER NOT NULL,
      unreceipted_bytes INTEGER NOT NULL, oldest_unreceipted INTEGER,
      halt_code TEXT, halt_detail TEXT, halt_at INTEGER, halt_needs_epoch INTEGER,
      paused INTEGER NOT NULL, restore_size INTEGER, restore_root BLOB, restore_note BLOB,
      restore_receipt_time INTEGER, opened_at INTEGER NOT NULL);
    CREATE TABLE record (
      position INTEGER PRIMARY KEY, refused INTEGER NOT NULL, leaf BLOB NOT NULL,
      header BLOB NOT NULL, salt BLOB NOT NULL, payload BLOB);
    CREATE TABLE entry (
      number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, thread BLOB,
      position INTEGER NOT NULL, state TEXT);
    CREATE INDEX entry_thread ON entry (thread) WHERE thread IS NOT NULL;
    CREATE INDEX entry_state ON entry (state) WHERE state IS NOT NULL;
    CREATE INDEX entry_channel ON entry (position >> 40);
    CREATE TABLE tile (
      channel INTEGER NOT NULL, level INTEGER NOT NULL, number INTEGER NOT NULL,
      hashes BLOB NOT NULL, PRIMARY KEY (channel, level, number));
    CREATE TABLE checkpoint (
      channel INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL,
      receipt_time INTEGER, PRIMARY KEY (channel, size)) WITHOUT ROWID;
    """

  /// `submission.number` is the order of submission; `size` is the payload's. A dead submission is
  /// one whose `dead_code` is not null; `dead` says so in the indexes. As with entries, `thread` is
  /// null for a submission that opens its own.
  private static let outbox1 = """
    CREATE TABLE submission (
      number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, recipient TEXT NOT NULL,
      dead INTEGER NOT NULL, priority INTEGER NOT NULL, size INTEGER NOT NULL,
      submitted_at INTEGER NOT NULL, thread BLOB, reply_to BLOB, kind TEXT NOT NULL,
      schema TEXT NOT NULL, urgency TEXT NOT NULL, dead_code TEXT, dead_detail TEXT,
      dead_at INTEGER, salt BLOB NOT NULL, payload BLOB NOT NULL);
    CREATE INDEX submission_queue
      ON submission (recipient, dead, priority DESC, number, size, submitted_at);
    CREATE INDEX submission_thread ON submission (thread) WHERE thread IS NOT NULL;
    CREATE INDEX submission_dead ON submission (dead_at, number) WHERE dead = 1;
    CREATE TABLE idempotency (
      key TEXT PRIMARY KEY, id BLOB NOT NULL, request BLOB NOT NULL,
      time INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX idempotency_time ON idempotency (time);
    CREATE TABLE lease (
      id BLOB PRIMARY KEY, holder TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
    """

  /// A journal entry's position is epoch << 40 | seq. `journal_state` has one row.
  private static let journal1 = """
    CREATE TABLE journal_state (
      one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL, suite TEXT NOT NULL,
      size INTEGER NOT NULL, nodes BLOB NOT NULL, last_leaf BLOB NOT NULL,
      last_time INTEGER NOT NULL);
    CREATE TABLE journal (position INTEGER PRIMARY KEY, leaf BLOB NOT NULL, bytes BLOB NOT NULL);
    CREATE TABLE journal_checkpoint (
      epoch INTEGER PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL,
      receipt_time INTEGER);
    """

  private static let rest1 = """
    CREATE TABLE evidence (
      number INTEGER PRIMARY KEY, origin TEXT NOT NULL, code TEXT NOT NULL,
      time INTEGER NOT NULL, bytes BLOB NOT NULL);
    CREATE TABLE directory (version INTEGER PRIMARY KEY, note BLOB NOT NULL);
    CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
    """
}
