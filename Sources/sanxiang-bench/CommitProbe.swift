import Exchange
import SQLiteStore

/// How many small durable transactions the disk takes in a second, one at a time.
enum CommitProbe {
  /// Works in a folder that it makes and removes.
  static func run(folder: String, count: Int = 300) throws -> Double {
    try Files.makeFolder(folder)
    defer { Files.remove(folder) }
    let store = try SQLiteStore(folder: folder)
    let start = ContinuousClock.now
    for number in 0..<count {
      try store.write { try $0.set("probe", to: Array(String(number).utf8)) }
    }
    let seconds = (ContinuousClock.now - start).milliseconds / 1000
    try store.close()
    return Double(count) / seconds
  }
}
