#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How the API's server fails.
public struct APIServerError: Error, Sendable, CustomStringConvertible {
  /// A stable, dotted name.
  public struct Code: Hashable, Sendable {
    /// As written in `docs/errors.md`.
    public let rawValue: String
    /// Wraps a stable name.
    public init(_ rawValue: String) { self.rawValue = rawValue }
    /// The socket's path is too long for the kernel, or its folder is missing.
    public static let path = Self("api.socket.path")
    /// Something that is no socket lies at the path.
    public static let occupied = Self("api.socket.occupied")
    /// Another process answers at the path.
    public static let inUse = Self("api.socket.inUse")
    /// The socket cannot be given to the group.
    public static let group = Self("api.socket.group")
    /// The kernel would not say who is at the other end.
    public static let credentials = Self("api.socket.credentials")
  }
  /// The stable code.
  public var code: Code
  /// One English sentence.
  public var message: String
  /// Makes an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
  /// Code and message.
  public var description: String { "\(code.rawValue): \(message)" }
}

/// The place of the API's socket in the file system.
struct SocketPath: Sendable {
  /// `sun_path` of sockaddr_un, with the zero at its end.
  static let byteLimit = 107

  let path: String

  init(_ path: String) throws {
    guard !path.isEmpty, path.utf8.count <= Self.byteLimit else {
      throw APIServerError(
        .path, "A socket's path has 1 to \(Self.byteLimit) bytes; this has \(path.utf8.count).")
    }
    self.path = path
  }

  /// Checks that the folder is there: the kernel's own word for one that is not would name nothing.
  func checkFolder() throws {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    var status = stat()
    guard stat(folder, &status) == 0 else {
      throw APIServerError(.path, "The socket's folder \(folder): \(reason(errno)).")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw APIServerError(.path, "The socket's folder \(folder) is no folder.")
    }
  }

  /// Makes room: removes a socket that nobody listens on. Anything else at the path is left alone
  /// and is an error, so that a wrong path in a configuration never costs a file.
  func clear() throws {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      guard errno == ENOENT else {
        throw APIServerError(.path, "The socket's path cannot be read: \(reason(errno)).")
      }
      return
    }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw APIServerError(.occupied, "A file that is no socket lies at \(path).")
    }
    guard try !isAnswered() else {
      throw APIServerError(.inUse, "Another process answers on \(path).")
    }
    guard unlink(path) == 0 || errno == ENOENT else {
      throw APIServerError(.path, "The stale socket cannot be removed: \(reason(errno)).")
    }
  }

  /// Sets the mode, whatever the umask was at binding: 0600, or 0660 once the group has it. The
  /// file's permissions decide who may connect at all, so that no stranger can crowd out a caller.
  func protect(for group: UInt32?) throws {
    if let group {
      guard chown(path, uid_t.max, group) == 0 else {
        throw APIServerError(
          .group, "The socket cannot be given to group \(group): \(reason(errno)).")
      }
    }
    guard chmod(path, group == nil ? 0o600 : 0o660) == 0 else {
      throw APIServerError(.path, "The socket's mode cannot be set: \(reason(errno)).")
    }
  }

  /// What lies there now, to recognise it later.
  func identity() -> UInt64? {
    var status = stat()
    return lstat(path, &status) == 0 ? UInt64(status.st_ino) : nil
  }

  /// Removes the socket if it is still the one of that identity.
  func remove(ifStill identity: UInt64?) {
    if let identity, self.identity() == identity { unlink(path) }
  }

  /// True when somebody accepts connections there.
  private func isAnswered() throws -> Bool {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else {
      throw APIServerError(.path, "No socket can be made: \(reason(errno)).")
    }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    if result == 0 { return true }
    guard errno == ECONNREFUSED || errno == ENOENT else {
      // EACCES and the like: it is not ours to judge, so it counts as in use.
      return true
    }
    return false
  }
}

/// The system's words for an error number.
func reason(_ number: Int32) -> String { String(cString: strerror(number)) }
