import Dispatch
import Exchange
import Synchronization

/// A few connections that read, opened as they are first needed. The one used last is used next, so
/// that an idle store has few and its cache is warm.
final class ReaderPool: Sendable {
  private let limit: Int
  private let room: DispatchSemaphore
  private let idle = Mutex<[Connection]>([])
  private let open: @Sendable () throws -> Connection

  init(count: Int, open: @escaping @Sendable () throws -> Connection) {
    limit = max(1, count)
    room = DispatchSemaphore(value: limit)
    self.open = open
  }

  /// Lends a connection, waiting for one while all are in use.
  func withConnection<R>(_ body: (Connection) throws -> R) throws -> R {
    room.wait()
    defer { room.signal() }
    let connection = try idle.withLock { $0.popLast() } ?? open()
    // Before `room` is signalled, so that whoever comes next finds it.
    defer { idle.withLock { $0.append(connection) } }
    return try body(connection)
  }

  /// Waits for the running reads and closes the connections.
  func close() throws {
    for _ in 0..<limit { room.wait() }
    defer { for _ in 0..<limit { room.signal() } }
    let connections = idle.withLock { idle in
      defer { idle = [] }
      return idle
    }
    for connection in connections { try connection.close() }
  }
}
