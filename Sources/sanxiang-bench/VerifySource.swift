import Auditor
import Cryptography
import Foundation
import RecordModel
import TransparencyLog

/// Hands a prepared history (``VerifyHistory``) to the Auditor, a bundle at a time.
struct VerifySource: AuditSource {
  let pinned: Authority
  private let note: [UInt8]
  private let channel: AuditChannel
  private let journal: AuditJournal
  private let records: VerifyReader
  private let checkpoints: VerifyReader
  private let journalFile: VerifyReader
  private let tiles: [VerifyReader]

  init(_ folder: String) throws {
    let claims = try VerifyClaims(reading: folder)
    func bytes(_ name: String) throws -> [UInt8] {
      Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
    }
    func digest(_ bytes: [UInt8]) throws -> Digest {
      guard let digest = Digest(bytes) else { throw BenchError("\(folder): a bad claims.json") }
      return digest
    }
    pinned = try AuthorityFile(parsing: try bytes("authority.json")).authority
    note = try bytes("federation.note")
    channel = AuditChannel(
      number: 0, origin: try Origin(parsing: claims.origin), isOutbound: true,
      claimedSize: claims.size, claimedRoot: try digest(claims.root))
    journal = AuditJournal(
      origin: try JournalOrigin(parsing: claims.journal), claimedSize: claims.journalSize,
      checkpoint: AuditCheckpoint(
        size: claims.journalSize, root: try digest(claims.journalRoot), note: claims.journalNote,
        receiptTime: nil))
    records = try VerifyReader(folder + "/records")
    checkpoints = try VerifyReader(folder + "/checkpoints")
    journalFile = try VerifyReader(folder + "/journal")
    var tiles: [VerifyReader] = []
    while FileManager.default.fileExists(atPath: folder + "/tiles-\(tiles.count)") {
      tiles.append(try VerifyReader(folder + "/tiles-\(tiles.count)"))
    }
    self.tiles = tiles
  }

  func directoryNotes() -> [[UInt8]] { [note] }
  func channels() -> [AuditChannel] { [channel] }
  func journals() -> [AuditJournal] { [journal] }

  func entries(_ channel: AuditChannel, from: UInt64, limit: Int) throws -> [AuditEntry] {
    try records.items(from: from, limit: limit) { seq, cursor in
      let header = cursor.bytes(Int(cursor.number(UInt16.self)))
      let salt = cursor.bytes(32)
      let payload = cursor.bytes(Int(cursor.number(UInt32.self)))
      return AuditEntry(
        seq: seq, header: header, claimedLeaf: nil, payload: payload, salt: salt,
        isRefused: false)
    }
  }

  func checkpoints(
    _ channel: AuditChannel, above size: UInt64, limit: Int
  ) throws -> [AuditCheckpoint] {
    // One checkpoint for each batch of as many records as a bundle has.
    let first = (size + UInt64(VerifyFiles.bundle) - 1) / UInt64(VerifyFiles.bundle)
    return try checkpoints.items(from: first, limit: limit) { _, cursor in
      let size = cursor.number(UInt64.self)
      let root = cursor.digest()
      let time = cursor.number(UInt64.self)
      let note = cursor.bytes(Int(cursor.number(UInt32.self)))
      return AuditCheckpoint(size: size, root: root, note: note, receiptTime: time)
    }
  }

  var holdsTiles: Bool { true }

  func tile(_ channel: AuditChannel, level: Int, index: UInt64) throws -> [UInt8]? {
    guard tiles.indices.contains(level) else { return nil }
    return try tiles[level].items(from: index, limit: 1) { _, cursor in
      cursor.bytes(Tile.fullWidth * Digest.byteCount)
    }.first
  }

  func journalEntries(epoch: UInt32, from: UInt64, limit: Int) throws -> [AuditJournalEntry] {
    try journalFile.items(from: from, limit: limit) { seq, cursor in
      AuditJournalEntry(seq: seq, bytes: cursor.bytes(Int(cursor.number(UInt16.self))))
    }
  }

  func holdsSubmission(_ id: RecordID) -> Bool { false }
  func holdsPendingRefusal(of target: RecordID, thread: RecordID) -> Bool { false }
}

/// One file of a prepared history, read a bundle at a time into one buffer. On one thread.
final class VerifyReader {
  private let handle: FileHandle
  private let places: [UInt64]
  private var buffer: [UInt8] = []
  private var held: Int?
  /// The item of the held bundle at which the last call ended, and its offset.
  private var next = (item: 0, offset: 0)

  init(_ path: String) throws {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw BenchError("cannot read \(path)")
    }
    self.handle = handle
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path + ".places"))
    places = stride(from: 0, to: bytes.count, by: 8).map { offset in
      bytes[offset..<(offset + 8)].reduce(0) { $0 << 8 | UInt64($1) }
    }
  }

  /// Up to `limit` items from number `from` on; none only at the end.
  func items<Item>(
    from: UInt64, limit: Int, _ read: (UInt64, inout VerifyCursor) -> Item
  ) throws -> [Item] {
    var items: [Item] = []
    items.reserveCapacity(limit)
    var number = from
    while items.count < limit, try hold(Int(number) / VerifyFiles.bundle) {
      buffer.withUnsafeBytes { bytes in
        var cursor = VerifyCursor(bytes)
        let wanted = Int(number) % VerifyFiles.bundle
        var item = 0
        if next.item <= wanted { (item, cursor.offset) = next }
        while cursor.offset < bytes.count, items.count < limit {
          let made = read(number, &cursor)
          item += 1
          if item > wanted {
            items.append(made)
            number += 1
          }
        }
        next = (item, cursor.offset)
      }
      if next.offset == buffer.count, Int(number) % VerifyFiles.bundle != 0 { break }
    }
    return items
  }

  private func hold(_ bundle: Int) throws -> Bool {
    guard bundle + 1 < places.count else { return false }
    if held == bundle { return true }
    let count = Int(places[bundle + 1] - places[bundle])
    if buffer.count != count { buffer = [UInt8](repeating: 0, count: count) }
    try fill(at: places[bundle])
    held = bundle
    next = (0, 0)
    return true
  }

  private func fill(at place: UInt64) throws {
    let file = handle.fileDescriptor
    try buffer.withUnsafeMutableBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = pread(
          file, bytes.baseAddress?.advanced(by: done), bytes.count - done,
          off_t(place) + off_t(done))
        guard count > 0 else { throw BenchError("a prepared file is cut short") }
        done += count
      }
    }
  }
}

/// Reads what this program wrote, so lengths are taken as they stand.
struct VerifyCursor {
  private let buffer: UnsafeRawBufferPointer
  fileprivate(set) var offset = 0

  fileprivate init(_ buffer: UnsafeRawBufferPointer) { self.buffer = buffer }

  mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) -> Number {
    defer { offset += MemoryLayout<Number>.size }
    return Number(bigEndian: buffer.loadUnaligned(fromByteOffset: offset, as: Number.self))
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    defer { offset += count }
    return Array(UnsafeRawBufferPointer(rebasing: buffer[offset..<(offset + count)]))
  }

  mutating func digest() -> Digest {
    defer { offset += Digest.byteCount }
    return Digest(
      unsafeBytes: UnsafeRawBufferPointer(
        rebasing: buffer[offset..<(offset + Digest.byteCount)]))
  }
}
