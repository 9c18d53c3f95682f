public import Exchange
import Synchronization

/// A work queue whose work runs when a test says so, first in, first out.
public final class StepQueue: WorkQueue, Sendable {
  private let works = Mutex<[@Sendable () -> Void]>([])

  /// An empty queue.
  public init() {}

  /// Queues work.
  public func async(_ work: @escaping @Sendable () -> Void) {
    works.withLock { $0.append(work) }
  }

  /// How much work waits.
  public var count: Int { works.withLock { $0.count } }

  /// Runs the oldest piece of work on the caller's stack; false when there is none.
  @discardableResult
  public func step() -> Bool {
    let work = works.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    work?()
    return work != nil
  }
}

/// The four queues of one node, run by hand: each stays first in, first out; which of them goes next
/// is the test's decision.
public struct ManualQueues: Sendable {
  /// Writing, validation, sending, reading.
  public let all: [StepQueue]

  /// Four empty queues.
  public init() { all = (0..<4).map { _ in StepQueue() } }

  /// For `Node.init`.
  public var queues: NodeQueues {
    NodeQueues(writing: all[0], validation: all[1], sending: all[2], reading: all[3])
  }

  /// Runs work of all queues in turn until none is left; false when there was none.
  @discardableResult
  public func run() -> Bool {
    var ran = false
    while let queue = all.first(where: { $0.count > 0 }) { ran = queue.step() || ran }
    return ran
  }
}

/// Runs the pieces of async functions on the test's own thread, one at a time: so that a test with
/// asynchronous calls in it is as deterministic as one without.
public final class ManualExecutor: TaskExecutor, Sendable {
  private let jobs = Mutex<[UnownedJob]>([])

  /// An executor without work.
  public init() {}

  /// Queues a piece of an async function.
  public func enqueue(_ job: consuming ExecutorJob) {
    let unowned = UnownedJob(job)
    jobs.withLock { $0.append(unowned) }
  }

  /// How many pieces wait.
  public var count: Int { jobs.withLock { $0.count } }

  /// Runs the oldest piece; false when there is none.
  @discardableResult
  public func step() -> Bool {
    let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    job?.runSynchronously(on: asUnownedTaskExecutor())
    return job != nil
  }
}

/// An asynchronous call under way in a world.
public final class PendingCall<Value: Sendable>: Sendable {
  private let outcome = Mutex<Result<Value, any Error>?>(nil)

  /// Starts `body` on `executor`; nothing of it runs before the executor is stepped.
  init(on executor: ManualExecutor, _ body: @escaping @Sendable () async throws -> Value) {
    Task(executorPreference: executor) { [self] in
      let result: Result<Value, any Error>
      do {
        result = .success(try await body())
      } catch {
        result = .failure(error)
      }
      outcome.withLock { $0 = result }
    }
  }

  /// What it came to; nil while it runs.
  public var result: Result<Value, any Error>? { outcome.withLock { $0 } }
}
