/// Why documents cannot be used as schemas. About the schema alone, never about what is checked.
public struct SchemaError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, as a stable dotted string.
  public struct Code: Hashable, Sendable {
    /// The stable name, for example `schema.unresolvedReference`.
    public let rawValue: String

    private init(_ rawValue: String) { self.rawValue = rawValue }

    /// The document is not strict JSON.
    public static let json = Code("schema.json")
    /// A keyword's value has a shape that the specification forbids.
    public static let keyword = Code("schema.keyword")
    /// A reference names nothing in the library; nothing is ever fetched.
    public static let unresolvedReference = Code("schema.unresolvedReference")
    /// References lead back to themselves without going deeper into the instance.
    public static let referenceLoop = Code("schema.referenceLoop")
    /// A regular expression that is malformed, or that cannot be matched in linear time.
    public static let pattern = Code("schema.pattern")
    /// `$schema` names a meta-schema that is not in the library, or one that requires a vocabulary
    /// that this engine does not have.
    public static let dialect = Code("schema.dialect")
    /// Two resources claim one URI, or two subschemas of a resource one anchor.
    public static let duplicateIdentifier = Code("schema.duplicateIdentifier")
    /// More instructions than ``CompiledSchema/instructionLimit``, or more schemas that apply one
    /// inside the other than the compiler follows.
    public static let tooLarge = Code("schema.tooLarge")
  }

  /// What is wrong.
  public let code: Code
  /// Where: the resource's URI, `#`, and a JSON Pointer into it.
  public let location: String
  /// One sentence in English.
  public let message: String

  init(_ code: Code, at location: String, _ message: String) {
    self.code = code
    self.location = location
    self.message = message
  }

  /// The code, the place and the sentence.
  public var description: String { "\(code.rawValue) at \(location): \(message)" }
}
