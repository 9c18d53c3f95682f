import Dispatch
import FoundationEssentials
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The end of a pipe that handlers of signals write into; open before the first signal is caught.
private let wakeEnd = Atomic<Int32>(-1)

/// Takes temporary folders away when they are not needed any more, also when somebody ends the program
/// before: payloads are not left lying about.
///
/// There is one for the process. A signal ends it once, and not before every folder is gone.
final class FolderCleaner: Sendable {
  private static let shared = Result { try FolderCleaner() }
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  private struct State {
    var folders: Set<String> = []
    /// What the signals did before they were caught.
    var before: [(number: Int32, action: SignalAction)] = []
  }

  private let state = Mutex(State())

  /// Makes a folder that only its owner can enter, and takes it away when `body` returns.
  static func with<R>(_ folder: String, _ body: () throws -> R) throws -> R {
    let cleaner = try shared.get()
    try cleaner.make(folder)
    defer { cleaner.remove(folder) }
    return try body()
  }

  private init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw Failure(.failed, "file.write", String(cString: strerror(errno)))
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    wakeEnd.store(ends[1], ordering: .sequentiallyConsistent)
    let reading = ends[0]
    // A signal interrupts whatever thread it likes: what it asks for is done here.
    DispatchQueue(label: "sanxiang.cleaning").async {
      var byte: UInt8 = 0
      #if canImport(Glibc)
        while Glibc.read(reading, &byte, 1) != 1 {}
      #else
        while Musl.read(reading, &byte, 1) != 1 {}
      #endif
      if case .success(let cleaner) = Self.shared { cleaner.end(by: Int32(byte)) }
    }
  }

  private func make(_ folder: String) throws {
    try state.withLock { state in
      if state.folders.isEmpty { Self.catchSignals(&state) }
      // A crash from here on leaves the folder behind: SIGKILL asks nobody.
      guard mkdir(folder, 0o700) == 0 else {
        let reason = String(cString: strerror(errno))
        if state.folders.isEmpty { Self.letSignals(&state) }
        throw Failure(.failed, "file.write", "\(folder): \(reason)")
      }
      state.folders.insert(folder)
    }
  }

  private func remove(_ folder: String) {
    state.withLock { state in
      try? FileManager.default.removeItem(atPath: folder)
      state.folders.remove(folder)
      if state.folders.isEmpty { Self.letSignals(&state) }
    }
  }

  /// Ends the process by a signal, as if nobody had caught it.
  ///
  /// The lock is never let go: who waits for it to go on with an error does not get to end the process
  /// while something is still there.
  private func end(by number: Int32) -> Never {
    state.withLock { state -> Never in
      for folder in state.folders {
        // Whoever is still writing into it does not find it any more.
        let gone = folder + ".gone"
        try? FileManager.default.removeItem(atPath: rename(folder, gone) == 0 ? gone : folder)
      }
      signal(number, SIG_DFL)
      var mask = sigset_t()
      sigemptyset(&mask)
      sigaddset(&mask, number)
      pthread_sigmask(SIG_UNBLOCK, &mask, nil)
      kill(getpid(), number)
      // Not reached: what is neither caught, ignored nor blocked ends the process.
      _exit(128 + number)
    }
  }

  // MARK: Signals

  private typealias SignalAction = (@convention(c) (Int32) -> Void)?

  private static func catchSignals(_ state: inout State) {
    for number in signals {
      let before = signal(number) { number in
        // Nothing else may be done here: the thread that was interrupted may hold any lock.
        let error = errno
        var byte = UInt8(truncatingIfNeeded: number)
        let end = wakeEnd.load(ordering: .sequentiallyConsistent)
        #if canImport(Glibc)
          _ = Glibc.write(end, &byte, 1)
        #else
          _ = Musl.write(end, &byte, 1)
        #endif
        errno = error
      }
      if isIgnored(before) {
        // Whoever started the program has said that this shall not end it (`nohup`).
        signal(number, SIG_IGN)
      } else {
        state.before.append((number, before))
      }
    }
  }

  private static func letSignals(_ state: inout State) {
    for (number, action) in state.before { signal(number, action) }
    state.before = []
  }

  private static func isIgnored(_ action: SignalAction) -> Bool {
    // Both are pointers, or the small numbers that stand for them.
    unsafeBitCast(action, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
