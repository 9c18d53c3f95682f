import Cryptography
import RecordModel

/// The rules and calendars that directories name by digest: from a source, or those that come with
/// this program. Whatever a source hands over is what it must be, by its digest, or not used.
struct ClockShelf {
  private let directories: DirectoryHistory
  private let source: any AuditSource
  private var books: [UInt64: ClockBook] = [:]
  private var files: [Digest: [UInt8]] = [:]

  init(_ directories: DirectoryHistory, _ source: any AuditSource) {
    self.directories = directories
    self.source = source
    for file in [ClockRules.builtIn.bytes] + WorkingCalendar.builtIn.values.map(\.bytes) {
      files[directories.suite.digest(file)] = file
    }
  }

  /// What holds for threads begun under a version: its own, and of a year that it names no calendar
  /// for, that of the newest version that does, as nodes do it.
  mutating func book(_ version: UInt64) throws -> ClockBook {
    if let book = books[version] { return book }
    guard let directory = directories.versions[version] else {
      return ClockBook(rules: nil, calendars: [:])
    }
    var named = directory.calendars
    for later in directories.versions.keys.sorted(by: >) where later > version {
      named.merge(directories.versions[later]?.calendars ?? [:]) { own, _ in own }
    }
    var calendars: [Int: WorkingCalendar] = [:]
    for (year, digest) in named {
      guard let file = try file(digest) else { continue }
      calendars[year] = try? WorkingCalendar(parsing: file, suite: directories.suite)
    }
    var rules: ClockRules?
    if let digest = directory.clocks, let file = try file(digest) {
      rules = try? ClockRules(parsing: file, suite: directories.suite)
    }
    let book = ClockBook(rules: rules, calendars: calendars)
    books[version] = book
    return book
  }

  private mutating func file(_ digest: Digest) throws -> [UInt8]? {
    if let file = files[digest] { return file }
    guard let file = try source.directoryFile(digest), directories.suite.digest(file) == digest
    else { return nil }
    files[digest] = file
    return file
  }
}
