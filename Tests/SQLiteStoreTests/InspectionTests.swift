import Exchange
import SanxiangTesting
import Testing

@testable import SQLiteStore

@Suite("Reading a store without being its node")
struct InspectionTests {
  private func setting(_ reader: any StoreReader) throws -> [UInt8]? {
    try reader.setting("test.value")
  }

  @Test("sees what was committed before its first read, and nothing of what comes after")
  func snapshot() throws {
    let folder = TemporaryFolder()
    let store = try SQLiteStore(folder: folder.path)
    try store.write { try $0.set("test.value", to: [1]) }
    try SQLiteStore.inspect(folder: folder.path) { reader in
      #expect(try setting(reader) == [1])
      try store.write { try $0.set("test.value", to: [2]) }
      #expect(try setting(reader) == [1])
    }
    #expect(try SQLiteStore.inspect(folder: folder.path, setting) == [2])
    try store.close()
    #expect(try SQLiteStore.inspect(folder: folder.path, setting) == [2])
  }

  @Test("leaves the folder free for its node, and the node's lock alone")
  func lock() throws {
    let folder = TemporaryFolder()
    try SQLiteStore(folder: folder.path).close()
    try SQLiteStore.inspect(folder: folder.path) { reader in
      #expect(try setting(reader) == nil)
      let store = try SQLiteStore(folder: folder.path)
      try store.write { try $0.set("test.value", to: [3]) }
      try store.close()
    }
    let again = try SQLiteStore(folder: folder.path)
    #expect(try again.read(setting) == [3])
  }

  @Test("reads a copy that was taken while the node was writing")
  func copy() throws {
    let folder = TemporaryFolder()
    let store = try SQLiteStore(folder: folder.path)
    try store.write { try $0.set("test.value", to: [4]) }
    let copy = TemporaryFolder()
    for name in ["store.sqlite", "store.sqlite-wal"] where folder.exists(name) {
      try copy.write(try folder.bytes(name), to: name)
    }
    #expect(try SQLiteStore.inspect(folder: copy.path, setting) == [4])
  }

  @Test("says what is no store", arguments: [nil, [UInt8](), Array("SQLite format 2\0".utf8)])
  func unusable(bytes: [UInt8]?) throws {
    let folder = TemporaryFolder()
    if let bytes { try folder.write(bytes, to: "store.sqlite") }
    #expect {
      try SQLiteStore.inspect(folder: folder.path, setting)
    } throws: { error in
      if case .unusable = error as? StoreFailure { true } else { false }
    }
  }
}
