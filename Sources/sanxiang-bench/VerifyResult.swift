import Auditor
import Foundation

/// What `verify` measured; the names that other modes have too mean the same.
struct VerifyResult: Codable {
  var mode = "verify"
  /// Entries of channels.
  var records: UInt64
  var payloadBytes: Int
  /// Whether every payload was checked under its schema.
  var schemas: Bool
  var workers: Int
  var cores = ProcessInfo.processInfo.activeProcessorCount
  /// Everything: directories, journal, channels.
  var seconds: Double
  /// Processor time of it, over all threads: what a busy machine distorts least.
  var cpuSeconds: Double
  /// Records in a second; their journal entries are checked in the same time and not counted.
  var perSecond: Double
  /// Log entries in a second: records and journal entries.
  var entriesPerSecond: Double
  var journalEntries: UInt64
  /// Checkpoints whose root, signature and receipt were verified.
  var checkpoints: UInt64
  /// Records under a good receipt.
  var receipted: UInt64
  var findings: Int
  var peakRSSBytes: Int
  /// Resident memory before anything was read.
  var idleRSSBytes: Int

  init(
    _ report: AuditReport, payloadBytes: Int, schemas: Bool, workers: Int, seconds: Double,
    cpuSeconds: Double, idleRSSBytes: Int
  ) {
    records = report.channels.reduce(0) { $0 + $1.entries }
    journalEntries = report.journals.reduce(0) { $0 + $1.entries }
    checkpoints = report.channels.reduce(0) { $0 + $1.checkpoints }
    receipted = report.channels.reduce(0) { $0 + $1.receipted }
    findings = report.findingCount
    self.payloadBytes = payloadBytes
    self.schemas = schemas
    self.workers = workers
    self.seconds = seconds
    self.cpuSeconds = cpuSeconds
    self.idleRSSBytes = idleRSSBytes
    perSecond = Double(records) / seconds
    entriesPerSecond = Double(records + journalEntries) / seconds
    peakRSSBytes = Self.memory("VmHWM")
  }

  /// What this process has taken of the processors so far, in seconds.
  static var processorTime: Double {
    var now = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
  }

  /// Of this process, in bytes (proc(5)).
  static func memory(_ name: String) -> Int {
    let lines = (Files.text("/proc/self/status") ?? "").split(separator: "\n")
    let line = lines.first { $0.hasPrefix(name + ":") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
  }

  func show(json: Bool) throws {
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      return print(String(decoding: try encoder.encode(self), as: UTF8.self))
    }
    print(
      """
      verify: \(records) × \(payloadBytes) B, \(schemas ? "with" : "without") schemas, \
      \(workers) workers on \(cores) cores
        \(Int(perSecond)) records /s   \(Int(entriesPerSecond)) log entries /s   \
      \(String(format: "%.2f", seconds)) s, \
      \(String(format: "%.2f", cpuSeconds)) s of processor
        \(journalEntries) journal entries, \(checkpoints) checkpoints, \(receipted) receipted, \
      \(findings) findings
        peak RSS: \(peakRSSBytes >> 20) MiB (\(idleRSSBytes >> 20) MiB before)
      """)
  }
}
