public import Exchange
import GRDB
import Glibc

extension SQLiteStore {
  /// Reads one consistent state of the store in `folder` without being its node: takes no lock,
  /// changes no record and no format, and may run beside a node that works. For auditors.
  ///
  /// The state is that of the moment at which `body` reads first. While `body` runs, a working node's
  /// write-ahead log cannot be emptied and grows; nothing else waits for it. SQLite needs its two
  /// side files (`-wal`, `-shm`) beside the database and makes them if they are missing, so a copy
  /// has to lie where this process may write.
  /// - Throws: `StoreFailure.unusable` when there is no store, or one of another format;
  ///   what `body` throws; other cases when the disk fails.
  public static func inspect<R>(
    folder: String, _ body: (any StoreReader) throws -> R
  ) throws -> R {
    let path = folder + "/" + databaseName
    guard access(path, R_OK) == 0 else {
      throw StoreFailure.unusable("cannot read \(path): \(String(cString: strerror(errno)))")
    }
    let connection = try Connection.reader(
      path: path, options: Options(readerCacheKiB: 16 << 10), health: Health())
    defer { try? connection.close() }
    return try connection.access { database in
      try Format.check(database)
      try connection[.begin].run()
      defer { connection.endReading() }
      return try body(SQLiteReader(connection))
    }
  }
}
