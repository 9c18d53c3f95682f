import Foundation

/// What a mode measured; every mode uses the same names.
struct BenchResult: Codable {
  struct PerNode: Codable {
    var sender: Int
    var receiver: Int
  }

  var mode: String
  var records: Int
  var payloadBytes: Int
  var seconds: Double
  var perSecond: Double
  var p50Ms: Double
  var p99Ms: Double
  var peakRSSBytes: PerNode
  /// Resident memory before anything was submitted.
  var idleRSSBytes: PerNode?
  /// Resident memory with the whole backlog sealed and nothing pushed yet.
  var backlogRSSBytes: PerNode?
  /// What the machine's disk gives: small durable transactions, one at a time.
  var commitsPerSecond: Double
  /// How fast the backlog was submitted (drain only).
  var submittedPerSecond: Double?

  /// A value of a sorted list, by share.
  static func percentile(_ sorted: [Double], _ share: Double) -> Double {
    guard !sorted.isEmpty else { return 0 }
    return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
  }

  func show(json: Bool) throws {
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      return print(String(decoding: try encoder.encode(self), as: UTF8.self))
    }
    print(
      """
      \(mode): \(records) × \(payloadBytes) B
        \(Self.round(perSecond)) /s   \(Self.round(seconds)) s
        p50 \(Self.round(p50Ms)) ms   p99 \(Self.round(p99Ms)) ms
        peak RSS: sender \(peakRSSBytes.sender >> 20) MiB, receiver \(peakRSSBytes.receiver >> 20) MiB
        the disk: \(Self.round(commitsPerSecond)) durable commits /s
      """)
  }

  private static func round(_ value: Double) -> String { String(format: "%.2f", value) }
}
