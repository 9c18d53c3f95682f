import ArgumentParser
import Auditor
import Foundation

/// How fast an audit goes, and how much memory it takes.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "离线核验的速度与内存 / how fast an audit verifies a node's logs, and its memory",
    discussion: """
      先写出一个节点的全部数据（不计时），再由另一进程核验。--keep 保留数据，--prepared 再次核验。
      First writes what a node holds that has sent so many leads, receipted, journalled, with tiles \
      (not timed); then a process of its own verifies all of it. --keep leaves the files, --prepared \
      verifies them again.
      """)

  @Option(name: .long, help: "线索条数 / how many leads")
  var records = 100_000
  @Option(name: .long, help: "每条内容的字节数 / bytes of each payload")
  var payload = 2048
  @Flag(name: .long, help: "不按模式校验内容 / leave payloads' schemas unchecked")
  var noSchemas = false
  @Option(
    name: .long,
    help: "主线程之外的核验线程数 / threads beside the main one; default: one fewer than cores")
  var workers = max(0, ProcessInfo.processInfo.activeProcessorCount - 1)
  @Option(
    name: .long,
    help: "在此文件夹内建工作文件夹 / where the working folder is made; by default the temporary one")
  var folder: String?
  @Option(name: .long, help: "核验以 --keep 留下的数据 / verify what --keep left here")
  var prepared: String?
  @Flag(name: .long, help: "输出一个 JSON 对象 / print one JSON object")
  var json = false
  @Flag(name: .long, help: "保留工作文件夹 / keep the working folder")
  var keep = false

  func validate() throws {
    try BenchOptions.check(records: records, payload: payload)
    guard (0...1024).contains(workers) else { throw ValidationError("--workers: 0…1024") }
  }

  func run() throws {
    if let prepared { return try verify(prepared) }
    let workplace = try Workplace(in: folder ?? NSTemporaryDirectory(), keep: keep)
    let signals = workplace.watchSignals()
    defer {
      workplace.clear()
      Workplace.ignoreNoMore(signals)
    }
    try VerifyHistory.write(records: records, payload: payload, to: workplace.folder)
    // Another process: what writing took is not in its memory.
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = try childArguments(workplace.folder)
    try workplace.start(process)
    process.waitUntilExit()
    workplace.ended(process)
    guard process.terminationStatus == 0 else { throw ExitCode(process.terminationStatus) }
  }

  private func childArguments(_ folder: String) throws -> [String] {
    ["verify", "--prepared", folder, "--payload", "\(payload)", "--workers", "\(workers)"]
      + (noSchemas ? ["--no-schemas"] : []) + (json ? ["--json"] : [])
  }

  private func verify(_ folder: String) throws {
    let source = try VerifySource(folder)
    let idle = VerifyResult.memory("VmRSS")
    let (start, processor) = (ContinuousClock.now, VerifyResult.processorTime)
    let report = try StoreAudit(
      pinned: source.pinned, checksSchemas: !noSchemas, workers: .threads(workers)
    ).verify(source)
    let seconds = (ContinuousClock.now - start).milliseconds / 1000
    let result = VerifyResult(
      report, payloadBytes: payload, schemas: !noSchemas, workers: workers, seconds: seconds,
      cpuSeconds: VerifyResult.processorTime - processor, idleRSSBytes: idle)
    try result.show(json: json)
    guard report.isClean else { throw BenchError(report.text(.en)) }
  }
}
