import Foundation

@testable import sanxiang_bench

/// The program run as people run it, from the repository's root, and what came of it.
struct BenchRun {
  var status: Int32
  var output: [UInt8]
  var errors: String

  var text: String { String(decoding: output, as: UTF8.self) }

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  init(_ arguments: [String]) throws {
    let folder = try BenchFolder()
    let process = Process()
    process.executableURL = Self.program
    process.arguments = arguments
    process.currentDirectoryURL = Self.root
    process.environment = ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"]
    process.standardInput = FileHandle.nullDevice
    // Files, not pipes: nobody need read while it runs.
    for name in ["out", "err"] { try folder.write("", name) }
    process.standardOutput = try FileHandle(forWritingTo: folder.url("out"))
    process.standardError = try FileHandle(forWritingTo: folder.url("err"))
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    output = try Array(Data(contentsOf: folder.url("out")))
    errors = try String(decoding: Data(contentsOf: folder.url("err")), as: UTF8.self)
  }

  /// Built beside the tests.
  private static let program: URL = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let built = URL(filePath: own).deletingLastPathComponent().appending(path: "sanxiang-bench")
    if FileManager.default.isExecutableFile(atPath: built.path) { return built }
    // A runner that is not the test bundle itself says where the bundle lies.
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? ""
    return URL(filePath: bundle).deletingLastPathComponent().appending(path: "sanxiang-bench")
  }()
}

/// A folder that goes when nobody holds it any more.
final class BenchFolder {
  let path: String

  init() throws { path = try Files.makeTemporaryFolder(in: NSTemporaryDirectory()) }
  deinit { Files.remove(path) }

  func url(_ name: String) -> URL { URL(filePath: path).appending(path: name) }

  /// Writes a file and the folders that it stands in.
  func write(_ text: String, _ name: String) throws {
    try FileManager.default.createDirectory(
      at: url(name).deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url(name))
  }
}
