import Foundation
import NodeClient
import RecordModel

/// Two node processes that know each other.
struct BenchWorld {
  let sender: NodeProcess
  let receiver: NodeProcess
  /// The disk's own speed, measured in the folder where the nodes then are.
  let commitsPerSecond: Double

  /// How long a measurement may stand still before it has failed.
  private static let patience = Duration.seconds(1800)

  /// Runs `body` with two connected nodes, and cleans up however it ends. When it fails, the last
  /// lines of both nodes' logs are shown.
  static func run<R>(
    _ options: BenchOptions, body: (BenchWorld) async throws -> R
  ) async throws -> R {
    let workplace = try Workplace(
      in: options.folder ?? NSTemporaryDirectory(), keep: options.keep)
    let signals = workplace.watchSignals()
    defer {
      workplace.clear()
      Workplace.ignoreNoMore(signals)
    }
    var federation: BenchFederation?
    do {
      let commits = try CommitProbe.run(folder: workplace.folder + "/probe")
      var made = try BenchFederation(
        folder: workplace.folder, outboxRecords: max(options.records * 2, 1000))
      federation = made
      let daemon = options.daemon ?? besideThisProgram("sanxiangd")
      return try await withNode(made.receiver, daemon, workplace) { receiver in
        try await withNode(made.sender, daemon, workplace) { sender in
          let world = BenchWorld(sender: sender, receiver: receiver, commitsPerSecond: commits)
          try await world.connect(&made)
          return try await body(world)
        }
      }
    } catch {
      if let federation { tell(federation) }
      throw error
    }
  }

  /// Runs `body` with a node that is stopped however it ends.
  private static func withNode<R>(
    _ member: BenchFederation.Member, _ daemon: String, _ workplace: Workplace,
    body: (NodeProcess) async throws -> R
  ) async throws -> R {
    let node = try await NodeProcess(member, daemon: daemon, workplace: workplace)
    do {
      let result = try await body(node)
      await node.stop()
      return result
    } catch {
      await node.stop()
      throw error
    }
  }

  private func connect(_ federation: inout BenchFederation) async throws {
    let note = try federation.publish(receiverPort: receiver.port)
    _ = try await receiver.client.loadDirectory(note)
    _ = try await sender.client.loadDirectory(note)
    try await waitUntil("the nodes are connected") {
      try await sender.client.queues().value.items.allSatisfy(\.connected)
    }
  }

  /// What the nodes said last, for whoever has to find out why a measurement failed.
  private static func tell(_ federation: BenchFederation) {
    for member in [federation.sender, federation.receiver] {
      guard let log = Files.text(member.log), !log.isEmpty else { continue }
      let lines = log.split(separator: "\n").suffix(15).joined(separator: "\n")
      FileHandle.standardError.write(Data("node \(member.code):\n\(lines)\n".utf8))
    }
  }

  private static func besideThisProgram(_ name: String) -> String {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: own).deletingLastPathComponent().path + "/" + name
  }

  /// The receiver's code, for calls to the sender.
  var peer: String { receiver.member.code.rawValue }

  /// The sender's queue towards the receiver.
  func queue() async throws -> APIQueue {
    let queues = try await sender.client.queues().value.items
    guard let queue = queues.first(where: { $0.peer == peer }) else {
      throw BenchError("the sender has no queue for the receiver")
    }
    return queue
  }

  /// Asks again and again; a measurement that does not get on within `patience` has failed.
  func waitUntil(_ what: String, _ done: () async throws -> Bool) async throws {
    let start = ContinuousClock.now
    while try await !done() {
      guard ContinuousClock.now - start < Self.patience else {
        throw BenchError("gave up waiting until \(what)")
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// Submits `count` leads with `clients` clients at once; returns each one's latency in
  /// milliseconds, sorted, and the seconds of the whole.
  func submit(
    _ count: Int, payload: SamplePayload, clients: Int
  ) async throws -> (latencies: [Double], seconds: Double) {
    let (client, peer) = (sender.client, peer)
    let start = ContinuousClock.now
    let all = try await withThrowingTaskGroup(of: [Double].self) { group in
      for worker in 0..<clients {
        group.addTask {
          var latencies: [Double] = []
          for number in stride(from: worker, to: count, by: clients) {
            let begin = ContinuousClock.now
            _ = try await client.submit(payload.make(number), to: peer)
            latencies.append((ContinuousClock.now - begin).milliseconds)
          }
          return latencies
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    return (all.sorted(), (ContinuousClock.now - start).milliseconds / 1000)
  }
}

extension Duration {
  var milliseconds: Double {
    Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
  }
}
