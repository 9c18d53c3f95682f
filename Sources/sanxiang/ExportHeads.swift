import Auditor
import Exchange
import TransparencyLog

/// Writes signed heads in bundles, ascending by size.
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

  private let path: String
  private let folder: ExportFolder
  private var bundle: [UInt8] = []
  private var result = Result()

  /// Writes into the folder `path` of an export.
  init(_ path: String, _ folder: ExportFolder) {
    self.path = path
    self.folder = folder
  }

  /// Writes all heads of a log: the newest that its entries reach into a file of its own.
  mutating func write(_ log: ExportPlan.Log, _ reader: any StoreReader) throws -> Result {
    var newest: StoredCheckpoint?
    try log.checkpoints(reader) { checkpoint in
      guard checkpoint.size <= log.size else { return try add(checkpoint.note) }
      if let before = newest { try add(before.note) }
      newest = checkpoint
    }
    for note in try log.witnessedHeads(reader) { try add(note) }
    try finish()
    if let newest {
      try folder.write(newest.note, to: "\(path)/checkpoint")
      result.newest = newest.size
    }
    return result
  }

  /// Writes these heads.
  mutating func write(_ notes: [[UInt8]]) throws -> Result {
    for note in notes { try add(note) }
    try finish()
    return result
  }

  private mutating func add(_ note: [UInt8]) throws {
    do { try CheckpointBundle.append(note, to: &bundle) } catch {
      throw Failure(.failed, "export.damaged", "\(path): \(error.message)")
    }
    result.others += 1
    guard result.others % UInt64(CheckpointBundle.fullWidth) == 0 else { return }
    let place = try Tile(level: 0, index: result.others / 256 - 1)
    try folder.write(bundle, to: "\(path)/\(place.path(in: "checkpoints"))")
    bundle.removeAll(keepingCapacity: true)
  }

  private mutating func finish() throws {
    let width = Int(result.others % UInt64(CheckpointBundle.fullWidth))
    guard width > 0 else { return }
    let place = try Tile(level: 0, index: result.others / 256, width: width)
    let name = "\(path)/\(place.path(in: "checkpoints"))"
    try folder.write(bundle, to: name)
    result.partials.insert(name)
  }
}
