/// A document of `schemas/` that is part of the contract, parsed.
struct OutlineDocument {
  enum Role {
    case record(SchemaName)
    case codes(DefinitionName)
    /// The version of the shared definitions.
    case common(Int)
  }

  static let dialect = "https://json-schema.org/draft/2020-12/schema"

  let path: String
  let uri: String
  let role: Role
  let root: JSONNode

  /// The contract's documents, each with the identifier that its path asks for.
  static func read(_ sources: [SchemaSource]) throws(OutlineError) -> [OutlineDocument] {
    var documents: [OutlineDocument] = []
    for source in sources where source.isContract && source.path.hasSuffix(".json") {
      documents.append(try OutlineDocument(source))
    }
    return documents.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  private init(_ source: SchemaSource) throws(OutlineError) {
    func failure(_ pointer: String, _ message: String) -> OutlineError {
      OutlineError(document: source.path, pointer: pointer, message: message)
    }
    guard let role = Self.role(of: source) else {
      throw failure("", "The path is not that of a record schema, a code list or common/N.json.")
    }
    do throws(JSONError) {
      root = try JSONDocument(
        parsing: source.bytes, profile: .general, limits: SchemaLibrary.documentLimits
      ).root
    } catch {
      throw failure(error.pointer, error.message)
    }
    guard root.kind == .object else { throw failure("", "A schema must be an object here.") }
    guard let dialect = root["$schema"]?.string, dialect.utf8.elementsEqual(Self.dialect.utf8)
    else { throw failure("/$schema", "Must be \(Self.dialect).") }
    guard let id = root["$id"]?.string, id.utf8.elementsEqual(source.uri.utf8) else {
      throw failure("/$id", "Must be \(source.uri), as the path says.")
    }
    self.path = source.path
    self.uri = source.uri
    self.role = role
  }

  private static func role(of source: SchemaSource) -> Role? {
    if let name = source.schemaName { return .record(name) }
    let parts = source.path.split(separator: "/")
    guard let last = parts.last, let version = Int(last.dropLast(".json".count)), version > 0
    else { return nil }
    switch (parts.first, parts.count) {
    case ("codes", 3):
      return .codes(DefinitionName(name: String(parts[1]), version: version))
    case ("common", 2): return .common(version)
    default: return nil
    }
  }
}
