#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The state folder of a watch: small files, each written whole, brought to disk and renamed, its name
/// brought to disk too, before anybody is told of what is in it. One process at a time.
///
/// A crash leaves whole files, and perhaps one whose name ends in `.new`, which nobody reads.
public final class WatchFolder: Sendable {
  /// Something that is about to be done to the disk; a test may stop there.
  public enum Step: String, Sendable, CaseIterable {
    case create, write, sync, rename, settle
  }

  /// The folder.
  public let path: String
  private let lock: Int32
  private let step: @Sendable (Step, String) throws -> Void

  /// Opens the folder, makes it if it is missing, and holds it against a second watch.
  /// - Throws: `WatchError`.
  public init(
    path: String, step: @escaping @Sendable (Step, String) throws -> Void = { _, _ in }
  ) throws {
    self.path = path
    self.step = step
    for folder in ["", "/logs", "/directories", "/evidence"] {
      guard mkdir(path + folder, 0o700) == 0 || errno == EEXIST else {
        throw Self.failure(path + folder)
      }
    }
    lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard lock >= 0 else { throw Self.failure(path) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      // `deinit` closes it: all of the object is there.
      throw WatchError(.state, "\(path) is held by another watch")
    }
  }

  deinit {
    // A child that another thread is just starting has the folder open too: closing alone would
    // leave the lock to it.
    flock(lock, LOCK_UN)
    close(lock)
  }

  /// A file's bytes; nil where there is none.
  public func read(_ name: String, limit: Int = 8 << 20) throws -> [UInt8]? {
    let file = open("\(path)/\(name)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    if file < 0, errno == ENOENT { return nil }
    guard file >= 0 else { throw Self.failure("\(path)/\(name)") }
    defer { close(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count <= limit {
      let count = part.withUnsafeMutableBytes { Self.read(file, $0) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.failure("\(path)/\(name)") }
      if count == 0 { return bytes }
      bytes += part[..<count]
    }
    throw WatchError(.state, "\(path)/\(name) is too long")
  }

  /// The names in a folder, sorted, without those that a crash left behind.
  public func names(in folder: String) throws -> [String] {
    guard let stream = opendir("\(path)/\(folder)") else {
      throw Self.failure("\(path)/\(folder)")
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix("."), !name.hasSuffix(".new") { names.append(name) }
    }
    return names.sorted()
  }

  /// Writes a file; it and its name are on disk when this returns.
  public func write(_ bytes: [UInt8], to name: String) throws {
    let full = "\(path)/\(name)"
    try step(.create, name)
    let file = open(full + ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw Self.failure(full) }
    defer { close(file) }
    try step(.write, name)
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { Self.write(file, $0) }
      if sent < 0, errno == EINTR { continue }
      guard sent > 0 else { throw Self.failure(full) }
      rest = rest.dropFirst(sent)
    }
    try step(.sync, name)
    guard fsync(file) == 0 else { throw Self.failure(full) }
    try step(.rename, name)
    guard rename(full + ".new", full) == 0 else { throw Self.failure(full) }
    try step(.settle, name)
    try settle(name.lastIndex(of: "/").map { String(name[..<$0]) } ?? ".")
  }

  /// Takes a file away.
  public func remove(_ name: String) throws {
    guard unlink("\(path)/\(name)") == 0 || errno == ENOENT else {
      throw Self.failure("\(path)/\(name)")
    }
    try settle(name.lastIndex(of: "/").map { String(name[..<$0]) } ?? ".")
  }

  private func settle(_ folder: String) throws {
    let descriptor = open("\(path)/\(folder)", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure("\(path)/\(folder)") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw Self.failure("\(path)/\(folder)") }
  }

  private static func failure(_ path: String) -> WatchError {
    WatchError(.storage, "\(path): \(String(cString: strerror(errno)))")
  }

  private static func read(_ file: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.read(file, buffer.baseAddress, buffer.count)
    #else
      Musl.read(file, buffer.baseAddress, buffer.count)
    #endif
  }

  private static func write(_ file: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.write(file, buffer.baseAddress, buffer.count)
    #else
      Musl.write(file, buffer.baseAddress, buffer.count)
    #endif
  }
}
