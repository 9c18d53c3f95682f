import Dispatch
public import Exchange
import GRDB
import Synchronization

/// A node's store in one folder: a SQLite database in WAL mode with `synchronous=FULL`.
///
/// One connection writes and checkpoints; up to `Options.readers` others read beside it, each from
/// its own snapshot. The folder has mode 0700 and is locked against a second process for as long as
/// the store is open.
///
/// What a crash leaves behind: whole transactions, all those whose `write` has returned, and perhaps
/// the one whose `write` was running. SQLite drops an unfinished tail of the log when it next opens.
///
/// Once a sync to disk has failed nobody knows what is on disk: from then on every call throws
/// `StoreFailure.uncertain`, and the process must end.
public final class SQLiteStore: Store {
  private let folder: String
  private let options: Options
  private let lock: FolderLock
  private let health: Health
  private let writer: Connection
  private let readers: ReaderPool
  private let checkpointer: Checkpointer

  /// Opens the store in `folder`, which is made if it is missing; an older format is migrated.
  /// - Throws: `StoreFailure.unusable` when another process holds the folder, when the database
  ///   is not a store or of a newer format; other cases when the disk fails.
  public init(folder: String, options: Options = Options()) throws {
    self.folder = folder
    self.options = options
    lock = try FolderLock(folder: folder)
    let path = folder + "/" + Self.databaseName
    let health = Health()
    writer = try Connection.writer(path: path, options: options, health: health)
    checkpointer = try Checkpointer(
      writer: writer, health: health, pages: options.checkpointPages)
    readers = ReaderPool(count: options.readers) {
      try Connection.reader(path: path, options: options, health: health)
    }
    self.health = health
    // The database file itself, and the folder's own entry, must outlive a loss of power too.
    try lock.syncFolder()
  }

  deinit {
    // Closing is orderly shutdown; without it the connections close as they are released, and what
    // was committed stays in the log until the store is next opened.
    try? close()
  }

  /// The database's file name in the folder.
  public static let databaseName = "store.sqlite"

  /// Runs `body` on a reader connection inside a read transaction.
  public func read<R>(_ body: (any StoreReader) throws -> R) throws -> R {
    try health.check()
    return try readers.withConnection { connection in
      try connection.access { _ in
        try health.check()
        try connection[.begin].run()
        defer { connection.endReading() }
        return try body(SQLiteReader(connection))
      }
    }
  }

  /// Runs `body` on the writing connection inside one transaction and commits it to disk.
  public func write<R>(_ body: (any StoreTransaction) throws -> R) throws -> R {
    try health.check()
    let result = try writer.access { _ in
      try health.check()
      return try writer.transaction { try body(SQLiteTransaction(writer)) }
    }
    checkpointer.committed()
    return result
  }

  /// Rewrites the database and empties the write-ahead log (`Connection.scrub`). Readers go on beside
  /// it; one that reads for long makes it fail, and it is to be tried again.
  public func scrub() throws {
    try health.check()
    do {
      try writer.scrub()
    } catch {
      throw health.failure(error, at: .whilePersisting)
    }
  }

  /// Free bytes of the file system that holds the folder, and the bytes of the store's files.
  public func space() throws -> StoreSpace {
    try health.check()
    return try FileSystem.space(
      folder: folder,
      files: ["", "-wal", "-shm"].map { folder + "/" + Self.databaseName + $0 })
  }

  /// Waits for running reads and writes, checkpoints, closes the files and unlocks the folder.
  public func close() throws {
    guard health.close() else { return }
    // Readers first: SQLite checkpoints and removes the log when the last connection closes, which
    // only the writing one may do.
    try readers.close()
    try writer.close()
    lock.release()
  }

  /// The value of a pragma on the writing connection or on a reader; for tests and diagnostics.
  func pragma(_ name: String, onReader: Bool = false) throws -> String? {
    let fetch: (Database) throws -> String? = { try String.fetchOne($0, sql: "PRAGMA \(name)") }
    if onReader { return try readers.withConnection { try $0.access(fetch) } }
    return try writer.access(fetch)
  }

  /// How SQLite would answer a statement, one line per step; for tests.
  func plan(_ sql: String) throws -> [String] {
    try writer.access { _ in
      try writer.query("EXPLAIN QUERY PLAN " + sql).all { $0.text(3) }
    }
  }
}
