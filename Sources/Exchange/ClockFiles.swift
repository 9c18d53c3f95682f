import Cryptography
import RecordModel

/// The clocks and calendar files that this node has, by their digest. A directory names them; which
/// file is which follows from where it is named.
struct ClockFiles: Sendable {
  /// What a store keeps a file under.
  static func setting(_ digest: Digest) -> String { "file.\(digest)" }

  private var files: [Digest: [UInt8]] = [:]
  private var rules: [Digest: ClockRules] = [:]
  private var calendars: [Digest: WorkingCalendar] = [:]

  /// The files that come with the program, and these.
  init(_ given: [[UInt8]] = [], suite: Suite) {
    let own = [ClockRules.builtIn.bytes] + WorkingCalendar.builtIn.values.map(\.bytes)
    for file in own + given { add(file, as: suite.digest(file), suite) }
  }

  subscript(digest: Digest) -> [UInt8]? { files[digest] }

  /// Takes a file in; which of the two it is, its bytes tell, and one that is neither is of no use.
  mutating func add(_ file: [UInt8], as digest: Digest, _ suite: Suite) {
    guard files.updateValue(file, forKey: digest) == nil else { return }
    rules[digest] = try? ClockRules(parsing: file, suite: suite)
    calendars[digest] = try? WorkingCalendar(parsing: file, suite: suite)
  }

  /// What a directory names that is not here.
  func missing(for directory: FederationDirectory) -> [Digest] {
    Self.named(by: directory).filter { files[$0] == nil }
  }

  /// Every digest that a directory names.
  static func named(by directory: FederationDirectory) -> [Digest] {
    (directory.clocks.map { [$0] } ?? [])
      + directory.calendars.sorted { $0.key < $1.key }.map(\.value)
  }

  /// Makes sure that what a directory names is here and can be used.
  /// - Throws: `directory.files` for a file that is missing, `clock.*` for one that is unusable.
  func check(_ directory: FederationDirectory) throws {
    if let digest = directory.clocks {
      _ = try ClockRules(parsing: needed(digest, "clocks"), suite: directory.suite)
    }
    for (year, digest) in directory.calendars {
      let calendar = try WorkingCalendar(
        parsing: needed(digest, "calendar of \(year)"), suite: directory.suite)
      guard calendar.year == year else {
        throw ExchangeError(
          .directoryFiles, "the directory names a calendar of \(calendar.year) for \(year)")
      }
    }
  }

  private func needed(_ digest: Digest, _ what: String) throws -> [UInt8] {
    guard let file = files[digest] else {
      throw ExchangeError(
        .directoryFiles,
        "the file of the \(what) that the directory names is not here; its digest is \(digest)")
    }
    return file
  }

  /// The rules and calendars that hold for threads begun under a version: its own, and of a year
  /// that it names no calendar for, that of the newest version that does: a node that was away for a
  /// version comes to the same as its peers.
  func book(_ version: UInt64, of directories: [UInt64: FederationDirectory]) -> ClockBook {
    guard let directory = directories[version] else { return ClockBook(rules: nil, calendars: [:]) }
    var named = directory.calendars
    for later in directories.keys.sorted(by: >) where later > version {
      named.merge(directories[later]?.calendars ?? [:]) { own, _ in own }
    }
    return ClockBook(
      rules: directory.clocks.flatMap { rules[$0] },
      calendars: named.compactMapValues { calendars[$0] })
  }
}

extension Ledger {
  /// The rules and calendars that hold for threads begun under a directory version.
  func clockBook(_ version: UInt64) -> ClockBook {
    clockBooks[version] ?? ClockBook(rules: nil, calendars: [:])
  }

  /// Works out the books of every directory known. Call it when a directory or a file was added.
  mutating func refreshClockBooks() {
    clockBooks = directories.keys.reduce(into: [:]) { books, version in
      books[version] = clockFiles.book(version, of: directories)
    }
  }
}
