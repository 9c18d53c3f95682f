import AuditService
import Dispatch
import Logging
import RecordModel

/// Says alarms in the log, and runs a program for each, one after another, so that whoever raised them
/// waits for neither.
final class AlarmHook: Sendable {
  private let program: String?
  private let logger: Logger
  private let queue = DispatchQueue(label: "sanxiang.alarms")

  init(program: String?, logger: Logger) {
    self.program = program
    self.logger = logger
  }

  func raised(_ alarm: WatchAlarm) {
    logger.error(
      "alarm",
      metadata: [
        "alarm": "watch.\(alarm.kind.rawValue)", "node": "\(alarm.node?.rawValue ?? "-")",
        "origin": "\(alarm.origin ?? "-")", "detail": "\(alarm.detail)",
      ])
    guard let program else { return }
    queue.async { [logger] in
      do {
        // Ended by `timeout` if it does not end by itself.
        let child = try ChildProgram(
          "/usr/bin/timeout",
          [
            "--kill-after=5", "30", program, alarm.kind.rawValue, alarm.node?.rawValue ?? "-",
            alarm.origin ?? "-",
          ])
        _ = try child.read(1 << 16)
        try child.finish()
      } catch {
        logger.error("alarm hook failed", metadata: ["reason": "\(error)"])
      }
    }
  }

  /// Returns when the programs of all alarms so far have ended.
  func finish() async {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume() }
    }
  }
}
