import Auditor
import Cryptography
import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An export as one file: a tar file, compressed by the system's gzip.
///
/// The system's tar packs it. It is unpacked by code of ours, since what comes from somebody else is not
/// to decide where files are written, how many, or of what kind.
enum ExportArchive {
  private static let tar = "/usr/bin/tar"
  private static let gzip = "/usr/bin/gzip"

  /// What an archive may be unpacked to.
  struct Limits {
    /// Most bytes of all files for each byte of the archive: logs do not compress as well as that.
    var ratio: UInt64 = 200
    /// Bytes that any archive may have besides.
    var bytes: UInt64 = 64 << 20
    /// Most files and folders.
    var items = 8_000_000
  }

  /// Whether the file begins as gzip files do.
  static func isArchive(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
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
    var isMoved = false
    defer { if !isMoved { unlink(temporary) } }
    do {
      // Owner and order are the same wherever it is packed.
      try ChildProgram(
        tar,
        [
          "--create", "--gzip", "--file=-", "--format=gnu", "--sort=name", "--owner=0",
          "--group=0", "--numeric-owner", "--directory=\(folder)", ".",
        ], output: descriptor
      ).finish()
    } catch let failed as ChildProgram.Failed {
      throw failure(path, failed.reason)
    }
    guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
      throw failure(path, String(cString: strerror(errno)))
    }
    isMoved = true
    try syncFolder(of: path)
  }

  /// Unpacks an archive into a folder of its own, which is gone when `body` returns.
  static func unpacked<R>(
    _ path: String, limits: Limits = Limits(), _ body: (_ folder: String) throws -> R
  ) throws -> R {
    let name = SecureRandom.bytes(12).map { String($0, radix: 36) }.joined()
    let folder = FileManager.default.temporaryDirectory.path + "/sanxiang-audit-\(name)"
    return try FolderCleaner.with(folder) {
      do {
        try unpack(path, into: folder, limits)
      } catch let failed as ChildProgram.Failed {
        throw failure(path, failed.reason)
      } catch let malformed as TarReader.Malformed {
        throw failure(path, malformed.reason)
      }
      return try body(folder)
    }
  }

  private static func unpack(_ path: String, into folder: String, _ limits: Limits) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    var status = stat()
    guard descriptor >= 0 else { throw failure(path, String(cString: strerror(errno))) }
    defer { close(descriptor) }
    guard fstat(descriptor, &status) == 0 else {
      throw failure(path, String(cString: strerror(errno)))
    }
    let packed = UInt64(clamping: status.st_size)
    let (product, isOver) = packed.multipliedReportingOverflow(by: limits.ratio)
    var room = isOver ? UInt64.max : product + min(limits.bytes, .max - product)
    var items = limits.items
    let program = try ChildProgram(gzip, ["--decompress", "--stdout"], input: descriptor)
    var reader = TarReader { try program.read($0) }
    while let item = try reader.next() {
      items -= 1
      guard items >= 0 else { throw failure(path, "it holds more than \(limits.items) files") }
      switch item {
      case .folder(let name): try makeFolders("\(name)/.", in: folder)
      case .file(let name, let size):
        guard size <= room else {
          throw failure(path, "it unpacks to more than an export of its size can be")
        }
        room -= size
        try makeFolders(name, in: folder)
        try write(name, size, from: &reader, in: folder)
      }
    }
    // What follows is filling; gzip says at its end whether the bytes were whole.
    while try !program.read(1 << 20).isEmpty {}
    try program.finish()
  }

  /// Makes the folders that a file stands in. All of them are our own: nothing there is a link.
  private static func makeFolders(_ name: String, in folder: String) throws {
    var path = folder
    for part in name.split(separator: "/").dropLast() where part != "." {
      path += "/\(part)"
      guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
        throw failure(path, String(cString: strerror(errno)))
      }
    }
  }

  private static func write(
    _ name: String, _ size: UInt64, from reader: inout TarReader, in folder: String
  ) throws {
    let path = "\(folder)/\(name)"
    // Two files of one name are refused.
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw failure(path, String(cString: strerror(errno))) }
    defer { close(descriptor) }
    let file = ExportFile(descriptor: descriptor, path: path) {}
    while file.count < size { try file.write(reader.content(1 << 20)) }
  }

  private static func syncFolder(of path: String) throws {
    let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let folder = open(parent.isEmpty ? "/" : parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw failure(path, String(cString: strerror(errno))) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw failure(path, String(cString: strerror(errno))) }
  }

  static func failure(_ path: String, _ reason: String) -> Failure {
    Failure(.failed, "export.archive", "\(path): \(reason)")
  }
}
