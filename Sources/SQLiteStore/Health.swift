import Exchange
import GRDB
import Synchronization

/// Whether the store may still be used, shared by all of its connections.
final class Health: Sendable {
  private enum Condition {
    case open
    case closed
    case lost(String)
  }

  private let condition = Mutex(Condition.open)

  func check() throws {
    switch condition.withLock({ $0 }) {
    case .open: return
    case .closed: throw StoreFailure.failed("the store is closed")
    case .lost(let reason): throw StoreFailure.uncertain(reason)
    }
  }

  /// Marks the store closed; false if it was already.
  func close() -> Bool {
    condition.withLock { condition in
      if case .closed = condition { return false }
      condition = .closed
      return true
    }
  }

  /// Nobody knows any more what is on disk.
  func lose(_ reason: String) -> StoreFailure {
    condition.withLock { condition in
      if case .open = condition { condition = .lost(reason) }
    }
    return .uncertain(reason)
  }

  /// When an error came.
  enum Moment {
    /// While preparing, reading, or changing what is not yet committed.
    case beforeCommit
    /// While the commit was being written and synced, or a checkpoint.
    case whilePersisting
  }

  /// What a SQLite error means for the caller.
  func failure(_ error: any Error, at moment: Moment) -> StoreFailure {
    switch error {
    case let failure as StoreFailure: failure
    case let error as DatabaseError: failure(error, at: moment)
    default: .failed(String(describing: error))
    }
  }

  private func failure(_ error: DatabaseError, at moment: Moment) -> StoreFailure {
    let message = "\(error.extendedResultCode): \(error.message ?? "no message")"
    switch error.extendedResultCode {
    case .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC:
      return lose(message)
    default:
      break
    }
    switch error.resultCode {
    case .SQLITE_FULL: return .full(message)
    case .SQLITE_IOERR where moment == .whilePersisting: return lose(message)
    case .SQLITE_CORRUPT: return .corrupt(message)
    case .SQLITE_NOTADB: return .unusable(message)
    default: return .failed(message)
    }
  }
}
