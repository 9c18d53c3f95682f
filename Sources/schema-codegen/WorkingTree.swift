import Foundation
import RecordSchema

/// The repository's files, as far as the generator reads and writes them.
struct WorkingTree {
  private let root: URL

  init(root: String) { self.root = URL(filePath: root, directoryHint: .isDirectory) }

  /// The documents of `schemas/` that the programs carry, in byte order of their paths.
  func schemaSources() throws -> [SchemaSource] {
    try sources(
      ["codes", "common", "meta", "records"].flatMap { try files(under: "schemas/" + $0) })
  }

  /// The clocks file and the calendars that the programs carry, in byte order of their paths.
  func clockSources() throws -> [SchemaSource] {
    try sources(["schemas/clocks.json"] + files(under: "schemas/calendars"))
  }

  private func sources(_ paths: [String]) throws -> [SchemaSource] {
    let sources = try paths.filter { $0.hasSuffix(".json") }.map { path in
      SchemaSource(
        path: String(path.dropFirst("schemas/".count)),
        bytes: [UInt8](try Data(contentsOf: root.appending(path: path))))
    }
    guard !sources.isEmpty else {
      throw GenerationError("There are no schemas under \(root.path())schemas.")
    }
    return sources.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  /// Paths of generated files that are missing, differ, or should not be there.
  func stale(comparedWith files: [GeneratedFile]) throws -> [String] {
    var found = Set(files.filter { contents(of: $0.path) != Data($0.text.utf8) }.map(\.path))
    let wanted = Set(files.map(\.path))
    for folder in Generator.folders {
      found.formUnion(try self.files(under: folder).filter { !wanted.contains($0) })
    }
    return found.sorted()
  }

  /// Writes the files that are stale, and removes those that nothing makes.
  func write(_ files: [GeneratedFile], over stale: [String]) throws {
    let texts = Dictionary(files.map { ($0.path, $0.text) }, uniquingKeysWith: { $1 })
    for path in stale {
      let url = root.appending(path: path)
      guard let text = texts[path] else {
        try FileManager.default.removeItem(at: url)
        continue
      }
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url, options: .atomic)
    }
  }

  private func contents(of path: String) -> Data? {
    FileManager.default.contents(atPath: root.appending(path: path).path(percentEncoded: false))
  }

  /// Every file under a folder, hidden ones left out, as paths from the root; none if it is missing.
  private func files(under folder: String) throws -> [String] {
    let path = root.appending(path: folder).path(percentEncoded: false)
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    return try FileManager.default.subpathsOfDirectory(atPath: path)
      .filter { name in
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(
          atPath: path + "/" + name, isDirectory: &isFolder)
        return exists && !isFolder.boolValue
          && !name.split(separator: "/").contains { $0.hasPrefix(".") }
      }
      .map { folder + "/" + $0 }.sorted()
  }
}
