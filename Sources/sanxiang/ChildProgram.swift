#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A program of the system run without a shell, whose output is ours to read or goes into a file. Its own
/// words go where ours go, to standard error.
final class ChildProgram {
  /// Why it could not be run, or how it ended.
  struct Failed: Error {
    var reason: String
  }

  private let process: pid_t
  private let name: String
  private var isOver = false
  /// What it writes; -1 where that goes elsewhere.
  private let output: Int32

  /// Starts a program.
  /// - Parameters:
  ///   - input: what it reads; nothing when nil.
  ///   - output: where it writes; what it writes can be read here when nil.
  init(_ name: String, _ arguments: [String], input: Int32? = nil, output: Int32? = nil) throws {
    self.name = name
    var ends: [Int32] = [-1, -1]
    if output == nil {
      guard pipe(&ends) == 0 else { throw Self.failure(name, errno) }
      // No child but this one shall hold an end open.
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, output ?? ends[1], 1)
    let environment = ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"]
    var argv = ([name] + arguments).map { strdup($0) } + [nil]
    var envp = environment.map { strdup($0) } + [nil]
    defer { (argv + envp).forEach { free($0) } }
    var process: pid_t = 0
    let refused = posix_spawn(&process, name, &actions, nil, &argv, &envp)
    if ends[1] >= 0 { close(ends[1]) }
    guard refused == 0 else {
      if ends[0] >= 0 { close(ends[0]) }
      throw Self.failure(name, refused)
    }
    self.process = process
    self.output = ends[0]
  }

  deinit {
    if output >= 0 { close(output) }
    // It ends by itself once nobody reads; it is waited for so that nothing is left of it.
    if !isOver { _ = wait() }
  }

  /// The next bytes that it writes: as many as asked for, fewer only at the end.
  func read(_ count: Int) throws -> [UInt8] {
    var got = 0
    return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      let whole = UnsafeMutableRawBufferPointer(buffer)
      while got < count {
        #if canImport(Glibc)
          let part = Glibc.read(output, whole.baseAddress.map { $0 + got }, count - got)
        #else
          let part = Musl.read(output, whole.baseAddress.map { $0 + got }, count - got)
        #endif
        if part < 0, errno == EINTR { continue }
        guard part >= 0 else { throw Self.failure(name, errno) }
        if part == 0 { break }
        got += part
      }
      initialized = got
    }
  }

  /// Waits for its end, which must be a good one.
  func finish() throws {
    let status = wait()
    guard status == 0 else { throw Failed(reason: "\(name) failed") }
  }

  private func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) == -1, errno == EINTR {}
    isOver = true
    return status
  }

  private static func failure(_ name: String, _ code: Int32) -> Failed {
    Failed(reason: "\(name): \(String(cString: strerror(code)))")
  }
}
