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
/// to decide where files are written, how many, or of what kind: `ArchiveUnpacking`.
enum ExportArchive {
  private static let tar = "/usr/bin/tar"

  /// What an archive may be unpacked to.
  struct Limits {
    /// Most room that it takes for each byte of the archive: logs do not compress as well as that.
    var ratio: UInt64 = 200
    /// Room that any archive may take besides.
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
        var unpacking = ArchiveUnpacking(path: path, folder: folder, limits: limits)
        try unpacking.run()
      } catch let failed as ChildProgram.Failed {
        throw failure(path, failed.reason)
      } catch let malformed as TarReader.Malformed {
        throw failure(path, malformed.reason)
      }
      return try body(folder)
    }
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
