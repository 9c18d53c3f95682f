import Exchange
import GRDB
import GRDBSQLite

/// One SQLite connection with its prepared statements.
///
/// @unchecked Sendable: `database`, `queries` and `doom` are touched only inside `access`, which
/// runs on the serial queue of the connection that GRDB owns; everything else is constant.
final class Connection: @unchecked Sendable {
  private let queue: DatabaseQueue
  /// What `queue` lends; GRDB traps when it is used outside `access`.
  private let database: Database
  let health: Health
  private var queries: [Query?] = Array(repeating: nil, count: StatementName.allCases.count)
  /// The first SQLite error of the transaction that is running: it can only be rolled back.
  private var doom: StoreFailure?

  private init(queue: DatabaseQueue, health: Health) {
    self.queue = queue
    self.health = health
    database = queue.inDatabase { $0 }
  }

  /// Opens the connection that writes, migrates the format and makes it durable.
  static func writer(
    path: String, options: SQLiteStore.Options, health: Health
  ) throws -> Connection {
    do {
      let queue = try DatabaseQueue(path: path, configuration: .writer(options))
      try queue.inDatabase { database in
        try Format.checkBeforeMigrating(database)
        try database.makeDurable()
      }
      try Format.migrate(queue)
      return Connection(queue: queue, health: health)
    } catch {
      throw health.failure(error, at: .beforeCommit)
    }
  }

  /// Opens a connection that only reads. The writing one must be open.
  static func reader(
    path: String, options: SQLiteStore.Options, health: Health
  ) throws -> Connection {
    do {
      let queue = try DatabaseQueue(path: path, configuration: .reader(options))
      return Connection(queue: queue, health: health)
    } catch {
      throw health.failure(error, at: .beforeCommit)
    }
  }

  /// Runs `body` alone on this connection; blocks until those before it have finished.
  func access<R>(_ body: (Database) throws -> R) throws -> R {
    try queue.inDatabase(body)
  }

  /// Runs `body` later, after those that wait now.
  func asyncAccess(_ body: @escaping @Sendable (Database) -> Void) {
    queue.asyncWriteWithoutTransaction(body)
  }

  /// Runs `body` in one transaction. When it throws, or when any statement in it failed, nothing
  /// of it stays.
  func transaction<R>(_ body: () throws -> R) throws -> R {
    doom = nil
    do { try database.beginTransaction(.immediate) } catch {
      throw health.failure(error, at: .beforeCommit)
    }
    let result: R
    do {
      result = try body()
      if let doom { throw doom }
    } catch {
      rollBack()
      throw error
    }
    do { try database.commit() } catch {
      rollBack()
      throw health.failure(error, at: .whilePersisting)
    }
    return result
  }

  /// Ends the read transaction; there is nothing that could be lost.
  func endReading() {
    do { try self[.commit].run() } catch {
      // The snapshot stays open; the next `begin` fails and says so.
    }
  }

  func close() throws {
    do {
      queue.inDatabase { _ in queries.removeAll() }
      try queue.close()
    } catch {
      throw health.failure(error, at: .whilePersisting)
    }
  }

  /// A prepared statement of this connection; prepared on its first use.
  subscript(name: StatementName) -> Query {
    get throws {
      if let query = queries[name.rawValue] { return query }
      let query = try prepare(name.sql)
      queries[name.rawValue] = query
      return query
    }
  }

  /// A statement whose text depends on the question; GRDB keeps it prepared.
  func query(_ sql: String) throws -> Query {
    do { return Query(try database.cachedStatement(sql: sql), connection: self) } catch {
      throw health.failure(error, at: .beforeCommit)
    }
  }

  private func prepare(_ sql: String) throws -> Query {
    do { return Query(try database.makeStatement(sql: sql), connection: self) } catch {
      throw health.failure(error, at: .beforeCommit)
    }
  }

  /// Called by a query of this connection before it runs.
  func checkUndoomed() throws {
    if let doom { throw doom }
  }

  /// Called by a query of this connection whose step failed: what SQLite says, as the store says it.
  func fail(_ code: CInt, _ handle: OpaquePointer) -> StoreFailure {
    let message = String(cString: sqlite3_errmsg(sqlite3_db_handle(handle)))
    let error = DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
    let failure = health.failure(error, at: .beforeCommit)
    // SQLite may have rolled back by itself, after which later statements would each commit alone.
    if !queue.configuration.readonly { doom = failure }
    return failure
  }

  private func rollBack() {
    doom = nil
    do { try database.rollback() } catch {
      // SQLite has usually rolled back by itself already, which is the error here.
    }
    if database.isInsideTransaction {
      _ = health.lose("a transaction could not be rolled back")
    }
  }
}

extension Configuration {
  fileprivate static func writer(_ options: SQLiteStore.Options) -> Configuration {
    var configuration = common
    configuration.label = "sanxiang.store.writer"
    // GRDB's own WAL mode would write to a database that is then refused, and sets
    // synchronous=NORMAL; `makeDurable` turns WAL on instead.
    configuration.journalMode = .default
    // Only a checkpoint that waits for readers can meet a busy database.
    configuration.busyMode = .timeout(0.25)
    configuration.prepareDatabase { database in
      // Takes effect only on a database that is still empty.
      try database.execute(sql: "PRAGMA page_size = \(options.pageBytes)")
      try database.execute(sql: "PRAGMA cache_size = -\(options.writerCacheKiB)")
      // What is deleted is overwritten, freed pages too: erased payloads must go.
      try database.execute(sql: "PRAGMA secure_delete = ON")
      // Checkpoints are run by `Checkpointer`, which hears when one fails.
      try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
      try database.execute(
        sql: "PRAGMA journal_size_limit = \(2 * options.checkpointPages * options.pageBytes)")
      if options.maximumPages > 0 {
        try database.execute(sql: "PRAGMA max_page_count = \(options.maximumPages)")
      }
    }
    return configuration
  }

  fileprivate static func reader(_ options: SQLiteStore.Options) -> Configuration {
    var configuration = common
    configuration.label = "sanxiang.store.reader"
    configuration.readonly = true
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA cache_size = -\(options.readerCacheKiB)")
    }
    return configuration
  }

  private static var common: Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    // Row values never belong in an error message.
    configuration.publicStatementArguments = false
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA temp_store = MEMORY")
      try database.execute(sql: "PRAGMA trusted_schema = OFF")
    }
    return configuration
  }
}

extension Database {
  /// Turns on WAL and `synchronous=FULL`, and makes sure of both.
  fileprivate func makeDurable() throws {
    let mode = try String.fetchOne(self, sql: "PRAGMA journal_mode = WAL")
    try execute(sql: "PRAGMA synchronous = FULL")
    let level = try Int.fetchOne(self, sql: "PRAGMA synchronous")
    guard mode == "wal", level == 2 else {
      throw StoreFailure.unusable("SQLite does not keep WAL with synchronous=FULL here")
    }
  }
}
