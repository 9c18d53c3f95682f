extension SchemaSource {
  /// The documents that come with this version of the program: the contract, and the
  /// specification's own meta-schemas.
  public static var builtIn: [SchemaSource] {
    EmbeddedSchemas.documents.map { document in
      SchemaSource(
        path: document.path, bytes: document.text.withUTF8Buffer { Array($0) })
    }
  }
}

extension EmbeddedSchemas {
  /// The library in which the specification's own meta-schemas are, and nothing else.
  static let metaSchemas: SchemaLibrary = {
    var library = SchemaLibrary(empty: ())
    for source in SchemaSource.builtIn where source.path.utf8.starts(with: "meta/".utf8) {
      do throws(SchemaError) {
        try library.add(source.bytes, at: source.uri)
      } catch {
        // A test reads what is embedded, which nothing can change afterwards.
        preconditionFailure("an embedded meta-schema is unusable: \(error)")
      }
    }
    return library
  }()
}
