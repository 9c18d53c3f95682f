import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A folder being exported into. Every file is written whole under a name of its own, brought to disk,
/// and renamed; nobody but the owner can enter. What a crash leaves behind beside whole files has a
/// name that ends in `.new`, and the next run takes it away.
final class ExportFolder {
  /// Something that is about to be done to the disk; a test may stop there.
  enum Step: Hashable, Sendable {
    case makeFolder, create, write, sync, rename, move, remove, settle
  }

  let path: String
  /// How many files were written and how many bytes they have.
  private(set) var written: (files: Int, bytes: UInt64) = (0, 0)
  private let step: (Step, String) throws -> Void
  private let lock: Int32
  private var made: Set<String> = []
  /// Folders in which names have come, changed or gone, and that may not be on disk so yet; the one
  /// that the export itself stands in is the first.
  private var changed: Set<String> = [".."]

  /// Opens the folder, makes it if it is missing, and holds it against a second export.
  init(path: String, step: @escaping (Step, String) throws -> Void = { _, _ in }) throws {
    self.path = path
    self.step = step
    try step(.makeFolder, "")
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Self.failure(path) }
    lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard lock >= 0 else { throw Self.failure(path) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      // `deinit` closes it: all of the object is there.
      throw Failure(
        .failed, "export.busy",
        say("\(path)：另一导出正在进行", "\(path): another export is writing into it"))
    }
  }

  deinit {
    // A child that another thread is just starting has the folder open too: closing alone would
    // leave the lock to it.
    flock(lock, LOCK_UN)
    close(lock)
  }

  private static func failure(_ path: String) -> Failure {
    Failure(.failed, "file.write", "\(path): \(String(cString: strerror(errno)))")
  }

  /// Where a file of the export lies.
  func full(_ name: String) -> String { "\(path)/\(name)" }

  /// Whether a file is there, so that it need not be written.
  func exists(_ name: String) -> Bool {
    guard access(full(name), F_OK) == 0 else { return false }
    // A run that was killed may have made it and its folders, and brought none of their names to disk.
    var folder = name
    repeat {
      folder = Self.parent(folder)
      changed.insert(folder)
    } while folder != "."
    return true
  }

  /// A file's bytes; nil where there is none.
  func read(_ name: String, limit: Int) throws -> [UInt8]? {
    exists(name) ? try Files.read(full(name), limit: limit) : nil
  }

  /// The names in a folder, sorted; none where there is no such folder.
  func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: full(folder))) ?? []).sorted()
  }

  /// Writes a file whole. One that is there is replaced at once, or left alone where it is the same.
  func write(_ bytes: [UInt8], to name: String) throws {
    if try read(name, limit: .max) == bytes { return }
    try write(to: name) { file in try file.write(bytes) }
  }

  /// Writes a file piece by piece.
  func write(to name: String, _ body: (ExportFile) throws -> Void) throws {
    try makeFolder(of: name)
    let temporary = full(name) + ".new"
    try step(.create, name)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw Self.failure(temporary) }
    defer { close(descriptor) }
    let file = ExportFile(descriptor: descriptor, path: temporary) { [step] in
      try step(.write, name)
    }
    try body(file)
    try step(.sync, name)
    guard fsync(descriptor) == 0 else { throw Self.failure(temporary) }
    try step(.rename, name)
    guard rename(temporary, full(name)) == 0 else { throw Self.failure(full(name)) }
    changed.insert(Self.parent(name))
    written.files += 1
    written.bytes += file.count
  }

  /// Renames a file in its folder.
  func move(_ name: String, to other: String) throws {
    try step(.move, other)
    guard rename(full(name), full(other)) == 0 else { throw Self.failure(full(other)) }
    changed.insert(Self.parent(other))
  }

  /// Takes a file away; one that is not there is none to take.
  func remove(_ name: String) throws {
    try step(.remove, name)
    guard unlink(full(name)) == 0 || errno == ENOENT else { throw Self.failure(full(name)) }
    changed.insert(Self.parent(name))
  }

  /// Takes an empty folder away; one that is not empty stays.
  func removeFolder(_ name: String) throws {
    try step(.remove, name)
    made.remove(name)
    guard rmdir(full(name)) == 0 || errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST else {
      throw Self.failure(full(name))
    }
    changed.insert(Self.parent(name))
  }

  /// Takes the whole folder away; it must not be used any more.
  func discard() throws {
    do { try FileManager.default.removeItem(atPath: path) } catch {
      throw Failure(.failed, "file.write", "\(path): \(error)")
    }
  }

  /// Brings to disk which names there are; the files are there already. Until this has returned a loss
  /// of power may keep any of the changes since the last time and lose any other.
  func settle() throws {
    for name in changed.sorted() {
      try step(.settle, name)
      let folder = open(full(name), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      // One that has been swept away needs nothing; one that the export stands in may not be ours.
      if folder < 0, errno == ENOENT || name == ".." && errno == EACCES { continue }
      guard folder >= 0 else { throw Self.failure(full(name)) }
      defer { close(folder) }
      guard fsync(folder) == 0 else { throw Self.failure(full(name)) }
    }
    changed = []
  }

  private static func parent(_ name: String) -> String {
    name.lastIndex(of: "/").map { String(name[..<$0]) } ?? "."
  }

  private func makeFolder(of name: String) throws {
    var folders: [String] = []
    var rest = name[...]
    while let slash = rest.lastIndex(of: "/") {
      rest = rest[..<slash]
      if made.contains(String(rest)) { break }
      folders.append(String(rest))
    }
    for folder in folders.reversed() {
      try step(.makeFolder, folder)
      guard mkdir(full(folder), 0o700) == 0 || errno == EEXIST else {
        throw Self.failure(full(folder))
      }
      made.insert(folder)
      changed.insert(Self.parent(folder))
    }
  }
}

/// A file being written.
final class ExportFile {
  private let descriptor: Int32
  private let path: String
  private let step: () throws -> Void
  private(set) var count: UInt64 = 0

  init(descriptor: Int32, path: String, step: @escaping () throws -> Void) {
    self.descriptor = descriptor
    self.path = path
    self.step = step
  }

  /// Adds bytes at the end.
  func write(_ bytes: [UInt8]) throws {
    let half = bytes.count / 2
    try send(bytes[..<half])
    // A process can end in the middle of a write.
    try step()
    try send(bytes[half...])
  }

  private func send(_ bytes: ArraySlice<UInt8>) throws {
    var rest = bytes
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { buffer in
        #if canImport(Glibc)
          Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        #else
          Musl.write(descriptor, buffer.baseAddress, buffer.count)
        #endif
      }
      if sent < 0, errno == EINTR { continue }
      guard sent > 0 else {
        throw Failure(.failed, "file.write", "\(path): \(String(cString: strerror(errno)))")
      }
      count += UInt64(sent)
      rest = rest.dropFirst(sent)
    }
  }
}
