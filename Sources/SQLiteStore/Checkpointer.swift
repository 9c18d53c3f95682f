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
  /// The size of the log at which the next checkpoint is due.
  private let due: Atomic<Int>

  init(writer: Connection, health: Health, pages: Int) throws {
    self.writer = writer
    self.health = health
    threshold = max(1, pages)
    due = Atomic(max(1, pages))
    meter = try LogMeter(writer)
  }

  /// Called after each commit.
  func committed() {
    let pages = meter.pages
    // The log has started over.
    if pages < threshold { due.store(threshold, ordering: .relaxed) }
    guard pages >= due.load(ordering: .relaxed) else { return }
    guard isScheduled.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged
    else { return }
    writer.asyncAccess { [self] database in
      isScheduled.store(false, ordering: .relaxed)
      run(database)
    }
  }

  private func run(_ database: Database) {
    guard (try? health.check()) != nil else { return }
    let pages = meter.pages
    // A reader that began before the newest commit keeps the log from starting over, and it grows
    // on. What is in it by now is copied at every `threshold` pages, not at every commit.
    due.store(pages + threshold, ordering: .relaxed)
    do {
      // When that goes on for long, wait a moment for such readers; reads are short.
      _ = try database.checkpoint(pages >= 4 * threshold ? .restart : .passive)
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
}
