import Foundation
import RecordSchema

@testable import schema_codegen

/// The working tree that these tests were compiled from.
enum Repository {
  static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static var tree: WorkingTree { WorkingTree(root: root.path(percentEncoded: false)) }

  static func sources() throws -> [SchemaSource] { try tree.schemaSources() }

  static func clocks() throws -> [SchemaSource] { try tree.clockSources() }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }
}

/// One document of schemas/examples.
struct Example: CustomStringConvertible {
  /// For example `lead.transfer/1`.
  let schema: String
  let file: String
  let bytes: [UInt8]

  var description: String { "\(schema)/\(file)" }

  /// All of them whose file's name begins with `prefix`.
  static func all(_ prefix: String) throws -> [Example] {
    let folder = Repository.root.appending(path: "schemas/examples")
    return try FileManager.default.subpathsOfDirectory(atPath: folder.path(percentEncoded: false))
      .sorted().compactMap { path in
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count == 3, parts[2].hasPrefix(prefix), parts[2].hasSuffix(".json") else {
          return nil
        }
        return Example(
          schema: "\(parts[0])/\(parts[1])", file: parts[2],
          bytes: [UInt8](try Data(contentsOf: folder.appending(path: path))))
      }
  }
}
