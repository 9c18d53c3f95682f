import Synchronization

/// Lets the sealer, which runs inside the committer, ask it for another turn.
final class Closer: Sendable {
  private let held = Mutex<WeakCommitter>(WeakCommitter())

  /// The committer, while it lives.
  var committer: Committer? { held.withLock { $0.committer } }

  func set(_ committer: Committer) { held.withLock { $0.committer = committer } }

  private struct WeakCommitter { weak var committer: Committer? }
}

extension Committer.Job {
  /// Changes nothing by itself: its turn seals what can be sealed.
  static let nothing = Committer.Job(run: { _ in }, failed: { _ in })
}
