/// Measures an outbound channel since start: when the first push left, when the last receipt was
/// stored, and the time between, per record, in a histogram with 6 % resolution.
struct FlowRecorder: Sendable {
  private var buckets: [UInt64] = []
  private var firstPush: UInt64 = 0
  private var lastReceipt: UInt64 = 0
  private var receipted: UInt64 = 0

  mutating func pushed(at nanoseconds: UInt64) {
    if firstPush == 0 { firstPush = nanoseconds }
  }

  /// `count` records were receipted `latency` nanoseconds after their push.
  mutating func receipted(_ count: UInt64, latency: UInt64, at nanoseconds: UInt64) {
    if buckets.isEmpty { buckets = Array(repeating: 0, count: Self.bucketCount) }
    buckets[Self.bucket(latency / 1000)] += count
    receipted += count
    lastReceipt = nanoseconds
  }

  var statistics: FlowStatistics? {
    guard firstPush > 0 else { return nil }
    return FlowStatistics(
      firstPush: firstPush, lastReceipt: lastReceipt, receipted: receipted,
      p50Micros: percentile(0.5), p99Micros: percentile(0.99))
  }

  private func percentile(_ share: Double) -> UInt64 {
    let wanted = UInt64((Double(receipted) * share).rounded(.up))
    var sum: UInt64 = 0
    for (index, count) in buckets.enumerated() {
      sum += count
      if sum >= wanted, count > 0 { return Self.upperBound(index) }
    }
    return 0
  }

  // 16 buckets to each power of two, of microseconds.
  private static let bucketCount = 64 * 16

  static func bucket(_ micros: UInt64) -> Int {
    guard micros >= 16 else { return Int(micros) }
    let power = 63 - micros.leadingZeroBitCount
    return (power - 3) * 16 + Int((micros >> (power - 4)) & 15)
  }

  static func upperBound(_ bucket: Int) -> UInt64 {
    guard bucket >= 16 else { return UInt64(bucket) }
    let power = bucket / 16 + 3
    return ((16 + UInt64(bucket % 16) + 1) << (power - 4)) - 1
  }
}
