import Foundation
import Testing

@testable import sanxiang

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite("Unpacked archives")
struct FolderCleanerTests {
  /// A program that has unpacked two archives and waits to be told the authority's keys.
  private final class Waiting {
    let folder: TemporaryFolder
    private let process = Process()
    private let ended = DispatchSemaphore(value: 0)
    private var pipe: Int32 = -1

    /// What lies where it unpacks.
    var unpacked: [String] {
      get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path + "/tmp") }
    }

    /// `before`: what a shell does before it becomes the program.
    init(before: String) throws {
      folder = try TemporaryFolder()
      let sample = try AuditSample.shared.get()
      let keys = folder.path + "/keys"
      try FileManager.default.createDirectory(
        atPath: folder.path + "/tmp", withIntermediateDirectories: true)
      try #require(mkfifo(keys, 0o600) == 0)
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments =
        ["-c", "\(before) exec \"$0\" \"$@\"", CommandRun.program, "audit", "reconcile"]
        + [sample.path + "/A.tar.gz", sample.path + "/B.tar.gz", "--authority", keys]
      process.environment = ["PATH": "/usr/bin:/bin", "TMPDIR": folder.path + "/tmp"]
      process.currentDirectoryURL = URL(filePath: folder.path)
      for output in ["out", "err"] { try folder.write([], output) }
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = try FileHandle(forWritingTo: folder.url("out"))
      process.standardError = try FileHandle(forWritingTo: folder.url("err"))
      process.terminationHandler = { [ended] _ in ended.signal() }
      try Self.run(process)
      // Nobody can write before it reads: by then both archives are unpacked.
      while process.isRunning, pipe < 0 {
        pipe = open(keys, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        if pipe < 0 { sched_yield() }
      }
      let said = try folder.text("err")
      try #require(pipe >= 0, "\(said)")
    }

    /// Starts it with no signal blocked, as a shell would: the threads of tests block them, and
    /// children inherit that.
    private static func run(_ process: Process) throws {
      var (all, before) = (sigset_t(), sigset_t())
      sigfillset(&all)
      pthread_sigmask(SIG_UNBLOCK, &all, &before)
      defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
      try process.run()
    }

    deinit {
      if pipe >= 0 { close(pipe) }
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    enum Ending: Equatable { case signal(Int32), exit(Int32) }

    /// Waits for its end.
    func end() throws -> Ending {
      try #require(ended.wait(timeout: .now() + 60) == .success, "it does not end")
      let status = process.terminationStatus
      return process.terminationReason == .exit ? .exit(status) : .signal(status)
    }

    /// Lets it go on, without any keys.
    func goOn() {
      close(pipe)
      pipe = -1
    }
  }

  @Test("are all gone when a signal ends the program", arguments: [SIGINT, SIGTERM, SIGHUP])
  func signals(_ number: Int32) throws {
    let waiting = try Waiting(before: "")
    #expect(try waiting.unpacked.count == 2)
    waiting.signal(number)
    #expect(try waiting.end() == .signal(number))
    #expect(try waiting.unpacked == [])
  }

  @Test("stay for a signal that the program was started to ignore")
  func ignored() throws {
    let waiting = try Waiting(before: "trap '' HUP;")
    waiting.signal(SIGHUP)
    waiting.signal(SIGTERM)
    #expect(try waiting.end() == .signal(SIGTERM))
    #expect(try waiting.unpacked == [])
  }

  @Test("are all gone when the program ends by itself")
  func end() throws {
    let waiting = try Waiting(before: "")
    waiting.goOn()
    #expect(try waiting.end() == .exit(ExitStatus.failed.rawValue))
    #expect(try waiting.unpacked == [])
  }
}
