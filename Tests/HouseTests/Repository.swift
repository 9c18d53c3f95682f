import Foundation

/// A rule broken somewhere: what a house test prints.
struct Breach: Hashable, CustomStringConvertible {
  /// A short stable name, the same in the samples that prove that the check can fail.
  var rule: String
  var path: String
  /// 1-based; 0 when the whole file is meant.
  var line: Int
  var detail: String

  var description: String { "\(path):\(line): [\(rule)] \(detail)" }
}

/// The working tree that these tests were compiled from.
enum Repository {
  /// The folder that holds `Package.swift`.
  static let root: URL = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Build products, version control, and what `.gitignore` keeps out.
  private static let ignored: Set<String> = [
    ".git", ".swiftpm", ".demo", "certs/out", "__pycache__", "Package.resolved",
  ]

  /// Every file of the tree that is, or may be, committed: paths relative to the root, sorted.
  static func files() throws -> [String] {
    var found: [String] = []
    try walk("", into: &found)
    return found.sorted()
  }

  private static func walk(_ folder: String, into found: inout [String]) throws {
    let manager = FileManager.default
    for name in try manager.contentsOfDirectory(atPath: root.appending(path: folder).path) {
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      if ignored.contains(path) || ignored.contains(name) || name.hasPrefix(".build") { continue }
      let values = try root.appending(path: path).resourceValues(forKeys: [.isDirectoryKey])
      if values.isDirectory == true {
        try walk(path, into: &found)
      } else {
        found.append(path)
      }
    }
  }

  /// A file's text; nil when it is not UTF-8 (an image, say).
  static func text(_ path: String) throws -> String? {
    String(data: try Data(contentsOf: root.appending(path: path)), encoding: .utf8)
  }

  /// Our own Swift files under `folders`; generated wire code and the schema documents that stand in
  /// one as they are, left out.
  static func sources(under folders: [String]) throws -> [SourceText] {
    try all.get().filter { source in folders.contains { source.path.hasPrefix($0 + "/") } }
  }

  /// Scanned once for all tests.
  private static let all = Result {
    try files()
      .filter { path in
        path.hasSuffix(".swift") && !path.hasPrefix("Sources/PeerLink/Generated/")
          && !path.hasPrefix("Sources/RecordSchema/Generated/")
          && (path.hasPrefix("Sources/") || path.hasPrefix("Tests/"))
      }
      .compactMap { path in try text(path).map { SourceText(path: path, text: $0) } }
  }
}
