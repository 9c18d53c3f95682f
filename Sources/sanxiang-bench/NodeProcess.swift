import Foundation
import NodeClient

/// A `sanxiangd` process that this program started, and will stop.
final class NodeProcess {
  let member: BenchFederation.Member
  let client: NodeClient
  private let workplace: Workplace
  private let process = Process()

  /// Starts a node and waits until its API answers. What it says goes to `node.log` in its folder.
  init(_ member: BenchFederation.Member, daemon: String, workplace: Workplace) async throws {
    self.member = member
    self.workplace = workplace
    client = NodeClient(socketPath: member.socket, timeout: .seconds(120))
    do {
      try start(daemon)
      try await untilItAnswers()
    } catch {
      await stop()
      throw error
    }
  }

  private func start(_ daemon: String) throws {
    let log = FileHandle(
      fileDescriptor: try Files.create(member.log), closeOnDealloc: true)
    defer { try? log.close() }
    process.executableURL = URL(fileURLWithPath: daemon)
    process.arguments = ["--config", member.configuration]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = log
    process.standardError = log
    try workplace.start(process)
  }

  private func untilItAnswers() async throws {
    for _ in 0..<600 {
      if (try? await client.live()) != nil { return }
      guard process.isRunning else {
        throw BenchError("sanxiangd ended with status \(process.terminationStatus)")
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw BenchError("sanxiangd does not answer on \(member.socket)")
  }

  /// The peer port that the kernel chose.
  var port: Int {
    get throws {
      let text = Files.text(member.folder + "/peer.port")?.split(whereSeparator: \.isWhitespace)
      guard let port = text?.first.flatMap({ Int($0) }) else {
        throw BenchError("no port in \(member.folder)/peer.port")
      }
      return port
    }
  }

  /// Resident memory in bytes: now, and the most so far (`VmRSS`, `VmHWM` of proc(5)).
  var memory: (now: Int, peak: Int) {
    let lines = Files.text("/proc/\(process.processIdentifier)/status") ?? ""
    func value(_ name: String) -> Int {
      let line = lines.split(separator: "\n").first { $0.hasPrefix(name + ":") }
      let number = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
      return (number ?? 0) * 1024
    }
    return (value("VmRSS"), value("VmHWM"))
  }

  /// Ends the process in order, by force if it takes more than 20 seconds. One that never started
  /// is let be.
  func stop() async {
    await client.shutdown()
    guard process.processIdentifier > 0 else { return }
    process.terminate()
    for _ in 0..<400 where process.isRunning { try? await Task.sleep(for: .milliseconds(50)) }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    workplace.ended(process)
  }
}
