/// Where a schema stands: a value of one of the library's documents.
struct SchemaSite: Hashable {
  /// Position among the library's documents.
  let document: Int
  /// Position on that document's tape.
  let index: Int
}

/// A schema resource (JSON Schema Core, section 4.3.5): a document's root, or a subschema that has
/// an `$id` of its own. References are relative to it, anchors unique in it.
struct SchemaResource {
  let uri: URIReference
  let root: SchemaSite
  let dialect: SchemaDialect
  /// `$anchor` and `$dynamicAnchor`.
  var anchors: [String: SchemaSite] = [:]
  /// `$dynamicAnchor` alone.
  var dynamicAnchors: [String: SchemaSite] = [:]
}

/// Which vocabularies a resource's meta-schema turns on (Core, section 8.1).
struct SchemaDialect: Hashable {
  var applicator = true
  var unevaluated = true
  var validation = true
  /// Whether `format` is an assertion by the dialect itself.
  var formatAssertion = false

  /// The URI of the specification's own meta-schema.
  static let standardURI = "https://json-schema.org/draft/2020-12/schema"
  private static let vocabularies = "https://json-schema.org/draft/2020-12/vocab/"

  static let standard = SchemaDialect()

  /// The dialect that a meta-schema's `$vocabulary` describes; the standard one without any.
  ///
  /// Throws the first vocabulary that is required and unknown.
  static func described(by vocabulary: JSONNode?) throws(UnknownVocabulary) -> SchemaDialect {
    guard let vocabulary, vocabulary.kind == .object else { return standard }
    var dialect = SchemaDialect(
      applicator: false, unevaluated: false, validation: false, formatAssertion: false)
    for (uri, required) in vocabulary.members {
      switch uri.dropPrefix(vocabularies) {
      case "applicator": dialect.applicator = true
      case "unevaluated": dialect.unevaluated = true
      case "validation": dialect.validation = true
      // Whether it is required or not: an engine that knows the vocabulary applies it.
      case "format-assertion": dialect.formatAssertion = true
      case "core", "meta-data", "format-annotation", "content": break
      default: if required.bool == true { throw UnknownVocabulary(uri: uri) }
      }
    }
    return dialect
  }

  /// A vocabulary that must be understood and is not.
  struct UnknownVocabulary: Error {
    let uri: String
  }
}

extension String {
  fileprivate func dropPrefix(_ prefix: String) -> String? {
    utf8.starts(with: prefix.utf8) ? String(dropFirst(prefix.count)) : nil
  }
}
