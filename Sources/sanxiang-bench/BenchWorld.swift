import Foundation
import NodeClient
import RecordModel

/// Two node processes that know each other.
struct BenchWorld {
  let sender: NodeProcess
  let receiver: NodeProcess
  private let folder: String
  private let keep: Bool

  /// Runs `body` with two connected nodes, and cleans up however it ends.
  static func run<R>(
    _ options: BenchOptions, body: (BenchWorld) async throws -> R
  ) async throws -> R {
    let world = try await BenchWorld(options)
    do {
      let result = try await body(world)
      await world.stop()
      return result
    } catch {
      await world.stop()
      throw error
    }
  }

  private init(_ options: BenchOptions) async throws {
    // Short, because a Unix socket's path must be.
    let folder = options.folder ?? NSTemporaryDirectory() + "sxb-\(getpid())"
    self.folder = folder
    keep = options.keep
    let daemon = options.daemon ?? Self.besideThisProgram("sanxiangd")
    var federation = try BenchFederation(
      folder: folder, outboxRecords: max(options.records * 2, 1000))
    receiver = try await NodeProcess(federation.receiver, daemon: daemon)
    sender = try await NodeProcess(federation.sender, daemon: daemon)
    do {
      let note = try federation.publish(receiverPort: receiver.port)
      _ = try await receiver.client.loadDirectory(note)
      _ = try await sender.client.loadDirectory(note)
      try await waitUntil("the nodes are connected") {
        try await sender.client.queues().value.items.allSatisfy(\.connected)
      }
    } catch {
      await stop()
      throw error
    }
  }

  private func stop() async {
    await sender.stop()
    await receiver.stop()
    if !keep { Files.remove(folder) }
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

  /// Asks again and again; a measurement that does not get on within ten minutes has failed.
  func waitUntil(_ what: String, _ done: () async throws -> Bool) async throws {
    let start = ContinuousClock.now
    while try await !done() {
      guard ContinuousClock.now - start < .seconds(1800) else {
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
