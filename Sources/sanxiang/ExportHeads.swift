import Auditor
import Exchange
import TransparencyLog

/// Writes a log's signed heads: the newest that its entries reach, and all others in bundles.
///
/// A head gets its receipt later, and one that was lost may come back, so that the bundles are made
/// anew each time; those that did not change are not written.
struct ExportHeads {
  /// What was written.
  struct Result {
    /// The size of the newest head; 0 where there is none.
    var newest: UInt64 = 0
    /// How many other heads there are.
    var others: UInt64 = 0
    /// The bundles that are not complete.
    var partials: Set<String> = []
  }

  private let log: ExportPlan.Log
  private let reader: any StoreReader
  private let folder: ExportFolder
  private var bundle: [UInt8] = []
  private var result = Result()

  init(_ log: ExportPlan.Log, _ reader: any StoreReader, _ folder: ExportFolder) {
    self.log = log
    self.reader = reader
    self.folder = folder
  }

  /// Writes all of them.
  mutating func write() throws -> Result {
    var newest: StoredCheckpoint?
    try log.checkpoints(reader) { checkpoint in
      guard checkpoint.size <= log.size else { return try add(checkpoint) }
      if let before = newest { try add(before) }
      newest = checkpoint
    }
    let width = Int(result.others % UInt64(CheckpointBundle.fullWidth))
    if width > 0 {
      let place = try Tile(level: 0, index: result.others / 256, width: width)
      let name = "\(log.path)/\(place.path(in: "checkpoints"))"
      try folder.write(bundle, to: name)
      result.partials.insert(name)
    }
    if let newest {
      try folder.write(newest.note, to: "\(log.path)/checkpoint")
      result.newest = newest.size
    }
    return result
  }

  private mutating func add(_ checkpoint: StoredCheckpoint) throws {
    do { try CheckpointBundle.append(checkpoint.note, to: &bundle) } catch {
      throw log.damaged(error.message)
    }
    result.others += 1
    guard result.others % UInt64(CheckpointBundle.fullWidth) == 0 else { return }
    let place = try Tile(level: 0, index: result.others / 256 - 1)
    try folder.write(bundle, to: "\(log.path)/\(place.path(in: "checkpoints"))")
    bundle.removeAll(keepingCapacity: true)
  }
}
