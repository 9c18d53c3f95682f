extension Format {
  /// What is kept of threads for lists and counts. `act.id` is null for the act that opens its
  /// thread. `act_sort` has a row for every sort of act that was ever kept, so that the index
  /// by time is narrow and tells acts apart by a number. `clock.opened` says whether this node's agency opened the thread, and with `ours` which
  /// end owns the clock; `warn` is the first of `warnings`. Every list ends in the key of its table, so
  /// that an index delivers it in order.
  static let projections2 = """
    CREATE TABLE act_sort (
      number INTEGER PRIMARY KEY, peer TEXT NOT NULL, opened INTEGER NOT NULL,
      ours INTEGER NOT NULL, kind TEXT NOT NULL, detail TEXT);
    CREATE INDEX act_sort_parts ON act_sort (peer, opened, ours, kind, detail);
    CREATE TABLE act (
      thread BLOB NOT NULL, number INTEGER NOT NULL, id BLOB, peer TEXT NOT NULL,
      opened INTEGER NOT NULL, ours INTEGER NOT NULL, kind TEXT NOT NULL, time INTEGER NOT NULL,
      detail TEXT, doc_no TEXT, sort INTEGER NOT NULL, PRIMARY KEY (thread, number)) WITHOUT ROWID;
    CREATE INDEX act_time ON act (time, sort);
    CREATE INDEX act_opening ON act (opened, detail, number)
      WHERE id IS NULL AND detail IS NOT NULL;
    CREATE INDEX act_document ON act (opened, time, peer, doc_no) WHERE doc_no IS NOT NULL;
    CREATE TABLE clock (
      thread BLOB NOT NULL, start BLOB NOT NULL, rule TEXT NOT NULL, peer TEXT NOT NULL,
      opened INTEGER NOT NULL, ours INTEGER NOT NULL, duty INTEGER NOT NULL,
      started_at INTEGER NOT NULL, due INTEGER, warn INTEGER, warnings TEXT NOT NULL,
      outcome TEXT NOT NULL, stop BLOB, stopped_at INTEGER, remind TEXT, reminded BLOB,
      flags TEXT NOT NULL, problem TEXT, PRIMARY KEY (thread, start, rule)) WITHOUT ROWID;
    CREATE INDEX clock_due ON clock (due, peer, opened, ours, rule, outcome, duty, warn)
      WHERE due IS NOT NULL;
    CREATE INDEX clock_standing ON clock (peer, opened, ours, rule, outcome, duty, due, warn)
      WHERE outcome IN ('open', 'paused', 'uncomputable');
    CREATE INDEX clock_open ON clock (ours, due, thread, rule, start)
      WHERE outcome = 'open' AND due IS NOT NULL;
    CREATE INDEX clock_peer ON clock (peer, ours, due, thread, rule, start)
      WHERE outcome = 'open' AND due IS NOT NULL;
    CREATE INDEX clock_remind ON clock (due, thread, rule, start)
      WHERE outcome = 'open' AND due IS NOT NULL AND ours = 0 AND remind IS NOT NULL
        AND reminded IS NULL;
    CREATE TABLE link (
      thread BLOB NOT NULL, relation TEXT NOT NULL, other BLOB NOT NULL,
      PRIMARY KEY (thread, relation, other)) WITHOUT ROWID;
    CREATE INDEX link_other ON link (other, thread, relation);
    """

  /// Lets threads be counted by state and channel without reading entries or records: the index by
  /// state, in the order of numbers as before, now says where each stands, and the few refused
  /// records have an index of their own.
  static let states2 = """
    DROP INDEX entry_state;
    CREATE INDEX entry_state ON entry (state, number, position) WHERE state IS NOT NULL;
    CREATE INDEX record_refused ON record (position) WHERE refused = 1;
    """
}
