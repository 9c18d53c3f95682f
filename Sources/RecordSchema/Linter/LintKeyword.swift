/// The keywords that schemas of records may use. What is not listed is refused: an unknown word
/// checks nothing, and dynamic references, embedded resources and members by pattern make it
/// impossible to see from one document what a record can hold.
enum LintKeyword: String, CaseIterable {
  // At a document's root alone.
  case schema = "$schema"
  case id = "$id"
  case definitions = "$defs"
  case labels = "x-labels"

  // What people read.
  case title, description
  case english = "x-en"
  case error = "x-error"
  case comment = "$comment"
  case `default`, deprecated, examples, readOnly, writeOnly, contentEncoding, contentMediaType

  // References and values.
  case ref = "$ref"
  case type
  case `enum`
  case const, pattern, format, minLength, maxLength
  case minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf
  case minItems, maxItems, uniqueItems, minContains, maxContains
  case required, minProperties, maxProperties, dependentRequired
  case additionalProperties, unevaluatedProperties

  // Subschemas.
  case properties, dependentSchemas, items, prefixItems, contains
  case allOf, anyOf, oneOf
  case not, `if`, then, `else`

  /// How subschemas stand in a keyword's value.
  enum Nesting {
    case one(SchemaPlace.Position)
    case list(SchemaPlace.Position)
    case map(SchemaPlace.Position)
  }

  var nesting: Nesting? {
    switch self {
    case .items, .contains: .one(.item)
    case .not, .if, .then, .else: .one(.inPlace)
    case .prefixItems: .list(.item)
    case .allOf, .anyOf, .oneOf: .list(.inPlace)
    case .properties: .map(.member)
    case .definitions: .map(.definition)
    case .dependentSchemas: .map(.inPlace)
    default: nil
    }
  }

  /// Whether its subschema only tests.
  var isTest: Bool { self == .if || self == .not || self == .contains }

  /// Whether it says nothing about values.
  var isAnnotation: Bool {
    switch self {
    case .schema, .id, .definitions, .labels, .title, .description, .english, .error, .comment,
      .default, .deprecated, .examples, .readOnly, .writeOnly, .contentEncoding,
      .contentMediaType:
      true
    default: false
    }
  }

  /// Whether it may stand at this place of this kind of document.
  func isAllowed(at position: SchemaPlace.Position, of role: SchemaRole) -> Bool {
    switch self {
    case .labels: position == .root && role.isCodes
    case .schema, .id, .definitions: position == .root
    // A collection of definitions is no schema itself.
    default: position != .root || !role.isCommon || isAnnotation
    }
  }
}
