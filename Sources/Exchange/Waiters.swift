import RecordModel
import Synchronization

/// Callers that wait for something to become durable: a record's receipt, or a new arrival.
///
/// A caller registers, looks whether what it wants is there already, and only then waits: what
/// happens between the look and the wait wakes it all the same.
final class Waiters: Sendable {
  /// What a caller waits for.
  enum Subject: Hashable {
    case record(RecordID)
    case arrival
  }

  private struct Entry {
    var subject: Subject
    var woken = false
    var continuation: CheckedContinuation<Void, Never>?
  }

  private struct State {
    var next = 0
    var entries: [Int: Entry] = [:]
    var tokens: [Subject: Set<Int>] = [:]
  }

  private let state = Mutex(State())

  /// Starts a wait; `release` must end it.
  func register(_ subject: Subject) -> Int {
    state.withLock { state in
      state.next += 1
      state.entries[state.next] = Entry(subject: subject)
      state.tokens[subject, default: []].insert(state.next)
      return state.next
    }
  }

  /// Returns when the subject has been woken since `register`, or the wait was cancelled.
  func wait(_ token: Int) async {
    await withCheckedContinuation { continuation in
      let now = state.withLock { state -> Bool in
        guard let entry = state.entries[token], !entry.woken else { return true }
        state.entries[token]?.continuation = continuation
        return false
      }
      if now { continuation.resume() }
    }
  }

  /// Ends one caller's wait.
  func cancel(_ token: Int) {
    state.withLock { Self.take([token], &$0) }.forEach { $0.resume() }
  }

  /// Forgets a wait that has returned.
  func release(_ token: Int) {
    state.withLock { state in
      guard let entry = state.entries.removeValue(forKey: token) else { return }
      state.tokens[entry.subject]?.remove(token)
      if state.tokens[entry.subject]?.isEmpty == true { state.tokens[entry.subject] = nil }
    }
  }

  /// The records that somebody waits for.
  var awaited: [RecordID] {
    state.withLock { state in
      state.tokens.keys.compactMap { if case .record(let id) = $0 { id } else { nil } }
    }
  }

  func wake(record id: RecordID) { wake(.record(id)) }

  func wakeArrivals() { wake(.arrival) }

  /// Wakes everybody: the node stops.
  func wakeAll() {
    state.withLock { Self.take(Set($0.entries.keys), &$0) }.forEach { $0.resume() }
  }

  private func wake(_ subject: Subject) {
    state.withLock { state in
      Self.take(state.tokens[subject] ?? [], &state)
    }.forEach { $0.resume() }
  }

  private static func take(
    _ tokens: Set<Int>, _ state: inout State
  ) -> [CheckedContinuation<Void, Never>] {
    tokens.compactMap { token in
      state.entries[token]?.woken = true
      defer { state.entries[token]?.continuation = nil }
      return state.entries[token]?.continuation
    }
  }
}
