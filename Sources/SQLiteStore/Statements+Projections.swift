extension StatementName {
  private static let actColumns =
    "number, id, thread, peer, opened, ours, kind, time, detail, doc_no"

  /// The columns of a clock, in the order that `Columns.clock` reads.
  static let clockColumns = """
    thread, peer, opened, ours, rule, start, duty, started_at, due, warnings, outcome, stop, \
    stopped_at, remind, reminded, flags, problem
    """

  /// How a clock stands at the moment ?1: `ThreadClock.state(at:)` in SQL.
  private static let clockState = """
    CASE WHEN outcome <> 'open' THEN outcome
      WHEN due <= ?1 THEN CASE duty WHEN 1 THEN 'overdue' ELSE 'lapsed' END
      WHEN warn <= ?1 THEN 'dueSoon' ELSE 'running' END
    """

  /// What is kept of threads.
  var projectionSQL: String? {
    switch self {
    case .removeThreadActs: "DELETE FROM act WHERE thread = ?"
    case .removeThreadClocks: "DELETE FROM clock WHERE thread = ?"
    case .removeThreadLinks: "DELETE FROM link WHERE thread = ?"
    case .removeActs: "DELETE FROM act"
    case .removeSorts: "DELETE FROM act_sort"
    case .removeClocks: "DELETE FROM clock"
    case .removeLinks: "DELETE FROM link"
    case .insertAct:
      "INSERT INTO act (\(Self.actColumns), sort) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    case .actSort:
      """
      SELECT number FROM act_sort
      WHERE peer = ? AND opened = ? AND ours = ? AND kind = ? AND detail IS ?
      """
    case .insertSort:
      """
      INSERT INTO act_sort (peer, opened, ours, kind, detail) VALUES (?, ?, ?, ?, ?)
      """
    case .insertClock:
      """
      INSERT INTO clock (\(Self.clockColumns), warn)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """
    case .insertLink:
      "INSERT INTO link (thread, relation, other) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
    case .threadActs: "SELECT \(Self.actColumns) FROM act WHERE thread = ? ORDER BY number"
    case .threadClocks:
      "SELECT \(Self.clockColumns) FROM clock WHERE thread = ? ORDER BY start, rule"
    case .threadLinks:
      "SELECT thread, relation, other FROM link WHERE thread = ? ORDER BY relation, other"
    case .linksTo:
      "SELECT thread, relation, other FROM link WHERE other = ? ORDER BY thread, relation"
    default: projectionCountSQL
    }
  }

  private var projectionCountSQL: String? {
    switch self {
    case .actCounts:
      """
      SELECT peer, opened, ours, kind, detail, found.count
      FROM (SELECT sort, count(*) AS count FROM act WHERE time >= ? AND time < ? GROUP BY sort)
        AS found CROSS JOIN act_sort ON act_sort.number = found.sort
      """
    case .openingActs:
      """
      SELECT \(Self.actColumns) FROM act
      WHERE opened = ? AND detail = ? AND id IS NULL ORDER BY number DESC LIMIT ?
      """
    case .documentNumbers:
      """
      SELECT peer, doc_no FROM act
      WHERE opened = ? AND time >= ? AND time < ? AND doc_no IS NOT NULL
      """
    case .clockCounts:
      """
      SELECT peer, opened, ours, rule, \(Self.clockState) AS state, count(*) FROM clock
      WHERE due >= ?2 AND due < ?3 AND outcome NOT IN ('paused', 'cancelled')
      GROUP BY peer, opened, ours, rule, state
      """
    case .clockStates:
      """
      SELECT peer, opened, ours, rule, \(Self.clockState) AS state, count(*) FROM clock
      WHERE outcome IN ('open', 'paused', 'uncomputable') GROUP BY peer, opened, ours, rule, state
      """
    case .stateCounts:
      """
      SELECT position >> 40 AS channel, state, count(*) FROM entry
      WHERE state IS NOT NULL AND position NOT IN (SELECT position FROM record WHERE refused = 1)
      GROUP BY state, channel
      """
    default: nil
    }
  }
}
