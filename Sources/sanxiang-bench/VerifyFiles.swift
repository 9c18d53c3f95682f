import Cryptography
import Foundation
import TransparencyLog

/// The files of a prepared history while they are written. Every one is a run of items, 256 to a
/// bundle; beside it `<name>.places` gives each bundle's offset, and the end, as eight bytes.
final class VerifyFiles {
  /// Items in a bundle: as many as an export's entry bundles have.
  static let bundle = 256

  let records: VerifyRun
  let checkpoints: VerifyRun
  let journal: VerifyRun
  private let folder: String
  private var tiles: [VerifyRun] = []

  init(writing folder: String) throws {
    self.folder = folder
    records = try VerifyRun(folder + "/records")
    checkpoints = try VerifyRun(folder + "/checkpoints")
    journal = try VerifyRun(folder + "/journal")
  }

  func append(tile: [UInt8], level: Int) throws {
    while tiles.count <= level {
      tiles.append(try VerifyRun(folder + "/tiles-\(tiles.count)"))
    }
    try tiles[level].append(tile)
  }

  func finish() throws {
    for run in [records, checkpoints, journal] + tiles { try run.finish() }
  }

  // MARK: Items

  /// `uint16` header length, header, 32 bytes of salt, `uint32` payload length, payload.
  static func record(_ header: [UInt8], salt: [UInt8], payload: [UInt8]) -> [UInt8] {
    var item: [UInt8] = []
    item.reserveCapacity(header.count + salt.count + payload.count + 6)
    append(UInt16(header.count), to: &item)
    item += header
    item += salt
    append(UInt32(payload.count), to: &item)
    item += payload
    return item
  }

  /// `uint64` size, root, `uint64` receipt time, `uint32` note length, note.
  static func checkpoint(size: UInt64, root: Digest, time: UInt64, note: [UInt8]) -> [UInt8] {
    var item: [UInt8] = []
    append(size, to: &item)
    item += root.bytes
    append(time, to: &item)
    append(UInt32(note.count), to: &item)
    return item + note
  }

  /// `uint16` length, bytes.
  static func entry(_ bytes: [UInt8]) -> [UInt8] {
    var item: [UInt8] = []
    item.reserveCapacity(bytes.count + 2)
    append(UInt16(bytes.count), to: &item)
    return item + bytes
  }

  private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
  }
}

/// One file that is being written, a megabyte at a time.
final class VerifyRun {
  private static let block = 1 << 20

  private let path: String
  private let handle: FileHandle
  private var waiting: [UInt8] = []
  private var places: [UInt64] = []
  private var count = 0
  private var size: UInt64 = 0

  init(_ path: String) throws {
    self.path = path
    handle = FileHandle(fileDescriptor: try Files.create(path), closeOnDealloc: true)
    waiting.reserveCapacity(Self.block + 65_536)
  }

  func append(_ item: [UInt8]) throws {
    if count % VerifyFiles.bundle == 0 { places.append(size) }
    count += 1
    size += UInt64(item.count)
    waiting += item
    if waiting.count >= Self.block { try flush() }
  }

  func finish() throws {
    try flush()
    try handle.close()
    places.append(size)
    try Files.write(
      places.flatMap { place in withUnsafeBytes(of: place.bigEndian) { Array($0) } },
      to: path + ".places")
  }

  private func flush() throws {
    try handle.write(contentsOf: waiting)
    waiting.removeAll(keepingCapacity: true)
  }
}

/// What the node would say of its logs itself.
struct VerifyClaims: Codable {
  var origin: String
  var size: UInt64
  var root: [UInt8]
  var journal: String
  var journalSize: UInt64
  var journalRoot: [UInt8]
  var journalNote: [UInt8]

  func write(to folder: String) throws {
    try Files.write(Array(JSONEncoder().encode(self)), to: folder + "/claims.json")
  }

  init(
    origin: String, size: UInt64, root: [UInt8], journal: String, journalSize: UInt64,
    journalRoot: [UInt8], journalNote: [UInt8]
  ) {
    self.origin = origin
    self.size = size
    self.root = root
    self.journal = journal
    self.journalSize = journalSize
    self.journalRoot = journalRoot
    self.journalNote = journalNote
  }

  init(reading folder: String) throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder + "/claims.json"))
    self = try JSONDecoder().decode(VerifyClaims.self, from: bytes)
  }
}
