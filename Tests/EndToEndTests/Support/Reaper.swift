import Foundation
import Synchronization

/// Ends what tests started when the test process itself ends before it could, however it ends: a
/// shell that reads from a pipe, whose other end the kernel closes with the test process.
final class Reaper: Sendable {
  static let shared = Reaper()

  private static let script = """
    trap '' INT TERM HUP
    pids=' '
    folder=
    while read -r word what; do
      case $word in
        start) pids="$pids$what " ;;
        end) case $pids in *" $what "*) pids="${pids%%" $what "*} ${pids#*" $what "}" ;; esac ;;
        folder) folder=$what ;;
      esac
    done
    for pid in $pids; do kill -KILL "$pid"; done
    if [ -n "$folder" ]; then rm -rf -- "$folder"; fi
    """

  private let pipe = Mutex<FileHandle?>(nil)

  private init() {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", Self.script]
    let input = Pipe()
    // Nobody else may hold the end that tells of our own.
    _ = fcntl(input.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
    process.standardInput = input
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return }
    pipe.withLock { $0 = input.fileHandleForWriting }
  }

  /// A process runs. It is killed at once if nobody would watch it.
  func started(_ pid: Int32) throws {
    guard tell("start \(pid)") else {
      kill(pid, SIGKILL)
      throw Trouble("no reaper: nothing is started that might be left over")
    }
  }

  /// A process has ended; its number may soon be another's.
  func ended(_ pid: Int32) { _ = tell("end \(pid)") }

  /// A folder to remove at the end.
  func folder(_ path: String) { _ = tell("folder \(path)") }

  private func tell(_ line: String) -> Bool {
    pipe.withLock { pipe in
      guard let pipe else { return false }
      return (try? pipe.write(contentsOf: Array((line + "\n").utf8))) != nil
    }
  }
}
