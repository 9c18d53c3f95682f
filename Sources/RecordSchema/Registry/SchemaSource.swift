/// A document of the folder `schemas/`.
public struct SchemaSource: Hashable, Sendable {
  /// Relative to the folder, for example `records/lead.transfer/1.json`.
  public let path: String
  /// Verbatim.
  public let bytes: [UInt8]

  /// A document with its path.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  /// Whether it is part of what agencies agree on: not an example, not a meta-schema.
  var isContract: Bool {
    ["records/", "common/", "codes/"].contains { path.utf8.starts(with: $0.utf8) }
  }

  /// Of a record schema: the name that records carry.
  public var schemaName: SchemaName? { stem(under: "records/").flatMap(SchemaName.init) }

  /// The `$id` that the path asks for, of which the linter sees to it that it is there.
  var uri: String {
    if let name = stem(under: "records/") { return "urn:sanxiang:schema:" + colons(name) }
    if let name = stem(under: "codes/") { return "urn:sanxiang:codes:" + colons(name) }
    if let name = stem(under: "common/") { return "urn:sanxiang:schema:common:" + name }
    return "urn:sanxiang:file:" + path
  }

  private func stem(under folder: String) -> String? {
    guard path.utf8.starts(with: folder.utf8), path.hasSuffix(".json") else { return nil }
    return String(path.dropFirst(folder.count).dropLast(5))
  }

  private func colons(_ name: String) -> String {
    name.split(separator: "/", omittingEmptySubsequences: false).joined(separator: ":")
  }
}
