import FoundationEssentials

/// The few things that a measurement does with files.
enum Files {
  static func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Writes a file that only its owner can read.
  static func write(_ bytes: [UInt8], to path: String) throws {
    let made = FileManager.default.createFile(
      atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
    guard made else { throw BenchError("cannot write \(path)") }
  }

  static func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
