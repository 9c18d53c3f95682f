import Dispatch

/// Runs `body` with 0 ..< `count`, each on a thread of its own as far as the machine goes, and waits
/// for all.
func concurrently(_ count: Int, _ body: @Sendable (Int) -> Void) {
  DispatchQueue.concurrentPerform(iterations: count, execute: body)
}
