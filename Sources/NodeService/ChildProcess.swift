#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How a child process ended.
enum ChildExit: Sendable, Hashable {
  case exited(Int32)
  case signalled(Int32)
  /// It outlived its time limit and was killed with all that it had started.
  case timedOut
  /// It could not be started; the system's error number.
  case notStarted(Int32)
}

/// Runs a program without a shell, without our descriptors, without our environment.
enum ChildProcess {
  /// Runs `executable` with these arguments and waits. Input and output are /dev/null; the child
  /// leads a process group of its own, which is killed at the time limit or when the caller's task
  /// is cancelled.
  static func run(
    _ executable: String, arguments: [String], environment: [String], limit: Duration
  ) async -> ChildExit {
    var process: pid_t = 0
    let failure = spawn(executable, arguments, environment, &process)
    guard failure == 0 else { return .notStarted(failure) }
    return await wait(for: process, limit: limit)
  }

  private static func spawn(
    _ executable: String, _ arguments: [String], _ environment: [String], _ process: inout pid_t
  ) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    // The store's and the sockets' descriptors are none of its business. A few beyond the highest
    // are closed too, for what other threads open meanwhile; closing what is not open is no error.
    for descriptor in 3...highestDescriptor() + 64 {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var argv = ([executable] + arguments).map { strdup($0) } + [nil]
    var envp = environment.map { strdup($0) } + [nil]
    defer { (argv + envp).forEach { free($0) } }
    return posix_spawn(&process, executable, &actions, &attributes, &argv, &envp)
  }

  private static func highestDescriptor() -> Int32 {
    guard let folder = opendir("/proc/self/fd") else { return 1024 }
    defer { closedir(folder) }
    var highest: Int32 = 3
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let number = Int32(name) { highest = max(highest, number) }
    }
    return highest
  }

  /// Asks with growing pauses: a hook is rare and short, and no thread is kept for it.
  private static func wait(for process: pid_t, limit: Duration) async -> ChildExit {
    let end = ContinuousClock.now + limit
    var pause = Duration.milliseconds(2)
    while true {
      if let exit = collect(process, WNOHANG) { return exit }
      if ContinuousClock.now >= end || Task.isCancelled {
        // The group: what the child started dies with it.
        kill(-process, SIGKILL)
        _ = collect(process, 0)
        return .timedOut
      }
      // Cancellation ends the sleep at once and is seen above.
      try? await Task.sleep(for: pause)
      pause = min(pause * 2, .milliseconds(100))
    }
  }

  private static func collect(_ process: pid_t, _ options: Int32) -> ChildExit? {
    var status: Int32 = 0
    var result = waitpid(process, &status, options)
    while result == -1, errno == EINTR { result = waitpid(process, &status, options) }
    guard result != 0 else { return nil }
    guard result == process else { return .notStarted(errno) }
    let signal = status & 0x7f
    return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
  }
}
