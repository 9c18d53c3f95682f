import Dispatch

/// Threads on which an audit checks entries ahead of the walk that needs them in order. What an
/// audit finds does not depend on them.
public struct AuditWorkers: Sendable {
  /// Begins a piece of work on another thread and returns what waits until it is done.
  public typealias Start = @Sendable (_ work: @escaping @Sendable () -> Void) -> () -> Void

  /// How many pieces are worked on at once besides the caller's; 0 when the caller does everything.
  public let count: Int
  let start: Start

  /// `start` must return at once, run every piece exactly once, in any order, and never wait for a
  /// piece itself; what it returns is called at most once, on the audit's thread. One that returns
  /// before its piece has begun does no harm: the audit does the piece itself.
  public init(count: Int, start: @escaping Start) {
    precondition(count > 0, "whoever brings workers brings at least one")
    self.count = count
    self.start = start
  }

  private init() {
    count = 0
    start = { work in
      work()
      return {}
    }
  }

  /// None: the caller's thread does it all.
  public static let none = AuditWorkers()

  /// So many beside the caller's own thread, which works too while it waits: one fewer than there
  /// are cores uses all of them. None for 0 or less.
  public static func threads(_ count: Int) -> AuditWorkers {
    guard count > 0 else { return .none }
    let queue = DispatchQueue(label: "sanxiang.audit", attributes: .concurrent)
    return AuditWorkers(count: count) { work in
      let item = DispatchWorkItem(block: work)
      queue.async(execute: item)
      return { item.wait() }
    }
  }
}
