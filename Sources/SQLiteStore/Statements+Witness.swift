extension StatementName {
  /// The columns of a witnessed head, in the order that `Columns.witnessedHead` reads.
  private static let headColumns = "origin, witness, size, root, note, time"

  /// Statements of witnessed heads and of the journal's tiles.
  var witnessSQL: String? {
    switch self {
    case .putWitnessedHead:
      """
      INSERT INTO witnessed_head (\(Self.headColumns)) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (origin, witness) DO UPDATE SET size = excluded.size, root = excluded.root,
        note = excluded.note, time = excluded.time
      WHERE excluded.size >= size
      """
    case .witnessedOrigins: "SELECT DISTINCT origin FROM witnessed_head ORDER BY origin"
    case .witnessedHeads:
      "SELECT \(Self.headColumns) FROM witnessed_head WHERE origin = ? ORDER BY size, witness"
    case .witnessedHead:
      "SELECT \(Self.headColumns) FROM witnessed_head WHERE origin = ? AND witness = ?"
    case .insertHeadConflict:
      """
      INSERT INTO head_conflict (origin, kind, held, shown, time) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (origin, shown) DO NOTHING
      """
    case .headConflicts:
      """
      SELECT origin, kind, held, shown, time FROM head_conflict ORDER BY number LIMIT ? OFFSET ?
      """
    case .headConflictCount: "SELECT count(*) FROM head_conflict WHERE origin = ?"
    case .journalLeaves: "SELECT leaf FROM journal WHERE position BETWEEN ? AND ? ORDER BY position"
    case .insertJournalTile:
      "INSERT OR REPLACE INTO journal_tile (epoch, level, number, hashes) VALUES (?, ?, ?, ?)"
    case .journalTile:
      "SELECT hashes FROM journal_tile WHERE epoch = ? AND level = ? AND number = ?"
    default: nil
    }
  }
}
