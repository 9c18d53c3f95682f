import Foundation
import Synchronization

/// What the tests do with files.
enum Files {
  static func bytes(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Trouble("cannot read \(path)")
    }
    return Array(data)
  }

  static func text(_ path: String) throws -> String {
    String(decoding: try bytes(path), as: UTF8.self)
  }

  /// Writes a file that only its owner can read.
  static func write(_ bytes: [UInt8], to path: String, mode: Int = 0o600) throws {
    let made = FileManager.default.createFile(
      atPath: path, contents: Data(bytes), attributes: [.posixPermissions: mode])
    guard made else { throw Trouble("cannot write \(path)") }
  }

  static func write(_ text: String, to path: String, mode: Int = 0o600) throws {
    try write(Array(text.utf8), to: path, mode: mode)
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  static func copy(_ from: String, to: String) throws {
    try FileManager.default.copyItem(atPath: from, toPath: to)
  }

  static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

  static func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// A file's permission bits and its type, as stat(2) tells them.
  static func mode(_ path: String) throws -> mode_t {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw Trouble("no \(path)") }
    return status.st_mode
  }
}

/// The folder of this test process, in `/tmp` because a Unix socket's path has at most 107 bytes.
/// Removed when the process ends.
final class Workshop: Sendable {
  static let shared = Workshop()

  let folder = "/tmp/sxe-\(getpid())"
  private let number = Mutex(0)

  /// A path that nothing has yet.
  func fresh(_ name: String) throws -> String {
    let number = number.withLock { number in
      number += 1
      return number
    }
    if number == 1 {
      Files.remove(folder)
      try Files.makeFolder(folder)
      Reaper.shared.folder(folder)
    }
    return "\(folder)/\(name)\(number)"
  }
}
