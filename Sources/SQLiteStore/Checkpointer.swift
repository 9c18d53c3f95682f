import Exchange
import GRDB
import GRDBSQLite
import Synchronization

/// Copies the write-ahead log into the database when it has grown, on the writing connection,
/// after the commit has been answered.
///
/// SQLite's own automatic checkpoint hides its errors; here a failed sync is heard, and the store is
/// lost. Running out of room is not an error: everything is in the log, and the next one tries again.
final class Checkpointer: Sendable {
  private let writer: Connection
  private let health: Health
  private let threshold: Int
  private let meter: LogMeter
  private let isScheduled = Atomic(false)

  init(writer: Connection, health: Health, pages: Int) throws {
    self.writer = writer
    self.health = health
    threshold = max(1, pages)
    meter = try LogMeter(writer)
  }

  /// Called after each commit.
  func committed() {
    guard meter.pages >= threshold else { return }
    guard isScheduled.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged
    else { return }
    writer.asyncAccess { [self] database in
      isScheduled.store(false, ordering: .relaxed)
      run(database)
    }
  }

  private func run(_ database: Database) {
    let pages = meter.pages
    guard pages >= threshold, (try? health.check()) != nil else { return }
    do {
      // A reader that began before the newest commit keeps the log from starting over. When that
      // goes on for long, wait for such readers once; reads are short.
      let result = try database.checkpoint(pages >= 4 * threshold ? .restart : .passive)
      if result.checkpointedFrameCount == result.walFrameCount { meter.reset() }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
      return
    } catch {
      _ = health.failure(error, at: .whilePersisting)
    }
  }
}

/// How many pages the log held after the last commit, as SQLite's hook tells.
private final class LogMeter: Sendable {
  private let count = Atomic(0)

  var pages: Int { count.load(ordering: .relaxed) }

  init(_ connection: Connection) throws {
    try connection.access { database in
      // The connection lives in the same store as this meter's owner and closes before it is
      // released; the hook runs inside that connection's own calls only.
      _ = sqlite3_wal_hook(
        database.sqliteConnection,
        { context, _, _, pages in
          // `context` is the meter below, alive as long as the connection is.
          if let context {
            Unmanaged<LogMeter>.fromOpaque(context).takeUnretainedValue()
              .count.store(Int(pages), ordering: .relaxed)
          }
          return SQLITE_OK
        }, Unmanaged.passUnretained(self).toOpaque())
    }
  }

  /// Everything is in the database: the log starts over with the next commit.
  func reset() { count.store(0, ordering: .relaxed) }
}
