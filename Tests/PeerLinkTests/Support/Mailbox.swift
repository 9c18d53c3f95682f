import Logging
import Synchronization

/// What has happened, in order, for a test to wait on.
final class Mailbox<Element: Sendable>: Sendable {
  private struct Waiter {
    var id: Int
    var matches: @Sendable (Element) -> Bool
    var continuation: CheckedContinuation<Element, any Error>
  }

  private struct State {
    var items: [Element] = []
    var waiters: [Waiter] = []
    var lastWaiter = 0
  }

  private let state = Mutex(State())

  func post(_ element: Element) {
    let waiting = state.withLock { state -> Waiter? in
      guard let index = state.waiters.firstIndex(where: { $0.matches(element) }) else {
        state.items.append(element)
        return nil
      }
      return state.waiters.remove(at: index)
    }
    waiting?.continuation.resume(returning: element)
  }

  /// The first element that has come or will come and matches; it and all before it are taken away.
  @discardableResult
  func first(
    where matches: @escaping @Sendable (Element) -> Bool = { _ in true }
  ) async throws -> Element {
    let id = state.withLock { state in
      state.lastWaiter += 1
      return state.lastWaiter
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let found = state.withLock { state -> Element? in
          if let index = state.items.firstIndex(where: matches) {
            defer { state.items.removeSubrange(...index) }
            return state.items[index]
          }
          state.items = []
          state.waiters.append(Waiter(id: id, matches: matches, continuation: continuation))
          return nil
        }
        if let found { continuation.resume(returning: found) }
        if Task.isCancelled { cancel(id) }
      }
    } onCancel: {
      cancel(id)
    }
  }

  /// What has come and was not waited for.
  var waiting: [Element] { state.withLock { $0.items } }

  private func cancel(_ id: Int) {
    let waiter = state.withLock { state -> Waiter? in
      guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
      return state.waiters.remove(at: index)
    }
    waiter?.continuation.resume(throwing: CancellationError())
  }
}

/// A line of the log.
struct LogLine: Sendable {
  var level: Logger.Level
  var message: String
  var metadata: [String: String]
}

extension Mailbox where Element == LogLine {
  /// A logger that writes here.
  var logger: Logger { Logger(label: "test") { _ in MailboxLogHandler(mailbox: self) } }
}

private struct MailboxLogHandler: LogHandler {
  let mailbox: Mailbox<LogLine>
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.trace

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    mailbox.post(
      LogLine(
        level: event.level, message: "\(event.message)", metadata: all.mapValues { "\($0)" }))
  }
}
