import TransparencyLog

/// Reads the signed heads of one log of an export in the order of their sizes: those of the bundles,
/// and the newest at its place among them.
final class ExportHeadReader {
  /// How many bundles are looked for behind one that is missing, before they are taken to end.
  private static let gapLimit = 64

  private let log: ExportManifest.Log
  private let bytes: any ExportBytes
  private let receiptName: String
  private let fault: (_ detail: String) -> Void
  private var bundle: UInt64 = 0
  private var last: UInt64 = 0
  private var waiting: ArraySlice<AuditCheckpoint> = []
  private var newest: [UInt8]?
  private var isExhausted = false

  /// - Parameters:
  ///   - newest: the note of the log's file `checkpoint`.
  ///   - name: the name under which the receiver cosigns.
  init(
    _ log: ExportManifest.Log, _ bytes: any ExportBytes, newest: [UInt8]?, receipt name: String,
    fault: @escaping (_ detail: String) -> Void
  ) {
    self.log = log
    self.bytes = bytes
    self.newest = newest
    self.fault = fault
    receiptName = name
  }

  /// Where the reader is: what it hands out next is larger.
  private(set) var position: UInt64 = 0

  /// The next heads, at most `limit`; none only at the end.
  func next(limit: Int) throws -> [AuditCheckpoint] {
    if waiting.isEmpty, !isExhausted { try fill() }
    let taken = waiting.prefix(limit)
    waiting = waiting.dropFirst(taken.count)
    position = taken.last?.size ?? position
    return Array(taken)
  }

  private func fill() throws {
    var notes: [[UInt8]] = []
    var tries = 0
    while notes.isEmpty, bundle * 256 < log.checkpoints, tries < Self.gapLimit {
      notes = try read(bundle)
      bundle += 1
      tries += 1
    }
    let isLast = notes.isEmpty || bundle * 256 >= log.checkpoints
    if let head = newest {
      let size = Self.size(head) ?? log.checkpoint
      let place = notes.firstIndex { (Self.size($0) ?? 0) > size }
      if let place {
        notes.insert(head, at: place)
        newest = nil
      } else if isLast {
        notes.append(head)
        newest = nil
      }
    }
    isExhausted = isLast
    waiting = AuditCheckpoint.ascending(notes, after: last, receipt: receiptName)[...]
    last = waiting.last?.size ?? last
  }

  private static func size(_ note: [UInt8]) -> UInt64? {
    (try? Checkpoint.signed(parsing: note))?.checkpoint.size
  }

  private func read(_ number: UInt64) throws -> [[UInt8]] {
    let width = Int(min(256, log.checkpoints - number * 256))
    let name = try Tile(level: 0, index: number, width: width).path(in: "\(log.path)/checkpoints")
    guard let content = try bytes.read(name, from: 0, limit: CheckpointBundle.byteLimit + 1) else {
      fault("\(name) is missing")
      return []
    }
    let notes = CheckpointBundle.readable(content, count: width)
    let length = notes.reduce(0) { $0 + 4 + $1.count }
    if notes.count < width {
      fault("\(name) ends after \(notes.count) heads")
    } else if length != content.count {
      fault("\(name) has bytes behind its last head")
    }
    return notes
  }
}
