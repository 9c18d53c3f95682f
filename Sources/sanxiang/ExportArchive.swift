import Cryptography
import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An export as one file: packed and unpacked by the system's tar and gzip.
enum ExportArchive {
  private static let tar = "/usr/bin/tar"

  /// Whether the file begins as gzip files do.
  static func isArchive(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var start: [UInt8] = [0, 0]
    return pread(descriptor, &start, 2, 0) == 2 && start == [0x1F, 0x8B]
  }

  /// Packs a folder; a file that is there is replaced once the new one is whole.
  static func pack(folder: String, into path: String) throws {
    let temporary = path + ".new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw failure(path, String(cString: strerror(errno))) }
    defer { close(descriptor) }
    // Owner and order are the same wherever it is packed.
    try run(
      [
        "--create", "--gzip", "--file=-", "--format=gnu", "--sort=name", "--owner=0", "--group=0",
        "--numeric-owner", "--directory=\(folder)", ".",
      ], output: descriptor, path)
    guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
      throw failure(path, String(cString: strerror(errno)))
    }
  }

  /// Unpacks an archive into a folder of its own, which is gone when `body` returns.
  static func unpacked<R>(_ path: String, _ body: (_ folder: String) throws -> R) throws -> R {
    let name = SecureRandom.bytes(12).map { String($0, radix: 36) }.joined()
    let folder = FileManager.default.temporaryDirectory.path + "/sanxiang-audit-\(name)"
    guard mkdir(folder, 0o700) == 0 else {
      throw failure(path, String(cString: strerror(errno)))
    }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try run(
      [
        "--extract", "--gzip", "--file=\(Files.absolute(path))", "--directory=\(folder)",
        "--no-same-owner", "--no-same-permissions", "--no-overwrite-dir",
      ], output: nil, path)
    try checkPlain(folder, path)
    return try body(folder)
  }

  /// Nothing but folders and ordinary files: a link could lead out of the export.
  private static func checkPlain(_ folder: String, _ path: String) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      let inner = "\(folder)/\(name)"
      var status = stat()
      guard lstat(inner, &status) == 0 else {
        throw failure(path, String(cString: strerror(errno)))
      }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: try checkPlain(inner, path)
      case S_IFREG: continue
      default: throw failure(path, "it holds what is neither file nor folder")
      }
    }
  }

  private static func failure(_ path: String, _ reason: String) -> Failure {
    Failure(.failed, "export.archive", "\(path): \(reason)")
  }

  /// Runs tar without a shell; its own words go where ours go, to standard error.
  private static func run(_ arguments: [String], output: Int32?, _ path: String) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    if let output {
      posix_spawn_file_actions_adddup2(&actions, output, 1)
    } else {
      posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    }
    let environment: [String] = ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"]
    var argv = ([tar] + arguments).map { strdup($0) } + [nil]
    var envp = environment.map { strdup($0) } + [nil]
    defer { (argv + envp).forEach { free($0) } }
    var process: pid_t = 0
    let refused = posix_spawn(&process, tar, &actions, nil, &argv, &envp)
    guard refused == 0 else { throw failure(path, "\(tar): \(String(cString: strerror(refused)))") }
    var status: Int32 = 0
    while waitpid(process, &status, 0) == -1, errno == EINTR {}
    guard status == 0 else { throw failure(path, "tar failed") }
  }
}
