/// How long to wait between attempts to reach a peer: doubling, capped, half of it by chance, so
/// that many nodes do not dial a returning one in step.
public struct BackoffPolicy: Hashable, Sendable {
  /// Before the second attempt, in milliseconds.
  public var baseMillis: Int64
  /// At most, in milliseconds.
  public var capMillis: Int64

  /// A policy; both at least 1, `cap` at least `base`.
  public init(baseMillis: Int64 = 500, capMillis: Int64 = 60_000) {
    self.baseMillis = max(1, baseMillis)
    self.capMillis = max(self.baseMillis, capMillis)
  }

  /// Milliseconds to wait after `failures` failures in a row (at least 1). `random` picks the second
  /// half of the wait: 0 gives half, `UInt64.max` almost all.
  func delayMillis(afterFailures failures: Int, random: UInt64) -> Int64 {
    var delay = baseMillis
    for _ in 1..<max(1, min(failures, 62)) where delay < capMillis {
      delay = delay > capMillis / 2 ? capMillis : delay * 2
    }
    delay = min(delay, capMillis)
    let half = UInt64(delay - delay / 2)
    return delay / 2 + Int64(half.multipliedFullWidth(by: random).high)
  }
}
