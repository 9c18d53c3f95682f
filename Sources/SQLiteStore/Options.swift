extension SQLiteStore {
  /// Limits and sizes of a store. The defaults were chosen by measurement.
  public struct Options: Sendable, Hashable {
    /// How many reads run at once; more of them wait. Default 4.
    public var readers: Int
    /// The writing connection's page cache in KiB. Default 2048.
    public var writerCacheKiB: Int
    /// Each reader's page cache in KiB. Default 256.
    public var readerCacheKiB: Int
    /// Bytes per page of a database that is still to be made. Default 16,384: five records of the
    /// usual size to a page, and payloads up to 15 KiB beside their header.
    public var pageBytes: Int
    /// How many pages the write-ahead log holds before they are copied into the database.
    /// Default 1024 (16 MiB).
    public var checkpointPages: Int
    /// The most pages that the database may have: with a full disk's answer beyond it.
    /// 0 for SQLite's own limit.
    public var maximumPages: Int

    /// The defaults, changed where wanted.
    public init(
      readers: Int = 4, writerCacheKiB: Int = 2048, readerCacheKiB: Int = 256,
      pageBytes: Int = 16_384, checkpointPages: Int = 1024, maximumPages: Int = 0
    ) {
      self.readers = readers
      self.writerCacheKiB = writerCacheKiB
      self.readerCacheKiB = readerCacheKiB
      self.pageBytes = pageBytes
      self.checkpointPages = checkpointPages
      self.maximumPages = maximumPages
    }
  }
}
