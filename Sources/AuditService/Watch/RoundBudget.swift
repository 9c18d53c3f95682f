import Auditor

/// What one round may still read of a node. Belongs to the thread of the round.
final class RoundBudget {
  /// More was served than a round takes.
  struct Spent: Error, CustomStringConvertible {
    var description: String { "a round would take more than is read of one node" }
  }

  /// The least that a question counts for, however little is answered.
  static let questionBytes = 1024

  private let total: Int
  private var bytes: Int
  private var bundles: Int
  /// Logs that were neither followed nor held against the node.
  var passedOver = 0

  init(_ limits: WatchLimits) {
    total = limits.roundBytes
    bytes = limits.roundBytes
    bundles = limits.roundBundles
  }

  /// How many bundles of entries may be hashed now. What is left is for the next round: heads are read
  /// from the other half of the bytes.
  var bundlesLeft: Int { bytes > total / 2 ? bundles : 0 }

  /// Counts bundles of entries.
  func take(bundles count: Int) { bundles -= count }

  /// Counts what was read.
  func take(bytes count: Int) { bytes -= max(count, Self.questionBytes) }

  /// Throws once nothing is left.
  func check() throws(Spent) {
    guard bytes > 0 else { throw Spent() }
  }
}

/// What a node serves, as long as the round's budget lasts. One answer may go beyond it.
struct BudgetedExport: ExportBytes {
  let base: any ExportBytes
  let budget: RoundBudget

  func read(_ path: String, from offset: UInt64, limit: Int) throws -> [UInt8]? {
    try budget.check()
    let bytes = try base.read(path, from: offset, limit: limit)
    budget.take(bytes: bytes?.count ?? 0)
    return bytes
  }
}
