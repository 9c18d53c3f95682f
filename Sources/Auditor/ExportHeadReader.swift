import TransparencyLog

/// Reads the signed heads of one log of an export in the order of their sizes: those of the bundles,
/// and the newest at its place among them.
final class ExportHeadReader {
  /// How many bundles are looked for behind one that is missing, before they are taken to end.
  private static let gapLimit = 64
  /// The most bytes of heads of one size that are handed out: some thousands, more than a size has
  /// witnesses. They are looked at together.
  private static let alikeByteLimit = 8 << 20

  /// Where a log's heads lie.
  struct Place {
    /// The folder in which `checkpoints` is.
    var folder: String
    /// How many heads the bundles have.
    var count: UInt64
    /// The note of the file `checkpoint`, and the size that it is said to have.
    var newest: (note: [UInt8], size: UInt64)?
    /// The name under which a receiver cosigns; nil where nobody's receipt is looked for.
    var receiptName: String?
  }

  private var place: Place
  private let bytes: any ExportBytes
  private let fault: (FindingDetail) -> Void
  private var bundle: UInt64 = 0
  private var last: UInt64 = 0
  private var waiting: ArraySlice<AuditCheckpoint> = []
  private var isExhausted = false
  /// The size of what was handed out last.
  private(set) var position: UInt64 = 0
  /// How many bytes of heads of that size there were.
  private var alikeBytes = 0

  init(_ place: Place, _ bytes: any ExportBytes, fault: @escaping (FindingDetail) -> Void) {
    self.place = place
    self.bytes = bytes
    self.fault = fault
  }

  /// The next heads whose size is more than `size`, at most `limit` and further ones of the last size;
  /// none only at the end.
  func next(above size: UInt64, limit: Int) throws -> [AuditCheckpoint] {
    var found: [AuditCheckpoint] = []
    while let head = try peek(), found.count < limit || head.size == position {
      waiting = waiting.dropFirst()
      alikeBytes = (head.size == position ? alikeBytes : 0) + head.note.count
      position = head.size
      guard alikeBytes <= Self.alikeByteLimit else {
        fault(.crowded(head.size))
        continue
      }
      if head.size > size { found.append(head) }
    }
    return found
  }

  private func peek() throws -> AuditCheckpoint? {
    while waiting.isEmpty, !isExhausted { try fill() }
    return waiting.first
  }

  private func fill() throws {
    var notes: [[UInt8]] = []
    var tries = 0
    while notes.isEmpty, bundle * 256 < place.count, tries < Self.gapLimit {
      notes = try read(bundle)
      bundle += 1
      tries += 1
    }
    isExhausted = notes.isEmpty || bundle * 256 >= place.count
    if let (head, said) = place.newest {
      let size = Self.size(head) ?? said
      let index = notes.firstIndex { (Self.size($0) ?? 0) > size }
      if index != nil || isExhausted {
        notes.insert(head, at: index ?? notes.count)
        place.newest = nil
      }
    }
    waiting = AuditCheckpoint.ascending(notes, from: last, receipt: place.receiptName)[...]
    last = waiting.last?.size ?? last
  }

  private static func size(_ note: [UInt8]) -> UInt64? {
    (try? Checkpoint.signed(parsing: note))?.checkpoint.size
  }

  private func read(_ number: UInt64) throws -> [[UInt8]] {
    let width = Int(min(256, place.count - number * 256))
    let tile = try Tile(level: 0, index: number, width: width)
    let name = tile.path(in: "\(place.folder)/checkpoints")
    guard let content = try bytes.read(name, from: 0, limit: CheckpointBundle.byteLimit + 1) else {
      fault(.missing(name))
      return []
    }
    let notes = CheckpointBundle.readable(content, count: width)
    let length = notes.reduce(0) { $0 + 4 + $1.count }
    if notes.count < width {
      fault(.short(name, after: notes.count))
    } else if length != content.count {
      fault(.surplus(name))
    }
    return notes
  }
}
