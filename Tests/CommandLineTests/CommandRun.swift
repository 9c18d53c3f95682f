import Foundation

/// The command line run as people run it, and what came of it.
struct CommandRun {
  var status: Int32
  var output: String
  var errors: String

  /// The repository's root.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// Runs `sanxiang` to its end; paths in `arguments` are seen from the repository's root.
  init(_ arguments: [String], input: [UInt8] = []) throws {
    let folder = try TemporaryFolder()
    try folder.write(input, "in")
    let process = Process()
    process.executableURL = URL(filePath: Self.program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: Self.root)
    process.environment = ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"]
    // Files, not pipes: nobody need read while it runs.
    for name in ["out", "err"] { try folder.write([], name) }
    let input = try FileHandle(forReadingFrom: folder.url("in"))
    let output = try FileHandle(forWritingTo: folder.url("out"))
    let errors = try FileHandle(forWritingTo: folder.url("err"))
    process.standardInput = input
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    self.output = try folder.text("out")
    self.errors = try folder.text("err")
  }

  /// Built beside the tests.
  static let program: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let built = URL(filePath: own).deletingLastPathComponent().appending(path: "sanxiang").path
    if FileManager.default.isExecutableFile(atPath: built) { return built }
    // A runner that is not the test bundle itself says where the bundle lies.
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? ""
    return URL(filePath: bundle).deletingLastPathComponent().appending(path: "sanxiang").path
  }()

  /// The lines of standard output.
  var lines: [String] { output.split(separator: "\n").map(String.init) }
}

/// A folder that goes when nobody holds it any more.
final class TemporaryFolder {
  let path = "/tmp/sx-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  func url(_ name: String) -> URL { URL(filePath: path).appending(path: name) }

  /// Writes a file and the folders that it stands in; gives its path.
  @discardableResult
  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    try FileManager.default.createDirectory(
      at: url(name).deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url(name))
    return url(name).path
  }

  @discardableResult
  func write(_ text: String, _ name: String) throws -> String {
    try write(Array(text.utf8), name)
  }

  func text(_ name: String) throws -> String {
    try String(decoding: Data(contentsOf: url(name)), as: UTF8.self)
  }
}
