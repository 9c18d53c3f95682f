import Dispatch
import Foundation
import Synchronization

/// What one measurement leaves behind if nobody clears it away: a folder of its own and the processes
/// that it started. Nothing outside that folder is ever removed.
final class Workplace: Sendable {
  /// Made for this measurement, mode 0700.
  let folder: String
  private let keep: Bool
  /// The processes that may still run; nil once everything is being cleared away.
  private let processes = Mutex<Set<Int32>?>([])

  /// Makes the folder inside `parent`, which must be there.
  init(in parent: String, keep: Bool) throws {
    folder = try Files.makeTemporaryFolder(in: parent)
    self.keep = keep
  }

  /// Runs a process to be ended by this object unless `ended` comes first.
  func start(_ process: Process) throws {
    try processes.withLock { processes in
      guard processes != nil else { throw BenchError("interrupted") }
      try process.run()
      processes?.insert(process.processIdentifier)
    }
  }

  /// A process is gone; its number may soon be another's.
  func ended(_ process: Process) {
    processes.withLock { _ = $0?.remove(process.processIdentifier) }
  }

  /// Ends what runs, by force, and removes the folder. Nothing can be started afterwards. A second
  /// caller waits for the first: of two at work on one folder each would stumble over the other.
  func clear() {
    processes.withLock { processes in
      guard let left = processes else { return }
      processes = nil
      for process in left { kill(process, SIGKILL) }
      // Foundation takes the exit statuses in; a folder is removed only when nobody writes to it.
      for _ in 0..<200 where left.contains(where: { kill($0, 0) == 0 }) { usleep(10_000) }
      if keep {
        FileHandle.standardError.write(Data("kept: \(folder)\n".utf8))
      } else {
        Files.remove(folder)
      }
    }
  }

  /// From now on SIGINT and SIGTERM clear up and end this program, as a shell expects.
  func watchSignals() -> [any DispatchSourceSignal] {
    [SIGINT, SIGTERM].map { number in
      // The default action must not come first.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(
        signal: number, queue: DispatchQueue(label: "sanxiang.bench.signals"))
      source.setEventHandler { [self] in
        clear()
        _exit(128 + number)
      }
      source.resume()
      return source
    }
  }

  /// Signals do again what they do by default.
  static func ignoreNoMore(_ sources: [any DispatchSourceSignal]) {
    for source in sources {
      source.cancel()
      signal(Int32(source.handle), SIG_DFL)
    }
  }
}
