import Cryptography
import Exchange
import FoundationEssentials
import GRDB
import GRDBSQLite
import TransparencyLog

extension Format {
  /// `witnessed_head` has the newest head of each journal for each witness: of this node's own
  /// journal under the names of others, of others' under this node's own. `head_conflict` only grows.
  static let witness3 = """
    CREATE TABLE witnessed_head (
      origin TEXT NOT NULL, witness TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL,
      note BLOB NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (origin, witness)) WITHOUT ROWID;
    CREATE TABLE head_conflict (
      number INTEGER PRIMARY KEY, origin TEXT NOT NULL, kind TEXT NOT NULL, held BLOB NOT NULL,
      shown BLOB NOT NULL, time INTEGER NOT NULL, UNIQUE (origin, shown));
    CREATE TABLE journal_tile (
      epoch INTEGER NOT NULL, level INTEGER NOT NULL, number INTEGER NOT NULL,
      hashes BLOB NOT NULL, PRIMARY KEY (epoch, level, number));
    """
}

/// Makes the tiles of journals that were begun before a store kept any.
enum JournalTiles {
  /// Reads every leaf once, in order, and writes the tiles that they complete; part of a migration.
  static func build(_ database: Database) throws {
    guard let name = try String.fetchOne(database, sql: "SELECT suite FROM journal_state") else {
      return
    }
    guard let suite = Suite(name: name) else {
      throw StoreFailure.unusable("the journal's suite is not known to this program")
    }
    let leaves = try database.makeStatement(
      sql: "SELECT position, leaf FROM journal ORDER BY position")
    let insert = try database.makeStatement(
      sql: "INSERT INTO journal_tile (epoch, level, number, hashes) VALUES (?, ?, ?, ?)")
    var epoch: Int64 = 0
    var edge = TileEdge(suite: suite)
    let rows = try Row.fetchCursor(leaves)
    while let row = try rows.next() {
      let position: Int64 = row[0]
      if position >> 40 != epoch {
        epoch = position >> 40
        edge = TileEdge(suite: suite)
      }
      let leaf = try row.withUnsafeData(atIndex: 1) { data in
        guard let data, let digest = Digest([UInt8](data)) else {
          throw StoreFailure.corrupt("the journal's leaf \(position) is not a digest")
        }
        return digest
      }
      for (tile, bytes) in edge.append(leaf: leaf) {
        try insert.execute(arguments: [
          epoch, tile.level, Int64(bitPattern: tile.index), Data(bytes),
        ])
      }
    }
  }
}
