import Cryptography
import FoundationEssentials
import RecordModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Reading and writing files with errors that name them.
enum Files {
  /// A file's bytes, `-` for standard input; at most `limit`.
  static func read(_ path: String, limit: Int = 8 << 20) throws -> [UInt8] {
    let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Failure(.failed, "file.read", "\(path): \(String(cString: strerror(errno)))")
    }
    defer { if path != "-" { close(descriptor) } }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = part.withUnsafeMutableBytes { unistdRead(descriptor, $0) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw Failure(.failed, "file.read", "\(path): \(String(cString: strerror(errno)))")
      }
      guard count > 0 else { return bytes }
      bytes += part[..<count]
      guard bytes.count <= limit else {
        throw Failure(
          .failed, "file.tooLarge",
          say("\(path)：超过 \(limit) 字节", "\(path): longer than \(limit) bytes"))
      }
    }
  }

  private static func unistdRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer)
    -> Int
  {
    #if canImport(Glibc)
      Glibc.read(descriptor, buffer.baseAddress, buffer.count)
    #else
      Musl.read(descriptor, buffer.baseAddress, buffer.count)
    #endif
  }

  /// Writes a file whole, or not at all, through a temporary file beside it. With `replacing` false
  /// a file that is there already is an error: keys are never overwritten.
  static func write(
    _ bytes: [UInt8], to path: String, mode: mode_t = 0o644, replacing: Bool = false
  ) throws {
    func fail(_ path: String) -> Failure {
      Failure(.failed, "file.write", "\(path): \(String(cString: strerror(errno)))")
    }
    // A name of its own for each attempt: what an earlier one left behind is in nobody's way.
    let temporary = path + "." + SecureRandom.bytes(6).map { hexadecimal($0) }.joined() + ".new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw fail(temporary) }
    var isMoved = false
    defer { if !isMoved { unlink(temporary) } }
    do {
      defer { close(descriptor) }
      var sent = 0
      while sent < bytes.count {
        let count = bytes[sent...].withUnsafeBytes { unistdWrite(descriptor, $0) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw fail(temporary) }
        sent += count
      }
      guard fsync(descriptor) == 0 else { throw fail(temporary) }
    }
    // link(2) refuses to replace, rename(2) replaces at once.
    guard replacing ? rename(temporary, path) == 0 : link(temporary, path) == 0 else {
      throw fail(path)
    }
    isMoved = replacing
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }

  private static func unistdWrite(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, buffer.baseAddress, buffer.count)
    #else
      Musl.write(descriptor, buffer.baseAddress, buffer.count)
    #endif
  }

  /// Makes a folder that only its owner can enter; one that is there is left as it is.
  static func makeFolder(_ path: String) throws {
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw Failure(.failed, "file.write", "\(path): \(String(cString: strerror(errno)))")
    }
  }

  /// The path as seen from any working folder.
  static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/") else { return path }
    return FileManager.default.currentDirectoryPath + "/" + path
  }

  /// True when something is there.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}

extension Timestamp {
  /// The wall clock.
  static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
