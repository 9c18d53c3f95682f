import Auditor

/// Reads a tar file from the front to the back: ordinary files and folders, in the plain format of POSIX
/// (ustar) with GNU's long names. What an export has no use for is refused: links, devices, sparse files,
/// names that lead out of the folder.
struct TarReader {
  static let blockBytes = 512
  /// Most bytes of a name.
  static let nameLimit = 4096
  /// Most parts of a name: no name of an export has as many.
  static let depthLimit = 16

  /// What comes next.
  enum Item: Equatable {
    case folder(String)
    case file(String, size: UInt64)
  }

  /// Why bytes are no such file.
  struct Malformed: Error, Equatable {
    var reason: String
  }

  private let read: (_ count: Int) throws -> [UInt8]
  /// Bytes of the file at hand that nobody has asked for, and what fills its last block.
  private var left: UInt64 = 0
  private var padding = 0

  /// `read` hands over the next bytes: as many as asked for, fewer only at the end.
  init(read: @escaping (_ count: Int) throws -> [UInt8]) { self.read = read }

  /// The next file or folder; nil at the end.
  mutating func next() throws -> Item? {
    while left > 0 { _ = try content(1 << 20) }
    var longName: String?
    while true {
      let header = try block()
      if header.allSatisfy({ $0 == 0 }) { return nil }
      try Self.checkSum(header)
      let size = try Self.number(header[124..<136])
      switch header[156] {
      // GNU tar writes a name that does not fit in front of its file.
      case UInt8(ascii: "L"):
        guard longName == nil, size <= Self.nameLimit + 1 else { throw Self.wrong("a name") }
        begin(size)
        longName = try Self.text(try content(Int(size)))
      case UInt8(ascii: "5"):
        guard size == 0 else { throw Self.wrong("a folder") }
        return .folder(try Self.safe(longName ?? Self.name(header)))
      case UInt8(ascii: "0"), 0:
        begin(size)
        return .file(try Self.safe(longName ?? Self.name(header)), size: size)
      default: throw Malformed(reason: "it holds what is neither file nor folder")
      }
    }
  }

  /// The next bytes of the file at hand, at most `limit`; none at its end.
  mutating func content(_ limit: Int) throws -> [UInt8] {
    let count = Int(min(UInt64(limit), left))
    let bytes = try read(count)
    guard bytes.count == count else { throw Self.cutOff }
    left -= UInt64(count)
    if left == 0, padding > 0 {
      guard try read(padding).count == padding else { throw Self.cutOff }
      padding = 0
    }
    return bytes
  }

  private mutating func begin(_ size: UInt64) {
    left = size
    padding = Int(
      (UInt64(Self.blockBytes) - size % UInt64(Self.blockBytes)) % UInt64(Self.blockBytes))
  }

  private func block() throws -> [UInt8] {
    let bytes = try read(Self.blockBytes)
    guard bytes.count == Self.blockBytes else { throw Self.cutOff }
    return bytes
  }

  private static let cutOff = Malformed(reason: "it is cut off")

  private static func wrong(_ what: String) -> Malformed {
    Malformed(reason: "\(what) in it is malformed")
  }

  /// The sum of the header's bytes, its own field taken as blanks.
  private static func checkSum(_ header: [UInt8]) throws {
    var sum: UInt64 = 0
    for (place, byte) in header.enumerated() {
      sum += (148..<156).contains(place) ? 0x20 : UInt64(byte)
    }
    guard try number(header[148..<156]) == sum else { throw wrong("a header") }
  }

  /// Octal digits between blanks and zero bytes, or, with the top bit set, a number in base 256.
  private static func number(_ field: ArraySlice<UInt8>) throws -> UInt64 {
    if field.first == 0x80 {
      guard field.dropFirst().dropLast(8).allSatisfy({ $0 == 0 }) else { throw wrong("a size") }
      let value = field.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard value < 1 << 62 else { throw wrong("a size") }
      return value
    }
    let digits = field.drop { $0 == 0x20 }.prefix { (0x30...0x37).contains($0) }
    let rest = field[digits.endIndex...]
    guard !digits.isEmpty, rest.allSatisfy({ $0 == 0 || $0 == 0x20 }) else {
      throw wrong("a number")
    }
    // At most twelve digits: 36 bits.
    return digits.reduce(0) { $0 << 3 | UInt64($1 - 0x30) }
  }

  private static func name(_ header: [UInt8]) throws -> String {
    let name = try text(Array(header[0..<100]))
    // The other part of a name is POSIX's alone; GNU keeps other things there.
    guard header[257..<265].elementsEqual("ustar\u{0}00".utf8) else { return name }
    let prefix = try text(Array(header[345..<500]))
    return prefix.isEmpty ? name : "\(prefix)/\(name)"
  }

  private static func text(_ bytes: [UInt8]) throws -> String {
    let text = bytes.prefix { $0 != 0 }
    guard text.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw wrong("a name") }
    return String(decoding: text, as: UTF8.self)
  }

  /// A name below the folder that is unpacked into: `.` for that folder itself.
  private static func safe(_ name: String) throws -> String {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    var kept = parts.filter { $0 != "." }
    if kept.last == "" { kept.removeLast() }
    guard !name.hasPrefix("/"), kept.allSatisfy({ !$0.isEmpty && $0 != ".." }) else {
      throw Malformed(reason: "a name in it leads out of it")
    }
    guard kept.count <= depthLimit else {
      throw Malformed(reason: "a name in it has more than \(depthLimit) parts")
    }
    return kept.isEmpty ? "." : kept.joined(separator: "/")
  }
}
