import Dispatch
public import Exchange

/// Reads of a store for auditors: one after another on a queue of their own, so that however much
/// they ask for, the node's own reading never waits for more than one of them.
public struct StoreQueue: Sendable {
  private let store: any Store
  private let queue = DispatchQueue(label: "sanxiang.auditing", qos: .utility)

  /// A queue of its own over `store`.
  public init(_ store: any Store) { self.store = store }

  /// Runs `body` on one consistent state.
  func read<R: Sendable>(
    _ body: @escaping @Sendable (any StoreReader) throws -> R
  ) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { [store] in continuation.resume(with: Result { try store.read(body) }) }
    }
  }
}
