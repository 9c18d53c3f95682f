import Auditor
import RecordModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An export in a folder. Nothing outside it can be reached: no part of a path may be a link, and only
/// ordinary files are read, so that neither a pipe nor a device can stall an audit.
final class ExportFiles: ExportBytes {
  /// Files that stay open: logs are read a window at a time, several beside each other.
  private static let openLimit = 8

  let path: String
  private let root: Int32
  /// Oldest first.
  private var opened: [(name: String, descriptor: Int32)] = []

  /// Opens the folder, which may itself be named by a link.
  init(path: String) throws {
    self.path = path
    root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard root >= 0 else {
      throw Failure(.unreachable, "file.read", "\(path): \(String(cString: strerror(errno)))")
    }
  }

  deinit {
    for file in opened { close(file.descriptor) }
    close(root)
  }

  func read(_ name: String, from offset: UInt64, limit: Int) throws -> [UInt8]? {
    guard let place = off_t(exactly: offset), let descriptor = try descriptor(of: name) else {
      return nil
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(name) }
    let left = max(0, status.st_size - place)
    let wanted = min(limit, Int(clamping: left))
    var count = 0
    let bytes = try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
      while count < wanted {
        let part = UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
        let got = pread(descriptor, part.baseAddress, part.count, place + off_t(count))
        if got < 0, errno == EINTR { continue }
        guard got >= 0 else { throw failure(name) }
        // It was cut off meanwhile.
        if got == 0 { break }
        count += got
      }
      initialized = count
    }
    return bytes
  }

  /// An open ordinary file; nil where there is none.
  private func descriptor(of name: String) throws -> Int32? {
    if let known = opened.firstIndex(where: { $0.name == name }) {
      opened.append(opened.remove(at: known))
      return opened[opened.count - 1].descriptor
    }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else { return nil }
    var folder = root
    defer { if folder != root { close(folder) } }
    for part in parts.dropLast() {
      let inner = openat(folder, String(part), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard inner >= 0 else { return try absent(name) }
      if folder != root { close(folder) }
      folder = inner
    }
    // A pipe without a writer would be waited for.
    let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    let descriptor = openat(folder, String(parts[parts.count - 1]), flags)
    guard descriptor >= 0 else { return try absent(name) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      return nil
    }
    if opened.count == Self.openLimit { close(opened.removeFirst().descriptor) }
    opened.append((name, descriptor))
    return descriptor
  }

  /// Nil where the name leads nowhere, or to what is no ordinary file.
  private func absent(_ name: String) throws -> Int32? {
    guard [ENOENT, ENOTDIR, ELOOP, EISDIR, ENXIO, ENAMETOOLONG].contains(errno) else {
      throw failure(name)
    }
    return nil
  }

  private func failure(_ name: String) -> Failure {
    Failure(.failed, "file.read", "\(path)/\(name): \(String(cString: strerror(errno)))")
  }
}
