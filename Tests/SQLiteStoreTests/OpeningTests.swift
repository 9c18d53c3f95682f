import Exchange
import Foundation
import GRDB
import RecordModel
import SanxiangTesting
import Testing

@testable import SQLiteStore

@Suite struct OpeningTests {
  let folder = TemporaryFolder()

  @Test(arguments: [
    ("journal_mode", "wal", "wal"), ("synchronous", "2", nil), ("wal_autocheckpoint", "0", nil),
    ("page_size", "16384", "16384"), ("cache_size", "-2048", "-256"), ("secure_delete", "1", nil),
    ("foreign_keys", "0", "0"), ("trusted_schema", "0", "0"), ("temp_store", "2", "2"),
  ])
  func `The live connections have the settings that durability rests on`(
    pragma: String, writer: String, reader: String?
  ) throws {
    let store = try SQLiteStore(folder: folder.path)
    #expect(try store.pragma(pragma) == writer)
    if let reader { #expect(try store.pragma(pragma, onReader: true) == reader) }
    try store.close()
  }

  @Test func `A reader cannot write`() throws {
    let store = try SQLiteStore(folder: folder.path)
    #expect(throws: (any Error).self) { try store.pragma("user_version = 7", onReader: true) }
    #expect(try store.pragma("user_version") == "0")
  }

  @Test func `Every statement can be prepared`() throws {
    let store = try SQLiteStore(folder: folder.path)
    try store.write { transaction in
      let connection = try #require(transaction as? SQLiteTransaction).connection
      for name in StatementName.allCases { _ = try connection[name] }
    }
  }

  @Test func `Folder and files are for their owner only, whatever the umask`() throws {
    let store = try SQLiteStore(folder: folder.path)
    try store.write { try $0.set("a", to: [1]) }
    #expect(try folder.mode() == 0o700)
    for file in ["store.sqlite", "store.sqlite-wal", "store.sqlite-shm", "lock"] {
      #expect(try folder.mode(file) == 0o600, "\(file)")
    }
  }

  @Test(arguments: [0o755, 0o750, 0o770, 0o701])
  func `A folder that others can enter is refused, and left as it is`(mode: Int) throws {
    try folder.write([1], to: "theirs")
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder.path)
    let failure = #expect(throws: StoreFailure.self) { try SQLiteStore(folder: folder.path) }
    guard case .unusable(let message) = try #require(failure) else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(message.hasPrefix(folder.path))
    #expect(try folder.mode() == mode)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["theirs"])
  }

  @Test func `A folder that is somebody else's is refused, root's own rights notwithstanding`()
    throws
  {
    // Only root can give a folder away; any other user meets a folder of root's.
    let other: String
    if geteuid() == 0 {
      try folder.write([1], to: "theirs")
      try #require(chmod(folder.path, 0o700) == 0 && chown(folder.path, 12_345, 0) == 0)
      other = folder.path
    } else {
      other = "/root"
    }
    let failure = #expect(throws: StoreFailure.self) { try SQLiteStore(folder: other) }
    guard case .unusable(let message) = try #require(failure) else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(message.contains(other))
  }

  @Test func `A second opener is turned away and told who holds the folder`() throws {
    let store = try SQLiteStore(folder: folder.path)
    let failure = #expect(throws: StoreFailure.self) { try SQLiteStore(folder: folder.path) }
    guard case .unusable(let message) = try #require(failure) else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(message.contains("process \(getpid())"))
    try store.write { try $0.set("a", to: [1]) }
    try store.close()
    let next = try SQLiteStore(folder: folder.path)
    #expect(try next.read { try $0.setting("a") } == [1])
  }

  @Test func `Another process is turned away too, and a lock file left behind locks nobody out`()
    throws
  {
    try folder.write(Array("99999\n".utf8), to: "lock")
    let store = try SQLiteStore(folder: folder.path)
    #expect(try flockFromAnotherProcess() != 0)
    try store.close()
    #expect(try flockFromAnotherProcess() == 0)
  }

  /// The exit status of `flock -n` on the lock file: 0 when it got the lock.
  private func flockFromAnotherProcess() throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
    process.arguments = ["--nonblock", folder.file("lock"), "true"]
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test func `A folder that cannot be made, or is a file, is a failure`() throws {
    try folder.write([1], to: "file")
    for path in [folder.file("file"), folder.file("missing/folder")] {
      #expect(throws: StoreFailure.self, "\(path)") { try SQLiteStore(folder: path) }
    }
  }

  @Test func `Closing checkpoints: one file and the lock are left`() throws {
    let store = try SQLiteStore(folder: folder.path)
    try store.write { try $0.set("a", to: [1]) }
    _ = try store.read { try $0.setting("a") }
    try store.close()
    #expect(folder.exists("store.sqlite"))
    #expect(!folder.exists("store.sqlite-wal"))
    #expect(!folder.exists("store.sqlite-shm"))
  }

  @Test func `A store that is let go without closing can be opened again`() throws {
    do {
      let store = try SQLiteStore(folder: folder.path)
      try store.write { try $0.set("a", to: [1]) }
    }
    let store = try SQLiteStore(folder: folder.path)
    #expect(try store.read { try $0.setting("a") } == [1])
  }

  @Test func `The log is copied into the database as it grows, and stays bounded`() throws {
    let store = try SQLiteStore(folder: folder.path, options: .init(checkpointPages: 8))
    try write(60, to: store)
    // Without checkpoints the log would hold some 360 pages.
    #expect(try logPages() < 64)
    try store.close()
  }

  @Test func `A long read lets the log grow only for as long as it lasts`() throws {
    let store = try SQLiteStore(folder: folder.path, options: .init(checkpointPages: 8))
    try store.write { try $0.set("0", to: [1]) }
    try store.read { reader in
      #expect(try reader.setting("0") == [1])
      try write(16, to: store)
      #expect(try reader.setting("0") == [1])
      #expect(try logPages() > 64)
    }
    try write(16, to: store)
    #expect(try logPages() < 64)
    #expect(try store.read { try $0.setting("0")?.count } == 60_000)
    try store.close()
  }

  /// Each write changes about six pages.
  private func write(_ count: Int, to store: SQLiteStore) throws {
    for round in 0..<count {
      try store.write { try $0.set("\(round % 4)", to: [UInt8](repeating: 7, count: 60_000)) }
    }
  }

  private func logPages() throws -> Int {
    try folder.bytes("store.sqlite-wal").count / 16_384
  }
}
