import Exchange
import Glibc
import Synchronization

/// The store's folder, held by this process: its owner's alone, with a lock file that names the holder.
///
/// The lock is `flock`'s: the kernel drops it when the process ends, however it ends, so a file left
/// behind by a crash locks nobody out.
final class FolderLock: Sendable {
  static let fileName = "lock"

  private let folder: String
  /// The lock file's descriptor; -1 once released.
  private let descriptor: Mutex<CInt>

  /// Makes the folder if it is missing, refuses one that others can enter, and locks it.
  init(folder: String) throws {
    self.folder = folder
    try Self.prepare(folder)
    let path = folder + "/" + Self.fileName
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw FileSystem.failure("cannot open \(path)") }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      let isHeld = errno == EWOULDBLOCK
      let failure = FileSystem.failure("cannot lock \(path)")
      let holder = Self.holder(file)
      Glibc.close(file)
      throw isHeld ? StoreFailure.unusable("\(folder) is held by process \(holder)") : failure
    }
    Self.write(holder: "\(getpid())\n", to: file)
    descriptor = Mutex(file)
  }

  deinit { release() }

  /// Lets the next process in.
  func release() {
    descriptor.withLock { file in
      guard file >= 0 else { return }
      // A child that another thread is just starting has the file open too: closing alone would
      // leave the lock to it.
      flock(file, LOCK_UN)
      Glibc.close(file)
      file = -1
    }
  }

  /// Puts the folder's entries, and the folder's own entry in its parent, on disk.
  func syncFolder() throws {
    for path in [folder, folder + "/.."] {
      let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard directory >= 0 else { throw FileSystem.failure("cannot open \(path)") }
      let result = fsync(directory)
      let failure = FileSystem.failure("cannot sync \(path)")
      Glibc.close(directory)
      guard result == 0 else { throw failure }
    }
  }

  /// Makes the folder, or finds one that nobody else can enter. One that is there is never changed:
  /// a wrong path in a configuration must not shut others out of what is theirs.
  private static func prepare(_ folder: String) throws {
    if mkdir(folder, 0o700) == 0 {
      // The umask may have taken from the mode.
      guard chmod(folder, 0o700) == 0 else { throw FileSystem.failure("cannot protect \(folder)") }
    } else {
      guard errno == EEXIST else { throw FileSystem.failure("cannot make \(folder)") }
      try judge(folder)
    }
    // SQLite gives its side files the mode of the database, so that one is made here.
    let path = folder + "/" + SQLiteStore.databaseName
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw FileSystem.failure("cannot open \(path)") }
    Glibc.close(file)
  }

  private static func judge(_ folder: String) throws {
    var status = stat()
    guard stat(folder, &status) == 0 else { throw FileSystem.failure("cannot look at \(folder)") }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw StoreFailure.unusable("\(folder) is no folder")
    }
    guard status.st_uid == geteuid() else {
      throw StoreFailure.unusable(
        "\(folder) belongs to user \(status.st_uid), not to \(geteuid())")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw StoreFailure.unusable(
        "\(folder) is open to others: mode 0\(String(status.st_mode & 0o777, radix: 8)), not 0700")
    }
  }

  /// Only for the message that a second process gets; a failure here changes nothing.
  private static func write(holder: String, to file: CInt) {
    _ = ftruncate(file, 0)
    let bytes = Array(holder.utf8)
    _ = pwrite(file, bytes, bytes.count, 0)
  }

  private static func holder(_ file: CInt) -> String {
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = pread(file, &bytes, bytes.count, 0)
    let digits = bytes.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }
    return digits.isEmpty ? "unknown" : String(decoding: digits, as: UTF8.self)
  }
}

/// The few questions that the store asks of the file system itself.
enum FileSystem {
  /// What `errno` says now, as the store says it.
  static func failure(_ what: String) -> StoreFailure {
    let code = errno
    let message = "\(what): \(String(cString: strerror(code)))"
    return code == ENOSPC || code == EDQUOT ? .full(message) : .failed(message)
  }

  static func space(folder: String, files: [String]) throws -> StoreSpace {
    var volume = statvfs()
    guard statvfs(folder, &volume) == 0 else { throw failure("cannot measure \(folder)") }
    var used: UInt64 = 0
    for file in files {
      var status = stat()
      // The log and its index come and go.
      if stat(file, &status) == 0 { used += UInt64(max(0, status.st_blocks)) * 512 }
    }
    return StoreSpace(free: UInt64(volume.f_bavail) * UInt64(volume.f_frsize), used: used)
  }
}
