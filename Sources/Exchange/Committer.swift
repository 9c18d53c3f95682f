import Dispatch
import Logging
import RecordModel
import Synchronization

/// Runs work later, one piece after another. In a daemon a serial dispatch queue; in tests a list
/// that the test empties by hand, which makes every interleaving a decision of the test.
public protocol WorkQueue: Sendable {
  /// Queues work; never runs it on the caller's stack.
  func async(_ work: @escaping @Sendable () -> Void)
}

/// A serial dispatch queue.
public struct SerialQueue: WorkQueue {
  private let queue: DispatchQueue

  /// Makes a queue with a name for debuggers.
  public init(_ label: String) {
    queue = DispatchQueue(label: label, qos: .userInitiated)
  }

  /// Work runs in the order of the calls, one piece at a time.
  public func async(_ work: @escaping @Sendable () -> Void) { queue.async(execute: work) }
}

/// The one place where the exchange changes its store: takes what waits, runs it as one transaction,
/// and only then lets the effects out.
final class Committer: Sendable {
  /// A change to make.
  struct Job: Sendable {
    /// How many records it is about; limits how much one transaction takes.
    var weight = 1
    /// Makes the change. Throws only when the store fails, which fails the whole transaction:
    /// what an agency or a peer did wrong is an answer, not an error here.
    var run: @Sendable (inout Turn) throws -> Void
    /// Called instead of the effects when the transaction failed.
    var failed: @Sendable (ExchangeError) -> Void
  }

  private struct State {
    var waiting: [Job] = []
    var scheduled = false
    var dead: ExchangeError?
  }

  private let state = Mutex(State())
  private let store: any Store
  private let queue: any WorkQueue
  private let ledger: Mutex<Ledger>
  private let environment: Environment
  /// Run at the end of every turn, inside the transaction: sealing.
  private let closing: @Sendable (_ turn: inout Turn, _ sealing: Bool) throws -> Void
  private let onFatal: @Sendable (any Error) -> Void
  private let turnWeight: Int

  init(
    store: any Store, ledger: Ledger, queue: any WorkQueue, environment: Environment,
    turnWeight: Int, closing: @escaping @Sendable (inout Turn, Bool) throws -> Void,
    onFatal: @escaping @Sendable (any Error) -> Void
  ) {
    self.store = store
    self.queue = queue
    self.ledger = Mutex(ledger)
    self.environment = environment
    self.turnWeight = turnWeight
    self.closing = closing
    self.onFatal = onFatal
  }

  /// The state that is on disk.
  func durable<R>(_ body: (Ledger) -> R) -> R { ledger.withLock { body($0) } }

  /// Queues a change.
  func submit(_ job: Job) {
    let (schedule, dead) = state.withLock { state -> (Bool, ExchangeError?) in
      if let dead = state.dead { return (false, dead) }
      state.waiting.append(job)
      defer { state.scheduled = true }
      return (!state.scheduled, nil)
    }
    if let dead { return job.failed(dead) }
    if schedule { queue.async { [self] in drain() } }
  }

  /// Refuses all further work with `error`; what waits fails with it too.
  func shut(_ error: ExchangeError) {
    let waiting = state.withLock { state in
      state.dead = state.dead ?? error
      defer { state.waiting = [] }
      return state.waiting
    }
    for job in waiting { job.failed(error) }
  }

  /// How many jobs wait.
  var backlog: Int { state.withLock { $0.waiting.count } }

  private func drain() {
    while let jobs = next() { perform(jobs) }
  }

  private func next() -> [Job]? {
    state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.scheduled = false
        return nil
      }
      var weight = 0
      var count = 0
      while count < state.waiting.count, weight < turnWeight {
        weight += state.waiting[count].weight
        count += 1
      }
      let jobs = Array(state.waiting[..<count])
      state.waiting.removeFirst(count)
      return jobs
    }
  }

  private func perform(_ jobs: [Job], sealing: Bool = true) {
    do {
      let effects = try transact(jobs, sealing: sealing)
      for effect in effects { effect() }
    } catch StoreFailure.uncertain(let text) {
      fatal(StoreFailure.uncertain(text), jobs)
    } catch StoreFailure.corrupt(let text) {
      fatal(StoreFailure.corrupt(text), jobs)
    } catch  where jobs.count > 1 {
      // One change may be too much where another still fits (a receipt on a full disk): each alone.
      for job in jobs { perform([job]) }
    } catch  where sealing {
      // What did not fit may be the records that the turn would have sealed, not the change itself.
      perform(jobs, sealing: false)
    } catch {
      let answer = Self.translate(error)
      for job in jobs { job.failed(answer) }
    }
  }

  /// A crash before the commit leaves the store as it was; after it, the effects (an answer to the
  /// submitter, a push, a receipt) are lost, and each is made again: submitters repeat with their
  /// Idempotency-Key, pushes and receipts are resumed by the next `Hello`.
  private func transact(_ jobs: [Job], sealing: Bool) throws -> [@Sendable () -> Void] {
    let before = ledger.withLock { $0 }
    let turn = try store.write { transaction in
      var turn = Turn(store: transaction, ledger: before, now: environment.now())
      for job in jobs { try job.run(&turn) }
      try closing(&turn, sealing)
      try turn.finish()
      return turn
    }
    ledger.withLock { $0 = turn.ledger }
    return turn.effects
  }

  private func fatal(_ error: StoreFailure, _ jobs: [Job]) {
    var answer = Self.translate(error)
    if case .uncertain = error {
      answer = ExchangeError(
        .storageUncertain,
        "it may or may not be stored: repeat it with the same Idempotency-Key", cause: error)
    }
    for job in jobs { job.failed(answer) }
    // Of what comes after this, nothing is done.
    shut(Self.translate(error))
    onFatal(error)
  }

  /// The store's failure as users see it.
  static func translate(_ error: any Error) -> ExchangeError {
    if let error = error as? ExchangeError { return error }
    if case StoreFailure.full = error {
      return ExchangeError(.storageFull, "no room left on the disk", cause: error)
    }
    return ExchangeError(.storage, "the store failed", cause: error)
  }
}
