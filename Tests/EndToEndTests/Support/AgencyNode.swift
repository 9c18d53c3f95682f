import Foundation
import NodeClient
import RecordModel
import Synchronization

/// One agency's node: its folder, its process while there is one, and its API.
final class AgencyNode: Sendable {
  let agency: Mint.Agency
  let folder: String
  let client: NodeClient
  private let process = Mutex<ChildProgram?>(nil)
  /// The port that the kernel chose at the first start; kept, as a real node keeps its own.
  private let chosen = Mutex<Int?>(nil)

  init(_ agency: Mint.Agency, folder: String) {
    self.agency = agency
    self.folder = folder
    client = NodeClient(socketPath: folder + "/api.sock", timeout: .seconds(60))
  }

  var code: String { agency.code.rawValue }
  var socket: String { folder + "/api.sock" }
  var configuration: String { folder + "/node.yaml" }
  private var logFile: String { folder + "/node.log" }

  /// Everything that its processes said, oldest first.
  var log: String { (try? Files.text(logFile)) ?? "" }

  /// Whether a process runs.
  var isRunning: Bool { process.withLock { $0 }.map { $0.ended == nil } ?? false }

  /// The peer port.
  var port: Int {
    get throws {
      guard let port = chosen.withLock({ $0 }) else { throw Trouble("\(code) never started") }
      return port
    }
  }

  // MARK: Process

  /// Starts a process and waits until it listens on both sockets.
  func start() async throws {
    let port = chosen.withLock { $0 }
    Files.remove(folder + "/peer.port")
    let program = try ChildProgram(
      Programs.daemon,
      ["--config", configuration] + (port.map { ["--peer-port", "\($0)"] } ?? []),
      output: logFile, errors: logFile)
    process.withLock { $0 = program }
    try await eventually("node \(code) listens") {
      if let ended = program.ended {
        throw Trouble("node \(self.code) ended at once, \(ended): \(self.log.suffix(2000))")
      }
      _ = try await self.client.live()
      return Files.exists(self.folder + "/peer.port")
    }
    let text = try Files.text(folder + "/peer.port").split(whereSeparator: \.isWhitespace)
    guard let found = text.first.flatMap({ Int($0) }) else { throw Trouble("no port of \(code)") }
    chosen.withLock { $0 = found }
  }

  /// Asks the process to end, and says how it did.
  @discardableResult
  func stop() async throws -> ChildProgram.Ending { try await end(SIGTERM) }

  /// Ends the process at once, without a word to it.
  func kill() async throws {
    let ending = try await end(SIGKILL)
    guard ending == .killed(SIGKILL) else { throw Trouble("\(code) ended by itself: \(ending)") }
  }

  /// Makes the process read its files again.
  func reload() { process.withLock { $0 }?.signal(SIGHUP) }

  private func end(_ signal: Int32) async throws -> ChildProgram.Ending {
    guard let program = process.withLock({ $0 }) else { throw Trouble("\(code) does not run") }
    program.signal(signal)
    let ending = try await program.end()
    process.withLock { $0 = nil }
    return ending
  }

  /// Whatever state it is in: no process afterwards.
  func dispose() async {
    process.withLock { $0 }?.signal(SIGKILL)
    _ = try? await process.withLock { $0 }?.end()
    await client.shutdown()
  }

  // MARK: Files

  /// The data of a node that does not run, put aside.
  func backUp() throws -> String {
    guard !isRunning else { throw Trouble("\(code) runs: its files are in motion") }
    let copy = folder + ".copy"
    try Files.makeFolder(copy)
    for name in Self.storeFiles where Files.exists("\(folder)/\(name)") {
      try Files.copy("\(folder)/\(name)", to: "\(copy)/\(name)")
    }
    return copy
  }

  /// Puts data from a copy in the place of what is there.
  func restore(_ copy: String) throws {
    guard !isRunning else { throw Trouble("\(code) runs: its files are in motion") }
    for name in Self.storeFiles {
      Files.remove("\(folder)/\(name)")
      if Files.exists("\(copy)/\(name)") {
        try Files.copy("\(copy)/\(name)", to: "\(folder)/\(name)")
      }
    }
  }

  private static let storeFiles = ["store.sqlite", "store.sqlite-wal", "store.sqlite-shm"]

  /// Adds to node.yaml: a top-level block, or a line in the place of a commented one.
  func configure(replacing line: String? = nil, _ text: String) throws {
    var yaml = try Files.text(configuration)
    if let line {
      guard yaml.contains(line) else { throw Trouble("node.yaml has no line \(line)") }
      yaml = yaml.replacingOccurrences(of: line, with: text)
    } else {
      yaml += "\n" + text + "\n"
    }
    try Files.write(yaml, to: configuration)
  }

  // MARK: API

  /// The queue towards a peer.
  func queue(to peer: AgencyNode) async throws -> APIQueue {
    let queues = try await client.queues().value.items
    guard let queue = queues.first(where: { $0.peer == peer.code }) else {
      throw Trouble("\(code) has no queue towards \(peer.code)")
    }
    return queue
  }

  /// Waits until a session with a peer stands.
  func connected(to peer: AgencyNode) async throws {
    try await eventually("\(code) is connected to \(peer.code)") {
      try await self.queue(to: peer).connected
    }
  }

  /// Waits until all that was submitted for a peer is under a receipt.
  func drained(to peer: AgencyNode) async throws {
    try await eventually("\(code) has receipts for all that it sent to \(peer.code)") {
      let queue = try await self.queue(to: peer)
      return queue.queued == 0 && queue.unreceipted == 0
    }
  }

  /// Every received opening record.
  func inbox() async throws -> [APIRecordSummary] {
    var found: [APIRecordSummary] = []
    var cursor: Int64?
    repeat {
      let page = try await client.inbox(cursor: cursor, limit: 200).value
      found += page.items
      cursor = page.next
    } while cursor != nil
    return found
  }

  /// The journal of the epoch in use.
  func journal() async throws -> [JournalItem] {
    var found: [JournalItem] = []
    while true {
      let bytes = try await client.journal(from: UInt64(found.count), limit: 200)
      let page = try JSONDecoder().decode(JournalPage.self, from: Data(bytes))
      found += page.items
      guard page.next != nil, !page.items.isEmpty else { return found }
    }
  }
}

/// A journal entry as far as tests look at it.
struct JournalItem: Decodable, Equatable {
  struct Entry: Decodable, Equatable {
    var event: String
    var code: String?
    var reason: String?
    var previousEpoch: Int?
  }
  var epoch: Int
  var seq: Int
  var entry: Entry
}

private struct JournalPage: Decodable {
  var items: [JournalItem]
  var next: Int?
}
