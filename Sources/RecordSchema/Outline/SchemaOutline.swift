/// What the documents of `schemas/` say, as people and programs read it: kinds, fields, types,
/// bounds and codes, without the keywords.
///
/// Made from the documents alone. A construct that it has no words for is an error, never skipped,
/// so whatever is made from an outline (reference, value types, templates) says all that the
/// schemas say.
public struct SchemaOutline: Hashable, Sendable {
  /// Every version of every kind, by kind and then version.
  public let records: [RecordOutline]
  /// What `schemas/common` defines, in the documents' order.
  public let definitions: [DefinitionOutline]
  /// Every code list, by name and then version.
  public let codeLists: [CodeListOutline]

  /// Reads documents given by their paths under `schemas/`. Meta-schemas and examples are passed
  /// over.
  ///
  /// Throws ``OutlineError`` for the first construct that it does not understand.
  public init(_ sources: [SchemaSource]) throws(OutlineError) {
    let documents = try OutlineDocument.read(sources)
    var reader = OutlineReader(documents)
    self.codeLists = try reader.codeLists()
    self.definitions = try reader.definitions()
    self.records = try reader.records()
  }

  /// The outline of the schemas that this program carries.
  public static func builtIn() throws(OutlineError) -> SchemaOutline {
    try SchemaOutline(SchemaSource.builtIn)
  }

  /// The newest version of a kind; nil for a kind that is not here.
  public func newest(of kind: String) -> RecordOutline? {
    records.last { $0.name.kind.utf8.elementsEqual(kind.utf8) }
  }

  /// The shared definition of that name.
  public subscript(definition name: DefinitionName) -> DefinitionOutline? {
    definitions.first { $0.name == name }
  }

  /// The code list of that name.
  public subscript(codeList name: DefinitionName) -> CodeListOutline? {
    codeLists.first { $0.name == name }
  }
}

/// One version of one kind of record.
public struct RecordOutline: Hashable, Sendable {
  /// What stands in a header's `schema`.
  public let name: SchemaName
  /// The payload.
  public let payload: ObjectOutline
}

/// A definition that several kinds share.
public struct DefinitionOutline: Hashable, Sendable {
  /// Its name and the version of the document that it stands in.
  public let name: DefinitionName
  /// What it is called, and what it is.
  public let wording: Wording
  /// What values it allows; bounds at the place of use narrow it further.
  public let shape: ValueShape
}

/// A closed list of codes.
public struct CodeListOutline: Hashable, Sendable {
  /// One code.
  public struct Code: Hashable, Sendable {
    /// What stands in a payload.
    public let code: String
    /// What people read.
    public let label: BilingualText
  }

  /// The list's name and version.
  public let name: DefinitionName
  /// What it is called, and what it is.
  public let wording: Wording
  /// The codes in their published order.
  public let codes: [Code]
  /// What is said of a value that is not in the list, where the list has a sentence of its own.
  public let refusal: BilingualText?
}

/// The name and version of a shared definition or a code list: `attachment/1`.
public struct DefinitionName: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The name, for example `attachment` or `subject-role`.
  public let name: String
  /// From 1.
  public let version: Int

  /// Puts a name and a version together.
  public init(name: String, version: Int) {
    self.name = name
    self.version = version
  }

  /// As it is written in references: `attachment/1`.
  public var description: String { "\(name)/\(version)" }

  /// By name in byte order, then by version.
  public static func < (first: DefinitionName, second: DefinitionName) -> Bool {
    first.name.utf8.elementsEqual(second.name.utf8)
      ? first.version < second.version
      : first.name.utf8.lexicographicallyPrecedes(second.name.utf8)
  }
}

/// Title and description of a schema, each in both languages.
public struct Wording: Hashable, Sendable {
  /// What it is called.
  public let title: BilingualText
  /// What it is.
  public let description: BilingualText
}
