import Foundation
import Synchronization

/// The programs that were built beside the tests.
enum Programs {
  static let daemon = beside("sanxiangd")
  static let commandLine = beside("sanxiang")

  private static func beside(_ name: String) -> String {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let built = URL(filePath: own).deletingLastPathComponent().appending(path: name).path
    if FileManager.default.isExecutableFile(atPath: built) { return built }
    // A runner that is not the test bundle itself says where the bundle lies.
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? ""
    return URL(filePath: bundle).deletingLastPathComponent().appending(path: name).path
  }
}

/// A process that a test started.
final class ChildProgram: Sendable {
  /// How a process ended.
  enum Ending: Equatable {
    case exited(Int32)
    case killed(Int32)
  }

  private let process: Process
  private let ending = Mutex<Ending?>(nil)
  var pid: Int32 { process.processIdentifier }

  /// Starts a program; what it says on both outputs is added to the files named.
  init(
    _ path: String, _ arguments: [String], environment: [String: String] = [:],
    output: String, errors: String
  ) throws {
    let process = Process()
    self.process = process
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.environment = ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"]
      .merging(environment) { _, new in new }
    let files = try [output, errors].map(Self.appending)
    defer { for file in files { try? file.close() } }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = files[0]
    process.standardError = files[1]
    process.terminationHandler = { [weak self] process in
      self?.ended(process)
    }
    try process.run()
    try Reaper.shared.started(process.processIdentifier)
  }

  private func ended(_ process: Process) {
    Reaper.shared.ended(process.processIdentifier)
    ending.withLock {
      $0 =
        process.terminationReason == .exit
        ? .exited(process.terminationStatus) : .killed(process.terminationStatus)
    }
  }

  /// How it ended; nil while it runs.
  var ended: Ending? { ending.withLock { $0 } }

  /// Sends a signal to a process that has not ended.
  func signal(_ number: Int32) {
    guard ended == nil else { return }
    kill(process.processIdentifier, number)
  }

  /// Waits for the end.
  func end(within limit: Duration = .seconds(60)) async throws -> Ending {
    do {
      try await eventually("process \(pid) ends", within: limit) { ended != nil }
    } catch {
      signal(SIGKILL)
      throw error
    }
    guard let ended else { throw Trouble("a process ended and did not") }
    return ended
  }

  private static func appending(_ path: String) throws -> FileHandle {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Trouble("cannot open \(path)") }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }
}

/// What a command said and how it ended.
struct Spoken: CustomStringConvertible {
  var status: Int32
  var output: [UInt8]
  var errors: String

  var text: String { String(decoding: output, as: UTF8.self) }
  var description: String { "status \(status): \(text)\(errors)" }

  /// Runs a program to its end.
  static func running(
    _ path: String, _ arguments: [String], environment: [String: String] = [:]
  ) async throws -> Spoken {
    let base = try Workshop.shared.fresh("run")
    let (output, errors) = (base + ".out", base + ".err")
    defer { for path in [output, errors] { Files.remove(path) } }
    let program = try ChildProgram(
      path, arguments, environment: environment, output: output, errors: errors)
    guard case .exited(let status) = try await program.end() else {
      throw Trouble("\(path) \(arguments) was killed: \(try Files.text(errors))")
    }
    return Spoken(
      status: status, output: try Files.bytes(output), errors: try Files.text(errors))
  }

  /// Runs the command line.
  static func sanxiang(
    _ arguments: [String], environment: [String: String] = [:]
  ) async throws -> Spoken {
    try await running(Programs.commandLine, arguments, environment: environment)
  }

  /// Runs the command line, which must succeed.
  @discardableResult
  static func fine(_ arguments: [String]) async throws -> Spoken {
    let spoken = try await sanxiang(arguments)
    guard spoken.status == 0 else {
      throw Trouble("sanxiang \(arguments.joined(separator: " ")): \(spoken)")
    }
    return spoken
  }
}
