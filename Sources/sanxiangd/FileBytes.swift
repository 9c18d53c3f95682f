import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Reading small files, and who else may do so.
enum FileBytes {
  /// A file's bytes; the error names it.
  static func read(_ path: String, limit: Int = 16 << 20) throws -> [UInt8] {
    try read(path, limit: limit) { _ in nil }
  }

  /// The bytes of a file that nobody but its owner may read, who is this user or root. The files of
  /// systemd's credentials folder are shown to this unit alone by other means than their mode.
  static func readSecret(_ path: String, environment: [String: String]) throws -> [UInt8] {
    let credentials = environment["CREDENTIALS_DIRECTORY"].map { $0 + "/" }
    let isCredential =
      credentials.map { path.hasPrefix($0) && !path.contains("/../") } ?? false
    return try read(path) { status in
      if let reason = foreign(status) { return reason }
      let others: mode_t = isCredential ? 0o007 : 0o077
      guard status.st_mode & others != 0 else { return nil }
      return
        "may be read or changed by others than its owner: mode \(octal(status.st_mode)), not 0600"
    }
  }

  /// Refuses a file that others than its owner may change, who is this user or root. One that is
  /// not there is left to who reads it.
  static func checkUnchangeable(_ path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    if let reason = foreign(status) {
      throw DaemonError(.configuration, "file \(path) \(reason)")
    }
    guard status.st_mode & 0o022 == 0 else {
      throw DaemonError(
        .configuration,
        "file \(path) may be changed by others than its owner: mode \(octal(status.st_mode)), "
          + "not 0644 or less")
    }
  }

  /// True when something is there.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// True when it is a file that this user may run.
  static func isExecutable(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      && access(path, X_OK) == 0
  }

  /// Writes a small file whole, by renaming.
  static func write(_ text: String, to path: String) throws {
    do {
      try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw DaemonError(.unavailable, "file \(path) cannot be written: \(error)")
    }
  }

  private static func foreign(_ status: stat) -> String? {
    let own = geteuid()
    guard status.st_uid != own, status.st_uid != 0 else { return nil }
    return "belongs to user \(status.st_uid), neither to \(own), who runs this, nor to root"
  }

  private static func octal(_ mode: mode_t) -> String {
    "0" + String(mode & 0o777, radix: 8)
  }

  /// `judge` sees what was opened, which nobody can exchange any more, and says what is wrong with it.
  private static func read(
    _ path: String, limit: Int = 16 << 20, judge: (stat) -> String?
  ) throws -> [UInt8] {
    func failure() -> DaemonError {
      DaemonError(
        .configuration, "file \(path) cannot be read: \(String(cString: strerror(errno)))")
    }
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw failure() }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw failure() }
    if let reason = judge(status) {
      throw DaemonError(.configuration, "file \(path) \(reason)")
    }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = part.withUnsafeMutableBytes { unistdRead(file, $0) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure() }
      guard count > 0 else { return bytes }
      bytes += part[..<count]
      guard bytes.count <= limit else {
        throw DaemonError(.configuration, "file \(path) has more than \(limit) bytes")
      }
    }
  }

  private static func unistdRead(_ file: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.read(file, buffer.baseAddress, buffer.count)
    #else
      Musl.read(file, buffer.baseAddress, buffer.count)
    #endif
  }
}
