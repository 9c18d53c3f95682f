import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The few things that a measurement does with files.
enum Files {
  /// Makes a folder for its owner alone; one that is there already is an error.
  static func makeFolder(_ path: String) throws {
    guard mkdir(path, 0o700) == 0 else {
      throw BenchError("cannot make \(path): \(String(cString: strerror(errno)))")
    }
  }

  /// Makes a folder with a name that nobody could guess, for its owner alone.
  static func makeTemporaryFolder(in parent: String) throws -> String {
    // Short, because a Unix socket's path must be.
    var name = Array((parent + "/sxb-XXXXXX").utf8CString)
    guard mkdtemp(&name) != nil else {
      throw BenchError("cannot make a folder in \(parent): \(String(cString: strerror(errno)))")
    }
    return String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Writes a new file that only its owner can read. Whatever is there already, a link too, is an
  /// error.
  static func write(_ bytes: [UInt8], to path: String) throws {
    let file = try create(path)
    defer { close(file) }
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { unistdWrite(file, $0) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw BenchError("cannot write \(path): \(String(cString: strerror(errno)))")
      }
      sent += count
    }
  }

  /// A new file's descriptor; the caller closes it.
  static func create(_ path: String) throws -> Int32 {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      throw BenchError("cannot make \(path): \(String(cString: strerror(errno)))")
    }
    return file
  }

  private static func unistdWrite(_ file: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.write(file, bytes.baseAddress, bytes.count)
    #else
      Musl.write(file, bytes.baseAddress, bytes.count)
    #endif
  }

  static func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Removes a file or a folder with all that is in it; follows no link.
  static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
