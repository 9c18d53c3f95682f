/// Threads on which an audit checks entries ahead of the walk that needs them in order. This module
/// has no threads of its own: whoever runs an audit brings some, or none.
public struct AuditWorkers: Sendable {
  /// Begins a piece of work on another thread and returns what waits until it is done.
  public typealias Start = @Sendable (_ work: @escaping @Sendable () -> Void) -> () -> Void

  /// How many pieces can be worked on at once; 0 when everything is done by the caller.
  public let count: Int
  let start: Start

  /// `start` must return at once, run every piece exactly once, in any order, and never wait for a
  /// piece itself; what it returns is called once, on the audit's thread. One that returns before
  /// its piece has begun does no harm: the audit does the piece itself.
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
}
