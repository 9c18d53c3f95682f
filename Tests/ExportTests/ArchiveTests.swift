import Auditor
import Foundation
import Testing

@testable import sanxiang

/// A tar file, made item by item.
struct TarFile {
  private(set) var bytes: [UInt8] = []

  /// One item: its kind's letter, its name, its content. `edit` changes the header before its sum is
  /// made.
  mutating func add(
    _ kind: Character, _ name: String, _ content: [UInt8] = [], size: Int? = nil,
    _ edit: (inout [UInt8]) -> Void = { _ in }
  ) {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at place: Int) {
      header.replaceSubrange(place..<place + text.utf8.count, with: text.utf8)
    }
    put(String(name.prefix(100)), at: 0)
    put("0000644\0", at: 100)
    put(octal(size ?? content.count, digits: 11) + "\0", at: 124)
    put(String(kind), at: 156)
    put("ustar  \0", at: 257)
    edit(&header)
    put("        ", at: 148)
    put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + "\0 ", at: 148)
    bytes += header + content
    bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
  }

  private func octal(_ number: Int, digits: Int) -> String {
    let text = String(number, radix: 8)
    return String(repeating: "0", count: digits - text.utf8.count) + text
  }

  /// Two blocks of nothing.
  mutating func end() { bytes += [UInt8](repeating: 0, count: 1024) }

  /// A compressed file at `path`.
  func write(to path: String) throws {
    let plain = path + ".tar"
    try Data(bytes).write(to: URL(filePath: plain))
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    defer { close(file) }
    try ChildProgram("/usr/bin/gzip", ["--stdout", plain], output: file).finish()
  }
}

@Suite("An export as one file")
struct ArchiveTests {
  @Test("is packed, found clean, and leaves nothing behind")
  func clean() throws {
    let history = try SampleHistory.usual()
    let folder = try TemporaryFolder()
    try history.export(to: folder.path + "/export")
    let file = folder.path + "/export.tar.gz"
    try ExportArchive.pack(folder: folder.path + "/export", into: file)
    #expect(AuditInput.isExport(file))
    let report = try auditExport(file)
    #expect(report.all == [])
    #expect(report == (try auditExport(folder.path + "/export")))
    var place = ""
    try ExportArchive.unpacked(file) { unpacked in
      place = unpacked
      #expect(try contents(of: unpacked) == (try contents(of: folder.path + "/export")))
      let attributes = try FileManager.default.attributesOfItem(atPath: unpacked)
      #expect(attributes[.posixPermissions] as? Int == 0o700)
    }
    #expect(!FileManager.default.fileExists(atPath: place))
    #expect(throws: Failure.self) {
      try ExportArchive.unpacked(file) { unpacked in
        place = unpacked
        throw Failure(.failed, "test", "ends early")
      }
    }
    #expect(!FileManager.default.fileExists(atPath: place))
  }

  struct Hostile: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var reason: String
    var make: @Sendable (inout TarFile) -> Void

    init(_ name: String, _ reason: String, _ make: @escaping @Sendable (inout TarFile) -> Void) {
      (testDescription, self.reason, self.make) = (name, reason, make)
    }
  }

  static let hostile = [
    Hostile("a symbolic link", "neither file nor folder") { tar in
      tar.add("2", "export.json") { $0.replaceSubrange(157..<168, with: "/etc/passwd".utf8) }
    },
    Hostile("a hard link", "neither file nor folder") { $0.add("1", "export.json") },
    Hostile("a device", "neither file nor folder") { $0.add("3", "export.json") },
    Hostile("a pipe", "neither file nor folder") { $0.add("6", "export.json") },
    Hostile("a header of another kind of tar", "neither file nor folder") { tar in
      tar.add("x", "export.json", Array("30 path=../../outside\n".utf8))
    },
    Hostile("an absolute name", "leads out of it") { $0.add("0", "/tmp/outside", [1]) },
    Hostile("a name that goes up", "leads out of it") { $0.add("0", "logs/../../outside", [1]) },
    Hostile("a folder that goes up", "leads out of it") { $0.add("5", "..") },
    Hostile("a long name that goes up", "leads out of it") { tar in
      tar.add("L", "././@LongLink", Array("logs/../../outside\0".utf8))
      tar.add("0", "short", [1])
    },
    Hostile("a name with a control character", "a name in it is malformed") {
      $0.add("0", "a\nb", [1])
    },
    Hostile("a name without end", "a name in it is malformed") { tar in
      tar.add("L", "././@LongLink", [UInt8](repeating: 0x61, count: 5000))
    },
    Hostile("a name with more parts than any of an export", "more than 16 parts") {
      $0.add("0", (0...16).map { "\($0)" }.joined(separator: "/"), [1])
    },
    Hostile("folders in folders without end", "more than 16 parts") { tar in
      tar.add("L", "././@LongLink", Array(String(repeating: "a/", count: 2000).utf8))
      tar.add("5", "short")
    },
    Hostile("more behind its end than tar writes there", "goes on behind its end") { tar in
      for _ in 0...2048 { tar.end() }
    },
    Hostile("a file that is shorter than it says", "cut off") {
      $0.add("0", "export.json", [1, 2, 3], size: 4000)
    },
    Hostile("a size beyond all bounds", "more than an export of its size") { tar in
      tar.add("0", "export.json") { header in
        header.replaceSubrange(
          124..<136, with: [0x80, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0])
      }
    },
    Hostile("a size that is no number", "malformed") { tar in
      tar.add("0", "export.json") { $0.replaceSubrange(124..<136, with: "-0000000010\0".utf8) }
    },
    Hostile("a sum that is wrong", "malformed") { tar in
      tar.add("0", "export.json", [1])
      tar = TarFile(flipping: tar, at: 3)
    },
    Hostile("one name twice", "File exists") { tar in
      tar.add("0", "export.json", [1])
      tar.add("0", "export.json", [2])
    },
    Hostile("no end", "cut off") { tar in
      tar.add("0", "export.json", [1])
      tar = TarFile(cutting: tar, by: 512)
    },
  ]

  @Test("is refused where it is made to do harm", arguments: hostile)
  func refused(_ hostile: Hostile) throws {
    let folder = try TemporaryFolder()
    var tar = TarFile()
    hostile.make(&tar)
    if hostile.testDescription != "no end" { tar.end() }
    let file = folder.path + "/export.tar.gz"
    try tar.write(to: file)
    let before = try FileManager.default.contentsOfDirectory(atPath: "/tmp").filter {
      $0.contains("outside")
    }
    let failure = #expect(throws: Failure.self) {
      try ExportArchive.unpacked(file) { _ in Issue.record("it was unpacked") }
    }
    #expect(failure?.code == "export.archive")
    #expect(failure?.message.contains(hostile.reason) == true, "\(failure?.message ?? "")")
    let after = try FileManager.default.contentsOfDirectory(atPath: "/tmp").filter {
      $0.contains("outside")
    }
    #expect(before == after)
  }

  @Test("is refused where it holds more files or bytes than an export can")
  func bounds() throws {
    let folder = try TemporaryFolder()
    var tar = TarFile()
    for number in 0..<20 { tar.add("0", "file-\(number)", [UInt8](repeating: 0, count: 100_000)) }
    tar.end()
    let file = folder.path + "/export.tar.gz"
    try tar.write(to: file)
    func unpack(_ limits: ExportArchive.Limits) throws -> Int {
      try ExportArchive.unpacked(file, limits: limits) { try contents(of: $0).count }
    }
    #expect(try unpack(.init()) == 20)
    #expect(throws: Failure.self) { try unpack(.init(items: 19)) }
    // Zeros pack a thousand to one: logs do not.
    #expect(throws: Failure.self) { try unpack(.init(ratio: 200, bytes: 0)) }
  }

  struct Bound: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// The least room and the fewest items with which it is unpacked.
    var room: UInt64
    var items: Int
    var make: @Sendable (inout TarFile) -> Void
  }

  /// Everything takes room: 1,024 bytes are the end of each.
  static let rooms = [
    Bound(testDescription: "headers", room: 1024 + 100 * 512 + 4096, items: 1) { tar in
      for _ in 0..<100 { tar.add("5", "logs") }
    },
    Bound(testDescription: "names", room: 1024 + 512 + 3072 + 512 + 4096, items: 1) { tar in
      tar.add("L", "././@LongLink", Array((String(repeating: "./", count: 1500) + "a").utf8))
      tar.add("5", "short")
    },
    Bound(testDescription: "folders", room: 1024 + 512 + 16 * 4096, items: 16) { tar in
      tar.add("5", (1...16).map { "\($0)" }.joined(separator: "/"))
    },
    Bound(
      testDescription: "folders that only stand in a file's name", room: 1024 + 1024 + 16 * 4096,
      items: 16
    ) { tar in
      tar.add("0", (1...16).map { "\($0)" }.joined(separator: "/"), [1])
    },
    Bound(testDescription: "empty files", room: 1024 + 30 * (512 + 4096), items: 30) { tar in
      for number in 0..<30 { tar.add("0", "\(number)") }
    },
    Bound(testDescription: "filling", room: 1024 + 100 * 1024, items: 0) { tar in
      for _ in 0..<100 { tar.end() }
    },
  ]

  @Test("is bounded in everything that it takes, not in its files' bytes alone", arguments: rooms)
  func room(_ bound: Bound) throws {
    let folder = try TemporaryFolder()
    var tar = TarFile()
    bound.make(&tar)
    tar.end()
    let file = folder.path + "/export.tar.gz"
    try tar.write(to: file)
    func unpack(_ room: UInt64, _ items: Int) throws {
      try ExportArchive.unpacked(file, limits: .init(ratio: 0, bytes: room, items: items)) { _ in }
    }
    try unpack(bound.room, bound.items)
    #expect(throws: Failure.self) { try unpack(bound.room - 1, bound.items) }
    guard bound.items > 0 else { return }
    #expect(throws: Failure.self) { try unpack(bound.room, bound.items - 1) }
  }

  @Test("that is cut off or no gzip file is an error and no crash", arguments: [0, 1, 30, 200])
  func damaged(length: Int) throws {
    let folder = try TemporaryFolder()
    var tar = TarFile()
    tar.add("0", "export.json", (0..<4000).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) })
    tar.end()
    let file = folder.path + "/export.tar.gz"
    try tar.write(to: file)
    let whole = try Data(contentsOf: URL(filePath: file))
    try whole.prefix(length).write(to: URL(filePath: file))
    #expect(throws: Failure.self) { try ExportArchive.unpacked(file) { _ in } }
  }
}

extension TarFile {
  fileprivate init(flipping tar: TarFile, at place: Int) {
    bytes = tar.bytes
    bytes[place] ^= 1
  }

  fileprivate init(cutting tar: TarFile, by count: Int) {
    bytes = Array(tar.bytes.dropLast(count))
  }
}
