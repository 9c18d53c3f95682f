import RecordModel
import Synchronization

/// Callers that wait for something to become durable: a record's receipt, or a new arrival.
final class Waiters: Sendable {
  private struct State {
    var next = 0
    var records: [RecordID: [Int: CheckedContinuation<Void, Never>]] = [:]
    var arrivals: [Int: CheckedContinuation<Void, Never>] = [:]
    /// Tokens that were woken before their continuation was there.
    var cancelled: Set<Int> = []
  }

  private let state = Mutex(State())

  /// A number that names one caller's wait.
  func token() -> Int {
    state.withLock { state in
      state.next += 1
      return state.next
    }
  }

  /// Waits until `wake(record:)`, or `cancel(token)`.
  func wait(for id: RecordID, token: Int) async {
    await withCheckedContinuation { continuation in
      let now = state.withLock { state in
        if state.cancelled.remove(token) != nil { return true }
        state.records[id, default: [:]][token] = continuation
        return false
      }
      if now { continuation.resume() }
    }
  }

  /// Waits until `wakeArrivals`, or `cancel(token)`.
  func waitForArrival(token: Int) async {
    await withCheckedContinuation { continuation in
      let now = state.withLock { state in
        if state.cancelled.remove(token) != nil { return true }
        state.arrivals[token] = continuation
        return false
      }
      if now { continuation.resume() }
    }
  }

  /// Whether anybody waits for a record: spares the hot path a lookup.
  var waitsForRecords: Bool { state.withLock { !$0.records.isEmpty } }

  /// The records that somebody waits for.
  var awaited: [RecordID] { state.withLock { Array($0.records.keys) } }

  func wake(record id: RecordID) {
    let woken = state.withLock { $0.records.removeValue(forKey: id) }
    for continuation in (woken ?? [:]).values { continuation.resume() }
  }

  func wakeArrivals() {
    let woken = state.withLock { state in
      defer { state.arrivals = [:] }
      return state.arrivals
    }
    for continuation in woken.values { continuation.resume() }
  }

  /// Ends one caller's wait.
  func cancel(_ token: Int) {
    let woken = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if let found = state.arrivals.removeValue(forKey: token) { return found }
      for (id, tokens) in state.records {
        guard let found = tokens[token] else { continue }
        state.records[id]?[token] = nil
        if state.records[id]?.isEmpty == true { state.records[id] = nil }
        return found
      }
      state.cancelled.insert(token)
      return nil
    }
    woken?.resume()
  }

  /// A wait that has ended needs its mark no more.
  func forget(_ token: Int) { state.withLock { _ = $0.cancelled.remove(token) } }

  /// Wakes everybody: the node stops.
  func wakeAll() {
    for id in awaited { wake(record: id) }
    wakeArrivals()
  }
}
