import NodeClient
import SanxiangTesting
import Synchronization

/// Clients of one node that submit numbered leads to another agency, each under a key of its own,
/// and say every lead again until it is acknowledged.
final class Load: Sendable {
  private struct State {
    var next = 0
    var isOver = false
    /// Number of the lead to the id of its record.
    var acknowledged: [Int: String] = [:]
    /// How often a lead had to be said again because nobody answered.
    var repeats = 0
  }

  private let sender: AgencyNode
  private let receiver: AgencyNode
  private let state = Mutex(State())
  private let tasks = Mutex<[Task<Void, any Error>]>([])
  /// Tells the leads of this load from others.
  private let base: Int
  private let limit: Int

  /// - Parameters:
  ///   - base: the first lead's number.
  ///   - limit: how many leads there are at most.
  init(from sender: AgencyNode, to receiver: AgencyNode, base: Int = 0, limit: Int = .max) {
    self.sender = sender
    self.receiver = receiver
    self.base = base
    self.limit = limit
  }

  /// Begins with so many clients at once.
  func start(clients: Int) {
    tasks.withLock { tasks in
      for _ in 0..<clients { tasks.append(Task { try await self.work() }) }
    }
  }

  /// The leads that were acknowledged so far.
  var acknowledged: [Int: String] { state.withLock { $0.acknowledged } }
  /// How often a lead had to be said again because nobody answered.
  var repeats: Int { state.withLock { $0.repeats } }

  /// Takes no new lead up, and waits until all that were begun are acknowledged.
  func finish() async throws {
    state.withLock { $0.isOver = true }
    try await done()
  }

  /// Waits until all leads are acknowledged.
  func done() async throws {
    for task in tasks.withLock({ $0 }) { try await task.value }
  }

  /// Gives up at once, whatever was begun.
  func abandon() { for task in tasks.withLock({ $0 }) { task.cancel() } }

  /// All leads of a load that has an end.
  static func run(
    _ count: Int, from sender: AgencyNode, to receiver: AgencyNode, base: Int = 0
  ) async throws -> [Int: String] {
    let load = Load(from: sender, to: receiver, base: base, limit: count)
    load.start(clients: 16)
    try await load.done()
    return load.acknowledged
  }

  private func take() -> Int? {
    state.withLock { state in
      guard !state.isOver, state.next < limit else { return nil }
      defer { state.next += 1 }
      return base + state.next
    }
  }

  private func work() async throws {
    while let number = take() {
      let payload = SamplePayload.transfer(number)
      var answer: APISubmission?
      try await eventually("lead \(number) is acknowledged") {
        do {
          answer = try await self.sender.client.submit(
            payload, to: self.receiver.code, idempotencyKey: "lead-\(number)"
          ).value
          return true
        } catch let error as ClientError
          where error.isAboutConnection || error.code.rawValue == "node.stopping"
        {
          self.state.withLock { $0.repeats += 1 }
          return false
        }
      }
      guard let answer else { continue }
      state.withLock { $0.acknowledged[number] = answer.id }
    }
  }
}

extension AgencyNode {
  /// The numbers of the leads in the inbox, each with the ids of the records that carry it.
  func arrived() async throws -> [Int: [String]] {
    var found: [Int: [String]] = [:]
    for item in try await inbox() {
      // 示例线索第<number>号, see SamplePayload.
      guard let number = Int((item.title ?? "").filter(\.isNumber)) else {
        throw Trouble("a lead without a number: \(item.title ?? "no title")")
      }
      found[number, default: []].append(item.id)
    }
    return found
  }
}
