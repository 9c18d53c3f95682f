/// A store of format 1, written down when that format was current. Never edited: it stands for the
/// stores that are out there.
enum Version1 {
  static let origin = "test.federation/sanxiang/1100000000000001XN/1100000000000002XP/1"

  static let schema = """
    PRAGMA application_id = 1398297428;
    CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
    INSERT INTO grdb_migrations VALUES ('1');
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
    CREATE TABLE journal_state (
      one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL, suite TEXT NOT NULL,
      size INTEGER NOT NULL, nodes BLOB NOT NULL, last_leaf BLOB NOT NULL,
      last_time INTEGER NOT NULL);
    CREATE TABLE journal (position INTEGER PRIMARY KEY, leaf BLOB NOT NULL, bytes BLOB NOT NULL);
    CREATE TABLE journal_checkpoint (
      epoch INTEGER PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL,
      receipt_time INTEGER);
    CREATE TABLE evidence (
      number INTEGER PRIMARY KEY, origin TEXT NOT NULL, code TEXT NOT NULL,
      time INTEGER NOT NULL, bytes BLOB NOT NULL);
    CREATE TABLE directory (version INTEGER PRIMARY KEY, note BLOB NOT NULL);
    CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
    """

  static let rows = """
    INSERT INTO channel VALUES (
      1, '\(origin)', 'outbound', 'sha256-ed25519', 2, zeroblob(32), zeroblob(32), 1795396500000,
      1, 17, 2, 1795396501, 0, NULL, 'channel.fork', 'detail', 1795396502000, 1, 0, NULL, NULL,
      NULL, NULL, 1795396500000);
    INSERT INTO record VALUES (1 << 40, 0, zeroblob(32), X'7B7D', zeroblob(32), X'0102');
    INSERT INTO record VALUES (1 << 40 | 1, 1, zeroblob(32), X'5B5D', X'', NULL);
    INSERT INTO entry VALUES
      (1, X'0199C1C2000070008000000000000001', NULL, 1 << 40, 'accepted'),
      (2, X'0199C1C2000070008000000000000002', X'0199C1C2000070008000000000000001',
        1 << 40 | 1, NULL);
    INSERT INTO checkpoint VALUES (1, 2, zeroblob(32), X'01', 1795396501);
    INSERT INTO submission VALUES (
      1, X'0199C1C2000070008000000000000009', '1100000000000002XP', 0, 0, 2, 1795396503000, NULL,
      NULL, 'lead.transfer', 'lead.transfer/1', 'normal', NULL, NULL, NULL, zeroblob(32),
      X'0708');
    INSERT INTO idempotency VALUES
      ('key', X'0199C1C2000070008000000000000001', zeroblob(32), 1795396503000);
    INSERT INTO lease VALUES (X'0199C1C2000070008000000000000001', 'clerk', 1795396504000);
    INSERT INTO journal_state VALUES
      (1, 1, 'sha256-ed25519', 1, zeroblob(32), zeroblob(32), 1795396503000);
    INSERT INTO journal VALUES (1 << 40, zeroblob(32), X'7B7D');
    INSERT INTO evidence VALUES (1, '\(origin)', 'channel.fork', 1795396502000, X'01');
    INSERT INTO directory VALUES (12, X'09');
    INSERT INTO setting VALUES ('node.code', X'05');
    """
}
